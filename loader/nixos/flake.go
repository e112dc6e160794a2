package nixos

import (
	"path"
	"slices"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

// candidate is what a flake, a hive or a file has in the place of a host.
type candidate struct {
	name   string
	source string // of the host: "flake", "hive", "home", "file"
	at     source.Span
	val    eval.Value
	dir    string // of the flake, for containers
}

// outputs are those of a flake in which hosts are looked for.
type outputs struct {
	r     *repository
	in    *eval.Interp
	dir   string
	at    source.Span // of the function
	set   *eval.Set
	found []candidate
	names map[string]bool
}

// candidates are the hosts of a flake, and the inputs that are not in sight. What does not evaluate is a problem, and hides no other
// output.
func (r *repository) candidates(in *eval.Interp, file string) ([]candidate, []inventory.Missing) {
	v, err := in.Import(file, source.Span{})
	if err != nil {
		r.evalProblem(err, source.Span{}, false)
		return nil, nil
	}
	flake, err := in.Set(v, eval.Span(v))
	if err != nil {
		r.evalProblem(err, eval.Span(v), false)
		return nil, nil
	}
	fn := flake.Find("outputs")
	if fn == nil {
		r.problem(eval.Span(v), "a flake has an attribute outputs, found none")
		return nil, nil
	}
	o := &outputs{r: r, in: in, dir: path.Dir(file), at: spanOf(fn.Site), names: map[string]bool{}}
	f := r.inputsOf(in, o.dir)
	inputs, err := f.build(flake, fn.Val)
	if err != nil {
		r.evalProblem(err, o.at, false)
		return nil, nil
	}
	all, err := in.Call(fn.Val, inputs)
	if err == nil {
		o.set, err = in.Set(all, o.at)
	}
	if err != nil {
		r.evalProblem(err, o.at, false)
		return nil, f.missing
	}
	o.hosts("nixosConfigurations", "flake")
	for _, name := range []string{"colmenaHive", "colmena"} {
		o.hive(name)
	}
	o.hosts("homeConfigurations", "home")
	for _, name := range []string{"legacyPackages", "packages"} {
		o.homesOf(name)
	}
	o.hosts("darwinConfigurations", "darwin")
	if hasContainers(inputs) {
		o.containers()
	}
	if why := o.set.Open; why != nil && len(o.found) == 0 {
		r.notice(o.at, "the hosts of this flake are not known, its modules are judged without them: %s", why.Why)
	}
	return o.found, f.missing
}

// output is an output that is a set; nil when there is none, or none that can be told.
func (o *outputs) output(name string) *eval.Set {
	a := o.set.Find(name)
	if a == nil {
		return nil
	}
	at := spanOf(a.Site)
	if !inTree(at) {
		at = o.at
	}
	v, err := o.in.Force(a.Val)
	if err == nil {
		if u, ok := v.(*eval.Unknown); ok {
			o.r.notice(at, "%s of this flake is not known, its modules are judged without it: %s", name, u.Why)
			return nil
		}
		var set *eval.Set
		if set, err = o.in.Set(v, at); err == nil {
			if set.Open != nil && len(set.Attrs) == 0 {
				o.r.notice(at, "%s of this flake is not known, its modules are judged without it: %s", name, set.Open.Why)
			}
			return set
		}
	}
	o.r.evalProblem(err, at, false)
	return nil
}

func (o *outputs) hosts(output, source string) {
	if set := o.output(output); set != nil {
		o.add(set, source)
	}
}

func (o *outputs) add(set *eval.Set, source string) {
	for i := range set.Attrs {
		a := &set.Attrs[i]
		name := a.Name
		if o.dir != "." {
			name = o.dir + "#" + name // as a reference to it is written
		}
		if source == "hive" && o.names[name] {
			continue // the same machine, as nixosConfigurations has it
		}
		if o.names[name] && source != "darwin" {
			name = source + ":" + name
		}
		o.names[name] = true
		at := spanOf(a.Site)
		if !inTree(at) {
			at = o.at
		}
		o.found = append(o.found, candidate{name: name, source: source, at: at, val: a.Val})
	}
}

// homesOf adds the homeConfigurations that are among the packages of a system, where home-manager looks for them too.
func (o *outputs) homesOf(output string) {
	a := o.set.Find(output)
	if a == nil {
		return
	}
	v, err := o.in.Force(a.Val)
	if err != nil {
		return // packages that do not evaluate hide no host
	}
	if _, ok := v.(eval.External); ok {
		return
	}
	all, err := o.in.Set(v, o.at)
	if err != nil {
		return
	}
	for _, system := range []string{"x86_64-linux", "aarch64-linux"} {
		of := all.Find(system)
		if of == nil {
			continue
		}
		homes, err := o.in.Select(of.Val, "homeConfigurations", o.at)
		if err != nil {
			continue
		}
		set, err := o.in.Set(homes, o.at)
		if err != nil || len(set.Attrs) == 0 {
			continue
		}
		o.add(set, "home")
		return // a home is one, whichever systems it is there for
	}
}

// host is the system that a candidate is; nil for one that is not known, and why.
func (r *repository) host(in *eval.Interp, c candidate) (*nixosSystem, error) {
	v, err := in.Force(c.val)
	if err != nil {
		return nil, err
	}
	switch x := v.(type) {
	case *nixosSystem:
		return x, nil
	case *eval.Set:
		if config := x.Find("config"); config != nil { // a system that was given more attributes
			v, err := in.Force(config.Val)
			if err != nil {
				return nil, err
			}
			if of, ok := v.(*view); ok && of.n.up == nil && of.n.sys.made != nil {
				return of.n.sys.made, nil
			}
		}
	case *eval.Unknown:
		if sys := r.madeElsewhere(in, x); sys != nil {
			if c.source == "home" {
				sys.kind = homeHost
			}
			return sys, nil
		}
		r.problem(c.at, "host %s is not known: %s; --input NAME=PATH reads an input that is elsewhere", c.name, x.Why)
		return nil, nil
	}
	r.problem(c.at, "host %s is not known: it is no nixosSystem but %s", c.name, eval.TypeName(v))
	return nil, nil
}

// madeElsewhere is a host that a function of a missing input made of modules that are in sight: what else the function adds is not known.
func (r *repository) madeElsewhere(in *eval.Interp, u *eval.Unknown) *nixosSystem {
	for _, arg := range slices.Backward(u.Args) {
		v, err := in.Force(arg)
		if err != nil {
			continue
		}
		if set, ok := v.(*eval.Set); ok && set.Find("modules") != nil {
			return &nixosSystem{r: r, in: in, args: set, via: u.Why}
		}
	}
	return nil
}

// judge evaluates a candidate. Another host is not touched by what is wrong with it.
func (r *repository) judge(in *eval.Interp, c candidate, missing []inventory.Missing) {
	sys, err := r.host(in, c)
	if err != nil {
		r.evalProblem(err, c.at, c.source == "darwin")
		return
	}
	if sys == nil {
		return
	}
	if sys.kind == containersHost {
		r.judgeContainers(c, sys, missing)
		return
	}
	if c.source == "darwin" || sys.kind == darwinHost {
		sys.kind = darwinHost
		if _, err := sys.system(nil); err != nil {
			r.evalProblem(err, c.at, true)
		}
		return
	}
	host := &inventory.Host{Name: c.name, Source: c.source, At: inventory.At(c.at), Missing: slices.Clone(missing)}
	r.evaluate(in, host, sys)
}

// configuration judges a plain configuration.nix as a host of its own.
func (r *repository) configuration(file string) {
	in := r.interp()
	name := path.Base(path.Dir(file))
	if name == "." {
		name = "configuration"
	}
	host := &inventory.Host{Name: name, Source: "file", At: &inventory.Location{File: file, Line: 1, Column: 1, EndLine: 1, EndColumn: 1}}
	args := eval.NewSet(eval.Attr{Name: "modules", Val: &eval.List{Elems: []eval.Value{eval.Path(file)}}})
	r.evaluate(in, host, &nixosSystem{r: r, in: in, args: args, base: r.search("nixpkgs")})
	r.limited(in, r.start(file))
}

func (r *repository) evaluate(_ *eval.Interp, host *inventory.Host, sys *nixosSystem) {
	at := source.Span{}
	if host.At != nil {
		at = r.start(host.At.File)
	}
	said := len(r.problems)
	s, err := sys.system(host)
	if err != nil {
		r.evalProblem(err, at, false)
		return
	}
	if len(s.modules) == 0 && s.partial && len(r.problems) == said {
		r.problem(at, "nothing of host %s is known: %s", host.Name, host.Missing[len(host.Missing)-1].Why)
	}
	if sys.kind == homeHost {
		s.partial = true // the modules of home-manager are not in the tree
	}
	s.units()
	if sys.kind == nixosHost {
		s.nested()
	}
	s.verdicts()
	s.facts()
	s.overlays()
	r.addOptions(s.options)
	r.addHost(host)
}
