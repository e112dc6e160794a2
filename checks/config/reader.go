package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/loader/source"
)

// MaxFile is the largest configuration that is read, in bytes.
const MaxFile = 256 << 10

// most is how many mistakes are said at once.
const most = 20

// reader compares a document with a shape. It gathers all mistakes, so that a person mends them in one go.
type reader struct {
	file     *source.File
	problems []source.Problem
}

// document parses a file of one YAML document; nil when there is nothing in it.
func (r *reader) document() *yaml.Node {
	if len(r.file.Text) > MaxFile {
		r.problem(r.file.Span(0, 0), "the configuration has %d bytes, more than %d", len(r.file.Text), MaxFile)
		return nil
	}
	d := yaml.NewDecoder(bytes.NewReader([]byte(r.file.Text)))
	var doc, second yaml.Node
	switch err := d.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		r.syntax(err)
		return nil
	}
	if err := d.Decode(&second); !errors.Is(err, io.EOF) {
		if err != nil {
			r.syntax(err)
		} else {
			r.problem(r.at(&second), "there is a second document; a configuration is one")
		}
		return nil
	}
	if len(doc.Content) == 0 || doc.Content[0].ShortTag() == "!!null" {
		return nil
	}
	return doc.Content[0]
}

var yamlError = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

// syntax says a mistake in YAML itself; its library knows the line only.
func (r *reader) syntax(err error) {
	line, message := 1, err.Error()
	if m := yamlError.FindStringSubmatch(message); m != nil {
		message = m[2]
		if n, err := strconv.Atoi(m[1]); err == nil {
			line = n
		}
	}
	at := r.file.Offset(line, 1)
	r.problem(r.file.Span(at, at), "this is no YAML: %s", message)
}

func (r *reader) problem(at source.Span, format string, args ...any) {
	r.problems = append(r.problems, source.Problem{Span: at, Message: fmt.Sprintf(format, args...)})
}

// err is all that is wrong, a line each; nil when nothing is.
func (r *reader) err() error {
	if len(r.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(r.problems, func(a, b source.Problem) int { return int(a.Span.Start) - int(b.Span.Start) })
	var all []error
	for i, p := range r.problems {
		if i == most {
			all = append(all, fmt.Errorf("and %d more", len(r.problems)-most))
			break
		}
		all = append(all, p)
	}
	return errors.Join(all...)
}

// at is the place of a node. YAML counts columns in characters.
func (r *reader) at(n *yaml.Node) source.Span {
	line := r.file.Line(n.Line)
	column := 1
	for range n.Column - 1 {
		_, size := utf8.DecodeRuneInString(line[min(column-1, len(line)):])
		column += max(size, 1)
	}
	start := r.file.Offset(n.Line, column)
	end := start
	if n.Kind == yaml.ScalarNode && !strings.Contains(n.Value, "\n") {
		end = r.file.Offset(n.Line, min(column+len(n.Value), len(line)+1))
	}
	return r.file.Span(start, end)
}

// is reports whether a node meets a shape, and says all that does not. Where names the place to a person: "rules.hardening/sandbox".
func (r *reader) is(n *yaml.Node, s *shape, where string) {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		r.problem(r.at(n), "%s: anchors and aliases are not read; write it out", where)
		return
	}
	if s.or != nil && n.Kind == yaml.ScalarNode {
		s = s.or
	}
	switch s.kind {
	case object, table:
		r.mapping(n, s, where)
	case list:
		r.list(n, s, where)
	case text, number, boolean:
		r.scalar(n, s, where)
	}
}

func (r *reader) mapping(n *yaml.Node, s *shape, where string) {
	if n.Kind != yaml.MappingNode || n.ShortTag() != "!!map" {
		r.mismatch(n, s, where)
		return
	}
	seen := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if k.Kind != yaml.ScalarNode || k.Anchor != "" || k.ShortTag() == "!!merge" {
			r.problem(r.at(k), "%s: want a key that is a plain text", cmp.Or(where, "the configuration"))
			continue
		}
		if first := seen[k.Value]; first != nil {
			r.problem(r.at(k), "%s is stated twice; first on line %d", join(where, k.Value), first.Line)
			continue
		}
		seen[k.Value] = k
		if s.kind == object {
			r.member(k, v, s, where)
			continue
		}
		r.entry(k, v, s, where)
	}
	for i := range s.keys {
		if s.keys[i].needed && seen[s.keys[i].name] == nil {
			r.problem(r.at(n), "%s has no %s", where, s.keys[i].name)
		}
	}
	if len(s.either) > 0 && !slices.ContainsFunc(s.either, func(k string) bool { return seen[k] != nil }) {
		r.problem(r.at(n), "%s has neither %s", where, strings.Join(s.either, " nor "))
	}
}

// member is a key of an object.
func (r *reader) member(k, v *yaml.Node, s *shape, where string) {
	names := make([]string, len(s.keys))
	for i := range s.keys {
		names[i] = s.keys[i].name
		if names[i] == k.Value {
			r.is(v, &s.keys[i].shape, join(where, k.Value))
			return
		}
	}
	r.unknown(r.at(k), "key", k.Value, names)
}

// entry is a key of a table.
func (r *reader) entry(k, v *yaml.Node, s *shape, where string) {
	if !s.name.meets(k.Value) {
		r.problem(r.at(k), "%s: the key %q is not %s", where, k.Value, s.name.want)
		return
	}
	if s.removes && v.Kind == yaml.ScalarNode && v.Anchor == "" && v.ShortTag() == "!!null" {
		return
	}
	r.is(v, s.each, join(where, k.Value))
}

// unknown says that a word is none of the choices, and which was probably meant.
func (r *reader) unknown(at source.Span, what, name string, choices []string) {
	if near := checks.Nearest(name, choices); near != "" {
		r.problem(at, "unknown %s %q: did you mean %s?", what, name, near)
		return
	}
	r.problem(at, "unknown %s %q (%ss: %s)", what, name, what, strings.Join(choices, ", "))
}

func (r *reader) list(n *yaml.Node, s *shape, where string) {
	if n.Kind != yaml.SequenceNode || n.ShortTag() != "!!seq" {
		r.mismatch(n, s, where)
		return
	}
	if len(n.Content) < s.least {
		r.problem(r.at(n), "%s: want at least %d entry", where, s.least)
	}
	for i, e := range n.Content {
		r.is(e, s.each, fmt.Sprintf("%s[%d]", where, i))
	}
}

func (r *reader) scalar(n *yaml.Node, s *shape, where string) {
	tag := n.ShortTag()
	// A date is a text to everybody but YAML 1.1.
	if tag == "!!timestamp" && n.Style&yaml.TaggedStyle == 0 {
		tag = "!!str"
	}
	wanted := map[kind]string{text: "!!str", number: "!!int", boolean: "!!bool"}[s.kind]
	if n.Kind != yaml.ScalarNode || tag != wanted {
		r.mismatch(n, s, where)
		return
	}
	switch {
	case s.kind == number:
		if i, err := strconv.Atoi(n.Value); err != nil || i < s.least || i > s.most {
			r.problem(r.at(n), "%s is %s, want a whole number from %d to %d", where, n.Value, s.least, s.most)
		}
	case len(s.words) > 0 && !slices.Contains(s.words, n.Value):
		hint := ""
		if near := checks.Nearest(n.Value, s.words); near != "" {
			hint = ": did you mean " + near + "?"
		}
		r.problem(r.at(n), "%s is %q, want %s%s", where, n.Value, strings.Join(s.words, ", "), hint)
	case s.kind == text && !s.forms.meets(n.Value):
		r.problem(r.at(n), "%s is %q, want %s", where, n.Value, s.forms.want)
	}
}

// mismatch says that a value is of another kind.
func (r *reader) mismatch(n *yaml.Node, s *shape, where string) {
	hint := ""
	if s.kind == text && n.Kind == yaml.ScalarNode && n.ShortTag() != "!!null" {
		hint = fmt.Sprintf("; quote it: %q", n.Value)
	}
	r.problem(r.at(n), "%s is %s, want %s%s", cmp.Or(where, "the configuration"), described(n), s.described(), hint)
}

func described(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.DocumentNode, yaml.ScalarNode, yaml.AliasNode:
	}
	switch n.ShortTag() {
	case "!!null":
		return "empty"
	case "!!str":
		return "a text"
	case "!!int", "!!float":
		return "the number " + n.Value
	case "!!bool":
		return "the truth value " + n.Value
	}
	return "a value of type " + n.ShortTag()
}

func (s *shape) described() string {
	switch s.kind {
	case number:
		return "a whole number"
	case boolean:
		return "true or false"
	case list:
		return "a list"
	case object, table:
		if s.or != nil {
			return strings.Join(s.or.words, ", ") + " or a mapping"
		}
		return "a mapping"
	case text:
		if len(s.words) > 0 {
			return strings.Join(s.words, ", ")
		}
		if s.forms != nil {
			return s.forms.want
		}
	}
	return "a text"
}

func (f *form) meets(s string) bool {
	return f == nil || f.pattern.MatchString(s) && (f.check == nil || f.check(s))
}

func join(where, name string) string {
	if where == "" {
		return name
	}
	return where + "." + name
}
