package nixos

import (
	_ "embed"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/source"
)

//go:embed lib.nix
var libText string

// libCode is lib.nix, compiled once for all hosts.
var libCode = sync.OnceValue(func() *eval.Code { return eval.Compile(internalFile("lib.nix", libText)) })

// inTree reports whether a place is one of the user's.
func inTree(s source.Span) bool { return s.Valid() && !s.File.Internal }

// newLib is nixpkgs' lib as modules see it.
func newLib(in *eval.Interp, natives *eval.Set) (eval.Value, error) {
	fn, err := in.Run(libCode())
	if err != nil {
		return nil, err
	}
	v, err := in.Call(fn, eval.NewSet(eval.Attr{Name: "native", Val: natives}))
	if err != nil {
		return nil, err
	}
	return openLib(in, "lib", v)
}

// library is lib or one of its folders: what it does not have is unknown by name, never missing.
type library struct {
	eval.Ext
	name string
	set  *eval.Set
	all  *eval.Set // with the names of what is not supported
}

func openLib(in *eval.Interp, name string, v eval.Value) (eval.Value, error) {
	set, err := in.Set(v, source.Span{})
	if err != nil {
		return nil, err
	}
	return &library{name: name, set: set}, nil
}

func (l *library) TypeName() string { return "set" }

// libFolders are the sets in lib that hold functions by subject.
var libFolders = map[string]bool{"versions": true, "cli": true, "asserts": true, "generators": true, "fixedPoints": true, "lists": true, "attrsets": true, "strings": true, "trivial": true, "options": true, "modules": true, "types": true, "filesystem": true, "path": true, "fileset": true, "customisation": true, "meta": true, "sources": true}

func (l *library) Attr(in *eval.Interp, name string) (eval.Value, bool, error) {
	a := l.set.Find(name)
	if a == nil {
		return eval.NewUnknown(l.name+"."+name+" is not supported", source.Span{}), true, nil
	}
	if name == "extend" && l.name == "lib" {
		return fnOf("lib.extend", func(overlay eval.Value) (eval.Value, error) { return l.extend(in, overlay) }), true, nil
	}
	if l.name == "lib" && libFolders[name] {
		return eval.Lazy(func() (eval.Value, error) { return openLib(in, "lib."+name, a.Val) }), true, nil
	}
	return a.Val, true, nil
}

// extend is lib with what an overlay adds, which is given lib as it will be and as it was.
func (l *library) extend(in *eval.Interp, overlay eval.Value) (eval.Value, error) {
	out := &library{name: l.name}
	added, err := in.Call(overlay, eval.Lazy(func() (eval.Value, error) { return out, nil }), l)
	if err != nil {
		return nil, err
	}
	merged, err := in.Update(l.set, added, source.Span{})
	if err != nil {
		return nil, err
	}
	out.set, err = in.Set(merged, source.Span{})
	return out, err
}

// Guesses reports that nixlint's lib does not have it, and nixpkgs' may.
func (l *library) Guesses(name string) bool { return l.set.Find(name) == nil }

func (l *library) All(*eval.Interp) (*eval.Set, error) {
	if l.name == "lib" {
		if l.all == nil {
			l.all = withLibNames(l.set)
		}
		return l.all, nil
	}
	return &eval.Set{Attrs: l.set.Attrs, Open: eval.NewUnknown("not all of "+l.name+" is supported", source.Span{})}, nil
}

func (l *library) Call(*eval.Interp, eval.Value) (eval.Value, error) {
	return eval.NewUnknown(l.name+" is called", source.Span{}), nil
}

func (l *library) Text() (*eval.String, bool) { return nil, false }

func prim(name string, arity int, strict uint8, fn func(in *eval.Interp, args []eval.Value) (eval.Value, error)) eval.Attr {
	return eval.Attr{Name: name, Val: &eval.Builtin{Primitive: &eval.Primitive{Name: "lib." + name, Arity: arity, Strict: strict, Fn: fn}}}
}

func raw(name string, arity int, strict uint8, fn func(in *eval.Interp, args []eval.Value) (eval.Value, error)) eval.Attr {
	return eval.Attr{Name: name, Val: &eval.Builtin{Primitive: &eval.Primitive{Name: "lib." + name, Arity: arity, Strict: strict, Raw: true, Fn: fn}}}
}

// natives are the functions of lib that are written in Go: those that must keep maybe attributes and unknown pieces, and the
// hot ones.
func natives(extra ...eval.Attr) *eval.Set {
	onString := func(name string, f func(string) string) eval.Attr {
		return prim(name, 1, 1, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			s, err := knownString(in, args[0])
			if s == nil {
				return unknownOf(in, args[0]), err
			}
			return eval.Str(f(s.S)), nil
		})
	}
	attrs := []eval.Attr{
		raw("mapAttrsToList", 2, 2, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			call := func(name, val eval.Value) eval.Value {
				return eval.Lazy(func() (eval.Value, error) { return in.Call(args[0], name, val) })
			}
			return in.ListAttrs(args[1], func(a *eval.Attr) eval.Value { return call(eval.Str(a.Name), a.Val) },
				func(why *eval.Unknown) eval.Value { return call(eval.HoleString(why), why) })
		}),
		raw("filterAttrs", 2, 2, filterAttrs),
		raw("recursiveUpdate", 2, 3, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			return recursiveUpdate(in, args[0], args[1])
		}),
		prim("hasInfix", 2, 3, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			infix, err := knownString(in, args[0])
			if infix == nil {
				return unknownOf(in, args[0]), err
			}
			s, err := in.ToString(args[1], source.Span{})
			if err != nil {
				return nil, err
			}
			if !s.Known() {
				if strings.Contains(s.S[:s.Holes[0].At], infix.S) {
					return eval.Bool(true), nil
				}
				return s.Holes[0].Why, nil
			}
			return eval.Bool(strings.Contains(s.S, infix.S)), nil
		}),
		prim("hasSuffix", 2, 3, hasSuffix),
		prim("splitString", 2, 3, splitString),
		onString("toLower", strings.ToLower), onString("toUpper", strings.ToUpper),
		onString("trim", func(s string) string { return strings.Trim(s, " \t\r\n") }),
		prim("escapeShellArg", 1, 1, escapeShellArg),
		prim("escapeSystemdExecArg", 1, 1, escapeSystemdExecArg),
		prim("escapeSystemdPath", 1, 1, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			s, err := knownString(in, args[0])
			if s == nil {
				return unknownOf(in, args[0]), err
			}
			return eval.Str(escapePath(s.S)), nil
		}),
		prim("getExe", 1, 1, func(in *eval.Interp, args []eval.Value) (eval.Value, error) { return getExe(in, args[0]) }),
		prim("getName", 1, 1, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			if s, ok := args[0].(*symbol); ok {
				if s.leaf && s.from != nil {
					return eval.Str(s.path), nil
				}
				return eval.NewUnknown("the name of "+s.full()+" depends on nixpkgs", source.Span{}), nil
			}
			if _, ok := args[0].(*eval.String); ok {
				return args[0], nil
			}
			return in.Select(args[0], "pname", source.Span{})
		}),
		prim("compareVersions", 2, 3, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			a, err := knownString(in, args[0])
			if a == nil {
				return unknownOf(in, args[0]), err
			}
			b, err := knownString(in, args[1])
			if b == nil {
				return unknownOf(in, args[1]), err
			}
			return eval.Int(eval.CompareVersions(a.S, b.S)), nil
		}),
		prim("opaque", 1, 1, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			s, err := knownString(in, args[0])
			if s == nil {
				return unknownOf(in, args[0]), err
			}
			return eval.NewUnknown("lib."+s.S+" is not supported", source.Span{}), nil
		}),
		prim("outside", 1, 1, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			s, err := knownString(in, args[0])
			if s == nil {
				return unknownOf(in, args[0]), err
			}
			return eval.NewUnknown("lib."+s.S+" depends on nixpkgs", source.Span{}), nil
		}),
		prim("isStorePath", 1, 1, isStorePath),
		prim("hasStorePathPrefix", 1, 1, func(_ *eval.Interp, args []eval.Value) (eval.Value, error) {
			if at, ok := args[0].(eval.Path); ok && strings.HasPrefix(string(at), "/") {
				return eval.Bool(inStore.MatchString(string(at))), nil
			}
			return eval.NewUnknown("whether the tree lies in the store is not known", eval.Span(args[0])), nil
		}),
		{Name: "licenses", Val: &registry{name: "lib.licenses", entry: license}},
		{Name: "maintainers", Val: &registry{name: "lib.maintainers"}},
		{Name: "teams", Val: &registry{name: "lib.teams"}},
		{Name: "examples", Val: &registry{name: "lib.systems.examples"}},
		{Name: "filesystem", Val: eval.NewSet(prim("listFilesRecursive", 1, 1, listFilesRecursive))},
		{Name: "types", Val: types()},
	}
	return eval.NewSet(append(attrs, extra...)...)
}

// knownString is a string that is wholly known; nil for one that is not.
func knownString(in *eval.Interp, v eval.Value) (*eval.String, error) {
	s, err := in.ToString(v, source.Span{})
	if err != nil || !s.Known() {
		return nil, err
	}
	return s, nil
}

func unknownOf(in *eval.Interp, v eval.Value) eval.Value {
	s, err := in.ToString(v, source.Span{})
	if err != nil || s.Known() {
		return nil
	}
	return s.Holes[0].Why
}

func filterAttrs(in *eval.Interp, args []eval.Value) (eval.Value, error) {
	set, err := in.Set(args[1], source.Span{})
	if err != nil {
		return nil, err
	}
	out := &eval.Set{Open: set.Open}
	for _, a := range set.Attrs {
		keep, err := in.Call(args[0], eval.Str(a.Name), a.Val)
		if err != nil {
			return nil, err
		}
		d, err := in.Decide(keep, eval.Span(args[0]))
		if err != nil {
			return nil, err
		}
		if d.Never {
			continue
		}
		if when, ok := a.When.And(d.When); ok {
			a.When = when
			out.Attrs = append(out.Attrs, a)
		}
	}
	return out, nil
}

func recursiveUpdate(in *eval.Interp, a, b eval.Value) (eval.Value, error) {
	x, err := in.Set(a, source.Span{})
	if err != nil {
		return nil, err
	}
	y, err := in.Set(b, source.Span{})
	if err != nil {
		return nil, err
	}
	merged := &eval.Set{Attrs: append([]eval.Attr(nil), y.Attrs...), Open: y.Open}
	for i := range merged.Attrs {
		attr := &merged.Attrs[i]
		old := x.Find(attr.Name)
		if old == nil {
			continue
		}
		left, right := old.Val, attr.Val
		attr.Val = eval.Lazy(func() (eval.Value, error) {
			l, err := in.Force(left)
			if err != nil {
				return nil, err
			}
			r, err := in.Force(right)
			if err != nil {
				return nil, err
			}
			if eval.TypeName(l) == "set" && eval.TypeName(r) == "set" {
				return recursiveUpdate(in, l, r)
			}
			return r, nil
		})
	}
	return in.Update(x, merged, source.Span{})
}

// hasSuffix is known when the end of the string is: also of a path into the store.
func hasSuffix(in *eval.Interp, args []eval.Value) (eval.Value, error) {
	suffix, err := knownString(in, args[0])
	if suffix == nil {
		return unknownOf(in, args[0]), err
	}
	s, err := in.ToString(args[1], source.Span{})
	if err != nil {
		return nil, err
	}
	tail := s.KnownTail()
	n := min(len(tail), len(suffix.S))
	switch why := s.Opaque(); {
	case tail[len(tail)-n:] != suffix.S[len(suffix.S)-n:]:
		return eval.Bool(false), nil
	case n == len(suffix.S):
		return eval.Bool(true), nil
	case why != nil:
		return why, nil
	}
	return eval.Bool(false), nil
}

func splitString(in *eval.Interp, args []eval.Value) (eval.Value, error) {
	sep, err := knownString(in, args[0])
	if sep == nil {
		return unknownOf(in, args[0]), err
	}
	s, err := in.ToString(args[1], source.Span{})
	if err != nil || !s.Known() {
		return unknownOf(in, args[1]), err
	}
	out := &eval.List{}
	rest, at := s.S, 0
	for sep.S != "" {
		i := strings.Index(rest, sep.S)
		if i < 0 {
			break
		}
		out.Elems = append(out.Elems, s.Slice(at, at+i))
		at += i + len(sep.S)
		rest = s.S[at:]
	}
	out.Elems = append(out.Elems, s.Slice(at, len(s.S)))
	return out, nil
}

var plainArg = regexp.MustCompile(`^[[:alnum:],._+:@%/-]+$`)

// escapeShellArg quotes what the shell would take apart. A placeholder of a package stands for a store path, which needs no
// quotes.
func escapeShellArg(in *eval.Interp, args []eval.Value) (eval.Value, error) {
	s, err := in.ToString(args[0], source.Span{})
	if err != nil {
		return nil, err
	}
	if plainArg.MatchString(storeText.ReplaceAllString(s.S, "x")) {
		return s, nil
	}
	if !strings.Contains(s.S, "'") {
		return eval.Concat(eval.Str("'"), s, eval.Str("'")), nil
	}
	parts := []*eval.String{eval.Str("'")}
	last := 0
	for i := range len(s.S) {
		if s.S[i] == '\'' {
			parts = append(parts, s.Slice(last, i), eval.Str(`'\''`))
			last = i + 1
		}
	}
	return eval.Concat(append(parts, s.Slice(last, len(s.S)), eval.Str("'"))...), nil
}

var storeText = regexp.MustCompile(`<(pkgs\.[^<>]*|unknown: [^<>]*)>`)

var inExecArg = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "%", "%%", "$", "$$", "\n", `\n`, "\t", `\t`, "\r", `\r`)

func escapeSystemdExecArg(in *eval.Interp, args []eval.Value) (eval.Value, error) {
	s, err := in.ToString(args[0], source.Span{})
	if err != nil {
		return nil, err
	}
	if !strings.ContainsAny(s.S, "\\\"%$\n\t\r") {
		return eval.Concat(eval.Str(`"`), s, eval.Str(`"`)), nil
	}
	if !s.Known() {
		return s.Holes[0].Why, nil
	}
	quoted := inExecArg.Replace(s.S)
	return eval.Str(`"` + quoted + `"`), nil
}

var inStore = regexp.MustCompile(`^/nix/store/[0-9a-z]{32}-[^/]+(/|$)`)

// isStorePath reports whether a string is the path of a thing in the store, not of a file below it.
func isStorePath(in *eval.Interp, args []eval.Value) (eval.Value, error) {
	s, err := in.ToString(args[0], source.Span{})
	if err != nil {
		return nil, err
	}
	if thing := storeThing.FindString(s.S); thing != "" {
		return eval.Bool(thing == s.S), nil
	}
	if !s.Known() {
		return s.Holes[0].Why, nil
	}
	return eval.Bool(path.Dir(s.S) == "/nix/store"), nil
}

var storeThing = regexp.MustCompile(`^<pkgs\.[^<>]*>`)

func listFilesRecursive(in *eval.Interp, args []eval.Value) (eval.Value, error) {
	dir, ok := args[0].(eval.Path)
	if !ok || strings.HasPrefix(string(dir), "/") {
		return eval.NewUnknown("a folder outside of the root is listed", eval.Span(args[0])), nil
	}
	out := &eval.List{}
	var walk func(dir string) error
	walk = func(dir string) error {
		entries, err := in.Program.Tree.ReadDir(dir)
		if err != nil {
			return err
		}
		for _, e := range entries {
			name := path.Join(dir, e.Name())
			switch {
			case e.IsDir():
				if err := walk(name); err != nil {
					return err
				}
			default:
				out.Elems = append(out.Elems, eval.Path(name))
			}
		}
		return nil
	}
	if err := walk(string(dir)); err != nil {
		return eval.NewUnknown(err.Error(), eval.Span(args[0])), nil
	}
	return out, nil
}
