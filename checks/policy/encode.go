package policy

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// tag says what follows in the compact form of a module; see decode.go for the reader.
type tag byte

const (
	tagNil tag = iota
	tagNull
	tagTrue
	tagFalse
	tagNumber
	tagString
	tagVar
	tagRef
	tagArray
	tagObject
	tagSet
	tagArrayOf
	tagSetOf
	tagObjectOf
	tagCall
	// What an expression may be.
	tagTerm
	tagTerms
	tagEvery
	tagNot
)

// Encode parses the linked modules of a kind and writes them in the compact form that a start reads, because parsing their text would
// take most of the time of a start; and as a text for review, with the profile of each rule. The form is a table of strings, then for each
// module its name, its profile, its length and its tree.
func Encode(kind string, modules []Module) (compact []byte, review string, err error) {
	e := encoder{index: map[string]int{}}
	parsed := make([]*ast.Module, len(modules))
	rules := flatNames{kind: kind, rules: map[string][]*ast.Rule{}}
	for i, m := range modules {
		parsed[i], err = ast.ParseModuleWithOpts(m.Name, "package nixlint."+kind+"\n\n"+header+m.Text, ast.ParserOptions{RegoVersion: ast.RegoV1})
		if err != nil {
			return nil, "", fmt.Errorf("linked rule %s: %w", m.Name, err)
		}
		for _, r := range parsed[i].Rules {
			name := r.Head.Name.String()
			rules.rules[name] = append(rules.rules[name], r)
		}
	}
	text := strings.Builder{}
	text.WriteString("package nixlint." + kind + "\n\n" + header)
	var entries [][]byte
	views := newAnalyst(rules)
	for i, m := range modules {
		p := profile{}
		if !m.Library {
			if kind == kindUnit { // views are of units
				p = views.profile(reportOf(m.Name))
			}
			p.needs = slices.DeleteFunc(calls(reportOf(m.Name), rules), func(name string) bool { return strings.HasPrefix(name, flatName(m.Name)) })
			text.WriteString("\n# " + m.Name + "\n" + p.comment(kind) + m.Text)
		} else {
			text.WriteString(m.Text)
		}
		body := e.separately(func() { e.module(parsed[i]) })
		entries = append(entries, e.separately(func() { e.entry(m, p, body) }))
		if e.err != nil {
			return nil, "", fmt.Errorf("linked rule %s: %w", m.Name, e.err)
		}
	}
	return e.whole(entries), text.String(), nil
}

// whole is the form of the entries, with the strings before them.
func (e *encoder) whole(entries [][]byte) []byte {
	e.buf = nil
	e.number(len(e.strings))
	for _, s := range e.strings {
		e.number(len(s))
		e.buf = append(e.buf, s...)
	}
	e.number(len(entries))
	for _, entry := range entries {
		e.buf = append(e.buf, entry...)
	}
	return e.buf
}

// flatNames are the names of the rules of a kind in their one package.
type flatNames struct {
	kind  string
	rules map[string][]*ast.Rule
}

func (f flatNames) called(ref ast.Ref) (string, int) {
	if len(ref) < 4 || ref[0].Value.Compare(ast.DefaultRootDocument.Value) != 0 || text(ref[1]) != "nixlint" || text(ref[2]) != f.kind {
		return "", 0
	}
	name := text(ref[3])
	if f.rules[name] == nil {
		return "", 0
	}
	return name, 4
}

func (f flatNames) named(name string) []*ast.Rule { return f.rules[name] }

// separately returns what write writes.
func (e *encoder) separately(write func()) []byte {
	before := e.buf
	e.buf = nil
	write()
	written := e.buf
	e.buf = before
	return written
}

func (e *encoder) entry(m Module, p profile, body []byte) {
	e.text(m.Name)
	e.truth(m.Library)
	e.number(len(p.needs))
	for _, name := range p.needs {
		e.text(name)
	}
	e.guard(p.guard)
	e.number(len(p.reads))
	for _, r := range p.reads {
		e.guard(r.when)
		e.clue(r.what)
	}
	e.number(len(body))
	e.buf = append(e.buf, body...)
}

func (e *encoder) guard(g guard) {
	e.buf = append(e.buf, byte(g.op))
	switch g.op {
	case ifClue, unlessClue:
		e.clue(g.clue)
	case ifAll, ifAny:
		e.number(len(g.parts))
		for _, p := range g.parts {
			e.guard(p)
		}
	case always, never:
	}
}

func (e *encoder) clue(c clue) {
	e.buf = append(e.buf, byte(c.kind))
	e.number(len(c.path))
	for _, step := range c.path {
		e.text(step)
	}
	e.text(c.text)
}

func (e *encoder) module(m *ast.Module) {
	e.terms(m.Package.Path)
	e.number(len(m.Rules))
	for _, r := range m.Rules {
		e.rule(r)
	}
}

type encoder struct {
	buf     []byte
	strings []string
	index   map[string]int
	err     error
}

func (e *encoder) intern(s string) int {
	i, ok := e.index[s]
	if !ok {
		i = len(e.strings)
		e.index[s] = i
		e.strings = append(e.strings, s)
	}
	return i
}

func (e *encoder) number(n int)  { e.buf = binary.AppendUvarint(e.buf, uint64(n)) } //nolint:gosec // lengths and indices
func (e *encoder) text(s string) { e.number(e.intern(s)) }
func (e *encoder) tag(t tag)     { e.buf = append(e.buf, byte(t)) }

func (e *encoder) truth(b bool) {
	if b {
		e.tag(tagTrue)
	} else {
		e.tag(tagFalse)
	}
}

func (e *encoder) rule(r *ast.Rule) {
	if r == nil {
		e.tag(tagNil)
		return
	}
	e.tag(tagTerm)
	e.truth(r.Default)
	e.text(string(r.Head.Name))
	e.terms(r.Head.Reference)
	e.terms(r.Head.Args)
	e.term(r.Head.Key)
	e.term(r.Head.Value)
	e.truth(r.Head.Assign)
	e.body(r.Body)
	e.rule(r.Else)
}

func (e *encoder) body(b ast.Body) {
	e.number(len(b))
	for _, x := range b {
		e.expr(x)
	}
}

func (e *encoder) expr(x *ast.Expr) {
	e.truth(x.Negated)
	switch t := x.Terms.(type) {
	case *ast.Term:
		e.tag(tagTerm)
		e.term(t)
	case []*ast.Term:
		e.tag(tagTerms)
		e.terms(t)
	case *ast.Every:
		e.tag(tagEvery)
		e.term(t.Key)
		e.term(t.Value)
		e.term(t.Domain)
		e.body(t.Body)
	case *ast.Not:
		e.tag(tagNot)
		e.truth(t.ExplicitBody)
		e.body(t.Body)
	default:
		e.err = fmt.Errorf("an expression %T has no compact form", t)
	}
	e.number(len(x.With))
	for _, w := range x.With {
		e.term(w.Target)
		e.term(w.Value)
	}
}

func (e *encoder) terms(ts []*ast.Term) {
	e.number(len(ts))
	for _, t := range ts {
		e.term(t)
	}
}

func (e *encoder) term(t *ast.Term) {
	if t == nil {
		e.tag(tagNil)
		return
	}
	switch v := t.Value.(type) {
	case ast.Null:
		e.tag(tagNull)
	case ast.Boolean:
		e.truth(bool(v))
	case ast.Number:
		e.tag(tagNumber)
		e.text(string(v))
	case ast.String:
		e.tag(tagString)
		e.text(string(v))
	case ast.Var:
		e.tag(tagVar)
		e.text(string(v))
	case ast.Ref:
		e.tag(tagRef)
		e.terms(v)
	case ast.Call:
		e.tag(tagCall)
		e.terms(v)
	default:
		e.collection(t)
	}
}

func (e *encoder) collection(t *ast.Term) {
	switch v := t.Value.(type) {
	case *ast.Array:
		e.tag(tagArray)
		e.number(v.Len())
		v.Foreach(e.term)
	case ast.Set:
		e.tag(tagSet)
		e.number(v.Len())
		v.Foreach(e.term)
	case ast.Object:
		e.tag(tagObject)
		e.number(v.Len())
		v.Foreach(func(k, x *ast.Term) { e.term(k); e.term(x) })
	case *ast.ArrayComprehension:
		e.tag(tagArrayOf)
		e.term(v.Term)
		e.body(v.Body)
	case *ast.SetComprehension:
		e.tag(tagSetOf)
		e.term(v.Term)
		e.body(v.Body)
	case *ast.ObjectComprehension:
		e.tag(tagObjectOf)
		e.term(v.Key)
		e.term(v.Value)
		e.body(v.Body)
	default:
		e.err = fmt.Errorf("a term %T has no compact form", v)
	}
}
