package base //nolint:testpackage // the notation is read by parse, which nobody else needs

import (
	"slices"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/systemd"
)

func TestEveryFactIsADirectiveOfSystemd(t *testing.T) {
	all, err := parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 30 {
		t.Errorf("%d units", len(all))
	}
	for name, u := range all {
		if u.Source == "" || u.Label == "" {
			t.Errorf("%s: read nowhere", name)
		}
		for section, directives := range u.Sections {
			for directive, settings := range directives {
				if _, ok := systemd.Directive(section, directive); !ok {
					t.Errorf("%s: [%s] has no %s", name, section, directive)
				}
				for _, s := range settings {
					for _, a := range s.Alternatives {
						if want, _ := systemd.Wanted(section, directive, a.Value); a.Known && !a.Absent && want != "" {
							t.Errorf("%s: %s=%s, systemd wants %s", name, directive, a.Value, want)
						}
					}
				}
			}
		}
	}
}

func TestLookup(t *testing.T) {
	for name, want := range map[string]string{
		"sshd.service": "nixpkgs 4aa6836a648c", "serial-getty@ttyS0.service": "systemd 252", "sonarr.service": "nixpkgs 4aa6836a648c", "mine.service": "",
	} {
		u := Lookup(name)
		if (u == nil) != (want == "") || u != nil && u.Label != want {
			t.Errorf("%s: %+v, want %q", name, u, want)
		}
	}
	if u := Lookup("sshd.service"); !slices.Equal(u.Closed, []string{"Service", "Unit"}) {
		t.Errorf("closed: %v", u.Closed)
	}
}

func TestNotation(t *testing.T) {
	all, err := parse("revision 0123456789abcdef\n= a.service\nfrom nixos/a.nix\n[Service]\n" +
		"A=1\nA=2\nB:1000=x\nC~services.a.c\nD?v | services.a.d\nE?v | services.a.e | w\nF?~ | !(services.a.f)\nG?v | services.a.g |\n")
	if err != nil {
		t.Fatal(err)
	}
	write := func(settings []inventory.Setting) string {
		var out []string
		for _, s := range settings {
			for _, a := range s.Alternatives {
				text := a.Value
				if a.Absent {
					text = "absent"
				}
				if len(a.Conditions) == 1 {
					text += " if " + a.Conditions[0].Text
				}
				if a.Priority != 100 {
					text += " mkDefault"
				}
				out = append(out, text)
			}
		}
		return strings.Join(out, ", ")
	}
	for name, want := range map[string]string{
		"A": "1, 2", "B": "x mkDefault", "C": "<unknown: it depends on services.a.c>", "D": "v if services.a.d, absent if !(services.a.d)",
		"E": "v if services.a.e, w if !(services.a.e)",
		"F": "<unknown: it depends on services.a.f> if !(services.a.f), absent if services.a.f",
		"G": "v if services.a.g,  if !(services.a.g)",
	} {
		if got := write(all["a.service"].Sections["Service"][name]); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for _, wrong := range []string{"A=1", "= a.service\nA=1", "= a.service\n[S]\nnothing", "= a.service\n[S]\nA?b", "= a.service\n= a.service", "= a.service\n[S]\nA:x=1"} {
		if _, err := parse(wrong); err == nil {
			t.Errorf("%q is read", wrong)
		}
	}
}
