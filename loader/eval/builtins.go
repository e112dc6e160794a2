package eval

import (
	"errors"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/nixlint/nixlint/loader/source"
)

var nowhere source.Span

// baseEnv is Nix' base environment: the names that need no `builtins.`. It is built once and shared: primitives hold no state.
var baseEnv = sync.OnceValue(func() map[string]Value {
	var attrs []Attr
	globals := map[string]Value{"true": Bool(true), "false": Bool(false), "null": Null{}}
	for _, p := range primitives() {
		b := &Builtin{Primitive: p}
		attrs = append(attrs, Attr{Name: p.Name, Val: b})
		globals["__"+p.Name] = b
	}
	for _, name := range []string{"abort", "baseNameOf", "break", "derivation", "derivationStrict", "dirOf", "fetchGit", "fetchMercurial",
		"fetchTarball", "fetchTree", "fromTOML", "import", "isNull", "map", "placeholder", "removeAttrs", "scopedImport", "throw", "toString"} {
		if b, ok := globals["__"+name]; ok {
			globals[name] = b
		}
	}
	for name, why := range impure {
		u := NewUnknown(why, nowhere)
		attrs = append(attrs, Attr{Name: name, Val: u})
		globals["__"+name] = u
	}
	attrs = append(attrs,
		Attr{Name: "true", Val: Bool(true)}, Attr{Name: "false", Val: Bool(false)}, Attr{Name: "null", Val: Null{}},
		Attr{Name: "langVersion", Val: Int(6)}, Attr{Name: "nixVersion", Val: Str("2.26.0")}, Attr{Name: "storeDir", Val: Str("/nix/store")})
	globals["__langVersion"], globals["__nixVersion"], globals["__storeDir"] = Int(6), Str("2.26.0"), Str("/nix/store")
	builtins := NewSet(attrs...)
	builtins.Attrs = append(builtins.Attrs, Attr{})
	at := builtins.position("builtins")
	copy(builtins.Attrs[at+1:], builtins.Attrs[at:len(builtins.Attrs)-1])
	builtins.Attrs[at] = Attr{Name: "builtins", Val: builtins}
	globals["builtins"] = builtins
	return globals
})

// impure names what depends on the machine, and why it is unknown here.
var impure = map[string]string{
	"currentSystem": "builtins.currentSystem depends on the machine",
	"currentTime":   "builtins.currentTime depends on the clock",
	"nixPath":       "builtins.nixPath depends on the environment",
}

// primitives lists every function written in Go, by the file that holds it.
func primitives() []*Primitive {
	var out []*Primitive
	for _, list := range [][]*Primitive{typePrimitives(), controlPrimitives(), setPrimitives(), listPrimitives(), stringPrimitives(), filePrimitives()} {
		out = append(out, list...)
	}
	return out
}

func typePrimitives() []*Primitive {
	is := func(name, typ string) *Primitive {
		return &Primitive{Name: name, Arity: 1, Strict: 1, Fn: func(_ *Interp, args []Value) (Value, error) {
			return Bool(TypeName(args[0]) == typ), nil
		}}
	}
	return []*Primitive{
		is("isNull", "null"), is("isBool", "bool"), is("isInt", "int"), is("isFloat", "float"), is("isString", "string"),
		is("isPath", "path"), is("isList", "list"), is("isAttrs", "set"), is("isFunction", "lambda"),
		{Name: "typeOf", Arity: 1, Strict: 1, Fn: func(_ *Interp, args []Value) (Value, error) {
			return Str(TypeName(args[0])), nil
		}},
	}
}

func controlPrimitives() []*Primitive {
	return []*Primitive{
		{Name: "throw", Arity: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			s, err := in.interpolate(args[0], nowhere)
			if err != nil {
				return nil, err
			}
			return nil, fail(Throw, Span(args[0]), "%s", s.S)
		}},
		{Name: "abort", Arity: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			s, err := in.interpolate(args[0], nowhere)
			if err != nil {
				return nil, err
			}
			return nil, fail(Abort, Span(args[0]), "evaluation aborted: %s", s.S)
		}},
		{Name: "trace", Arity: 2, Fn: func(in *Interp, args []Value) (Value, error) { return args[1], in.say(args[0]) }},
		{Name: "warn", Arity: 2, Fn: func(in *Interp, args []Value) (Value, error) { return args[1], in.say(args[0]) }},
		{Name: "seq", Arity: 2, Strict: 1, Raw: true, Fn: func(_ *Interp, args []Value) (Value, error) { return args[1], nil }},
		{Name: "deepSeq", Arity: 2, Fn: func(in *Interp, args []Value) (Value, error) { return args[1], in.Deep(args[0]) }},
		{Name: "tryEval", Arity: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			v, err := in.Force(args[0])
			var e *Error
			if errors.As(err, &e) && (e.Kind == Throw || e.Kind == Assert) {
				return NewSet(Attr{Name: "success", Val: Bool(false)}, Attr{Name: "value", Val: Bool(false)}), nil
			}
			if err != nil {
				return nil, err
			}
			return NewSet(Attr{Name: "success", Val: Bool(true)}, Attr{Name: "value", Val: v}), nil
		}},
		{Name: "functionArgs", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			names, hasDefault, _ := FunctionArgs(args[0])
			attrs := make([]Attr, len(names))
			for i := range names {
				attrs[i] = Attr{Name: names[i], Val: Bool(hasDefault[i])}
			}
			if _, isSet := args[0].(*Set); isSet {
				return nil, in.typeError(args[0], "a function", nowhere)
			}
			return NewSet(attrs...), nil
		}},
		{Name: "import", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			if in.Foreign != nil {
				if s, err := in.coerce(args[0], nowhere, false, false); err == nil && s.Known() {
					if v, ok := in.Foreign(s.S); ok {
						return v, nil
					}
				}
			}
			p, u, err := in.path(args[0])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			return in.Import(p, Span(args[0]))
		}},
	}
}

func orUnknown(u *Unknown) Value {
	if u == nil {
		return nil
	}
	return u
}

func (in *Interp) say(v Value) error {
	s, err := in.coerce(v, nowhere, true, false)
	if err == nil && in.Trace != nil {
		in.Trace(s.S)
	}
	return nil
}

// path is a value as a path of the tree; unknown when it is outside or not known.
func (in *Interp) path(v Value) (string, *Unknown, error) {
	v, err := in.Force(v)
	if err != nil {
		return "", nil, err
	}
	switch p := v.(type) {
	case Path:
		return string(p), nil, nil
	case *Unknown:
		return "", p, nil
	case *Choice:
		return "", NewUnknown("a path depends on an undecided condition", nowhere), nil
	}
	s, err := in.coerce(v, nowhere, false, false)
	if err != nil {
		return "", nil, err
	}
	if u := hole(s); u != nil {
		return "", u, nil
	}
	if rest, ok := strings.CutPrefix(s.S, in.root()); ok && (rest == "" || rest[0] == '/') {
		return path.Clean("./" + rest), nil, nil
	}
	if !strings.HasPrefix(s.S, "/") && !strings.HasPrefix(s.S, "<") {
		return "", nil, fail(TypeError, nowhere, "string %q is not an absolute path", s.S)
	}
	return "", NewUnknown("it is read from "+strings.Trim(s.S, "<>")+", outside of the root", Span(v)), nil
}

// readError turns a failed read into what it is to the user: a missing file, or one outside of the root, which is unknown.
func (in *Interp) readError(err error, name string, at source.Span) error {
	var e *Error
	if errors.As(err, &e) {
		return wrap(err, at, "imported")
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fail(Missing, at, "%s does not exist", name)
	case errors.Is(err, source.ErrOutside):
		return fail(Limit, at, "%s is outside of the root", name)
	}
	return fail(Missing, at, "%s cannot be read: %v", name, err)
}

// Deep forces a value and all that it holds.
func (in *Interp) Deep(v Value) error { return in.deep(v, map[Value]bool{}) }

func (in *Interp) deep(v Value, seen map[Value]bool) error {
	v, err := in.Force(v)
	if err != nil {
		return err
	}
	switch v := v.(type) {
	case *List:
		for _, el := range v.Elems {
			if m, ok := el.(*Maybe); ok {
				el = m.Val
			}
			if err := in.deep(el, seen); err != nil {
				return err
			}
		}
	case *Set:
		if seen[v] {
			return nil
		}
		seen[v] = true
		for i := range v.Attrs {
			if err := in.deep(v.Attrs[i].Val, seen); err != nil {
				return err
			}
		}
	case *Choice:
		for _, alt := range v.Alts {
			if err := in.deep(alt.Val, seen); err != nil {
				return err
			}
		}
	}
	return nil
}
