package nixos

import (
	"regexp"
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/source"
)

// symbol is something of nixpkgs that is not evaluated: pkgs itself, a package, a function that makes one. It keeps its
// attribute path. As a string it is <pkgs.PATH>; what Nix would compute from it (its version, its meta) is unknown.
type symbol struct {
	eval.Ext
	path string       // "" for pkgs itself
	text *eval.String // of a script or a file, when it was written in the tree
	exe  string       // the program in bin/, when it is known
	set  *eval.Set    // attributes that are known
	leaf bool         // a derivation: made by a call, not looked up
}

func (s *symbol) TypeName() string { return "set" }

// unknownAttrs are attributes of a package whose value only nixpkgs knows.
var unknownAttrs = map[string]bool{
	"version": true, "name": true, "pname": true, "meta": true, "src": true, "passthru": true, "system": true,
	"hostPlatform": true, "stdenv": true, "buildPlatform": true, "targetPlatform": true, "drvPath": true,
}

func (s *symbol) full() string {
	if s.path == "" {
		return "pkgs"
	}
	return "pkgs." + s.path
}

func (s *symbol) Attr(_ *eval.Interp, name string) (eval.Value, bool, error) {
	if s.set != nil {
		if a := s.set.Find(name); a != nil {
			return a.Val, true, nil
		}
	}
	switch {
	case name == "outPath" && s.path != "":
		text, _ := s.Text()
		return text, true, nil
	case name == "type" && s.path != "":
		return eval.Str("derivation"), true, nil
	case s.path == "" && name == "lib":
		return nil, false, nil
	case name == "outputName":
		return eval.Str("out"), true, nil
	case unknownAttrs[name]:
		return eval.NewUnknown(s.full()+"."+name+" depends on nixpkgs", source.Span{}), true, nil
	case name == "out" || name == "bin" || name == "all":
		return s, true, nil
	case name == "_type" || name == "__functor" || name == "__toString" || name == "recurseForDerivations":
		return nil, false, nil
	}
	if s.path == "" {
		if v, ok := writers[name]; ok {
			return v, true, nil
		}
		return &symbol{path: name}, true, nil
	}
	return &symbol{path: s.path + "." + name}, true, nil
}

// Guesses reports that only nixpkgs knows whether there is such a package.
func (s *symbol) Guesses(name string) bool { return s.set == nil || s.set.Find(name) == nil }

// All is a set of which nothing is known by name.
func (s *symbol) All(*eval.Interp) (*eval.Set, error) {
	out := &eval.Set{Open: eval.NewUnknown("the attributes of "+s.full()+" depend on nixpkgs", source.Span{})}
	if s.path != "" {
		text, _ := s.Text()
		out = eval.NewSet(eval.Attr{Name: "outPath", Val: text}, eval.Attr{Name: "type", Val: eval.Str("derivation")})
		out.Open = eval.NewUnknown("the attributes of "+s.full()+" depend on nixpkgs", source.Span{})
	}
	return out, nil
}

// Call of a symbol is a package made by nixpkgs: pkgs.python3.withPackages (ps: …) prints as <pkgs.python3>.
func (s *symbol) Call(_ *eval.Interp, _ eval.Value) (eval.Value, error) {
	base := s.path
	for _, suffix := range []string{".override", ".overrideAttrs", ".overrideDerivation", ".withPackages", ".overridePythonAttrs"} {
		base = strings.TrimSuffix(base, suffix)
	}
	if base == "" {
		return eval.NewUnknown("pkgs cannot be called", source.Span{}), nil
	}
	return &symbol{path: base, leaf: true}, nil
}

func (s *symbol) Text() (*eval.String, bool) {
	if s.path == "" {
		return nil, false
	}
	return eval.Str(eval.StoreName(s.path)), true
}

// made is a derivation that the tree makes by name: a script, a file.
func made(name string, text *eval.String, exe string) *symbol {
	return &symbol{path: storeName(name), text: text, exe: exe, leaf: true}
}

var notInStoreNames = regexp.MustCompile(`[^[:alnum:]+._?=-]+`)

// storeName is a name as nixpkgs makes it fit for a store path.
func storeName(name string) string {
	return strings.TrimLeft(notInStoreNames.ReplaceAllString(name, "-"), ".")
}

// writers are the functions of pkgs that make a script or a file of a text.
var writers = func() map[string]eval.Value {
	out := map[string]eval.Value{}
	add := func(inBin bool, names ...string) {
		for _, name := range names {
			out[name] = &eval.Builtin{Primitive: &eval.Primitive{Name: "pkgs." + name, Arity: 2, Strict: 1, Fn: func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
				return writer(in, args[0], args[1], inBin)
			}}}
		}
	}
	add(false, "writeText", "writeScript", "writeShellScript")
	add(true, "writeTextDir", "writeScriptBin", "writeShellScriptBin")
	out["writeTextFile"], out["writeShellApplication"] = named("writeTextFile"), named("writeShellApplication")
	for _, name := range []string{"runCommand", "runCommandLocal", "runCommandCC"} {
		out[name] = &eval.Builtin{Primitive: &eval.Primitive{Name: "pkgs." + name, Arity: 3, Strict: 1, Fn: func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
			return writer(in, args[0], eval.Null{}, false)
		}}}
	}
	return out
}()

func writer(in *eval.Interp, name, text eval.Value, inBin bool) (eval.Value, error) {
	n, err := in.ToString(name, source.Span{})
	if err != nil {
		return nil, err
	}
	if !n.Known() {
		return n.Holes[0].Why, nil
	}
	var t *eval.String
	if _, isNull := text.(eval.Null); !isNull {
		if v, err := in.Force(text); err == nil {
			t, _ = v.(*eval.String)
		}
	}
	exe := ""
	if inBin {
		exe = n.S
	}
	return made(n.S, t, exe), nil
}

// named is a writer that takes a set with name and text.
func named(function string) eval.Value {
	return &eval.Builtin{Primitive: &eval.Primitive{Name: "pkgs." + function, Arity: 1, Strict: 1, Fn: func(in *eval.Interp, args []eval.Value) (eval.Value, error) {
		name, err := in.Select(args[0], "name", source.Span{})
		if err != nil {
			return nil, err
		}
		text, err := in.Select(args[0], "text", source.Span{})
		if err != nil {
			text = eval.Null{}
		}
		return writer(in, name, text, function == "writeShellApplication")
	}}}
}

// getExe is the program of a package: known for a script of the tree, else the name is nixpkgs' to say.
func getExe(in *eval.Interp, v eval.Value) (eval.Value, error) {
	s, ok := v.(*symbol)
	if !ok {
		text, err := in.ToString(v, source.Span{})
		if err != nil {
			return nil, err
		}
		return eval.Concat(text, eval.Str("/bin/"), eval.HoleString(eval.NewUnknown("the main program of a package", source.Span{}))), nil
	}
	text, ok := s.Text()
	if !ok {
		return eval.NewUnknown("pkgs is no package", source.Span{}), nil
	}
	if s.exe != "" {
		return eval.Concat(text, eval.Str("/bin/"+s.exe)), nil
	}
	return eval.Concat(text, eval.Str("/bin/"), eval.HoleString(eval.NewUnknown("the main program of "+s.full(), source.Span{}))), nil
}
