package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/report"
)

func profiles() []report.Profile {
	return []report.Profile{
		{Name: "baseline", Levels: map[string]checks.Level{"network/loopback-only": checks.Info}},
		{Name: "strict", Levels: map[string]checks.Level{"network/loopback-only": checks.Error, "organization/centralized": checks.Warning}},
	}
}

func TestRulesTextHasALineARule(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := report.RulesText(&out, sample().Result.Rules, profiles()); err != nil {
		t.Fatal(err)
	}
	want := `RULE                      BASELINE  STRICT   ABOUT
network/loopback-only     info      error    Listens on loopback
organization/centralized  off       warning  Services stand together
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

func TestRulesJSONHasTheLevels(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := report.RulesJSON(&out, sample().Result.Rules, profiles()); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Schema string
		Rules  []struct {
			ID     string
			Levels map[string]string
		}
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Schema != report.RulesSchema || len(got.Rules) != 2 || got.Rules[1].Levels["baseline"] != "off" || got.Rules[0].Levels["strict"] != "error" {
		t.Errorf("got %+v", got)
	}
}

func TestExplainSaysAllOfARule(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := report.Explain(&out, sample().Result.Rules[0], profiles(), report.Example{Code: "{\n  b = \"\u001b[31m\";\n}", Line: 2, Message: "b is wrong"}, report.TextOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"network/loopback-only: Listens on loopback\n", "Anybody on the network reaches it.", "    ExecStart = \"x --host 127.0.0.1\";",
		"strict:    error", "https://example.org/a", "# nixlint: ignore network/loopback-only -- the reason",
		"An example\n\n    {\n  >   b = \"" + report.Visible("\x1b") + "[31m\";\n    }\n\nline 2: b is wrong\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
}

func TestParseOutput(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]report.Output{
		"json": {Format: "json"}, "sarif=a=b.sarif": {Format: "sarif", File: "a=b.sarif"}, "": {}, "json=": {}, "=f": {},
	} {
		got, err := report.ParseOutput(in)
		if got != want || (err == nil) != (want.Format != "") {
			t.Errorf("%q is %+v, %v", in, got, err)
		}
	}
}

func writes(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

func TestWriteFileLeavesNothingBeside(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "out.json")
	for _, text := range []string{"first", "second"} {
		if err := report.WriteFile(name, writes(text)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(name); err != nil || string(got) != text {
			t.Errorf("%q, %v", got, err)
		}
	}
	refused := errors.New("refused")
	if err := report.WriteFile(name, func(io.Writer) error { return refused }); !errors.Is(err, refused) {
		t.Errorf("error %v", err)
	}
	if got, err := os.ReadFile(name); err != nil || string(got) != "second" {
		t.Errorf("after a failed write the file has %q, %v", got, err)
	}
	if names := entries(t, dir); !slices.Equal(names, []string{"out.json"}) {
		t.Errorf("beside it: %v", names)
	}
}

func TestWriteFileKeepsModesAndLinks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name, link := filepath.Join(dir, "out"), filepath.Join(dir, "link")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("out", link); err != nil {
		t.Fatal(err)
	}
	if err := report.WriteFile(link, writes("x")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(name)
	if err != nil || info.Mode() != 0o600 || info.Size() != 1 {
		t.Errorf("%v, %v", info, err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
}

func TestWriteFileWritesIntoDevices(t *testing.T) {
	t.Parallel()
	if err := report.WriteFile(os.DevNull, writes("x")); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Fatalf("%s was replaced", os.DevNull)
	}
	if err := report.WriteFile(filepath.Join(t.TempDir(), "no", "such"), writes("x")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

func entries(t *testing.T, dir string) []string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	names := make([]string, 0, len(list))
	for _, e := range list {
		names = append(names, e.Name())
	}
	return names
}
