package eval

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/loader/source"
)

// SearchEntry is one place where <NAME> is looked for: Prefix is what the name starts with, or empty.
type SearchEntry struct {
	Prefix string
	Path   string // absolute, or relative to the root
}

// SearchIn makes <NAME> resolve to what is in entries, in their order. A name that is in none of them is an error, as in Nix.
func (in *Interp) SearchIn(entries []SearchEntry) {
	list := &List{}
	for _, e := range entries {
		list.Elems = append(list.Elems, NewSet(Attr{Name: "prefix", Val: Str(e.Prefix)}, Attr{Name: "path", Val: Path(e.Path)}))
	}
	in.define("nixPath", list)
	in.Search = func(name string) (Value, bool) {
		v, err := findFile(in, []Value{list, Str(name)})
		if err != nil {
			return Lazy(func() (Value, error) { return nil, err }), true
		}
		return v, true
	}
}

// define gives a builtin another value.
func (in *Interp) define(name string, v Value) {
	in.globals = maps.Clone(in.globals)
	in.globals["__"+name] = v
	old, _ := in.globals["builtins"].(*Set)
	set := &Set{Attrs: slices.Clone(old.Attrs)}
	set.Find(name).Val = v
	set.Find("builtins").Val = set
	in.globals["builtins"] = set
}

// AutoCall calls a function that takes a set with what args has for it, as nix-instantiate does at the top and on the way of an
// attribute path. Other values stay.
func (in *Interp) AutoCall(v Value, args *Set) (Value, error) {
	v, err := in.Force(v)
	if err != nil {
		return nil, err
	}
	if set, ok := v.(*Set); ok {
		functor := set.Find("__functor")
		if functor == nil {
			return v, nil
		}
		inner, err := in.Call(functor.Val, set)
		if err != nil {
			return nil, err
		}
		return in.AutoCall(inner, args)
	}
	f, ok := v.(*Lambda)
	if !ok || f.code.formals == nil {
		return v, nil
	}
	given := args
	if !f.code.ellipsis {
		given = args.filter(func(a *Attr) bool { return f.code.takes(a.Name) })
	}
	for _, formal := range f.code.formals {
		if formal.def == nil && args.Find(formal.name) == nil {
			return nil, fail(Missing, formal.at, "cannot evaluate a function that has an argument without a value (%q)", formal.name)
		}
	}
	return in.Call(f, given)
}

// At is the value at an attribute path such as a.b.0 of v: numbers are indices of lists, functions on the way are called.
func (in *Interp) At(v Value, path string, args *Set) (Value, error) {
	names, err := splitPath(path)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if v, err = in.AutoCall(v, args); err != nil {
			return nil, err
		}
		if n, isIndex := strconv.ParseInt(name, 10, 64); isIndex == nil {
			if _, isList := v.(*List); isList {
				if v, err = in.element(v, n); err != nil {
					return nil, err
				}
				continue
			}
		}
		if v, err = in.Select(v, name, source.Span{}); err != nil {
			return nil, err
		}
	}
	return in.AutoCall(v, args)
}

// splitPath takes an attribute path apart; a name may be in quotes.
func splitPath(path string) ([]string, error) {
	var out []string
	for path != "" {
		var name string
		if path[0] == '"' {
			end := strings.IndexByte(path[1:], '"')
			if end < 0 {
				return nil, fail(TypeError, nowhere, "attribute path has a quote that is not closed")
			}
			name, path = path[1:1+end], path[2+end:]
		} else {
			end := strings.IndexAny(path, `."`)
			if end < 0 {
				end = len(path)
			}
			name, path = path[:end], path[end:]
		}
		out = append(out, name)
		path = strings.TrimPrefix(path, ".")
	}
	return out, nil
}
