package analyze

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
)

// Program is a systemd-analyze: its path.
type Program string

// policyFile is an empty security policy: without one, the host's would be read.
const policyFile = "policy.json"

// Version returns what the program says its version is, such as "252".
func (p Program) Version(ctx context.Context) (string, error) {
	out, err := p.run(ctx, nil, "--version")
	if err != nil {
		return "", err
	}
	fields := strings.Fields(out.stdout)
	if len(fields) < 2 {
		return "", fmt.Errorf("%s --version says %q", p, out.stdout)
	}
	return fields[1], nil
}

type output struct {
	stdout, stderr string
	failed         bool // the exit status was not 0
}

// run runs the program in an environment of its own. That it exits with another status than 0 is no error.
func (p Program) run(ctx context.Context, env []string, args ...string) (output, error) {
	path, err := filepath.Abs(string(p))
	if err != nil {
		return output{}, fmt.Errorf("%w", err)
	}
	command := exec.CommandContext(ctx, path, args...) //nolint:gosec // the caller names the program
	command.Env = append([]string{"LC_ALL=C.UTF-8", "SYSTEMD_COLORS=0"}, env...)
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	err = command.Run()
	out := output{stdout: stdout.String(), stderr: stderr.String()}
	var exit *exec.ExitError
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return out, fmt.Errorf("%s: %w", p, ctx.Err())
	case errors.As(err, &exit) && exit.Exited():
		out.failed = true
	default:
		return out, fmt.Errorf("%s: %w", p, err)
	}
	return out, nil
}

// scopeRun is what a run over the units of a scope needs.
func (r *Root) scopeRun(scope string) (env []string) {
	dir := r.path(unitDirs[scope])
	env = []string{"SYSTEMD_UNIT_PATH=" + dir}
	if scope == inventory.User {
		env = append(env, "XDG_RUNTIME_DIR="+r.path("run"))
	}
	return env
}

func (r *Root) inScope(scope string) []Unit {
	var units []Unit
	for _, u := range r.Units {
		if u.Scope == scope {
			units = append(units, u)
		}
	}
	return units
}
