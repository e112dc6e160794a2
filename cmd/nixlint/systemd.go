package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os/exec"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/checks/analyze"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

// askSystemd are the values of --systemd-analyze. It is never by default: asking takes longer than all the rest of a small run, and what
// is found would depend on the systemd of the machine that looks instead of that of the machine that is looked at.
var askSystemd = []string{"auto", "always", "never"}

// systemdJudge looks for systemd-analyze in the background, and returns how to get the judge that asks it, nil when it is not to be asked or
// not there. That it is not there although it always should be is a failure, else a notice.
func systemdJudge(ctx context.Context, when string) func() (*analyze.Judge, []inventory.Problem) {
	type answer struct {
		judge    *analyze.Judge
		problems []inventory.Problem
	}
	answers := make(chan answer, 1)
	go func() {
		if when == "never" {
			answers <- answer{}
			return
		}
		judge, err := findSystemd(ctx)
		if err == nil {
			answers <- answer{judge: judge}
			return
		}
		severity := source.Notice
		if when == "always" {
			severity = source.Failure
		}
		answers <- answer{problems: []inventory.Problem{{Severity: severity.String(), Message: err.Error()}}}
	}()
	return func() (*analyze.Judge, []inventory.Problem) {
		a := <-answers
		return a.judge, a.problems
	}
}

func findSystemd(ctx context.Context) (*analyze.Judge, error) {
	path, err := exec.LookPath("systemd-analyze")
	if err != nil {
		return nil, errors.New("systemd-analyze is not on the PATH, so units and tmpfiles lines were not given to systemd itself: " +
			"`nix shell nixpkgs#systemd` brings it, and so does the package systemd of other distributions")
	}
	judge, err := analyze.NewJudge(ctx, analyze.Program(path))
	if err != nil {
		return nil, fmt.Errorf("systemd-analyze could not be asked: %w", err)
	}
	return judge, nil
}

// withSystemd is a judge that asks both. The rules of systemd have their own levels where the configuration says no other.
func withSystemd(judge checks.Judge, systemd *analyze.Judge, options *checks.Options) checks.Judge {
	if systemd == nil {
		return judge
	}
	options.Rules = maps.Clone(options.Rules)
	for _, rule := range systemd.Rules() {
		if _, ok := options.Rules[rule.ID]; !ok {
			options.Rules[rule.ID] = checks.Weight{Level: rule.Severity}
		}
	}
	return checks.Join(judge, systemd)
}
