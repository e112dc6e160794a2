package eval

import (
	"slices"
	"strings"
)

// XML is builtins.toXML; open is why some of it is not known.
func (in *Interp) XML(v Value) (text *String, open *Unknown, err error) {
	w := xmlWriter{in: in, drvs: map[string]bool{}}
	w.b.b.WriteString("<?xml version='1.0' encoding='utf-8'?>\n")
	err = w.element("expr", nil, func() error { return w.value(v) })
	return w.b.string(), w.open, err
}

type xmlWriter struct {
	in    *Interp
	b     builder
	depth int
	drvs  map[string]bool
	open  *Unknown
}

var xmlText = strings.NewReplacer(`"`, "&quot;", "<", "&lt;", ">", "&gt;", "&", "&amp;", "\n", "&#xA;")

func (w *xmlWriter) tag(name string, attrs []string, end string) {
	for range w.depth {
		w.b.b.WriteString("  ")
	}
	w.b.b.WriteString("<" + name)
	for i := 0; i+1 < len(attrs); i += 2 {
		w.b.b.WriteString(" " + attrs[i] + `="` + xmlText.Replace(attrs[i+1]) + `"`)
	}
	w.b.b.WriteString(end + "\n")
}

func (w *xmlWriter) empty(name string, attrs ...string) { w.tag(name, attrs, " />") }

func (w *xmlWriter) element(name string, attrs []string, body func() error) error {
	w.tag(name, attrs, ">")
	w.depth++
	err := body()
	w.depth--
	if err != nil {
		return err
	}
	w.tag("/"+name, nil, ">")
	return nil
}

func (w *xmlWriter) value(v Value) error {
	if err := w.in.descend(); err != nil {
		w.in.ascend()
		return err
	}
	defer w.in.ascend()
	// The indentation alone makes deep output grow with the square of its depth.
	if w.b.b.Len() > w.in.limits.Output {
		return w.in.limit("more than %d MiB of output", w.in.limits.Output>>20)
	}
	v, err := w.in.Force(v)
	if err != nil {
		return err
	}
	return w.forced(v)
}

func (w *xmlWriter) unknown(u *Unknown) {
	if w.open == nil {
		w.open = u
	}
}

func (w *xmlWriter) forced(v Value) error {
	switch v := v.(type) {
	case Null:
		w.empty("null")
	case Bool, Int, Float:
		w.empty(TypeName(v), "value", scalar(v))
	case *String:
		if u := opaque(v); u != nil {
			w.unknown(u)
		}
		w.b.depend(v.Deps)
		w.empty("string", "value", v.S)
	case Path:
		w.empty("path", "value", w.in.pathText(v).S)
	case *List:
		return w.element("list", nil, func() error { return w.list(v) })
	case *Set:
		return w.set(v)
	case *Lambda:
		return w.element("function", nil, func() error { w.pattern(v.code); return nil })
	case *Builtin:
		w.empty("unevaluated")
	case *Unknown:
		w.unknown(v)
	case *Choice:
		w.unknown(whyUndecided(v))
	default:
		w.unknown(NewUnknown("its value depends on what is not loaded", nowhere))
	}
	return nil
}

func (w *xmlWriter) list(l *List) error {
	for _, el := range l.Elems {
		switch m := el.(type) {
		case *Maybe:
			w.unknown(NewUnknown("a list element depends on "+m.When.text(), m.When.span()))
		case *Rest:
			w.unknown(m.Why)
		default:
			if err := w.value(el); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *xmlWriter) set(s *Set) error {
	if s.Open != nil {
		w.unknown(s.Open)
	}
	drv, err := w.in.isDerivation(s)
	if err != nil {
		return err
	}
	if !drv {
		return w.element("attrs", nil, func() error { return w.attrs(s) })
	}
	var attrs []string
	path := ""
	for _, name := range []string{"drvPath", "outPath"} {
		a := s.Find(name)
		if a == nil {
			continue
		}
		v, err := w.in.Force(a.Val)
		if err != nil {
			return err
		}
		if text, ok := v.(*String); ok {
			if u := opaque(text); u != nil {
				w.unknown(u)
			}
			attrs = append(attrs, name, text.S)
			if name == "drvPath" {
				path = text.S
			}
		}
	}
	return w.element("derivation", attrs, func() error {
		if path == "" || w.drvs[path] {
			w.empty("repeated")
			return nil
		}
		w.drvs[path] = true
		return w.attrs(s)
	})
}

func (w *xmlWriter) attrs(s *Set) error {
	for i := range s.Attrs {
		a := &s.Attrs[i]
		if len(a.When) > 0 {
			w.unknown(NewUnknown("attribute "+a.Name+" depends on "+a.When.text(), a.When.span()))
		}
		if err := w.element("attr", []string{"name", a.Name}, func() error { return w.value(a.Val) }); err != nil {
			return err
		}
	}
	return nil
}

func (w *xmlWriter) pattern(c *lambdaNode) {
	if c.formals == nil {
		w.empty("varpat", "name", c.arg)
		return
	}
	var attrs []string
	if c.ellipsis {
		attrs = append(attrs, "ellipsis", "1")
	}
	if c.hasArg {
		attrs = append(attrs, "name", c.arg)
	}
	names := make([]string, len(c.formals))
	for i := range c.formals {
		names[i] = c.formals[i].name
	}
	slices.Sort(names)
	//nolint:errcheck // it writes to memory
	w.element("attrspat", attrs, func() error {
		for _, name := range names {
			w.empty("attr", "name", name)
		}
		return nil
	})
}
