package systemd

import (
	"maps"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/loader/inventory"
)

// Mode says who reads a rendered unit.
type Mode uint8

// Show is for a person: packages stand as <pkgs.NAME>, unknown pieces as <unknown: why>, what is not decided as comments.
// Stage is for systemd: packages are store paths with a fixed hash, what is unknown or not decided is left out.
const (
	Show Mode = iota
	Stage
)

// StoreHash stands for the hash of every store path in stage mode.
const StoreHash = "00000000000000000000000000000000"

// Line is a line of a rendered unit and the setting that it comes from, as a place in Unit.Sections; Name is empty for headers and
// blank lines. A line that joins several settings names the first.
type Line struct {
	Text    string
	Section string
	Name    string
	Index   int
}

// Render writes a unit as NixOS lays it out, to the byte: [Unit] with a line for each list of dependencies, the unit's own section
// with Environment=, X-* and then the rest by name, [Install]. Partial means that systemd would read less or other than what will run:
// something is unknown or not decided, or the unit adds to a base that is elsewhere.
func Render(u *inventory.Unit, mode Mode) (text string, partial bool) {
	lines, partial := RenderLines(u, mode)
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(l.Text)
		b.WriteByte('\n')
	}
	return b.String(), partial
}

// RenderLines is Render, line by line.
func RenderLines(u *inventory.Unit, mode Mode) (lines []Line, partial bool) {
	r := renderer{mode: mode, partial: u.Completeness == inventory.Partial || u.Open != ""}
	if fromHome(u) {
		return r.home(u.Sections)
	}
	sections := withInstall(u)
	nixos := len(u.Sections["Install"]) == 0 && u.Completeness != inventory.Generated
	for i, section := range sectionOrder(u.Kind, sections) {
		if i > 0 {
			r.lines = append(r.lines, Line{})
		}
		r.lines = append(r.lines, Line{Text: "[" + section + "]", Section: section})
		r.section(section, sections[section])
		if nixos && section == lastOwn(u.Kind) {
			r.trailer(u.Kind, sections[section])
		}
	}
	return r.lines, r.partial
}

// fromHome reports that home-manager writes the unit: its options are the sections themselves.
func fromHome(u *inventory.Unit) bool {
	for section, directives := range u.Sections {
		for _, settings := range directives {
			return len(settings) > 0 && settings[0].Option == section
		}
	}
	return false
}

// home writes sections and directives by name.
func (r *renderer) home(sections map[string]map[string][]inventory.Setting) (lines []Line, partial bool) {
	for _, section := range slices.Sorted(maps.Keys(sections)) {
		if len(sections[section]) == 0 {
			continue
		}
		if len(r.lines) > 0 {
			r.lines = append(r.lines, Line{})
		}
		r.lines = append(r.lines, Line{Text: "[" + section + "]", Section: section})
		for _, name := range slices.Sorted(maps.Keys(sections[section])) {
			for i, s := range sections[section][name] {
				r.at = Line{Section: section, Name: name, Index: i}
				r.setting(s)
			}
		}
	}
	return r.lines, r.partial
}

// lastOwn is the section before [Install], after which NixOS leaves a blank line for every kind but services.
func lastOwn(kind string) string {
	switch kind {
	case "service":
		return ""
	case "target":
		return "Unit"
	}
	return sectionOf(kind)
}

// trailer ends the section of a kind as NixOS does: a blank line, and for sockets a line for each of two options.
func (r *renderer) trailer(kind string, directives map[string][]inventory.Setting) {
	r.lines = append(r.lines, Line{})
	if kind != "socket" {
		return
	}
	for _, listen := range []struct{ directive, option string }{{"ListenStream", "listenStreams"}, {"ListenDatagram", "listenDatagrams"}} {
		before := len(r.lines)
		r.directive("Socket", listen.directive, directives[listen.directive], func(option string) bool { return option == listen.option })
		if len(r.lines) == before {
			r.lines = append(r.lines, Line{})
		}
	}
}

// section writes directives by name. What the options environment and restartIfChanged and its kin make comes first in [Service],
// what listenStreams and listenDatagrams make at the end of [Socket].
func (r *renderer) section(section string, directives map[string][]inventory.Setting) {
	first := func(option string) bool {
		return option == "environment" || strings.HasSuffix(option, "IfChanged") || option == "notSocketActivated"
	}
	last := func(option string) bool { return strings.HasPrefix(option, "listen") }
	names := slices.Sorted(maps.Keys(directives))
	if section == "Service" {
		r.directive(section, "Environment", directives["Environment"], first)
		for _, name := range []string{"X-ReloadIfChanged", "X-RestartIfChanged", "X-StopIfChanged", "X-NotSocketActivated"} {
			r.directive(section, name, directives[name], first)
		}
	}
	for _, name := range names {
		r.directive(section, name, directives[name], func(option string) bool { return !first(option) && !last(option) })
	}
}

type renderer struct {
	mode    Mode
	lines   []Line
	at      Line // what is being written
	partial bool
}

// write adds the lines of a text, as those of the setting that is being written.
func (r *renderer) write(text string) {
	for line := range strings.SplitSeq(text, "\n") {
		l := r.at
		l.Text = line
		r.lines = append(r.lines, l)
	}
}

// withInstall adds the [Install] that NixOS writes for wantedBy, where the unit has none of its own.
func withInstall(u *inventory.Unit) map[string]map[string][]inventory.Setting {
	if len(u.Sections["Install"]) > 0 || u.Kind == "target" {
		return u.Sections
	}
	var wanted []inventory.Setting
	for _, l := range u.Links {
		if l.Type == "wants" {
			wanted = append(wanted, l.Target)
		}
	}
	if len(wanted) == 0 {
		return u.Sections
	}
	sections := maps.Clone(u.Sections)
	if sections == nil {
		sections = map[string]map[string][]inventory.Setting{}
	}
	sections["Install"] = map[string][]inventory.Setting{"WantedBy": wanted}
	return sections
}

// sectionOrder is [Unit], the section of the unit's kind, others by name, [Install].
func sectionOrder(kind string, sections map[string]map[string][]inventory.Setting) []string {
	order := []string{"Unit"}
	if own := sectionOf(kind); own != "" {
		order = append(order, own)
	}
	for _, s := range slices.Sorted(maps.Keys(sections)) {
		if !slices.Contains(order, s) && s != "Install" {
			order = append(order, s)
		}
	}
	if len(sections["Install"]) > 0 {
		order = append(order, "Install")
	}
	return order
}

// sectionOf is the section that units of a kind have for themselves, "" for targets and devices.
func sectionOf(kind string) string {
	for _, s := range sectionNames[1 : len(sectionNames)-1] {
		if strings.EqualFold(s, kind) {
			return s
		}
	}
	return ""
}

// directive writes those settings that the options meant make. What one option of dependencies makes is one line.
func (r *renderer) directive(section, name string, settings []inventory.Setting, meant func(option string) bool) {
	r.at = Line{Section: section, Name: name}
	kind, _ := Directive(section, name)
	join := kind == Dependencies || kind == Words && (section == "Unit" || section == "Install")
	for i := 0; i < len(settings); {
		end := i + 1
		for join && end < len(settings) && settings[end].Option == settings[i].Option && (settings[i].Option != "" || section == "Install") {
			end++
		}
		r.at.Index = i
		switch group := settings[i:end]; {
		case !meant(settings[i].Option):
		case len(group) > 1 && joinable(group):
			r.joined(i, group)
		default:
			for j, s := range group {
				r.at.Index = i + j
				r.setting(s)
			}
		}
		i = end
	}
}

// joinable reports whether settings can stand on one line: there is more than one, and none resets.
func joinable(settings []inventory.Setting) bool {
	return len(settings) > 1 && !slices.ContainsFunc(settings, func(s inventory.Setting) bool {
		return s.Decided() && !s.Alternatives[0].Absent && s.Alternatives[0].Value == ""
	})
}

func (r *renderer) joined(from int, settings []inventory.Setting) {
	var words []string
	var open []int
	for i, s := range settings {
		switch a := one(s); {
		case a == nil, !a.Known && r.mode == Stage:
			open = append(open, i)
		case !a.Absent:
			if len(words) == 0 {
				r.at.Index = from + i
			}
			words = append(words, r.text(*a))
		}
	}
	if len(words) > 0 {
		r.write(r.at.Name + "=" + strings.Join(words, " "))
	}
	for _, i := range open {
		r.at.Index = from + i
		r.setting(settings[i])
	}
}

// one is the only alternative of a setting, nil if it has several or none.
func one(s inventory.Setting) *inventory.Alternative {
	if len(s.Alternatives) != 1 {
		return nil
	}
	return &s.Alternatives[0]
}

func (r *renderer) setting(s inventory.Setting) {
	a := one(s)
	switch {
	case a == nil:
		r.partial = r.partial || len(s.Alternatives) > 0
		if r.mode == Show {
			r.alternatives(s.Alternatives)
		}
	case a.Absent:
	case a.Known || r.mode == Show:
		r.write(r.at.Name + "=" + r.text(*a))
	default:
		r.partial = true
	}
}

// alternatives writes a comment line for each: what the setting may be, and when.
func (r *renderer) alternatives(alternatives []inventory.Alternative) {
	for _, a := range alternatives {
		line := "# " + r.at.Name + "=" + strings.ReplaceAll(r.text(a), "\n", "\n#   ")
		if a.Absent {
			line = "# " + r.at.Name + " is not set"
		}
		var when []string
		for _, c := range a.Conditions {
			text := c.Text
			if c.Verdict == "false" {
				text = "not " + text
			}
			when = append(when, text)
		}
		if len(when) > 0 {
			line += "   # if " + strings.Join(when, ", ")
		}
		r.write(line)
	}
}

func (r *renderer) text(a inventory.Alternative) string {
	if !a.Known {
		r.partial = true
	}
	if r.mode == Stage {
		return StorePaths(a.Value)
	}
	return a.Value
}

// StorePaths turns each <pkgs.NAME> of a value into the store path that stage mode gives it.
func StorePaths(value string) string {
	const open = "<pkgs."
	if !strings.Contains(value, open) {
		return value
	}
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(value, open)
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, rest, ok := strings.Cut(after, ">")
		if !ok {
			b.WriteString(open + after)
			return b.String()
		}
		b.WriteString("/nix/store/" + StoreHash + "-" + storeName(name))
		value = rest
	}
}

// storeName replaces what a store path cannot hold.
func storeName(name string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.ContainsRune("+-._?=", c):
			return c
		}
		return '-'
	}, name)
}
