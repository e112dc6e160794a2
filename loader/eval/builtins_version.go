package eval

// versionPrimitives are about names and versions; a text that is not wholly known makes the result unknown.
func versionPrimitives() []*Primitive {
	return []*Primitive{
		{Name: "compareVersions", Arity: 2, Strict: 3, Fn: func(in *Interp, args []Value) (Value, error) {
			a, u, err := in.plain(args[0])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			b, u, err := in.plain(args[1])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			return integer(int64(CompareVersions(a.S, b.S))), nil
		}},
		{Name: "splitVersion", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			s, u, err := in.plain(args[0])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			out := &List{}
			for rest := s.S; ; {
				part := versionPart(&rest)
				if part == "" {
					return out, nil
				}
				out.Elems = append(out.Elems, Str(part))
			}
		}},
		{Name: "parseDrvName", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			s, u, err := in.plain(args[0])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			name, version := s, &String{}
			for i := range len(s.S) {
				if s.S[i] == '-' && i+1 < len(s.S) && !asciiLetter(s.S[i+1]) {
					name, version = s.Slice(0, i), s.Slice(i+1, len(s.S))
					break
				}
			}
			return NewSet(Attr{Name: "name", Val: name}, Attr{Name: "version", Val: version}), nil
		}},
	}
}

func asciiLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }
