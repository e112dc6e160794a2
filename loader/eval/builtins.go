package eval

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/nixlint/nixlint/loader/source"
)

var nowhere source.Span

// baseEnv is Nix' base environment: the names that need no `builtins.`. It is built once and shared: primitives hold no state.
var baseEnv = sync.OnceValue(func() map[string]Value {
	globals := map[string]Value{}
	var attrs []Attr
	add := func(name string, v Value) {
		attrs = append(attrs, Attr{Name: name, Val: v})
		if plainGlobals[name] {
			globals[name] = v
		} else {
			globals["__"+name] = v
		}
	}
	for _, p := range primitives() {
		add(p.Name, &Builtin{Primitive: p})
	}
	for _, u := range impure() {
		add(u.name, u.value)
	}
	add("true", Bool(true))
	add("false", Bool(false))
	add("null", Null{})
	add("langVersion", Int(6))
	builtins := NewSet(attrs...)
	at := builtins.position("builtins")
	builtins.Attrs = slices.Insert(builtins.Attrs, at, Attr{Name: "builtins"})
	builtins.Attrs[at].Val = builtins
	globals["builtins"] = builtins
	return globals
})

// plainGlobals are the names that stand in the base environment as they are; the others have two underscores before them.
var plainGlobals = map[string]bool{
	"abort": true, "baseNameOf": true, "break": true, "derivation": true, "derivationStrict": true, "dirOf": true, "false": true,
	"fetchGit": true, "fetchMercurial": true, "fetchTarball": true, "fetchTree": true, "fromTOML": true, "import": true, "isNull": true,
	"map": true, "null": true, "placeholder": true, "removeAttrs": true, "scopedImport": true, "throw": true, "toString": true, "true": true,
}

// primitives lists every function written in Go, by the file that holds it.
func primitives() []*Primitive {
	var out []*Primitive
	for _, list := range [][]*Primitive{
		typePrimitives(), controlPrimitives(), setPrimitives(), listPrimitives(), mathPrimitives(), stringPrimitives(), regexPrimitives(),
		versionPrimitives(), hashPrimitives(), formatPrimitives(), contextPrimitives(), derivationPrimitives(), filePrimitives(),
		importPrimitives(),
	} {
		out = append(out, list...)
	}
	return out
}

func typePrimitives() []*Primitive {
	is := func(name, typ string) *Primitive {
		return &Primitive{Name: name, Arity: 1, Strict: 1, Fn: func(_ *Interp, args []Value) (Value, error) {
			if u := loose(args[0]); u != nil {
				return u, nil
			}
			return Bool(TypeName(args[0]) == typ), nil
		}}
	}
	return []*Primitive{
		is("isNull", "null"), is("isBool", "bool"), is("isInt", "int"), is("isFloat", "float"), is("isString", "string"),
		is("isPath", "path"), is("isList", "list"), is("isAttrs", "set"), is("isFunction", "lambda"),
		{Name: "typeOf", Arity: 1, Strict: 1, Fn: func(_ *Interp, args []Value) (Value, error) {
			if u := loose(args[0]); u != nil {
				return u, nil
			}
			return Str(TypeName(args[0])), nil
		}},
	}
}

// controlPrimitives end, order and say. What is unknown is neither an error nor none: tryEval of it has an unknown success.
func controlPrimitives() []*Primitive {
	return []*Primitive{
		{Name: "throw", Arity: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			s, err := in.message(args[0])
			if err != nil {
				return nil, err
			}
			return nil, fail(Throw, Span(args[0]), "%s", s)
		}},
		{Name: "abort", Arity: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			s, err := in.message(args[0])
			if err != nil {
				return nil, err
			}
			return nil, fail(Abort, Span(args[0]), "evaluation aborted: %s", s)
		}},
		{Name: "trace", Arity: 2, Strict: 1, Raw: true, Fn: func(in *Interp, args []Value) (Value, error) {
			return args[1], in.say("trace: ", args[0])
		}},
		{Name: "traceVerbose", Arity: 2, Fn: func(_ *Interp, args []Value) (Value, error) { return args[1], nil }},
		{Name: "warn", Arity: 2, Strict: 1, Raw: true, Fn: func(in *Interp, args []Value) (Value, error) {
			switch args[0].(type) {
			case *String, *Unknown, *Choice:
				return args[1], in.say("evaluation warning: ", args[0])
			}
			return nil, in.typeError(args[0], "a string", nowhere)
		}},
		{Name: "break", Arity: 1, Fn: func(_ *Interp, args []Value) (Value, error) { return args[0], nil }},
		{Name: "addErrorContext", Arity: 2, Fn: addErrorContext},
		{Name: "seq", Arity: 2, Strict: 1, Raw: true, Fn: func(in *Interp, args []Value) (Value, error) {
			switch args[0].(type) {
			case *Unknown, *Choice:
				in.assumed++
			}
			return args[1], nil
		}},
		{Name: "deepSeq", Arity: 2, Fn: func(in *Interp, args []Value) (Value, error) { return args[1], in.Deep(args[0]) }},
		{Name: "tryEval", Arity: 1, Fn: func(in *Interp, args []Value) (Value, error) { return in.try(args[0]) }},
		{Name: "functionArgs", Arity: 1, Strict: 1, Fn: functionArgs},
	}
}

func (in *Interp) message(v Value) (string, error) {
	s, err := in.interpolate(v, nowhere)
	if err != nil {
		return "", err
	}
	return s.S, nil
}

func addErrorContext(in *Interp, args []Value) (Value, error) {
	v, err := in.Force(args[1])
	var e *Error
	if errors.As(err, &e) && len(e.Trace) < maxTrace {
		s, err := in.message(args[0])
		if err != nil {
			return nil, err
		}
		e.Trace = append(e.Trace, source.Note{Span: Span(args[0]), Message: s})
	}
	return v, err
}

// try is tryEval, of each alternative of a choice. An undecided assertion may have failed as well.
func (in *Interp) try(v Value) (Value, error) {
	assumed := in.assumed
	v, err := in.Force(v)
	var e *Error
	switch {
	case errors.As(err, &e) && (e.Kind == Throw || e.Kind == Assert):
		return tried(Bool(false), Bool(false)), nil
	case err != nil:
		return nil, err
	}
	switch x := v.(type) {
	case *Unknown:
		return tried(x, x), nil
	case *Choice:
		return in.tryAlts(x)
	}
	if in.assumed != assumed {
		u := NewUnknown("an assertion in it is not decided", Span(v))
		return tried(u, u), nil
	}
	return tried(Bool(true), v), nil
}

func tried(success, value Value) *Set {
	return &Set{Attrs: []Attr{{Name: "success", Val: success}, {Name: "value", Val: value}}}
}

func (in *Interp) tryAlts(c *Choice) (Value, error) {
	alts := make([]Alt, len(c.Alts))
	for i, alt := range c.Alts {
		v, err := in.try(alt.Val)
		if err != nil {
			return nil, err
		}
		alts[i] = Alt{When: alt.When, Val: v}
	}
	return &Choice{Alts: alts}, nil
}

func functionArgs(in *Interp, args []Value) (Value, error) {
	switch args[0].(type) {
	case *Lambda, *Builtin:
	default:
		return nil, in.typeError(args[0], "a function", nowhere)
	}
	f, ok := args[0].(*Lambda)
	if !ok {
		return &Set{}, nil
	}
	attrs := make([]Attr, len(f.code.formals))
	for i := range f.code.formals {
		formal := &f.code.formals[i]
		attrs[i] = Attr{Name: formal.name, Val: Bool(formal.def != nil), Site: &Site{Name: formal.at, Value: formal.at}}
	}
	return NewSet(attrs...), nil
}

func orUnknown(u *Unknown) Value {
	if u == nil {
		return nil
	}
	return u
}

// say hands a message to whoever collects them: a string as it is, another value as Nix prints it.
func (in *Interp) say(prefix string, v Value) error {
	if in.Trace == nil {
		return nil
	}
	if s, ok := v.(*String); ok {
		in.Trace(prefix + s.S)
		return nil
	}
	text, _, err := in.Print(v, false)
	if err != nil {
		return err
	}
	in.Trace(prefix + text)
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
		if inside, ok := in.within(string(p)); ok && path.IsAbs(string(p)) {
			return inside, nil, nil
		}
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
	if p, ok := in.Within(s); ok {
		return p, nil, nil
	}
	if !strings.HasPrefix(s.S, "/") && !strings.HasPrefix(s.S, "<") {
		return "", nil, fail(TypeError, nowhere, "string %q is not an absolute path", s.S)
	}
	return "", NewUnknown("it is read from "+strings.Trim(s.S, "<>")+", outside of the root", Span(v)), nil
}

// Within is the path of the tree that an absolute path, as its text stands in strings, leads to; false when it is outside of it.
// What a path of the tree was copied to in the store leads to that path.
func (in *Interp) Within(s *String) (string, bool) {
	if p, ok := in.within(s.S); ok {
		return p, true
	}
	for _, d := range s.Deps {
		from, ok := in.origins[d]
		rest, below := strings.CutPrefix(s.S, d.Path)
		if !ok || !below || strings.HasPrefix(string(from), "/") || rest != "" && rest[0] != '/' {
			continue
		}
		if at, ok := joinPath(from, rest, nowhere).(Path); ok && belowPath(string(at), string(from)) {
			return string(at), true
		}
	}
	return "", false
}

// belowPath reports whether a path is a folder or lies in it.
func belowPath(p, dir string) bool { return dir == "." || p == dir || strings.HasPrefix(p, dir+"/") }

func (in *Interp) within(text string) (string, bool) {
	if rest, ok := strings.CutPrefix(text, storeMark); ok {
		if name, rest, ok := strings.Cut(rest, ">"); ok && (rest == "" || rest[0] == '/') && in.Program.Tree.Mounted(name) {
			p := path.Clean("./" + rest)
			return path.Join("<"+name+">", p), p != ".." && !strings.HasPrefix(p, "../")
		}
	}
	rest, ok := strings.CutPrefix(text, strings.TrimSuffix(in.root(), "/"))
	if !ok || rest != "" && rest[0] != '/' {
		return "", false
	}
	p := path.Clean("./" + rest)
	return p, p != ".." && !strings.HasPrefix(p, "../")
}

// readError turns a failed read into what it is to the user: a missing file, or one outside of the root, which is unknown.
func (in *Interp) readError(err error, name string, at source.Span) error {
	if _, ok := errors.AsType[*Error](err); ok {
		return wrap(err, at, "imported")
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fail(Missing, at, "%s does not exist", in.pathText(Path(name)).S)
	case errors.Is(err, source.ErrOutside):
		return fail(Limit, at, "%s", in.outside(name+" is outside of the root", at).Why)
	}
	return fail(Missing, at, "%s cannot be read: %v", name, err)
}

// readFailed is readError for what only reads: outside of the root it is unknown.
func (in *Interp) readFailed(err error, name string, at source.Span) (Value, error) {
	if errors.Is(err, source.ErrOutside) {
		return in.outside(name+" is outside of the root", at), nil
	}
	return nil, in.readError(err, name, at)
}

// Deep forces a value and all that it holds.
func (in *Interp) Deep(v Value) error { return in.deep(v, map[Value]bool{}) }

func (in *Interp) deep(v Value, seen map[Value]bool) error {
	if err := in.descend(); err != nil {
		in.ascend()
		return err
	}
	defer func() { in.ascend() }()
	v, err := in.Force(v)
	if err != nil {
		return err
	}
	switch v := v.(type) {
	case *List:
		if seen[v] {
			return nil
		}
		seen[v] = true
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
	case *Unknown:
		in.assumed++
	case *Choice:
		in.assumed++
		for _, alt := range v.Alts {
			if err := in.deep(alt.Val, seen); err != nil {
				return err
			}
		}
	}
	return nil
}
