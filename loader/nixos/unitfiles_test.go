package nixos_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
	unitfile "github.com/nixlint/nixlint/loader/unit"
)

func TestUnitFilesAreUnits(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ module, unit, want string }{
		"text":        {`{ environment.etc."systemd/system/a.service".text = "[Service]\nExecStart=/bin/a\nUser=a\n"; }`, "a.service", "active own system ExecStart=/bin/a User=a"},
		"user":        {`{ environment.etc."systemd/user/a.service".text = "[Service]\nExecStart=/bin/a\n"; }`, "a.service", "active own user ExecStart=/bin/a"},
		"initrd":      {`{ boot.initrd.systemd.contents."/etc/systemd/system/a.service".text = "[Service]\nExecStart=/bin/a\n"; }`, "a.service", "active own initrd ExecStart=/bin/a"},
		"target":      {`{ environment.etc.a = { target = "systemd/system/a.service"; text = "[Service]\nUser=a\n"; }; }`, "a.service", "active own system User=a"},
		"source":      {`{ environment.etc."systemd/system/a.service".source = ./files/a.service; }`, "a.service", "active own system ExecStart=/bin/a"},
		"path":        {`{ environment.etc."systemd/system/a.service".source = "${./files}/a.service"; }`, "a.service", "active own system ExecStart=/bin/a"},
		"written":     {`{ pkgs, ... }: { environment.etc."systemd/system/a.service".source = pkgs.writeText "x" "[Service]\nUser=a\n"; }`, "a.service", "active own system User=a"},
		"package":     {`{ pkgs, ... }: { environment.etc."systemd/system/a.service".source = "${pkgs.a}/a.service"; }`, "a.service", "override override system open"},
		"outside":     {`{ environment.etc."systemd/system/a.service".source = /etc/a.service; }`, "a.service", "override override system open"},
		"missing":     {`{ environment.etc."systemd/system/a.service".source = ./files/none.service; }`, "a.service", "override override system open"},
		"lines":       {`{ lib, ... }: { environment.etc."systemd/system/a.service".text = lib.mkMerge [ "[Service]" "User=a" ]; }`, "a.service", "active own system User=a"},
		"conditional": {`{ config, lib, ... }: { environment.etc."systemd/system/a.service".text = lib.mkMerge [ "[Service]\nUser=a" (lib.mkIf config.services.x.y "Nice=5") ]; }`, "a.service", "active own system Nice=5|(absent) User=a"},
		"chosen":      {`{ config, ... }: { environment.etc."systemd/system/a.service".text = if config.services.x.y then "[Service]\nUser=a" else "[Service]\nUser=b"; }`, "a.service", "active own system User=a|b"},
		"piece":       {`{ config, ... }: { environment.etc."systemd/system/a.service".text = "[Service]\nUser=${config.services.x.user}\n${config.services.x.more}\n"; }`, "a.service", "active own system open User=?"},
		"guarded":     {`{ config, lib, ... }: { environment.etc."systemd/system/a.service" = lib.mkIf config.services.x.y { text = "[Service]\nUser=a"; }; }`, "a.service", "guarded own system User=a"},
		"off":         {`{ environment.etc."systemd/system/a.service" = { enable = false; text = "[Service]\nUser=a"; }; }`, "a.service", "disabled own system User=a"},
		"drop-in":     {`{ environment.etc."systemd/system/a.service.d/x.conf".text = "[Service]\nUser=a"; }`, "a.service", "override override system drop-in User=a"},
		"drop-ins": {`{ environment.etc."systemd/system/a.timer.d/20.conf".text = "[Timer]\nOnCalendar=daily"; environment.etc."systemd/system/a.timer.d/10.conf".text = "[Timer]\nOnCalendar=";
			systemd.timers.a.timerConfig.OnCalendar = "weekly"; }`, "a.timer", "active own system OnCalendar=weekly,,daily"},
		"maybe a drop-in": {`{ config, lib, ... }: { environment.etc."systemd/system/a.service.d/x.conf" = lib.mkIf config.services.x.y { text = "[Service]\nUser=b"; };
			environment.etc."systemd/system/a.service".text = "[Service]\nUser=a"; }`, "a.service", "active own system User=a,b|(absent)"},
		"package of the tree": {`{ pkgs, ... }: { systemd.packages = [ (pkgs.writeTextDir "lib/systemd/system/a.service" "[Service]\nUser=a\nExecStart=/bin/a") ];
			systemd.services.a.serviceConfig.User = "b"; }`, "a.service", "active own system ExecStart=/bin/a User=a,b"},
		"file of a package": {`{ pkgs, ... }: { systemd.packages = [ (pkgs.writeTextFile { name = "a"; destination = "/etc/systemd/user/a.timer"; text = "[Timer]\nOnCalendar=daily"; }) ]; }`, "a.timer", "active own user OnCalendar=daily"},
		"wanted":            {`{ environment.etc."systemd/system/a.service".text = "[Service]\nUser=a"; environment.etc."systemd/system/x.target.wants/a.service".source = "/dev/null"; }`, "a.service", "active own system wants:x.target User=a"},
		"home":              {`{ home-manager.users.me.xdg.configFile."systemd/user/a.service".text = "[Service]\nUser=a"; }`, "a.service", "active own user User=a"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inv := load(t, map[string]string{
				"flake.nix": `{ outputs = { self, nixpkgs }: { nixosConfigurations.box = nixpkgs.lib.nixosSystem { modules = [ ./box.nix ]; }; }; }`,
				"box.nix":   c.module, "files/a.service": "[Service]\nExecStart=/bin/a\n",
			})
			if f := failures(inv); f != "" {
				t.Error(f)
			}
			u := unit(t, inv, c.unit)
			if got := summary(u); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if open := len(inv.Hosts[0].Missing) > 0; open != (u.Open != "") {
				t.Errorf("open: %q, missing: %v", u.Open, inv.Hosts[0].Missing)
			}
		})
	}
}

func TestAConditionAroundAUnitFileOfALooseModuleIsAssumed(t *testing.T) {
	t.Parallel()
	inv := load(t, map[string]string{"m.nix": `{ config, lib, ... }: let cfg = config.house; in {
		options.house.sync = lib.mkOption { type = lib.types.bool; default = false; };
		options.house.user = lib.mkOption { type = lib.types.str; default = "me"; };
		config = lib.mkIf cfg.sync {
			environment.etc."systemd/system/a.service".text = "[Service]\nUser=${cfg.user}\nNice=${if cfg.sync then "1" else "2"}";
			systemd.units."b.service".text = "[Service]\nUser=${cfg.user}\nNice=${if cfg.sync then "1" else "2"}";
		};
	}`})
	for _, name := range []string{"a.service", "b.service"} {
		if got := summary(unit(t, inv, name)); got != "guarded own system Nice=1|2 User=me" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// summary is a unit in a line.
func summary(u *inventory.Unit) string {
	out := []string{u.Status, u.Completeness, u.Scope}
	if u.Open != "" {
		out = append(out, "open")
	}
	if u.Dropin {
		out = append(out, "drop-in")
	}
	for _, l := range u.Links {
		out = append(out, l.Type+":"+l.Target.Alternatives[0].Value)
	}
	for _, section := range slices.Sorted(maps.Keys(u.Sections)) {
		for _, name := range slices.Sorted(maps.Keys(u.Sections[section])) {
			var settings []string
			for _, s := range u.Sections[section][name] {
				var alts []string
				for _, a := range s.Alternatives {
					switch {
					case a.Absent:
						alts = append(alts, "(absent)")
					case !a.Known:
						alts = append(alts, "?")
					default:
						alts = append(alts, a.Value)
					}
				}
				settings = append(settings, strings.Join(alts, "|"))
			}
			out = append(out, name+"="+strings.Join(settings, ","))
		}
	}
	return strings.Join(out, " ")
}

func TestSettingsOfUnitFilesHaveTheirLines(t *testing.T) {
	t.Parallel()
	inv := host(t, "{ environment.etc.\"systemd/system/a.service\".text = ''\n  [Service]\n  User=a\n''; }",
		`{ environment.etc."systemd/system/b.service".source = builtins.toFile "b" "[Service]\nUser=b"; }`)
	a := unit(t, inv, "a.service").Sections["Service"]["User"][0].Alternatives[0]
	if a.At == nil || a.At.File != "a.nix" || a.At.Line != 3 || a.At.Column != 3 || len(a.Via) > 0 {
		t.Errorf("%+v via %v", a.At, a.Via)
	}
}

// TestTextsAreReadAsFilesAre compares what is made of a text with what package unit makes of the same file: of corners, and of the unit files
// of the machine where it has some.
func TestTextsAreReadAsFilesAre(t *testing.T) {
	t.Parallel()
	texts := map[string]string{
		"continued": "[Service]\nExecStart=/bin/a \\\n  b \\\n# no\n;no\n  c\nUser=x", "escaped": "[Service]\nA=b\\\\\nC=d", "blanks": " [Service] \n\tA = b \n=c\n",
		"before": "A=b\n[Service]\nB=c", "unknown section": "[X-A]\nB=c\n[Foo]\nB=c\n[Unit]\nB=c", "no equals": "[Unit]\nFoo\nB=", "unclosed": "[Unit]\nA=b\n[Service\nB=c",
		"comment only": "# a\n;b\n", "last line continued": "[Unit]\nA=b\\", "reset": "[Unit]\nA=\nA=b", "equals": "[Unit]\nA=b=c", "crlf": "[Unit]\r\nA=b\r\n",
		"returns": "[Unit]\rA=b\r\rB=c\r\n\r\nC=d", "quoted header": "[Unit]\nA=b\n[a\"b]\nB=c", "not UTF-8": "[Unit]\nA=b\nB=\xff\nC=d", "before, without equals": "A\n[Unit]\nA",
		"NUL": "[Unit]\nA=b\x00B=c", "continued over a return": "[Unit]\nA=b\\\r\n c",
		"continued by nothing": "[Unit]\nA=b\\\n\nB=c", "header with blanks": "[Unit] \nA=b",
	}
	files, _ := filepath.Glob("/lib/systemd/system/*.service")
	for _, file := range files {
		if text, err := os.ReadFile(filepath.Clean(file)); err == nil && len(text) > 0 {
			texts[file] = string(text)
		}
	}
	for name, text := range texts {
		inv := load(t, map[string]string{
			"flake.nix": `{ outputs = { self, nixpkgs }: { nixosConfigurations.box = nixpkgs.lib.nixosSystem { modules = [ {
				environment.etc."systemd/system/a.service".source = ./a.service; } ]; }; }; }`,
			"a.service": text,
		})
		got := map[string]map[string][]string{}
		for section, directives := range unit(t, inv, "a.service").Sections {
			got[section] = map[string][]string{}
			for directive, settings := range directives {
				for _, s := range settings {
					got[section][directive] = append(got[section][directive], s.Alternatives[0].Value+" at "+itoa(s.Alternatives[0].At.Line))
				}
			}
		}
		f, problems := unitfile.Parse(source.NewFile("a.service", text))
		for _, s := range f.Settings {
			at := s.Value + " at " + itoa(inventory.At(s.Span).Line)
			if i := slices.Index(got[s.Section][s.Name], at); i != 0 {
				t.Errorf("%s: %s=%s of [%s] is not there: %v", name, s.Name, at, s.Section, got)
				continue
			}
			if got[s.Section][s.Name] = got[s.Section][s.Name][1:]; len(got[s.Section][s.Name]) == 0 {
				delete(got[s.Section], s.Name)
			}
		}
		for section, left := range got {
			if len(left) > 0 {
				t.Errorf("%s: only here: [%s] %v", name, section, left)
			}
		}
		var said, want []string
		for _, p := range inv.Problems {
			said = append(said, p.Severity+" "+p.Message)
		}
		for _, p := range problems {
			want = append(want, p.Severity.String()+" "+p.Message)
		}
		if !slices.Equal(said, want) {
			t.Errorf("%s: said %q, want %q", name, said, want)
		}
	}
}
