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

// Encode parses linked modules and writes them in the compact form that a start reads: parsing their text would take most
// of the time of a start. The form is a table of strings, then each module's name, length and tree.
func Encode(modules []Module) ([]byte, error) {
	e := encoder{index: map[string]int{}}
	var bodies [][]byte
	for _, m := range modules {
		parsed, err := ast.ParseModuleWithOpts(m.Name, m.Text, ast.ParserOptions{RegoVersion: ast.RegoV1})
		if err != nil {
			return nil, fmt.Errorf("linked rule %s: %w", m.Name, err)
		}
		e.buf = nil
		e.terms(parsed.Package.Path)
		e.number(len(parsed.Rules))
		for _, r := range parsed.Rules {
			e.rule(r)
		}
		if e.err != nil {
			return nil, fmt.Errorf("linked rule %s: %w", m.Name, e.err)
		}
		bodies = append(bodies, e.buf)
	}
	e.buf = nil
	names := make([]int, len(modules))
	for i, m := range modules {
		names[i] = e.intern(m.Name)
	}
	e.number(len(e.strings))
	for _, s := range e.strings {
		e.number(len(s))
		e.buf = append(e.buf, s...)
	}
	e.number(len(modules))
	for i, body := range bodies {
		e.number(names[i])
		e.number(len(body))
		e.buf = append(e.buf, body...)
	}
	return e.buf, nil
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
