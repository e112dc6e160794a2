package exposure

import (
	"slices"
	"strings"
)

// expanding are the directives in whose values the specifiers matter.
var expanding = []directive{
	deviceAllow, ipEgressFilterPath, ipIngressFilterPath, loadCredentialEncrypted, mountImages, rootDirectory, rootImage, user,
}

// expand replaces the specifiers of a value that a row could tell apart: those made of the unit's name, the user of the manager of the
// system, and folders. Others stay.
func (m *model) expand(d directive, unit, text string) string {
	if strings.IndexByte(text, '%') < 0 || !slices.Contains(expanding, d) {
		return text
	}
	stem := unit[:max(strings.LastIndexByte(unit, '.'), 0)]
	prefix, instance, template := strings.Cut(stem, "@")
	if template && instance == "" {
		instance = "test_instance" // a template is assessed as an instance of that name
	}
	last := prefix[strings.LastIndexByte(prefix, '-')+1:]
	return strings.NewReplacer(
		"%%", "%", "%n", unit, "%N", stem, "%p", prefix, "%P", unescape(prefix), "%i", instance, "%I", unescape(instance),
		"%j", last, "%J", unescape(last), "%u", "root", "%U", "0", "%g", "root", "%G", "0", "%h", "/root",
		"%t", "/run", "%S", "/var/lib", "%C", "/var/cache", "%L", "/var/log", "%E", "/etc", "%T", "/tmp", "%V", "/var/tmp",
		"%d", "/run/credentials/"+unit,
	).Replace(text)
}

// unescape turns the dashes of an escaped name back into slashes. What stands as \x2d makes no difference here.
func unescape(name string) string { return strings.ReplaceAll(name, "-", "/") }
