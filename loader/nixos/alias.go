package nixos

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/source"
)

// alias is an option by another name: what is defined of from is defined of to.
type alias struct {
	from, to []string
	warns    bool // NixOS warns of the old name
}

// rename records the alias that a module of mkRenamedOptionModule and its kin stands for; false for other modules.
func (s *system) rename(set *eval.Set) bool {
	typ := set.Find("_type")
	if typ == nil {
		return false
	}
	name, err := s.in.Force(typ.Val)
	if err != nil || !isText(name, "nixlint-renamed") && !isText(name, "nixlint-removed") {
		return false
	}
	path := func(name string) []string {
		var out []string
		a := set.Find(name)
		if a == nil {
			return nil
		}
		list, err := s.in.List(a.Val, source.Span{})
		if err != nil {
			return nil
		}
		for _, el := range list.Elems {
			v, err := s.in.Force(el)
			text, ok := v.(*eval.String)
			if err != nil || !ok {
				return nil
			}
			out = append(out, text.S)
		}
		return out
	}
	if isText(name, "nixlint-removed") {
		if at := path("path"); len(at) > 0 {
			s.removed = append(s.removed, removed{at, set.Find("message")})
		}
		return true
	}
	if from, to := path("from"), path("to"); len(from) > 0 && len(to) > 0 {
		warns := false
		if a := set.Find("warn"); a != nil {
			v, err := s.in.Force(a.Val)
			warns = err == nil && v == eval.Bool(true)
		}
		s.aliases = append(s.aliases, alias{from, to, warns})
	}
	return true
}

// renamed is the node that another name stands for, nil for most.
func (s *system) renamed(n *node) *node {
	for _, a := range s.aliases {
		if len(a.from) == n.depth() && slices.Equal(a.from, n.path()) {
			return s.at(a.to)
		}
	}
	return nil
}

// aliasesOf are the nodes whose definitions are also this one's.
func (s *system) aliasesOf(n *node) []*node {
	var out []*node
	for _, a := range s.aliases {
		if len(a.to) == n.depth() && slices.Equal(a.to, n.path()) && !slices.Equal(a.from, a.to) {
			out = append(out, s.at(a.from))
		}
	}
	return out
}

func (s *system) at(path []string) *node {
	n := s.root
	for _, name := range path {
		n = n.child(name)
	}
	return n
}

func (n *node) depth() int {
	depth := 0
	for ; n.up != nil; n = n.up {
		depth++
	}
	return depth
}

// where is the path of a node as a person reads it, with that of the submodule it is in.
func (s *system) where(n *node) string {
	if s.path == "" {
		return n.String()
	}
	return strings.TrimSuffix(s.path+"."+n.String(), ".")
}

// freeFor is the type of what a submodule takes beside its options: that of freeformType, as deep as the node is. Nil when it takes none.
func (s *system) freeFor(n *node) *optionType {
	t := s.freeform()
	for range n.depth() {
		if t == nil || t.name == "anything" {
			return t
		}
		if t.name == "either" || t.name == "nullOr" {
			for _, p := range t.parts(s.in) {
				if p != nil && (p.name == "attrsOf" || p.name == "either") {
					t = p
					break
				}
			}
		}
		if t.name != "attrsOf" {
			return nil
		}
		t = t.elem(s.in)
	}
	return t
}

// freeform is the freeformType of a submodule, nil when it has none.
func (s *system) freeform() *optionType {
	if s.name == "" {
		return nil
	}
	if !s.freeRead {
		s.freeRead = true
		for _, m := range s.modules {
			if a := m.set.Find("freeformType"); a != nil {
				s.free = typeOf(s.in, a.Val)
				s.isFree = true
			}
		}
		if defs := s.root.child("_module").child("freeformType").defs(); len(defs) > 0 {
			s.free = typeOf(s.in, defs[0].val)
			s.isFree = true
		}
	}
	return s.free
}

// verify reports, once, what is defined in a submodule and not an option of it.
func (s *system) verify() {
	if s.verified || s.path == "" {
		return
	}
	s.verified = true
	if s.freeform(); s.isFree || s.partial {
		return
	}
	if s.extends() {
		s.partial = true
		return
	}
	s.strange(s.root)
}

// extends reports that the type of a submodule adds to one of a module that is not in the tree, as options of NixOS may be added to:
// it defines what it does not declare, or declares an option whose type and default are elsewhere.
func (s *system) extends() bool {
	elsewhere := false
	s.options.each(func(o *option) {
		elsewhere = elsewhere || o.set.Find("type") == nil && o.set.Find("default") == nil && o.set.Find("apply") != nil
	})
	for _, m := range s.modules[:min(s.typed, len(s.modules))] {
		if elsewhere || m.config == nil {
			break
		}
		for _, d := range s.expand(def{val: m.config, mod: m}) {
			set, ok := d.val.(*eval.Set)
			for i := 0; ok && i < len(set.Attrs); i++ {
				k := s.root.child(set.Attrs[i].Name)
				elsewhere = elsewhere || k.name != "_module" && k.options() == nil && s.renamed(k) == nil
			}
		}
	}
	return elsewhere
}

func (s *system) strange(n *node) {
	for _, d := range n.defs() {
		set, ok := d.val.(*eval.Set)
		if !ok {
			continue
		}
		for i := range set.Attrs {
			a := &set.Attrs[i]
			k := n.child(a.Name)
			switch {
			case n.up == nil && a.Name == "_module" || s.renamed(k) != nil:
			case k.options() == nil:
				s.problem(siteName(a), "option %s does not exist", s.where(k))
			case k.options().opt() == nil:
				s.strange(k)
			}
		}
	}
}

// hasEmpty reports that an option of the type has a value without any definition.
func (t *optionType) hasEmpty() bool {
	if t == nil {
		return false
	}
	switch t.name {
	case "attrsOf", "listOf", "submodule", "nullOr", "deferredModule":
		return t.fits == nil
	}
	return false
}

// optionsView is the argument options: what is declared, and what is known of its definitions.
type optionsView struct {
	eval.Ext
	n *node
}

func (o *optionsView) TypeName() string { return "set" }

func (o *optionsView) Attr(_ *eval.Interp, name string) (eval.Value, bool, error) {
	if o.n.sys.collecting > 0 {
		return nil, false, o.n.tooSoon()
	}
	k := o.n.child(name)
	switch t := k.options(); {
	case t.opt() != nil:
		return k.describe(t.opt()), true, nil
	case t != nil:
		return &optionsView{n: k}, true, nil
	case o.n.closed():
		return nil, false, nil
	}
	return eval.NewUnknown("option "+k.String()+" is not declared in the tree", source.Span{}), true, nil
}

func (o *optionsView) All(in *eval.Interp) (*eval.Set, error) {
	var attrs []eval.Attr
	for _, name := range o.n.options().names() {
		if v, ok, err := o.Attr(in, name); ok && err == nil {
			attrs = append(attrs, eval.Attr{Name: name, Val: v})
		}
	}
	set := eval.NewSet(attrs...)
	if !o.n.closed() {
		set.Open = eval.NewUnknown("modules that are not in the tree declare more of "+o.n.String(), source.Span{})
	}
	return set, nil
}

func (o *optionsView) Call(*eval.Interp, eval.Value) (eval.Value, error) {
	return eval.NewUnknown("options is called", source.Span{}), nil
}

func (o *optionsView) Text() (*eval.String, bool) { return nil, false }

// describe is an option as modules see it in options.
func (n *node) describe(o *option) *eval.Set {
	s := n.sys
	lazy := func(f func() (eval.Value, error)) eval.Value { return eval.Lazy(f) }
	set := *o.set
	attrs := append([]eval.Attr(nil), set.Attrs...)
	attrs = append(attrs,
		eval.Attr{Name: "value", Val: lazy(n.read)},
		eval.Attr{Name: "isDefined", Val: lazy(func() (eval.Value, error) { return n.isDefined(o), nil })},
		eval.Attr{Name: "definitions", Val: lazy(func() (eval.Value, error) {
			won, _ := s.settle(n.defs())
			list := &eval.List{}
			for _, d := range won {
				if len(d.when) > 0 {
					list.Uneven = true
					list.Elems = append(list.Elems, &eval.Maybe{Val: d.val, When: d.when})
					continue
				}
				list.Elems = append(list.Elems, d.val)
			}
			return list, nil
		})},
		eval.Attr{Name: "highestPrio", Val: lazy(func() (eval.Value, error) {
			best := optionPrio
			won, _ := s.settle(n.defs())
			for _, d := range won {
				if len(d.when) > 0 {
					return eval.NewUnknown("the priority of "+s.where(n)+" is not decided", d.place()), nil
				}
				best = min(best, d.prio)
			}
			return eval.Int(best), nil
		})},
		eval.Attr{Name: "files", Val: lazy(func() (eval.Value, error) {
			return n.located(func(file, _ eval.Value) eval.Value { return file }), nil
		})},
		eval.Attr{Name: "definitionsWithLocations", Val: lazy(func() (eval.Value, error) {
			return n.located(func(file, val eval.Value) eval.Value {
				return eval.NewSet(eval.Attr{Name: "file", Val: file}, eval.Attr{Name: "value", Val: val})
			}), nil
		})},
		eval.Attr{Name: "declarations", Val: &eval.List{Elems: []eval.Value{fileText(spanOf(o.site).File)}}})
	path := &eval.List{}
	for _, name := range n.path() {
		path.Elems = append(path.Elems, eval.Str(name))
	}
	shown := fnOf("__toString", func(eval.Value) (eval.Value, error) { return eval.Str(showPath(n.path())), nil })
	return eval.NewSet(append(attrs, eval.Attr{Name: "loc", Val: path}, eval.Attr{Name: "__toString", Val: shown})...)
}

var plainPart = regexp.MustCompile(`^(?:[a-zA-Z_][a-zA-Z0-9_'-]*|\*|<name>|<function body>)$`)

// showPath is the path of an option as lib.showOption writes it.
func showPath(path []string) string {
	parts := make([]string, len(path))
	for i, part := range path {
		if plainPart.MatchString(part) {
			parts[i] = part
		} else {
			parts[i] = strconv.Quote(part)
		}
	}
	return strings.Join(parts, ".")
}

// located is a list with an element for each definition that counts.
func (n *node) located(element func(file, val eval.Value) eval.Value) eval.Value {
	won, _ := n.sys.settle(n.defs())
	list := &eval.List{}
	for _, d := range won {
		el := element(fileText(d.place().File), d.val)
		if len(d.when) > 0 {
			list.Uneven = true
			el = &eval.Maybe{Val: el, When: d.when}
		}
		list.Elems = append(list.Elems, el)
	}
	return list
}

// fileText is a file as modules see it: its path in the store.
func fileText(f *source.File) eval.Value {
	if f == nil {
		return eval.Str("<unknown-file>")
	}
	return eval.Str(eval.StoreName("source") + "/" + f.Path)
}

// isDefined tells whether an option has a definition, its default included.
func (n *node) isDefined(o *option) eval.Value {
	if o.set.Find("default") != nil {
		return eval.Bool(true)
	}
	won, _ := n.sys.settle(n.defs())
	for _, d := range won {
		if len(d.when) == 0 {
			return eval.Bool(true)
		}
	}
	if len(won) == 0 {
		return eval.Bool(false)
	}
	return eval.Choose([]eval.Alt{{When: won[0].when, Val: eval.Bool(true)}, {When: won[0].when.Negate(), Val: eval.Bool(false)}})
}
