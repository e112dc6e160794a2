package vm

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// builtin is a function of Rego that is not written in Rego (https://www.openpolicyagent.org/docs/policy-reference/builtins). It gives
// nothing, or an error, where OPA's gives nothing, or an error.
type builtin func(r *Run, args []Value) (Value, error)

// Builtins are the names of what a program may call.
func Builtins() []string {
	names := make([]string, 0, len(builtins))
	for name := range builtins {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Builtin calls a builtin by its name.
func Builtin(name string, args ...Value) (Value, error) {
	return builtins[name]((&Machine{}).Run(), args)
}

var builtins = map[string]builtin{
	"array.concat": func(_ *Run, a []Value) (Value, error) {
		x, y, err := two[*Array, *Array](a)
		if err != nil {
			return nil, err
		}
		return NewArray(slices.Concat(x.items, y.items)...), nil
	},
	"array.reverse": func(_ *Run, a []Value) (Value, error) {
		x, err := arg[*Array](a, 0)
		if err != nil {
			return nil, err
		}
		items := slices.Clone(x.items)
		slices.Reverse(items)
		return NewArray(items...), nil
	},
	"array.slice": arraySlice,
	"and":         func(_ *Run, a []Value) (Value, error) { return ofSets(a, (*Set).and) },
	"or":          func(_ *Run, a []Value) (Value, error) { return ofSets(a, (*Set).or) },
	"union":       union,
	"count": func(_ *Run, a []Value) (Value, error) {
		n, ok := count(a[0])
		if !ok {
			return nil, wrong(a, 0)
		}
		return n, nil
	},
	"concat":                           concat,
	"contains":                         texts(strings.Contains),
	"startswith":                       texts(strings.HasPrefix),
	"endswith":                         texts(strings.HasSuffix),
	"indexof":                          indexOf,
	"lower":                            changed(strings.ToLower),
	"upper":                            changed(strings.ToUpper),
	"trim_space":                       changed(strings.TrimSpace),
	"trim":                             trimmed(strings.Trim),
	"trim_left":                        trimmed(strings.TrimLeft),
	"trim_right":                       trimmed(strings.TrimRight),
	"trim_prefix":                      trimmed(strings.TrimPrefix),
	"trim_suffix":                      trimmed(strings.TrimSuffix),
	"split":                            split,
	"replace":                          replace,
	"substring":                        substring,
	"sprintf":                          sprintf,
	"format_int":                       formatInt,
	"internal.template_string":         template,
	"internal.member_2":                member,
	"equal":                            compared(func(c int) bool { return c == 0 }),
	"neq":                              compared(func(c int) bool { return c != 0 }),
	"lt":                               compared(func(c int) bool { return c < 0 }),
	"lte":                              compared(func(c int) bool { return c <= 0 }),
	"gt":                               compared(func(c int) bool { return c > 0 }),
	"gte":                              compared(func(c int) bool { return c >= 0 }),
	"plus":                             arithmetic(func(x, y int) int { return x + y }, func(x, y float64) float64 { return x + y }),
	"mul":                              arithmetic(func(x, y int) int { return x * y }, func(x, y float64) float64 { return x * y }),
	"minus":                            minus,
	"div":                              divide,
	"rem":                              remainder,
	"abs":                              rounded(math.Abs),
	"ceil":                             rounded(math.Ceil),
	"floor":                            rounded(math.Floor),
	"round":                            rounded(math.Round),
	"max":                              extreme(func(c int) bool { return c > 0 }),
	"min":                              extreme(func(c int) bool { return c < 0 }),
	"sum":                              sum,
	"sort":                             sorted,
	"numbers.range":                    numbersRange,
	"to_number":                        toNumber,
	"object.get":                       objectGet,
	"object.keys":                      objectKeys,
	"object.union":                     objectUnion,
	"graph.reachable":                  reachable,
	"is_array":                         is[*Array],
	"is_boolean":                       is[bool],
	"is_null":                          is[Null],
	"is_number":                        func(_ *Run, a []Value) (Value, error) { return order(a[0]) == order(0), nil },
	"is_object":                        is[*Object],
	"is_set":                           is[*Set],
	"is_string":                        is[string],
	"regex.is_valid":                   regexIsValid,
	"regex.match":                      regexMatch,
	"regex.replace":                    regexReplace,
	"regex.split":                      regexSplit,
	"regex.find_n":                     regexFind,
	"regex.find_all_string_submatch_n": regexFindGroups,
}

// builtin calls a builtin with the arguments that operands of a frame name.
func (r *Run) builtin(in *Statement, body *code, frame []Value) Value {
	free := r.stack
	args := r.stack.take(int(in.N))
	for i, o := range body.args[in.A : in.A+int32(in.N)] {
		args[i] = r.operand(frame, o)
	}
	b := &r.machine.program.builtins[in.B]
	v, err := b.do(r, args)
	r.stack = free
	if err != nil {
		r.fail(fmt.Errorf("%s: %w", b.name, err))
		return nil
	}
	return v
}

// wrong is the error of an argument that is not what a builtin works on.
func wrong(args []Value, i int) error {
	text := Text(args[i])
	const most = 60
	if len(text) > most {
		text = text[:most] + "…"
	}
	return fmt.Errorf("operand %d is %s, which it does not work on", i+1, strconv.Quote(text))
}

// arg is an argument of a type.
func arg[A Value](args []Value, i int) (A, error) {
	a, ok := args[i].(A)
	if !ok {
		return a, wrong(args, i)
	}
	return a, nil
}

// two are the first arguments, of their types.
func two[A, B Value](args []Value) (A, B, error) {
	a, err := arg[A](args, 0)
	if err != nil {
		var b B
		return a, b, err
	}
	b, err := arg[B](args, 1)
	return a, b, err
}

func is[T any](_ *Run, args []Value) (Value, error) {
	_, ok := args[0].(T)
	return ok, nil
}

func texts(holds func(string, string) bool) builtin {
	return func(_ *Run, args []Value) (Value, error) {
		a, b, err := two[string, string](args)
		return holds(a, b), err
	}
}

func changed(change func(string) string) builtin {
	return func(_ *Run, args []Value) (Value, error) {
		s, err := arg[string](args, 0)
		if err != nil {
			return nil, err
		}
		return same(args[0], s, change(s)), nil
	}
}

func trimmed(trim func(string, string) string) builtin {
	return func(_ *Run, args []Value) (Value, error) {
		s, cut, err := two[string, string](args)
		if err != nil {
			return nil, err
		}
		return same(args[0], s, trim(s, cut)), nil
	}
}

// same is the value that a text had before, if it still is that text: a new one costs.
func same(v Value, before, after string) Value {
	if len(before) == len(after) && before == after {
		return v
	}
	return after
}

func compared(holds func(int) bool) builtin {
	return func(_ *Run, args []Value) (Value, error) { return holds(Compare(args[0], args[1])), nil }
}

func arraySlice(_ *Run, args []Value) (Value, error) {
	a, from, err := two[*Array, int](args)
	if err != nil {
		return nil, err
	}
	to, err := arg[int](args, 2)
	if err != nil {
		return nil, err
	}
	to = max(0, min(to, len(a.items)))
	return NewArray(a.items[max(0, min(from, to)):to:to]...), nil
}

func ofSets(args []Value, do func(a, b *Set) *Set) (Value, error) {
	a, b, err := two[*Set, *Set](args)
	if err != nil {
		return nil, err
	}
	return do(a, b), nil
}

func (s *Set) and(o *Set) *Set {
	out := &Set{}
	for _, v := range s.items {
		if o.has(v) {
			out.add(v)
		}
	}
	return out
}

func (s *Set) or(o *Set) *Set {
	out := &Set{items: slices.Clone(s.items), sorted: s.sorted}
	for _, v := range o.items {
		out.add(v)
	}
	return out
}

func (s *Set) less(o *Set) *Set {
	out := &Set{}
	for _, v := range s.items {
		if !o.has(v) {
			out.add(v)
		}
	}
	return out
}

func union(_ *Run, args []Value) (Value, error) {
	sets, err := arg[*Set](args, 0)
	if err != nil {
		return nil, err
	}
	out := &Set{}
	for _, v := range sets.items {
		s, ok := v.(*Set)
		if !ok {
			return nil, wrong(args, 0)
		}
		out = out.or(s)
	}
	return out, nil
}

// list are the elements of an array or a set.
func list(args []Value, i int) ([]Value, error) {
	switch v := args[i].(type) {
	case *Array:
		return v.items, nil
	case *Set:
		return v.Items(), nil
	}
	return nil, wrong(args, i)
}

func concat(_ *Run, args []Value) (Value, error) {
	with, err := arg[string](args, 0)
	if err != nil {
		return nil, err
	}
	items, err := list(args, 1)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	for i, v := range items {
		s, ok := v.(string)
		if !ok {
			return nil, wrong(args, 1)
		}
		if i > 0 {
			b.WriteString(with)
		}
		b.WriteString(s)
	}
	return b.String(), nil
}

func runes(s string) int { return utf8.RuneCountInString(s) }

func indexOf(_ *Run, args []Value) (Value, error) {
	s, part, err := two[string, string](args)
	switch {
	case err != nil:
		return nil, err
	case part == "":
		return nil, errors.New("empty search character")
	}
	i := strings.Index(s, part)
	if i > 0 {
		i = runes(s[:i])
	}
	return i, nil
}

func split(_ *Run, args []Value) (Value, error) {
	s, at, err := two[string, string](args)
	if err != nil {
		return nil, err
	}
	if !strings.Contains(s, at) {
		return NewArray(args[0]), nil
	}
	return Strings(strings.Split(s, at)), nil
}

func replace(_ *Run, args []Value) (Value, error) {
	s, old, err := two[string, string](args)
	if err != nil {
		return nil, err
	}
	by, err := arg[string](args, 2)
	if err != nil {
		return nil, err
	}
	return same(args[0], s, strings.ReplaceAll(s, old, by)), nil
}

func substring(_ *Run, args []Value) (Value, error) {
	s, from, err := two[string, int](args)
	if err != nil {
		return nil, err
	}
	n, ok := args[2].(int)
	switch {
	case !ok:
		return nil, wrong(args, 2)
	case from < 0:
		return nil, errors.New("negative offset")
	}
	all := []rune(s)
	from = min(from, len(all))
	if n < 0 || n > len(all)-from {
		n = len(all) - from
	}
	return same(args[0], s, string(all[from:from+n])), nil
}

func sprintf(_ *Run, args []Value) (Value, error) {
	format, values, err := two[string, *Array](args)
	if err != nil {
		return nil, err
	}
	var near [8]any
	with := near[:0]
	for _, v := range values.items {
		switch v := v.(type) {
		case int:
			with = append(with, int64(v))
		case string, float64:
			with = append(with, v)
		default:
			with = append(with, Text(v))
		}
	}
	return fmt.Sprintf(format, with...), nil
}

// template joins the parts of a template string; a part that is undefined is an empty set, any other a set of one.
func template(_ *Run, args []Value) (Value, error) {
	parts, err := arg[*Array](args, 0)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	for _, part := range parts.items {
		switch part := part.(type) {
		case *Array, *Object:
			return nil, wrong(args, 0)
		case *Set:
			switch len(part.items) {
			case 0:
				b.WriteString("<undefined>")
			case 1:
				b.WriteString(Text(part.items[0]))
			default:
				return nil, errors.New("a part of a template string has several values")
			}
		default:
			b.WriteString(Text(part))
		}
	}
	return b.String(), nil
}

func formatInt(_ *Run, args []Value) (Value, error) {
	base, ok := args[1].(int)
	if !ok || !slices.Contains([]int{2, 8, 10, 16}, base) {
		return nil, wrong(args, 1)
	}
	switch n := args[0].(type) {
	case int:
		return strconv.FormatInt(int64(n), base), nil
	case float64:
		return strconv.FormatInt(int64(n), base), nil
	}
	return nil, wrong(args, 0)
}

func member(_ *Run, args []Value) (Value, error) {
	v := args[0]
	is := func(x Value) bool { return Equal(x, v) }
	switch of := args[1].(type) {
	case *Set:
		return of.has(v), nil
	case *Array:
		return slices.ContainsFunc(of.items, is), nil
	case *Object:
		return slices.ContainsFunc(of.values, is), nil
	}
	return false, nil
}

func float(v Value) (float64, bool) {
	switch n := v.(type) {
	case int:
		return float64(n), true
	case float64:
		return n, true
	}
	return 0, false
}

func numbers(args []Value) (x, y float64, err error) {
	x, okX := float(args[0])
	y, okY := float(args[1])
	switch {
	case !okX:
		return 0, 0, wrong(args, 0)
	case !okY:
		return 0, 0, wrong(args, 1)
	}
	return x, y, nil
}

// arithmetic is exact for ints as long as the outcome is one, and else as exact as a float64; OPA's goes on with larger numbers.
func arithmetic(exact func(x, y int) int, do func(x, y float64) float64) builtin {
	return func(_ *Run, args []Value) (Value, error) {
		x, y, err := numbers(args)
		if err != nil {
			return nil, err
		}
		f := do(x, y)
		i, okX := args[0].(int)
		k, okY := args[1].(int)
		if okX && okY && math.Abs(f) < whole {
			return exact(i, k), nil
		}
		return number(f), nil
	}
}

var subtract = arithmetic(func(x, y int) int { return x - y }, func(x, y float64) float64 { return x - y })

func minus(r *Run, args []Value) (Value, error) {
	a, ok := args[0].(*Set)
	if !ok {
		return subtract(r, args)
	}
	b, ok := args[1].(*Set)
	if !ok {
		return nil, wrong(args, 1)
	}
	return a.less(b), nil
}

func divide(_ *Run, args []Value) (Value, error) {
	x, y, err := numbers(args)
	switch {
	case err != nil:
		return nil, err
	case y == 0:
		return nil, errors.New("divide by zero")
	}
	return number(x / y), nil
}

func remainder(_ *Run, args []Value) (Value, error) {
	x, y, err := two[int, int](args)
	switch {
	case err != nil:
		return nil, err
	case y == 0:
		return nil, errors.New("modulo by zero")
	}
	return x % y, nil
}

func rounded(round func(float64) float64) builtin {
	return func(_ *Run, args []Value) (Value, error) {
		x, ok := float(args[0])
		if !ok {
			return nil, wrong(args, 0)
		}
		return number(round(x)), nil
	}
}

func extreme(better func(int) bool) builtin {
	return func(_ *Run, args []Value) (Value, error) {
		items, err := list(args, 0)
		if err != nil {
			return nil, err
		}
		var best Value
		for _, v := range items {
			if best == nil || better(Compare(v, best)) {
				best = v
			}
		}
		return best, nil
	}
}

func sum(_ *Run, args []Value) (Value, error) {
	items, err := list(args, 0)
	if err != nil {
		return nil, err
	}
	var all float64
	for _, v := range items {
		x, ok := float(v)
		if !ok {
			return nil, wrong(args, 0)
		}
		all += x
	}
	return number(all), nil
}

func sorted(_ *Run, args []Value) (Value, error) {
	items, err := list(args, 0)
	if err != nil {
		return nil, err
	}
	items = slices.Clone(items)
	slices.SortFunc(items, Compare)
	return NewArray(items...), nil
}

// maxRange is how long a range may be.
const maxRange = 1 << 20

func numbersRange(_ *Run, args []Value) (Value, error) {
	from, to, err := two[int, int](args)
	if err != nil {
		return nil, err
	}
	if math.Abs(float64(to)-float64(from)) >= maxRange {
		return nil, fmt.Errorf("a range of more than %d numbers", maxRange)
	}
	step, n := 1, to-from+1
	if from > to {
		step, n = -1, from-to+1
	}
	items := make([]Value, n)
	for i := range items {
		items[i] = from + i*step
	}
	return NewArray(items...), nil
}

func toNumber(_ *Run, args []Value) (Value, error) {
	switch v := args[0].(type) {
	case Null:
		return 0, nil
	case bool:
		return truth(v), nil
	case int, float64:
		return v, nil
	case string:
		return parseNumber(args)
	}
	return nil, wrong(args, 0)
}

// parseNumber reads what is a number to Go, as OPA does.
func parseNumber(args []Value) (Value, error) {
	text, _ := args[0].(string)
	switch strings.ToLower(strings.TrimLeft(text, "+-")) {
	case "inf", "infinity", "nan":
		return nil, wrong(args, 0)
	}
	v, err := Number(strings.TrimPrefix(text, "+"))
	if err != nil {
		return nil, wrong(args, 0)
	}
	return v, nil
}

func objectGet(_ *Run, args []Value) (Value, error) {
	o, err := arg[*Object](args, 0)
	if err != nil {
		return nil, err
	}
	var at Value = o
	if path, ok := args[1].(*Array); ok {
		for _, key := range path.items {
			if at = element(at, key); at == nil {
				break
			}
		}
	} else {
		at = o.Get(args[1])
	}
	if at == nil {
		return args[2], nil
	}
	return at, nil
}

func objectKeys(_ *Run, args []Value) (Value, error) {
	o, err := arg[*Object](args, 0)
	if err != nil {
		return nil, err
	}
	return NewSet(o.keys...), nil
}

func objectUnion(_ *Run, args []Value) (Value, error) {
	a, b, err := two[*Object, *Object](args)
	if err != nil {
		return nil, err
	}
	return merged(a, b), nil
}

// merged has the fields of both; where both have an object they are merged, else the second's counts.
func merged(a, b *Object) *Object {
	out := &Object{keys: slices.Clone(a.keys), values: slices.Clone(a.values), sorted: a.sorted}
	for i, k := range b.keys {
		v := b.values[i]
		if in, ok := v.(*Object); ok {
			if old, ok := out.Get(k).(*Object); ok {
				v = merged(old, in)
			}
		}
		out.Put(k, v)
	}
	return out
}

func reachable(r *Run, args []Value) (Value, error) {
	graph, err := arg[*Object](args, 0)
	if err != nil {
		return nil, err
	}
	first, err := list(args, 1)
	if err != nil {
		return nil, err
	}
	reached := &Set{}
	for queue := slices.Clone(first); len(queue) > 0; queue = queue[1:] {
		if r.stop != nil && r.stop.Load() {
			return nil, ErrStopped
		}
		edges := graph.Get(queue[0])
		if edges == nil || reached.has(queue[0]) {
			continue
		}
		reached.add(queue[0])
		if next, err := list([]Value{edges}, 0); err == nil {
			queue = append(queue, next...)
		}
	}
	return reached, nil
}

// regexp is the compiled expression of a text.
func (r *Run) regexp(text string) (*regexp.Regexp, error) {
	if x, ok := r.machine.regexps.Load(text); ok {
		return x.(*regexp.Regexp), nil //nolint:forcetypeassert // all that is stored
	}
	x, err := regexp.Compile(text)
	if err != nil {
		return nil, fmt.Errorf("%w", err)
	}
	if r.machine.expressions.Add(1) <= maxExpressions { // rules make some from what a unit says
		r.machine.regexps.Store(text, x)
	}
	return x, nil
}

// maxExpressions is how many compiled expressions are kept.
const maxExpressions = 1 << 10

func (r *Run) expression(args []Value) (*regexp.Regexp, string, error) {
	pattern, s, err := two[string, string](args)
	if err != nil {
		return nil, "", err
	}
	x, err := r.regexp(pattern)
	return x, s, err
}

func regexIsValid(_ *Run, args []Value) (Value, error) {
	s, ok := args[0].(string)
	if !ok {
		return false, nil
	}
	_, err := syntax.Parse(s, syntax.Perl)
	return err == nil, nil
}

func regexMatch(r *Run, args []Value) (Value, error) {
	x, s, err := r.expression(args)
	if err != nil {
		return nil, err
	}
	return x.MatchString(s), nil
}

func regexReplace(r *Run, args []Value) (Value, error) {
	s, pattern, err := two[string, string](args)
	if err != nil {
		return nil, err
	}
	by, err := arg[string](args, 2)
	if err != nil {
		return nil, err
	}
	x, err := r.regexp(pattern)
	if err != nil {
		return nil, err
	}
	return same(args[0], s, x.ReplaceAllString(s, by)), nil
}

func regexSplit(r *Run, args []Value) (Value, error) {
	x, s, err := r.expression(args)
	if err != nil {
		return nil, err
	}
	return Strings(x.Split(s, -1)), nil
}

func regexFind(r *Run, args []Value) (Value, error) {
	x, s, err := r.expression(args)
	if err != nil {
		return nil, err
	}
	n, err := arg[int](args, 2)
	if err != nil {
		return nil, err
	}
	return Strings(x.FindAllString(s, n)), nil
}

func regexFindGroups(r *Run, args []Value) (Value, error) {
	x, s, err := r.expression(args)
	if err != nil {
		return nil, err
	}
	n, err := arg[int](args, 2)
	if err != nil {
		return nil, err
	}
	all := x.FindAllStringSubmatch(s, n)
	items := make([]Value, len(all))
	for i, groups := range all {
		items[i] = Strings(groups)
	}
	return NewArray(items...), nil
}
