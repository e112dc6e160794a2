package policy

import (
	"regexp"
	"strings"
	"sync"

	"github.com/nixlint/nixlint/checks/policy/vm"
	"github.com/nixlint/nixlint/loader/inventory"
)

// screen decides, without Rego, which rules have anything to say of a unit, and which units are the same to a rule. Most rules are about
// units that are rare, and most of what a rule looks at is the same in many units.
type screen struct {
	clues  []clue
	ids    map[string]int // of clues, by their text
	exprs  []func() *regexp.Regexp
	member []map[string]bool // by clue: what of the site answers it
	rules  map[string]*screened
	site   vm.Value
}

type screened struct {
	number int // of the rule: part of its keys
	guard  check
	reads  []screenedRead
}

type screenedRead struct {
	when check
	clue int
}

// check is a guard whose clues are numbers.
type check struct {
	op    guardOp
	clue  int
	parts []check
}

func newScreen(site vm.Value) *screen {
	return &screen{ids: map[string]int{}, rules: map[string]*screened{}, site: site}
}

func (s *screen) add(rule string, p profile) {
	r := &screened{number: len(s.rules), guard: s.check(p.guard)}
	for _, read := range p.reads {
		r.reads = append(r.reads, screenedRead{when: s.check(read.when), clue: s.number(read.what)})
	}
	s.rules[rule] = r
}

func (s *screen) check(g guard) check {
	c := check{op: g.op}
	if g.op == ifClue || g.op == unlessClue {
		c.clue = s.number(g.clue)
	}
	for _, p := range g.parts {
		c.parts = append(c.parts, s.check(p))
	}
	return c
}

func (s *screen) number(c clue) int {
	key := c.String()
	id, ok := s.ids[key]
	if ok {
		return id
	}
	id = len(s.clues)
	s.ids[key] = id
	s.clues = append(s.clues, c)
	s.exprs = append(s.exprs, sync.OnceValue(func() *regexp.Regexp {
		x, err := regexp.Compile(c.text)
		if err != nil {
			return nil // analyse refused such
		}
		return x
	}))
	s.member = append(s.member, s.members(c))
	return id
}

// members are the texts for which a clue about the site is true.
func (s *screen) members(c clue) map[string]bool {
	if c.kind != clueKey && c.kind != clueMember {
		return nil
	}
	out := map[string]bool{}
	v := s.site
	for _, step := range strings.Split(c.text, ".")[1:] {
		o, ok := v.(*vm.Object)
		if !ok {
			return out
		}
		v = o.Get(step)
	}
	elementsOf(v, func(key, element vm.Value) {
		if c.kind == clueMember {
			key = element
		}
		if text, ok := key.(string); ok {
			out[text] = true
		}
	})
	return out
}

// elementsOf calls each with the keys and elements of a collection.
func elementsOf(v vm.Value, each func(key, element vm.Value)) {
	switch v := v.(type) {
	case *vm.Array:
		for i, x := range v.Items() {
			each(i, x)
		}
	case *vm.Set:
		for _, x := range v.Items() {
			each(x, x)
		}
	case *vm.Object:
		v.Fields(each)
	}
}

// view answers the clues of one unit, each once.
type view struct {
	screen *screen
	hash   *hasher
	unit   *inventory.Unit
	whole  key // of all that the unit is
	derived
	texts     [2]string // text and lower(text), once they are needed
	projector *projector
	answers   []int8 // 0 is not asked yet
	digests   []key
	digested  []bool
}

func (v *view) holds(c *check) bool {
	switch c.op {
	case always:
		return true
	case ifClue:
		return v.answer(c.clue)
	case unlessClue:
		return !v.answer(c.clue)
	case ifAll:
		for i := range c.parts {
			if !v.holds(&c.parts[i]) {
				return false
			}
		}
		return true
	case ifAny:
		for i := range c.parts {
			if v.holds(&c.parts[i]) {
				return true
			}
		}
	case never:
	}
	return false
}

func (v *view) answer(id int) bool {
	if v.answers[id] == 0 {
		v.answers[id] = -1
		if v.ask(id) {
			v.answers[id] = 1
		}
	}
	return v.answers[id] > 0
}

func (v *view) ask(id int) bool {
	c := &v.screen.clues[id]
	switch c.kind {
	case clueHas, clueSome:
		return v.has(c.path, c.kind == clueSome)
	case clueIs:
		return v.field(c.path[0]) == c.text
	case clueKey, clueMember:
		return v.screen.member[id][v.field(c.path[0])]
	case clueContains:
		return strings.Contains(v.field(c.path[0]), c.text)
	case clueStartsWith:
		return strings.HasPrefix(v.field(c.path[0]), c.text)
	case clueEndsWith:
		return strings.HasSuffix(v.field(c.path[0]), c.text)
	case clueMatches:
		x := v.screen.exprs[id]()
		return x == nil || x.MatchString(v.field(c.path[0]))
	case clueValue:
	}
	return true
}

// field is a text that every unit has; see fieldNames.
func (v *view) field(name string) string {
	switch u := v.unit; name {
	case "kind":
		return u.Kind
	case "name":
		return strings.TrimSuffix(u.Name, "."+u.Kind)
	case "unit":
		return u.Name
	case "scope":
		return u.Scope
	case "status":
		return u.Status
	case "completeness":
		return u.Completeness
	case "open":
		return u.Open
	case "base":
		return u.Base
	case "system":
		return systemOf(u)
	case "text":
		if v.texts[0] == "" {
			v.texts[0] = unitText(u)
		}
		return v.texts[0]
	case lowerText:
		if v.texts[1] == "" {
			v.texts[1] = strings.ToLower(v.field("text"))
		}
		return v.texts[1]
	}
	return ""
}

func (v *view) has(path []string, some bool) bool {
	enough := 0
	if some {
		enough = 1
	}
	switch path[0] {
	case "sections":
		return hasAt(v.unit.Sections, path[1:], enough)
	case "effective":
		return hasAt(v.effective, path[1:], enough)
	case "scripts":
		if len(path) == 1 {
			return len(v.unit.Scripts) >= enough
		}
		s, ok := v.unit.Scripts[path[1]]
		return ok && len(s.Alternatives) >= enough
	case "links":
		return len(v.unit.Links) >= enough
	case "closed":
		return len(v.unit.BaseClosed) >= enough
	case "unrecognised":
		return len(unrecognised(v.unit)) >= enough
	case "misread":
		return len(v.misread) >= enough
	}
	return true
}

func hasAt[T any](sections map[string]map[string][]T, path []string, enough int) bool {
	switch len(path) {
	case 0:
		return len(sections) >= enough
	case 1:
		section, ok := sections[path[0]]
		return ok && len(section) >= enough
	default:
		values, ok := sections[path[0]][path[1]]
		return ok && len(values) >= enough
	}
}

// digest is a hash of all that a rule can learn by a clue.
func (v *view) digest(id int) key {
	if v.digested[id] {
		return v.digests[id]
	}
	h, c := v.hash, &v.screen.clues[id]
	switch {
	case c.kind != clueValue:
		v.digests[id] = key{}
		if v.answer(id) {
			v.digests[id] = key{1, 1}
		}
	case len(c.path) == 0:
		v.digests[id] = v.whole
	default:
		h.buf = h.buf[:0]
		v.write(c.path)
		v.digests[id] = h.sum()
	}
	v.digested[id] = true
	return v.digests[id]
}

// write writes what a projection has at a path.
func (v *view) write(path []string) {
	h := v.hash
	switch path[0] {
	case "sections":
		writeAt(h, v.unit.Sections, path[1:], h.projected)
	case "effective":
		writeAt(h, v.effective, path[1:], h.possible)
	case "scripts":
		for _, name := range sortedKeys(v.unit.Scripts) {
			if len(path) == 1 || path[1] == name {
				s := v.unit.Scripts[name]
				h.text(name)
				h.projected(&s)
			}
		}
	case "links":
		for i := range v.unit.Links {
			h.text(v.unit.Links[i].Type)
			h.projected(&v.unit.Links[i].Target)
		}
	case "overrides":
		h.text(vm.Text(projectOverrides(v.unit.Sections)))
	case "closed":
		h.texts(v.unit.BaseClosed)
	case "exposure":
		h.key(v.whole) // it depends on nearly all of a unit
	case "unrecognised":
		for _, f := range unrecognised(v.unit) {
			h.text(f.section)
			h.text(f.name)
			h.truth(f.has)
			h.number(f.until)
		}
		h.text(v.unit.Kind)
	case "misread":
		for _, m := range v.misread {
			h.text(m.section)
			h.text(m.name)
			h.number(m.index)
			h.text(m.value)
			h.text(m.want)
			h.text(string(m.effect))
			h.truth(m.sure)
		}
	default:
		h.text(v.field(path[0]))
	}
}

func writeAt[T any](h *hasher, sections map[string]map[string][]T, path []string, each func(*T)) {
	switch len(path) {
	case 0:
		for _, name := range sortedKeys(sections) {
			h.text(name)
			writeAt(h, sections, []string{name}, each)
		}
	case 1:
		_, ok := sections[path[0]]
		h.truth(ok)
		h.number(len(sections[path[0]]))
		for _, name := range sortedKeys(sections[path[0]]) {
			h.text(name)
			writeAt(h, sections, []string{path[0], name}, each)
		}
	default:
		values, ok := sections[path[0]][path[1]]
		h.truth(ok)
		h.number(len(values))
		for i := range values {
			each(&values[i])
		}
	}
}

// key is the same for two units that are the same to a rule.
func (v *view) key(r *screened) key {
	var digests key
	h := v.hash
	for i := range r.reads {
		if read := &r.reads[i]; v.holds(&read.when) {
			d := v.digest(read.clue)
			digests = digests.then(d)
		} else {
			digests = digests.then(key{2, 2})
		}
	}
	h.buf = h.buf[:0]
	h.number(r.number)
	h.key(digests)
	return h.sum()
}
