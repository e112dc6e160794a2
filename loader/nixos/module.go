// Package nixos knows how NixOS makes systems of modules: it finds hosts, merges their modules as nixpkgs does, and turns
// systemd.* into units. It works on values of package eval and knows no policy.
package nixos

import (
	"path"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

// module is one module of a system, its function applied.
type module struct {
	file   string // of the tree; "" when it is not in a file of its own
	at     source.Span
	set    *eval.Set
	config eval.Value // what it defines: its config, or the module itself in the short form
	when   eval.Conds // an imported module that is there only under conditions
	// declares: only the module's options count (the loose view knows those of the whole repository).
	declares bool
}

// system is one evaluation of modules: a host, a loose module, or a value of a submodule option.
type system struct {
	r          *repository
	in         *eval.Interp
	host       *inventory.Host
	modules    []*module // in the order of definitions: imports first, the importing module last
	args       *eval.Set // specialArgs
	name       string    // of a submodule in attrsOf
	path       string    // of a submodule: the option
	typed      int       // of a submodule: how many of its modules are those of its type
	naming     string    // the attribute whose definitions are being merged
	loose      bool
	quiet      int // what is being read exists under an assumption only
	root       *node
	options    *optionTree
	missing    map[string]bool
	added      map[string]bool // units of the host, by name and definitions
	partial    bool            // some module of it is not known
	collecting int             // modules are being collected: nothing that they define is known yet
	blind      bool            // some module that it has is not in sight, those of NixOS apart
	disabled   []string        // modules of nixpkgs that disabledModules names, by their paths below nixos/modules
	aliases    []alias
	removed    []removed
	made       *nixosSystem // what it is the evaluation of, for a host

	freeRead, isFree bool // freeformType of a submodule was looked at; it has one
	free             *optionType
	verified         bool
	asking           bool // for the system that it is built for

	// Of the loose view: how many conditions are being decided, the options that they read, those of conditions that do not hold, and those
	// without a value of assertions that do not hold.
	tracing   int
	reads     []*node
	falsified map[eval.Value][]*node
	unset     []*node

	global map[string]inventory.Setting // the environment of all units, when it was asked for
}

// structural are the attributes that make a module be in the long form, or are no configuration in the short one.
var structural = map[string]bool{
	"imports": true, "options": true, "config": true, "_file": true, "key": true, "disabledModules": true, "meta": true,
	"freeformType": true, "_class": true, "require": true,
}

func newSystem(r *repository, in *eval.Interp, host *inventory.Host) *system {
	s := &system{r: r, in: in, host: host, missing: map[string]bool{}, added: map[string]bool{}, options: &optionTree{}}
	s.root = &node{sys: s}
	return s
}

// pending is a module that is to be collected.
type pending struct {
	val  eval.Value
	at   source.Span
	when eval.Conds
	file string
}

// collect adds modules and what they import, breadth first, in the order in which NixOS merges: reversed.
func (s *system) collect(values []pending, follow bool) {
	s.collecting++
	found := s.found(values, follow)
	s.collecting--
	s.add(found)
}

// found are the modules, in that order.
func (s *system) found(values []pending, follow bool) []*module {
	queue := values
	seen := map[string]bool{}
	var found []*module
	for len(queue) > 0 {
		next := queue[0]
		queue = queue[1:]
		m, imports := s.open(next, seen)
		if m == nil {
			continue
		}
		found = append(found, m)
		if follow {
			queue = append(queue, imports...)
		}
	}
	slices.Reverse(found)
	return s.enabledOf(found)
}

// enabledOf leaves out modules that disabledModules names, by path or by key.
func (s *system) enabledOf(found []*module) []*module {
	gone := map[string]bool{}
	for _, m := range found {
		a := m.set.Find("disabledModules")
		if a == nil {
			continue
		}
		list, err := s.in.List(a.Val, m.at)
		if err != nil {
			s.report(err, m.at)
			continue
		}
		for _, el := range list.Elems {
			v, err := s.in.Force(el)
			if err != nil {
				continue
			}
			switch x := v.(type) {
			case eval.Path:
				if name, ok := s.modulePath(x, m.at); ok {
					gone[name] = true
				}
			case *eval.String:
				s.disabled = append(s.disabled, x.S)
			case *eval.Set:
				if key := x.Find("key"); key != nil {
					if text, err := s.in.ToString(key.Val, m.at); err == nil {
						gone["key "+text.S] = true
					}
				}
			case *eval.Maybe, *eval.Rest, *eval.Unknown:
				s.miss("disabledModules", "which modules are disabled is not decided", m.at)
			}
		}
	}
	if len(gone) == 0 {
		return found
	}
	return slices.DeleteFunc(found, func(m *module) bool {
		key := ""
		if a := m.set.Find("key"); a != nil {
			if text, err := s.in.ToString(a.Val, m.at); err == nil {
				key = "key " + text.S
			}
		}
		return gone[m.file] || gone[key]
	})
}

// add adds modules: first what they define, then what they declare, because a declaration may ask for a definition.
func (s *system) add(modules []*module) {
	for _, m := range modules {
		s.modules = append(s.modules, m)
		if !m.declares && m.config != nil {
			s.root.roots = append(s.root.roots, def{val: m.config, when: m.when, prio: plain, mod: m})
		}
	}
	for _, m := range modules {
		s.options.declare(s, m)
	}
}

// open turns a value into a module: a path is imported, a function is called.
func (s *system) open(p pending, seen map[string]bool) (*module, []pending) {
	v, err := s.in.Force(p.val)
	if err != nil {
		s.unreadable(err, p.at)
		return nil, nil
	}
	switch x := v.(type) {
	case *eval.Choice:
		return nil, s.openChoice(x, p)
	case *eval.Unknown:
		s.miss(describeSpan(p.at), x.Why, p.at)
		return nil, nil
	case eval.Path, *eval.String:
		name, ok := s.modulePath(v, p.at)
		if !ok || seen[name] {
			return nil, nil
		}
		seen[name] = true
		p.file, p.at = name, element(p.at, name)
		s.r.used(name, s.host)
		if v, err = s.in.Import(name, p.at); err != nil {
			s.unreadable(err, p.at)
			return nil, nil
		}
	}
	for {
		set, isSet := v.(*eval.Set)
		if !isSet || set.Find("__functor") == nil {
			break
		}
		if v, err = s.in.Call(set.Find("__functor").Val, set); err != nil {
			s.unreadable(err, p.at)
			return nil, nil
		}
	}
	if fn, ok := v.(*eval.Lambda); ok {
		s.imported(fn)
		if !p.at.Valid() {
			p.at = eval.Span(fn)
		}
		if v, err = s.in.Call(fn, s.moduleArgs(fn)); err != nil {
			s.unreadable(err, p.at)
			return nil, nil
		}
	}
	switch x := v.(type) {
	case *eval.Unknown:
		s.miss(describeSpan(p.at), x.Why, p.at)
		return nil, nil
	case *eval.Choice:
		return nil, s.openChoice(x, p)
	}
	set, err := s.in.Set(v, p.at)
	if err != nil {
		s.unreadable(err, p.at)
		return nil, nil
	}
	if set.Open != nil {
		s.miss(describeSpan(p.at), set.Open.Why, p.at)
	}
	if f := set.Find("_file"); f != nil {
		if name, err := s.in.ToString(f.Val, p.at); err == nil && name.Known() && p.file == "" {
			p.file = name.S
		}
	}
	if s.rename(set) {
		return nil, nil
	}
	if key := set.Find("key"); key != nil {
		if text, err := s.in.ToString(key.Val, p.at); err == nil && text.Known() {
			if seen["key "+text.S] {
				return nil, nil
			}
			seen["key "+text.S] = true
		}
	}
	m := &module{file: p.file, at: p.at, set: set, when: p.when}
	m.config = configOf(set)
	return m, s.imports(set, p)
}

// imported says that a module is used which was imported as a value: import ./module.nix.
func (s *system) imported(fn *eval.Lambda) {
	at := eval.Span(fn)
	if !inTree(at) {
		return
	}
	f, err := s.r.program.File(at.File.Path)
	if err == nil && f.Root != nil && f.Root.Start() == at.Start && isModule(at.File.Path, f) {
		s.r.used(at.File.Path, s.host)
	}
}

func (s *system) openChoice(c *eval.Choice, p pending) []pending {
	var out []pending
	for _, alt := range c.Alts {
		if when, ok := p.when.And(alt.When); ok {
			out = append(out, pending{val: alt.Val, at: p.at, when: when, file: p.file})
		}
	}
	return out
}

// configOf is what a module defines.
func configOf(set *eval.Set) eval.Value {
	if c := set.Find("config"); c != nil {
		return c.Val
	}
	if set.Find("options") != nil {
		return nil
	}
	out := &eval.Set{Home: set.Home}
	for _, a := range set.Attrs {
		if !structural[a.Name] {
			out.Attrs = append(out.Attrs, a)
		}
	}
	if set.Find("_type") != nil { // the whole module is mkIf, mkMerge, …
		return set
	}
	return out
}

func (s *system) imports(set *eval.Set, p pending) []pending {
	var out []pending
	for _, key := range []string{"require", "imports"} {
		a := set.Find(key)
		if a == nil {
			continue
		}
		list, err := s.in.List(a.Val, p.at)
		if err != nil {
			s.report(err, p.at)
			continue
		}
		for _, el := range list.Elems {
			when := p.when
			switch m := el.(type) {
			case *eval.Maybe:
				both, ok := when.And(m.When)
				if !ok {
					continue
				}
				el, when = m.Val, both
			case *eval.Rest:
				s.miss("imports", m.Why.Why, p.at)
				continue
			}
			at := eval.Span(el)
			if !at.Valid() && a.Site != nil {
				at = a.Site.Value
			}
			out = append(out, pending{val: el, at: at, when: when})
		}
	}
	return out
}

// modulePath is the file that an imported path means; false when it is not in the tree.
func (s *system) modulePath(v eval.Value, at source.Span) (string, bool) {
	name := ""
	switch p := v.(type) {
	case eval.Path:
		name = string(p)
	case *eval.String:
		rest, inside := s.in.Within(p)
		if !inside {
			if !strings.HasPrefix(p.S, nixpkgsPath) {
				s.miss(p.S, "it is not in the tree", at)
			}
			return "", false
		}
		name = rest
	}
	if strings.HasPrefix(name, "/") {
		s.miss(name, "it is outside of the root", at)
		return "", false
	}
	if info, err := s.r.program.Tree.Stat(name); err == nil && info.IsDir() {
		name = path.Join(name, "default.nix")
	}
	return name, true
}

// element is where a path stands in a list, whose own place is at.
func element(at source.Span, name string) source.Span {
	base := path.Base(name)
	if base == "default.nix" {
		base = path.Base(path.Dir(name))
	}
	const ends = " \t\r\n[](){};"
	text := at.Text()
	for from := 0; inTree(at); {
		i := strings.Index(text[from:], base)
		if i < 0 {
			break
		}
		start, end := from+i, from+i+len(base)
		from = end
		for start > 0 && !strings.ContainsRune(ends, rune(text[start-1])) {
			start--
		}
		for end < len(text) && !strings.ContainsRune(ends, rune(text[end])) {
			end++
		}
		if word := text[start:end]; path.Base(word) == base || path.Base(path.Dir(word)) == base {
			return at.File.Span(at.Start+source.Pos(start), at.Start+source.Pos(end)) //nolint:gosec // a file is shorter than that
		}
	}
	return at
}

// nixpkgsPath is how the path of nixpkgs prints: modules below it are what NixOS has anyway.
const nixpkgsPath = "<pkgs.nixpkgs>"

// moduleArgs are the arguments of a module function: those that NixOS gives, specialArgs, and what _module.args defines.
func (s *system) moduleArgs(fn eval.Value) *eval.Set {
	attrs := append([]eval.Attr(nil), s.args.Attrs...)
	names, hasDefault, _ := eval.FunctionArgs(fn)
	for i, name := range names {
		if s.args.Find(name) != nil {
			continue
		}
		if hasDefault[i] && s.loose {
			continue
		}
		attrs = append(attrs, eval.Attr{Name: name, Val: eval.Lazy(func() (eval.Value, error) { return s.moduleArg(name), nil })})
	}
	return eval.NewSet(attrs...)
}

func (s *system) moduleArg(name string) eval.Value {
	arg := s.root.child("_module").child("args").child(name)
	if s.collecting > 0 {
		return eval.NewUnknown("module argument "+name+", which decides what is imported, is not given by specialArgs", source.Span{})
	}
	if v, err := arg.read(); err == nil {
		if _, unknown := v.(*eval.Unknown); !unknown {
			return v
		}
	}
	return eval.NewUnknown("module argument "+name+" is not defined by what is in the tree", source.Span{})
}

// unreadable records a module that does not evaluate: what it would have declared and defined is not known.
func (s *system) unreadable(err error, at source.Span) {
	s.partial, s.blind = true, true
	s.report(err, at)
}

// miss records what is not in the tree, once.
func (s *system) miss(name, why string, at source.Span) {
	s.partial, s.blind = true, true
	if s.host == nil || s.missing[name+why] {
		return
	}
	s.missing[name+why] = true
	s.host.Missing = append(s.host.Missing, inventory.Missing{Name: name, Why: why, At: inventory.At(at)})
}

func describeSpan(at source.Span) string {
	if t := strings.Join(strings.Fields(at.Text()), " "); t != "" {
		if len(t) > 60 {
			t = t[:57] + "..."
		}
		return t
	}
	return "module"
}
