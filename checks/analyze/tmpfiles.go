package analyze

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/systemd"
)

// lines gives the lines of tmpfiles.d of a host to systemd-tmpfiles. It reads them in order to clean up an empty root, which does nothing:
// to create what strangers write would follow links out of the root in versions without --dry-run.
func (j *Judge) lines(ctx context.Context, dir string, h *inventory.Host) ([]checks.Judgement, error) {
	var text strings.Builder
	var index []int
	users, groups := []string{}, []string{}
	for i := range h.Tmpfiles {
		line, ok := decidedLine(&h.Tmpfiles[i])
		if !ok {
			continue
		}
		index = append(index, i)
		text.WriteString(line + "\n")
		parsed, _ := systemd.ParseTmpfiles(line) // what is wrong is the program's to say; what could be read is used
		users, groups = append(users, strings.TrimLeft(parsed.User, ":")), append(groups, strings.TrimLeft(parsed.Group, ":"))
	}
	if len(index) == 0 {
		return nil, nil
	}
	if j.tmpfiles == "" {
		return nil, fmt.Errorf("systemd-tmpfiles is not beside %s: the lines of tmpfiles.d were not verified", j.program)
	}
	root := filepath.Join(dir, "tmpfiles")
	files := map[string]string{
		"etc/passwd": accounts(users, "%s:x:%d:%[2]d::/:/bin/false\n"), "etc/group": accounts(groups, "%s:x:%d:\n"), "lines.conf": text.String(),
		"etc/machine-id": strings.Repeat("0", 32) + "\n", "etc/os-release": "ID=nixos\n", "etc/hostname": "host\n",
	}
	if err := os.MkdirAll(filepath.Join(root, "etc"), 0o700); err != nil {
		return nil, fmt.Errorf("%w", err)
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(root, name), []byte(content), 0o600); err != nil {
			return nil, fmt.Errorf("%w", err)
		}
	}
	out, err := j.tmpfiles.run(ctx, nil, "--clean", "--root="+root, "--", filepath.Join(root, "lines.conf"))
	if err != nil {
		return nil, err
	}
	return j.readLines(out.stderr, index), nil
}

// readLines makes judgements of the messages that stand at a line.
func (j *Judge) readLines(text string, index []int) []checks.Judgement {
	var out []checks.Judgement
	for message := range strings.Lines(text) {
		f := atLine.FindStringSubmatch(strings.TrimRight(message, "\r\n"))
		if f == nil {
			continue
		}
		n, err := strconv.Atoi(f[2])
		if err != nil || n < 1 || n > len(index) {
			continue
		}
		out = append(out, checks.Judgement{
			Rule: tmpfilesRule, Verdict: checks.Fail, Message: fmt.Sprintf("systemd-tmpfiles %s says: %s", j.version, f[3]), Unit: -1, Line: index[n-1],
			Path: []any{"line"}, Repeats: repeats,
		})
	}
	return out
}

// decidedLine is the text of a line that is one line and known, with store paths for packages.
func decidedLine(r *inventory.TmpfilesRule) (line string, ok bool) {
	if !r.Line.Decided() || r.Line.Alternatives[0].Absent {
		return "", false
	}
	line = systemd.StorePaths(r.Line.Alternatives[0].Value)
	return line, strings.TrimSpace(line) != "" && !strings.ContainsAny(line, "\n\r\x00") && !strings.Contains(line, "<unknown")
}

// accounts writes a file of users or groups with those that are named, so that none is unknown: whether they exist is the host's affair.
func accounts(names []string, format string) string {
	var b strings.Builder
	fmt.Fprintf(&b, format, "root", 0)
	slices.Sort(names)
	for i, name := range slices.Compact(names) {
		if name != "" && name != "root" && !strings.ContainsAny(name, ":/\n%") {
			fmt.Fprintf(&b, format, name, 1000+i)
		}
	}
	return b.String()
}
