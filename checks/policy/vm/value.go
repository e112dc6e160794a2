package vm

import (
	"cmp"
	"errors"
	"fmt"
	"hash/maphash"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// Value is a value of Rego: Null, bool, int, float64, string, *Array, *Object or *Set; nil is undefined. An int is every whole number that
// an int holds, so that equal numbers have one form. A value that was given to a machine may not be changed any more.
type Value any

// Null is null.
type Null struct{}

// Array is an array.
type Array struct {
	items  []Value
	frozen bool
}

// NewArray returns an array of the items, which it keeps.
func NewArray(items ...Value) *Array { return &Array{items: items} }

// room returns an empty array with room for n items, for a few of them in one piece.
func room(n int32) *Array {
	if n > few {
		return &Array{items: make([]Value, 0, n)}
	}
	a := &struct {
		Array
		near [few]Value
	}{}
	a.items = a.near[:0]
	return &a.Array
}

// Items are the items of the array, not to be changed.
func (a *Array) Items() []Value { return a.items }

// Strings is an array of texts.
func Strings(texts []string) *Array {
	items := make([]Value, len(texts))
	for i, s := range texts {
		items[i] = s
	}
	return &Array{items: items}
}

// Number is the value of a number as JSON has it. One that neither an int nor a float64 holds is the nearest that does.
func Number(text string) (Value, error) {
	if i, err := strconv.Atoi(text); err == nil {
		return i, nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return nil, fmt.Errorf("%w", err)
	}
	return number(f), nil
}

// whole is how far from 0 the whole numbers are ints that may be larger than a float64 holds exactly.
const whole = 1 << 62

// number is the one form of a number.
func number(f float64) Value {
	if i := int(f); math.Abs(f) < whole && float64(i) == f {
		return i
	}
	return max(-math.MaxFloat64, min(math.MaxFloat64, f))
}

// few is how many elements most collections have at most that rules make.
const few = 4

// small is how many elements are looked through one by one.
const small = 8

// Set is a set. Its elements are sorted when somebody asks for their order.
type Set struct {
	items  []Value
	at     index // once there are more than small, as long as they are not sorted
	sorted bool
	frozen bool
}

// NewSet returns a set of the items.
func NewSet(items ...Value) *Set {
	s := &Set{}
	for _, v := range items {
		s.add(v)
	}
	return s
}

// Items are the elements in their order, not to be changed.
func (s *Set) Items() []Value {
	s.sort()
	return s.items
}

func (s *Set) sort() {
	if !s.sorted {
		slices.SortFunc(s.items, Compare)
		s.at, s.sorted = nil, true
	}
}

func (s *Set) has(v Value) bool {
	if len(s.items) <= small {
		return slices.ContainsFunc(s.items, func(x Value) bool { return Equal(x, v) })
	}
	if s.sorted {
		_, found := slices.BinarySearchFunc(s.items, v, Compare)
		return found
	}
	return s.at.of(s.items).find(s.items, v) >= 0
}

func (s *Set) add(v Value) {
	if len(s.items) > small {
		s.sorted, s.at = false, s.at.of(s.items) // has would search, and the next addition would search again
	}
	if s.has(v) {
		return
	}
	if s.items == nil {
		s.items = make([]Value, 0, few)
	}
	s.items, s.sorted = append(s.items, v), false
	if s.at != nil {
		s.at.add(s.items)
	}
}

// index are the places of values by their hash; nil as long as nobody needs it.
type index map[uint64][]int32

// of is the index of items, made if there is none.
func (x index) of(items []Value) index {
	if x == nil {
		x = make(index, 2*len(items))
		for i := range items {
			x.add(items[:i+1])
		}
	}
	return x
}

// add adds the last of the items.
func (x index) add(items []Value) {
	last := len(items) - 1
	h := hash(items[last])
	x[h] = append(x[h], int32(last)) //nolint:gosec // more would not fit into the memory of a run
}

func (x index) find(items []Value, v Value) int {
	for _, i := range x[hash(v)] {
		if Equal(items[i], v) {
			return int(i)
		}
	}
	return -1
}

// Object is an object. Its keys are sorted when somebody asks for their order.
type Object struct {
	keys, values []Value
	at           index // as in a set
	sorted       bool
	frozen       bool
}

// NewObject returns an empty object with room for n fields.
func NewObject(n int) *Object {
	o := &Object{}
	o.reserve(n)
	return o
}

// reserve makes room for n fields, in one piece.
func (o *Object) reserve(n int) {
	piece := make([]Value, 2*n)
	o.keys, o.values = piece[:0:n], piece[n:n:2*n]
}

// Len is how many fields the object has.
func (o *Object) Len() int { return len(o.keys) }

// Add sets a field that the object does not have, which is faster than to Put it; fastest in the order of the keys.
func (o *Object) Add(key, v Value) {
	n := len(o.keys)
	if o.sorted = n == 0 || o.sorted && Compare(o.keys[n-1], key) < 0; n > small {
		o.at = nil
	}
	o.keys, o.values = append(o.keys, key), append(o.values, v)
}

// Get is the value of a field, nil if there is none.
func (o *Object) Get(key Value) Value {
	if i := o.find(key); i >= 0 {
		return o.values[i]
	}
	return nil
}

// Fields calls each with the fields in the order of their keys.
func (o *Object) Fields(each func(key, value Value)) {
	o.sort()
	for i, k := range o.keys {
		each(k, o.values[i])
	}
}

func (o *Object) find(key Value) int {
	text, isText := key.(string)
	switch {
	case len(o.keys) <= small && isText:
		for i, k := range o.keys {
			if s, ok := k.(string); ok && s == text {
				return i
			}
		}
		return -1
	case len(o.keys) <= small:
		return slices.IndexFunc(o.keys, func(k Value) bool { return Equal(k, key) })
	case o.sorted && isText:
		return o.search(text)
	case o.sorted:
		if i, found := slices.BinarySearchFunc(o.keys, key, Compare); found {
			return i
		}
		return -1
	}
	return o.at.of(o.keys).find(o.keys, key)
}

// search finds a text among sorted keys: what is most often done with an object.
func (o *Object) search(text string) int {
	low, high := 0, len(o.keys)
	for low < high {
		middle := int(uint(low+high) >> 1)
		k, isText := o.keys[middle].(string)
		switch {
		case isText && k == text:
			return middle
		case isText && k < text, !isText && Compare(o.keys[middle], text) < 0:
			low = middle + 1
		default:
			high = middle
		}
	}
	return -1
}

// Put sets a field.
func (o *Object) Put(key, v Value) {
	if len(o.keys) > small {
		o.sorted, o.at = false, o.at.of(o.keys)
	}
	if i := o.find(key); i >= 0 {
		o.values[i] = v
		return
	}
	if o.keys == nil {
		o.reserve(few)
	}
	o.keys, o.values, o.sorted = append(o.keys, key), append(o.values, v), false
	if o.at != nil {
		o.at.add(o.keys)
	}
}

func (o *Object) sort() {
	if o.sorted {
		return
	}
	if !slices.IsSortedFunc(o.keys, Compare) {
		sort.Sort((*byKey)(o))
	}
	o.at, o.sorted = nil, true
}

// byKey sorts an object's fields.
type byKey Object

func (o *byKey) Len() int           { return len(o.keys) }
func (o *byKey) Less(i, j int) bool { return Compare(o.keys[i], o.keys[j]) < 0 }
func (o *byKey) Swap(i, j int) {
	o.keys[i], o.keys[j] = o.keys[j], o.keys[i]
	o.values[i], o.values[j] = o.values[j], o.values[i]
}

// Freeze brings a value into the form in which several goroutines may read it, and returns it.
func Freeze(v Value) Value {
	switch v := v.(type) {
	case *Array:
		if !v.frozen {
			freeze(v.items)
			v.frozen = true
		}
	case *Set:
		if !v.frozen {
			freeze(v.items)
			v.sort()
			v.frozen = true
		}
	case *Object:
		if !v.frozen {
			freeze(v.keys)
			freeze(v.values)
			v.sort()
			v.frozen = true
		}
	}
	return v
}

func freeze(items []Value) {
	for _, x := range items {
		Freeze(x)
	}
}

// order is the place of a type in the order of values.
func order(v Value) int {
	switch v.(type) {
	case Null:
		return 0
	case bool:
		return 1
	case int, float64:
		return 2
	case string:
		return 3
	case *Array:
		return 4
	case *Object:
		return 5
	case *Set:
		return 6
	}
	return 7
}

// Compare orders values as OPA does: null, booleans, numbers, texts, arrays, objects, sets.
func Compare(a, b Value) int {
	switch x := a.(type) {
	case string:
		if y, ok := b.(string); ok {
			return strings.Compare(x, y)
		}
	case int:
		switch y := b.(type) {
		case int:
			return cmp.Compare(x, y)
		case float64:
			return cmp.Compare(float64(x), y)
		}
	case float64:
		switch y := b.(type) {
		case int:
			return cmp.Compare(x, float64(y))
		case float64:
			return cmp.Compare(x, y)
		}
	case bool:
		if y, ok := b.(bool); ok {
			return cmp.Compare(truth(x), truth(y))
		}
	case *Array:
		if y, ok := b.(*Array); ok {
			return compareAll(x.items, y.items)
		}
	case *Set:
		if y, ok := b.(*Set); ok {
			return compareAll(x.Items(), y.Items())
		}
	case *Object:
		if y, ok := b.(*Object); ok {
			return compareObjects(x, y)
		}
	}
	return cmp.Compare(order(a), order(b))
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

func compareAll(a, b []Value) int { return slices.CompareFunc(a, b, Compare) }

func compareObjects(a, b *Object) int {
	if a == b {
		return 0
	}
	a.sort()
	b.sort()
	for i := range min(len(a.keys), len(b.keys)) {
		if c := cmp.Or(Compare(a.keys[i], b.keys[i]), Compare(a.values[i], b.values[i])); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a.keys), len(b.keys))
}

// Equal reports whether two values are the same.
func Equal(a, b Value) bool {
	switch x := a.(type) {
	case string:
		y, ok := b.(string)
		return ok && x == y
	case bool:
		y, ok := b.(bool)
		return ok && x == y
	case int:
		y, ok := b.(int)
		return ok && x == y
	case *Array:
		y, ok := b.(*Array)
		return ok && (x == y || slices.EqualFunc(x.items, y.items, Equal))
	case *Set:
		y, ok := b.(*Set)
		return ok && (x == y || len(x.items) == len(y.items) && slices.EqualFunc(x.Items(), y.Items(), Equal))
	case *Object:
		y, ok := b.(*Object)
		return ok && (x == y || equalObjects(x, y))
	default:
		return Compare(a, b) == 0
	}
}

func equalObjects(a, b *Object) bool {
	if len(a.keys) != len(b.keys) {
		return false
	}
	for i, k := range a.keys {
		v := b.Get(k)
		if v == nil || !Equal(a.values[i], v) {
			return false
		}
	}
	return true
}

var seed = maphash.MakeSeed()

// hash is the same for values that are equal.
func hash(v Value) uint64 {
	switch v := v.(type) {
	case string:
		return maphash.String(seed, v)
	case bool:
		return uint64(3 + truth(v)) //nolint:gosec // a small number
	case int:
		return mix(uint64(v)) //nolint:gosec // any bits
	case float64:
		return mix(math.Float64bits(v))
	case *Array:
		h := uint64(5)
		for _, x := range v.items {
			h = mix(h ^ hash(x))
		}
		return h
	case *Set:
		h := uint64(7)
		for _, x := range v.items {
			h += mix(hash(x)) // in any order
		}
		return h
	case *Object:
		h := uint64(11)
		for i, k := range v.keys {
			h += mix(hash(k) ^ mix(hash(v.values[i])))
		}
		return h
	}
	return 1
}

// mix spreads the bits of a number: Steele and others, Fast splittable pseudorandom number generators, 2014.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Text is how a value is written in Rego, a text without its quotes: as sprintf writes it.
func Text(v Value) string {
	if s, ok := v.(string); ok {
		return s
	}
	return string(appendValue(nil, v))
}

func appendValue(b []byte, v Value) []byte {
	switch v := v.(type) {
	case Null:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case float64:
		return strconv.AppendFloat(b, v, 'g', -1, 64)
	case string:
		return strconv.AppendQuote(b, v)
	case *Array:
		return append(appendList(append(b, '['), v.items), ']')
	case *Set:
		if len(v.items) == 0 {
			return append(b, "set()"...)
		}
		return append(appendList(append(b, '{'), v.Items()), '}')
	case *Object:
		b = append(b, '{')
		first := true
		v.Fields(func(k, x Value) {
			if !first {
				b = append(b, ", "...)
			}
			first = false
			b = appendValue(append(appendValue(b, k), ": "...), x)
		})
		return append(b, '}')
	}
	return append(b, "undefined"...)
}

func appendList(b []byte, items []Value) []byte {
	for i, x := range items {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = appendValue(b, x)
	}
	return b
}
