package eval

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/loader/source"
)

// maxString bounds the length of a string.
const maxString = 32 << 20

// builder joins strings and keeps where their pieces were written and which are unknown.
type builder struct {
	b      strings.Builder
	pieces []Piece
	holes  []Hole
	deps   []*Derivation
}

func (b *builder) text(s string, at source.Span) {
	if s == "" {
		return
	}
	b.piece(Piece{b.b.Len(), at})
	b.b.WriteString(s)
}

// piece keeps as many places as are cheap beside the text: a string that grows by a word at a time would copy them all
// each time.
func (b *builder) piece(p Piece) {
	if n := len(b.pieces); n < 24 || n < p.At/16 {
		b.pieces = append(b.pieces, p)
	}
}

func (b *builder) add(s *String, at source.Span) {
	if s.S == "" {
		b.depend(s.Deps)
		return
	}
	base := b.b.Len()
	if len(s.Pieces) == 0 {
		b.piece(Piece{base, at})
	}
	for _, p := range s.Pieces {
		b.piece(Piece{base + p.At, p.Span})
	}
	for _, h := range s.Holes {
		b.holes = append(b.holes, Hole{At: base + h.At, Len: h.Len, Why: h.Why})
	}
	b.depend(s.Deps)
	b.b.WriteString(s.S)
}

// depend adds to the string context.
func (b *builder) depend(deps []*Derivation) {
	switch {
	case len(deps) == 0:
	case len(b.deps) == 0:
		b.deps = slices.Clip(deps)
	default:
		for _, d := range deps {
			if !slices.Contains(b.deps, d) {
				b.deps = append(b.deps, d)
			}
		}
	}
}

func (b *builder) hole(u *Unknown, at source.Span) {
	text := u.Placeholder()
	b.holes = append(b.holes, Hole{At: b.b.Len(), Len: len(text), Why: u})
	b.text(text, at)
}

func (b *builder) string() *String {
	return &String{S: b.b.String(), Pieces: b.pieces, Holes: b.holes, Deps: b.deps}
}

// HoleString is a string of which nothing is known.
func HoleString(u *Unknown) *String {
	var b builder
	b.hole(u, u.Span)
	return b.string()
}

// Slice is s.S[from:to], with what is known of its pieces.
func (s *String) Slice(from, to int) *String {
	out := &String{S: s.S[from:to], Deps: s.Deps}
	first := max(0, sort.Search(len(s.Pieces), func(i int) bool { return s.Pieces[i].At > from })-1)
	last := first + sort.Search(len(s.Pieces)-first, func(i int) bool { return s.Pieces[first+i].At >= to })
	if last > first {
		out.Pieces = make([]Piece, 0, last-first)
	}
	for i := first; i < last; i++ {
		p := s.Pieces[i]
		end := len(s.S)
		if i+1 < len(s.Pieces) {
			end = s.Pieces[i+1].At
		}
		if end <= from {
			continue
		}
		if p.At < from {
			if p.Span.Valid() && int(p.Span.End-p.Span.Start) == end-p.At {
				p.Span.Start += source.Pos(from - p.At)
			}
			p.At = from
		}
		if end > to && p.Span.Valid() && int(p.Span.End-p.Span.Start) == end-p.At {
			p.Span.End -= source.Pos(end - to)
		}
		out.Pieces = append(out.Pieces, Piece{p.At - from, p.Span})
	}
	for _, h := range s.Holes {
		if h.At < to && h.At+h.Len > from {
			at := max(h.At, from)
			out.Holes = append(out.Holes, Hole{At: at - from, Len: min(h.At+h.Len, to) - at, Why: h.Why})
		}
	}
	return out
}

// Concat joins strings.
func Concat(parts ...*String) *String {
	var b builder
	size, pieces := 0, 0
	for _, p := range parts {
		size += len(p.S)
		pieces += max(1, len(p.Pieces))
	}
	b.b.Grow(size)
	b.pieces = make([]Piece, 0, min(pieces, max(24, size/16)))
	for _, p := range parts {
		b.add(p, source.Span{})
	}
	return b.string()
}

func (n *stringNode) eval(in *Interp, e *env) (Value, error) {
	var few [8]Value
	values := few[:0]
	plain := true
	for i := range n.parts {
		var v Value
		if x := n.parts[i].expr; x != nil {
			var err error
			if v, err = in.eval(x, e); err != nil {
				return nil, err
			}
			if _, ok := v.(*Choice); ok {
				plain = false
			}
		}
		values = append(values, v)
	}
	if plain {
		return n.join(in, values)
	}
	if tooMany(values) {
		return n.join(in, values) // what depends on a condition is a hole
	}
	return in.product(slices.Clone(values), func(values []Value) (Value, error) { return n.join(in, values) })
}

// tooMany reports that the alternatives of values have more combinations than are told apart.
func tooMany(values []Value) bool {
	n := 1
	for _, v := range values {
		if c, ok := v.(*Choice); ok {
			if n *= len(c.Alts); n > 4*maxAlts {
				return true
			}
		}
	}
	return false
}

func (n *stringNode) join(in *Interp, values []Value) (Value, error) {
	var few [8]*String
	strs := few[:0]
	size, pieces := 0, 0
	for i := range n.parts {
		p := &n.parts[i]
		if p.expr == nil {
			strs = append(strs, nil)
			size += len(p.text)
			pieces++
			continue
		}
		s, ok := values[i].(*String)
		if !ok {
			var err error
			if s, err = in.interpolate(values[i], p.at); err != nil {
				return nil, wrap(err, p.at, "interpolated")
			}
		}
		strs = append(strs, s)
		size += len(s.S)
		pieces += max(1, len(s.Pieces))
	}
	if err := in.joining(size); err != nil {
		return nil, placed(err, n.at)
	}
	var b builder
	b.b.Grow(size)
	b.pieces = make([]Piece, 0, min(pieces, max(24, size/16)))
	for i, s := range strs {
		if s == nil {
			b.text(n.parts[i].text, n.parts[i].at)
		} else {
			b.add(s, n.parts[i].at)
		}
	}
	return b.string(), nil
}

// joining is room for a string that is copied whole.
func (in *Interp) joining(n int) error {
	if err := in.work(n / stepBytes); err != nil {
		return err
	}
	return in.room(n)
}

// room says that a string of n bytes is about to be made.
func (in *Interp) room(n int) error {
	if n > maxString {
		return in.limit("a string of more than %d MiB", maxString>>20)
	}
	if n > 4096 {
		return in.grow(n)
	}
	return nil
}

// product calls f with every combination of the alternatives of values whose conditions go together.
func (in *Interp) product(values []Value, f func([]Value) (Value, error)) (Value, error) {
	if tooMany(values) {
		return NewUnknown("it depends on too many conditions", nowhere), nil
	}
	for i, v := range values {
		c, ok := v.(*Choice)
		if !ok {
			continue
		}
		return in.spread(c, func(v Value) (Value, error) {
			again := append([]Value(nil), values...)
			again[i] = v
			return in.product(again, f)
		})
	}
	return f(values)
}

func (n *pathNode) eval(in *Interp, e *env) (Value, error) {
	var b strings.Builder
	for i := range n.parts {
		p := &n.parts[i]
		if p.expr == nil {
			b.WriteString(p.text)
			continue
		}
		v, err := in.eval(p.expr, e)
		if err != nil {
			return nil, err
		}
		switch v := v.(type) {
		case *Unknown:
			return v, nil
		case *Choice:
			return NewUnknown("a path depends on an undecided condition", n.at), nil
		}
		s, err := in.interpolate(v, p.at)
		if err != nil {
			return nil, err
		}
		if !s.Known() {
			return s.Holes[0].Why, nil
		}
		b.WriteString(s.S)
	}
	return n.c.absolute(b.String(), n.at), nil
}

// interpolate is what ${v} stands for: strings, paths (copied to the store), packages; not numbers.
func (in *Interp) interpolate(v Value, at source.Span) (*String, error) {
	return in.coerce(v, at, false, true)
}

// ToString is builtins.toString.
func (in *Interp) ToString(v Value, at source.Span) (*String, error) {
	return in.coerce(v, at, true, false)
}

// StoreName is how a thing that Nix would put into the store prints, without its hash.
func StoreName(name string) string { return "<pkgs." + name + ">" }

// coerce makes a string of v. With more, numbers, Booleans, null and lists are taken too; with store, paths are what they are
// copied to. An unknown value is a string with a hole.
func (in *Interp) coerce(v Value, at source.Span, more, store bool) (*String, error) {
	v, err := in.Force(v)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case *String:
		return v, nil
	case Path:
		if store {
			return in.copied(v, at)
		}
		return in.pathText(v), nil
	case *Unknown:
		return HoleString(v).at(at), nil
	case *Set:
		return in.coerceSet(v, at, more, store)
	case External:
		if s, ok := v.Text(); ok {
			return s, nil
		}
	case *Choice:
		return HoleString(whyUndecided(v)).at(at), nil
	}
	if more {
		if s, ok, err := in.coerceMore(v, at, store); ok || err != nil {
			return s, err
		}
	}
	return nil, fail(TypeError, at, "cannot coerce %s to a string", describe(v))
}

// at is s as if it were written at a place.
func (s *String) at(place source.Span) *String {
	return &String{S: s.S, Pieces: []Piece{{Span: place}}, Holes: s.Holes, Deps: s.Deps}
}

// copied is the store path that a path of the tree is copied to.
func (in *Interp) copied(p Path, at source.Span) (*String, error) {
	if !strings.HasPrefix(string(p), "/") {
		if _, err := in.Program.Tree.Stat(string(p)); errors.Is(err, fs.ErrNotExist) {
			return nil, fail(Missing, at, "%s does not exist", in.pathText(p).S)
		}
	}
	name := path.Base(in.pathText(p).S)
	mount, rest := source.SplitMount(string(p))
	switch {
	case mount != "" && rest == "":
		name = mount
	case p == "." && in.Root == "":
		name = "source"
	}
	s, ok := in.copies[p]
	if !ok {
		s = in.stored(strings.Trim(name, "<>"))
		in.copies[p] = s
		if in.origins == nil {
			in.origins = map[*Derivation]Path{}
		}
		in.origins[s.Deps[0]] = p
	}
	return s, nil
}

// stored is the store path of something that is put into the store under a name.
func (in *Interp) stored(name string) *String {
	text := StoreName(name)
	return &String{S: text, Deps: []*Derivation{{Name: name, Path: text}}}
}

func (in *Interp) coerceSet(v *Set, at source.Span, more, store bool) (*String, error) {
	if err := in.descend(); err != nil {
		in.ascend()
		return nil, err
	}
	defer func() { in.ascend() }()
	if f := v.Find("__toString"); f != nil {
		out, err := in.Call(f.Val, v)
		if err != nil {
			return nil, err
		}
		return in.coerce(out, at, more, store)
	}
	if out := v.Find("outPath"); out != nil {
		return in.coerce(out.Val, at, more, store)
	}
	if v.Open != nil {
		return HoleString(v.Open), nil
	}
	return nil, fail(TypeError, at, "cannot coerce %s to a string", describe(v))
}

func (in *Interp) coerceMore(v Value, at source.Span, store bool) (*String, bool, error) {
	switch v := v.(type) {
	case Null:
		return Str(""), true, nil
	case Bool:
		if v {
			return Str("1"), true, nil
		}
		return Str(""), true, nil
	case Int:
		return Str(strconv.FormatInt(int64(v), 10)), true, nil
	case Float:
		return Str(strconv.FormatFloat(float64(v), 'f', 6, 64)), true, nil
	case *List:
		s, err := in.coerceList(v, at, store)
		return s, true, err
	}
	return nil, false, nil
}

// coerceList joins elements with spaces; an empty list among them brings none of its own.
func (in *Interp) coerceList(l *List, at source.Span, store bool) (*String, error) {
	if err := in.descend(); err != nil {
		in.ascend()
		return nil, err
	}
	defer func() { in.ascend() }()
	var b builder
	for i, el := range l.Elems {
		switch x := el.(type) {
		case *Maybe:
			b.hole(NewUnknown("an element depends on an undecided condition", at), at)
		case *Rest:
			b.hole(x.Why, at)
		default:
			v, err := in.Force(el)
			if err != nil {
				return nil, err
			}
			s, err := in.coerce(v, at, true, store)
			if err != nil {
				return nil, err
			}
			if err := in.room(b.b.Len() + len(s.S)); err != nil {
				return nil, err
			}
			b.add(s, at)
			if l, ok := v.(*List); ok && len(l.Elems) == 0 {
				continue
			}
		}
		if i+1 < len(l.Elems) {
			b.text(" ", source.Span{})
		}
	}
	return b.string(), nil
}

// pathText is the text of a path: the tree stands where Nix would put a flake's source.
func (in *Interp) pathText(p Path) *String {
	if mount, rest := source.SplitMount(string(p)); mount != "" {
		text := StoreName(strings.Trim(mount, "<>"))
		if rest != "" {
			text += "/" + rest
		}
		return Str(text)
	}
	switch {
	case strings.HasPrefix(string(p), "/"):
		return Str(string(p))
	case p == ".":
		return Str(in.root())
	case in.Root == "/":
		return Str("/" + string(p))
	}
	return Str(in.root() + "/" + string(p))
}

func (in *Interp) root() string {
	if in.Root != "" {
		return in.Root
	}
	return StoreName("source")
}
