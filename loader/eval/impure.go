package eval

// What depends on the machine, a clock, a network or a store is unknown, by name.

type impurity struct {
	name  string
	value Value
}

func impure() []impurity {
	var out []impurity
	for _, c := range []struct{ name, why string }{
		{"currentSystem", "the machine"},
		{"currentTime", "the clock"},
		{"nixPath", "the environment"},
		{"nixVersion", "the Nix that evaluates"},
	} {
		out = append(out, impurity{c.name, NewUnknown("builtins."+c.name+" depends on "+c.why, nowhere)})
	}
	// NixOS has its store nowhere else.
	out = append(out, impurity{"storeDir", Str("/nix/store")})
	for _, f := range []struct {
		name, why string
		arity     int
	}{
		{"fetchClosure", "needs a store", 1},
		{"fetchGit", "needs the network", 1},
		{"fetchMercurial", "needs the network", 1},
		{"fetchTarball", "needs the network", 1},
		{"fetchTree", "needs the network", 1},
		{"fetchurl", "needs the network", 1},
		{"flakeRefToString", "is an experimental feature", 1},
		{"getEnv", "depends on the environment", 1},
		{"getFlake", "needs the network", 1},
		{"outputOf", "needs a store", 2},
		{"parseFlakeRef", "is an experimental feature", 1},
		{"storePath", "needs a store", 1},
	} {
		u := NewUnknown("builtins."+f.name+" "+f.why, nowhere)
		out = append(out, impurity{f.name, &Builtin{Primitive: &Primitive{Name: f.name, Arity: f.arity, Fn: func(*Interp, []Value) (Value, error) {
			return u, nil
		}}}})
	}
	return out
}
