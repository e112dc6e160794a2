package analyze

import "github.com/nixlint/nixlint/checks"

// The rules whose findings are what systemd itself says.
const (
	verifyRule   = "systemd/verify"
	tmpfilesRule = "systemd/tmpfiles"
)

// Rules are the rules of a run that asks systemd, by ID.
func Rules() []checks.Rule {
	const manual = "https://www.freedesktop.org/software/systemd/man/latest/"
	return []checks.Rule{
		{
			ID: tmpfilesRule, Title: "systemd-tmpfiles reads every line", Kind: "tmpfiles", Severity: checks.Error, Precision: "very-high",
			Description: "The systemd-tmpfiles of this machine does not read the line: it is skipped with a message in the log, and nothing is created, " +
				"cleaned or protected. Asked with `--systemd-analyze`.",
			Fix:  "    # type path mode user group age argument\n    \"d /var/lib/notes 0750 notes notes - -\"",
			Tags: []string{"systemd", "tmpfiles", "correctness"}, Links: []string{manual + "tmpfiles.d.html"},
		},
		{
			ID: verifyRule, Title: "systemd-analyze verify has nothing to say", Kind: "unit", Severity: checks.Warning, Precision: "high",
			Description: "The systemd-analyze of this machine was given the unit as NixOS would write it, with stubs for the programs and units that are not " +
				"in sight. What it says, systemd would write into the log when it loads the unit: a line is ignored, or the unit is not started at " +
				"all. A calendar of the past is said too: its timer never elapses. What only a later version reads is left out. Asked with `--systemd-analyze`.",
			Fix: "The message names the directive; its manual page says what it takes. What is meant for a newer systemd than this machine has is checked " +
				"without the program, by units/unknown-directive and units/invalid-value.",
			Tags: []string{"systemd", "units", "correctness"}, Links: []string{manual + "systemd-analyze.html"},
		},
	}
}

// repeats are the built-in rules that say what systemd says, where they speak of the same line.
var repeats = []string{
	"units/unknown-directive", "units/invalid-value", "lifecycle/kill-mode", "lifecycle/oneshot-restart", "exec/shell-syntax", "timers/triggers-existing",
	"tmpfiles/syntax", "tmpfiles/conflict",
}
