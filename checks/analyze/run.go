package analyze

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

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

// What a run of the program may take and say at most. Input is the work of strangers, and what is not read in time is said.
const (
	maxTime   = 60 * time.Second
	maxOutput = 16 << 20
)

// errTooMuch is the reason that a run was stopped for what it wrote.
var errTooMuch = errors.New("it says more than is read")

// run runs the program in an environment of its own, without standard input. That it exits with another status than 0 is no error.
func (p Program) run(ctx context.Context, env []string, args ...string) (output, error) {
	path, err := filepath.Abs(string(p))
	if err != nil {
		return output{}, fmt.Errorf("%w", err)
	}
	ctx, stop := context.WithTimeoutCause(ctx, maxTime, fmt.Errorf("it takes longer than %s", maxTime))
	defer stop()
	ctx, cut := context.WithCancelCause(ctx)
	defer cut(nil)
	command := exec.CommandContext(ctx, path, args...) //nolint:gosec // the caller names the program
	command.Env = append([]string{"LC_ALL=C.UTF-8", "SYSTEMD_COLORS=0", "SYSTEMD_PAGER="}, env...)
	command.Dir = "/"
	command.WaitDelay = time.Second
	stdout, stderr := &bounded{over: func() { cut(errTooMuch) }}, &bounded{over: func() { cut(errTooMuch) }}
	command.Stdout, command.Stderr = stdout, stderr
	err = command.Run()
	out := output{stdout: stdout.String(), stderr: stderr.String()}
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return out, fmt.Errorf("%s: %w", filepath.Base(path), context.Cause(ctx))
	case err == nil:
	case errors.As(err, &exit) && exit.Exited():
		out.failed = true
	default:
		return out, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return out, nil
}

// bounded keeps what is written up to maxOutput, and calls over at what is more.
type bounded struct {
	text bytes.Buffer // not embedded: its ReadFrom knows no bound
	over func()
}

func (b *bounded) String() string { return b.text.String() }

func (b *bounded) Write(text []byte) (int, error) {
	if b.text.Len()+len(text) > maxOutput {
		b.over()
		return 0, errTooMuch
	}
	n, err := b.text.Write(text)
	if err != nil {
		return n, fmt.Errorf("%w", err)
	}
	return n, nil
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
