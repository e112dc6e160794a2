// Command nixlint judges the systemd services of a NixOS repository and says the line of Nix behind each finding. This
// package reads flags, joins the loader, the checks and the report, and decides the exit status; it holds no logic of theirs.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"
)

func main() {
	if _, set := os.LookupEnv("GOGC"); !set {
		collectLate()
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, &process{args: os.Args[1:], in: os.Stdin, out: os.Stdout, err: os.Stderr, env: os.LookupEnv, now: time.Now})
	stop()
	os.Exit(code)
}

// collectLate has the first collection of garbage when the heap is 32 MiB large, which most runs do not reach, and the others when it is
// three times as large as what is in use. It takes a fifth of the time off a small repository.
func collectLate() {
	const first, others = 800, 200 // percent, the first of the 4 MiB that a heap counts at least
	debug.SetGCPercent(first)
	runtime.AddCleanup(new([64]byte), func(percent int) {
		if now := debug.SetGCPercent(percent); now != first { // a command knows better
			debug.SetGCPercent(now)
		}
	}, others)
}

// process is all that a command touches of its surroundings, besides files.
type process struct {
	args     []string
	in       io.Reader
	out, err io.Writer
	env      func(string) (string, bool)
	now      func() time.Time
}
