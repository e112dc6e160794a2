package systemd

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Tmpfiles is a line of tmpfiles.d. Fields that are left out or "-" are empty: systemd's default holds.
type Tmpfiles struct {
	Type     string `json:"type"`   // as written, "L+"
	Letter   string `json:"letter"` // the type without its modifiers, "L"
	Path     string `json:"path"`
	Mode     string `json:"mode"`  // with its prefixes ":" and "~"
	User     string `json:"user"`  // with its prefix ":"
	Group    string `json:"group"` // with its prefix ":"
	Age      string `json:"age"`
	Argument string `json:"argument"` // the rest of the line, blanks around it cut; escapes of C undone for links and files
}

// ParseTmpfiles reads one line of tmpfiles.d as systemd-tmpfiles 252 does. The error says what is wrong with the line; the
// fields that could be read are returned with it. A blank line or a comment is an error too: it is no rule.
func ParseTmpfiles(line string) (Tmpfiles, error) {
	line = strings.Trim(line, blanks)
	if line == "" || line[0] == '#' {
		return Tmpfiles{}, errors.New("a blank line or a comment is no rule")
	}
	var fields [6]string
	rest := line
	for i := range fields {
		if rest = strings.TrimLeft(rest, blanks); rest == "" {
			break
		}
		word, after, ok := firstWord(rest, literal)
		if !ok {
			return Tmpfiles{}, fmt.Errorf("field %d has a quote that is not closed or a backslash at its end: %s", i+1, rest)
		}
		fields[i], rest = word, after
	}
	t := Tmpfiles{
		Type: fields[0], Path: fields[1], Mode: given(fields[2]), User: given(fields[3]), Group: given(fields[4]), Age: given(fields[5]),
		Argument: given(strings.Trim(rest, blanks)),
	}
	if t.Type != "" {
		t.Letter = t.Type[:1]
	}
	if err := t.unescape(); err != nil {
		return t, err
	}
	for _, check := range []func(Tmpfiles) error{checkType, checkPath, checkMode, checkAge, checkArgument} {
		if err := check(t); err != nil {
			return t, err
		}
	}
	return t, nil
}

// unescape undoes the escapes of an argument that is a path or a text.
func (t *Tmpfiles) unescape() error {
	if t.Letter == "" || !strings.Contains("fFwLC", t.Letter) || !strings.Contains(t.Argument, `\`) {
		return nil
	}
	var b strings.Builder
	for text := t.Argument; text != ""; {
		n := 1
		if text[0] != '\\' {
			b.WriteByte(text[0])
		} else if n = escape(&b, text, escaped); n == 0 {
			return fmt.Errorf("the argument %q has a backslash that escapes nothing", t.Argument)
		}
		text = text[n:]
	}
	t.Argument = b.String()
	return nil
}

func given(field string) string {
	if field == "-" {
		return ""
	}
	return field
}

// tmpfilesTypes are the types of systemd 252; F and m are old spellings of f+ and z.
const tmpfilesTypes = "fFwdDevqQpLcbCxXrRzZtThHaAm"

func checkType(t Tmpfiles) error {
	if t.Letter == "" || !strings.Contains(tmpfilesTypes, t.Letter) {
		return fmt.Errorf("the type %q is none of %s", t.Type, strings.Join(strings.Split(tmpfilesTypes, ""), " "))
	}
	for i, m := range t.Type[1:] {
		if !strings.ContainsRune("!+-=~^", m) || strings.ContainsRune(t.Type[1:1+i], m) {
			return fmt.Errorf("the type %q may be followed by ! + - = ~ ^, each once", t.Type)
		}
	}
	return nil
}

// tmpfilesSpecifiers are the letters that may follow % in a path.
const tmpfilesSpecifiers = "%aAbBCghHlLmMoSTtuUvVwWG"

func checkPath(t Tmpfiles) error {
	switch {
	case t.Path == "":
		return errors.New("the line has no path")
	case !strings.ContainsRune("/<%", rune(t.Path[0])):
		return fmt.Errorf("the path %q is not absolute", t.Path)
	}
	for i := 0; i < len(t.Path)-1; i++ {
		if t.Path[i] != '%' {
			continue
		}
		i++
		if !strings.Contains(tmpfilesSpecifiers, t.Path[i:i+1]) {
			return fmt.Errorf("the path %q has %%%c, which is no specifier", t.Path, t.Path[i])
		}
	}
	return nil
}

func checkMode(t Tmpfiles) error {
	if t.Mode == "" || strings.Contains(t.Mode, "<") {
		return nil
	}
	digits := strings.TrimLeft(t.Mode, ":~")
	if n, err := strconv.ParseUint(digits, 8, 16); err != nil || n > 0o7777 {
		return fmt.Errorf("the mode %q is no octal number up to 07777", t.Mode)
	}
	return nil
}

func checkAge(t Tmpfiles) error {
	if t.Age == "" || strings.Contains(t.Age, "<") {
		return nil
	}
	age := strings.TrimPrefix(t.Age, "~")
	if by, span, ok := strings.Cut(age, ":"); ok {
		if by == "" || strings.Trim(by, "aAbBcCmM") != "" {
			return fmt.Errorf("the age %q starts with %q, which is none of a A b B c C m M", t.Age, by)
		}
		age = span
	}
	if _, ok := span(age, timeUnits); !ok {
		return fmt.Errorf("the age %q is no time span", t.Age)
	}
	return nil
}

func checkArgument(t Tmpfiles) error {
	what, needed := map[string]string{
		"w": "what to write", "c": "major:minor", "b": "major:minor", "t": "the attributes", "T": "the attributes",
		"a": "the access control list", "A": "the access control list", "h": "the attributes", "H": "the attributes",
	}[t.Letter]
	if !needed || strings.Contains(t.Argument, "<") {
		return nil
	}
	if t.Argument == "" {
		return fmt.Errorf("the type %s needs an argument: %s", t.Letter, what)
	}
	if t.Letter == "c" || t.Letter == "b" {
		major, minor, _ := strings.Cut(t.Argument, ":")
		if !isNumber(major) || !isNumber(minor) {
			return fmt.Errorf("the argument %q is not major:minor", t.Argument)
		}
	}
	return nil
}

func isNumber(s string) bool {
	_, err := strconv.ParseUint(s, 10, 32)
	return err == nil
}
