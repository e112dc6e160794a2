package eval

import (
	"regexp"
	"strings"
)

var tomlTimePattern = regexp.MustCompile(`^(\d{4}-\d\d-\d\d)?([Tt ])?(\d\d:\d\d:\d\d)?(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)?$`)

// time reads a date, a time or both at the start of the rest; false when there is none. Nix takes them only with an experimental
// feature: without it they are unknown.
func (r *tomlReader) time() (Value, bool) {
	rest := r.s[r.at:]
	date := len(rest) >= 10 && rest[4] == '-' && rest[7] == '-' && digit(rest[0]) && digit(rest[9])
	clock := len(rest) >= 8 && rest[2] == ':' && rest[5] == ':' && digit(rest[0])
	if !date && !clock {
		return nil, false
	}
	end := 0
	for end < len(rest) && (digit(rest[end]) || strings.IndexByte("-:.+TtZz", rest[end]) >= 0 || end == 10 && r.timeAfterBlank(rest)) {
		end++
	}
	m := tomlTimePattern.FindStringSubmatch(rest[:end])
	if m == nil || m[1] == "" && (m[2] != "" || m[5] != "") || m[3] == "" && (m[2] != "" || m[4] != "" || m[5] != "") {
		return nil, false
	}
	r.at += end
	if !r.in.Features["parse-toml-timestamps"] {
		return NewUnknown("dates and times in TOML are an experimental feature of Nix", nowhere), true
	}
	text := m[1]
	if m[1] != "" && m[3] != "" {
		text += "T"
	}
	text += m[3]
	if digits := m[4]; digits != "" {
		digits = digits[:min(9, len(digits))]
		for len(digits)%3 != 0 {
			digits += "0"
		}
		text += "." + digits
	}
	text += strings.ToUpper(m[5])
	return NewSet(Attr{Name: "_type", Val: Str("timestamp")}, Attr{Name: "value", Val: Str(text)}), true
}

// timeAfterBlank reports a blank between a date and a time.
func (r *tomlReader) timeAfterBlank(rest string) bool {
	return len(rest) > 13 && rest[10] == ' ' && digit(rest[11]) && digit(rest[12]) && rest[13] == ':'
}
