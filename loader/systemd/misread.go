package systemd

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Belongs lists the sections of a unit of a kind ("service") that have the directive.
func Belongs(kind, name string) []string {
	var out []string
	for _, section := range []string{"Unit", kind, "Install"} {
		if _, ok := find(section, name); ok {
			if i := slices.IndexFunc(sectionNames[:], func(s string) bool { return strings.EqualFold(s, section) }); i >= 0 {
				section = sectionNames[i]
			}
			out = append(out, section)
		}
	}
	return out
}

// HasSection reports whether a unit of a kind has the section, and whether the kind is one that the table knows.
func HasSection(kind, section string) (has, known bool) {
	if kind == "target" {
		return section == "Unit" || section == "Install", true
	}
	i := slices.IndexFunc(sectionNames[:], func(s string) bool { return strings.EqualFold(s, kind) })
	if i < 0 {
		return true, false
	}
	return section == "Unit" || section == "Install" || section == sectionNames[i], true
}

var (
	octal    = regexp.MustCompile(`^[0-7]+$`)
	unitName = regexp.MustCompile(`^[A-Za-z0-9:_.\\@%-]+\.(?:service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$`)
	signal   = regexp.MustCompile(`^(?:(?:SIG)?[A-Z][A-Z0-9]*(?:[+-][0-9]+)?|[0-9]+)$`)
)

// signals are the names that systemd knows beside those of real-time signals.
var signals = strings.Fields("HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF " +
	"WINCH IO PWR SYS")

// limits are the least and the most of directives of kind Number that have such.
var limits = map[string][2]int{
	"Nice": {-20, 19}, "OOMScoreAdjust": {-1000, 1000}, "IOSchedulingPriority": {0, 7}, "CPUSchedulingPriority": {0, 99},
}

// Wanted says what a value should have been where every version of systemd from Oldest to Newest would ignore it, or a word of it, with
// a line in its log. It is empty for a value that some version reads. Of a list only the words that are ignored count. Values with
// specifiers or pieces that are not known are let pass.
func Wanted(section, name, value string) string {
	value = strings.TrimSpace(value)
	d, ok := find(section, name)
	if !ok || value == "" || strings.ContainsAny(value, "%<\n") {
		return ""
	}
	switch d.kind { //nolint:exhaustive // of the others every value is read, or nothing is known
	case Boolean, Choice:
		return wantedWord(name, d.kind, value)
	case Timespan:
		if !timespan(value) {
			return "a time span such as 90 or 1min 30s"
		}
	case FileMode:
		if !octal.MatchString(value) {
			return "an octal mode such as 0750"
		}
	case Number:
		return wantedNumber(name, value)
	case Signal:
		if !isSignal(value) {
			return "a signal such as SIGTERM"
		}
	case Capabilities:
		return wantedNames(strings.TrimPrefix(value, "~"), "capabilities", func(w string) bool { _, ok := Capability(w); return ok })
	case Families:
		return wantedNames(strings.TrimPrefix(value, "~"), "address families", func(w string) bool {
			_, _, ok := AddressFamily(w)
			return ok || value == "none"
		})
	case Namespaces:
		if _, ok := ParseBoolean(value); !ok {
			return wantedNames(strings.TrimPrefix(value, "~"), "namespaces", isNamespace)
		}
	case Dependencies:
		for word := range strings.FieldsSeq(value) {
			if !unitName.MatchString(word) && !strings.HasSuffix(name, "MountsFor") && name != "Documentation" {
				return "names of units with their suffix, which " + word + " has not"
			}
		}
	}
	return ""
}

// IsUnitName reports whether a text is the name of a unit, with its suffix.
func IsUnitName(name string) bool {
	return unitName.MatchString(name) && len(name) < 256 && !strings.Contains(name, "%")
}

// ReadsLater reports whether a value of a choice is read by a later version than one that does not read it.
func ReadsLater(section, name, value string, version int) bool {
	d, ok := find(section, name)
	if !ok || d.kind != Boolean && d.kind != Choice {
		return false
	}
	if _, now := choose(name, d.kind, value, version); now {
		return false
	}
	_, ever := choose(name, d.kind, value, 0)
	return ever
}

func wantedNames(value, what string, known func(string) bool) string {
	for word := range strings.FieldsSeq(value) {
		if word = strings.Trim(word, `"'`); !known(word) {
			return "names of " + what + ", which " + word + " is not"
		}
	}
	return ""
}

func wantedNumber(name, value string) string {
	limit, ok := limits[name]
	if !ok {
		return ""
	}
	if n, err := strconv.Atoi(value); err != nil && !strings.HasPrefix(value, "0") || n < limit[0] || n > limit[1] {
		return fmt.Sprintf("a number from %d to %d", limit[0], limit[1])
	}
	return ""
}

func isSignal(value string) bool {
	if !signal.MatchString(value) {
		return false
	}
	if n, err := strconv.Atoi(value); err == nil {
		return n > 0 && n <= 64
	}
	name := strings.TrimPrefix(value, "SIG")
	return strings.HasPrefix(name, "RTM") || slices.Contains(signals, name)
}
