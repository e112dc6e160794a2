package nixos

import (
	"slices"
	"sort"
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

// optionTree holds the declared options of a system by path. Shared holds those that the rest of the repository declares.
type optionTree struct {
	kids   map[string]*optionTree
	option *option
	shared *optionTree
}

// option is one declared option.
type option struct {
	path    []string
	set     *eval.Set
	site    *eval.Site
	in      *eval.Interp
	typ     *optionType
	typRead bool
}

func (t *optionTree) child(name string) *optionTree {
	if t == nil {
		return nil
	}
	k := t.kids[name]
	var shared *optionTree
	if t.shared != nil {
		shared = t.shared.child(name)
	}
	switch {
	case k == nil:
		return shared
	case shared == nil:
		return k
	}
	k.shared = shared
	return k
}

func (t *optionTree) opt() *option {
	switch {
	case t == nil:
		return nil
	case t.option != nil:
		return t.option
	case t.shared != nil:
		return t.shared.opt()
	}
	return nil
}

// names are the options and folders of options below this one.
func (t *optionTree) names() []string {
	if t == nil {
		return nil
	}
	out := make([]string, 0, len(t.kids))
	for name := range t.kids {
		out = append(out, name)
	}
	if t.shared != nil {
		out = append(out, t.shared.names()...)
	}
	sort.Strings(out)
	return out
}

// declare adds a module's options.
func (t *optionTree) declare(s *system, m *module) {
	a := m.set.Find("options")
	if a == nil {
		return
	}
	t.walk(s, a.Val, a.Site, nil)
}

func (t *optionTree) walk(s *system, v eval.Value, site *eval.Site, path []string) {
	forced, err := s.in.Force(v)
	if err != nil {
		s.report(err, spanOf(site))
		return
	}
	var set *eval.Set
	switch x := forced.(type) {
	case *eval.Set:
		set = x
	case *eval.Choice:
		if set, err = s.in.Set(x, spanOf(site)); err != nil {
			return
		}
	case *eval.Unknown:
		s.miss("options."+strings.Join(path, "."), x.Why, spanOf(site))
		return
	default:
		return
	}
	if typ := set.Find("_type"); typ != nil {
		if name, _ := s.in.Force(typ.Val); isText(name, "option") {
			if t.option == nil {
				t.option = &option{path: append([]string(nil), path...), set: set, site: site, in: s.in}
			}
			return
		}
	}
	for i := range set.Attrs {
		attr := &set.Attrs[i]
		if t.kids == nil {
			t.kids = map[string]*optionTree{}
		}
		kid := t.kids[attr.Name]
		if kid == nil {
			kid = &optionTree{}
			t.kids[attr.Name] = kid
		}
		kid.walk(s, attr.Val, attr.Site, append(path, attr.Name))
	}
}

func isText(v eval.Value, text string) bool {
	s, ok := v.(*eval.String)
	return ok && s.S == text
}

// each visits every declared option, sorted by path.
func (t *optionTree) each(f func(*option)) {
	if t.option != nil {
		f(t.option)
	}
	names := make([]string, 0, len(t.kids))
	for name := range t.kids {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		t.kids[name].each(f)
	}
}

func (o *option) kind() *optionType {
	if !o.typRead {
		o.typRead = true
		o.typ = &optionType{name: "unspecified"}
		if a := o.set.Find("type"); a != nil {
			o.typ = typeOf(o.in, a.Val)
		}
	}
	return o.typ
}

// describe is the option for the inventory.
func (o *option) describe() inventory.Option {
	out := inventory.Option{Path: strings.Join(o.path, "."), Type: o.kind().text(o.in, 0), At: inventory.At(spanOf(o.site))}
	if a := o.set.Find("description"); a != nil {
		out.Description = o.prose(a.Val)
	} else if o.adds() && strings.Contains(out.Type, "submodule") {
		out.Description = "<unknown: it may add to an option that a module elsewhere declares and describes>"
	}
	out.Internal = o.isTruth("internal", true) || o.isTruth("visible", false)
	if a := o.set.Find("default"); a != nil && a.Site != nil {
		out.Default = oneLine(spanText(a))
	}
	return out
}

// adds reports whether a declaration says nothing but a type. NixOS merges that of a submodule with another declaration of the option,
// and only one of the two may have a description.
func (o *option) adds() bool {
	return !slices.ContainsFunc(o.set.Attrs, func(a eval.Attr) bool { return a.Name != "_type" && a.Name != "type" })
}

// prose is a text, or what lib.mdDoc and its kin make of one.
func (o *option) prose(x eval.Value) string {
	v, err := o.in.Force(x)
	if err != nil {
		return "<unknown: it does not evaluate>"
	}
	switch v := v.(type) {
	case *eval.String:
		return strings.TrimSpace(v.S)
	case *eval.Set:
		if text := v.Find("text"); text != nil {
			return o.prose(text.Val)
		}
	case eval.Null:
		return ""
	}
	return "<unknown: it is no text that is known>"
}

func (o *option) isTruth(name string, want bool) bool {
	a := o.set.Find(name)
	if a == nil {
		return false
	}
	v, err := o.in.Force(a.Val)
	return err == nil && v == eval.Bool(want)
}

// spanText is the source of an attribute's value, empty for what the embedded lib wrote.
func spanText(a *eval.Attr) string {
	if inTree(a.Site.Value) {
		return a.Site.Value.Text()
	}
	if v, ok := a.Val.(eval.Bool); ok {
		if v {
			return "true"
		}
		return "false"
	}
	return ""
}

func spanOf(site *eval.Site) source.Span {
	if site == nil {
		return source.Span{}
	}
	return site.Value
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
