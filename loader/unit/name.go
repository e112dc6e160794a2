package unit

import "strings"

// The natures of a unit's name.
const (
	plain    = "plain unit"
	template = "template"
	instance = "instance"
)

// nature tells web.service, getty@.service and getty@tty1.service apart.
func nature(name string) string {
	at, dot := strings.IndexByte(name, '@'), strings.LastIndexByte(name, '.')
	switch {
	case at < 0 || dot < at:
		return plain
	case dot == at+1:
		return template
	}
	return instance
}

// templateOf is the name of the template of an instance, or "".
func templateOf(name string) string {
	if nature(name) != instance {
		return ""
	}
	return name[:strings.IndexByte(name, '@')+1] + name[strings.LastIndexByte(name, '.'):]
}

// instanceOf is what stands behind the @ of an instance.
func instanceOf(name string) string {
	return name[strings.IndexByte(name, '@')+1 : strings.LastIndexByte(name, '.')]
}

// maxName is how long the name of a unit may be, in bytes.
const maxName = 255

// valid reports whether systemd takes a file name with the ending of a unit for the name of one (unit_name_is_valid).
func valid(name string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-_.\\@"
	return len(name) <= maxName && name[0] != '@' && strings.Trim(name, letters) == ""
}

// near lists a name and the wider ones whose drop-ins it has: a-b@c.service, a-b@.service, a-.service.
func near(name string) []string {
	names := []string{name}
	if t := templateOf(name); t != "" {
		names = append(names, t)
	}
	dot := strings.LastIndexByte(name, '.')
	stem, kind := name[:dot], name[dot:]
	if at := strings.IndexByte(stem, '@'); at >= 0 {
		stem = stem[:at]
	}
	for {
		dash := strings.LastIndexByte(strings.TrimRight(stem, "-"), '-')
		if dash <= 0 {
			return names
		}
		stem = stem[:dash+1]
		names = append(names, stem+kind)
	}
}
