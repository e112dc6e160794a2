// Command nixlint judges the systemd services of a NixOS repository and says the line of Nix behind each finding. This
// package reads flags, joins the loader, the checks and the report, and decides the exit status; it holds no logic of theirs.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"
)

func main() {
	// A run is short: collecting half as often takes a fifth of the time off a small repository, for 5 MiB.
	if _, set := os.LookupEnv("GOGC"); !set {
		debug.SetGCPercent(200)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, &process{args: os.Args[1:], in: os.Stdin, out: os.Stdout, err: os.Stderr, env: os.LookupEnv, now: time.Now})
	stop()
	os.Exit(code)
}

// process is all that a command touches of its surroundings, besides files.
type process struct {
	args     []string
	in       io.Reader
	out, err io.Writer
	env      func(string) (string, bool)
	now      func() time.Time
}
