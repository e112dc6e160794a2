package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"
)

// top is the top of the module, from this package.
var top = filepath.Join("..", "..")

// builtDir is where build put the command, for the end of the run to remove.
var builtDir string

// build builds the command once for all tests of a run. The binary stands where any user may run it.
var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "nixlint-built-")
	if err != nil {
		return "", err
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return "", err
	}
	binary := filepath.Join(dir, "nixlint")
	builtDir = dir
	out, err := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return binary, nil
})

func built(tb testing.TB) string {
	tb.Helper()
	binary, err := build()
	if err != nil {
		tb.Fatal(err)
	}
	return binary
}

// TestUnreadableIsNotClean checks, as a user who is not root, that a folder and a file without permission end with 3.
func TestUnreadableIsNotClean(t *testing.T) {
	t.Parallel()
	binary := built(t)
	dir := t.TempDir()
	locked, file := filepath.Join(dir, "locked"), filepath.Join(dir, "open", "b.nix")
	for _, d := range []string{locked, filepath.Dir(file)} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{filepath.Join(locked, "a.nix"), filepath.Join(dir, "open", "a.nix"), file} {
		if err := os.WriteFile(name, []byte("{ systemd.services.a = { script = \"true\"; serviceConfig.Type = \"oneshot\"; }; }\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, mode := range map[string]os.FileMode{filepath.Dir(dir): 0o755, dir: 0o755, locked: 0, file: 0} {
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { os.Chmod(locked, 0o755) })
	for _, args := range [][]string{{"check", locked}, {"check", dir}, {"check", filepath.Dir(file)}, {"check", file}, {"inventory", dir}} {
		cmd := exec.CommandContext(t.Context(), binary, args...)
		cmd.Dir = os.TempDir()
		if os.Getuid() == 0 {
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		}
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		err := cmd.Run()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 3 || !bytes.Contains(out.Bytes(), []byte("permission denied")) {
			t.Errorf("%v: %v\n%s", args, err, out.String())
		}
	}
}

// BenchmarkColdStart runs the built command as a process of its own: the median of its wall time and the largest resident
// size. Go's own ns/op would be the mean, which another process on the machine moves.
func BenchmarkColdStart(b *testing.B) {
	binary := built(b)
	for name, args := range map[string][]string{
		"version": {"version"},
		"check":   {"check", "--policy", "strict", "--exit-zero", filepath.Join("fixtures", "report")},
	} {
		b.Run(name, func(b *testing.B) {
			var largest int64
			var walls []time.Duration
			for b.Loop() {
				start := time.Now()
				cmd := exec.CommandContext(b.Context(), binary, args...)
				cmd.Dir = top
				var stderr bytes.Buffer
				cmd.Stderr = &stderr
				if err := cmd.Run(); err != nil {
					b.Fatalf("%v: %s", err, stderr.String())
				}
				walls = append(walls, time.Since(start))
				if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
					largest = max(largest, usage.Maxrss)
				}
			}
			slices.Sort(walls)
			b.ReportMetric(float64(walls[len(walls)/2].Microseconds())/1000, "median-ms")
			b.ReportMetric(float64(largest)/1024, "max-MiB-RSS")
			b.ReportMetric(0, "ns/op")
		})
	}
}
