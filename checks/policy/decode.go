package policy

import (
	"encoding/binary"
	"errors"

	"github.com/open-policy-agent/opa/v1/ast"
)

var errCompact = errors.New("the compiled rules are damaged: run go generate ./checks/policy")

// archive is the compact form of the library, of which the trees are not read yet.
type archive struct {
	decoder decoder // its tables
	entries map[string]entry
}

type entry struct {
	needs []string // the rules that it calls, and what they call, sorted
	body  []byte
}

// openArchive reads all but the trees of the compact form.
func openArchive(data []byte) (*archive, error) {
	a := &archive{entries: map[string]entry{}}
	d := newDecoder(data)
	for range d.length() {
		name, e := d.text(), entry{}
		for range d.length() {
			e.needs = append(e.needs, d.text())
		}
		e.body = d.bytes(d.length())
		a.entries[name] = e
	}
	if d.bad || len(d.data) > 0 {
		return nil, errCompact
	}
	a.decoder = d
	return a, nil
}

// decodeProfiles reads what encodeProfiles wrote.
func decodeProfiles(data []byte) (map[string]profile, error) {
	out := map[string]profile{}
	d := newDecoder(data)
	for range d.length() {
		id, p := d.text(), profile{guard: d.guard(0)}
		for range d.length() {
			p.reads = append(p.reads, read{when: d.guard(0), what: d.clue()})
		}
		out[id] = p
	}
	if d.bad || len(d.data) > 0 {
		return nil, errCompact
	}
	return out, nil
}

// newDecoder reads the table of strings.
func newDecoder(data []byte) decoder {
	d := decoder{data: data}
	d.strings = make([]string, d.length())
	for i := range d.strings {
		d.strings[i] = string(d.bytes(d.length()))
	}
	return d
}

// modules reads the trees of some rules, and of what they need, by name. It is safe for concurrent use.
func (a *archive) modules(rules []string) (map[string]*ast.Module, error) {
	out := map[string]*ast.Module{}
	tables := a.decoder
	tables.scalars, tables.vars = make([]*ast.Term, len(tables.strings)), make([]*ast.Term, len(tables.strings))
	var add func(string) error
	add = func(name string) error {
		e, ok := a.entries[name]
		if !ok {
			return errCompact
		}
		if out[name] != nil {
			return nil
		}
		in := tables
		in.data, in.at = e.body, &ast.Location{File: name}
		out[name] = in.module()
		if in.bad || len(in.data) > 0 {
			return errCompact
		}
		for _, need := range e.needs {
			if err := add(need); err != nil {
				return err
			}
		}
		return nil
	}
	for _, name := range rules {
		if err := add(name); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// decoder reads the compact form. After damage bad is set and everything read is empty.
type decoder struct {
	data    []byte
	strings []string
	scalars []*ast.Term // by string: the term of that text, made once
	vars    []*ast.Term // by string: the variable of that name, made once
	at      *ast.Location
	bad     bool
}

func (d *decoder) number() int {
	n, size := binary.Uvarint(d.data)
	if size <= 0 || n > 1<<31 {
		d.bad, d.data = true, nil
		return 0
	}
	d.data = d.data[size:]
	return int(n)
}

// length is a number of things that still have to come: each takes a byte at least.
func (d *decoder) length() int {
	n := d.number()
	if n > len(d.data) {
		d.bad, d.data = true, nil
		return 0
	}
	return n
}

func (d *decoder) bytes(n int) []byte {
	b := d.data[:n]
	d.data = d.data[n:]
	return b
}

func (d *decoder) index() int {
	i := d.number()
	if i >= len(d.strings) {
		d.bad, d.data = true, nil
		return -1
	}
	return i
}

func (d *decoder) text() string {
	i := d.index()
	if i < 0 {
		return ""
	}
	return d.strings[i]
}

func (d *decoder) tag() tag {
	if len(d.data) == 0 {
		d.bad = true
		return tagNil
	}
	t := tag(d.data[0])
	d.data = d.data[1:]
	return t
}

func (d *decoder) truth() bool { return d.tag() == tagTrue }

// maxGuard is how deep guards lie in each other.
const maxGuard = 64

func (d *decoder) guard(depth int) guard {
	g := guard{op: guardOp(d.tag())}
	switch {
	case g.op > ifAny, depth > maxGuard:
		d.bad, d.data = true, nil
	case g.op == ifClue, g.op == unlessClue:
		g.clue = d.clue()
	case g.op == ifAll, g.op == ifAny:
		for range d.length() {
			g.parts = append(g.parts, d.guard(depth+1))
		}
	}
	return g
}

func (d *decoder) clue() clue {
	c := clue{kind: clueKind(d.tag())}
	if c.kind > clueValue {
		d.bad, d.data = true, nil
	}
	for range d.length() {
		c.path = append(c.path, d.text())
	}
	c.text = d.text()
	if !c.answerable() { // a view would not know what to do with it
		d.bad, d.data = true, nil
	}
	return c
}

func (d *decoder) module() *ast.Module {
	m := &ast.Module{Package: &ast.Package{Path: d.terms(), Location: d.at}}
	for range d.length() {
		if r := d.rule(m); r != nil {
			m.Rules = append(m.Rules, r)
		}
	}
	return m
}

func (d *decoder) rule(m *ast.Module) *ast.Rule {
	if d.tag() == tagNil {
		return nil
	}
	r := &ast.Rule{Module: m, Location: d.at, Default: d.truth()}
	r.Head = &ast.Head{Location: d.at, Name: ast.Var(d.text()), Reference: d.terms()}
	if args := d.terms(); len(args) > 0 {
		r.Head.Args = args
	}
	r.Head.Key, r.Head.Value, r.Head.Assign = d.term(), d.term(), d.truth()
	r.Body = d.body()
	r.Else = d.rule(m)
	return r
}

func (d *decoder) body() ast.Body {
	b := make(ast.Body, d.length())
	for i := range b {
		b[i] = d.expr()
		b[i].Index = i
	}
	return b
}

func (d *decoder) expr() *ast.Expr {
	x := &ast.Expr{Location: d.at, Negated: d.truth()}
	switch d.tag() {
	case tagTerm:
		x.Terms = d.term()
	case tagTerms:
		x.Terms = d.terms()
	case tagEvery:
		x.Terms = &ast.Every{Key: d.term(), Value: d.term(), Domain: d.term(), Body: d.body(), Location: d.at}
	case tagNot:
		x.Terms = &ast.Not{ExplicitBody: d.truth(), Body: d.body(), Location: d.at}
	default:
		d.bad, d.data = true, nil
	}
	for range d.length() {
		x.With = append(x.With, &ast.With{Target: d.term(), Value: d.term(), Location: d.at})
	}
	return x
}

func (d *decoder) terms() []*ast.Term {
	ts := make([]*ast.Term, d.length())
	for i := range ts {
		if ts[i] = d.term(); ts[i] == nil { // no list has a hole
			d.bad, d.data, ts[i] = true, nil, ast.NullTerm()
		}
	}
	return ts
}

func (d *decoder) term() *ast.Term {
	switch d.tag() {
	case tagNil:
		return nil
	case tagNull:
		return ast.NullTerm()
	case tagTrue:
		return ast.InternedTerm(true)
	case tagFalse:
		return ast.InternedTerm(false)
	case tagNumber:
		return &ast.Term{Value: ast.Number(d.text()), Location: d.at}
	case tagString:
		return d.shared(d.scalars, func(s string) ast.Value { return ast.String(s) })
	case tagVar:
		return d.shared(d.vars, func(s string) ast.Value { return ast.Var(s) })
	case tagRef:
		return &ast.Term{Value: ast.Ref(d.terms()), Location: d.at}
	case tagCall:
		return &ast.Term{Value: ast.Call(d.terms()), Location: d.at}
	case tagArray:
		return &ast.Term{Value: ast.NewArray(d.terms()...), Location: d.at}
	case tagSet:
		return &ast.Term{Value: ast.NewSet(d.terms()...), Location: d.at}
	case tagObject:
		o := ast.NewObjectWithCapacity(0)
		for range d.length() {
			k, v := d.term(), d.term()
			if k == nil || v == nil {
				d.bad, d.data = true, nil
				break
			}
			o.Insert(k, v)
		}
		return &ast.Term{Value: o, Location: d.at}
	case tagArrayOf:
		return &ast.Term{Value: &ast.ArrayComprehension{Term: d.term(), Body: d.body()}, Location: d.at}
	case tagSetOf:
		return &ast.Term{Value: &ast.SetComprehension{Term: d.term(), Body: d.body()}, Location: d.at}
	case tagObjectOf:
		return &ast.Term{Value: &ast.ObjectComprehension{Key: d.term(), Value: d.term(), Body: d.body()}, Location: d.at}
	default:
		d.bad, d.data = true, nil
		return ast.NullTerm()
	}
}

// shared makes the term of a text once. The compiler copies what it changes.
func (d *decoder) shared(made []*ast.Term, of func(string) ast.Value) *ast.Term {
	i := d.index()
	if i < 0 {
		return ast.NullTerm()
	}
	if made[i] == nil {
		made[i] = &ast.Term{Value: of(d.strings[i])}
	}
	return made[i]
}
