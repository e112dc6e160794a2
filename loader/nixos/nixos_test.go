package nixos_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/nixos"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/systemd"
)

// load makes the inventory of files given as path and text.
func load(t *testing.T, files map[string]string) *inventory.Inventory {
	t.Helper()
	tree := fstest.MapFS{}
	for name, text := range files {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
	inv, _, err := nixos.Load(context.Background(), source.NewTree(tree), []string{"."}, nixos.Inputs{})
	if err != nil {
		t.Fatal(err)
	}
	return inv
}

// host loads modules as one host, in the order of the list of its modules.
func host(t *testing.T, modules ...string) *inventory.Inventory {
	t.Helper()
	files := map[string]string{}
	var list strings.Builder
	for i, text := range modules {
		name := string(rune('a'+i)) + ".nix"
		files[name] = text
		list.WriteString(" ./" + name)
	}
	files["flake.nix"] = `{
		inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
		outputs = { self, nixpkgs, ... }: {
			nixosConfigurations.box = nixpkgs.lib.nixosSystem { modules = [` + list.String() + ` ]; };
		};
	}`
	inv := load(t, files)
	if len(inv.Hosts) != 1 || inv.Hosts[0].Name != "box" {
		t.Fatalf("hosts: %+v, problems: %+v", inv.Hosts, inv.Problems)
	}
	return inv
}

// unit finds a unit by its name.
func unit(t *testing.T, inv *inventory.Inventory, name string) *inventory.Unit {
	t.Helper()
	for i := range inv.Hosts {
		for j := range inv.Hosts[i].Units {
			if inv.Hosts[i].Units[j].Name == name {
				return &inv.Hosts[i].Units[j]
			}
		}
	}
	t.Fatalf("no unit %s; problems: %+v", name, inv.Problems)
	return nil
}

// values are the decided values of a directive; what is not decided stands as its alternatives.
func values(u *inventory.Unit, section, directive string) string {
	var out []string
	for _, s := range u.Sections[section][directive] {
		var alts []string
		for _, a := range s.Alternatives {
			text := a.Value
			if a.Absent {
				text = "(absent)"
			}
			var conds []string
			for _, c := range a.Conditions {
				conds = append(conds, c.Text)
			}
			if len(conds) > 0 {
				text += " if " + strings.Join(conds, " and ")
			}
			alts = append(alts, text)
		}
		out = append(out, strings.Join(alts, " | "))
	}
	return strings.Join(out, ", ")
}

func failures(inv *inventory.Inventory) string {
	var out []string
	for _, p := range inv.Problems {
		if p.Severity == "failure" {
			at := "-"
			if p.At != nil {
				at = p.At.File + ":" + itoa(p.At.Line)
			}
			out = append(out, at+": "+p.Message)
		}
	}
	return strings.Join(out, "\n")
}

func itoa(n int) string { return string(rune('0' + n)) }

const serviceHead = "{ config, lib, pkgs, ... }: { systemd.services.foo = { serviceConfig.ExecStart = \"/bin/foo\"; }; }"

func TestPrioritiesAndMergesOfOneDirective(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		modules []string
		want    string
	}{
		"one definition":                   {[]string{`{ systemd.services.foo.serviceConfig.X = "1"; }`}, "1"},
		"mkForce wins":                     {[]string{`{ systemd.services.foo.serviceConfig.X = "1"; }`, `{ lib, ... }: { systemd.services.foo.serviceConfig.X = lib.mkForce "2"; }`}, "2"},
		"mkDefault loses":                  {[]string{`{ lib, ... }: { systemd.services.foo.serviceConfig.X = lib.mkDefault "1"; }`, `{ systemd.services.foo.serviceConfig.X = "2"; }`}, "2"},
		"mkOverride by number":             {[]string{`{ lib, ... }: { systemd.services.foo.serviceConfig.X = lib.mkOverride 60 "1"; }`, `{ lib, ... }: { systemd.services.foo.serviceConfig.X = lib.mkOverride 70 "2"; }`}, "1"},
		"a priority on the set drops sets": {[]string{`{ lib, ... }: { systemd.services.foo.serviceConfig = lib.mkForce { Y = "1"; }; }`, `{ systemd.services.foo.serviceConfig.X = "2"; }`}, ""},
		"equal definitions are one":        {[]string{`{ systemd.services.foo.serviceConfig.X = "1"; }`, `{ systemd.services.foo.serviceConfig.X = "1"; }`}, "1"},
		"a list lifts the others":          {[]string{`{ systemd.services.foo.serviceConfig.X = "1"; }`, `{ systemd.services.foo.serviceConfig.X = [ "2" "3" ]; }`}, "1, 2, 3"},
		"mkBefore and mkAfter":             {[]string{`{ lib, ... }: { systemd.services.foo.serviceConfig.X = lib.mkMerge [ (lib.mkAfter [ "3" ]) [ "2" ] (lib.mkBefore [ "1" ]) ]; }`}, "1, 2, 3"},
		"mkIf true":                        {[]string{`{ lib, ... }: { systemd.services.foo.serviceConfig.X = lib.mkIf (1 == 1) "1"; }`}, "1"},
		"mkIf false":                       {[]string{`{ lib, ... }: { systemd.services.foo.serviceConfig.X = lib.mkIf false "1"; }`}, ""},
		"booleans, numbers, null":          {[]string{`{ systemd.services.foo.serviceConfig.X = [ true false 1 null ]; }`}, "true, false, 1, "},
		"a float":                          {[]string{`{ systemd.services.foo.serviceConfig.X = 0.5; }`}, "0.500000"},
		"an undecided mkIf":                {[]string{`{ lib, config, ... }: { systemd.services.foo.serviceConfig.X = lib.mkIf config.services.bar.enable "1"; }`}, "1 if config.services.bar.enable | (absent) if !config.services.bar.enable"},
		"an undecided if":                  {[]string{`{ config, ... }: { systemd.services.foo.serviceConfig.X = if config.services.bar.enable then "1" else "2"; }`}, "1 if config.services.bar.enable | 2 if !config.services.bar.enable"},
		"an undecided mkForce":             {[]string{`{ systemd.services.foo.serviceConfig.X = "1"; }`, `{ lib, config, ... }: { systemd.services.foo.serviceConfig.X = lib.mkIf config.services.bar.enable (lib.mkForce "2"); }`}, "1 if !config.services.bar.enable | 2 if config.services.bar.enable"},
		"an element that may be there":     {[]string{`{ lib, config, ... }: { systemd.services.foo.serviceConfig.X = [ "1" ] ++ lib.optional config.services.bar.enable "2"; }`}, "1, 2 if config.services.bar.enable | (absent) if !config.services.bar.enable"},
		"optionalAttrs of the unknown":     {[]string{`{ lib, config, ... }: { systemd.services.foo.serviceConfig = { Y = 1; } // lib.optionalAttrs config.services.bar.enable { X = "1"; }; }`}, "1 if config.services.bar.enable | (absent) if !config.services.bar.enable"},
		"an unknown right side of //":      {[]string{`{ config, ... }: { systemd.services.foo.serviceConfig = { X = "1"; } // config.services.bar.extra; }`}, "1 if !config.services.bar.extra | <unknown: option services.bar.extra is not declared in the tree> if config.services.bar.extra"},
		"the same value on both sides":     {[]string{`{ config, ... }: { systemd.services.foo.serviceConfig.X = if config.services.bar.enable then "1" else "1"; }`}, "1"},
		"a package":                        {[]string{`{ pkgs, ... }: { systemd.services.foo.serviceConfig.X = "${pkgs.python3.pkgs.foo}/bin/x ${pkgs.hello}"; }`}, "<pkgs.python3.pkgs.foo>/bin/x <pkgs.hello>"},
		"a script of the tree":             {[]string{`{ pkgs, ... }: { systemd.services.foo.serviceConfig.X = pkgs.writeShellScript "run me" "echo"; }`}, "<pkgs.run-me>"},
		"the program of a package":         {[]string{`{ pkgs, lib, ... }: { systemd.services.foo.serviceConfig.X = lib.getExe pkgs.hello; }`}, "<pkgs.hello>/bin/<unknown: the main program of pkgs.hello>"},
		"a declared option":                {[]string{`{ lib, config, ... }: { options.my.x = lib.mkOption { type = lib.types.str; default = "1"; }; config.systemd.services.foo.serviceConfig.X = config.my.x; }`}, "1"},
		"an option as a text":              {[]string{`{ lib, options, ... }: { options.my."x y".z = lib.mkOption { default = "1"; }; config.systemd.services.foo.serviceConfig.X = "see ${options.my."x y".z}"; }`}, `see my."x y".z`},
		"a declared option that is set":    {[]string{`{ lib, config, ... }: { options.my.x = lib.mkOption { type = lib.types.str; default = "1"; }; config.systemd.services.foo.serviceConfig.X = config.my.x; }`, `{ my.x = "2"; }`}, "2"},
		"an option that nobody declares":   {[]string{`{ config, ... }: { systemd.services.foo.serviceConfig.X = "a ${config.services.bar.user} b"; }`}, "a <unknown: option services.bar.user is not declared in the tree> b"},
		"the name of an account":           {[]string{`{ config, ... }: { users.users.joe.isSystemUser = true; users.groups.web.gid = 1; users.users.x.name = "y"; systemd.services.foo.serviceConfig.X = with config.users; "${users.joe.name} ${groups.web.name} ${users.x.name} ${users.none.name}"; }`}, "joe web y <unknown: option users.users.none.name is not declared in the tree>"},
		"an undeclared option that is set": {[]string{`{ config, ... }: { services.bar.user = "joe"; systemd.services.foo.serviceConfig.X = config.services.bar.user; }`}, "joe"},
		"a submodule":                      {[]string{`{ lib, config, ... }: { options.my = lib.mkOption { type = lib.types.attrsOf (lib.types.submodule ({ name, ... }: { options.x = lib.mkOption { default = "of ${name}"; }; })); }; config.my.one = { }; config.systemd.services.foo.serviceConfig.X = config.my.one.x; }`}, "of one"},
		"mapAttrs' over instances":         {[]string{`{ lib, config, ... }: { systemd.services = lib.mapAttrs' (n: v: lib.nameValuePair "fo${n}" { serviceConfig.X = v; }) { o = "1"; }; }`}, "1"},
		"a unit that is a function":        {[]string{`{ systemd.services.foo = { name, ... }: { serviceConfig.X = "is ${name}"; }; }`}, "is foo"},
		"specialArgs and _module.args":     {[]string{`{ y, ... }: { _module.args.y = "1"; systemd.services.foo.serviceConfig.X = y; }`}, "1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inv := host(t, append(slices.Clone(c.modules), serviceHead)...)
			if got := values(unit(t, inv, "foo.service"), "Service", "X"); got != c.want {
				t.Errorf("X = %q, want %q", got, c.want)
			}
			if got := failures(inv); got != "" {
				t.Errorf("problems: %s", got)
			}
		})
	}
}

func TestInsideOfAUnitTheMainModuleComesFirst(t *testing.T) {
	t.Parallel()
	inv := load(t, map[string]string{
		"configuration.nix": `{ imports = [ ./b.nix ]; systemd.services.foo.serviceConfig.X = [ "main" ]; systemd.tmpfiles.rules = [ "main" ]; }`,
		"b.nix":             `{ systemd.services.foo.serviceConfig.X = [ "import" ]; systemd.tmpfiles.rules = [ "import" ]; }`,
	})
	if got := values(unit(t, inv, "foo.service"), "Service", "X"); got != "main, import" {
		t.Errorf("X = %q, want main, import", got)
	}
	if got := inv.Hosts[0].Tmpfiles[0].Line.Alternatives[0].Value; got != "import" {
		t.Errorf("the first line of tmpfiles is %q, want import", got)
	}
}

func TestProblemsOfUnits(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ module, want string }{
		"two plain definitions":     {`{ lib, ... }: lib.mkMerge [ { systemd.services.foo.serviceConfig.X = "1"; } { systemd.services.foo.serviceConfig.X = "2"; } ]`, "Service.X of foo.service has conflicting definitions"},
		"an unknown unit option":    {`{ systemd.services.foo.serviceconfig.X = "1"; }`, "serviceconfig is no option of systemd.services"},
		"an option of another type": {`{ lib, config, ... }: { options.my.x = lib.mkOption { type = lib.types.bool; }; config = { my.x = "yes"; systemd.services.foo.serviceConfig.X = config.my.x; }; }`, `option my.x expects bool, found "yes"`},
		"a missing import":          {`{ imports = [ ./nowhere.nix ]; }`, "nowhere.nix does not exist"},
		"a throw":                   {`{ systemd.services.foo.serviceConfig.X = throw "not today"; }`, "not today"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := failures(host(t, c.module, serviceHead))
			if !strings.HasPrefix(got, "a.nix:1: ") || !strings.Contains(got, c.want) {
				t.Errorf("problems: %q, want a.nix:1 with %q", got, c.want)
			}
		})
	}
}

func TestAnErrorUnderAFalseConditionIsNone(t *testing.T) {
	t.Parallel()
	inv := host(t, `{ lib, ... }: { systemd.services.foo.serviceConfig.X = lib.mkIf false (throw "never"); }`, serviceHead)
	if got := failures(inv); got != "" {
		t.Errorf("problems: %s", got)
	}
}

func TestOneBadModuleDoesNotHideTheOthers(t *testing.T) {
	t.Parallel()
	inv := host(t, `{ systemd.services.foo.serviceConfig.X = ; }`, serviceHead)
	unit(t, inv, "foo.service")
	if got := failures(inv); !strings.Contains(got, "a.nix:1") {
		t.Errorf("problems: %q, want one of a.nix", got)
	}
}

func TestStatusAndCompleteness(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ module, status, completeness string }{
		"own":                   {`{ systemd.services.foo.serviceConfig.ExecStart = "/bin/foo"; }`, "active", "own"},
		"script":                {`{ systemd.services.foo.script = "foo"; }`, "active", "own"},
		"no ExecStart":          {`{ systemd.services.foo.serviceConfig.Nice = 1; }`, "override", "override"},
		"forced ExecStart":      {`{ lib, ... }: { systemd.services.foo.serviceConfig.ExecStart = lib.mkForce "/bin/foo"; }`, "override", "override"},
		"reset ExecStart":       {`{ systemd.services.foo.serviceConfig.ExecStart = [ "" "/bin/foo" ]; }`, "override", "override"},
		"script around another": {`{ lib, ... }: { systemd.services.foo.script = lib.mkAfter "foo"; }`, "override", "override"},
		"guard that holds":      {`{ lib, ... }: { systemd.services.foo = lib.mkIf true { script = "foo"; }; }`, "active", "own"},
		"guard that is unknown": {`{ lib, config, ... }: { systemd.services.foo = lib.mkIf config.services.x.enable { script = "foo"; }; }`, "guarded", "own"},
		"guard that is false":   {`{ lib, ... }: { systemd.services.foo = lib.mkIf false { script = "foo"; }; }`, "disabled", "override"},
		"enable = false":        {`{ systemd.services.foo = { enable = false; script = "foo"; }; }`, "disabled", "own"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := unit(t, host(t, c.module), "foo.service")
			if u.Status != c.status || u.Completeness != c.completeness {
				t.Errorf("got %s, %s; want %s, %s", u.Status, u.Completeness, c.status, c.completeness)
			}
		})
	}
}

// TestUnitsOfNixpkgsAreNotTheTrees: what has the name of one adds to it, whatever it says; bitcoind-NAME leaves bitcoind to the tree.
func TestUnitsOfNixpkgsAreNotTheTrees(t *testing.T) {
	t.Parallel()
	inv := host(t, `{ systemd.services = { nginx.script = "a"; bitcoind.script = "a"; }; }`)
	if u := unit(t, inv, "nginx.service"); u.Completeness != "override" {
		t.Errorf("nginx.service is %s", u.Completeness)
	}
	if u := unit(t, inv, "bitcoind.service"); u.Completeness != "own" {
		t.Errorf("bitcoind.service is %s", u.Completeness)
	}
}

// TestWhatStartsAServiceIsWholeWithItsTrigger: a timer, a socket or a path without one, or whose one is forced, adds to one elsewhere.
func TestWhatStartsAServiceIsWholeWithItsTrigger(t *testing.T) {
	t.Parallel()
	inv := host(t, `{ lib, ... }: { systemd = {
		timers = { own.timerConfig.OnBootSec = "5min"; fstrim.timerConfig.OnCalendar = "daily"; more.timerConfig.Persistent = true;
			forced.timerConfig.OnCalendar = lib.mkForce "weekly"; };
		sockets = { own.listenStreams = [ "80" ]; more.socketConfig.FreeBind = true; docker.listenStreams = [ "81" ]; };
		paths = { own.pathConfig.DirectoryNotEmpty = "/spool"; more.pathConfig.MakeDirectory = true; };
	}; }`)
	for name, want := range map[string]string{
		"own.timer": "own", "fstrim.timer": "override", "more.timer": "override", "forced.timer": "override",
		"own.socket": "own", "more.socket": "override", "docker.socket": "override", "own.path": "own", "more.path": "override",
	} {
		if got := unit(t, inv, name).Completeness; got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

// An option of units that has a default is not decided by a definition that may not count.
func TestConditionAroundAScalarOptionOfAUnitIsKept(t *testing.T) {
	u := unit(t, host(t, `{ config, lib, ... }: {
  systemd.services.a = {
    description = lib.mkIf config.elsewhere "text";
    startLimitBurst = lib.mkIf config.elsewhere 3;
    enable = lib.mkIf config.elsewhere false;
    restartIfChanged = lib.mkIf config.elsewhere false;
    serviceConfig.ExecStart = "/bin/a";
  };
}`), "a.service")
	if u.Status != inventory.Guarded {
		t.Errorf("status %s, want %s", u.Status, inventory.Guarded)
	}
	for _, at := range [][2]string{{"Unit", "Description"}, {"Unit", "StartLimitBurst"}, {"Service", "X-RestartIfChanged"}} {
		settings := u.Sections[at[0]][at[1]]
		if len(settings) != 1 || len(settings[0].Alternatives) != 2 || !settings[0].Alternatives[1].Absent {
			t.Errorf("%s: %+v, want a value or none", at[1], settings)
		}
	}
}

func TestAGuardIsAssumedInsideOfItsUnit(t *testing.T) {
	t.Parallel()
	for _, guard := range []string{
		"config.a || config.b", "builtins.elem true [ config.a config.b ]", "if config.a then config.b else config.c", "lib.any (x: x == config.a) [ 1 2 3 ]",
		"lib.foldl' (sum: x: sum || x == config.a) false [ 1 2 3 ]", "!(config.a && config.b)",
	} {
		u := unit(t, host(t, `{ config, lib, ... }: { systemd.services.a = lib.mkIf (`+guard+`) { serviceConfig.ExecStart = "/bin/a"; unitConfig.X = "y"; }; }`), "a.service")
		if got := values(u, "Service", "ExecStart") + " " + values(u, "Unit", "X"); u.Status != inventory.Guarded || got != "/bin/a y" {
			t.Errorf("%s: %s, %s", guard, u.Status, got)
		}
		for _, g := range u.Guards {
			if g.At == nil || g.At.File != "a.nix" {
				t.Errorf("%s: guard %q at %+v", guard, g.Text, g.At)
			}
		}
	}
}

func TestADefinitionUnderAConditionIsNotAllOfAnUndeclaredOption(t *testing.T) {
	t.Parallel()
	inv := host(t, `{ config, lib, ... }: {
		services.x = lib.mkIf config.elsewhere { user = "x"; };
		systemd.services.a = { serviceConfig = { ExecStart = "/bin/a"; User = config.services.x.user; }; };
	}`)
	want := "x if config.elsewhere | <unknown: option services.x.user is not declared in the tree, and is only given a value there under conditions> if !config.elsewhere"
	if got := values(unit(t, inv, "a.service"), "Service", "User"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestLocaleArchiveIsThatOfTheHost(t *testing.T) {
	t.Parallel()
	for module, want := range map[string]string{
		`{ }`: "<pkgs.glibcLocales>",
		`{ i18n.supportedLocales = [ "en_US.UTF-8/UTF-8" ]; }`:                                       "<pkgs.glibcLocales>",
		`{ pkgs, ... }: { i18n.glibcLocales = pkgs.glibcLocales.override { allLocales = true; }; }`:  "<pkgs.glibcLocales>",
		`{ pkgs, ... }: { i18n.glibcLocales = pkgs.mine; }`:                                          "<pkgs.mine>",
		`{ i18n.supportedLocales = [ ]; }`:                                                           "<unknown: it depends on i18n.supportedLocales>",
		`{ config, lib, ... }: { i18n.supportedLocales = lib.optional config.elsewhere "C.UTF-8"; }`: "<unknown: it depends on i18n.supportedLocales>",
	} {
		u := unit(t, host(t, module, `{ systemd.services.a.serviceConfig.ExecStart = "/bin/a"; }`), "a.service")
		archive, _, _ := strings.Cut(strings.TrimPrefix(values(u, "Service", "Environment"), `"LOCALE_ARCHIVE=`), `"`)
		if archive = strings.TrimSuffix(archive, "/lib/locale/locale-archive"); archive != want {
			t.Errorf("%s: %s, want %s", module, archive, want)
		}
	}
}

func TestPlaceIsTheOutermostInsideTheUnit(t *testing.T) {
	t.Parallel()
	inv := load(t, map[string]string{
		"configuration.nix": "{ ... }:\nlet h = import ./helper.nix; in {\n  systemd.services.foo = {\n    script = \"x\";\n    serviceConfig = h.hardened // {\n      User = \"foo\";\n    };\n  };\n}",
		"helper.nix":        "{\n  hardened = {\n    PrivateTmp = true;\n  };\n}",
	})
	u := unit(t, inv, "foo.service")
	tmp := u.Sections["Service"]["PrivateTmp"][0].Alternatives[0]
	if tmp.At.File != "helper.nix" || tmp.At.Line != 3 {
		t.Errorf("value at %+v, want helper.nix:3", tmp.At)
	}
	if p := tmp.Place(); p.File != "configuration.nix" || p.Line != 5 {
		t.Errorf("place %+v, want configuration.nix:5", p)
	}
	if p := u.Sections["Service"]["User"][0].Alternatives[0].Place(); p.File != "configuration.nix" || p.Line != 6 {
		t.Errorf("place of User %+v, want configuration.nix:6", p)
	}
}

func TestScriptKeepsThePlaceOfEachLine(t *testing.T) {
	t.Parallel()
	inv := host(t, "{ pkgs, ... }: {\n  systemd.services.foo.script = ''\n    one ${pkgs.hello}\n    two\n  '';\n}")
	s := unit(t, inv, "foo.service").Scripts["start"].Alternatives[0]
	if s.Value != "one <pkgs.hello>\ntwo\n" {
		t.Errorf("script %q", s.Value)
	}
	if len(s.Lines) < 2 || s.Lines[0].Line != 3 || s.Lines[1].Line != 4 {
		t.Errorf("lines at %+v, want 3 and 4", s.Lines)
	}
}

func TestUnitTextIsThatOfNixOS(t *testing.T) {
	t.Parallel()
	inv := host(t, `{ pkgs, ... }: {
		systemd.services.foo = {
			description = "Foo";
			after = [ "network.target" "a.service" ];
			environment = { B = "two words"; A = "1"; };
			serviceConfig = { Type = "oneshot"; ExecStart = "${pkgs.foo}/bin/foo"; ReadWritePaths = [ "/a" "/b" ]; };
			startAt = "daily";
		};
	}`)
	text, partial := systemd.Render(unit(t, inv, "foo.service"), systemd.Show)
	want := `[Unit]
After=network.target a.service
Description=Foo

[Service]
Environment="A=1"
Environment="B=two words"
Environment="LOCALE_ARCHIVE=<pkgs.glibcLocales>/lib/locale/locale-archive"
Environment="PATH=<pkgs.coreutils>/bin:<pkgs.findutils>/bin:<pkgs.gnugrep>/bin:<pkgs.gnused>/bin:<pkgs.systemd>/bin:<pkgs.coreutils>/sbin:<pkgs.findutils>/sbin:<pkgs.gnugrep>/sbin:<pkgs.gnused>/sbin:<pkgs.systemd>/sbin"
Environment="TZDIR=<pkgs.tzdata>/share/zoneinfo"
ExecStart=<pkgs.foo>/bin/foo
ReadWritePaths=/a
ReadWritePaths=/b
Type=oneshot
`
	if partial || text != want {
		t.Errorf("got (partial %v)\n%s\nwant\n%s", partial, text, want)
	}
	if got := values(unit(t, inv, "foo.timer"), "Timer", "OnCalendar"); got != "daily" {
		t.Errorf("OnCalendar = %q, want daily", got)
	}
}

func TestTmpfilesRulesAndSettings(t *testing.T) {
	t.Parallel()
	inv := host(t, `{ lib, config, ... }: {
		systemd.tmpfiles.rules = [ "d /a 0755 root root -" ] ++ lib.optional config.services.bar.enable "d /b 0700 - - -";
		systemd.tmpfiles.settings.mine."/c".d = { mode = "0750"; user = "joe"; };
		systemd.user.tmpfiles.rules = [ "d %C/x" ];
		systemd.user.tmpfiles.users.joe.rules = [ "d %C/y" ];
		boot.initrd.systemd.tmpfiles.settings.early."/d".f = { };
	}`)
	var got []string
	for _, r := range inv.Hosts[0].Tmpfiles {
		got = append(got, r.Scope+"/"+r.File+": "+r.Line.Alternatives[0].Value)
	}
	want := "/00-nixos.conf: d /a 0755 root root -\n/00-nixos.conf: d /b 0700 - - -\n/mine.conf: 'd' '/c' '0750' 'joe' '-' '-' \n" +
		"user/00-nixos.conf: d %C/x\ninitrd/early.conf: 'f' '/d' '-' '-' '-' '-' \nuser/00-nixos-joe.conf: d %C/y"
	if strings.Join(got, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
}

func TestOverlaysAreNotedOnce(t *testing.T) {
	t.Parallel()
	inv := load(t, map[string]string{
		"flake.nix": `{
			inputs.nixpkgs.url = "github:NixOS/nixpkgs";
			outputs = { self, nixpkgs }: let
				pkgs = import nixpkgs { system = "x86_64-linux"; overlays = [ (final: prev: { }) self.overlays.default ]; };
				host = modules: nixpkgs.lib.nixosSystem { inherit modules; specialArgs = { extra = pkgs; }; };
			in {
				overlays.default = throw "it is not looked at";
				nixosConfigurations = { a = host [ ./a.nix ]; b = host [ ./a.nix ./none.nix ]; c = host [ ./none.nix ./plain.nix ]; };
			};
		}`,
		"a.nix":     `{ extra, ... }: { nixpkgs.overlays = [ (import ./overlay.nix) (final: prev: { }) ]; systemd.services.a.script = "${extra.hello}/bin/hello"; }`,
		"none.nix":  `{ lib, ... }: { nixpkgs.overlays = lib.mkIf false [ (final: prev: { }) ]; }`,
		"plain.nix": `{ pkgs, ... }: { nixpkgs.overlays = [ ]; nixpkgs.pkgs = import pkgs.path { overlays = [ ]; }; }`,
	})
	var got []string
	for _, p := range inv.Problems {
		if p.Severity != "notice" {
			t.Errorf("%s: %s", p.Severity, p.Message)
		}
		got = append(got, p.At.File+":"+itoa(p.At.Line)+" "+strings.Join(strings.Fields(p.Message)[:4], " "))
	}
	if want := "a.nix:1 overlays are not applied:, flake.nix:4 overlays are not applied:"; strings.Join(got, ", ") != want {
		t.Errorf("got %s, want %s", strings.Join(got, ", "), want)
	}
	for i := range inv.Hosts {
		if !inv.Hosts[i].Facts.Complete {
			t.Errorf("the facts of %s are not complete", inv.Hosts[i].Name)
		}
	}
}

func TestFoldersOfAHomeAreThoseOfItsAccount(t *testing.T) {
	t.Parallel()
	for users, want := range map[string]string{
		`{ isNormalUser = true; }`:                                                "joe /home/joe /home/joe/.config",
		`{ isNormalUser = true; name = "joseph"; }`:                               "joseph /home/joseph /home/joseph/.config",
		`{ isNormalUser = true; home = "/srv/joe"; }`:                             "joe /srv/joe /srv/joe/.config",
		`{ isSystemUser = true; }`:                                                "joe ? ?",
		`{ isNormalUser = true; } // { home = config.elsewhere; }`:                "joe ? ?",
		`{ isNormalUser = true; home = lib.mkIf config.elsewhere "/srv/joe"; }`:   "joe ? ?",
		`{ isNormalUser = lib.mkIf config.elsewhere true; description = "Joe"; }`: "joe ? ?",
	} {
		inv := host(t, `{ config, lib, ... }: { users.users.joe = `+users+`; home-manager.users.joe = { config, ... }: {
			home.stateVersion = "24.05";
			systemd.user.services.a.Service = { A = config.home.username; B = config.home.homeDirectory; C = config.xdg.configHome; };
		}; }`)
		if f := failures(inv); f != "" {
			t.Errorf("%s: %s", users, f)
		}
		if got := directives(unit(t, inv, "a.service")); got != want {
			t.Errorf("%s: %s, want %s", users, got, want)
		}
	}
	for module, want := range map[string]string{
		`home.stateVersion = "25.05";`:                                  "/home/me/.config /home/me/.local/state",
		`home.stateVersion = "20.03";`:                                  "? ?",
		`home.stateVersion = "20.03"; xdg.enable = true;`:               "/home/me/.config /home/me/.local/state",
		`home.stateVersion = "25.05"; xdg.configHome = "/etc/me";`:      "/etc/me /home/me/.local/state",
		`home.stateVersion = "25.05"; xdg.configHome = mkDefault "/x";`: "/x /home/me/.local/state",
		``: "? ?",
	} {
		inv := load(t, map[string]string{"flake.nix": `{ inputs.home-manager.url = "github:nix-community/home-manager"; outputs = { nixpkgs, home-manager, ... }: {
			homeConfigurations.me = home-manager.lib.homeManagerConfiguration { modules = [ ({ config, lib, ... }: with lib; {
				home.username = "me"; home.homeDirectory = "/home/me"; ` + module + `
				systemd.user.services.a.Service = { C = config.xdg.configHome; D = config.xdg.stateHome; };
			}) ]; }; }; }`})
		if got := directives(unit(t, inv, "a.service")); got != want {
			t.Errorf("%s: %s, want %s", module, got, want)
		}
	}
}

// directives are the values of the directives of [Service] that a unit has of A, B, C and D; ? for one that is not decided.
func directives(u *inventory.Unit) string {
	var out []string
	for _, name := range []string{"A", "B", "C", "D"} {
		for _, s := range u.Sections["Service"][name] {
			value := "?"
			if s.Decided() {
				value = s.Alternatives[0].Value
			}
			out = append(out, value)
		}
	}
	return strings.Join(out, " ")
}

func TestTheSystemThatAHostIsBuiltFor(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		`modules = [ ./m.nix { nixpkgs.hostPlatform = "aarch64-linux"; } ];`:                                                        "aarch64-linux arm <pkgs.arm-tool>",
		`modules = [ ./m.nix { nixpkgs.hostPlatform.system = "aarch64-linux"; } ];`:                                                 "aarch64-linux arm <pkgs.arm-tool>",
		`system = "x86_64-linux"; modules = [ ./m.nix ];`:                                                                           "x86_64-linux not <pkgs.tool>",
		`system = "x86_64-linux"; modules = [ ./m.nix ({ lib, ... }: { nixpkgs.hostPlatform = lib.mkDefault "aarch64-linux"; }) ];`: "aarch64-linux arm <pkgs.arm-tool>",
		`modules = [ ./m.nix { nixpkgs.system = "x86_64-linux"; } ];`:                                                               "x86_64-linux not <pkgs.tool>",
		`modules = [ ./m.nix ({ config, lib, ... }: { nixpkgs.hostPlatform = lib.mkIf config.elsewhere "x86_64-linux"; }) ];`:       "? ? ?",
		`modules = [ ./m.nix { nixpkgs.system = "x86_64-linux"; nixpkgs.crossSystem.system = "aarch64-linux"; } ];`:                 "? ? ?",
		`modules = [ ./m.nix ];`: "? ? ?",
		`modules = [ ./m.nix ({ pkgs, ... }: { nixpkgs.hostPlatform = pkgs.system; }) ];`:         "? ? ?",
		`modules = [ ./m.nix ]; specialArgs.pkgs = import nixpkgs { system = "aarch64-linux"; };`: "aarch64-linux arm <pkgs.arm-tool>",
		`modules = [ ./m.nix ]; specialArgs.pkgs = nixpkgs.legacyPackages.aarch64-linux;`:         "aarch64-linux arm <pkgs.arm-tool>",
	} {
		inv := load(t, map[string]string{
			"flake.nix": `{ outputs = { self, nixpkgs }: {
				packages.aarch64-linux.tool = nixpkgs.legacyPackages.aarch64-linux.arm-tool;
				packages.x86_64-linux.tool = nixpkgs.legacyPackages.x86_64-linux.tool;
				nixosConfigurations.box = nixpkgs.lib.nixosSystem ({ specialArgs.self = self; } // { ` + strings.ReplaceAll(args, "specialArgs.pkgs", "specialArgs.self = self; specialArgs.pkgs") + ` });
			}; }`,
			"m.nix": `{ pkgs, lib, self, ... }: { systemd.services.a.serviceConfig = {
				A = pkgs.stdenv.hostPlatform.system; B = if pkgs.hostPlatform.isAarch64 then "arm" else "not"; C = self.packages.${pkgs.system}.tool;
			}; }`,
		})
		if got := directives(unit(t, inv, "a.service")); got != want {
			t.Errorf("%s: %s, want %s", args, got, want)
		}
		if f := failures(inv); f != "" {
			t.Errorf("%s: %s", args, f)
		}
	}
}

func TestLinksOfAHomesUnitHaveAnOrder(t *testing.T) {
	t.Parallel()
	for range 8 {
		inv := host(t, `{ systemd.user.sockets.x = { Socket.ListenStream = "%t/x";
			Install = { RequiredBy = [ "x.service" ]; Alias = [ "y.socket" ]; WantedBy = [ "sockets.target" ]; }; }; }`)
		var got []string
		for _, l := range unit(t, inv, "x.socket").Links {
			got = append(got, l.Type)
		}
		if strings.Join(got, " ") != "wants requires alias" {
			t.Fatalf("links are %v", got)
		}
	}
}

func TestLooseModuleIsEnabled(t *testing.T) {
	t.Parallel()
	inv := load(t, map[string]string{
		"m.nix":   `{ lib, config, ... }: let cfg = config.my; in { options.my = { enable = lib.mkEnableOption "it"; port = lib.mkOption { type = lib.types.port; default = 80; }; }; config = lib.mkIf cfg.enable { systemd.services.foo = { script = "x"; serviceConfig.X = cfg.port; serviceConfig.Y = config.other.name; }; }; }`,
		"opt.nix": `{ lib, ... }: { options.other.name = lib.mkOption { default = "joe"; }; }`,
	})
	u := unit(t, inv, "foo.service")
	if got := values(u, "Service", "X") + " " + values(u, "Service", "Y"); got != "80 joe" {
		t.Errorf("got %q, want the defaults of both modules", got)
	}
	if u.Status != "active" {
		t.Errorf("status %s, want active", u.Status)
	}
}

// TestOptionsThatAreNotAllOfOne: a type alone may add to an option of a module elsewhere, which describes it, and what has no namespace is a
// submodule's.
func TestOptionsThatAreNotAllOfOne(t *testing.T) {
	t.Parallel()
	inv := load(t, map[string]string{
		"a.nix": `{ lib, config, ... }: { options = {
			services.nginx.virtualHosts = lib.mkOption { type = lib.types.attrsOf (lib.types.submodule { config.quic = true; }); };
			site.rooms = lib.mkOption { default = { }; type = lib.types.attrsOf (lib.types.submodule { }); };
			site.name = lib.mkOption { type = lib.types.str; };
		}; }`,
		"b.nix": `{ lib, config, ... }: { options.heading = lib.mkOption { type = lib.types.str; }; }`,
	})
	for _, o := range inv.Options {
		if adds := strings.HasPrefix(o.Description, "<unknown: it may add to an option"); adds != (o.Path == "services.nginx.virtualHosts") {
			t.Errorf("%s has the description %q", o.Path, o.Description)
		}
		if o.Internal != (o.Path == "heading") {
			t.Errorf("%s is internal: %t", o.Path, o.Internal)
		}
	}
	if len(inv.Options) != 4 {
		t.Errorf("options are %+v", inv.Options)
	}
}

func TestDirectivesCoverTheNextBinding(t *testing.T) {
	t.Parallel()
	inv := host(t, "{\n  # nixlint: ignore a/b -- why\n  systemd.services.foo = {\n    script = \"x\";\n  };\n  x = 1; # nixlint: ignore c/d -- that\n}")
	for _, f := range inv.Files {
		if f.Path != "a.nix" {
			continue
		}
		if len(f.Directives) != 2 || f.Directives[0].Text != "ignore a/b -- why" || f.Directives[0].Covers.Line != 3 || f.Directives[0].Covers.EndLine != 5 || f.Directives[1].Covers.Line != 6 {
			t.Errorf("directives %+v", f.Directives)
		}
		return
	}
	t.Error("a.nix is not in the inventory")
}

func TestNothingIsReadOutsideOfTheRoot(t *testing.T) {
	t.Parallel()
	inv := host(t, `{ imports = [ ../secret.nix /etc/nixos/x.nix ]; systemd.services.foo = { script = "x"; serviceConfig.X = builtins.readFile /etc/passwd; }; }`)
	if got := values(unit(t, inv, "foo.service"), "Service", "X"); !strings.Contains(got, "outside of the root") {
		t.Errorf("X = %q, want unknown because it is outside", got)
	}
	if !slices.ContainsFunc(inv.Problems, func(p inventory.Problem) bool {
		return p.Severity == "notice" && strings.Contains(p.Message, "/etc/passwd, outside of the root") && p.At != nil
	}) {
		t.Errorf("problems %+v, want a notice of what was not read", inv.Problems)
	}
	if len(inv.Hosts[0].Missing) < 2 {
		t.Errorf("missing %+v, want both imports", inv.Hosts[0].Missing)
	}
}

func TestCommentedOutUnitIsFoundWithItsLines(t *testing.T) {
	t.Parallel()
	inv := host(t, "{\n  # a note on systemd.services\n  # systemd.services.foo = {\n  #   script = ''\n  #     echo; date\n  #   '';\n  # };\n  networking.hostName = \"x\";\n}")
	u := unit(t, inv, "foo.service")
	if d := u.Definitions[0]; u.Status != "commented" || d.File != "a.nix" || d.Line != 3 || d.EndLine != 7 {
		t.Errorf("got %s at %+v, want commented at lines 3 to 7", u.Status, d)
	}
}

func TestWithFindsWhatIsKnownToExist(t *testing.T) {
	t.Parallel()
	inv := host(t, `{ lib, pkgs, ... }: with lib; with pkgs; {
		systemd.services.foo.serviceConfig = { X = concatStringsSep " " (optional true "${hello}/bin/x"); Y = with types; toString (mkDefault "1").content; };
	}`, serviceHead)
	u := unit(t, inv, "foo.service")
	if got := values(u, "Service", "X") + ", " + values(u, "Service", "Y"); got != "<pkgs.hello>/bin/x, 1" {
		t.Errorf("got %q; problems: %s", got, failures(inv))
	}
}

func TestHostsOfFlakeUtilsAndFlakeParts(t *testing.T) {
	t.Parallel()
	module := `{ systemd.services.foo.script = "x"; }`
	for name, flake := range map[string]string{
		"flake-utils": `{
			inputs.nixpkgs.url = "nixpkgs"; inputs.flake-utils.url = "github:numtide/flake-utils";
			outputs = { self, nixpkgs, flake-utils }: flake-utils.lib.eachDefaultSystem (system: { packages.x = nixpkgs.legacyPackages.${system}.hello; })
				// { nixosConfigurations.box = nixpkgs.lib.nixosSystem { modules = [ self.nixosModules.a ]; }; nixosModules.a = ./a.nix; };
		}`,
		"flake-parts": `{
			inputs.nixpkgs.url = "nixpkgs"; inputs.parts.url = "github:hercules-ci/flake-parts";
			outputs = inputs@{ self, nixpkgs, parts, ... }: parts.lib.mkFlake { inherit inputs; } {
				systems = [ "x86_64-linux" ];
				imports = [ ./hosts.nix ];
				perSystem = { pkgs, ... }: { packages.x = pkgs.hello; };
			};
		}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inv := load(t, map[string]string{
				"flake.nix": flake, "a.nix": module,
				"hosts.nix": `{ inputs, self, withSystem, ... }: { flake.nixosConfigurations.box = withSystem "x86_64-linux" ({ pkgs, ... }: inputs.nixpkgs.lib.nixosSystem { modules = [ ./a.nix ]; }); }`,
			})
			if unit(t, inv, "foo.service"); inv.Hosts[0].Name != "box" || failures(inv) != "" {
				t.Errorf("host %s, problems: %s", inv.Hosts[0].Name, failures(inv))
			}
		})
	}
}

func TestSystemsInsideOfAHost(t *testing.T) {
	t.Parallel()
	inv := load(t, map[string]string{
		"configuration.nix": `{ pkgs, ... }: {
			networking.hostName = "box";
			home-manager.extraSpecialArgs = { who = "joe"; };
			home-manager.users.joe = { imports = [ ./home.nix ]; };
			containers.db = { autoStart = true; config = { ... }: { systemd.services.inner.script = "x"; }; };
			specialisation.other.configuration = { };
			environment.etc."systemd/journald.conf".text = "[Journal]";
		}`,
		"home.nix": `{ who, osConfig, ... }: { systemd.user.services.home = { Service = { ExecStart = "/bin/${who} ${osConfig.networking.hostName}"; }; Install.WantedBy = [ "default.target" ]; }; }`,
	})
	home := unit(t, inv, "home.service")
	if got := values(home, "Service", "ExecStart"); got != "/bin/joe box" || home.Scope != "user" || len(home.Links) != 1 {
		t.Errorf("home.service: %s %q, links %+v", home.Scope, got, home.Links)
	}
	unit(t, inv, "inner.service")
	if len(inv.Hosts) != 2 || inv.Hosts[1].Name != "configuration/db" {
		t.Errorf("hosts %+v, want the container as one of its own", inv.Hosts)
	}
	var missing []string
	for _, m := range inv.Hosts[0].Missing {
		missing = append(missing, m.Name)
	}
	if got := strings.Join(missing, ", "); got != "specialisation, environment.etc.systemd/journald.conf" {
		t.Errorf("missing %q: what is not judged is to be said", got)
	}
}

func TestScriptThatACommandRunsIsKept(t *testing.T) {
	t.Parallel()
	inv := host(t, "{ pkgs, lib, ... }: let app = pkgs.writeShellApplication { name = \"app\"; text = \"two\"; }; in {\n  systemd.services.foo.serviceConfig = {\n    ExecStart = \"${pkgs.writeShellScript \"run\" ''\n      one ${pkgs.hello}\n    ''} arg\";\n    ExecStop = lib.getExe app;\n  };\n}")
	u := unit(t, inv, "foo.service")
	start := u.Scripts["ExecStart"].Alternatives
	if len(start) != 1 || start[0].Value != "one <pkgs.hello>\n" || len(start[0].Lines) == 0 || start[0].Lines[0].Line != 4 {
		t.Errorf("ExecStart runs %+v, want the script of line 4", start)
	}
	if stop := u.Scripts["ExecStop"].Alternatives; len(stop) != 1 || stop[0].Value != "two" {
		t.Errorf("ExecStop runs %+v, want two", stop)
	}
}

func TestLimitThatIsReachedIsSaid(t *testing.T) {
	t.Parallel()
	for name, module := range map[string]string{
		"a functor that returns itself": `let f = { __functor = self: self; }; in { imports = [ f ]; }`,
		"a list that doubles":           `let d = n: if n == 0 then [ 1 2 ] else let x = d (n - 1); in x ++ x; in { systemd.services.foo.serviceConfig.X = d 60; }`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := failures(host(t, module, serviceHead)); !strings.Contains(got, "limit reached") {
				t.Errorf("problems %q, want the limit", got)
			}
		})
	}
}

func TestManyConditionsOfOneValueAreOneUnknown(t *testing.T) {
	t.Parallel()
	var parts, text strings.Builder
	for i := range 60 {
		n := strconv.Itoa(i)
		parts.WriteString(" // lib.optionalAttrs config.services.s" + n + ".enable { X = " + n + "; }")
		text.WriteString("${if config.services.s" + n + ".enable then \"a\" else \"b\"}")
	}
	inv := host(t, `{ lib, config, ... }: { systemd.services.foo.serviceConfig = { Y = "`+text.String()+`"; }`+parts.String()+`; }`, serviceHead)
	u := unit(t, inv, "foo.service")
	for _, directive := range []string{"X", "Y"} {
		s := u.Sections["Service"][directive][0]
		if len(s.Alternatives) != 1 || s.Alternatives[0].Known {
			t.Errorf("%s has %d alternatives, want one that is unknown", directive, len(s.Alternatives))
		}
	}
}

func TestFlakeWhoseHostsAreNotKnownIsANotice(t *testing.T) {
	t.Parallel()
	inv := load(t, map[string]string{
		"flake.nix": `{ inputs.other.url = "github:a/b"; outputs = { other, ... }: other.lib.make { }; }`,
		"a.nix":     `{ ... }: { systemd.services.foo.script = "x"; }`,
	})
	unit(t, inv, "foo.service")
	if len(inv.Problems) != 1 || inv.Problems[0].Severity != "notice" || !strings.Contains(inv.Problems[0].Message, "flake input other is not in the tree") {
		t.Errorf("problems %+v, want one notice", inv.Problems)
	}
}

// TestBadModulesAreProblems: each is said where it stands, with the other place where there is one, and hides no other module.
func TestBadModulesAreProblems(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"conflict": {map[string]string{
			"a.nix": `{ systemd.services.web = { description = "A"; serviceConfig.User = "a"; }; }`,
			"z.nix": `{ systemd.services.web = { description = "B"; serviceConfig.User = "b"; }; }`,
		}, []string{
			"z.nix:1:42: description of web.service has conflicting definitions; a.nix:1:42: the other definition",
			"z.nix:1:68: Service.User of web.service has conflicting definitions; a.nix:1:68: the other definition",
		}},
		"type": {map[string]string{
			"a.nix": `{ lib, ... }: { options.my.port = lib.mkOption { type = lib.types.port; description = "p"; }; }`,
			"z.nix": `{ config, ... }: { my.port = "x"; systemd.services.web.serviceConfig.ExecStart = "/bin/x ${toString config.my.port}"; }`,
		}, []string{`z.nix:1:30: option my.port expects port, found "x"; a.nix:1:35: the option is declared`}},
		"unit option": {
			map[string]string{"a.nix": `{ systemd.services.web = { sandbox = true; serviceConfig.ExecStart = "x"; }; }`},
			[]string{"a.nix:1:28: sandbox is no option of systemd.services"},
		},
		"strategy": {
			map[string]string{"a.nix": `{ systemd.services.web = { overrideStrategy = "drop"; serviceConfig.ExecStart = "x"; }; }`},
			[]string{`a.nix:1:47: overrideStrategy of web.service expects one of asDropinIfExists, asDropin, found "drop"`},
		},
		"missing": {
			map[string]string{"a.nix": "{ imports = [\n  ./b.nix\n  ./gone.nix\n]; }", "b.nix": "{ }"},
			[]string{"a.nix:3:3: gone.nix does not exist"},
		},
		"files that import each other": {map[string]string{
			"a.nix": `{ systemd.services.web.serviceConfig.ExecStart = (import ./b.nix).x; }`, "b.nix": `import ./parts/c.nix`, "parts/c.nix": `{ x = 1; } // import ../b.nix`,
		}, []string{"parts/c.nix:1:15: files import each other without end: b.nix → parts/c.nix → b.nix"}},
		"imports that need config": {map[string]string{
			"a.nix": `{ config, ... }: { imports = if config.x then [ ./b.nix ] else [ ]; systemd.services.web.serviceConfig.ExecStart = "x"; }`, "b.nix": "{ }",
		}, []string{"a.nix:1:33: which modules there are depends on config.x, which they define"}},
		"syntax": {map[string]string{"a.nix": `{ systemd.services.web = {`}, []string{"a.nix:1:27: found end of file"}},
		"throw":  {map[string]string{"a.nix": `{ systemd.services.web.serviceConfig = { ExecStart = throw "no"; User = "x"; }; }`}, []string{"a.nix:1:61: no"}},
		"asserts": {
			map[string]string{"a.nix": `{ assertions = [ { assertion = 1 == 2; message = "one is not two"; } { assertion = true; message = "x"; } ]; warnings = [ "careful" ]; }`},
			[]string{"a.nix:1:18: the assertion fails: one is not two", "a.nix:1:124: the configuration warns: careful"},
		},
		"assertion that does not evaluate, and one that is not decided": {
			map[string]string{"a.nix": `{ config, ... }: { assertions = [ { assertion = throw "no"; message = "m"; } { assertion = config.networking.nftables.enable; message = "m"; } ]; }`},
			[]string{"a.nix:1:35: the assertion does not evaluate: no"},
		},
		"asserts of a user and of a container": {
			map[string]string{"a.nix": `{ home-manager.users.me.assertions = [ { assertion = false; message = "of me"; } ];
  containers.box.config = { assertions = [ { assertion = false; message = "of box"; } ]; warnings = [ "boxed" ]; }; }`},
			[]string{"a.nix:1:40: the assertion fails: of me", "a.nix:2:44: the assertion fails: of box", "a.nix:2:104: the configuration warns: boxed"},
		},
		"renamed": {
			map[string]string{"a.nix": `{ lib, ... }: { imports = [ (lib.mkRenamedOptionModule [ "my" "old" ] [ "my" "new" ]) (lib.mkAliasOptionModule [ "my" "also" ] [ "my" "new" ]) ];
  options.my.new = lib.mkOption { type = lib.types.listOf lib.types.int; };
  config.my = { old = [ 1 ]; also = [ 2 ]; }; }`},
			[]string{"a.nix:3:23: option my.old is renamed to my.new"},
		},
		"removed": {
			map[string]string{"a.nix": `{ lib, ... }: { imports = [ (lib.mkRemovedOptionModule [ "my" "old" ] "use my.new") ]; my.old = 1; }`},
			[]string{"a.nix:1:97: option my.old is removed: use my.new"},
		},
		"removed, not used": {map[string]string{"a.nix": `{ lib, ... }: { imports = [ (lib.mkRemovedOptionModule [ "my" "old" ] "use my.new") ]; my.old = lib.mkIf false 1; }`}, nil},
	} {
		files, modules := map[string]string{"good.nix": `{ systemd.services.good = { script = "x"; }; }`}, []string{"./good.nix"}
		maps.Copy(files, c.files)
		for _, name := range []string{"a.nix", "z.nix"} { // the others are imported
			if files[name] != "" {
				modules = append(modules, "./"+name)
			}
		}
		files["flake.nix"] = `{ inputs.nixpkgs.url = "github:NixOS/nixpkgs"; outputs = { nixpkgs, ... }: {
  nixosConfigurations.box = nixpkgs.lib.nixosSystem { modules = [ ` + strings.Join(modules, "\n") + ` ]; }; }; }`
		inv := load(t, files)
		var got []string
		for _, p := range inv.Problems {
			parts := []string{fmt.Sprintf("%s:%d:%d: %s", p.At.File, p.At.Line, p.At.Column, p.Message)}
			for _, n := range p.Notes {
				parts = append(parts, fmt.Sprintf("%s:%d:%d: %s", n.At.File, n.At.Line, n.At.Column, n.Message))
			}
			got = append(got, strings.Join(parts, "; "))
		}
		for _, want := range c.want {
			if !slices.ContainsFunc(got, func(text string) bool { return strings.HasPrefix(text, want) }) {
				t.Errorf("%s: got\n  %s\nwant %s", name, strings.Join(got, "\n  "), want)
			}
		}
		if len(got) > len(c.want) {
			t.Errorf("%s: got\n  %s\nwant %d problems", name, strings.Join(got, "\n  "), len(c.want))
		}
		if len(inv.Hosts) == 0 || !slices.ContainsFunc(inv.Hosts[0].Units, func(u inventory.Unit) bool { return u.Name == "good.service" }) {
			t.Errorf("%s: the other module is hidden", name)
		}
	}
}

// TestUtilsAttrTagAndOptionFiles: the argument utils as far as units need it, types.attrTag with the defaults below its tags, and where
// options are defined.
func TestUtilsAttrTagAndOptionFiles(t *testing.T) {
	t.Parallel()
	inv := host(t, `{ lib, config, options, utils, ... }: {
		options.my.how = lib.mkOption { default.quick.level = 1; description = "h"; type = lib.types.attrTag {
			slow = lib.mkOption { type = lib.types.int; };
			quick = lib.mkOption { type = lib.types.submodule { options.level = lib.mkOption { type = lib.types.int; }; options.extra = lib.mkOption { type = lib.types.str; default = "more"; }; }; };
		}; };
		options.my.set = lib.mkOption { default = { }; description = "s"; type = lib.types.attrsOf utils.systemdUtils.unitOptions.unitOption; };
		config.my.how.quick.level = 3;
		config.my.set = lib.mkMerge [ { A = "x"; B = 1; } { A = [ "y" ]; B = 1; } ];
		config.systemd.services.x.serviceConfig = {
			ExecStart = "/bin/x ${utils.escapeSystemdExecArgs [ "a b" "100%" "$x" ]} ${utils.escapeSystemdPath "/a-b//c/"}";
			Nice = config.my.how.quick.level;
			User = config.my.how.quick.extra;
			ReadWritePaths = config.my.set.A;
			Slice = "${baseNameOf (builtins.head options.my.how.files)}.slice";
		};
	}`)
	u := unit(t, inv, "x.service")
	for directive, want := range map[string]string{
		"ExecStart": `/bin/x "a b" "100%%" "$$x" a\x2db-c`, "Nice": "3", "User": "more", "ReadWritePaths": "x, y", "Slice": "a.nix.slice",
	} {
		if got := values(u, "Service", directive); got != want {
			t.Errorf("%s = %q, want %q", directive, got, want)
		}
	}
	for _, p := range inv.Problems {
		t.Error(p.Message)
	}
	bad := host(t, `{ lib, config, ... }: {
		options.my.how = lib.mkOption { description = "h"; type = lib.types.attrTag { a = lib.mkOption { type = lib.types.int; }; }; };
		config.my.how.b = 1;
		config.systemd.services.x.serviceConfig.ExecStart = "${toString config.my.how.a}";
	}`)
	if len(bad.Problems) != 1 || !strings.Contains(bad.Problems[0].Message, "option my.how expects one of the attributes a") {
		t.Errorf("problems %+v, want one of a wrong tag", bad.Problems)
	}
}

// TestASubmoduleMayExtendOneOfNixOS: what its modules do not declare may be declared elsewhere, and is no mistake.
func TestASubmoduleMayExtendOneOfNixOS(t *testing.T) {
	t.Parallel()
	jobs := `options.services.backup.jobs = lib.mkOption { description = "j"; type = lib.types.attrsOf (lib.types.submodule (`
	for module, problems := range map[string]int{
		jobs + `{ options.snapshots = lib.mkOption { type = lib.types.bool; default = true; }; config.hook = "x"; })); };`: 0,
		jobs + `{ options.paths = lib.mkOption { apply = x: x; }; })); };`:                                                 0,
		jobs + `{ options.snapshots = lib.mkOption { type = lib.types.bool; default = true; }; })); };`:                    1,
	} {
		inv := host(t, `{ lib, config, ... }: { `+module+`
			config.services.backup.jobs.one.repo = "/r";
			config.systemd.services.x.serviceConfig.ExecStart = "/bin/x ${config.services.backup.jobs.one.repo}";
		}`)
		if len(inv.Problems) != problems {
			t.Errorf("%s: problems %+v, want %d", module, inv.Problems, problems)
		}
	}
}

// TestLooseAssertions looks at an assertion of a module that no host imports: it is a notice.
func TestLooseAssertions(t *testing.T) {
	t.Parallel()
	inv := load(t, map[string]string{"a.nix": `{ config, lib, ... }: {
  options.my.enable = lib.mkEnableOption "it";
  config = lib.mkIf config.my.enable { assertions = [ { assertion = !config.my.enable; message = "never"; } ]; systemd.services.a.script = "x"; }; }`})
	if len(inv.Problems) != 1 || inv.Problems[0].Severity != "notice" || inv.Problems[0].Message != "the assertion fails if all that the module declares is enabled: never" {
		t.Errorf("got %+v", inv.Problems)
	}
}

// TestLooseModuleHasWhatItsAssertionsAskFor: a host that uses the module gives an option a value without which an assertion fails.
func TestLooseModuleHasWhatItsAssertionsAskFor(t *testing.T) {
	t.Parallel()
	for assertion, want := range map[string]string{
		`cfg.folder != null || cfg.remote != null`: "/a, <unknown: option a.folder has no value, and an assertion asks for one>",
		`cfg.enable`:       "/a, ",
		`cfg.size != null`: "/a, ", // it has nothing to do with the folder
	} {
		inv := load(t, map[string]string{"m.nix": `{ config, lib, ... }: let cfg = config.a; in {
			options.a = {
				enable = lib.mkEnableOption "a";
				folder = lib.mkOption { type = lib.types.nullOr lib.types.str; default = null; };
				remote = lib.mkOption { type = lib.types.nullOr lib.types.str; default = null; };
				size = lib.mkOption { type = lib.types.nullOr lib.types.int; default = null; };
			};
			config = lib.mkIf cfg.enable {
				assertions = [ { assertion = ` + assertion + `; message = "m"; } ];
				systemd.services.x.serviceConfig = { ExecStart = "/bin/x"; ReadWritePaths = [ "/a" cfg.folder ]; };
			};
		}`})
		if got := values(unit(t, inv, "x.service"), "Service", "ReadWritePaths"); got != want {
			t.Errorf("%s: ReadWritePaths is %q, want %q", assertion, got, want)
		}
		failed := slices.ContainsFunc(inv.Problems, func(p inventory.Problem) bool { return strings.HasPrefix(p.Message, "the assertion fails") })
		if failed != (assertion != "cfg.enable") {
			t.Errorf("%s: problems %+v", assertion, inv.Problems)
		}
	}
}

// TestLooseModuleAssumesGuards reads units below conditions that the defaults of a module's options make false: some host may set them.
func TestLooseModuleAssumesGuards(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ config, status, why string }{
		"around the unit":         {`systemd.services.x = lib.mkIf cfg.sync { serviceConfig.ExecStart = "/bin/x"; };`, inventory.Guarded, ""},
		"around the units":        {`systemd.services = lib.mkIf cfg.sync { x.serviceConfig.ExecStart = "/bin/x"; };`, inventory.Guarded, ""},
		"a contrary":              {`systemd.services.x = lib.mkIf (!cfg.enable) { serviceConfig.ExecStart = "/bin/x"; };`, inventory.Guarded, ""},
		"a raw unit":              {`systemd.units."x.service" = lib.mkIf cfg.sync { text = "[Service]\nExecStart=/bin/x\n"; };`, inventory.Guarded, ""},
		"enable":                  {`systemd.services.x = { enable = cfg.sync; serviceConfig.ExecStart = "/bin/x"; };`, inventory.Guarded, ""},
		"optionalAttrs":           {`systemd.services = lib.optionalAttrs cfg.sync { x.serviceConfig.ExecStart = "/bin/x"; };`, inventory.Guarded, "was not evaluated"},
		"if":                      {`systemd.services = if cfg.sync then { x.serviceConfig.ExecStart = "/bin/x"; } else { };`, inventory.Guarded, "was not evaluated"},
		"false":                   {`systemd.services.x = lib.mkIf false { serviceConfig.ExecStart = "/bin/x"; };`, inventory.Disabled, ""},
		"enable false":            {`systemd.services.x = { enable = false; serviceConfig.ExecStart = "/bin/x"; };`, inventory.Disabled, ""},
		"inside of a unit":        {`systemd.services.x.serviceConfig = { ExecStart = "/bin/x"; User = lib.mkIf cfg.sync "root"; };`, inventory.Active, ""},
		"in two places":           {`systemd.services.x = lib.mkMerge [ (lib.mkIf cfg.sync { serviceConfig.ExecStart = "/bin/x"; }) (lib.mkIf cfg.sync { wantedBy = [ "a.target" ]; }) ];`, inventory.Guarded, ""},
		"beside one that counts":  {`systemd.services.x = lib.mkMerge [ { serviceConfig.ExecStart = "/bin/x"; } (lib.mkIf cfg.sync { serviceConfig.User = "root"; }) ];`, inventory.Active, ""},
		"what is null by default": {`systemd.services.x = lib.mkIf (cfg.key != null) { serviceConfig.ExecStart = "/bin/x ${cfg.key}"; };`, inventory.Guarded, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inv := load(t, map[string]string{"m.nix": `{ config, lib, ... }: let cfg = config.a; in {
				options.a = {
					enable = lib.mkEnableOption "a";
					sync = lib.mkOption { type = lib.types.bool; default = false; };
					key = lib.mkOption { type = lib.types.nullOr lib.types.str; default = null; };
				};
				config = lib.mkIf cfg.enable { ` + tc.config + ` };
			}`})
			u := unit(t, inv, "x.service")
			if u.Status != tc.status || !strings.Contains(u.Open, tc.why) || tc.why == "" && u.Open != "" {
				t.Errorf("%s, open because %q, want %s, %q", u.Status, u.Open, tc.status, tc.why)
			}
			said := slices.ContainsFunc(inv.Hosts[0].Missing, func(m inventory.Missing) bool { return m.Name == "x.service in m.nix" })
			if said != (tc.why != "") {
				t.Errorf("missing: %+v", inv.Hosts[0].Missing)
			}
		})
	}
}

// TestAPartOfAFileIsAModule: what a host has of a file that is no module as a whole is not the file's own as well.
func TestAPartOfAFileIsAModule(t *testing.T) {
	t.Parallel()
	inv := load(t, map[string]string{
		"flake.nix": `{ inputs.nixpkgs.url = "github:NixOS/nixpkgs"; outputs = { nixpkgs, ... }: {
			nixosConfigurations.box = nixpkgs.lib.nixosSystem { modules = [ (import ./box.nix).hardware ]; };
		}; }`,
		"box.nix": `{ hardware = { ... }: { systemd.services.x.script = "x"; }; }`,
	})
	for _, h := range inv.Hosts {
		if len(h.Units) != 1 && h.Name == "box" || len(h.Units) > 0 && h.Name != "box" {
			t.Errorf("%s has %+v", h.Name, h.Units)
		}
	}
}

// TestOverridesOfShippedUnitsAreDropins looks at which units NixOS writes as NAME.d/overrides.conf: those that it links from systemd.
func TestOverridesOfShippedUnitsAreDropins(t *testing.T) {
	t.Parallel()
	inv := host(t, `{
		systemd.targets.multi-user.wants = [ "a.service" ];
		systemd.services.systemd-resolved = { serviceConfig.ExecStart = "x"; };
		systemd.services."getty@tty1" = { serviceConfig.ExecStart = "x"; };
		systemd.services.mine.script = "x";
		systemd.additionalUpstreamSystemUnits = [ "systemd-network-generator.service" ];
		systemd.services.systemd-network-generator.script = "x";
		systemd.suppressedSystemUnits = [ "systemd-backlight@.service" ];
		systemd.services."systemd-backlight@".script = "x";
		systemd.user.services."user@".script = "x";
		systemd.user.targets.default.wants = [ "a.service" ];
	}`)
	want := map[string]bool{
		"system/multi-user.target": true, "system/systemd-resolved.service": true, "system/getty@tty1.service": false, "system/mine.service": false,
		"system/systemd-network-generator.service": true, "system/systemd-backlight@.service": false, "user/user@.service": false, "user/default.target": true,
	}
	for _, u := range inv.Hosts[0].Units {
		key := u.Scope + "/" + u.Name
		if drops, known := want[key]; !known || drops != u.Dropin || drops != (u.Completeness == inventory.Partial) {
			t.Errorf("%s: drop-in %v, %s, want drop-in %v", key, u.Dropin, u.Completeness, drops)
		}
		delete(want, key)
	}
	if len(want) > 0 {
		t.Errorf("not found: %v", want)
	}
}

// TestEachPlaceOutOfSightIsSaid: that one file has such a place says nothing of another.
func TestEachPlaceOutOfSightIsSaid(t *testing.T) {
	t.Parallel()
	text := `{ config, lib, ... }: { options.NAME.list = lib.mkOption { type = lib.types.listOf lib.types.str; default = [ ]; };
		config.systemd.services = lib.genAttrs config.NAME.list (n: { script = "x"; }); }`
	inv := load(t, map[string]string{"m.nix": strings.ReplaceAll(text, "NAME", "m"), "n.nix": strings.ReplaceAll(text, "NAME", "n")})
	var got []string
	for _, m := range inv.Hosts[0].Missing {
		got = append(got, m.Name)
	}
	if want := []string{"config.systemd.services in m.nix", "config.systemd.services in n.nix"}; !slices.Equal(got, want) {
		t.Errorf("missing %q, want %q", got, want)
	}
}

// TestUnitsOfComputedNamesAreSaid looks at modules that make units of what a host lists: without a host they make none.
func TestUnitsOfComputedNamesAreSaid(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		config string
		said   bool
	}{
		"of a list":            {`systemd.services = lib.listToAttrs (map (n: lib.nameValuePair "x-${n}" { script = "x"; }) cfg.list);`, true},
		"of a list, guarded":   {`systemd.services = lib.mkIf (cfg.list != [ ]) (lib.genAttrs cfg.list (n: { script = "x"; }));`, true},
		"of a dynamic name":    {`systemd = lib.mkMerge (map (n: { services.${n}.script = "x"; }) cfg.list);`, true},
		"of a name":            {`systemd.services.${cfg.name}.script = "x";`, false},
		"of a list that holds": {`systemd.services = lib.genAttrs [ "a" "b" ] (n: { script = "x"; });`, false},
		"below a condition":    {`systemd.services = lib.optionalAttrs (builtins.length cfg.list > 0) { a.script = "x"; };`, false}, // the unit is said
		"below a set":          {`systemd.services.a.environment = lib.genAttrs cfg.list (n: "x");`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inv := load(t, map[string]string{"m.nix": `{ config, lib, ... }: let cfg = config.a; in {
				options.a.list = lib.mkOption { type = lib.types.listOf lib.types.str; default = [ ]; };
				options.a.name = lib.mkOption { type = lib.types.str; default = "a"; };
				config = { ` + tc.config + ` };
			}`})
			said := slices.ContainsFunc(inv.Hosts[0].Missing, func(m inventory.Missing) bool {
				return m.Name == "config.systemd.services in m.nix" && strings.Contains(m.Why, "makes none")
			})
			if said != tc.said {
				t.Errorf("missing: %+v, units %+v", inv.Hosts[0].Missing, inv.Hosts[0].Units)
			}
		})
	}
}

// TestAssumedUnitsHaveOtherOptions: with the default of an option that a condition reads the unit is not there, so that is not its value.
func TestAssumedUnitsHaveOtherOptions(t *testing.T) {
	t.Parallel()
	inv := load(t, map[string]string{"m.nix": `{ config, lib, ... }: let cfg = config.a; in {
		options.a.enable = lib.mkEnableOption "a";
		options.a.db = lib.mkOption { type = lib.types.str; default = "sqlite"; };
		options.a.port = lib.mkOption { type = lib.types.port; default = 80; };
		config = lib.mkIf (cfg.enable && cfg.db == "pg") {
			systemd.services.x.serviceConfig = {
				ExecStart = "/bin/x ${cfg.db}"; SyslogIdentifier = toString cfg.port; Restart = lib.mkIf cfg.enable "always"; User = lib.mkIf (cfg.db == "pg") "pg";
			};
		};
		imports = [
			{ systemd.services.y.serviceConfig.ExecStart = "/bin/y ${cfg.db}"; }
			{ systemd.services.z = lib.mkIf (config.a.db == "pg") { serviceConfig.ExecStart = "/bin/z ${toString config.a.port}"; }; }
		];
	}`})
	x := unit(t, inv, "x.service")
	for directive, want := range map[string]string{
		"ExecStart":        "/bin/x <unknown: option a.db is not what it is by default: the unit's condition asks for another value>",
		"SyslogIdentifier": "80", "Restart": "always", "User": `pg if cfg.db == "pg" | (absent) if !(cfg.db == "pg")`,
	} {
		if got := values(x, "Service", directive); got != want {
			t.Errorf("%s = %q, want %q", directive, got, want)
		}
	}
	if got := values(unit(t, inv, "y.service"), "Service", "ExecStart"); got != "/bin/y sqlite" {
		t.Errorf("ExecStart of a unit without condition = %q, want the default", got)
	}
	if got := values(unit(t, inv, "z.service"), "Service", "ExecStart"); got != "/bin/z 80" {
		t.Errorf("ExecStart = %q, want the default: the condition reads another option of the same set", got)
	}
}

// TestAssumedUnitsSayNoFailures: what a condition asks for is not there when the unit is only assumed, and nobody has to mend that.
func TestAssumedUnitsSayNoFailures(t *testing.T) {
	t.Parallel()
	inv, problems, err := nixos.Load(context.Background(), source.NewTree(fstest.MapFS{"m.nix": {Data: []byte(`{ config, lib, ... }: let cfg = config.a; in {
		options.a.key = lib.mkOption { type = lib.types.nullOr lib.types.str; default = null; };
		config = lib.mkMerge [
			(lib.mkIf (cfg.key != null) {
				systemd.services.x.serviceConfig = { ExecStart = "/bin/x ${cfg.key}"; };
				systemd.tmpfiles.rules = [ "d ${cfg.key}" ];
			})
			{ systemd.services.y.serviceConfig.ExecStart = "/bin/y ${cfg.key}"; }
		];
	}`)}}), []string{"."}, nixos.Inputs{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range problems {
		got = append(got, fmt.Sprintf("%d: %s", inventory.At(p.Span).Line, p.Message))
	}
	want := []string{"8: does not evaluate without a host: cannot coerce null to a string"}
	if !slices.Equal(got, want) {
		t.Errorf("said %q, want %q", got, want)
	}
	if x := values(unit(t, inv, "x.service"), "Service", "ExecStart"); !strings.Contains(x, "<unknown: option a.key is not what it is by default") {
		t.Errorf("ExecStart = %q, want it unknown", x)
	}
}
