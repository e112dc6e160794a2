package nixos

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/source"
)

// Priorities of nixpkgs' lib.modules: the lowest number wins.
const (
	plain        = 100
	defaultPrio  = 1000
	defaultOrder = 1000
	optionPrio   = 1500
)

// def is one definition of an option (or of a part of one) by a module.
type def struct {
	val   eval.Value
	conds []guard    // mkIf around it, not looked at yet
	when  eval.Conds // conditions that are not decided
	prio  int
	order int // mkOrder, 0 for none
	mod   *module
	site  *eval.Site
	trail []source.Span // the expressions it was reached through, outermost first
	expr  source.Span   // the expression of val itself, when it is one of the user's
	base  int           // of a definition inside a unit: where on the trail the unit begins
	err   error         // why val is unknown: said when the definition turns out to count

	option   string // of a unit, that NixOS made this definition of
	said     int    // the priority that option was defined with
	nullable bool   // null is no value
}

// priority is the one that the user gave.
func (d *def) priority() int {
	if d.said != 0 {
		return d.said
	}
	return d.prio
}

// guard is the condition of a mkIf.
type guard struct {
	cond      eval.Value
	at        source.Span
	falsified []*node // of an assumption: the options that make the condition false
}

// node is one path of the configuration: config.services.foo. Its value is computed when it is asked for.
type node struct {
	sys     *system
	up      *node
	name    string
	kids    map[string]*node
	roots   []def // of the root only: one a module
	opened  []def // definitions, taken apart; see defs
	open    bool
	opening bool // they are being taken apart
	value   *eval.Thunk
}

func (n *node) path() []string {
	if n.up == nil {
		return nil
	}
	return append(n.up.path(), n.name)
}

func (n *node) String() string { return strings.Join(n.path(), ".") }

func (n *node) child(name string) *node {
	k := n.kids[name]
	if k == nil {
		k = &node{sys: n.sys, up: n, name: name}
		if n.kids == nil {
			n.kids = map[string]*node{}
		}
		n.kids[name] = k
	}
	return k
}

func (n *node) options() *optionTree {
	if n.up == nil {
		return n.sys.options
	}
	return n.up.options().child(n.name)
}

// holdsOptions reports that the node is no option, but has options below it.
func (n *node) holdsOptions() bool {
	t := n.options()
	return t != nil && t.opt() == nil
}

// defs are the definitions at this path: conditions, merges and priorities taken off, nothing decided.
func (n *node) defs() []def {
	if n.open || n.sys.collecting > 0 { // what is asked for too soon is not known: the caller says so
		return n.opened
	}
	n.open, n.opening = true, true
	defer func() { n.opening = false }()
	if n.up == nil {
		for _, d := range n.roots {
			n.opened = append(n.opened, n.sys.expand(d)...)
		}
		return n.opened
	}
	for _, d := range n.up.defs() {
		n.opened = append(n.opened, n.sys.part(d, n.name)...)
	}
	for _, from := range n.sys.aliasesOf(n) {
		n.opened = append(n.opened, from.defs()...)
	}
	return n.opened
}

// part is what a definition of a set says of one of its attributes.
func (s *system) part(d def, name string) []def {
	switch v := d.val.(type) {
	case *eval.Set:
		a := v.Find(name)
		if a == nil {
			return nil
		}
		when, ok := d.when.And(a.When)
		if !ok {
			return nil
		}
		d.val, d.when, d.site = a.Val, when, a.Site
		d.trail = grow(d.trail, a)
		return s.expand(d)
	case eval.External:
		if part, ok, err := v.Attr(s.in, name); ok && err == nil {
			d.val, d.site = part, nil
			return s.expand(d)
		}
	}
	return nil
}

// grow adds the place of an attribute's value to a trail.
func grow(trail []source.Span, a *eval.Attr) []source.Span {
	if a.Site == nil || a.Site.Implied || !inTree(a.Site.Value) {
		return trail
	}
	return append(slices.Clip(trail), a.Site.Value)
}

// failed is the value of what does not evaluate.
func (s *system) failed(err error, at source.Span) eval.Value {
	if u, ok := eval.Undetermined(err); ok {
		return u
	}
	return eval.NewUnknown("it does not evaluate: "+firstLine(err), at)
}

// report says why a value that counts does not evaluate, but what a host need not have either: that of a unit which is only assumed may need
// what its condition asks for.
func (s *system) report(err error, at source.Span) {
	if _, ok := eval.Undetermined(err); ok {
		return
	}
	before := len(s.r.problems)
	s.r.evalProblem(err, at, s.loose)
	if s.quiet > 0 && len(s.r.problems) > before && s.r.problems[before].Severity == source.Notice {
		s.r.problems = s.r.problems[:before]
	}
}

// problem records something wrong in the user's files. In the loose view, where options have values that no host may give
// them, it is a notice.
func (s *system) problem(at source.Span, format string, args ...any) {
	s.r.problem(at, format, args...)
	if s.loose {
		s.r.problems[len(s.r.problems)-1].Severity = source.Notice
	}
}

// refuse records a definition of a wrong type, and is the error that says so.
func (s *system) refuse(d *def, path string, t *optionType) error {
	s.problem(d.place(), "option %s expects %s, found %s", path, t.text(s.in, 0), s.describe(d.val))
	return s.r.problems[len(s.r.problems)-1]
}

// expand takes mkIf, mkMerge, mkOverride and mkOrder off a definition, and a choice apart. A value that cannot be computed is
// reported and unknown.
func (s *system) expand(d def) []def {
	d.expr = eval.Span(d.val)
	v, err := s.in.Force(d.val)
	if err != nil {
		d.val, d.err = s.failed(err, d.place()), err
		return []def{d}
	}
	raw := d.val
	d.val = v
	switch v := v.(type) {
	case *eval.Choice:
		if scalars(v) {
			return []def{d}
		}
		var out []def
		for _, alt := range v.Alts {
			when, ok := d.when.And(alt.When)
			if !ok {
				continue
			}
			e := d
			e.val, e.when = alt.Val, when
			out = append(out, s.expand(e)...)
		}
		return out
	case *eval.Set:
		return s.unwrap(d, v, raw)
	case *view:
		set, err := v.All(s.in)
		if err != nil {
			d.val, d.err = s.failed(err, d.place()), err
			return []def{d}
		}
		d.val = set
	}
	return []def{d}
}

// scalars reports that no alternative of a choice is a set or a list: those are told apart where they are rendered.
func scalars(c *eval.Choice) bool {
	for _, alt := range c.Alts {
		switch alt.Val.(type) {
		case eval.Null, eval.Bool, eval.Int, eval.Float, *eval.String, eval.Path, *eval.Unknown, *symbol:
		default:
			return false
		}
	}
	return true
}

func (s *system) unwrap(d def, v *eval.Set, raw eval.Value) []def {
	typ := v.Find("_type")
	if typ == nil {
		return []def{d}
	}
	forced, err := s.in.Force(typ.Val)
	name, isString := forced.(*eval.String)
	if err != nil || !isString {
		return []def{d}
	}
	content := v.Find("content")
	switch name.S {
	case "if":
		cond := v.Find("condition")
		if cond == nil || content == nil {
			return []def{d}
		}
		at := eval.Span(cond.Val)
		if !inTree(at) {
			at = eval.Span(raw)
		}
		d.conds = append(slices.Clip(d.conds), guard{cond: cond.Val, at: at})
		d.val = content.Val
		return s.expand(d)
	case "merge":
		contents := v.Find("contents")
		if contents == nil {
			return []def{d}
		}
		return s.expandMerge(d, contents.Val)
	case "override", "order":
		prio := v.Find("priority")
		if prio == nil || content == nil {
			return []def{d}
		}
		p, err := s.in.Force(prio.Val)
		n, ok := p.(eval.Int)
		if err != nil || !ok {
			return []def{d}
		}
		if name.S == "override" {
			d.prio = int(n)
		} else {
			d.order = int(n)
		}
		d.val = content.Val
		return s.expand(d)
	case "nixlint-renamed", "literalExpression":
		return nil
	}
	return []def{d}
}

func (s *system) expandMerge(d def, contents eval.Value) []def {
	list, err := s.in.List(contents, spanOf(d.site))
	if err != nil {
		d.val, d.err = s.failed(err, d.place()), err
		return []def{d}
	}
	var out []def
	for _, el := range list.Elems {
		e := d
		switch m := el.(type) {
		case *eval.Rest:
			e.val = m.Why
			out = append(out, e)
			continue
		case *eval.Maybe:
			when, ok := d.when.And(m.When)
			if !ok {
				continue
			}
			el, e.when = m.Val, when
		}
		e.val = el
		out = append(out, s.expand(e)...)
	}
	return out
}

// decide looks at the conditions of definitions and drops those that do not hold. What is left has undecided conditions
// in when only; guards are those that were looked at. The result may be defs itself.
func (s *system) decide(defs []def) []def {
	if settled(defs) {
		return defs
	}
	out := make([]def, 0, len(defs))
next:
	for _, d := range defs {
		for _, g := range d.conds {
			verdict, err := s.judge(g)
			if err != nil {
				s.report(err, g.at)
				verdict = eval.Decision{When: s.in.Condition(eval.NewUnknown("its condition does not evaluate: "+firstLine(err), g.at), g.at)}
			}
			if verdict.Never {
				continue next
			}
			when, ok := d.when.And(verdict.When)
			if !ok {
				continue next
			}
			d.when = when
		}
		if d.err != nil {
			s.assuming([]def{d}, func() { s.report(d.err, d.place()) })
		}
		out = append(out, d)
	}
	return out
}

// settled reports that there is nothing to decide. A definition is large: loops over many of them do not copy each.
func settled(defs []def) bool {
	for i := range defs {
		if d := &defs[i]; len(d.conds) > 0 || d.err != nil {
			return false
		}
	}
	return true
}

// settle decides definitions and applies priorities: what wins, and what lost. A definition that is stronger than another
// only under conditions leaves the other its contrary.
func (s *system) settle(defs []def) (won, lost []def) {
	defs = s.decide(defs)
	if len(defs) < 2 {
		return slices.Clone(defs), nil
	}
	won = make([]def, 0, len(defs))
	best := int(^uint(0) >> 1)
	ordered := false
	for i := range defs {
		if d := &defs[i]; len(d.when) == 0 && d.prio < best {
			best = d.prio
		}
		ordered = ordered || defs[i].order != 0
	}
	for i := range defs {
		if defs[i].prio > best {
			lost = append(lost, defs[i])
			continue
		}
		when, possible := defs[i].when, true
		for j := range defs {
			if e := &defs[j]; e.prio < defs[i].prio && len(e.when) > 0 && possible {
				when, possible = when.And(e.when.Negate())
			}
		}
		if possible {
			won = append(won, defs[i])
			won[len(won)-1].when = when
		}
	}
	if ordered {
		slices.SortStableFunc(won, func(a, b def) int { return cmp.Compare(orderOf(a), orderOf(b)) })
	}
	return won, lost
}

func orderOf(d def) int {
	if d.order == 0 {
		return defaultOrder
	}
	return d.order
}

// read is the value of config.PATH.
func (n *node) read() (eval.Value, error) {
	if n.sys.collecting > 0 {
		return nil, n.tooSoon()
	}
	if n.sys.tracing > 0 && !n.holdsOptions() { // a set of options is what its options are
		n.sys.reads = append(n.sys.reads, n)
	}
	if n.value == nil {
		n.value = eval.Lazy(n.compute)
	}
	return n.sys.in.Force(n.value)
}

// tooSoon is the error of imports that depend on what the imported modules define.
func (n *node) tooSoon() error {
	return &eval.Error{
		Kind:    eval.Abort,
		Message: "which modules there are depends on config." + n.sys.where(n) + ", which they define: infinite recursion; import always, and use mkIf inside",
	}
}

func (n *node) compute() (eval.Value, error) {
	s := n.sys
	if to := s.renamed(n); to != nil {
		return to.read()
	}
	o := n.options().opt()
	if o == nil {
		if n.up == nil || len(n.options().names()) > 0 {
			return &view{n: n}, nil
		}
		if free := s.freeFor(n); free != nil {
			won, _ := s.settle(n.defs())
			if len(won) > 0 {
				return s.merge(free, won, s.where(n))
			}
		}
		return n.undeclared()
	}
	if s.loose && n.name == "enable" && o.kind() != nil && o.kind().name == "bool" && len(n.defs()) == 0 {
		return eval.Bool(true), nil
	}
	defs := n.defs()
	if a := o.set.Find("default"); a != nil {
		defs = append(slices.Clip(defs), s.expand(def{val: a.Val, prio: optionPrio, site: a.Site})...)
	}
	won, _ := s.settle(defs)
	if len(won) == 0 && !o.kind().hasEmpty() {
		return eval.NewUnknown("option "+s.where(n)+" has no value here", spanOf(o.site)), nil
	}
	defer func(before string) { s.naming = before }(s.naming)
	s.naming = ""
	said := len(s.r.problems)
	v, err := s.merge(o.kind(), won, s.where(n))
	s.declared(o, s.where(n), said)
	if err != nil {
		return nil, err
	}
	if a := o.set.Find("apply"); a != nil {
		return s.in.Call(a.Val, v)
	}
	return v, nil
}

// declared adds to the problems of an option, those said since, where it is declared.
func (s *system) declared(o *option, path string, since int) {
	at := spanOf(o.site)
	for i := since; i < len(s.r.problems) && inTree(at); i++ {
		p := &s.r.problems[i]
		note := source.Note{Span: at, Message: "the option is declared"}
		if strings.HasPrefix(p.Message, "option "+path+" ") && !slices.Contains(p.Notes, note) {
			p.Notes = append(p.Notes, note)
		}
	}
}

// namesAccount: by default an account of the tree is called as its attribute is (nixos/modules/config/users-groups.nix).
func (n *node) namesAccount() bool {
	if n.name != "name" || n.sys.name != "" {
		return false
	}
	path := n.path()
	return len(path) == 4 && path[0] == "users" && (path[1] == "users" || path[1] == "groups") && len(n.up.defs()) > 0
}

// undeclared is the value of an option that nothing in the tree declares. What the tree defines with a plain priority or a
// stronger one is its value; a list may be longer, a set have more attributes.
func (n *node) undeclared() (eval.Value, error) {
	won, _ := n.sys.settle(n.defs())
	if len(won) == 0 {
		if n.namesAccount() {
			return eval.Str(n.up.name), nil
		}
		u := eval.NewUnknown("option "+n.String()+" is not declared in the tree", source.Span{})
		u.Sub = func(name string) eval.Value { return eval.Lazy(n.child(name).read) }
		return u, nil
	}
	for _, d := range won {
		if d.prio >= optionPrio {
			return eval.NewUnknown("option "+n.String()+" is not declared in the tree, and is only given a default there", d.place()), nil
		}
		switch d.val.(type) {
		case *eval.Set:
			return &view{n: n}, nil
		case *eval.List:
			v, err := n.sys.merge(&optionType{name: "listOf"}, won, n.String())
			if err != nil {
				return nil, err
			}
			list, err := n.sys.in.List(v, source.Span{})
			if err != nil {
				return nil, err
			}
			rest := &eval.Rest{Why: eval.NewUnknown("modules that are not in the tree may add to "+n.String(), source.Span{})}
			return &eval.List{Elems: append(slices.Clip(list.Elems), rest), Uneven: true}, nil
		}
	}
	if !slices.ContainsFunc(won, func(d def) bool { return len(d.when) == 0 }) {
		why := "option " + n.String() + " is not declared in the tree, and is only given a value there under conditions"
		won = append(won, def{val: eval.NewUnknown(why, won[0].place()), prio: won[0].prio})
	}
	return n.sys.merge(nil, won, n.String())
}

// view is config.PATH as a set.
type view struct {
	eval.Ext
	n *node
}

func (v *view) TypeName() string { return "set" }

func (v *view) Attr(_ *eval.Interp, name string) (eval.Value, bool, error) {
	if v.n.sys.collecting > 0 {
		k := v.n.child(name)
		return eval.Lazy(k.read), true, nil // it says so when it is needed
	}
	v.n.sys.verify()
	k := v.n.child(name)
	if k.options() == nil && v.n.sys.renamed(k) == nil && v.n.closed() && len(k.defs()) == 0 {
		return nil, false, nil
	}
	if k.options() == nil && v.n.sys.renamed(k) == nil && len(k.defs()) == 0 {
		u, err := k.undeclared() // whether there is such an option is not known either
		return u, err == nil, err
	}
	return eval.Lazy(k.read), true, nil
}

// closed reports that all there is below a path is declared in sight: in a submodule, all of whose modules are known.
func (n *node) closed() bool { return n.sys.name != "" && !n.sys.partial }

// Guesses reports that nothing in the tree declares or defines it.
func (v *view) Guesses(name string) bool {
	k := v.n.child(name)
	return v.n.sys.collecting == 0 && k.options() == nil && len(k.defs()) == 0
}

func (v *view) All(_ *eval.Interp) (*eval.Set, error) {
	if v.n.sys.collecting > 0 {
		return nil, v.n.tooSoon()
	}
	v.n.sys.verify()
	names := map[string]bool{}
	for _, name := range v.n.options().names() {
		names[name] = true
	}
	out := &eval.Set{}
	for _, d := range v.n.sys.decide(v.n.defs()) {
		switch x := d.val.(type) {
		case *eval.Set:
			for i := range x.Attrs {
				names[x.Attrs[i].Name] = true
			}
			if x.Open != nil {
				out.Open = x.Open
			}
		case *eval.Unknown:
			out.Open = x
		}
	}
	var attrs []eval.Attr
	for name := range names {
		k := v.n.child(name)
		attrs = append(attrs, eval.Attr{Name: name, Val: eval.Lazy(k.read), Site: siteOf(k)})
	}
	set := eval.NewSet(attrs...)
	set.Open = out.Open
	if !v.n.closed() && set.Open == nil {
		set.Open = eval.NewUnknown("modules that are not in the tree may define more of "+v.n.String(), source.Span{})
	}
	return set, nil
}

func siteOf(n *node) *eval.Site {
	for _, d := range n.defs() {
		if d.site != nil {
			return d.site
		}
	}
	return nil
}

func (v *view) Call(*eval.Interp, eval.Value) (eval.Value, error) {
	return eval.NewUnknown("config."+v.n.String()+" is called", source.Span{}), nil
}

func (v *view) Text() (*eval.String, bool) { return nil, false }

func firstLine(err error) string {
	text, _, _ := strings.Cut(err.Error(), "\n")
	return text
}
