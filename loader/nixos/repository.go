package nixos

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
)

// repository is one run over a tree: what was read, and what is wrong with it.
type repository struct {
	ctx      context.Context //nolint:containedctx // it lives as long as one run
	program  *eval.Program
	inv      *inventory.Inventory
	problems []source.Problem
	hosts    map[string][]string             // by file, the hosts that use it
	modules  map[string]bool                 // files that are modules
	options  map[string]inventory.Option     // by path
	scripts  map[*eval.Derivation]eval.Value // the texts of what the tree writes into the store
	placed   map[*eval.Derivation]eval.Value // where in a package such a text stands
	given    *givenInputs
	libs     map[libOf]eval.Value
	overlaid map[string]bool // hosts of which it is said that they have overlays
	imported []source.Span   // overlays that nixpkgs is imported with
}

// libOf is what a lib belongs to: an interpreter and a folder of nixpkgs.
type libOf struct {
	in      *eval.Interp
	nixpkgs string
}

// Load makes the inventory of the hosts and loose modules of a tree. Only what lies under one of paths (relative to the root,
// "." for all) is judged, but the whole tree is known to it.
func Load(ctx context.Context, tree *source.Tree, paths []string, inputs Inputs) (*inventory.Inventory, []source.Problem, error) {
	r := newRepository(ctx, tree)
	r.given = mountInputs(tree, inputs)
	files, err := r.find(paths)
	if err != nil {
		return nil, nil, err
	}
	r.hostsOf(files.flakes, func(file string) finder {
		return func(r *repository, in *eval.Interp) ([]candidate, []inventory.Missing) { return r.candidates(in, file) }
	})
	r.hostsOf(r.unused(files.fleets), func(file string) finder {
		return func(r *repository, in *eval.Interp) ([]candidate, []inventory.Missing) {
			return r.fileHosts(in, file), nil
		}
	})
	var plain []task
	for _, file := range r.unused(files.configurations) {
		plain = append(plain, func(r *repository) { r.configuration(file) })
	}
	r.each(plain)
	if err := r.loose(files, paths); err != nil {
		return nil, nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, nil, fmt.Errorf("load: %w", err)
	}
	r.comments(paths)
	r.overlaysOfFlakes(files.flakes)
	r.finish(files, paths)
	r.inv.Inputs = r.given.list()
	return r.inv, r.problems, nil
}

// unused are the files that no host read so far.
func (r *repository) unused(files []string) []string {
	var out []string
	for _, file := range files {
		if len(r.hosts[file]) == 0 && !r.modules[file] {
			out = append(out, file)
		}
	}
	return out
}

func newRepository(ctx context.Context, tree *source.Tree) *repository {
	return &repository{
		scripts: map[*eval.Derivation]eval.Value{}, placed: map[*eval.Derivation]eval.Value{}, options: map[string]inventory.Option{}, given: mountInputs(tree, Inputs{}),
		ctx: ctx, program: eval.NewProgram(tree), libs: map[libOf]eval.Value{}, overlaid: map[string]bool{}, hosts: map[string][]string{}, modules: map[string]bool{},
		inv: &inventory.Inventory{Schema: inventory.Schema, Hosts: []inventory.Host{}, Files: []inventory.File{}, Options: []inventory.Option{}},
	}
}

// found are the Nix files of a tree by what they are taken for.
type found struct {
	all            []string
	flakes         []string
	configurations []string // configuration.nix in a folder without flake.nix
	fleets         []string // hives, networks, and what makes hosts without a flake
}

// passedOver are folders that hold no source of the user's.
var passedOver = map[string]bool{".git": true, ".direnv": true, "node_modules": true}

// find walks the tree.
func (r *repository) find(paths []string) (found, error) {
	var out found
	entries := r.program.Tree.Walk(r.ctx, func(dir string) bool { return passedOver[dir] }, func(name string) bool {
		return strings.HasSuffix(name, ".nix") && under(name, paths)
	})
	if err := r.ctx.Err(); err != nil {
		return out, fmt.Errorf("load: %w", err)
	}
	for _, e := range entries {
		base := path.Base(e.Path)
		switch {
		case e.Err != nil:
			r.problems = append(r.problems, source.Problem{Message: fmt.Sprintf("%s cannot be read: %v", e.Path, e.Err)})
		case e.Type.IsRegular() && strings.TrimSuffix(base, path.Ext(base)) == "README":
			r.inv.Documents = append(r.inv.Documents, e.Path)
		case strings.HasSuffix(e.Path, ".nix") && (e.Type.IsRegular() || e.Type&fs.ModeSymlink != 0):
			out.all = append(out.all, e.Path)
		}
	}
	r.parse(out.all, paths)
	for _, name := range out.all {
		switch path.Base(name) {
		case "flake.nix":
			if (name == "flake.nix" || under(name, paths)) && r.isFlake(name) {
				out.flakes = append(out.flakes, name)
			}
		case "configuration.nix":
			if under(name, paths) && !slices.Contains(out.all, path.Join(path.Dir(name), "flake.nix")) && r.configuresHost(name) {
				out.configurations = append(out.configurations, name)
			}
		default:
			if under(name, paths) && r.isFleet(name) {
				out.fleets = append(out.fleets, name)
			}
		}
	}
	return out, nil
}

// parse parses the files that are judged, on the cores there are.
func (r *repository) parse(files, paths []string) {
	const batch = 64
	var tasks []task
	for part := range slices.Chunk(files, batch) {
		tasks = append(tasks, func(r *repository) {
			for _, name := range part {
				if under(name, paths) && r.ctx.Err() == nil {
					_, _ = r.program.File(name) // an error is said when the file is asked for
				}
			}
		})
	}
	r.each(tasks)
}

// ofHosts are top-level options that only the configuration of a host sets, not that of a user or of a test.
var ofHosts = map[string]bool{
	"boot": true, "fileSystems": true, "networking": true, "system": true, "users": true, "environment": true, "hardware": true, "imports": true,
	"swapDevices": true, "security": true, "virtualisation": true, "deployment": true, "console": true, "powerManagement": true,
}

// configuresHost reports whether a file named configuration.nix may be the configuration of a host: the same name is given to what
// configures a program or a user. One that does not parse, or is no plain set, may be.
func (r *repository) configuresHost(name string) bool {
	f, err := r.program.File(name)
	if err != nil || refuses(f) {
		return true
	}
	x, _ := body(f.Root)
	set, ok := x.(*syntax.AttrSet)
	if !ok {
		return true
	}
	return slices.ContainsFunc(bound(set), func(name string) bool { return ofHosts[name] })
}

func refuses(f *syntax.File) bool {
	return slices.ContainsFunc(f.Problems, func(p source.Problem) bool { return p.Severity == source.Failure })
}

// isFleet reports whether a file makes hosts without a flake.
func (r *repository) isFleet(name string) bool {
	f, err := r.program.File(name)
	return err == nil && (isHive(name, f) || makesHosts(name, f))
}

// under reports whether a file lies under one of paths.
func under(file string, paths []string) bool {
	for _, p := range paths {
		if p == "." || p == file || strings.HasPrefix(file, p+"/") {
			return true
		}
	}
	return false
}

// used records that a host reads a module.
func (r *repository) used(file string, host *inventory.Host) {
	r.modules[file] = true
	if host == nil || host.Source == "loose" {
		return
	}
	if !slices.Contains(r.hosts[file], host.Name) {
		r.hosts[file] = append(r.hosts[file], host.Name)
	}
}

// problem records something wrong in the user's files.
func (r *repository) problem(at source.Span, format string, args ...any) {
	r.problems = append(r.problems, source.Problem{Span: at, Message: fmt.Sprintf(format, args...)})
}

// notice records what is left out because it is not in the tree.
func (r *repository) notice(at source.Span, format string, args ...any) {
	r.problem(at, format, args...)
	r.problems[len(r.problems)-1].Severity = source.Notice
}

// evalProblem records a failed evaluation; what does not parse is recorded once, with the file. A loose module is evaluated
// with options that no host may give it, so its failure proves nothing: it is a notice, unless it is one of every evaluation.
func (r *repository) evalProblem(err error, at source.Span, loose bool) {
	var p source.Problem
	if errors.As(err, &p) {
		return // recorded where it was found
	}
	var e *eval.Error
	if !errors.As(err, &e) {
		r.problems = append(r.problems, source.Problem{Span: at, Message: err.Error()})
		return
	}
	if e.Kind == eval.Syntax {
		return
	}
	// A path of the tree is named as the user names it, not as it stands in strings.
	p = source.Problem{Span: e.Span, Message: strings.ReplaceAll(e.Message, eval.StoreName("source")+"/", "")}
	if loose && e.Kind != eval.Undefined && e.Kind != eval.Cycle && !strings.HasSuffix(e.Message, "does not exist") {
		p.Severity, p.Message = source.Notice, "does not evaluate without a host: "+e.Message
	}
	if !inTree(p.Span) && e.Kind != eval.Abort && e.Kind != eval.Cycle { // those stand where they close
		p.Span = at
	}
	for _, n := range e.Trace {
		if inTree(n.Span) && n.Span != p.Span {
			if !inTree(p.Span) {
				p.Span = n.Span
				continue
			}
			p.Notes = append(p.Notes, n)
		}
	}
	if !inTree(p.Span) {
		p.Span = at
	}
	r.problems = append(r.problems, p)
}

// loose judges modules that no host imports, each with what it imports, with the options of the whole repository known.
func (r *repository) loose(files found, paths []string) error {
	var todo []string
	for _, name := range files.all {
		if !under(name, paths) || len(r.hosts[name]) > 0 || r.modules[name] {
			continue
		}
		f, err := r.program.File(name)
		if err != nil {
			r.problems = append(r.problems, source.Problem{Message: err.Error()})
			continue
		}
		if isModule(name, f) {
			todo = append(todo, name)
		}
	}
	if len(todo) == 0 {
		return nil
	}
	shared := r.sharedOptions(files)
	host := &inventory.Host{Name: "loose", Source: "loose"}
	in := r.interp()
	base, err := r.baseArgs(in, r.search("nixpkgs"))
	if err != nil {
		return err
	}
	base = r.withFlake(in, base, files)
	systems := make([]*system, len(todo))
	imported, missing := map[string]bool{}, map[string]bool{}
	open := func(name string) *system {
		s := newSystem(r, in, host)
		s.missing = missing
		s.loose = true
		s.options.shared = shared
		s.args = s.withConfig(base)
		s.collect([]pending{{val: eval.Path(name)}}, true)
		return s
	}
	for i, name := range todo {
		systems[i] = open(name)
		for _, m := range systems[i].modules {
			if m.file != name && !imported[name] {
				imported[m.file] = true
			}
		}
	}
	for i, name := range todo {
		if imported[name] {
			continue // judged with the module that imports it
		}
		from := len(host.Units)
		systems[i].verdicts()
		if unset := systems[i].unset; len(unset) > 0 {
			said := len(r.problems)
			systems[i] = open(name)
			r.problems = r.problems[:said] // the same as when it was opened first
			systems[i].expect(unset)
		}
		systems[i].units()
		systems[i].nested()
		systems[i].facts()
		systems[i].overlays()
		for _, m := range systems[i].modules {
			systems[i].unreached(m.file, from)
		}
		if err := r.ctx.Err(); err != nil {
			return fmt.Errorf("load: %w", err)
		}
	}
	r.limited(in, r.start(todo[0]))
	r.addLooseOptions(shared)
	r.addHost(host)
	return nil
}

// start is the first place of a file.
func (r *repository) start(file string) source.Span {
	f, err := r.program.File(file)
	if err != nil {
		return source.Span{}
	}
	return f.Source.Span(0, 0)
}

// withFlake adds the arguments self and inputs of the flake at the root, which its hosts usually hand to their modules.
func (r *repository) withFlake(in *eval.Interp, base *eval.Set, files found) *eval.Set {
	if !slices.Contains(files.flakes, "flake.nix") {
		return base
	}
	v, err := in.Import("flake.nix", source.Span{})
	if err != nil {
		return base // said with the flake
	}
	flake, err := in.Set(v, source.Span{})
	if err != nil || flake.Find("outputs") == nil {
		return base
	}
	inputs, err := r.inputsOf(in, ".").build(flake, flake.Find("outputs").Val)
	if err != nil {
		return base
	}
	return eval.NewSet(append(slices.Clone(base.Attrs), eval.Attr{Name: "inputs", Val: inputs}, *inputs.Find("self"))...)
}

// sharedOptions are the options that any module of the repository declares.
func (r *repository) sharedOptions(files found) *optionTree {
	in := r.interp()
	s := newSystem(r, in, nil)
	s.loose = true
	base, err := r.baseArgs(in, r.search("nixpkgs"))
	if err != nil {
		return s.options
	}
	s.args = s.withConfig(base)
	for _, name := range files.all {
		f, err := r.program.File(name)
		if err != nil || !isModule(name, f) || !declaresOptions(f) {
			continue
		}
		before := len(r.problems)
		s.collect([]pending{{val: eval.Path(name)}}, false)
		r.problems = r.problems[:before] // said when the module itself is judged
	}
	return s.options
}

func (r *repository) interp() *eval.Interp {
	in := eval.New(r.ctx, r.program, eval.DefaultLimits)
	in.Foreign = func(text *eval.String) (eval.Value, bool) { return r.foreign(in, text) }
	in.Search = func(name string) (eval.Value, bool) {
		first, _, _ := strings.Cut(name, "/")
		rest := strings.TrimPrefix(name, first)
		if dir := r.search(first); dir != "" {
			return eval.Str(folderText(dir) + rest), true
		}
		if first == "nixpkgs" {
			return eval.Str(nixpkgsPath + rest), true
		}
		return nil, false
	}
	return in
}

// comments adds the units of commented-out code to the hosts that read the file, else to the loose modules.
func (r *repository) comments(paths []string) {
	parsed := r.program.Files()
	for _, name := range sortedKeys(parsed) {
		if !r.modules[name] || !under(name, paths) {
			continue
		}
		for _, u := range commented(parsed[name]) {
			for i := range r.inv.Hosts {
				h := &r.inv.Hosts[i]
				if slices.Contains(r.hosts[name], h.Name) || len(r.hosts[name]) == 0 && h.Source == "loose" {
					h.Units = append(h.Units, u)
					sortUnits(h.Units)
				}
			}
		}
	}
}

func sortUnits(units []inventory.Unit) {
	sort.SliceStable(units, func(i, j int) bool {
		a, b := &units[i], &units[j]
		if a.Scope != b.Scope {
			return a.Scope < b.Scope
		}
		return a.Name < b.Name
	})
}

// limited says what an evaluation left out: what is outside of the root, and what is beyond a limit.
func (r *repository) limited(in *eval.Interp, at source.Span) {
	for _, p := range in.Outside() {
		if !inTree(p.Span) {
			p.Span = at
		}
		r.problems = append(r.problems, p)
	}
	var e *eval.Error
	if !errors.As(in.Reached(), &e) {
		return
	}
	if inTree(e.Span) {
		at = e.Span
	}
	r.problem(at, "%s: something here was left out", e.Message)
}

// addHost adds a host whose units are complete, in order.
func (r *repository) addHost(h *inventory.Host) {
	sortUnits(h.Units)
	if h.Units == nil {
		h.Units = []inventory.Unit{}
	}
	if h.Tmpfiles == nil {
		h.Tmpfiles = []inventory.TmpfilesRule{}
	}
	sort.SliceStable(h.Settings, func(i, j int) bool { return h.Settings[i].Path < h.Settings[j].Path })
	r.inv.Hosts = append(r.inv.Hosts, *h)
}

// finish adds files, options and problems to the inventory.
func (r *repository) finish(files found, paths []string) {
	sort.SliceStable(r.inv.Hosts, func(i, j int) bool { return r.inv.Hosts[i].Name < r.inv.Hosts[j].Name })
	parsed := r.program.Files()
	for _, name := range files.all {
		f := parsed[name]
		if f == nil && under(name, paths) {
			f, _ = r.program.File(name)
		}
		if f == nil {
			continue
		}
		r.problems = append(r.problems, f.Problems...)
		hosts := r.hosts[name]
		sort.Strings(hosts)
		r.inv.Files = append(r.inv.Files, inventory.File{Path: name, Modules: r.modules[name], Hosts: hosts, Directives: directives(f)})
	}
	for i := range r.problems {
		if p := &r.problems[i]; mounted(p.Span) {
			p.Severity = source.Notice // what is wrong with an input is not for the user to mend
		}
	}
	for _, path := range sortedKeys(r.options) {
		r.inv.Options = append(r.inv.Options, r.options[path])
	}
	r.problems = source.SortProblems(r.problems)
	for _, p := range r.problems {
		out := inventory.Problem{Severity: p.Severity.String(), Message: p.Message, At: inventory.At(p.Span)}
		for _, n := range p.Notes {
			out.Notes = append(out.Notes, inventory.ProblemNote{Message: n.Message, At: inventory.At(n.Span)})
		}
		r.inv.Problems = append(r.inv.Problems, out)
	}
	if r.inv.Problems == nil {
		r.inv.Problems = []inventory.Problem{}
	}
}

// addOptions adds the options that the modules of a system declare.
func (r *repository) addOptions(t *optionTree) {
	t.each(func(o *option) {
		if path := strings.Join(o.path, "."); r.options[path].Path == "" {
			r.options[path] = o.describe()
		}
	})
}

// addLooseOptions adds those that modules declare that no host imports. One without a namespace, such as options.heading, is of a
// submodule, or of another use that is made of modules: it is not for a machine.
func (r *repository) addLooseOptions(t *optionTree) {
	t.each(func(o *option) {
		if path := strings.Join(o.path, "."); r.options[path].Path == "" {
			added := o.describe()
			added.Internal = added.Internal || len(o.path) == 1
			r.options[path] = added
		}
	})
}

// isFlake reports whether a file named flake.nix is one: a function is not, whatever its name. One that does not parse is taken for
// a flake, so that its problems are said.
func (r *repository) isFlake(name string) bool {
	f, err := r.program.File(name)
	if err != nil {
		return true
	}
	_, isFunction := f.Root.(*syntax.Lambda)
	return !isFunction
}

// isModule reports whether a file looks like a NixOS module: a set, or a function with a set pattern, that has attributes of one.
func isModule(name string, f *syntax.File) bool {
	x, takes := body(f.Root)
	if path.Base(name) == "flake.nix" && takes == nil {
		return false
	}
	set, ok := x.(*syntax.AttrSet)
	if !ok {
		_, curried := x.(*syntax.Lambda)
		return !curried && takes["config"] && takes["..."]
	}
	if takes != nil && !takes["..."] {
		return false // NixOS gives every module more arguments than it names
	}
	for _, name := range bound(set) {
		if structural[name] && name != "meta" && name != "key" || nixosNames[name] {
			return true
		}
	}
	return false
}

// bound are the names that a set binds at its top.
func bound(set *syntax.AttrSet) []string {
	var out []string
	for _, b := range set.Bindings {
		switch b := b.(type) {
		case *syntax.Attr:
			if len(b.Path) > 0 {
				out = append(out, b.Path[0].Name)
			}
		case *syntax.Inherit:
			for _, n := range b.Names {
				out = append(out, n.Name)
			}
		}
	}
	return out
}

// body is what a file evaluates to, through functions, let, with, assert and parentheses, and the names its pattern takes.
func body(x syntax.Expr) (syntax.Expr, map[string]bool) {
	var takes map[string]bool
	for {
		switch y := x.(type) {
		case *syntax.Lambda:
			if takes != nil {
				return x, takes // a function of a function is no module
			}
			takes = map[string]bool{}
			if y.Formals == nil {
				takes["..."] = true
			} else {
				for _, formal := range y.Formals.List {
					takes[formal.Name] = true
				}
				if y.Formals.Ellipsis {
					takes["..."] = true
				}
			}
			x = y.Body
		case *syntax.Let:
			x = y.Body
		case *syntax.With:
			x = y.Body
		case *syntax.Assert:
			x = y.Body
		case *syntax.Paren:
			x = y.X
		default:
			return x, takes
		}
	}
}

func declaresOptions(f *syntax.File) bool {
	x, _ := body(f.Root)
	set, ok := x.(*syntax.AttrSet)
	if !ok {
		return false
	}
	return slices.Contains(bound(set), "options")
}

// nixosNames are the top-level names of options of NixOS and home-manager, by which a module is recognised.
var nixosNames = map[string]bool{
	"appstream": true, "assertions": true, "boot": true, "console": true, "containers": true, "documentation": true, "dysnomia": true,
	"ec2": true, "environment": true, "fileSystems": true, "fonts": true, "gtk": true, "hardware": true, "home": true, "home-manager": true,
	"i18n": true, "ids": true, "image": true, "isoImage": true, "krb5": true, "location": true, "musnix": true, "networking": true,
	"nix": true, "nixops": true, "nixpkgs": true, "passthru": true, "power": true, "powerManagement": true, "programs": true, "proxmox": true, "qt": true,
	"sdImage": true, "security": true, "services": true, "snapraid": true, "sops": true, "age": true, "disko": true, "sound": true,
	"specialisation": true, "stubby": true, "swapDevices": true, "systemd": true, "time": true, "users": true, "virtualisation": true,
	"warnings": true, "wayland": true, "xdg": true, "zramSwap": true, "_module": true, "deployment": true, "accounts": true, "dconf": true,
	"launchd": true, "manual": true, "pam": true, "targets": true, "xsession": true, "xresources": true, "colmena": true, "microvm": true, "stylix": true,
}
