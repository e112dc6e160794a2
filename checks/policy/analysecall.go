package policy

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// call is what must hold for a call to be defined and true. Its last term may be the variable that takes the result.
func (a *analyst) call(s *scope, terms []*ast.Term) guard {
	args := terms[1:]
	operator, ok := terms[0].Value.(ast.Ref)
	if ok && len(operator) > 0 && operator[0].Value.Compare(ast.DefaultRootDocument.Value) == 0 {
		return a.function(s, operator, args)
	}
	name := terms[0].Value.String()
	switch name {
	case ast.Equality.Name:
		return a.unify(s, args[0], args[1])
	case ast.Equal.Name:
		if len(args) == 2 {
			return a.compare(s, args[0], args[1])
		}
	}
	if g, ok := a.question(s, name, args); ok {
		return g
	}
	b := ast.BuiltinMap[name]
	if b == nil {
		a.read(guard{}, clue{kind: clueValue})
		return guard{}
	}
	in, out := args, (*ast.Term)(nil)
	if n := b.Decl.Arity(); len(args) == n+1 {
		in, out = args[:n], args[n]
	}
	value := a.builtin(s, name, in)
	if v, ok := outVar(s, out); ok {
		s.vars[v] = value
	} else if out != nil {
		a.use(s, out)
	}
	return guard{}
}

// outVar is the variable that a result is given to, when it has no value yet.
func outVar(s *scope, out *ast.Term) (ast.Var, bool) {
	if out == nil {
		return "", false
	}
	v, ok := out.Value.(ast.Var)
	if !ok {
		return "", false
	}
	_, bound := s.vars[v]
	return v, !bound
}

// builtin notes what a call of OPA looks at, and says what is known of its result.
func (a *analyst) builtin(s *scope, name string, in []*ast.Term) known {
	switch name {
	case ast.ObjectGet.Name:
		// object.get(input, "open", "") looks at one field of the input.
		if k := a.term(s, in[0]); len(k.paths) == 1 && len(k.paths[0]) == 0 {
			if key, ok := in[1].Value.(ast.String); ok {
				a.use(s, in[2])
				path := []string{string(key)}
				a.value(s, path)
				if in[2].Value.Compare(ast.InternedEmptyString.Value) == 0 {
					return known{paths: [][]string{path}}
				}
				return known{}
			}
		}
	case ast.Count.Name:
		k := a.term(s, in[0])
		a.look(s, k)
		if k.some != nil && k.consts == nil {
			return known{above: k.some}
		}
		return known{}
	case ast.Lower.Name:
		if path := onePath(a.term(s, in[0])); len(path) == 1 && path[0] == "text" {
			return known{paths: [][]string{{lowerText}}}
		}
	case ast.Sort.Name:
		k := a.term(s, in[0])
		a.look(s, k)
		return known{some: k.some}
	}
	for _, t := range in {
		a.use(s, t)
	}
	return known{}
}

// unify is what must hold for a = b.
func (a *analyst) unify(s *scope, left, right *ast.Term) guard {
	for _, pair := range [][2]*ast.Term{{left, right}, {right, left}} {
		v, ok := outVar(s, pair[0])
		if !ok {
			continue
		}
		if ref, ok := pair[1].Value.(ast.Ref); ok {
			k, g := a.ref(s, ref)
			s.vars[v] = k
			return g
		}
		s.vars[v] = a.term(s, pair[1])
		return guard{}
	}
	return a.compare(s, left, right)
}

// compare is what must hold for two terms that both have a value to be equal.
func (a *analyst) compare(s *scope, left, right *ast.Term) guard {
	sides := [2]known{}
	var defined []guard
	for i, t := range []*ast.Term{left, right} {
		if ref, ok := t.Value.(ast.Ref); ok {
			k, g := a.ref(s, ref)
			sides[i] = k
			defined = append(defined, g)
		} else {
			sides[i] = a.term(s, t)
		}
	}
	for i := range sides {
		if g, ok := is(sides[i], sides[1-i]); ok {
			a.ask(s, g)
			return g
		}
	}
	a.look(s, sides[0])
	a.look(s, sides[1])
	return all(defined...)
}

// is that a field of the input is one of some texts.
func is(field, value known) (guard, bool) {
	path := onePath(field)
	if path == nil || len(value.consts) == 0 {
		return guard{}, false
	}
	var parts []guard
	for _, v := range value.consts {
		w, ok := v.(ast.String)
		if !ok {
			return guard{}, false
		}
		parts = append(parts, guard{op: ifClue, clue: clue{kind: clueIs, path: path, text: string(w)}})
	}
	return either(parts...), true
}

// ask notes that a rule depends on the answers to the questions of a guard.
func (a *analyst) ask(s *scope, g guard) {
	if g.op == ifClue || g.op == unlessClue {
		a.read(s.when, g.clue)
	}
	for _, p := range g.parts {
		a.ask(s, p)
	}
}

// question is a call that asks one thing of a field of the input.
func (a *analyst) question(s *scope, name string, args []*ast.Term) (guard, bool) {
	if len(args) != 2 {
		return guard{}, false
	}
	switch name {
	case ast.NotEqual.Name:
		g, ok := a.fieldIs(s, args)
		if ok && (g.op == ifClue) {
			return opposite(g), true
		}
		return guard{}, ok
	case ast.Member.Name:
		return a.member(s, args)
	case ast.GreaterThan.Name:
		k := a.term(s, args[0])
		if k.above != nil && args[1].Value.Compare(ast.InternedTerm(0).Value) == 0 {
			return *k.above, true
		}
	case ast.Contains.Name:
		return a.asks(s, clueContains, args[0], args[1])
	case ast.StartsWith.Name:
		return a.asks(s, clueStartsWith, args[0], args[1])
	case ast.EndsWith.Name:
		return a.asks(s, clueEndsWith, args[0], args[1])
	case ast.RegexMatch.Name:
		return a.asks(s, clueMatches, args[1], args[0])
	}
	return guard{}, false
}

func (a *analyst) fieldIs(s *scope, args []*ast.Term) (guard, bool) {
	left, right := a.term(s, args[0]), a.term(s, args[1])
	for _, sides := range [][2]known{{left, right}, {right, left}} {
		if g, ok := is(sides[0], sides[1]); ok {
			a.ask(s, g)
			return g, true
		}
	}
	return guard{}, false
}

// member is x in y, of a field of the input and constants or the site.
func (a *analyst) member(s *scope, args []*ast.Term) (guard, bool) {
	item, in := a.term(s, args[0]), a.term(s, args[1])
	path := onePath(item)
	switch {
	case path == nil:
		return guard{}, false
	case in.site != nil:
		g := guard{op: ifClue, clue: clue{kind: clueMember, path: path, text: strings.Join(in.site, ".")}}
		a.ask(s, g)
		return g, true
	case len(in.consts) == 1:
		var texts known
		elements(in.consts[0], func(_, t *ast.Term) { texts.consts = append(texts.consts, t.Value) })
		if g, ok := is(item, texts); ok {
			a.ask(s, g)
			return g, true
		}
	}
	return guard{}, false
}

func (a *analyst) asks(s *scope, kind clueKind, of, what *ast.Term) (guard, bool) {
	path, words := onePath(a.term(s, of)), a.term(s, what).consts
	if path == nil || !cheap(path) || len(words) == 0 {
		return guard{}, false
	}
	var parts []guard
	for _, v := range words {
		w, ok := v.(ast.String)
		if !ok {
			return guard{}, false
		}
		parts = append(parts, guard{op: ifClue, clue: clue{kind: kind, path: path, text: string(w)}})
	}
	g := either(parts...)
	a.ask(s, g)
	return g, true
}

// function is a call of a function that is written in Rego.
func (a *analyst) function(s *scope, ref ast.Ref, args []*ast.Term) guard {
	name, n := a.rules.called(ref)
	if n == 0 || n != len(ref) {
		a.read(guard{}, clue{kind: clueValue})
		return guard{}
	}
	arity := 0
	if rules := a.rules.named(name); len(rules) > 0 {
		arity = len(rules[0].Head.Args)
	}
	in, out := args, (*ast.Term)(nil)
	if len(args) == arity+1 {
		in, out = args[:arity], args[arity]
	}
	given := make([]known, len(in))
	for i, t := range in {
		given[i] = a.term(s, t)
	}
	r := a.rule(name, given, s.when)
	if out == nil {
		return r.defined
	}
	if v, ok := outVar(s, out); ok {
		s.vars[v] = r.value
		return r.defined
	}
	// The result is compared: with a constant it may turn out that it can never be equal.
	if k := a.term(s, out); k.consts != nil && r.value.consts != nil {
		if !slices.ContainsFunc(k.consts, func(c ast.Value) bool {
			return slices.ContainsFunc(r.value.consts, func(v ast.Value) bool { return c.Compare(v) == 0 })
		}) {
			return guard{op: never}
		}
	} else {
		a.look(s, k)
	}
	return r.defined
}
