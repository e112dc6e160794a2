package eval

import (
	"math"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/loader/source"
)

// JSON is builtins.toJSON: text with a hole for each value that is not known.
func (in *Interp) JSON(v Value, at source.Span) (*String, error) {
	w := jsonWriter{in: in, at: at}
	if err := w.value(v); err != nil {
		return nil, err
	}
	return w.b.string(), nil
}

type jsonWriter struct {
	in *Interp
	b  builder
	at source.Span
}

func (w *jsonWriter) raw(s string) { w.b.b.WriteString(s) }

func (w *jsonWriter) value(v Value) error {
	if err := w.in.descend(); err != nil {
		w.in.ascend()
		return err
	}
	v, err := w.in.Force(v)
	if err == nil {
		err = w.forced(v)
	}
	w.in.ascend()
	if err == nil && w.b.b.Len() > w.in.limits.Output {
		return w.in.limit("more than %d MiB of output", w.in.limits.Output>>20)
	}
	return err
}

func (w *jsonWriter) forced(v Value) error {
	switch v := v.(type) {
	case *String:
		return w.text(v)
	case Float:
		w.raw(jsonFloat(float64(v)))
	case Path:
		s, err := w.in.coerce(v, w.at, false, true)
		if err != nil {
			return err
		}
		return w.text(s)
	case *List:
		return w.list(v)
	case *Set:
		return w.set(v)
	case *Unknown:
		w.b.hole(v, w.at)
	case *Choice:
		w.b.hole(whyUndecided(v), w.at)
	case External:
		s, ok := v.Text()
		if !ok {
			w.b.hole(NewUnknown("its value depends on what is not loaded", w.at), w.at)
			return nil
		}
		return w.text(s)
	case *Lambda, *Builtin:
		return fail(TypeError, w.at, "cannot convert %s to JSON", describe(v))
	default:
		w.raw(scalar(v))
	}
	return nil
}

func (w *jsonWriter) list(l *List) error {
	w.raw("[")
	for i, el := range l.Elems {
		if i > 0 {
			w.raw(",")
		}
		switch m := el.(type) {
		case *Maybe:
			w.b.hole(NewUnknown("a list element depends on "+m.When.text(), m.When.span()), w.at)
		case *Rest:
			w.b.hole(m.Why, w.at)
		default:
			if err := w.value(el); err != nil {
				return err
			}
		}
	}
	w.raw("]")
	return nil
}

func (w *jsonWriter) set(s *Set) error {
	if s.Find("__toString") != nil {
		text, err := w.in.coerce(s, w.at, false, false)
		if err != nil {
			return err
		}
		return w.text(text)
	}
	if out := s.Find("outPath"); out != nil {
		return w.value(out.Val)
	}
	w.raw("{")
	for i := range s.Attrs {
		a := &s.Attrs[i]
		if i > 0 {
			w.raw(",")
		}
		if len(a.When) > 0 {
			w.b.hole(NewUnknown("attribute "+a.Name+" depends on "+a.When.text(), a.When.span()), w.at)
			continue
		}
		if err := w.text(Str(a.Name)); err != nil {
			return err
		}
		w.raw(":")
		if err := w.value(a.Val); err != nil {
			return err
		}
	}
	if s.Open != nil {
		if len(s.Attrs) > 0 {
			w.raw(",")
		}
		w.b.hole(s.Open, w.at)
	}
	w.raw("}")
	return nil
}

// text writes a string in quotes. Its unknown pieces stay.
func (w *jsonWriter) text(s *String) error {
	if !validText(s.S) {
		return fail(TypeError, w.at, "a string that is not UTF-8 cannot be JSON")
	}
	w.raw(`"`)
	at := 0
	for _, h := range s.Holes {
		w.raw(jsonEscape(s.S[at:h.At]))
		w.b.hole(h.Why, h.Why.Span)
		at = h.At + h.Len
	}
	w.raw(jsonEscape(s.S[at:]))
	w.raw(`"`)
	w.b.depend(s.Deps)
	return nil
}

func jsonEscape(s string) string {
	plain := true
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	const hex = "0123456789abcdef"
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; c {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case '\b':
			b.WriteString(`\b`)
		case '\f':
			b.WriteString(`\f`)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		default:
			if c < ' ' {
				b.WriteString(`\u00`)
				b.WriteByte(hex[c>>4])
				b.WriteByte(hex[c&15])
				continue
			}
			b.WriteByte(c)
		}
	}
	return b.String()
}

// jsonFloat is the shortest text that reads back as f, with a fraction or an exponent.
func jsonFloat(f float64) string {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return "null"
	}
	s := strconv.FormatFloat(f, 'e', -1, 64)
	mantissa, exponent, _ := strings.Cut(s, "e")
	exp, err := strconv.Atoi(exponent)
	if err != nil || exp < -5 || exp > 14 {
		return mantissa + "e" + exponent
	}
	s = strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}
