package policy

import (
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// ruleNames finds the rules that compiled text calls.
type ruleNames interface {
	// called is the rule or function that a reference begins with, and how many of its terms name that: none if it names no rule.
	called(ref ast.Ref) (name string, terms int)
	// named are the definitions of a rule or function.
	named(name string) []*ast.Rule
}

// analyst finds the profiles of rules of units from their compiled text: it walks the bodies as they would be evaluated, with what can be
// known of variables without an input. What it has found out of a helper under some arguments serves the next rule that calls it so.
type analyst struct {
	rules ruleNames
	done  map[string]analysed
	reads map[string]read // of what is being looked at
}

// analysed is what was found out of a rule or function under some arguments.
type analysed struct {
	result
	reads map[string]read
}

func newAnalyst(rules ruleNames) *analyst { return &analyst{rules: rules, done: map[string]analysed{}} }

// profile is that of the rule whose report has this name.
func (a *analyst) profile(report string) profile {
	a.reads = map[string]read{}
	r := a.rule(report, nil, guard{})
	p := profile{guard: r.some}
	for _, read := range a.reads {
		p.reads = append(p.reads, read)
	}
	p.plain()
	return p
}

// calls are the names of all rules that a rule calls, and that those call, sorted.
func calls(name string, rules ruleNames) []string {
	called := map[string]bool{}
	var follow func(string)
	follow = func(name string) {
		for _, r := range rules.named(name) {
			ast.WalkRefs(r, func(ref ast.Ref) bool {
				if to, n := rules.called(ref); n > 0 && !called[to] {
					called[to] = true
					follow(to)
				}
				return false
			})
		}
	}
	follow(name)
	return sortedKeys(called)
}

// known is what can be known of a value. The zero value is nothing.
type known struct {
	consts []ast.Value // it is one of these
	paths  [][]string  // it is what the input has at one of these paths
	site   []string    // it is what the site's data has at this path
	some   *guard      // what must hold for it to have elements
	above  *guard      // it is a number, and this must hold for it to be above 0
}

// result is what is known of a rule: what must hold for it to be defined and true, and for its value to have elements.
type result struct {
	defined, some guard
	value         known
}

// scope are the variables of a body, and what holds where it is evaluated.
type scope struct {
	vars map[ast.Var]known
	when guard
}

func (s *scope) inner() *scope {
	in := &scope{vars: make(map[ast.Var]known, len(s.vars)), when: s.when}
	maps.Copy(in.vars, s.vars)
	return in
}

func (a *analyst) read(when guard, c clue) { a.note(c.String(), read{when: when, what: c}) }

func (a *analyst) note(clue string, r read) {
	if old, ok := a.reads[clue]; ok {
		r.when = either(old.when, r.when)
	}
	a.reads[clue] = r
}

// value notes that all there is at a path is looked at.
func (a *analyst) value(s *scope, path []string) {
	// Below a directive, and below what is no section, everything is read as one.
	depth := 1
	switch path0(path) {
	case "":
		depth = 0
	case "sections", "effective":
		depth = 3
	case "scripts":
		depth = 2
	}
	a.read(s.when, clue{kind: clueValue, path: path[:min(depth, len(path))]})
}

func path0(path []string) string {
	if len(path) == 0 {
		return ""
	}
	return path[0]
}

// cheap are texts that most rules ask one thing of: what is looked at is noted at the question.
func cheap(path []string) bool {
	return len(path) == 1 && slices.Contains([]string{"text", lowerText, "name", "unit"}, path[0])
}

// lowerText stands for lower(input.text).
const lowerText = "lower(text)"

// rule is what is known of a rule or function under what is known of its arguments.
func (a *analyst) rule(name string, args []known, when guard) result {
	key := name + " " + when.String() + keyOf(args)
	r, ok := a.done[key]
	if !ok {
		before := a.reads
		a.reads = map[string]read{}
		r = analysed{result: a.definitions(name, args, when), reads: a.reads}
		a.done[key], a.reads = r, before
	}
	for clue, read := range r.reads {
		a.note(clue, read)
	}
	return r.result
}

func (a *analyst) definitions(name string, args []known, when guard) result {
	var r result
	r.defined, r.some = guard{op: never}, guard{op: never}
	var values []known
	rules := a.rules.named(name)
	for _, rule := range rules {
		for each := rule; each != nil; each = each.Else {
			one := a.body(each, args, when)
			r.defined, r.some = either(r.defined, one.defined), either(r.some, one.some)
			if one.defined.op != never {
				values = append(values, one.value)
			}
		}
	}
	if len(rules) == 0 {
		r.defined, r.some = guard{}, guard{}
	}
	r.value = merge(values)
	r.value.some = &r.some
	return r
}

// merge is what is known of a value that is one of several.
func merge(values []known) known {
	if len(values) == 0 {
		return known{}
	}
	var out known
	for _, v := range values {
		if v.consts == nil {
			return known{}
		}
		out.consts = append(out.consts, v.consts...)
	}
	if len(out.consts) > maxChoices {
		return known{}
	}
	return out
}

// maxChoices is how many values of a variable are told apart.
const maxChoices = 64

func keyOf(args []known) string {
	var b strings.Builder
	for _, k := range args {
		b.WriteString("|")
		for _, v := range k.consts {
			b.WriteString(v.String() + ";")
		}
		for _, p := range k.paths {
			b.WriteString("@" + strings.Join(p, "."))
		}
		b.WriteString("#" + strings.Join(k.site, "."))
		if k.some != nil {
			b.WriteString("+" + k.some.String())
		}
		if k.above != nil {
			b.WriteString(">" + k.above.String())
		}
	}
	return b.String()
}

// body is what is known of one body of a rule, its head taken with it.
func (a *analyst) body(r *ast.Rule, args []known, when guard) result {
	s := &scope{vars: map[ast.Var]known{}, when: when}
	impossible := result{defined: guard{op: never}, some: guard{op: never}}
	for i, arg := range r.Head.Args {
		if i >= len(args) {
			break
		}
		if v, ok := arg.Value.(ast.Var); ok {
			s.vars[v] = args[i]
			continue
		}
		if consts := args[i].consts; consts != nil && ast.IsConstant(arg.Value) && !slices.ContainsFunc(consts, func(c ast.Value) bool { return c.Compare(arg.Value) == 0 }) {
			return impossible
		}
		a.look(s, args[i]) // the argument is compared with a pattern
	}
	defined := a.exprs(s, r.Body)
	if defined.op == never {
		return impossible
	}
	switch {
	case r.Head.Key != nil: // a set: it is always defined, and has an element when the body holds
		a.use(s, r.Head.Key)
		a.use(s, r.Head.Value)
		return result{some: defined}
	case r.Default:
		return result{value: a.term(s, r.Head.Value)}
	case r.Head.Value == nil:
		return result{defined: defined, some: defined}
	}
	value := a.term(s, r.Head.Value)
	a.look(s, value)
	some := defined
	if value.some != nil {
		some = all(defined, *value.some)
	}
	return result{defined: defined, some: some, value: value}
}

// exprs is what must hold for all expressions to hold.
func (a *analyst) exprs(s *scope, body ast.Body) guard {
	var parts []guard
	for _, x := range body {
		g := a.expr(s, x)
		if g.op == never {
			return g
		}
		parts = append(parts, g)
		// What is read after a plain question is read only where that is answered with yes.
		if plainQuestion(g) {
			s.when = all(s.when, g)
		}
	}
	return all(parts...)
}

// plainQuestion: the guard compares a field of the unit with a text, which costs less than what it can save.
func plainQuestion(g guard) bool {
	return (g.op == ifClue || g.op == unlessClue) && g.clue.kind == clueIs && len(g.clue.path) == 1
}

func (a *analyst) expr(s *scope, x *ast.Expr) guard {
	if len(x.With) > 0 { // no rule replaces its input
		a.read(guard{}, clue{kind: clueValue})
		return guard{}
	}
	if x.Negated {
		in := s.inner()
		positive := x.ComplementNoWith()
		g := a.expr(in, positive)
		if plainQuestion(g) && isComparison(positive) {
			return opposite(g)
		}
		return guard{}
	}
	switch t := x.Terms.(type) {
	case *ast.Term:
		return a.truth(s, t)
	case []*ast.Term:
		return a.call(s, t)
	case *ast.Every:
		in := s.inner()
		a.use(s, t.Domain)
		a.exprs(in, t.Body)
	case *ast.Not:
		a.exprs(s.inner(), t.Body)
	default:
		a.read(guard{}, clue{kind: clueValue})
	}
	return guard{}
}

// isComparison: the expression is an equality, so its opposite is that the texts differ; the fields that are compared always exist.
func isComparison(x *ast.Expr) bool {
	ref, ok := x.Operator(), x.IsCall()
	return ok && (ref.String() == ast.Equality.Name || ref.String() == ast.Equal.Name)
}

func opposite(g guard) guard {
	if g.op == ifClue {
		return guard{op: unlessClue, clue: g.clue}
	}
	return guard{op: ifClue, clue: g.clue}
}

// truth is what must hold for a term to be defined. That it is not false is not looked into.
func (a *analyst) truth(s *scope, t *ast.Term) guard {
	if ref, ok := t.Value.(ast.Ref); ok {
		_, g := a.ref(s, ref)
		return g
	}
	a.use(s, t)
	return guard{}
}

// term is what is known of a term. What it looks at is noted, except for the texts that calls ask one thing of.
func (a *analyst) term(s *scope, t *ast.Term) known {
	if t == nil {
		return known{}
	}
	switch v := t.Value.(type) {
	case ast.Var:
		return s.vars[v]
	case ast.Ref:
		k, _ := a.ref(s, v)
		return k
	case *ast.ArrayComprehension:
		return a.comprehension(s, v.Body, v.Term)
	case *ast.SetComprehension:
		return a.comprehension(s, v.Body, v.Term)
	case *ast.ObjectComprehension:
		return a.comprehension(s, v.Body, v.Key, v.Value)
	}
	if ast.IsConstant(t.Value) {
		return known{consts: []ast.Value{t.Value}}
	}
	a.use(s, t)
	return known{}
}

func (a *analyst) comprehension(s *scope, body ast.Body, of ...*ast.Term) known {
	in := s.inner()
	g := a.exprs(in, body)
	for _, t := range of {
		a.use(in, t)
	}
	return known{some: &g}
}

// use notes all that a term looks at.
func (a *analyst) use(s *scope, t *ast.Term) {
	if t == nil {
		return
	}
	switch v := t.Value.(type) {
	case *ast.Array:
		v.Foreach(func(t *ast.Term) { a.use(s, t) })
	case ast.Set:
		v.Foreach(func(t *ast.Term) { a.use(s, t) })
	case ast.Object:
		v.Foreach(func(k, t *ast.Term) { a.use(s, k); a.use(s, t) })
	case ast.Call:
		a.call(s, v)
	case ast.Var, ast.Ref, *ast.ArrayComprehension, *ast.SetComprehension, *ast.ObjectComprehension:
		a.look(s, a.term(s, t))
	case ast.Null, ast.Boolean, ast.Number, ast.String:
	default:
		a.read(guard{}, clue{kind: clueValue})
	}
}

// look notes that a value is looked at as a whole.
func (a *analyst) look(s *scope, k known) {
	for _, p := range k.paths {
		if len(p) == 0 || cheap(p) {
			a.value(s, p)
		}
	}
}

// ref is what is known of a reference, and what must hold for it to be defined.
func (a *analyst) ref(s *scope, ref ast.Ref) (known, guard) {
	var k known
	rest := ref[1:]
	switch head := ref[0].Value.(type) {
	case ast.Var:
		switch head {
		case "input":
			k.paths = [][]string{{}}
		case "data":
			return a.data(s, ref)
		default:
			k = s.vars[head]
		}
	default:
		k = a.term(s, ref[0])
	}
	for _, t := range rest {
		if _, isVar := t.Value.(ast.Var); !isVar {
			a.use(s, t)
		}
	}
	return a.steps(s, k, rest)
}

// data is a reference to a rule, or to the site.
func (a *analyst) data(s *scope, ref ast.Ref) (known, guard) {
	if len(ref) > 1 && text(ref[1]) == "site" {
		return a.steps(s, known{site: []string{"site"}}, ref[2:])
	}
	name, n := a.rules.called(ref)
	if n == 0 {
		a.read(guard{}, clue{kind: clueValue})
		return known{}, guard{}
	}
	r := a.rule(name, nil, s.when)
	if len(ref) == n {
		return r.value, r.defined
	}
	_, g := a.steps(s, r.value, ref[n:])
	k, _ := a.steps(s, known{consts: r.value.consts}, ref[n:])
	return k, all(r.some, g)
}

// steps goes down a value.
func (a *analyst) steps(s *scope, k known, rest ast.Ref) (known, guard) {
	switch {
	case k.paths != nil:
		return a.inputSteps(s, k.paths, rest)
	case len(rest) == 0:
		return k, guard{}
	case k.site != nil:
		return a.siteSteps(s, k.site, rest)
	case k.consts != nil:
		return constSteps(s, k.consts, rest), guard{}
	case k.some != nil:
		return known{}, *k.some
	}
	return known{}, guard{}
}

func (a *analyst) inputSteps(s *scope, paths [][]string, rest ast.Ref) (known, guard) {
	whole := true
	for _, t := range rest {
		words := choices(s, t)
		if words == nil || len(words)*len(paths) > maxChoices {
			whole = false
			break
		}
		var longer [][]string
		for _, p := range paths {
			for _, w := range words {
				longer = append(longer, append(slices.Clone(p), w))
			}
		}
		paths = longer
	}
	kind := clueHas
	if !whole {
		kind = clueSome
	}
	var parts []guard
	for _, p := range paths {
		if len(p) > 0 {
			parts = append(parts, guard{op: ifClue, clue: clue{kind: kind, path: p}})
		} else {
			parts = append(parts, guard{})
		}
		if !whole || len(p) > 0 && !cheap(p) {
			a.value(s, p)
		}
	}
	if !whole {
		return known{}, either(parts...)
	}
	return known{paths: paths}, either(parts...)
}

// choices are the texts that a step of a reference may be, nil when that is not known.
func choices(s *scope, t *ast.Term) []string {
	var values []ast.Value
	switch v := t.Value.(type) {
	case ast.String:
		return []string{string(v)}
	case ast.Var:
		values = s.vars[v].consts
	}
	var out []string
	for _, v := range values {
		w, ok := v.(ast.String)
		if !ok {
			return nil
		}
		out = append(out, string(w))
	}
	return out
}

// siteSteps goes down the site's data; a step that is a text of the input must be a key there.
func (a *analyst) siteSteps(s *scope, path []string, rest ast.Ref) (known, guard) {
	path = slices.Clone(path)
	for _, t := range rest {
		if w, ok := t.Value.(ast.String); ok && !strings.Contains(string(w), ".") {
			path = append(path, string(w))
			continue
		}
		var g guard
		if v, ok := t.Value.(ast.Var); ok {
			k := s.vars[v]
			a.look(s, k)
			if p := onePath(k); p != nil {
				g = guard{op: ifClue, clue: clue{kind: clueKey, path: p, text: strings.Join(path, ".")}}
			}
		}
		return known{}, g
	}
	return known{site: path}, guard{}
}

// onePath is the one field of the input that a value is.
func onePath(k known) []string {
	if len(k.paths) == 1 && len(k.paths[0]) == 1 {
		return k.paths[0]
	}
	return nil
}

// constSteps goes down constants; a step that is a variable is any of the elements, and binds that variable to the keys.
func constSteps(s *scope, values []ast.Value, rest ast.Ref) known {
	for _, t := range rest {
		v, isVar := t.Value.(ast.Var)
		var bound []ast.Value
		if isVar {
			bound = s.vars[v].consts
		} else if ast.IsConstant(t.Value) {
			bound = []ast.Value{t.Value}
		}
		var next, keys []ast.Value
		for _, value := range values {
			elements(value, func(key, element *ast.Term) {
				if bound == nil || slices.ContainsFunc(bound, func(b ast.Value) bool { return b.Compare(key.Value) == 0 }) {
					next, keys = append(next, element.Value), append(keys, key.Value)
				}
			})
		}
		if len(next) > maxChoices {
			return known{}
		}
		if isVar && bound == nil {
			if _, used := s.vars[v]; !used {
				s.vars[v] = known{consts: keys}
			}
		}
		values = next
	}
	if len(values) == 0 {
		return known{}
	}
	return known{consts: values}
}

func elements(v ast.Value, each func(key, element *ast.Term)) {
	switch v := v.(type) {
	case *ast.Array:
		i := 0
		v.Foreach(func(t *ast.Term) { each(ast.InternedTerm(i), t); i++ })
	case ast.Set:
		v.Foreach(func(t *ast.Term) { each(t, t) })
	case ast.Object:
		v.Foreach(each)
	}
}
