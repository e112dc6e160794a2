package policy

import (
	"encoding/binary"
	"fmt"

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

// encodeProfiles writes the profiles of rules, by ID, in a compact form: a table of strings, then the profiles.
func encodeProfiles(profiles map[string]profile) []byte {
	e := encoder{index: map[string]int{}}
	var entries [][]byte
	for _, id := range sortedKeys(profiles) {
		entries = append(entries, e.separately(func() { e.text(id); e.profile(profiles[id]) }))
	}
	return e.whole(entries)
}

func (e *encoder) profile(p profile) {
	e.guard(p.guard)
	e.number(len(p.reads))
	for _, r := range p.reads {
		e.guard(r.when)
		e.clue(r.what)
	}
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

// separately returns what write writes.
func (e *encoder) separately(write func()) []byte {
	before := e.buf
	e.buf = nil
	write()
	written := e.buf
	e.buf = before
	return written
}

// entry writes a rule of the library, and the names of those that it calls.
func (e *encoder) entry(name string, needs []string, body []byte) {
	e.text(name)
	e.number(len(needs))
	for _, need := range needs {
		e.text(need)
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
