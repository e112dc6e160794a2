package eval

import (
	"path"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/loader/source"
)

// maxPieces bounds the places a string remembers, maxString its length.
const (
	maxPieces = 4096
	maxString = 32 << 20
)

// builder joins strings and keeps where their pieces were written and which are unknown.
type builder struct {
	b      strings.Builder
	pieces []Piece
	holes  []Hole
}

func (b *builder) text(s string, at source.Span) {
	if s == "" {
		return
	}
	b.piece(Piece{b.b.Len(), at})
	b.b.WriteString(s)
}

func (b *builder) piece(p Piece) {
	if len(b.pieces) < maxPieces {
		b.pieces = append(b.pieces, p)
	}
}

func (b *builder) add(s *String, at source.Span) {
	if s.S == "" {
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
		b.holes = append(b.holes, Hole{base + h.At, h.Len, h.Why})
	}
	b.b.WriteString(s.S)
}

func (b *builder) hole(u *Unknown, at source.Span) {
	text := u.Placeholder()
	b.holes = append(b.holes, Hole{b.b.Len(), len(text), u})
	b.text(text, at)
}

func (b *builder) string() *String {
	return &String{S: b.b.String(), Pieces: b.pieces, Holes: b.holes}
}

// HoleString is a string of which nothing is known.
func HoleString(u *Unknown) *String {
	var b builder
	b.hole(u, u.Span)
	return b.string()
}

// Slice is s.S[from:to], with what is known of its pieces.
func (s *String) Slice(from, to int) *String {
	out := &String{S: s.S[from:to]}
	for i, p := range s.Pieces {
		end := len(s.S)
		if i+1 < len(s.Pieces) {
			end = s.Pieces[i+1].At
		}
		if end <= from || p.At >= to {
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
			out.Holes = append(out.Holes, Hole{at - from, min(h.At+h.Len, to) - at, h.Why})
		}
	}
	return out
}

// Concat joins strings.
func Concat(parts ...*String) *String {
	var b builder
	for _, p := range parts {
		b.add(p, source.Span{})
	}
	return b.string()
}

func (n *stringNode) eval(in *Interp, e *env) (Value, error) {
	values := make([]Value, len(n.parts))
	plain := true
	for i := range n.parts {
		if n.parts[i].expr == nil {
			continue
		}
		v, err := in.eval(n.parts[i].expr, e)
		if err != nil {
			return nil, err
		}
		if _, ok := v.(*Choice); ok {
			plain = false
		}
		values[i] = v
	}
	if plain {
		return n.join(in, values)
	}
	return in.product(values, func(values []Value) (Value, error) { return n.join(in, values) })
}

func (n *stringNode) join(in *Interp, values []Value) (Value, error) {
	var b builder
	for i := range n.parts {
		p := &n.parts[i]
		if p.expr == nil {
			b.text(p.text, p.at)
			continue
		}
		s, err := in.interpolate(values[i], p.at)
		if err != nil {
			return nil, wrap(err, p.at, "interpolated")
		}
		if b.b.Len()+len(s.S) > maxString {
			return nil, fail(Limit, n.at, "limit reached: a string of more than %d MiB", maxString>>20)
		}
		b.add(s, p.at)
	}
	return b.string(), nil
}

// product calls f with every combination of the alternatives of values whose conditions go together.
func (in *Interp) product(values []Value, f func([]Value) (Value, error)) (Value, error) {
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
			return Str(StoreName(path.Base(string(v)))), nil
		}
		return in.pathText(v), nil
	case *Unknown:
		var b builder
		b.hole(v, at)
		return b.string(), nil
	case *Set:
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
	case External:
		if s, ok := v.Text(); ok {
			return s, nil
		}
	case *Choice:
		return HoleString(NewUnknown("it depends on an undecided condition", at)), nil
	}
	if more {
		if s, ok, err := in.coerceMore(v, at); ok || err != nil {
			return s, err
		}
	}
	return nil, fail(TypeError, at, "cannot coerce %s to a string", describe(v))
}

func (in *Interp) coerceMore(v Value, at source.Span) (*String, bool, error) {
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
		var b builder
		for i, el := range v.Elems {
			if i > 0 {
				b.text(" ", source.Span{})
			}
			switch x := el.(type) {
			case *Maybe:
				b.hole(NewUnknown("an element depends on an undecided condition", at), at)
				continue
			case *Rest:
				b.hole(x.Why, at)
				continue
			}
			s, err := in.coerce(el, at, true, false)
			if err != nil {
				return nil, false, err
			}
			b.add(s, at)
		}
		return b.string(), true, nil
	}
	return nil, false, nil
}

// pathText is the text of a path: the tree stands where Nix would put a flake's source.
func (in *Interp) pathText(p Path) *String {
	if strings.HasPrefix(string(p), "/") {
		return Str(string(p))
	}
	if p == "." {
		return Str(in.root())
	}
	return Str(in.root() + "/" + string(p))
}

func (in *Interp) root() string {
	if in.Root != "" {
		return in.Root
	}
	return StoreName("source")
}
