package eval

// formatPrimitives write and read other languages. An unknown value inside of what is written is a hole in the text.
func formatPrimitives() []*Primitive {
	return []*Primitive{
		{Name: "toJSON", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) { return in.JSON(args[0], Span(args[0])) }},
		{Name: "toXML", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			s, u, err := in.XML(args[0])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			return s, nil
		}},
		{Name: "fromJSON", Arity: 1, Strict: 1, Fn: fromJSON},
		{Name: "fromTOML", Arity: 1, Strict: 1, Fn: fromTOML},
	}
}
