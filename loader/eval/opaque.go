package eval

import "strings"

// A string is opaque where its text is not what Nix would have: at its holes, and at <pkgs.NAME>, which stands for a store path.
// Of a store path it is known how it starts, and which letters it is made of.

const (
	storeMark  = "<pkgs."
	storeStart = "/nix/store/"
)

// opaque is why the text of a string is not that of real Nix; nil when it is.
func opaque(ss ...*String) *Unknown {
	for _, s := range ss {
		if len(s.Holes) > 0 {
			return s.Holes[0].Why
		}
		if i, end := storeText(s.S, 0); i >= 0 {
			return NewUnknown("it depends on the store path of "+s.S[i+1:end-1], s.Locate(i))
		}
	}
	return nil
}

// Opaque is why the text of s is not that of real Nix: it has an unknown piece or a symbolic store path. It is nil when it is.
func (s *String) Opaque() *Unknown { return opaque(s) }

// KnownHead is what the string is known to start with.
func (s *String) KnownHead() string {
	i, store := s.head()
	if store {
		return s.S[:i] + storeStart
	}
	return s.S[:i]
}

// KnownTail is what the string is known to end with.
func (s *String) KnownTail() string { return s.S[s.tail():] }

// storeText finds a symbolic store path at or after offset from: its start, or -1, and its end.
func storeText(s string, from int) (start, end int) {
	for {
		i := strings.Index(s[from:], storeMark)
		if i < 0 {
			return -1, -1
		}
		i += from
		if n := strings.IndexAny(s[i+1:], "<>"); n >= 0 && s[i+1+n] == '>' {
			return i, i + n + 2
		}
		from = i + 1
	}
}

// head is how much of the text is known from its start on, and whether a store path follows.
func (s *String) head() (int, bool) {
	n := len(s.S)
	if len(s.Holes) > 0 {
		n = s.Holes[0].At
	}
	if i, _ := storeText(s.S, 0); i >= 0 && i < n {
		return i, true
	}
	return n, false
}

// tail is from where on the text is known up to its end.
func (s *String) tail() int {
	at := 0
	if n := len(s.Holes); n > 0 {
		at = s.Holes[n-1].At + s.Holes[n-1].Len
	}
	for {
		i, end := storeText(s.S, at)
		if i < 0 {
			return at
		}
		at = end
	}
}

// mayMatchStore reports whether a pattern of fixed text could match in a store path, or across an end of one.
func mayMatchStore(text string) bool {
	if text == "" || storeLetter(text[0]) {
		return true
	}
	for k := 1; k < len(text); k++ {
		if strings.HasPrefix(storeStart, text[k:]) || len(text)-k > len(storeStart) && strings.HasPrefix(text[k:], storeStart) {
			return true
		}
	}
	return false
}

func storeLetter(c byte) bool { return letter(c) || digit(c) || strings.IndexByte("+-._?=/", c) >= 0 }

// equalStrings compares what is known of two strings: a known start or end that differs is enough.
func equalStrings(a, b *String) Value {
	u := opaque(a, b)
	if u == nil {
		return Bool(a.S == b.S)
	}
	if a == b || a.S == b.S && a.Known() && b.Known() && sameDeps(a.Deps, b.Deps) {
		return Bool(true)
	}
	if len(a.Deps) == 1 && len(b.Deps) == 1 && a.Deps[0] != b.Deps[0] && a.Deps[0].exact && b.Deps[0].exact && a.S == b.S {
		return Bool(false)
	}
	if a.S == "" && b.hasText() || b.S == "" && a.hasText() {
		return Bool(false)
	}
	x, y := a.KnownHead(), b.KnownHead()
	n := min(len(x), len(y))
	if x[:n] != y[:n] {
		return Bool(false)
	}
	x, y = a.KnownTail(), b.KnownTail()
	n = min(len(x), len(y))
	if x[len(x)-n:] != y[len(y)-n:] {
		return Bool(false)
	}
	return u
}

// hasText reports that the string has a piece beside its holes: a store path, which is never empty, or known text.
func (s *String) hasText() bool {
	n := len(s.S)
	for _, h := range s.Holes {
		n -= h.Len
	}
	return n > 0
}

// sameDeps reports that the store paths of two equal texts are the same ones.
func sameDeps(a, b []*Derivation) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
