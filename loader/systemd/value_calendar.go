package systemd

import "strings"

// calendarOf is what is wanted of a calendar event, systemd.time(7).
func calendarOf(value string) string {
	return matching(value, func(s string) bool { return vague(s) || isCalendar(s) }, "a calendar event such as daily or Mon *-*-* 03:00", shorthands)
}

const shorthands = " minutely hourly daily weekly monthly quarterly semiannually semi-annually biannually bi-annually yearly annually anually "

// isCalendar reports whether a text is [weekdays] [date] [time] [zone]. A zone is not looked up: systemd knows those of the machine.
func isCalendar(text string) bool {
	text = withoutZone(text)
	if strings.TrimSpace(text) == "" {
		return false
	}
	if w := strings.ToLower(text); inList(shorthands)(w) {
		return w != "anually"
	}
	rest, ok := weekdays(text)
	if !ok {
		return false
	}
	if rest, ok = date(rest); !ok {
		return false
	}
	return clock(rest)
}

// withoutZone takes a zone off the end: a word that begins with a capital letter and has no digit before a slash.
func withoutZone(text string) string {
	at := strings.LastIndexByte(text, ' ')
	if at < 0 {
		return text
	}
	zone := text[at+1:]
	if strings.EqualFold(zone, "utc") {
		return text[:at]
	}
	if _, ok := day(zone); ok || zone == "" || strings.IndexByte(letters[:26], zone[0]) < 0 || strings.Trim(zone, nameChars+"/+") != "" {
		return text
	}
	return text[:at]
}

var days = [...]string{
	"monday", "mon", "tuesday", "tue", "wednesday", "wed", "thursday", "thu", "friday", "fri", "saturday", "sat", "sunday", "sun",
}

// weekdays takes days off the beginning, in lists and ranges, and the blanks behind them.
func weekdays(text string) (rest string, ok bool) {
	rest, first := text, true
	for {
		left, found := day(rest)
		if !found {
			return rest, first // a text without days is read as a date
		}
		first = false
		switch {
		case left == "":
			return "", true
		case left[0] == ' ':
			return strings.TrimLeft(left, " "), true
		case left[0] == ',':
			if strings.TrimLeft(left, ",") == "" {
				return "", true
			}
			rest = strings.TrimLeft(left, ",")
			if rest[0] == ' ' {
				return strings.TrimLeft(rest, " "), true
			}
		case strings.HasPrefix(left, ".."):
			rest = left[2:]
		case left[0] == '-':
			rest = left[1:]
		default:
			return text, false
		}
	}
}

func day(text string) (rest string, ok bool) {
	for _, d := range days {
		if len(text) < len(d) || !strings.EqualFold(text[:len(d)], d) {
			continue
		}
		if rest = text[len(d):]; rest == "" || strings.IndexByte(" ,.-", rest[0]) >= 0 {
			return rest, true
		}
	}
	return text, false
}

// date takes a date off: year-month-day, month-day, with ~ before a day that is counted from the end, or @ and seconds. What is none is a
// time.
func date(text string) (rest string, ok bool) {
	if text == "" {
		return "", true
	}
	if number, ok := strings.CutPrefix(text, "@"); ok {
		n := len(number) - len(strings.TrimLeft(number, digits))
		return "", n > 0 && n == len(number)
	}
	first, rest, ok := chain(text, false)
	if !ok {
		return "", false
	}
	if strings.HasPrefix(rest, ":") {
		return text, true
	}
	end := byte('-')
	if strings.HasPrefix(rest, "~") {
		end = '~'
	} else if !strings.HasPrefix(rest, "-") {
		return "", false
	}
	second, rest, ok := chain(rest[1:], false)
	if !ok {
		return "", false
	}
	if rest == "" || rest[0] == ' ' {
		return strings.TrimLeft(rest, " "), inside(first, 1, 12) && inside(second, 1, 31)
	}
	if end == '~' || rest[0] != '-' && rest[0] != '~' {
		return "", false
	}
	third, rest, ok := chain(rest[1:], false)
	if !ok || rest != "" && rest[0] != ' ' {
		return "", false
	}
	return strings.TrimLeft(rest, " "), inside(first, 1970, 2199) && inside(second, 1, 12) && inside(third, 1, 31)
}

// clock reads hours:minutes[:seconds], of which nothing may be there.
func clock(text string) bool {
	if text == "" {
		return true
	}
	hours, rest, ok := chain(text, false)
	if !ok || !strings.HasPrefix(rest, ":") {
		return false
	}
	minutes, rest, ok := chain(rest[1:], false)
	if !ok || !inside(hours, 0, 23) || !inside(minutes, 0, 59) {
		return false
	}
	if rest == "" {
		return true
	}
	if rest[0] != ':' {
		return false
	}
	seconds, rest, ok := chain(rest[1:], true)
	return ok && rest == "" && inside(seconds, 0, 60)
}

// component is a part of a chain: a value, the last of a range, and a step. The values of seconds are in microseconds.
type component struct {
	from, to, step int
	ranged         bool
}

const micro = 1000000

func inside(chain []component, least, most int) bool {
	for _, c := range chain {
		if c.from < least || c.from > most || c.ranged && (c.to < c.from || c.to > most) {
			return false
		}
	}
	return true
}

// chain reads *, or values and ranges with steps between commas.
func chain(text string, seconds bool) (all []component, rest string, ok bool) {
	if strings.HasPrefix(text, "*") {
		rest := text[1:]
		if step, ok := strings.CutPrefix(rest, "/"); ok {
			c := component{}
			if c.step, rest, ok = value(step, seconds); !ok || c.step == 0 {
				return nil, "", false
			}
		}
		return nil, rest, true
	}
	for {
		c := component{}
		if c.from, text, ok = value(text, seconds); !ok {
			return nil, "", false
		}
		if to, found := strings.CutPrefix(text, ".."); found {
			c.ranged = true
			if c.to, text, ok = value(to, seconds); !ok {
				return nil, "", false
			}
		}
		if step, found := strings.CutPrefix(text, "/"); found {
			if c.step, text, ok = value(step, seconds); !ok || c.step == 0 {
				return nil, "", false
			}
		}
		if text != "" && !strings.Contains(" ,-~:", text[:1]) {
			return nil, "", false
		}
		all = append(all, c)
		if !strings.HasPrefix(text, ",") {
			return all, text, true
		}
		text = text[1:]
	}
}

// value reads a number, with a fraction where it is one of seconds.
func value(text string, seconds bool) (n int, rest string, ok bool) {
	end := len(text) - len(strings.TrimLeft(text, digits))
	n, ok = decimalNumber(text[:end], micro)
	if !ok {
		return 0, "", false
	}
	rest = text[end:]
	if !seconds || !strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, "..") {
		return n, rest, true
	}
	end = 1 + len(rest[1:]) - len(strings.TrimLeft(rest[1:], digits))
	if fraction := strings.TrimRight(rest[1:end], "0"); fraction != "" && n == 0 {
		n = 1 // a step of less than a second is one
	}
	return n, rest[end:], end > 1
}
