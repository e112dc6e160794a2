package nixos

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/source"
)

// merge makes one value of the definitions that won, as the option's type merges them.
func (s *system) merge(t *optionType, won []def, path string) (eval.Value, error) {
	if t == nil {
		if len(won) == 1 && len(won[0].when) == 0 {
			return won[0].val, nil
		}
		t = guess(won)
	}
	if t.merger != nil {
		return s.mergeCustom(t, won, path)
	}
	if t.checks != nil || t.fits != nil {
		for i := range won {
			if !t.accepts(s.in, won[i].val) {
				return nil, s.refuse(&won[i], path, t)
			}
		}
	}
	switch t.name {
	case "listOf":
		return s.mergeList(t, won, path)
	case "attrsOf", "attrs", "anything":
		if t.name != "anything" || anySet(won) {
			return s.mergeAttrs(t, won, path)
		}
		if _, isFunction := won[0].val.(*eval.Lambda); isFunction {
			return s.mergeFunction(t, won, path), nil
		}
	case "unspecified":
		return s.mergeUnspecified(won, path)
	case "boolByOr":
		return s.mergeOr(won, path)
	case "attrTag":
		return s.mergeTag(t, won, path)
	case "unit": // of lists, one list; else all are equal
		if slices.ContainsFunc(won, func(d def) bool { return isList(d.val) }) {
			return s.mergeList(&optionType{name: "listOf"}, listed(won), path)
		}
	case "submodule":
		return s.submodule(t, won, path), nil
	case "deferredModule":
		list := &eval.List{}
		for _, d := range won {
			list.Elems = append(list.Elems, d.val)
		}
		return eval.NewSet(eval.Attr{Name: "imports", Val: list}), nil
	case "functionTo":
		return s.mergeFunction(t.elem(s.in), won, path), nil
	case "lines", "separatedString":
		return s.mergeText(t, won, path)
	case "nullOr":
		return s.mergeNull(t, won, path)
	case "uniq":
		if len(won) > 1 && len(won[0].when)+len(won[1].when) == 0 {
			s.conflicting(won, "option "+path+", which takes one definition,")
			return nil, s.r.problems[len(s.r.problems)-1]
		}
		return s.merge(t.elem(s.in), won, path)
	case "either":
		for _, x := range t.parts(s.in) {
			if acceptsAll(s.in, x, won) {
				return s.merge(x, won, path)
			}
		}
	case "coercedTo":
		return s.mergeCoerced(t, won, path)
	}
	return s.mergeOne(t, won, path)
}

// listed are definitions as lists: what is none is a list of it.
func listed(won []def) []def {
	out := slices.Clone(won)
	for i := range out {
		if !isList(out[i].val) {
			out[i].val = &eval.List{Elems: []eval.Value{out[i].val}}
		}
	}
	return out
}

// mergeTag is the value of attrTag: a set of one attribute, which all definitions have.
func (s *system) mergeTag(t *optionType, won []def, path string) (eval.Value, error) {
	tag := ""
	var defs []def
	for i := range won {
		set, ok := won[i].val.(*eval.Set)
		if !ok || set.Open != nil {
			return s.mergeOne(&optionType{name: "raw"}, won, path)
		}
		if len(set.Attrs) != 1 || t.tags.Find(set.Attrs[0].Name) == nil {
			return nil, s.refuse(&won[i], path, t)
		}
		if name := set.Attrs[0].Name; tag != "" && name != tag {
			s.conflicting(won, "option "+path)
			return nil, s.r.problems[len(s.r.problems)-1]
		}
		tag = set.Attrs[0].Name
		defs = append(defs, s.part(won[i], tag)...)
	}
	option, err := s.in.Set(t.tags.Find(tag).Val, source.Span{})
	if err != nil {
		return nil, err
	}
	kind := &optionType{name: "unspecified"}
	if a := option.Find("type"); a != nil {
		kind = typeOf(s.in, a.Val)
	}
	return eval.NewSet(eval.Attr{Name: tag, Site: won[0].site, Val: eval.Lazy(func() (eval.Value, error) {
		settled, _ := s.settle(defs)
		return s.merge(kind, settled, path+"."+tag)
	})}), nil
}

// describe says what a value is, for a message: a literal as it is, else its type.
func (s *system) describe(v eval.Value) string {
	switch x := v.(type) {
	case *eval.String:
		if x.Known() && len(x.S) < 60 {
			return strconv.Quote(x.S)
		}
	case eval.Int:
		return strconv.FormatInt(int64(x), 10)
	case *eval.List:
		if len(x.Elems) == 0 {
			return "[ ]"
		}
	}
	return eval.TypeName(v)
}

// guess is how definitions of an option without a known type merge: lists and sets with each other, else one.
func guess(won []def) *optionType {
	for _, d := range won {
		switch d.val.(type) {
		case *eval.List:
			return &optionType{name: "listOf"}
		case *eval.Set:
			return &optionType{name: "attrsOf"}
		}
	}
	return &optionType{name: "equal"}
}

func anySet(won []def) bool {
	for _, d := range won {
		if _, ok := d.val.(*eval.Set); ok {
			return true
		}
	}
	return false
}

func acceptsAll(in *eval.Interp, t *optionType, won []def) bool {
	for _, d := range won {
		if !t.accepts(in, d.val) {
			return false
		}
	}
	return true
}

// mergeCustom asks the function merge of a type of the user's.
func (s *system) mergeCustom(t *optionType, won []def, path string) (eval.Value, error) {
	defs := &eval.List{}
	for _, d := range won {
		if len(d.when) > 0 {
			return eval.NewUnknown("option "+path+" has undecided definitions that a function merges", d.place()), nil
		}
		if !t.passes(s.in, d.val) {
			return nil, s.refuse(&d, path, t)
		}
		file := "<unknown-file>"
		if d.mod != nil && d.mod.file != "" {
			file = d.mod.file
		}
		defs.Elems = append(defs.Elems, eval.NewSet(eval.Attr{Name: "file", Val: eval.Str(file)}, eval.Attr{Name: "value", Val: d.val}))
	}
	loc := &eval.List{}
	for part := range strings.SplitSeq(path, ".") {
		loc.Elems = append(loc.Elems, eval.Str(part))
	}
	return s.in.Call(t.merger, loc, defs)
}

// mergeFunction is a function whose results merge.
func (s *system) mergeFunction(t *optionType, won []def, path string) eval.Value {
	return fnOf("option "+path, func(arg eval.Value) (eval.Value, error) {
		var results []def
		for _, d := range won {
			d.val = eval.LazyCall(d.val, arg)
			d.conds = nil
			results = append(results, s.expand(d)...)
		}
		settled, _ := s.settle(results)
		return s.merge(t, settled, path)
	})
}

// mergeUnspecified is how options without a type merge: lists and strings are joined, sets updated, of Booleans one must be true.
func (s *system) mergeUnspecified(won []def, path string) (eval.Value, error) {
	if len(won) < 2 {
		return s.mergeOne(&optionType{name: "raw"}, won, path)
	}
	kind := eval.TypeName(won[0].val)
	for _, d := range won {
		if eval.TypeName(d.val) != kind || len(d.when) > 0 {
			kind = ""
		}
	}
	switch kind {
	case "list":
		return s.mergeList(&optionType{name: "listOf"}, won, path)
	case "string":
		return s.mergeText(&optionType{name: "separatedString"}, won, path)
	case "bool":
		return s.mergeOr(won, path)
	case "set":
		return s.mergeAttrs(&optionType{name: "attrs"}, won, path)
	case "lambda":
		return s.mergeFunction(&optionType{name: "unspecified"}, won, path), nil
	}
	return s.mergeOne(&optionType{name: "equal"}, won, path)
}

func (s *system) mergeOr(won []def, path string) (eval.Value, error) {
	sure := false
	for _, d := range won {
		v, isBool := d.val.(eval.Bool)
		switch {
		case !isBool || len(d.when) > 0:
			return eval.NewUnknown("option "+path+" depends on undecided definitions", d.place()), nil
		case bool(v):
			sure = true
		}
	}
	return eval.Bool(sure), nil
}

// mergeOne takes the one definition there is; several must be equal.
func (s *system) mergeOne(t *optionType, won []def, path string) (eval.Value, error) {
	var sure *def
	var maybe []def
	for i := range won {
		d := &won[i]
		if !t.accepts(s.in, d.val) {
			return nil, s.refuse(d, path, t)
		}
		if len(d.when) > 0 {
			maybe = append(maybe, *d)
			continue
		}
		if sure != nil {
			same, err := s.in.Equal(sure.val, d.val)
			if err == nil && (same == eval.Bool(false) || t.name == "raw") {
				s.conflicting([]def{*sure, *d}, "option "+path)
				return nil, s.r.problems[len(s.r.problems)-1]
			}
			continue
		}
		sure = d
	}
	if len(maybe) == 0 {
		if sure == nil {
			return eval.NewUnknown("option "+path+" has no value here", source.Span{}), nil
		}
		return sure.val, nil
	}
	rest := eval.Conds(nil)
	possible := true
	var alts []eval.Alt
	for _, d := range maybe {
		alts = append(alts, eval.Alt{When: d.when, Val: d.val})
		if possible {
			rest, possible = rest.And(d.when.Negate())
		}
	}
	if possible && sure != nil {
		alts = append(alts, eval.Alt{When: rest, Val: sure.val})
	}
	return eval.Choose(alts), nil
}

// place is where a definition stands.
func (d *def) place() source.Span {
	if at := spanOf(d.site); at.Valid() {
		return at
	}
	return eval.Span(d.val)
}

func (s *system) mergeList(t *optionType, won []def, path string) (eval.Value, error) {
	out := &eval.List{}
	for _, d := range won {
		list, err := s.in.List(d.val, d.place())
		if err != nil {
			return nil, err
		}
		for _, el := range list.Elems {
			for _, el := range s.undone(el, d) {
				s.appendElement(out, s.element(t.elem(s.in), el, d, path), d.when)
			}
		}
		out.Uneven = out.Uneven || list.Uneven || len(d.when) > 0
	}
	return out, nil
}

// undone takes mkIf and mkMerge off an element of a list.
func (s *system) undone(el eval.Value, d def) []eval.Value {
	v, err := s.in.Force(el)
	set, ok := v.(*eval.Set)
	if err != nil || !ok || set.Find("_type") == nil {
		return []eval.Value{el}
	}
	d.val, d.when, d.conds = el, nil, nil
	var out []eval.Value
	won, _ := s.settle(s.expand(d))
	for _, e := range won {
		if len(e.when) > 0 {
			out = append(out, &eval.Maybe{Val: e.val, When: e.when})
			continue
		}
		out = append(out, e.val)
	}
	return out
}

// appendElement adds an element that is there under conditions.
func (s *system) appendElement(out *eval.List, el eval.Value, when eval.Conds) {
	if m, ok := el.(*eval.Maybe); ok {
		both, possible := when.And(m.When)
		if possible {
			out.Elems, out.Uneven = append(out.Elems, &eval.Maybe{Val: m.Val, When: both}), true
		}
		return
	}
	if _, rest := el.(*eval.Rest); rest || len(when) == 0 {
		out.Elems = append(out.Elems, el)
		return
	}
	out.Elems = append(out.Elems, &eval.Maybe{Val: el, When: when})
}

// made reports that a type makes other values of its definitions than they are.
func (t *optionType) made(in *eval.Interp, depth int) bool {
	if t == nil || depth > maxTypeDepth {
		return false
	}
	switch t.name {
	case "submodule", "coercedTo", "functionTo":
		return true
	}
	return t.merger != nil || slices.ContainsFunc(t.parts(in), func(p *optionType) bool { return p.made(in, depth+1) })
}

// element is one element of a list option. What is written there is checked at once; the rest when it is asked for.
func (s *system) element(t *optionType, el eval.Value, d def, path string) eval.Value {
	switch m := el.(type) {
	case *eval.Rest:
		return &eval.Rest{Why: m.Why}
	case *eval.Maybe:
		return &eval.Maybe{Val: s.element(t, m.Val, d, path), When: m.When}
	case *eval.Thunk:
	default:
		if set, ok := el.(*eval.Set); (!ok || set.Find("_type") == nil) && !t.accepts(s.in, el) {
			at := eval.Span(el)
			if !inTree(at) {
				at = d.place()
			}
			s.problem(at, "option %s expects elements of type %s, found %s", path, t.text(s.in, 0), s.describe(el))
			return eval.NewUnknown("it is of a wrong type", at)
		}
	}
	if !t.made(s.in, 0) {
		return el
	}
	return eval.Lazy(func() (eval.Value, error) {
		d.val, d.when = el, nil
		won, _ := s.settle(s.expand(d))
		return s.merge(t, won, path+".*")
	})
}

func (s *system) mergeAttrs(t *optionType, won []def, path string) (eval.Value, error) {
	byName := map[string][]def{}
	var names []string
	out := &eval.Set{}
	for _, d := range won {
		if !t.takes(s.in, d.val) {
			return nil, s.refuse(&d, path, t)
		}
		set, err := s.in.Set(d.val, d.place())
		if err != nil {
			return nil, err
		}
		if set.Open != nil {
			out.Open = set.Open
		}
		for i := range set.Attrs {
			a := &set.Attrs[i]
			when, ok := d.when.And(a.When)
			if !ok {
				continue
			}
			if byName[a.Name] == nil {
				names = append(names, a.Name)
			}
			e := d
			e.val, e.when, e.site, e.trail = a.Val, when, a.Site, grow(d.trail, a)
			byName[a.Name] = append(byName[a.Name], e)
		}
	}
	attrs := make([]eval.Attr, 0, len(names))
	for _, name := range names {
		defs := byName[name]
		attr := eval.Attr{Name: name, Site: defs[0].site}
		attr.Val = eval.Lazy(func() (eval.Value, error) {
			var all []def
			for _, d := range defs {
				all = append(all, s.expand(d)...)
			}
			won, _ := s.settle(all)
			if len(won) == 1 {
				won[0].when = nil // the attribute itself says under which conditions it is there
			}
			elem := t.elem(s.in)
			switch t.name {
			case "anything":
				elem = t
			case "attrs": // the last definition replaces the others
				for len(won) > 1 && len(won[len(won)-1].when) == 0 {
					won = won[len(won)-1:]
				}
			}
			defer func(before string) { s.naming = before }(s.naming)
			s.naming = name
			return s.merge(elem, won, path+"."+name)
		})
		if always, when := present(defs, s); !always {
			if when == nil {
				continue
			}
			attr.When = when
		}
		attrs = append(attrs, attr)
	}
	set := eval.NewSet(attrs...)
	set.Open = out.Open
	if s.loose && set.Open == nil {
		// Any module of the repository may add to a set; in the loose view they are not together.
		set.Open = eval.NewUnknown("other modules may define more of "+path, source.Span{})
	}
	return set, nil
}

// present tells under which conditions an attribute is there; nil conditions when it never is. mkIf false leaves an attribute
// of attrsOf out; to see that its value must be taken apart, which is done only where it is no set.
func present(defs []def, s *system) (always bool, when eval.Conds) {
	for _, d := range defs {
		for _, e := range s.decide(s.expand(d)) {
			switch {
			case len(e.when) == 0:
				return true, nil
			case when == nil:
				when = e.when
			}
		}
	}
	return false, when
}

func (s *system) mergeText(t *optionType, won []def, path string) (eval.Value, error) {
	sep := t.sep
	if t.name == "lines" {
		sep = "\n"
	}
	list := &eval.List{}
	for _, d := range won {
		if !t.accepts(s.in, d.val) {
			return nil, s.refuse(&d, path, t)
		}
		el := d.val
		if len(d.when) > 0 {
			el, list.Uneven = &eval.Maybe{Val: d.val, When: d.when}, true
		}
		list.Elems = append(list.Elems, el)
	}
	return s.in.JoinStrings(sep, list)
}

// mergeNull merges what is not null, and keeps apart when it is null.
func (s *system) mergeNull(t *optionType, won []def, path string) (eval.Value, error) {
	var nulls, others []def
	for _, d := range won {
		if _, isNull := d.val.(eval.Null); isNull {
			nulls = append(nulls, d)
		} else {
			others = append(others, d)
		}
	}
	switch {
	case len(others) == 0 && len(nulls) > 0 && len(nulls[0].when) == 0:
		return eval.Null{}, nil
	case len(nulls) == 0:
		return s.merge(t.elem(s.in), others, path)
	case len(others) == 0 || scalarDefs(others):
		return s.mergeOne(&optionType{name: "raw"}, won, path)
	}
	when := nulls[0].when
	if len(when) == 0 {
		when = others[0].when.Negate()
	}
	for i := range others {
		others[i].when = nil
	}
	v, err := s.merge(t.elem(s.in), others, path)
	if err != nil {
		return nil, err
	}
	return eval.Choose([]eval.Alt{{When: when, Val: eval.Null{}}, {When: when.Negate(), Val: v}}), nil
}

func scalarDefs(defs []def) bool {
	for _, d := range defs {
		switch d.val.(type) {
		case *eval.Set, *eval.List, *eval.Lambda, eval.External:
			return false
		}
	}
	return true
}

func (s *system) mergeCoerced(t *optionType, won []def, path string) (eval.Value, error) {
	from, to := t.parts(s.in)[0], t.elem(s.in)
	out := make([]def, len(won))
	for i, d := range won {
		if _, unknown := d.val.(*eval.Unknown); !unknown && (from != nil && from.accepts(s.in, d.val) || from == nil && !to.accepts(s.in, d.val)) {
			v, err := s.in.Call(t.coerce, d.val)
			if err != nil {
				return nil, err
			}
			d.val = v
		}
		out[i] = d
	}
	return s.merge(to, out, path)
}

// submodule is a system of its own: the type's modules and one a definition.
func (s *system) submodule(t *optionType, won []def, path string) eval.Value {
	return s.submoduleNamed(t, won, path, s.naming)
}

func (s *system) submoduleNamed(t *optionType, won []def, path, name string) eval.Value {
	sub := &system{r: s.r, in: s.in, host: s.host, missing: s.missing, added: s.added, options: &optionTree{}, loose: s.loose, name: name, path: path}
	if sub.name == "" {
		sub.name = "submodule"
	}
	sub.root = &node{sys: sub}
	given := name
	if given == "" {
		given = path
	}
	sub.args = eval.NewSet(append(append([]eval.Attr(nil), s.args.Attrs...),
		eval.Attr{Name: "name", Val: eval.Str(given)}, eval.Attr{Name: "config", Val: &view{n: sub.root}},
		eval.Attr{Name: "options", Val: &optionsView{n: sub.root}})...)
	var values []pending
	for _, m := range t.modules {
		values = append(values, pending{val: m, at: eval.Span(m)})
	}
	sub.collect(values, true)
	sub.typed = len(sub.modules)
	for _, d := range won {
		switch v := d.val.(type) {
		case *eval.Lambda, eval.Path:
			sub.collect([]pending{{val: d.val, at: d.place(), when: d.when}}, true)
			continue
		case *eval.Set:
			if t.long && (v.Find("config") != nil || v.Find("options") != nil || v.Find("imports") != nil) {
				sub.collect([]pending{{val: d.val, at: d.place(), when: d.when}}, true)
				continue
			}
		case *eval.Unknown:
			sub.partial = true
		}
		d.conds = nil
		d.prio = plain
		sub.root.roots = append(sub.root.roots, d)
	}
	return &view{n: sub.root}
}
