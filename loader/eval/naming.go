package eval

import "strings"

// naming is what is known of names: that each has the ends of one of these.
type naming []affix

// affix are the ends of a name around a piece that is not known.
type affix struct{ prefix, suffix string }

// namingOf is what is known of a name that is not; nil for nothing.
func namingOf(name Value) *naming {
	s, ok := name.(*String)
	if !ok {
		return nil
	}
	out := affix{s.KnownHead(), s.KnownTail()}
	if s.Known() {
		out.suffix = ""
	}
	if out == (affix{}) {
		return nil
	}
	return &naming{out}
}

// or is what is known of names of which each is one of the two; nil for nothing.
func (n *naming) or(m *naming) *naming {
	if n == nil || m == nil {
		return nil
	}
	out := append(append(naming{}, *n...), *m...)
	return &out
}

// mayHave reports whether an attribute of the name may be among those of an open set that are not known.
func (s *Set) mayHave(name string) bool {
	if s.Open == nil || s.named == nil {
		return s.Open != nil
	}
	for _, a := range *s.named {
		if len(name) >= len(a.prefix)+len(a.suffix) && strings.HasPrefix(name, a.prefix) && strings.HasSuffix(name, a.suffix) {
			return true
		}
	}
	return false
}

// open says that a set may have other attributes, whose names are like one that is not known.
func (s *Set) open(why *Unknown, name Value) {
	more := namingOf(name)
	if s.Open != nil {
		more = s.named.or(more)
	}
	s.Open, s.named = why, more
}
