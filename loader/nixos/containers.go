package nixos

import (
	"maps"
	"slices"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/inventory"
)

// containers judges the declarative containers of a host, which are hosts of their own: prefix and their names.
func (s *system) containers(prefix string) {
	containers := s.root.child("containers")
	s.openSet(containers)
	for _, name := range s.defined(containers) {
		inner := s.inside(containers.child(name).child("config"), containers.child(name).child("specialArgs"), name, nil)
		if inner == nil {
			continue
		}
		host := &inventory.Host{Name: prefix + name, Source: s.host.Source, At: inventory.At(siteSpan(containers.child(name)))}
		if s.made != nil && s.made.kind == containersHost {
			host.Missing = slices.Clone(s.host.Missing) // nobody else says it
		}
		inner.host, inner.missing, inner.added = host, map[string]bool{}, map[string]bool{}
		inner.units()
		inner.verdicts()
		inner.facts()
		s.r.addHost(host)
	}
}

// containers adds the packages of the flake that are containers, by extra-container. Packages are looked at for those only in a flake that has
// it as an input.
func (o *outputs) containers() {
	// A package may evaluate modules, such as those of a machine to try things on: that judges none of them.
	defer func(modules map[string]bool, hosts map[string][]string, said int) {
		o.r.modules, o.r.hosts, o.r.problems = modules, hosts, o.r.problems[:said]
	}(maps.Clone(o.r.modules), cloneHosts(o.r.hosts), len(o.r.problems))
	packages := o.output("packages")
	if packages == nil {
		return
	}
	for _, system := range []string{"x86_64-linux", "aarch64-linux", "i686-linux"} {
		of := packages.Find(system)
		if of == nil {
			continue
		}
		set, err := o.in.Set(of.Val, o.at)
		if err != nil {
			return // packages that do not evaluate hide no host
		}
		for i := range set.Attrs {
			a := &set.Attrs[i]
			v, err := o.in.Force(a.Val)
			if made, ok := v.(*nixosSystem); err == nil && ok && made.kind == containersHost {
				at := spanOf(a.Site)
				if !inTree(at) {
					at = o.at
				}
				o.found = append(o.found, candidate{name: a.Name, source: "flake", at: at, val: made, dir: o.dir})
			}
		}
		return // they are the same, whichever system they are there for
	}
}

func cloneHosts(hosts map[string][]string) map[string][]string {
	out := make(map[string][]string, len(hosts))
	for file, names := range hosts {
		out[file] = slices.Clone(names)
	}
	return out
}

// judgeContainers judges the containers of a candidate that is nothing else.
func (r *repository) judgeContainers(c candidate, made *nixosSystem, missing []inventory.Missing) {
	host := &inventory.Host{Name: c.name, Source: c.source, At: inventory.At(c.at), Missing: slices.Clone(missing)}
	s, err := made.system(host)
	if err != nil {
		r.evalProblem(err, c.at, false)
		return
	}
	prefix := ""
	if c.dir != "." {
		prefix = c.dir + "#"
	}
	s.containers(prefix)
	r.addOptions(s.options)
}

// hasContainers reports whether a flake has extra-container as an input.
func hasContainers(inputs *eval.Set) bool {
	return slices.ContainsFunc(inputs.Attrs, func(a eval.Attr) bool {
		o, ok := a.Val.(*overlaid)
		return ok && o.name == extraContainer
	})
}
