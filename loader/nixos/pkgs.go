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
	path string           // "" for pkgs itself
	exe  string           // the program in bin/, when it is known
	set  *eval.Set        // attributes that are known
	leaf bool             // a derivation: made by a call, not looked up
	from *eval.Derivation // of a script or a file that was written in the tree
	fns  *eval.Thunk      // of pkgs itself: its functions that lib.nix has

	platform *platform // of pkgs itself: what its packages are built for
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

func (s *symbol) Attr(in *eval.Interp, name string) (eval.Value, bool, error) {
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
	case s.platform != nil && name == "system":
		return s.platform.system(), true, nil
	case s.platform != nil && (name == "hostPlatform" || name == "targetPlatform"):
		return s.platform, true, nil
	case name == "outputName":
		return eval.Str("out"), true, nil
	case unknownAttrs[name] && (s.path != "" || name != "stdenv"):
		return eval.NewUnknown(s.full()+"."+name+" depends on nixpkgs", source.Span{}), true, nil
	case name == "out" || name == "bin" || name == "all":
		return s, true, nil
	case name == "_type" || name == "__functor" || name == "__toString" || name == "recurseForDerivations":
		return nil, false, nil
	}
	if s.path == "" {
		return s.top(in, name)
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

// top is an attribute of pkgs itself: a function that lib.nix knows, else a package.
func (s *symbol) top(in *eval.Interp, name string) (eval.Value, bool, error) {
	if s.fns != nil {
		fns, err := in.Set(s.fns, source.Span{})
		if err != nil {
			return nil, false, err
		}
		if a := fns.Find(name); a != nil {
			return a.Val, true, nil
		}
	}
	return &symbol{path: name}, true, nil
}

// overriders make the same package in another way.
var overriders = []string{".override", ".overrideAttrs", ".overrideDerivation", ".withPackages", ".overridePythonAttrs"}

// Call of a symbol is a package made by nixpkgs: pkgs.python3.withPackages (ps: …) prints as <pkgs.python3>, what a function makes of
// a set with a name, by that name.
func (s *symbol) Call(in *eval.Interp, arg eval.Value) (eval.Value, error) {
	base := s.path
	for _, suffix := range overriders {
		base = strings.TrimSuffix(base, suffix)
	}
	if base == "" {
		return eval.NewUnknown("pkgs cannot be called", source.Span{}), nil
	}
	out := &symbol{path: base, leaf: true}
	if base != s.path {
		return out, nil
	}
	set, ok := arg.(*eval.Set)
	if v, err := in.Force(arg); err == nil && !ok {
		set, ok = v.(*eval.Set)
	}
	if !ok {
		return out, nil
	}
	for _, key := range []string{"pname", "name"} {
		if name := literalAttr(in, set, key); name != "" {
			out.path = storeName(name)
			break
		}
	}
	if meta := set.Find("meta"); meta != nil {
		if v, err := in.Force(meta.Val); err == nil {
			if inner, ok := v.(*eval.Set); ok {
				out.exe = literalAttr(in, inner, "mainProgram")
			}
		}
	}
	return out, nil
}

// literalAttr is an attribute that is a known string; empty when it is not.
func literalAttr(in *eval.Interp, set *eval.Set, name string) string {
	a := set.Find(name)
	if a == nil || len(a.When) > 0 {
		return ""
	}
	v, err := in.Force(a.Val)
	text, ok := v.(*eval.String)
	if err != nil || !ok || !literal(text) {
		return ""
	}
	return text.S
}

func (s *symbol) Text() (*eval.String, bool) {
	if s.path == "" {
		return nil, false
	}
	text := eval.Str(eval.StoreName(s.path))
	if s.from != nil {
		text.Deps = []*eval.Derivation{s.from}
	}
	return text, true
}

var notInStoreNames = regexp.MustCompile(`[^[:alnum:]+._?=-]+`)

// storeName is a name as nixpkgs makes it fit for a store path.
func storeName(name string) string {
	return strings.TrimLeft(notInStoreNames.ReplaceAllString(name, "-"), ".")
}

// written makes a derivation that the tree makes by name: a script or a file, with its text, or null, and its program in bin/, or null.
func (r *repository) written(in *eval.Interp, args []eval.Value) (eval.Value, error) {
	name, err := in.ToString(args[0], source.Span{})
	if err != nil {
		return nil, err
	}
	if !name.Known() {
		return name.Holes[0].Why, nil
	}
	out := &symbol{path: storeName(name.S), leaf: true}
	out.from = &eval.Derivation{Name: out.path, Path: eval.StoreName(out.path)}
	r.scripts[out.from] = args[1]
	if program, ok := args[2].(*eval.String); ok && program.Known() {
		out.exe = program.S
	}
	return out, nil
}

// writtenAt is written of a name, a text and the path in the package at which it stands; null or "" for a package that is the text.
func (r *repository) writtenAt(in *eval.Interp, args []eval.Value) (eval.Value, error) {
	v, err := r.written(in, []eval.Value{args[0], args[1], eval.Null{}})
	if pkg, ok := v.(*symbol); ok {
		r.placed[pkg.from] = args[2]
	}
	return v, err
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
