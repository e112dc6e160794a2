package systemd

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"unicode/utf8"
)

// isUser reports whether a text may be the name of an account, or its number, by the relaxed rules of systemd. What a specifier stands
// for may be one.
func isUser(text string) bool {
	switch {
	case vague(text):
		return true
	case text == "" || oneOf(text, ".", "..", "-") || strings.ContainsAny(text, ":/") || hasControl(text):
		return false
	}
	if all(text, digits) {
		n, ok := unsigned(text, 32)
		return ok && (text == "0" || text[0] != '0') && n != 65535 && n != 1<<32-1
	}
	return text[0] != '-' || !all(text[1:], digits)
}

// accounts is what is wanted of the names of several. systemd reads on behind an unbalanced quote.
func accounts(value string) string {
	words, ok := Split(Words, value)
	if !ok && !vague(value) && strings.ContainsAny(value, ":/") {
		return "names of groups, or their numbers, without : and /"
	}
	for _, w := range words {
		if !isUser(w) {
			return "names of groups, or their numbers, which " + show(w) + " is not"
		}
	}
	return ""
}

func hasControl(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// isBusName reports whether a text is a name on D-Bus: elements between dots, two or more.
func isBusName(text string) bool {
	if vague(text) {
		return true
	}
	name, unique := strings.CutPrefix(text, ":")
	elements := strings.Split(name, ".")
	for _, e := range elements {
		if !all(e, nameChars) || !unique && strings.Contains(digits, e[:1]) {
			return false
		}
	}
	return len(elements) > 1 && len(text) <= maxName
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf })
}

func isHex(text string) bool {
	return all(text, digits+"abcdefABCDEF") && len(text) <= 16 || strings.HasPrefix(text, "0x") && isHex(text[2:])
}

func isRootHash(text string) bool {
	if strings.HasPrefix(text, "/") || vague(text) {
		return true
	}
	data, err := hex.DecodeString(text)
	return err == nil && len(data) >= 16
}

func isSignature(text string) bool {
	data, ok := strings.CutPrefix(text, "base64:")
	return strings.HasPrefix(text, "/") || vague(text) || ok && isBase64(data)
}

func isBase64(text string) bool {
	text = strings.Map(func(r rune) rune {
		if strings.ContainsRune(blanks, r) {
			return -1
		}
		return r
	}, text)
	_, err := base64.StdEncoding.Strict().DecodeString(text)
	return err == nil || open(text)
}

// isDescriptorName reports whether a text may be the name of a file descriptor.
func isDescriptorName(text string) bool {
	return vague(text) || len(text) <= maxName && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r >= 0x7f || r == ':' })
}

func isErrorNumber(text string) bool {
	return text == "kill" || inList(listOf("SystemCallErrorNumber"))(strings.ToUpper(text)) || within(text, 1, 4095)
}

// services are the words of IPTOS=.
const services = "low-delay, throughput, reliability, low-cost"

func isService(text string) bool {
	return inList(" low-delay throughput reliability low-cost ")(text) || within(text, 0, 255)
}

// maxInterface is how long the name of an interface is that is no alternative one, with the byte at its end.
const maxInterface = 16

// isInterface reports whether a text may be the name of a network interface, an alternative one too.
func isInterface(text string) bool {
	if text == "" || len(text) > 127 || oneOf(text, ".", "..", "all", "default") {
		return false
	}
	if _, ok := unsigned(text, 32); ok {
		return false
	}
	return !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune(":/%", r) })
}

func isNamespaceOfLogs(text string) bool {
	return vague(text) || all(text, nameChars+":.@") && text != "." && text != ".." && len(text) <= maxName
}

func isSubgroup(text string) bool {
	switch {
	case vague(text):
		return true
	case text == "", oneOf(text, ".", "..", "release_agent", "notify_on_release", "tasks"), strings.HasPrefix(text, "_"), strings.HasPrefix(text, "."), strings.HasPrefix(text, "cgroup."):
		return false
	}
	return !strings.Contains(text, "/") && len(text) <= maxName
}

func isHostName(text string) bool {
	for label := range strings.SplitSeq(strings.TrimSuffix(text, "."), ".") {
		if !all(label, nameChars) || label[0] == '-' || label[len(label)-1] == '-' || len(label) > 63 {
			return false
		}
	}
	return len(text) <= 64
}

const secureBits = " keep-caps keep-caps-locked no-setuid-fixup no-setuid-fixup-locked noroot noroot-locked "

func isExitStatus(word string) bool {
	return within(word, 0, 255) || inList(listOf("SuccessExitStatus"))(word) || isSignal(word) && strings.Trim(word, digits) != ""
}

func isVariable(name string) bool {
	return all(name, letters+digits+"_") && !strings.Contains(digits, name[:1])
}

// variables is what is wanted of assignments to variables of the environment.
func variables(value string) string {
	for value = strings.TrimLeft(value, blanks); value != ""; value = strings.TrimLeft(value, blanks) {
		word, rest, ok := firstWord(value, escaped)
		if !ok {
			return unbalancedEscapes(value)
		}
		name, set, ok := strings.Cut(word, "=")
		switch {
		case vague(name):
		case !ok:
			return "words NAME=VALUE, which " + show(word) + " is not; a value with blanks stands in quotes"
		case !isVariable(name):
			return "names of letters, digits and _, which " + show(name) + " is not"
		case hasControl(strings.NewReplacer("\n", "", "\t", "", "\r", "", hole, "").Replace(set)) && !utf8.ValidString(set):
			return "text in UTF-8"
		}
		value = rest
	}
	return ""
}

func unbalancedEscapes(value string) string {
	if open(value) {
		return ""
	}
	return "balanced quotes, and escapes of C"
}

// logFields is what is wanted of fields for the journal.
func logFields(value string) string {
	for value = strings.TrimLeft(value, blanks); value != ""; value = strings.TrimLeft(value, blanks) {
		word, rest, ok := firstWord(value, escaped)
		if !ok {
			return unbalancedEscapes(value)
		}
		name, _, ok := strings.Cut(word, "=")
		switch {
		case vague(name):
		case !ok:
			return "words FIELD=VALUE, which " + show(word) + " is not"
		case !all(name, letters[:26]+digits+"_"), name[0] == '_', strings.Contains(digits, name[:1]), len(name) > 64:
			return "fields of capital letters, digits and _, which " + show(name) + " is not"
		}
		value = rest
	}
	return ""
}

// disabled is what is wanted of controllers: systemd keeps quiet about a wrong one behind a right one.
func disabled(value string) string {
	words := listOf("Delegate")
	return named(value, literal, "controllers", inList(words), words)
}

// isCredential reports whether a text may be the name of a credential.
func isCredential(name string) bool {
	return vague(name) || name != "" && !oneOf(name, ".", "..") && len(name) <= maxName &&
		!strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r >= 0x7f || r == ':' || r == '/' })
}

func setCredential(directive, value string) string {
	id, data, ok := firstPart(value)
	switch {
	case open(value):
		return ""
	case !ok || data == "":
		return "name:data"
	case !isCredential(id):
		return "a name of printable characters without / before the colon"
	case directive == "SetCredential":
		return matching(data, unescapes, "data whose escapes are those of C")
	}
	return matching(data, isBase64, "data in Base64 behind the colon")
}

func loadCredential(value string) string {
	id, source, ok := firstPart(value)
	switch {
	case vague(id) && (!ok || vague(source)):
		return ""
	case !isCredential(id):
		return "a name of printable characters without / before the colon"
	case source == "" || vague(source):
		return ""
	case source[0] == '/' && (!normal(source) || strings.Contains(source, "//") || strings.Contains(source+"/", "/./")):
		return `a path without "..", "." and empty parts`
	case source[0] != '/' && !isCredential(source):
		return "an absolute path behind the colon, or the name of another credential"
	}
	return ""
}

// firstPart cuts a value at its first colon. Quotes around the part before are taken off.
func firstPart(value string) (part, rest string, ok bool) {
	part = parts(value)[0]
	rest, ok = strings.CutPrefix(value[len(part):], ":")
	return strings.TrimLeft(part, `"'`), rest, ok
}

func importCredential(value string) string {
	glob, renamed, ok := strings.Cut(value, ":")
	switch {
	case vague(value):
		return ""
	case strings.ContainsAny(strings.TrimSuffix(glob, "*"), "*?[") || glob != "*" && !isCredential(strings.TrimSuffix(glob, "*")):
		return "the name of a credential, with * at its end"
	case ok && renamed != "" && !isCredential(renamed):
		return "the name of a credential behind the colon"
	}
	return ""
}

// unescapes reports whether all backslashes of a text begin an escape of C.
func unescapes(text string) bool {
	var b strings.Builder
	for i := 0; i < len(text); {
		if text[i] != '\\' {
			i++
			continue
		}
		if i+1 == len(text) {
			return false
		}
		n := cEscape(&b, text[i:])
		if n == 0 {
			return open(text)
		}
		i += n
	}
	return true
}

// calls is what is wanted of a filter of system calls. Names are those of all architectures.
func calls(name, value string) string {
	rest, inverted := signed(value)
	names := listOf("SystemCallFilter")
	return named(rest, bare, "system calls or groups of them", func(w string) bool {
		call, number, ok := strings.Cut(w, ":")
		if ok && (!inverted || name != "SystemCallFilter" || !isErrorNumber(number) && number != "kill" && !within(number, 0, 4095)) {
			return false
		}
		return inList(names)(call)
	}, names)
}

func families(value string) string {
	if value == "none" {
		return ""
	}
	return named(strings.TrimPrefix(value, "~"), literal, "address families", func(w string) bool {
		_, _, ok := AddressFamily(w)
		return ok
	}, familyNames...)
}

// dependencies is what is wanted of names of units.
func dependencies(directive, value string) string {
	for word := range strings.FieldsSeq(value) {
		suffix := word[strings.LastIndexByte(word, '.')+1:]
		switch {
		case open(word), strings.Contains(word, "%") && (suffix == word || vague(suffix) || len(suffix) == 0):
		case directive == "Sockets" && suffix != "socket":
			return "names of sockets, which " + show(word) + " is not"
		case vague(word):
			if !isSuffix(suffix) {
				return "names of units with their suffix, which " + show(word) + " has not"
			}
		case !IsUnitName(word):
			if !isSuffix(suffix) {
				return "names of units with their suffix, which " + show(word) + " has not"
			}
			return "names of units of letters, digits and :_.\\@-, which " + show(word) + " is not"
		}
	}
	return ""
}

func isSuffix(s string) bool {
	return oneOf(s, "service", "socket", "device", "mount", "automount", "swap", "target", "path", "timer", "slice", "scope")
}

// IsUnitName reports whether a text is the name of a unit, with its suffix.
func IsUnitName(name string) bool {
	dot := strings.LastIndexByte(name, '.')
	return dot > 0 && dot < len(name)-1 && isSuffix(name[dot+1:]) && name[0] != '@' && all(name[:dot], nameChars+`:.\@`) && len(name) <= maxName
}

// unitOf is what is wanted of the name of one unit.
func unitOf(directive, value string) string {
	suffix := value[strings.LastIndexByte(value, '.')+1:]
	switch {
	case open(value), strings.Contains(value, "%"):
		return ""
	case !IsUnitName(value):
		return "the name of a unit with its suffix"
	case directive == "Slice" && (suffix != "slice" || strings.Contains(value, "@")):
		return "the name of a slice"
	case directive == "Service" && (suffix != "service" || strings.Contains(value, "@.")):
		return "the name of a service"
	}
	return ""
}

var documents = []string{"http://", "https://", "file:", "info:", "man:"}

func documentation(value string) string {
	return named(value, kept, "documents such as https://example.org or man:foo(8)", func(w string) bool {
		if vague(w) {
			return true
		}
		for _, scheme := range documents {
			if rest, ok := strings.CutPrefix(w, scheme); ok && rest != "" && (scheme != "file:" || rest[0] == '/' && len(rest) > 1) {
				return !strings.ContainsFunc(rest, func(r rune) bool { return r < ' ' || r >= 0x7f })
			}
		}
		return false
	})
}
