package nixos

import (
	"path"
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

// flakeInputs makes the arguments of a flake's outputs.
type flakeInputs struct {
	r    *repository
	in   *eval.Interp
	dir  string // of the flake
	lock *lock  // of the flake whose lock file counts: the outermost one
	node string // of the flake in it
	deep int    // how many flakes this one is an input of

	missing []inventory.Missing
}

// maxFlakes bounds how deep flakes are inputs of each other.
const maxFlakes = 8

func (r *repository) inputsOf(in *eval.Interp, dir string) *flakeInputs {
	l := r.readLock(dir)
	return &flakeInputs{r: r, in: in, dir: dir, lock: l, node: l.Root}
}

// build is the set that outputs is called with.
func (f *flakeInputs) build(flake *eval.Set, outputs eval.Value) (*eval.Set, error) {
	refs := f.references(flake)
	names, _, _ := eval.FunctionArgs(outputs)
	if fn, err := f.in.Force(outputs); err == nil {
		names, _, _ = eval.FunctionArgs(fn)
	}
	for _, name := range names {
		if _, ok := refs[name]; !ok && name != "self" {
			refs[name] = reference{}
		}
	}
	var attrs []eval.Attr
	for _, name := range sortedKeys(refs) {
		if name == "self" {
			continue
		}
		v, err := f.resolve(name, refs[name])
		if err != nil {
			return nil, err
		}
		attrs = append(attrs, eval.Attr{Name: name, Val: v})
	}
	self := &selfFlake{dir: f.dir}
	all := eval.NewSet(append(attrs, eval.Attr{Name: "self", Val: self})...)
	self.inputs = all
	self.outputs = eval.Lazy(func() (eval.Value, error) { return f.in.Call(outputs, all) })
	return all, nil
}

// resolve is the value of an input: a flake that is given or lies in the tree, what stands for nixpkgs or a flake whose functions
// make hosts, else unknown.
func (f *flakeInputs) resolve(name string, ref reference) (eval.Value, error) {
	given := f.r.given.input(name, ref)
	switch {
	case isNixpkgs(name, ref.url), given != "" && f.r.holds(given, moduleList):
		return f.nixpkgs(name, given)
	case f.shimOf(name, ref) != nil:
		return f.shim(name, ref, given)
	case given != "":
		return f.sub(name, given, ref)
	}
	if dir, ok := f.folder(ref.url); ok && f.r.holds(dir, ".") {
		return f.sub(name, dir, ref)
	}
	return f.absent(name), nil
}

// absent is the value of an input that is not in sight.
func (f *flakeInputs) absent(name string) eval.Value {
	why := "flake input " + name + " is not in the tree"
	f.miss(name, why)
	return &eval.Unknown{Why: why, Records: true}
}

func (f *flakeInputs) miss(name, why string) {
	if f.deep == 0 {
		f.missing = append(f.missing, inventory.Missing{Name: name, Why: why})
	}
}

// holds reports whether a folder of the tree holds a file.
func (r *repository) holds(dir, file string) bool {
	_, err := r.program.Tree.Stat(path.Join(dir, file))
	return err == nil
}

// sub is a flake in a folder that can be read: its outputs, or, when it is no flake, its files.
func (f *flakeInputs) sub(name, dir string, ref reference) (eval.Value, error) {
	file := path.Join(dir, "flake.nix")
	if ref.source || !f.r.holds(dir, "flake.nix") {
		return eval.NewSet(eval.Attr{Name: "outPath", Val: eval.Str(folderText(dir))}), nil
	}
	if f.deep == maxFlakes {
		return eval.NewUnknown("flake input "+name+" is an input of too many flakes", source.Span{}), nil
	}
	v, err := f.in.Import(file, source.Span{})
	if err != nil {
		return nil, err
	}
	flake, err := f.in.Set(v, source.Span{})
	if err != nil {
		return nil, err
	}
	outputs := flake.Find("outputs")
	if outputs == nil {
		return nil, &eval.Error{Kind: eval.TypeError, Span: eval.Span(v), Message: "a flake has an attribute outputs, found none"}
	}
	inner := &flakeInputs{r: f.r, in: f.in, dir: dir, lock: f.lock, node: ref.node, deep: f.deep + 1}
	if ref.node == "" {
		inner.lock = f.r.readLock(dir)
		inner.node = inner.lock.Root
	}
	return eval.Lazy(func() (eval.Value, error) {
		all, err := inner.build(flake, outputs.Val)
		if err != nil {
			return nil, err
		}
		return all.Find("self").Val, nil
	}), nil
}

// moduleList is the file by which nixpkgs is told.
const moduleList = "nixos/modules/module-list.nix"

// nixpkgs is the flake nixpkgs: its lib, and its packages as symbols. Its modules are those of the folder, when there is one.
func (f *flakeInputs) nixpkgs(name, dir string) (eval.Value, error) {
	lib, err := f.r.lib(f.in, dir)
	if err != nil {
		return nil, err
	}
	at := nixpkgsPath
	if dir != "" {
		at = folderText(dir)
	}
	unknown := func(attr string) eval.Attr {
		return eval.Attr{Name: attr, Val: eval.NewUnknown(attr+" of flake input "+name+" is not in the tree", source.Span{})}
	}
	return eval.NewSet(
		eval.Attr{Name: "lib", Val: lib},
		eval.Attr{Name: "legacyPackages", Val: &everySystem{lib: lib}},
		eval.Attr{Name: "outPath", Val: eval.Str(at)},
		unknown("nixosModules"), unknown("sourceInfo"), unknown("rev"), unknown("shortRev"), unknown("narHash"), unknown("lastModified"),
		unknown("lastModifiedDate"), unknown("packages"), unknown("checks"), unknown("inputs"),
		eval.Attr{Name: "_type", Val: eval.Str("flake")},
	), nil
}

// everySystem is a set that has packages for every name: legacyPackages by system.
type everySystem struct {
	eval.Ext
	lib eval.Value
	by  map[string]*symbol
}

func (e *everySystem) TypeName() string { return "set" }
func (e *everySystem) Attr(_ *eval.Interp, system string) (eval.Value, bool, error) {
	pkgs := e.by[system]
	if pkgs == nil {
		if e.by == nil {
			e.by = map[string]*symbol{}
		}
		pkgs = newPkgs(e.lib, func() *eval.String { return eval.Str(system) })
		e.by[system] = pkgs
	}
	return pkgs, true, nil
}

func (e *everySystem) All(in *eval.Interp) (*eval.Set, error) {
	var attrs []eval.Attr
	for _, system := range systems {
		v, _, err := e.Attr(in, system)
		if err != nil {
			return nil, err
		}
		attrs = append(attrs, eval.Attr{Name: system, Val: v})
	}
	set := eval.NewSet(attrs...)
	set.Open = eval.NewUnknown("the systems of nixpkgs are not in the tree", source.Span{})
	return set, nil
}

func (e *everySystem) Call(*eval.Interp, eval.Value) (eval.Value, error) {
	return eval.NewUnknown("a set is called", source.Span{}), nil
}
func (e *everySystem) Text() (*eval.String, bool) { return nil, false }

// systems are the systems that flakes are written for.
var systems = []string{"aarch64-darwin", "aarch64-linux", "x86_64-darwin", "x86_64-linux"}

// selfFlake is a flake as it is to itself and to those that have it as an input: the outputs, the inputs and the path.
type selfFlake struct {
	eval.Ext
	dir     string
	inputs  *eval.Set
	outputs *eval.Thunk
}

func (s *selfFlake) TypeName() string { return "set" }

func (s *selfFlake) Attr(in *eval.Interp, name string) (eval.Value, bool, error) {
	switch name {
	case "outPath":
		text, _ := s.Text()
		return text, true, nil
	case "inputs":
		return s.inputs, true, nil
	case "outputs":
		return s.outputs, true, nil
	case "rev", "shortRev", "dirtyRev", "dirtyShortRev", "lastModified", "lastModifiedDate", "narHash", "sourceInfo", "revCount":
		return eval.NewUnknown("self."+name+" depends on the checkout", source.Span{}), true, nil
	case "_type":
		return eval.Str("flake"), true, nil
	}
	v, err := in.Force(s.outputs)
	if err != nil {
		return nil, false, err
	}
	set, err := in.Set(v, source.Span{})
	if err != nil {
		return nil, false, err
	}
	if a := set.Find(name); a != nil {
		return a.Val, true, nil
	}
	if set.Open != nil {
		return set.Open, true, nil
	}
	return nil, false, nil
}

func (s *selfFlake) All(in *eval.Interp) (*eval.Set, error) {
	v, err := in.Force(s.outputs)
	if err != nil {
		return nil, err
	}
	text, _ := s.Text()
	merged, err := in.Update(v, eval.NewSet(eval.Attr{Name: "outPath", Val: text}, eval.Attr{Name: "inputs", Val: s.inputs}), source.Span{})
	if err != nil {
		return nil, err
	}
	return in.Set(merged, source.Span{})
}

func (s *selfFlake) Call(*eval.Interp, eval.Value) (eval.Value, error) {
	return eval.NewUnknown("self is called", source.Span{}), nil
}

func (s *selfFlake) Text() (*eval.String, bool) { return eval.Str(folderText(s.dir)), true }

// folderText is how the path of a folder of the tree stands in strings.
func folderText(dir string) string {
	mount, rest := splitDir(dir)
	text := eval.StoreName("source")
	if mount != "" {
		text = eval.StoreName(strings.Trim(mount, "<>"))
	}
	if rest != "." {
		text += "/" + rest
	}
	return text
}

// splitDir parts the folder of a mounted tree from the path in it.
func splitDir(dir string) (mount, rest string) {
	mount, rest = source.SplitMount(dir)
	return mount, path.Clean("./" + rest)
}
