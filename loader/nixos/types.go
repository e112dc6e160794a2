package nixos

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/source"
)

// optionType is a type of lib.types. A nil *optionType is a type that is not known: its definitions merge as `anything` does.
type optionType struct {
	eval.Ext
	name    string        // as nixpkgs names it: "bool", "listOf", …
	elem    *optionType   // of listOf, attrsOf, nullOr, functionTo
	either  []*optionType // of either and oneOf, in order
	sep     string        // of separatedString
	modules []eval.Value  // of a submodule
	values  []eval.Value  // of enum
	coerce  eval.Value    // of coercedTo: applied to what is of type either[0]
}

func (t *optionType) TypeName() string { return "set" }

func (t *optionType) Attr(_ *eval.Interp, name string) (eval.Value, bool, error) {
	switch name {
	case "_type":
		return eval.Str("option-type"), true, nil
	case "name", "description":
		return eval.Str(t.String()), true, nil
	case "check":
		return &eval.Builtin{Primitive: &eval.Primitive{Name: "check", Arity: 1, Strict: 1, Fn: func(_ *eval.Interp, args []eval.Value) (eval.Value, error) {
			return eval.Bool(t.accepts(args[0])), nil
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

// String is the type as a person writes it: "listOf str".
func (t *optionType) String() string {
	if t == nil {
		return "unspecified"
	}
	switch {
	case t.elem != nil:
		return t.name + " " + paren(t.elem)
	case t.name == "either":
		out := "either"
		var outSb57 strings.Builder
		for _, x := range t.either {
			outSb57.WriteString(" " + paren(x))
		}
		out += outSb57.String()
		return out
	}
	return t.name
}

func paren(t *optionType) string {
	if t != nil && (t.elem != nil || t.name == "either") {
		return "(" + t.String() + ")"
	}
	return t.String()
}

// kinds are the Nix types that a scalar option type takes; what is not listed takes anything.
var kinds = map[string][]string{
	"bool": {"bool"}, "int": {"int"}, "float": {"float"}, "number": {"int", "float"}, "str": {"string", "set"}, "lines": {"string"},
	"separatedString": {"string"}, "path": {"path", "string", "set"}, "package": {"set", "path", "string"}, "port": {"int"},
	"listOf": {"list"}, "attrsOf": {"set"}, "submodule": {"set", "lambda", "path"}, "attrs": {"set"}, "functionTo": {"lambda"},
}

// accepts reports whether a value in weak head normal form is of the type; an unknown one is.
func (t *optionType) accepts(v eval.Value) bool {
	if t == nil {
		return true
	}
	switch v.(type) {
	case *eval.Unknown, *eval.Choice:
		return true
	}
	switch t.name {
	case "nullOr":
		if _, isNull := v.(eval.Null); isNull {
			return true
		}
		return t.elem.accepts(v)
	case "either", "coercedTo":
		for _, x := range t.either {
			if x.accepts(v) {
				return true
			}
		}
		return false
	case "enum":
		for _, x := range t.values {
			if a, ok := x.(*eval.String); ok {
				if b, ok := v.(*eval.String); ok && a.S == b.S {
					return true
				}
			} else if x == v {
				return true
			}
		}
		return false
	}
	want, ok := kinds[t.name]
	if !ok {
		return true
	}
	got := eval.TypeName(v)
	if slices.Contains(want, got) {
		return t.name != "str" || got == "string" || isPackage(v)
	}
	return false
}

func isPackage(v eval.Value) bool {
	_, ok := v.(*symbol)
	return ok
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
		if a := v.Find("__type"); a != nil {
			return typeOf(in, a.Val)
		}
	}
	return nil
}

// types is lib.types.
func types() *eval.Set {
	var attrs []eval.Attr
	add := func(name string, t *optionType) { attrs = append(attrs, eval.Attr{Name: name, Val: t}) }
	for _, name := range []string{"bool", "int", "float", "str", "lines", "path", "package", "port", "attrs", "anything", "raw", "unspecified", "number"} {
		add(name, &optionType{name: name})
	}
	for alias, name := range map[string]string{
		"string": "str", "nonEmptyStr": "str", "singleLineStr": "str", "passwdEntry": "str", "shellPackage": "package", "pathInStore": "path",
		"externalPath": "path", "boolByOr": "bool", "pkgs": "raw", "deferredModule": "raw", "optionType": "raw", "optionDeclaration": "raw",
		"luaInline": "raw", "fileset": "raw", "hashedString": "str",
	} {
		add(alias, &optionType{name: name})
	}
	add("commas", &optionType{name: "separatedString", sep: ","})
	add("envVar", &optionType{name: "separatedString", sep: ":"})
	ints := []eval.Attr{}
	for _, name := range []string{"unsigned", "positive", "u8", "u16", "u32", "s8", "s16", "s32"} {
		ints = append(ints, eval.Attr{Name: name, Val: &optionType{name: "int"}})
	}
	between := func(name string) eval.Attr {
		return prim("between", 2, 3, func(*eval.Interp, []eval.Value) (eval.Value, error) { return &optionType{name: name}, nil })
	}
	attrs = append(attrs, eval.Attr{Name: "ints", Val: eval.NewSet(append(ints, between("int"))...)},
		eval.Attr{Name: "numbers", Val: eval.NewSet(between("number"),
			eval.Attr{Name: "nonnegative", Val: &optionType{name: "number"}}, eval.Attr{Name: "positive", Val: &optionType{name: "number"}})})
	for _, name := range []string{"listOf", "nonEmptyListOf", "attrsOf", "lazyAttrsOf", "nullOr", "functionTo", "uniq", "unique"} {
		attrs = append(attrs, compound(name))
	}
	attrs = append(attrs,
		prim("strMatching", 1, 1, func(*eval.Interp, []eval.Value) (eval.Value, error) { return &optionType{name: "str"}, nil }),
		prim("separatedString", 1, 1, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			sep, err := knownString(in, args[0])
			if sep == nil {
				return unknownOf(in, args[0]), err
			}
			return &optionType{name: "separatedString", sep: sep.S}, nil
		}),
		prim("either", 2, 0, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			return &optionType{name: "either", either: []*optionType{typeOf(in, args[0]), typeOf(in, args[1])}}, nil
		}),
		prim("coercedTo", 3, 0, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			return &optionType{name: "coercedTo", coerce: args[1], either: []*optionType{typeOf(in, args[0]), typeOf(in, args[2])}}, nil
		}),
		prim("oneOf", 1, 1, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			list, err := in.List(args[0], source.Span{})
			if err != nil {
				return nil, err
			}
			out := &optionType{name: "either"}
			for _, el := range list.Elems {
				out.either = append(out.either, typeOf(in, el))
			}
			return out, nil
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
				out.values = append(out.values, v)
			}
			return out, nil
		}),
		prim("submodule", 1, 0, func(_ *eval.Interp, args []eval.Value) (eval.Value, error) {
			return &optionType{name: "submodule", modules: []eval.Value{args[0]}}, nil
		}),
		prim("submoduleWith", 1, 1, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			v, err := in.Select(args[0], "modules", source.Span{})
			if err != nil {
				return nil, err
			}
			list, err := in.List(v, source.Span{})
			if err != nil {
				return nil, err
			}
			return &optionType{name: "submodule", modules: list.Elems}, nil
		}),
		prim("addCheck", 2, 0, func(in *eval.Interp, args []eval.Value) (eval.Value, error) { return in.Force(args[0]) }),
	)
	return eval.NewSet(attrs...)
}

func compound(name string) eval.Attr {
	canonical := map[string]string{"nonEmptyListOf": "listOf", "lazyAttrsOf": "attrsOf"}[name]
	if canonical == "" {
		canonical = name
	}
	if name == "uniq" || name == "unique" {
		arity := 1
		if name == "unique" {
			arity = 2
		}
		return prim(name, arity, 0, func(in *eval.Interp, args []eval.Value) (eval.Value, error) { return in.Force(args[len(args)-1]) })
	}
	return prim(name, 1, 0, func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
		return &optionType{name: canonical, elem: typeOf(in, args[0])}, nil
	})
}
