package nixos

import (
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
)

// unseen is why nothing of a unit is known that a module holds in an expression which was not evaluated.
const unseen = "what defines it was not evaluated: a condition around it does not hold with the defaults of the options, or nothing calls its function"

// unmade is why units are not known that a module makes of what a host lists.
const unmade = "what makes units there makes none with the defaults of the options"

// unreached adds the units that a module of the loose view holds in expressions which its evaluation did not come to: below optionalAttrs
// or `if` with a condition that does not hold here. They are assumed to exist, and nothing else is known of them. Where units of computed
// names would stand, and the module has none, it says so; its units begin at from.
func (s *system) unreached(name string, from int) {
	f, err := s.r.program.File(name)
	if err != nil {
		return
	}
	named, computed := written(f)
	for _, c := range computed {
		option := "config." + strings.Join(c.path, ".")
		made := slices.ContainsFunc(s.host.Units[from:], func(u inventory.Unit) bool {
			return u.Kind == c.Kind && u.Scope == c.Scope && !slices.ContainsFunc(named, func(w writtenUnit) bool { return w.Name == u.Name })
		})
		said := slices.ContainsFunc(s.host.Missing, func(m inventory.Missing) bool {
			return m.Name == option && m.At != nil && m.At.File == name
		})
		if !made && !said {
			s.miss(option+" in "+name, unmade, c.at)
		}
	}
	for _, w := range named {
		defines := func(u inventory.Unit) bool {
			return u.Name == w.Name && u.Scope == w.Scope &&
				slices.ContainsFunc(u.Definitions, func(l inventory.Location) bool { return l.File == name })
		}
		// A host may have it of a part of the file, which is no module as a whole.
		of := func(h inventory.Host) bool { return slices.ContainsFunc(h.Units, defines) }
		if !slices.ContainsFunc(s.host.Units, defines) && !slices.ContainsFunc(s.r.inv.Hosts, of) {
			s.host.Units = append(s.host.Units, w.Unit)
			s.miss(w.Name+" in "+name, unseen, w.at)
		}
	}
}

// written are the units whose names stand in a file: bindings of systemd.services.NAME and its kin, each name once; and the places where
// names are computed.
func written(f *syntax.File) (named, computed []writtenUnit) {
	w := &writtenUnits{file: f}
	w.expr(f.Root, nil)
	return w.named, w.computed
}

type writtenUnit struct {
	inventory.Unit
	path []string // of the set of units, where the name is computed
	at   source.Span
}

type writtenUnits struct {
	file            *syntax.File
	named, computed []writtenUnit
}

// expr looks into an expression whose value stands at a path of the configuration; nil where that is not known.
func (w *writtenUnits) expr(x syntax.Expr, path []string) {
	switch x := x.(type) {
	case *syntax.AttrSet:
		w.bindings(x.Bindings, path)
	case *syntax.Paren:
		w.expr(x.X, path)
	case *syntax.Let:
		w.bindings(x.Bindings, nil)
		w.expr(x.Body, path)
	case *syntax.With:
		w.expr(x.Body, path)
	case *syntax.Assert:
		w.expr(x.Body, path)
	case *syntax.If:
		w.expr(x.Then, path)
		w.expr(x.Else, path)
	case *syntax.Lambda:
		w.expr(x.Body, nil)
	case *syntax.Binary:
		w.expr(x.X, path)
		w.expr(x.Y, path)
	case *syntax.List:
		for _, el := range x.Elems {
			w.expr(el, path)
		}
	case *syntax.Apply:
		name := lastName(x.Fn)
		if !keeps[name] && !perElement[name] {
			path = nil
		}
		for _, arg := range x.Args {
			if perElement[name] {
				arg = result(arg)
			}
			w.expr(arg, path)
		}
	}
}

// keeps are the functions of lib whose last argument stands where their value stands.
var keeps = map[string]bool{
	"mkIf": true, "mkMerge": true, "mkForce": true, "mkDefault": true, "mkOverride": true, "mkBefore": true, "mkAfter": true, "mkOrder": true,
	"mkVMOverride": true, "optionalAttrs": true, "optional": true, "optionals": true,
}

// perElement are the functions whose list has the values of a function.
var perElement = map[string]bool{"map": true, "concatMap": true, "forEach": true, "imap0": true, "imap1": true}

// result is what a function makes, and another expression itself.
func result(x syntax.Expr) syntax.Expr {
	for {
		switch y := x.(type) {
		case *syntax.Lambda:
			x = y.Body
		case *syntax.Paren:
			x = y.X
		default:
			return x
		}
	}
}

// lastName is the name of a function: optionalAttrs for lib.optionalAttrs.
func lastName(fn syntax.Expr) string {
	switch fn := fn.(type) {
	case *syntax.Ident:
		return fn.Name
	case *syntax.Select:
		return fn.Path[len(fn.Path)-1].Name
	}
	return ""
}

func (w *writtenUnits) bindings(list []syntax.Binding, path []string) {
	for _, b := range list {
		attr, ok := b.(*syntax.Attr)
		if !ok {
			continue
		}
		at, known := slices.Clip(path), true
		for i, name := range attr.Path {
			if name.Expr != nil {
				known = false
				break
			}
			if i == 0 && len(at) == 0 && name.Name == "config" {
				continue
			}
			at = append(at, name.Name)
		}
		if !known || computes(attr.Value) {
			w.compute(at, attr)
		}
		switch unit, isUnit := unitAt(at); {
		case !known || slices.Equal(at, []string{"imports"}):
			w.expr(attr.Value, nil)
		case isUnit:
			w.add(unit, attr)
		default:
			w.expr(attr.Value, at)
		}
	}
}

// compute adds a binding of a set of units, whose names are computed.
func (w *writtenUnits) compute(path []string, attr *syntax.Attr) {
	_, inside := unitAt(path)
	if u, isSet := unitAt(append(slices.Clip(path), "name")); isSet && !inside {
		w.computed = append(w.computed, writtenUnit{u, path, w.file.Span(attr)})
	}
}

// computes reports that a function makes a set, or a part of it: mapAttrs and its kin.
func computes(x syntax.Expr) bool {
	switch x := x.(type) {
	case *syntax.Paren:
		return computes(x.X)
	case *syntax.Let:
		return computes(x.Body)
	case *syntax.With:
		return computes(x.Body)
	case *syntax.If:
		return computes(x.Then) || computes(x.Else)
	case *syntax.Binary:
		return computes(x.X) || computes(x.Y)
	case *syntax.List:
		return slices.ContainsFunc(x.Elems, computes)
	case *syntax.Apply:
		return !keeps[lastName(x.Fn)] || computes(x.Args[len(x.Args)-1])
	}
	return false
}

func (w *writtenUnits) add(u inventory.Unit, attr *syntax.Attr) {
	if slices.ContainsFunc(w.named, func(o writtenUnit) bool { return o.Name == u.Name && o.Scope == u.Scope }) {
		return
	}
	at := w.file.Span(attr)
	u.Definitions = []inventory.Location{*inventory.At(at)}
	w.named = append(w.named, writtenUnit{u, nil, at})
}

// unitAt is the unit that a path of the configuration leads into.
func unitAt(path []string) (inventory.Unit, bool) {
	var scope string
	var rest []string
	switch {
	case len(path) > 1 && path[0] == "systemd" && path[1] == "user":
		scope, rest = inventory.User, path[2:]
	case len(path) > 0 && path[0] == "systemd":
		scope, rest = inventory.System, path[1:]
	case len(path) > 2 && strings.Join(path[:3], ".") == "boot.initrd.systemd":
		scope, rest = inventory.Initrd, path[3:]
	default:
		return inventory.Unit{}, false
	}
	if len(rest) < 2 || rest[1] == "" {
		return inventory.Unit{}, false
	}
	for _, k := range unitKinds {
		if k.option != rest[0] {
			continue
		}
		return inventory.Unit{
			Name: rest[1] + "." + k.suffix, Kind: k.suffix, Scope: scope, Status: inventory.Guarded, Completeness: inventory.Partial,
			Sections: map[string]map[string][]inventory.Setting{}, Scripts: map[string]inventory.Setting{}, Open: unseen,
		}, true
	}
	return inventory.Unit{}, false
}
