package nixos

import (
	"math"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/source"
)

// optionType is a type of lib.types. A nil *optionType is a type that is not known: its definitions merge as `anything` does.
// The types it is made of are looked at when they are needed, because types may be recursive.
type optionType struct {
	eval.Ext
	name      string       // as nixpkgs names it: "bool", "listOf", …
	of        []eval.Value // the types it is made of: of listOf one, of either several, of coercedTo what is coerced and the final one
	types     []*optionType
	sep       string       // of separatedString
	modules   []eval.Value // of a submodule
	long      bool         // of a submodule: its definitions may be modules with imports, options and config
	values    []eval.Value // of enum
	coerce    eval.Value   // of coercedTo
	fits      func(eval.Value) bool
	checks    []eval.Value // of addCheck
	merger    eval.Value   // of mkOptionType
	tags      *eval.Set    // of attrTag: options by name
	described string
}

func (t *optionType) TypeName() string { return "set" }

func (t *optionType) Attr(in *eval.Interp, name string) (eval.Value, bool, error) {
	switch name {
	case "_type":
		return eval.Str("option-type"), true, nil
	case "name":
		return eval.Str(t.name), true, nil
	case "description":
		return eval.Str(t.text(in, 0)), true, nil
	case "check":
		return &eval.Builtin{Primitive: &eval.Primitive{Name: "check", Arity: 1, Strict: 1, Fn: func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			return eval.Bool(t.accepts(in, args[0])), nil
		}}}, true, nil
	}
	return eval.NewUnknown("attribute "+name+" of an option type is not supported", source.Span{}), true, nil
}

func (t *optionType) All(*eval.Interp) (*eval.Set, error) {
	return eval.NewSet(eval.Attr{Name: "_type", Val: eval.Str("option-type")}, eval.Attr{Name: "name", Val: eval.Str(t.name)},
		eval.Attr{Name: "__type", Val: t}), nil
}

func (t *optionType) Call(*eval.Interp, eval.Value) (eval.Value, error) {
	return eval.NewUnknown("an option type is called", source.Span{}), nil
}

func (t *optionType) Text() (*eval.String, bool) { return nil, false }

// parts are the types it is made of; nil stands for one that is not known.
func (t *optionType) parts(in *eval.Interp) []*optionType {
	if t.types == nil && len(t.of) > 0 {
		t.types = make([]*optionType, len(t.of))
		for i, v := range t.of {
			t.types[i] = typeOf(in, v)
		}
	}
	return t.types
}

func (t *optionType) elem(in *eval.Interp) *optionType {
	if parts := t.parts(in); len(parts) > 0 {
		return parts[len(parts)-1]
	}
	return nil
}

// maxTypeDepth bounds how much of a recursive type is described.
const maxTypeDepth = 4

// text is the type as a person writes it: "listOf str".
func (t *optionType) text(in *eval.Interp, depth int) string {
	switch {
	case t == nil:
		return "unspecified"
	case t.described != "":
		return t.described
	case len(t.of) == 0:
		return t.name
	case depth > maxTypeDepth:
		return "…"
	}
	out := t.name
	parts := t.parts(in)
	if t.name == "coercedTo" {
		parts, out = parts[len(parts)-1:], "coercedTo"
	}
	for _, p := range parts {
		inner := p.text(in, depth+1)
		if strings.Contains(inner, " ") {
			inner = "(" + inner + ")"
		}
		out += " " + inner //nolint:perfsprint // few
	}
	return out
}

// kinds are the Nix types that a scalar option type takes; what is not listed takes anything.
var kinds = map[string][]string{
	"bool": {"bool"}, "int": {"int"}, "float": {"float"}, "number": {"int", "float"}, "str": {"string", "set"}, "lines": {"string", "set"},
	"separatedString": {"string", "set"}, "path": {"path", "string", "set"}, "package": {"set", "path", "string"}, "port": {"int"},
	"listOf": {"list"}, "nonEmptyListOf": {"list"}, "attrsOf": {"set"}, "submodule": {"set", "lambda", "path"}, "attrs": {"set"}, "functionTo": {"lambda", "set"},
}

// accepts reports whether a value in weak head normal form is of the type; an unknown one is.
func (t *optionType) accepts(in *eval.Interp, v eval.Value) bool {
	if t == nil {
		return true
	}
	switch v.(type) {
	case *eval.Unknown, *eval.Choice:
		return true
	}
	return t.takes(in, v) && t.passes(in, v)
}

// passes asks the checks that were added; one that cannot tell is passed.
func (t *optionType) passes(in *eval.Interp, v eval.Value) bool {
	for _, check := range t.checks {
		if verdict, err := in.Call(check, v); err == nil && verdict == eval.Bool(false) {
			return false
		}
	}
	return t.fits == nil || t.fits(v)
}

func (t *optionType) takes(in *eval.Interp, v eval.Value) bool {
	switch t.name {
	case "nullOr":
		if _, isNull := v.(eval.Null); isNull {
			return true
		}
		return t.elem(in).accepts(in, v)
	case "uniq":
		return t.elem(in).accepts(in, v)
	case "either", "coercedTo":
		return slices.ContainsFunc(t.parts(in), func(p *optionType) bool { return p.accepts(in, v) })
	case "enum":
		return slices.ContainsFunc(t.values, func(x eval.Value) bool {
			same, err := in.Equal(x, v)
			return err != nil || same != eval.Bool(false)
		})
	}
	want, ok := kinds[t.name]
	if !ok {
		return true
	}
	got := eval.TypeName(v)
	if !slices.Contains(want, got) {
		return false
	}
	if set, isSet := v.(*eval.Set); isSet && (t.name == "path" || t.name == "package") {
		return set.Find("outPath") != nil || set.Find("__toString") != nil || set.Open != nil
	}
	switch t.name {
	case "str", "lines", "separatedString": // a set is not a string; what is put into the store stands for one in no option
		return got == "string"
	case "functionTo":
		set, isSet := v.(*eval.Set)
		return !isSet || set.Find("__functor") != nil
	}
	return true
}

// typeOf is the type that a value given as `type = …` stands for; nil when it is not known.
func typeOf(in *eval.Interp, v eval.Value) *optionType {
	v, err := in.Force(v)
	if err != nil {
		return nil
	}
	switch v := v.(type) {
	case *optionType:
		return v
	case *eval.Set: // a type that was changed with //
		a := v.Find("__type")
		if a == nil {
			return nil
		}
		t := typeOf(in, a.Val)
		if t == nil {
			return nil
		}
		changed := *t
		if check := v.Find("check"); check != nil {
			changed.checks = append(slices.Clip(changed.checks), check.Val)
		}
		if merge := v.Find("merge"); merge != nil {
			changed.merger = merge.Val
		}
		return &changed
	}
	return nil
}

func oneLined(v eval.Value) bool {
	s, ok := v.(*eval.String)
	return !ok || !s.Known() || !strings.Contains(strings.TrimSuffix(s.S, "\n"), "\n")
}

func notBlank(v eval.Value) bool {
	s, ok := v.(*eval.String)
	return !ok || !s.Known() || strings.TrimSpace(s.S) != ""
}

func absolute(v eval.Value) bool {
	s, ok := v.(*eval.String)
	return !ok || s.S == "" && !s.Known() || strings.HasPrefix(s.S, "/") || strings.HasPrefix(s.S, "<") // a package, or not known
}

func between(low, high float64) func(eval.Value) bool {
	return func(v eval.Value) bool {
		switch n := v.(type) {
		case eval.Int:
			return float64(n) >= low && float64(n) <= high
		case eval.Float:
			return float64(n) >= low && float64(n) <= high
		}
		return true
	}
}

// types is lib.types, but for what lib.nix makes of it.
func types() *eval.Set {
	var attrs []eval.Attr
	add := func(name string, t *optionType) { attrs = append(attrs, eval.Attr{Name: name, Val: t}) }
	for _, name := range []string{"bool", "int", "float", "str", "lines", "package", "attrs", "anything", "raw", "unspecified", "number"} {
		add(name, &optionType{name: name})
	}
	for alias, name := range map[string]string{
		"string": "str", "pkgs": "raw", "optionDeclaration": "raw",
		"luaInline": "raw", "fileset": "raw", "hashedString": "str", "shellPackage": "package", "boolByOr": "boolByOr", "optionType": "raw",
		"deferredModule": "deferredModule",
	} {
		add(alias, &optionType{name: name})
	}
	add("unit", &optionType{name: "unit", described: "systemd option"})
	add("path", &optionType{name: "path", fits: absolute})
	add("pathInStore", &optionType{name: "path"})
	add("externalPath", &optionType{name: "path"})
	add("singleLineStr", &optionType{name: "str", fits: oneLined})
	add("passwdEntry", &optionType{name: "str"})
	add("nonEmptyStr", &optionType{name: "str", fits: notBlank})
	add("port", &optionType{name: "port", fits: between(0, 65535)})
	add("commas", &optionType{name: "separatedString", sep: ","})
	add("envVar", &optionType{name: "separatedString", sep: ":"})
	attrs = append(attrs, eval.Attr{Name: "ints", Val: ranges("int", map[string][2]float64{
		"unsigned": {0, math.Inf(1)}, "positive": {1, math.Inf(1)}, "u8": {0, 255}, "u16": {0, 65535}, "u32": {0, 1<<32 - 1},
		"s8": {-128, 127}, "s16": {-32768, 32767}, "s32": {-1 << 31, 1<<31 - 1},
	})}, eval.Attr{Name: "numbers", Val: ranges("number", map[string][2]float64{
		"nonnegative": {0, math.Inf(1)}, "positive": {math.SmallestNonzeroFloat64, math.Inf(1)},
	})})
	for _, name := range []string{"listOf", "nonEmptyListOf", "attrsOf", "lazyAttrsOf", "nullOr", "functionTo", "uniq"} {
		attrs = append(attrs, prim(name, 1, 0, func(_ *eval.Interp, args []eval.Value) (eval.Value, error) { return compound(name, args[0]), nil }))
	}
	return eval.NewSet(append(attrs, typeFunctions()...)...)
}

// ranges are the types of bounded numbers.
func ranges(name string, bounds map[string][2]float64) *eval.Set {
	attrs := []eval.Attr{prim("between", 2, 3, func(_ *eval.Interp, args []eval.Value) (eval.Value, error) {
		number := func(v eval.Value, otherwise float64) float64 {
			switch n := v.(type) {
			case eval.Int:
				return float64(n)
			case eval.Float:
				return float64(n)
			}
			return otherwise
		}
		return &optionType{name: name, fits: between(number(args[0], math.Inf(-1)), number(args[1], math.Inf(1)))}, nil
	})}
	for _, key := range sortedKeys(bounds) {
		b := bounds[key]
		attrs = append(attrs, eval.Attr{Name: key, Val: &optionType{name: name, fits: between(b[0], b[1])}})
	}
	return eval.NewSet(attrs...)
}

func compound(name string, of ...eval.Value) *optionType {
	t := &optionType{name: name, of: of}
	switch name {
	case "lazyAttrsOf":
		t.name = "attrsOf"
	case "nonEmptyListOf":
		t.name = "listOf"
		t.fits = func(v eval.Value) bool {
			list, ok := v.(*eval.List)
			return !ok || len(list.Elems) > 0
		}
	}
	return t
}

// typeFunctions make types of other values than one type.
func typeFunctions() []eval.Attr {
	return []eval.Attr{
		prim("attrTag", 1, 1, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			set, err := in.Set(args[0], source.Span{})
			if err != nil || set.Open != nil {
				return &optionType{name: "raw", described: "attrTag"}, err
			}
			names := make([]string, len(set.Attrs))
			for i := range set.Attrs {
				names[i] = set.Attrs[i].Name
			}
			return &optionType{name: "attrTag", tags: set, described: "one of the attributes " + strings.Join(names, ", ")}, nil
		}),
		prim("unique", 2, 0, func(_ *eval.Interp, args []eval.Value) (eval.Value, error) { return compound("uniq", args[1]), nil }),
		prim("attrsWith", 1, 1, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			elem, err := in.Select(args[0], "elemType", source.Span{})
			return compound("attrsOf", elem), err
		}),
		prim("separatedString", 1, 1, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			sep, err := knownString(in, args[0])
			if sep == nil {
				return unknownOf(in, args[0]), err
			}
			return &optionType{name: "separatedString", sep: sep.S}, nil
		}),
		prim("either", 2, 0, func(_ *eval.Interp, args []eval.Value) (eval.Value, error) { return compound("either", args...), nil }),
		prim("coercedTo", 3, 0, func(_ *eval.Interp, args []eval.Value) (eval.Value, error) {
			return &optionType{name: "coercedTo", coerce: args[1], of: []eval.Value{args[0], args[2]}}, nil
		}),
		prim("oneOf", 1, 1, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			list, err := in.List(args[0], source.Span{})
			if err != nil {
				return nil, err
			}
			return compound("either", list.Elems...), nil
		}),
		prim("enum", 1, 1, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			list, err := in.List(args[0], source.Span{})
			if err != nil {
				return nil, err
			}
			out := &optionType{name: "enum"}
			for _, el := range list.Elems {
				v, err := in.Force(el)
				if err != nil {
					return nil, err
				}
				switch v.(type) {
				case *eval.Maybe, *eval.Rest, *eval.Unknown:
					return &optionType{name: "raw", described: "enum"}, nil
				}
				out.values = append(out.values, v)
			}
			return out, nil
		}),
		prim("submodule", 1, 0, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			modules := []eval.Value{args[0]}
			if v, err := in.Force(args[0]); err == nil {
				if list, ok := v.(*eval.List); ok {
					modules = list.Elems
				}
			}
			return &optionType{name: "submodule", modules: modules}, nil
		}),
		prim("submoduleWith", 1, 1, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			set, err := in.Set(args[0], source.Span{})
			if err != nil {
				return nil, err
			}
			modules := set.Find("modules")
			if modules == nil {
				return &optionType{name: "submodule", long: true}, nil
			}
			list, err := in.List(modules.Val, source.Span{})
			if err != nil {
				return nil, err
			}
			out := &optionType{name: "submodule", modules: list.Elems, long: true}
			if short := set.Find("shorthandOnlyDefinesConfig"); short != nil {
				v, err := in.Force(short.Val)
				out.long = err != nil || v != eval.Bool(true)
			}
			return out, nil
		}),
		prim("addCheck", 2, 0, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			t := typeOf(in, args[0])
			if t == nil {
				return in.Force(args[0])
			}
			checked := *t
			checked.checks = append(slices.Clip(t.checks), args[1])
			return &checked, nil
		}),
		prim("mkOptionType", 1, 1, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			set, err := in.Set(args[0], source.Span{})
			if err != nil {
				return nil, err
			}
			t := &optionType{name: "unspecified", described: "unspecified"}
			if a := set.Find("name"); a != nil {
				if name, err := in.ToString(a.Val, source.Span{}); err == nil {
					t.described = name.S
				}
			}
			if a := set.Find("check"); a != nil {
				t.checks = []eval.Value{a.Val}
			}
			if a := set.Find("merge"); a != nil {
				t.merger = a.Val
			}
			return t, nil
		}),
	}
}
