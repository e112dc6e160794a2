package config_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/nixlint/nixlint/checks/config"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/policies"
)

var update = flag.Bool("update", false, "write the schema anew")

func TestPublishedSchemaIsThatOfTheReader(t *testing.T) {
	t.Parallel()
	want, err := config.Schema()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("schema.json", want, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("schema.json")
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("schema.json is not what is read (%v): go test ./checks/config -update writes it", err)
	}
}

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// onlyYAML are mistakes that no JSON document can have, and globs, of which a schema knows nothing.
var onlyYAML = []string{
	"a key that is stated twice", "an alias", "a merge key", "a type of one's own", "a mapping as a key", "a second document", "no YAML", "a tab",
	"a glob that is none",
}

func TestSchemaRefusesWhatTheReaderRefuses(t *testing.T) {
	t.Parallel()
	s := compiled(t)
	for name, c := range mistakes {
		if slices.Contains(onlyYAML, name) {
			continue
		}
		var v any
		if err := yaml.Unmarshal([]byte(c.text), &v); err != nil {
			t.Fatal(err)
		}
		if s.Validate(asJSON(t, v)) == nil {
			t.Errorf("the schema accepts %s", name)
		}
	}
}

// TestSchemaAcceptsWhatTheReaderAccepts changes each value and each key of a document that has everything, in each of
// several ways, and asks both.
func TestSchemaAcceptsWhatTheReaderAccepts(t *testing.T) {
	t.Parallel()
	s := compiled(t)
	var v any
	if err := yaml.Unmarshal([]byte(full), &v); err != nil {
		t.Fatal(err)
	}
	n, accepted := 0, 0
	mutants(asJSON(t, v), func(doc any) {
		n++
		text, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		_, readErr := config.Read(source.NewFile(config.Name, string(text)))
		schemaErr := s.Validate(doc)
		// A file with nothing in it is a configuration that says nothing.
		if (readErr == nil) != (schemaErr == nil) && doc != nil {
			t.Errorf("%s\nthe reader: %v\nthe schema: %v", text, readErr, schemaErr)
		}
		if readErr == nil {
			accepted++
		}
	})
	if n < 500 || accepted < 50 || accepted > n/2 {
		t.Errorf("%d documents, %d of them accepted", n, accepted)
	}
}

func asJSON(t *testing.T, v any) any {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	out, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// mutants calls yield with copies of a document that differ from it in one place.
func mutants(doc any, yield func(any)) {
	for _, v := range []any{nil, "", " ", "x", "a/b", "off", "../a", "/a", "0750", "2027-01-31", json.Number("1"), json.Number("70000"), json.Number("1.5"), true, []any{}, map[string]any{}, []any{"x"}, map[string]any{"x": "y"}} {
		yield(v)
	}
	switch d := doc.(type) {
	case map[string]any:
		for k, v := range d {
			with := func(key string, v any) {
				c := maps.Clone(d)
				delete(c, k)
				if key != "" {
					c[key] = v
				}
				yield(c)
			}
			with("", nil)
			with("zzz", v)
			with(" ", v)
			mutants(v, func(v any) { with(k, v) })
		}
	case []any:
		for i, v := range d {
			mutants(v, func(v any) {
				c := slices.Clone(d)
				c[i] = v
				yield(c)
			})
		}
	}
}

// The default facts are what a configuration may state under site, so a rule that reads a new fact has it there.
func TestDefaultFactsMeetTheGrammar(t *testing.T) {
	t.Parallel()
	_, err := config.Read(source.NewFile("site.json", `{"site":`+string(policies.Site())+`}`))
	if err != nil {
		t.Errorf("policies/data/site.json has what checks/config/grammar.go does not: %v", err)
	}
	var facts map[string]any
	if err := json.Unmarshal(policies.Site(), &facts); err != nil {
		t.Fatal(err)
	}
	schema, err := config.Schema()
	if err != nil {
		t.Fatal(err)
	}
	var s struct {
		Defs struct {
			Facts struct{ Properties map[string]any }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(schema, &s); err != nil {
		t.Fatal(err)
	}
	if a, b := slices.Sorted(maps.Keys(facts)), slices.Sorted(maps.Keys(s.Defs.Facts.Properties)); !slices.Equal(a, b) {
		t.Errorf("the default facts are %s, the grammar has %s", strings.Join(a, " "), strings.Join(b, " "))
	}
}
