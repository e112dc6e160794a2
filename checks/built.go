package checks

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/systemd"
)

// ErrHosts is the error of a built system of which it is not clear what host it is.
var ErrHosts = errors.New("it is not clear which host was built")

// Prediction is a difference between what the Nix files say of a unit, or of a host's lines of tmpfiles.d, and what was built.
type Prediction struct {
	Host, Unit, Scope, Message string
	At                         *inventory.Location
	Notes                      []Note
}

// JoinBuilt gives the hosts of a repository the units that were built of them. Each setting stands where the Nix files set it, as far as
// they do; what they say otherwise is a Prediction. A built system belongs to the host of its name, or to the only one.
func JoinBuilt(nix, built *inventory.Inventory) (*inventory.Inventory, []Prediction, error) {
	joined := *nix
	joined.Hosts = slices.Clone(nix.Hosts)
	var differences []Prediction
	taken := map[int]bool{}
	for i := range built.Hosts {
		at, err := hostFor(nix, built, &built.Hosts[i])
		if err != nil {
			return nil, nil, err
		}
		if taken[at] {
			return nil, nil, fmt.Errorf("%w: two built systems are of the host %q", ErrHosts, nix.Hosts[at].Name)
		}
		taken[at] = true
		j := joiner{nix: &nix.Hosts[at], built: &built.Hosts[i]}
		joined.Hosts[at] = j.host()
		differences = append(differences, j.differences...)
	}
	joined.Problems = slices.Clone(nix.Problems)
	for _, p := range built.Problems {
		if p.At != nil { // its places are in other files
			p.Message = fmt.Sprintf("built: %s:%d: %s", p.At.File, p.At.Line, p.Message)
		}
		joined.Problems = append(joined.Problems, inventory.Problem{Severity: p.Severity, Message: p.Message})
	}
	return &joined, differences, nil
}

// hostFor is the index of the host that was built.
func hostFor(nix, built *inventory.Inventory, b *inventory.Host) (int, error) {
	var hosts []int
	var names []string
	for i := range nix.Hosts {
		h := &nix.Hosts[i]
		if h.Source == "loose" {
			continue
		}
		if h.Name == b.Name {
			return i, nil
		}
		hosts, names = append(hosts, i), append(names, h.Name)
	}
	switch {
	case len(hosts) == 1 && len(built.Hosts) == 1:
		return hosts[0], nil
	case len(hosts) == 0 && len(nix.Hosts) == 1 && len(built.Hosts) == 1:
		return 0, nil // modules that no host in sight imports
	case len(hosts) == 0:
		return 0, fmt.Errorf("%w: the Nix files define none", ErrHosts)
	case b.Name == "":
		return 0, fmt.Errorf("%w: what was built has no name, and the Nix files define %s; judge the one host by its own file", ErrHosts, strings.Join(names, ", "))
	}
	return 0, fmt.Errorf("%w: what was built is called %q, and the Nix files define %s", ErrHosts, b.Name, strings.Join(names, ", "))
}

// joiner joins one host.
type joiner struct {
	nix, built  *inventory.Host
	differences []Prediction
}

func (j *joiner) host() inventory.Host {
	host := *j.nix
	host.Units, host.Tmpfiles = nil, nil
	predicted := map[[2]string]*inventory.Unit{}
	for i := range j.nix.Units {
		if u := &j.nix.Units[i]; u.Status != inventory.Commented && !u.Off() {
			predicted[[2]string{u.Scope, u.Name}] = u
		}
	}
	templates := maps.Clone(predicted)
	for i := range j.built.Units {
		b := &j.built.Units[i]
		p, ok := predicted[[2]string{b.Scope, b.Name}]
		if !ok {
			p = templates[[2]string{b.Scope, templateOf(b.Name)}]
		}
		host.Units = append(host.Units, j.unit(p, b))
		if ok {
			j.compare(p, b, lines(p))
		}
		delete(predicted, [2]string{b.Scope, b.Name})
	}
	j.unbuilt(predicted)
	for i := range j.built.Tmpfiles {
		line := j.built.Tmpfiles[i]
		line.Line = at(line.Line, nil)
		for k := range j.nix.Tmpfiles {
			if p := &j.nix.Tmpfiles[k]; matches(p.Line, line.Line.Alternatives[0].Value) {
				line.Line, line.Guards = at(line.Line, placed(p.Line)), p.Guards
				break
			}
		}
		host.Tmpfiles = append(host.Tmpfiles, line)
	}
	j.lines()
	return host
}

// unbuilt says which units of the Nix files a whole system does not have. A system that is not shown whole has no targets.
func (j *joiner) unbuilt(predicted map[[2]string]*inventory.Unit) {
	if !slices.ContainsFunc(j.built.Units, func(u inventory.Unit) bool { return u.Name == "multi-user.target" && u.Open == "" }) {
		return
	}
	for _, key := range slices.SortedFunc(maps.Keys(predicted), func(a, b [2]string) int { return strings.Compare(a[1]+a[0], b[1]+b[0]) }) {
		if u := predicted[key]; u.Status == inventory.Active && u.Scope != inventory.Initrd {
			j.differ(u, "the Nix files define it, and it was not built", nil)
		}
	}
}

func (j *joiner) differ(u *inventory.Unit, message string, notes []Note) {
	j.differences = append(j.differences, Prediction{
		Host: j.nix.Name, Unit: u.Name, Scope: u.Scope, Message: u.Name + ": " + message, At: definitionOf(u), Notes: notes,
	})
}

// unit is a built unit with the places of the Nix files, p: of itself or its template. They may say nothing of it.
func (j *joiner) unit(p, b *inventory.Unit) inventory.Unit {
	u := *b
	u.Definitions, u.Sections, u.Scripts = nil, map[string]map[string][]inventory.Setting{}, map[string]inventory.Setting{}
	if j.nix.At != nil {
		u.Definitions = []inventory.Location{*j.nix.At}
	}
	said := map[string]map[string][]line{}
	if p != nil {
		if len(p.Definitions) > 0 {
			u.Definitions = p.Definitions
		}
		u.Guards, said = nil, lines(p)
	}
	for section, directives := range b.Sections {
		u.Sections[section] = map[string][]inventory.Setting{}
		for name, settings := range directives {
			for _, s := range settings {
				u.Sections[section][name] = append(u.Sections[section][name], at(s, find(said[section][name], s.Alternatives[0].Value)))
			}
		}
	}
	for name, s := range b.Scripts {
		u.Scripts[name] = at(s, nil)
		if p == nil {
			continue
		}
		if own, ok := p.Scripts[name]; ok && own.Decided() && matches(own, s.Alternatives[0].Value) {
			u.Scripts[name] = own
		}
	}
	links := make([]inventory.Link, len(b.Links))
	for i, l := range b.Links {
		links[i] = inventory.Link{Type: l.Type, Target: at(l.Target, linkPlace(p, l))}
	}
	u.Links = links
	return u
}

// templateOf is the name of the template of an instance that only a link names, "a@.service" of "a@b.service"; "" for another unit.
func templateOf(name string) string {
	before, after, ok := strings.Cut(name, "@")
	dot := strings.LastIndexByte(after, '.')
	if !ok || dot < 1 {
		return ""
	}
	return before + "@" + after[dot:]
}

// linkPlace is where the Nix files make the same link.
func linkPlace(p *inventory.Unit, l inventory.Link) *inventory.Location {
	if p == nil {
		return nil
	}
	for _, own := range p.Links {
		if own.Type == l.Type && matches(own.Target, l.Target.Alternatives[0].Value) {
			return placed(own.Target)
		}
	}
	return nil
}

// compare says where a unit was built otherwise than the Nix files say. What they leave open is no difference, nor what a unit that they
// only add to has besides.
func (j *joiner) compare(p, b *inventory.Unit, said map[string]map[string][]line) {
	if p.Status == inventory.Disabled {
		j.differ(p, "the Nix files disable it, and it was built", nil)
		return
	}
	var what []string
	var notes []Note
	add := func(section, name, message string, place *inventory.Location) {
		what = append(what, section+"."+name)
		notes = append(notes, Note{Message: fmt.Sprintf("%s.%s: %s", section, name, message), At: place})
	}
	for _, section := range slices.Sorted(maps.Keys(said)) {
		for _, name := range slices.Sorted(maps.Keys(said[section])) {
			if section == "Install" {
				continue // the links say it
			}
			have := b.Sections[section][name]
			for _, l := range said[section][name] {
				if l.setting.Decided() && !slices.ContainsFunc(have, func(s inventory.Setting) bool { return l.is(s.Alternatives[0].Value) }) {
					add(section, name, fmt.Sprintf("the Nix files say %s, built is %s", oneLine(l.text), values(have)), placed(l.setting))
				}
			}
		}
	}
	if p.Completeness == inventory.Own && p.Open == "" {
		for _, section := range slices.Sorted(maps.Keys(b.Sections)) {
			for _, name := range slices.Sorted(maps.Keys(b.Sections[section])) {
				if section != "Install" && len(said[section][name]) == 0 && len(p.Sections[section][name]) == 0 {
					add(section, name, "the Nix files do not set it, built is "+values(b.Sections[section][name]), nil)
				}
			}
		}
	}
	if len(what) > 0 {
		j.differ(p, "it was built otherwise than the Nix files say: "+strings.Join(slices.Compact(what), ", "), notes)
	}
}

// lines says which lines of tmpfiles.d were not built.
func (j *joiner) lines() {
	if len(j.built.Tmpfiles) == 0 {
		return
	}
	for i := range j.nix.Tmpfiles {
		p := &j.nix.Tmpfiles[i]
		if p.Scope == "" && p.Line.Decided() && len(p.Guards) == 0 && !slices.ContainsFunc(j.built.Tmpfiles, func(b inventory.TmpfilesRule) bool {
			return matches(p.Line, b.Line.Alternatives[0].Value)
		}) {
			j.differences = append(j.differences, Prediction{
				Host: j.nix.Name, Message: "the Nix files have this line of tmpfiles.d, and it was not built: " + p.Line.Alternatives[0].Value, At: placed(p.Line),
			})
		}
	}
}

func values(settings []inventory.Setting) string {
	if len(settings) == 0 {
		return "nothing"
	}
	out := make([]string, len(settings))
	for i, s := range settings {
		out[i] = oneLine(s.Alternatives[0].Value)
		if at := s.Alternatives[0].At; at != nil { // a place in another tree than the finding's
			out[i] += fmt.Sprintf(" (%s:%d)", at.File, at.Line)
		}
	}
	return strings.Join(out, ", ")
}

// line is a line that a unit of the Nix files renders to, and the setting it is of.
type line struct {
	text    string
	setting inventory.Setting
}

// lines are those of a unit by section and directive.
func lines(u *inventory.Unit) map[string]map[string][]line {
	out := map[string]map[string][]line{}
	rendered, _ := systemd.RenderLines(u, systemd.Show)
	for _, l := range rendered {
		settings := u.Sections[l.Section][l.Name]
		name, value, ok := strings.Cut(l.Text, "=")
		if l.Name == "" || !ok || name != l.Name || l.Index >= len(settings) {
			continue
		}
		if out[l.Section] == nil {
			out[l.Section] = map[string][]line{}
		}
		out[l.Section][name] = append(out[l.Section][name], line{value, settings[l.Index]})
	}
	return out
}

func find(all []line, value string) *inventory.Location {
	for _, l := range all {
		if l.is(value) {
			return placed(l.setting)
		}
	}
	return nil
}

func (l line) is(value string) bool { return like(l.text, value) }

// matches reports whether one of the values that a setting may have is the one that was built.
func matches(s inventory.Setting, value string) bool {
	return slices.ContainsFunc(s.Alternatives, func(a inventory.Alternative) bool { return !a.Absent && like(a.Value, value) })
}

var symbolic = regexp.MustCompile(`<(pkgs\.|unknown)[^>]*>`)

// like reports whether a text of the Nix files, with packages as <pkgs.NAME>, can be the one that was built.
func like(text, built string) bool {
	text, built = strings.TrimSpace(text), strings.TrimSpace(built)
	if text == built {
		return true
	}
	var pattern strings.Builder
	last := 0
	for _, m := range symbolic.FindAllStringIndex(text, -1) {
		pattern.WriteString(regexp.QuoteMeta(text[last:m[0]]))
		if strings.HasPrefix(text[m[0]:], "<pkgs.") {
			pattern.WriteString(`/nix/store/[^/\s"':;]+`)
		} else {
			pattern.WriteString(`(?s:.*)`)
		}
		last = m[1]
	}
	if last == 0 {
		return false
	}
	whole, err := regexp.Compile(`\A(?:` + pattern.String() + regexp.QuoteMeta(text[last:]) + `)\z`)
	return err == nil && whole.MatchString(built)
}

// placed is where a setting stands.
func placed(s inventory.Setting) *inventory.Location { return placeOf(&s, "").at }

// at is a built setting at a place of the Nix files.
func at(s inventory.Setting, place *inventory.Location) inventory.Setting {
	s.Alternatives = slices.Clone(s.Alternatives)
	for i := range s.Alternatives {
		s.Alternatives[i].At, s.Alternatives[i].Via, s.Alternatives[i].Lines = place, nil, nil
	}
	return s
}
