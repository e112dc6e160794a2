package eval

import (
	"math"
	"strings"

	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
)

func (n *binaryNode) eval(in *Interp, e *env) (Value, error) {
	switch n.op { //nolint:exhaustive // those that do not force both sides to numbers or strings
	case syntax.Update:
		return in.Update(n.x.delay(in, e), n.y.delay(in, e), n.at)
	case syntax.Concat:
		return in.Append(n.x.delay(in, e), n.y.delay(in, e), n.at)
	}
	x, err := in.eval(n.x, e)
	if err != nil {
		return nil, err
	}
	y, err := in.eval(n.y, e)
	if err != nil {
		return nil, err
	}
	if a, ok := x.(Int); ok {
		if b, ok := y.(Int); ok {
			return n.ints(int64(a), int64(b))
		}
	}
	return in.binary(n.op, x, y, n)
}

// ints is the operation on two integers.
func (n *binaryNode) ints(a, b int64) (Value, error) {
	switch n.op { //nolint:exhaustive // the rest is arithmetic
	case syntax.Equal:
		return Bool(a == b), nil
	case syntax.NotEqual:
		return Bool(a != b), nil
	case syntax.Less:
		return Bool(a < b), nil
	case syntax.LessEq:
		return Bool(a <= b), nil
	case syntax.Greater:
		return Bool(a > b), nil
	case syntax.GreaterEq:
		return Bool(a >= b), nil
	}
	return intArith(n.op, a, b, n.at)
}

func (in *Interp) binary(op syntax.Op, x, y Value, n *binaryNode) (Value, error) {
	_, a := x.(*Choice)
	_, b := y.(*Choice)
	if a || b {
		return in.product([]Value{x, y}, func(vs []Value) (Value, error) { return in.binary(op, vs[0], vs[1], n) })
	}
	switch op { //nolint:exhaustive // the rest is arithmetic
	case syntax.Equal:
		return in.Equal(x, y)
	case syntax.NotEqual:
		v, err := in.Equal(x, y)
		if err != nil {
			return nil, err
		}
		if b, ok := v.(Bool); ok {
			return !b, nil
		}
		return v, nil
	case syntax.Less:
		return in.less(x, y, false, n.at)
	case syntax.Greater:
		return in.less(y, x, false, n.at)
	case syntax.LessEq:
		return in.less(y, x, true, n.at)
	case syntax.GreaterEq:
		return in.less(x, y, true, n.at)
	case syntax.Add:
		return in.add(x, y, n.at)
	}
	if u := firstUnknown(x, y); u != nil {
		return u, nil
	}
	return in.arith(op, x, y, n.at)
}

func firstUnknown(vs ...Value) *Unknown {
	for _, v := range vs {
		if u, ok := v.(*Unknown); ok {
			return u
		}
	}
	return nil
}

// add is x + y: numbers, strings, paths, and what is coerced to a string.
func (in *Interp) add(x, y Value, at source.Span) (Value, error) {
	switch a := x.(type) {
	case *String:
		if b, ok := y.(*String); ok {
			return in.concat2(a, b, at)
		}
	case Int, Float:
		if u, ok := y.(*Unknown); ok {
			return u, nil
		}
		return in.arith(syntax.Add, x, y, at)
	case Path:
		s, err := in.coerce(y, at, false, false)
		if err != nil {
			return nil, err
		}
		if u := opaque(s); u != nil {
			return u, nil
		}
		if len(s.Deps) > 0 {
			return nil, fail(TypeError, at, "a string that refers to a store path cannot be appended to a path")
		}
		return joinPath(a, s.S, at), nil
	case *Unknown:
		// Known text after an unknown string is still worth showing. What is no string may be added to a number or a path.
		if s, ok := y.(*String); ok {
			out := Concat(HoleString(a), s)
			out.Holes[0].loose = true
			return out, nil
		}
		return a, nil
	}
	a, err := in.coerce(x, at, false, true)
	if err != nil {
		return nil, err
	}
	b, err := in.coerce(y, at, false, true)
	if err != nil {
		return nil, err
	}
	return in.concat2(a, b, at)
}

func (in *Interp) concat2(a, b *String, at source.Span) (Value, error) {
	if err := in.joining(len(a.S) + len(b.S)); err != nil {
		return nil, placed(err, at)
	}
	out := Concat(a, b)
	if loose(a) != nil {
		out.Holes[0].loose = true
	}
	return out, nil
}

// loose is why something that looks like a string may be a path.
func loose(v Value) *Unknown {
	if s, ok := v.(*String); ok && len(s.Holes) > 0 && s.Holes[0].loose {
		return s.Holes[0].Why
	}
	return nil
}

func joinPath(p Path, text string, at source.Span) Value {
	c := compiler{dir: "."}
	if strings.HasPrefix(string(p), "/") {
		return c.absolute(string(p)+text, at)
	}
	mount, rest := source.SplitMount(string(p))
	if mount != "" {
		c.dir = mount
	}
	return c.absolute("./"+rest+text, at)
}

func (in *Interp) arith(op syntax.Op, x, y Value, at source.Span) (Value, error) {
	a, aInt := x.(Int)
	b, bInt := y.(Int)
	if aInt && bInt {
		return intArith(op, int64(a), int64(b), at)
	}
	f, ok := number(x)
	if !ok {
		return nil, in.typeError(x, "a number", at)
	}
	g, ok := number(y)
	if !ok {
		return nil, in.typeError(y, "a number", at)
	}
	switch op {
	case syntax.Add:
		return Float(f + g), nil
	case syntax.Sub:
		return Float(f - g), nil
	case syntax.Mul:
		return Float(f * g), nil
	default:
		if g == 0 {
			return nil, fail(TypeError, at, "division by zero")
		}
		return Float(f / g), nil
	}
}

// intArith refuses what overflows, as Nix does since 2.25.
func intArith(op syntax.Op, a, b int64, at source.Span) (Value, error) {
	var c int64
	var ok bool
	switch op {
	case syntax.Add:
		c = a + b
		ok = (c > a) == (b > 0)
	case syntax.Sub:
		c = a - b
		ok = (c < a) == (b > 0)
	case syntax.Mul:
		c = a * b
		ok = a == 0 || c/a == b && (a != -1 || b != math.MinInt64)
	default:
		if b == 0 {
			return nil, fail(TypeError, at, "division by zero")
		}
		if ok = a != math.MinInt64 || b != -1; ok {
			c = a / b
		}
	}
	if !ok {
		return nil, fail(TypeError, at, "integer overflow")
	}
	return integer(c), nil
}

// smallInts are integers that need not be allocated again.
var smallInts = func() (out [1280]Value) {
	for i := range out {
		out[i] = Int(i - 256)
	}
	return out
}()

func integer(i int64) Value {
	if -256 <= i && i < int64(len(smallInts))-256 {
		return smallInts[i+256]
	}
	return Int(i)
}

func number(v Value) (float64, bool) {
	switch v := v.(type) {
	case Int:
		return float64(v), true
	case Float:
		return float64(v), true
	}
	return 0, false
}

// less is x < y, or its contrary.
func (in *Interp) less(x, y Value, not Bool, at source.Span) (Value, error) {
	if u := firstUnknown(x, y); u != nil {
		return u, nil
	}
	switch a := x.(type) {
	case Int, Float:
		f, _ := number(x)
		if g, ok := number(y); ok {
			if i, ok := x.(Int); ok {
				if j, ok := y.(Int); ok {
					return Bool((i < j) != bool(not)), nil
				}
			}
			return Bool((f < g) != bool(not)), nil
		}
	case *String:
		if b, ok := y.(*String); ok {
			return lessStrings(a, b, not), nil
		}
	case Path:
		if b, ok := y.(Path); ok {
			return lessStrings(in.pathText(a), in.pathText(b), not), nil
		}
	case *List:
		if b, ok := y.(*List); ok {
			if a.Uneven || b.Uneven {
				return NewUnknown("it compares a list that is not wholly known", at), nil
			}
			v, err := in.lessList(a, b, at)
			if b, ok := v.(Bool); ok {
				return Bool(b != not), err
			}
			return v, err
		}
	}
	return nil, fail(TypeError, at, "cannot compare %s with %s", describe(x), describe(y))
}

// lessStrings compares two strings as far as they are known.
func lessStrings(a, b *String, not Bool) Value {
	u := opaque(a, b)
	if u == nil {
		return Bool((a.S < b.S) != bool(not))
	}
	x, y := a.KnownHead(), b.KnownHead()
	n := min(len(x), len(y))
	if x[:n] == y[:n] {
		return u
	}
	return Bool((x[:n] < y[:n]) != bool(not))
}

// lessList is the order of the first elements that differ; the shorter list is less.
func (in *Interp) lessList(a, b *List, at source.Span) (Value, error) {
	if err := in.descend(); err != nil {
		in.ascend()
		return nil, err
	}
	defer func() { in.ascend() }()
	for i := range b.Elems {
		if i == len(a.Elems) {
			return Bool(true), nil
		}
		same, err := in.equalElems(a.Elems[i], b.Elems[i])
		if err != nil {
			return nil, err
		}
		if eq, ok := same.(Bool); !ok {
			return same, nil
		} else if eq {
			continue
		}
		x, err := in.Force(a.Elems[i])
		if err != nil {
			return nil, err
		}
		y, err := in.Force(b.Elems[i])
		if err != nil {
			return nil, err
		}
		return in.product([]Value{x, y}, func(vs []Value) (Value, error) { return in.less(vs[0], vs[1], false, at) })
	}
	return Bool(false), nil
}

// hole is why one of the strings is not wholly known; nil when they are.
func hole(ss ...*String) *Unknown {
	for _, s := range ss {
		if !s.Known() {
			return s.Holes[0].Why
		}
	}
	return nil
}

// Append is a ++ b. A choice between lists becomes elements that may be there; an unknown list, an unknown number of them.
func (in *Interp) Append(a, b Value, at source.Span) (Value, error) {
	x, err := in.List(a, at)
	if err != nil {
		return nil, err
	}
	y, err := in.List(b, at)
	if err != nil {
		return nil, err
	}
	if len(x.Elems) == 0 {
		return y, nil
	}
	if len(y.Elems) == 0 {
		return x, nil
	}
	if err := in.copying(len(x.Elems)+len(y.Elems), 16); err != nil {
		return nil, placed(err, at)
	}
	elems := make([]Value, 0, len(x.Elems)+len(y.Elems))
	elems = append(append(elems, x.Elems...), y.Elems...)
	return &List{Elems: elems, Uneven: x.Uneven || y.Uneven}, nil
}

// List is a value that is a list.
func (in *Interp) List(v Value, at source.Span) (*List, error) {
	v, err := in.Force(v)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case *List:
		return v, nil
	case *Unknown:
		return &List{Elems: []Value{&Rest{Why: v}}, Uneven: true}, nil
	case *Choice:
		return in.joinLists(v, at)
	}
	return nil, in.typeError(v, "a list", at)
}

func (in *Interp) joinLists(c *Choice, at source.Span) (*List, error) {
	if err := in.undecided(); err != nil {
		in.decided()
		return nil, placed(err, at)
	}
	defer in.decided()
	out := &List{Uneven: true}
	var failed error
	kept := 0
	for _, alt := range c.Alts {
		l, err := in.List(alt.Val, at)
		if err != nil {
			u, ok := undetermined(err)
			if !ok {
				failed = err
				continue
			}
			l = &List{Elems: []Value{&Rest{Why: u}}}
		}
		kept++
		if err := in.work(len(l.Elems)); err != nil {
			return nil, placed(err, at)
		}
		for _, el := range l.Elems {
			switch m := el.(type) {
			case *Maybe:
				if when, ok := alt.When.And(m.When); ok {
					out.Elems = append(out.Elems, &Maybe{m.Val, when})
				}
			case *Rest:
				out.Elems = append(out.Elems, m)
			default:
				out.Elems = append(out.Elems, &Maybe{el, alt.When})
			}
		}
	}
	if kept == 0 {
		return nil, failed
	}
	return out, nil
}

// Equal is x == y: true, false, or unknown when the parts that are known do not tell.
func (in *Interp) Equal(x, y Value) (Value, error) {
	x, err := in.Force(x)
	if err != nil {
		return nil, err
	}
	if y, err = in.Force(y); err != nil {
		return nil, err
	}
	if err := in.descend(); err != nil {
		in.ascend()
		return nil, err
	}
	v, err := in.equal(x, y)
	in.ascend()
	return v, err
}

// equalElems compares what lists and sets hold. As in Nix, what is one value is equal to itself, even a function.
func (in *Interp) equalElems(x, y Value) (Value, error) {
	if sameValue(x, y) {
		if _, err := in.Force(x); err != nil {
			return nil, err
		}
		return Bool(true), nil
	}
	return in.Equal(x, y)
}

func sameValue(x, y Value) bool {
	switch x := x.(type) {
	case *Thunk:
		return x == y
	case *Lambda:
		return x == y
	}
	return false
}

func (in *Interp) equal(x, y Value) (Value, error) {
	_, a := x.(*Choice)
	_, b := y.(*Choice)
	if a || b {
		return in.product([]Value{x, y}, func(vs []Value) (Value, error) { return in.Equal(vs[0], vs[1]) })
	}
	if u := firstUnknown(x, y); u != nil {
		return u, nil
	}
	switch a := x.(type) {
	case Null, Bool:
		return Bool(x == y), nil
	case Path:
		if b, ok := y.(Path); ok {
			return Bool(a == b || in.pathText(a).S == in.pathText(b).S), nil
		}
		if u := loose(y); u != nil {
			return u, nil
		}
		return Bool(false), nil
	case Int, Float:
		f, _ := number(x)
		g, ok := number(y)
		if i, isInt := x.(Int); isInt {
			if j, isInt := y.(Int); isInt {
				return Bool(i == j), nil
			}
		}
		return Bool(ok && f == g), nil
	case *String:
		if b, ok := y.(*String); ok {
			return equalStrings(a, b), nil
		}
		if u := loose(a); u != nil {
			return u, nil
		}
	case *List:
		if b, ok := y.(*List); ok {
			return in.equalLists(a, b)
		}
	case *Set:
		if b, ok := y.(*Set); ok {
			return in.equalSets(a, b)
		}
	case External:
		return in.equalExternal(a, y), nil
	}
	if e, ok := y.(External); ok {
		return in.equalExternal(e, x), nil
	}
	return Bool(false), nil
}

// equalExternal: a symbolic package is equal to itself and to nothing that is no set; of other sets it is not known.
func (in *Interp) equalExternal(e External, v Value) Value {
	if e == v {
		return Bool(true)
	}
	switch v.(type) {
	case *Set, External:
		if s, ok := e.Text(); ok {
			return NewUnknown("it compares "+s.S, source.Span{})
		}
		return NewUnknown("it compares packages", source.Span{})
	}
	return Bool(false)
}

func (in *Interp) equalLists(a, b *List) (Value, error) {
	if a.Uneven || b.Uneven {
		return in.equalUneven(a, b), nil
	}
	if len(a.Elems) != len(b.Elems) {
		return Bool(false), nil
	}
	var open Value
	for i := range a.Elems {
		v, err := in.equalElems(a.Elems[i], b.Elems[i])
		if err != nil {
			return nil, err
		}
		if eq, ok := v.(Bool); !ok {
			open = v
		} else if !eq {
			return eq, nil
		}
	}
	if open != nil {
		return open, nil
	}
	return Bool(true), nil
}

// equalUneven compares lists of unknown length: they differ when one must be longer than the other can be.
func (in *Interp) equalUneven(a, b *List) Value {
	leastA, mostA := a.bounds()
	leastB, mostB := b.bounds()
	if mostA >= 0 && leastB > mostA || mostB >= 0 && leastA > mostB {
		return Bool(false)
	}
	return NewUnknown("it compares a list that is not wholly known", source.Span{})
}

// bounds are how many elements the list has at least and at most; -1 when there is no most.
func (l *List) bounds() (least, most int) {
	for _, el := range l.Elems {
		switch el.(type) {
		case *Rest:
			most = -1
		case *Maybe:
			if most >= 0 {
				most++
			}
		default:
			least++
			if most >= 0 {
				most++
			}
		}
	}
	return least, most
}

func (in *Interp) equalSets(a, b *Set) (Value, error) {
	if a == b {
		return Bool(true), nil
	}
	if v, err := in.equalDerivations(a, b); v != nil || err != nil {
		return v, err
	}
	uneven := a.uneven() || b.uneven()
	if !uneven && len(a.Attrs) != len(b.Attrs) {
		return Bool(false), nil
	}
	open, why := Value(nil), NewUnknown("it compares a set whose attributes are not known", source.Span{})
	j := 0
	for i := range a.Attrs {
		x := &a.Attrs[i]
		for ; j < len(b.Attrs) && b.Attrs[j].Name < x.Name; j++ {
			// Only b has it.
			if a.Open == nil && len(b.Attrs[j].When) == 0 {
				return Bool(false), nil
			}
			open = why
		}
		if j == len(b.Attrs) || b.Attrs[j].Name != x.Name {
			if b.Open == nil && len(x.When) == 0 {
				return Bool(false), nil
			}
			open = why
			continue
		}
		y := &b.Attrs[j]
		j++
		v, err := in.equalElems(x.Val, y.Val)
		if err != nil {
			return nil, err
		}
		eq, known := v.(Bool)
		switch {
		case known && !bool(eq) && len(x.When)+len(y.When) == 0:
			return eq, nil
		case !known:
			open = v
		case len(x.When)+len(y.When) > 0:
			open = why
		}
	}
	for ; j < len(b.Attrs); j++ {
		if a.Open == nil && len(b.Attrs[j].When) == 0 {
			return Bool(false), nil
		}
		open = why
	}
	switch {
	case open != nil:
		return open, nil
	case a.Open != nil:
		return a.Open, nil
	case b.Open != nil:
		return b.Open, nil
	}
	return Bool(true), nil
}

// equalDerivations compares derivations by where they are put; nil for other sets.
func (in *Interp) equalDerivations(a, b *Set) (Value, error) {
	x, err := in.isDerivation(a)
	if err != nil || !x {
		return nil, err
	}
	y, err := in.isDerivation(b)
	if err != nil || !y {
		return nil, err
	}
	i, j := a.Find("outPath"), b.Find("outPath")
	if i == nil || j == nil {
		return nil, nil
	}
	return in.Equal(i.Val, j.Val)
}

func (s *Set) uneven() bool {
	if s.Open != nil {
		return true
	}
	for i := range s.Attrs {
		if len(s.Attrs[i].When) > 0 {
			return true
		}
	}
	return false
}

func (in *Interp) isDerivation(s *Set) (bool, error) {
	t := s.Find("type")
	if t == nil {
		return false, nil
	}
	v, err := in.Force(t.Val)
	if err != nil {
		return false, err
	}
	str, ok := v.(*String)
	return ok && str.S == "derivation", nil
}
