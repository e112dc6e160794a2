package eval

import "github.com/nixlint/nixlint/loader/source"

// Decision is what is known of a condition: that it always holds (When empty, Never false), never, or under When.
type Decision struct {
	Never bool
	When  Conds
	Why   *Unknown // when it is not decided
}

// Decide says what is known of v as a condition written at span.
func (in *Interp) Decide(v Value, at source.Span) (Decision, error) {
	v, err := in.Force(v)
	if err != nil {
		if u, ok := undetermined(err); ok {
			return Decision{When: Conds{{in.conditionAt(u, at), false}}, Why: u}, nil
		}
		return Decision{}, err
	}
	switch v := v.(type) {
	case Bool:
		return Decision{Never: !bool(v)}, nil
	case *Unknown:
		return Decision{When: Conds{{in.conditionAt(v, at), false}}, Why: v}, nil
	case *Choice:
		out := Decision{Never: true, Why: v.Alts[0].When[0].Why}
		for _, alt := range v.Alts {
			d, err := in.Decide(alt.Val, at)
			if err != nil {
				return Decision{}, err
			}
			when, ok := alt.When.And(d.When)
			switch {
			case d.Never || !ok:
			case out.Never:
				out.Never, out.When = false, when
			default:
				out.When = either(out.When, when)
			}
		}
		return out, nil
	}
	return Decision{}, in.typeError(v, "a Boolean", at)
}

// ListAttrs makes a list with one element an attribute; what may be there is an element that may be there. like is the element of an
// attribute of which nothing is known.
func (in *Interp) ListAttrs(v Value, f func(*Attr) Value, like func(*Unknown) Value) (Value, error) {
	return in.listAttrs(v, f, like)
}

// Condition is the condition that an unknown value makes at a place; the same for the same value and place.
func (in *Interp) Condition(u *Unknown, at source.Span) Conds {
	return Conds{{in.conditionAt(u, at), false}}
}

// Choose makes a value of alternatives, at least one.
func Choose(alts []Alt) Value { return choose(alts) }

// Undetermined turns an error that says nothing about the user's file into the unknown value it stands for.
func Undetermined(err error) (*Unknown, bool) { return undetermined(err) }

// CompareVersions compares two versions as Nix does: -1, 0 or 1.
func CompareVersions(a, b string) int {
	for a != "" || b != "" {
		x, y := versionPart(&a), versionPart(&b)
		switch {
		case versionLess(x, y):
			return -1
		case versionLess(y, x):
			return 1
		}
	}
	return 0
}

// versionPart takes the next component: digits, or anything up to a digit, dot or dash.
func versionPart(s *string) string {
	t := *s
	for t != "" && (t[0] == '.' || t[0] == '-') {
		t = t[1:]
	}
	i := 0
	if t != "" && digit(t[0]) {
		for i < len(t) && digit(t[i]) {
			i++
		}
	} else {
		for i < len(t) && !digit(t[i]) && t[i] != '.' && t[i] != '-' {
			i++
		}
	}
	*s = t[i:]
	return t[:i]
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

func versionLess(a, b string) bool {
	aNum, bNum := a != "" && digit(a[0]), b != "" && digit(b[0])
	switch {
	case aNum && bNum:
		for len(a) > 1 && a[0] == '0' {
			a = a[1:]
		}
		for len(b) > 1 && b[0] == '0' {
			b = b[1:]
		}
		if len(a) != len(b) {
			return len(a) < len(b)
		}
		return a < b
	case a == "" && bNum:
		return true
	case a == "pre" && b != "pre":
		return true
	case b == "pre":
		return false
	case bNum:
		return true
	case aNum:
		return false
	}
	return a < b
}

// JoinStrings joins a list of strings with a separator.
func (in *Interp) JoinStrings(sep string, list *List) (Value, error) {
	return concatStringsSep(in, []Value{Str(sep), list})
}
