package systemd

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// unsigned reads a number as strtoul does with base 0, and systemd's 0b and 0o. A sign is taken, a negative number is not.
func unsigned(text string, bits int) (uint64, bool) {
	negative := strings.HasPrefix(text, "-")
	text = strings.TrimLeft(text, blanks)
	if negative || strings.HasPrefix(text, "+") {
		text = text[1:]
	}
	if text == "" || text[0] < '0' || text[0] > '9' || strings.ContainsAny(text, "_BO") {
		return 0, false
	}
	n, err := strconv.ParseUint(text, 0, bits)
	return n, err == nil && (!negative || n == 0)
}

// integer reads a number that may be negative.
func integer(text string, bits int) (int64, bool) {
	sign := int64(1)
	if strings.HasPrefix(text, "-") {
		text, sign = "+"+text[1:], -1
	}
	if strings.HasPrefix(text, "+-") || strings.HasPrefix(text, "++") {
		return 0, false
	}
	n, ok := unsigned(text, bits)
	most := uint64(1) << (bits - 1)
	if !ok || n > most || n == most && sign > 0 {
		return 0, false
	}
	return int64(n) * sign, true //nolint:gosec // it is at most the least number, whose sign it then has
}

// within reports whether a text is a number between two.
func within(text string, least, most int64) bool {
	n, ok := integer(text, 64)
	return ok && n >= least && n <= most
}

// number is what is wanted of a value of kind Number.
func (d directive) number(value string) string {
	least, most, words := d.numbers()
	if open(value) || inList(words)(value) || within(value, least, most) {
		return ""
	}
	want := "a number"
	switch {
	case least == 0 && most >= math.MaxUint32:
		want = "a number that is not negative"
	case most < math.MaxInt32:
		want = fmt.Sprintf("a number from %d to %d", least, most)
	}
	if words != "" {
		want += ", or" + strings.TrimRight(words, " ")
	}
	return want
}

// numbers are the least and the most that a directive takes, and words that it takes too.
func (d directive) numbers() (least, most int64, words string) {
	switch d.name {
	case "Nice":
		return -20, 19, ""
	case "OOMScoreAdjust":
		return -1000, 1000, ""
	case "IOSchedulingPriority":
		return 0, 7, ""
	case "CPUSchedulingPriority":
		return 0, 99, ""
	case "CPUWeight", "StartupCPUWeight":
		return 1, 10000, " idle "
	case "IOWeight", "StartupIOWeight":
		return 1, 10000, ""
	case "CPUShares", "StartupCPUShares":
		return 2, 262144, ""
	case "BlockIOWeight", "StartupBlockIOWeight":
		return 10, 1000, ""
	case "FailureActionExitStatus", "SuccessActionExitStatus":
		return 0, 255, ""
	case "ConcurrencyHardMax", "ConcurrencySoftMax", "ActivatingConcurrencyMax":
		return 0, math.MaxUint32, " infinity "
	case "MessageQueueMaxMessages":
		return math.MinInt64, math.MaxInt64, ""
	case "Priority":
		if d.sections&inSwap != 0 {
			return -1, 32767, ""
		}
		return math.MinInt32, math.MaxInt32, ""
	case "IPTTL", "Mark":
		return math.MinInt32, math.MaxInt32, ""
	}
	return 0, math.MaxUint32, ""
}

// size is what is wanted of a value of kind Size.
func (d directive) size(value string) string {
	if open(value) {
		return ""
	}
	if kind, ok := strings.CutPrefix(d.name, "Limit"); ok {
		return limit(kind, value)
	}
	switch d.name {
	case "TasksMax":
		n, ok := unsigned(value, 64)
		share, shared := permyriad(value)
		if value == "infinity" || ok && n > 0 || shared && share <= 10000 {
			return ""
		}
		return "a number, a share such as 10%, or infinity" + nearestSize(value, func(s string) bool { return s == "infinity" })
	case "ReceiveBuffer", "SendBuffer", "PipeSize":
		return orNearest(value, func(s string) bool { _, ok := bytes(s, 1024); return ok }, "a size such as 64K")
	case "MessageQueueMessageSize":
		return orNearest(value, func(s string) bool {
			_, ok := integer(s, 64)
			_, size := bytes(s, 1024)
			return ok || size
		}, "a size such as 64K")
	case "StateDirectoryQuota", "CacheDirectoryQuota", "LogsDirectoryQuota":
		return orNearest(value, func(s string) bool {
			_, ok := bytes(s, 1024)
			return ok || s == "off" || isShare(s)
		}, "a size such as 512M, a share such as 10%, or off")
	}
	return orNearest(value, func(s string) bool { return memory(d.name, s) }, "a size such as 512M, a share such as 10%, or infinity")
}

// memory reports whether a text is an amount of memory. The upper limits do not take nothing.
func memory(name, text string) bool {
	least := uint64(0)
	switch name {
	case "MemoryMax", "MemoryHigh", "MemoryLimit", "StartupMemoryMax", "StartupMemoryHigh":
		least = 1
	}
	if n, ok := permyriad(text); ok {
		return n >= int64(least) && n <= 10000
	}
	n, ok := bytes(text, 1024)
	return text == "infinity" || ok && n >= least && n != math.MaxUint64
}

// limit is what is wanted of a resource limit: one number, or soft:hard.
func limit(kind, value string) string {
	read := func(s string) (uint64, bool) { return unsigned(s, 64) }
	want := "a number, soft:hard, or infinity"
	switch kind {
	case "FSIZE", "DATA", "STACK", "CORE", "RSS", "AS", "MEMLOCK", "MSGQUEUE":
		read = func(s string) (uint64, bool) { return bytes(s, 1024) }
		want = "a size such as 64M, soft:hard, or infinity"
	case "CPU", "RTTIME":
		read = func(s string) (uint64, bool) {
			if n, ok := unsigned(s, 64); ok && kind == "RTTIME" {
				return n, true
			}
			return span(s, timeUnits)
		}
		want = "a time span, soft:hard, or infinity"
	case "NICE":
		read, want = niceLimit, "a number from +19 to -20 with its sign, or from 1 to 40 without"
	}
	readOne := read
	if kind != "NICE" {
		read = func(s string) (uint64, bool) {
			if s == "infinity" {
				return math.MaxUint64, true
			}
			return readOne(s)
		}
	}
	soft, hard, both := strings.Cut(value, ":")
	least, ok := read(soft)
	if both && ok {
		most, isNumber := read(hard)
		if isNumber && least > most {
			return "a soft limit that is not above the hard one"
		}
		ok = isNumber
	}
	if ok {
		return ""
	}
	return want + nearestSize(value, func(s string) bool { _, ok := read(s); return ok })
}

// niceLimit reads +19 to -20, or 1 to 40 for the same.
func niceLimit(text string) (uint64, bool) {
	n, ok := integer(text, 32)
	if strings.HasPrefix(text, "+") || strings.HasPrefix(text, "-") {
		return uint64(20 - n), ok && n >= -20 && n <= 19 //nolint:gosec // within the bounds
	}
	return uint64(n), ok && n >= 0 && n <= 40 //nolint:gosec // within the bounds
}

// orNearest is matching for sizes.
func orNearest(value string, reads func(string) bool, want string) string {
	if reads(value) {
		return ""
	}
	return want + nearestSize(value, reads)
}

// nearestSize adds what was probably meant by a unit of another program: 1GB, 512m, 5Gi, unlimited.
func nearestSize(value string, reads func(string) bool) string {
	upper := strings.ToUpper(value)
	tries := []string{upper}
	for _, unit := range []string{"IB", "I", "B"} {
		if cut, ok := strings.CutSuffix(upper, unit); ok {
			tries = append(tries, cut)
		}
	}
	if oneOf(strings.ToLower(value), "max", "unlimited", "none", "inf", "-1") {
		tries = append(tries, "infinity")
	}
	for _, t := range tries {
		if t != value && reads(t) {
			return " (did you mean " + t + "?)"
		}
	}
	return ""
}

// sizeUnits are from the largest on, each with its power of the base. The last needs no letter.
var sizeUnits = [...]struct {
	letter string
	power  int
}{{"E", 6}, {"P", 5}, {"T", 4}, {"G", 3}, {"M", 2}, {"K", 1}, {"B", 0}, {"", 0}}

// bytes reads a size as systemd's parse_size: numbers with units that fall, "1G 512M", with fractions.
func bytes(text string, base uint64) (uint64, bool) {
	total, from := uint64(0), 0
	for {
		text = strings.TrimLeft(text, blanks)
		text = strings.TrimPrefix(text, "+")
		n := len(text) - len(strings.TrimLeft(text, digits))
		whole, err := strconv.ParseUint(text[:n], 10, 64)
		if err != nil {
			return 0, false
		}
		text = text[n:]
		fraction := 0.0
		if rest, ok := strings.CutPrefix(text, "."); ok {
			n := len(rest) - len(strings.TrimLeft(rest, digits))
			if n > 0 {
				fraction, _ = strconv.ParseFloat("0."+rest[:n], 64)
			}
			text = rest[n:]
		}
		text = strings.TrimLeft(text, blanks)
		for from < len(sizeUnits) && !strings.HasPrefix(text, sizeUnits[from].letter) {
			from++
		}
		if from == len(sizeUnits) {
			return 0, false
		}
		factor := uint64(1)
		for range sizeUnits[from].power {
			factor *= base
		}
		if whole > math.MaxUint64/factor {
			return 0, false
		}
		add := whole*factor + uint64(fraction*float64(factor))
		if total > math.MaxUint64-add {
			return 0, false
		}
		total += add
		text = text[len(sizeUnits[from].letter):]
		if from++; text == "" {
			return total, true
		}
	}
}

// permyriad reads a share: 50%, 12.5%, 5‰ or 5‱, in ten thousandths.
func permyriad(text string) (int64, bool) {
	for _, u := range []struct {
		sign     string
		decimals int
		factor   int64
	}{{"%", 2, 100}, {"‰", 1, 10}, {"‱", 0, 1}} {
		number, ok := strings.CutSuffix(text, u.sign)
		if !ok {
			continue
		}
		whole, fraction, dotted := strings.Cut(number, ".")
		n, ok := integer(whole, 32)
		if !ok || n < 0 || n > math.MaxInt32/u.factor {
			return 0, false
		}
		if n *= u.factor; !dotted {
			return n, true
		}
		if !all(fraction, digits) || len(fraction) > u.decimals {
			return 0, false
		}
		for scale := u.factor / 10; fraction != ""; scale /= 10 {
			n += int64(fraction[0]-'0') * scale
			fraction = fraction[1:]
		}
		return n, n <= math.MaxInt32
	}
	return 0, false
}

func isShare(text string) bool {
	n, ok := permyriad(text)
	return ok && n <= 10000
}

// timeUnits are the units of a time span, in the order in which systemd tries them: the first that fits is taken. Behind each
// stands how many microseconds it has.
const timeUnits = " seconds second sec s minutes minute min months month M msec ms m hours hour hr h days day d weeks week w years year y usec us \u03bcs \u00b5s "

const infinity = math.MaxUint64

// spanOf is what is wanted of a time span.
func spanOf(value, units string) string {
	return matching(value, func(s string) bool { _, ok := span(s, units); return ok }, "a time span such as 90 or 1min 30s")
}

// span reads a time span as systemd's parse_time: "10d", "1h 30min", "infinity", "5" for seconds. It returns microseconds.
func span(text, units string) (uint64, bool) {
	text = strings.Trim(text, blanks)
	if text == "infinity" {
		return infinity, true
	}
	total := uint64(0)
	for first := true; ; first = false {
		text = strings.TrimLeft(text, blanks)
		if text == "" {
			return total, !first
		}
		plus := strings.HasPrefix(text, "+")
		text = strings.TrimPrefix(text, "+")
		n := len(text) - len(strings.TrimLeft(text, digits))
		whole, err := strconv.ParseUint("0"+text[:n], 10, 63)
		if err != nil {
			return 0, false
		}
		rest, dotted := strings.CutPrefix(text[n:], ".")
		if n == 0 && (!dotted || plus) {
			return 0, false
		}
		fraction := 0
		if dotted {
			if fraction = len(rest) - len(strings.TrimLeft(rest, digits)); fraction == 0 {
				return 0, false
			}
			rest = rest[fraction:]
		}
		behind := strings.TrimLeft(rest, blanks)
		factor := uint64(1e6)
		for unit := range strings.FieldsSeq(units) {
			if cut, ok := strings.CutPrefix(behind, unit); ok {
				behind, factor = cut, unitLength(unit)
				break
			}
		}
		if behind == rest && rest != "" {
			return 0, false // "12.34.56" is not read, "12.34 .56" is
		}
		if whole >= infinity/factor || total > infinity-whole*factor-factor {
			return 0, false
		}
		total += whole * factor
		if fraction > 0 {
			part, _ := strconv.ParseFloat("0."+text[n+1:n+1+fraction], 64)
			total += uint64(part * float64(factor))
		}
		text = behind
	}
}

// unitLength is how many microseconds a unit has. The year is 365.25 days, the month a twelfth of it.
func unitLength(unit string) uint64 {
	const second = 1e6
	switch unit {
	case "minutes", "minute", "min", "m":
		return 60 * second
	case "hours", "hour", "hr", "h":
		return 3600 * second
	case "days", "day", "d":
		return 86400 * second
	case "weeks", "week", "w":
		return 7 * 86400 * second
	case "months", "month", "M":
		return 2629800 * second
	case "years", "year", "y":
		return 31557600 * second
	case "msec", "ms":
		return 1000
	case "usec", "us", "\u03bcs", "\u00b5s", "nsec", "ns":
		return 1
	}
	return second
}

func isMode(text string) bool {
	n, err := strconv.ParseUint(text, 8, 32)
	return err == nil && all(text, "01234567") && n <= 0o7777
}

// isSignal reports whether a text is a signal by name, with SIG or without, or number. Real-time signals are counted from both ends.
func isSignal(value string) bool {
	if n, ok := integer(value, 32); ok {
		return n > 0 && n <= realTimeMost
	}
	name := strings.TrimPrefix(value, "SIG")
	for _, end := range []struct {
		name string
		sign byte
	}{{"RTMIN", '+'}, {"RTMAX", '-'}} {
		rest, ok := strings.CutPrefix(name, end.name)
		if !ok {
			continue
		}
		if rest == "" {
			return true
		}
		n, ok := unsigned(rest[1:], 32)
		return rest[0] == end.sign && ok && n <= realTimeMost-realTimeLeast
	}
	return inList(" " + signals + " ")(name)
}

// What the C library leaves of the real-time signals.
const (
	realTimeLeast = 34
	realTimeMost  = 64
)

// signals are the names that systemd knows beside those of real-time signals.
const signals = "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF " +
	"WINCH IO PWR SYS"
