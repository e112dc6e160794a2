package policy

import (
	"fmt"
	"io/fs"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/open-policy-agent/opa/v1/ast"
)

// folderOf is a folder of the files of a test, name and text after the imports, among enough others that it is compiled in portions.
func folderOf(t *testing.T, files map[string]string) *folder {
	t.Helper()
	const fillers = 3 * minPortion
	all := map[string]string{}
	for i := range fillers {
		all[fmt.Sprintf("filler/rule-%02d/rule-%02d.rego", i, i)] = "report contains lib.finding(\"fail\", [], \"x\") if input.name\n"
	}
	maps.Copy(all, files)
	fsys := fstest.MapFS{}
	for file, text := range all {
		if !strings.Contains(text, "package ") {
			name := strings.NewReplacer("/", ".", "-", "_").Replace(file[:strings.LastIndex(file, "/")])
			text = "package nixlint.rules." + name + "\n\nimport data.nixlint.lib\nimport future.keywords.not\n\n" + text
		}
		fsys[file] = &fstest.MapFile{Data: []byte(text)}
	}
	modules, err := parse(fs.FS(fsys), "site/")
	if err != nil {
		t.Fatal(err)
	}
	return newFolder(modules)
}

// The signatures of the library find the mistakes that the library itself does, and a mistake is found wherever its pieces are.
func TestPortionsFindTheMistakesThatOneCompilerDoes(t *testing.T) {
	const report = "report contains lib.finding(\"fail\", [], \"x\") if "
	for name, c := range map[string]struct {
		files map[string]string
		want  string // of what both say
	}{
		"an unknown helper":         {map[string]string{"a/b/b.rego": report + "lib.fnding(1)\n"}, "undefined function data.nixlint.lib.fnding: the library has no such helper"},
		"too few arguments":         {map[string]string{"a/b/b.rego": report + "lib.is(\"Service\", \"Type\")\n"}, "has arity 3, got 2"},
		"a wrong argument":          {map[string]string{"a/b/b.rego": report + "lib.finding(1, [], \"y\")\n"}, "invalid argument(s)"},
		"a wrong use of a result":   {map[string]string{"a/b/b.rego": report + "lib.verdict(set()) + 1 == 2\n"}, "invalid argument(s)"},
		"a wrong use of a value":    {map[string]string{"a/b/b.rego": report + "lib.closed == \"yes\"\n"}, "match error"},
		"no such field":             {map[string]string{"a/b/b.rego": report + "{\n\tsome found in lib.stated(\"Service\", \"User\")\n\tfound.txt == \"root\"\n}\n"}, "undefined ref"},
		"an unsafe variable":        {map[string]string{"a/b/b.rego": report + "{\n\tnot lib.is(\"Service\", d, [\"x\"])\n}\n"}, "var d is unsafe"},
		"an import that is unused":  {map[string]string{"a/b/b.rego": "import data.nixlint.lib.command\n\n" + report + "input.name\n"}, "unused"},
		"a variable that is unused": {map[string]string{"a/b/b.rego": report + "{\n\tx := input.name\n}\n"}, "assigned var x unused"},
		"metadata":                  {map[string]string{"a/b/b.rego": report + "rego.metadata.rule().title == \"x\"\n"}, "undefined function rego.metadata.rule: a rule may not"},
		"the network":               {map[string]string{"a/b/b.rego": report + "http.send({})\n"}, "undefined function http.send: a rule may not"},
		"the result of print":       {map[string]string{"a/b/b.rego": report + "x := print(\"y\")\n"}, "undefined function print"},
		"a keyword":                 {map[string]string{"a/b/b.rego": "input := 1\n\n" + report + "input\n"}, "rules must not shadow input"},
		"two kinds":                 {map[string]string{"a/b/b.rego": report + "_x\n\n_x := 1\n\n_x contains 2\n"}, "conflicting rules"},
		"a cycle": {map[string]string{
			"a/b/b.rego": report + "data.nixlint.rules.z.y.other\n\nother if data.nixlint.rules.z.y.other\n",
			"z/y/y.rego": report + "input.name\n\nother if data.nixlint.rules.a.b.other\n",
		}, "is recursive"},
		"a cycle through the library": {map[string]string{
			"lib/mine.rego": "package nixlint.lib.command\n\nimport future.keywords.not\n\nunknown(text) if vague({\"known\": true, \"text\": text})\n",
			"a/b/b.rego":    report + "data.nixlint.lib.command.vague(input)\n",
		}, "is recursive"},
		"a package that is a rule elsewhere": {map[string]string{
			"a/b/b.rego":      report + "y.report\n\ny := 1\n",
			"a/b/y/y.rego":    report + "input.name\n",
			"filler/z/z.rego": report + "input.name\n",
		}, "conflicts with"},
		"a helper of a library": {map[string]string{
			"lib/names.rego": "package nixlint.lib.names\n\nimport future.keywords.not\n\nshort(name) := substring(name, 0, 3)\n",
			"a/b/b.rego":     "import data.nixlint.lib.names\n\n" + report + "names.short(\"a\", \"b\", 1)\n",
		}, "has arity 1, got 3"},
		"in a library that nobody uses": {map[string]string{
			"lib/names.rego": "package nixlint.lib.names\n\nimport future.keywords.not\n\nshort(name) := substring(name, 0, \"3\")\n",
		}, "invalid argument(s)"},
		"in a library that all use": {map[string]string{
			"lib/names.rego": "package nixlint.lib.names\n\nimport future.keywords.not\n\nshort(name) := substring(name, 0, \"3\")\n",
			"a/b/b.rego":     report + "data.nixlint.lib.names.short(\"a\")\n",
			"a/c/c.rego":     report + "data.nixlint.lib.names.short(\"a\")\n",
			"a/d/d.rego":     report + "data.nixlint.lib.names.short(\"a\")\n",
			"a/e/e.rego":     report + "data.nixlint.lib[input.name]\n",
		}, "invalid argument(s)"},
		"more than anybody reads": {map[string]string{"a/b/b.rego": report + strings.Repeat("lib.fnding(1)\n\n"+report, 14) + "input\n"}, "error limit reached"},
		"a wrong replacement": {map[string]string{
			"a/b/b.rego": report + "lib.closed with data.nixlint.lib.all_said as _two\n\n_two(_, _) := true\n",
		}, "arity mismatch"},
	} {
		t.Run(name, func(t *testing.T) {
			f := folderOf(t, c.files)
			library, err := openLibrary()
			if err != nil {
				t.Fatal(err)
			}
			_, want := f.whole(library)
			_, got := f.compile()
			if got == nil || want == nil || got.Error() != want.Error() || !strings.Contains(got.Error(), c.want) {
				t.Errorf("got\n%v\none compiler says\n%v", got, want)
			}
		})
	}
}

// What a module mentions decides what is left out when it is compiled.
func TestWhatAModuleMentions(t *testing.T) {
	for text, want := range map[string]mention{
		"x if print(1)":                                       {prints: true},
		"x if { every y in [1] { print(y) } }":                {prints: true},
		"x := $\"{input.name}\"":                              {templates: true},
		"x := [$\"{y}\" | some y in input]":                   {templates: true},
		"x if lib.closed with input as {}":                    {replaces: true},
		"x if lib.closed with input.name as 1":                {replaces: true},
		"x if lib.closed with data.site as 1":                 {replaces: true, mocks: true},
		"x if not lib.is(1, 2, 3) with lib.last as _y":        {replaces: true, mocks: true},
		"x if { some y in input; count(y) with count as _z }": {replaces: true, mocks: true},
		"x if input.print":                                    {},
	} {
		m := mentionOf(ast.MustParseModuleWithOpts("package nixlint.rules.a.b\n\nimport data.nixlint.lib\nimport future.keywords.not\n\n"+text+"\n", ast.ParserOptions{RegoVersion: ast.RegoV1}))
		if m.prints != want.prints || m.templates != want.templates || m.replaces != want.replaces || m.mocks != want.mocks {
			t.Errorf("%s: got %+v", text, *m)
		}
	}
}
