package config

// The levels a rule may have, as they are written.
var levels = []string{"error", "warning", "info", "off"}

// grammar is the whole file.
func grammar() shape {
	return shape{
		kind: object, doc: "The configuration of nixlint for a repository: .nixlint.yaml.", keys: []key{
			{name: "policy", shape: shape{kind: text, forms: word, doc: "The profile to judge by, unless --policy names another: baseline, strict or one of profiles."}},
			{name: "fail-level", shape: shape{kind: text, words: levels[:3], doc: "Findings of this level and above end with status 1, unless --fail-level says otherwise."}},
			{name: "rules", shape: rulesShape("What this repository says of single rules, over the profile.")},
			{name: "profiles", shape: shape{kind: table, name: word, each: new(profileShape()), doc: "Profiles of the repository's own, by name."}},
			{name: "site", shape: siteShape()},
			{name: "hosts", shape: shape{kind: list, least: 1, each: &shape{kind: text, forms: glob}, doc: "The hosts to judge, names or globs; all when not given."}},
			{name: "exclude", shape: shape{kind: list, each: &shape{kind: text, forms: globWithin}, doc: "Globs of files that are not judged, from the folder of this file."}},
			{name: "waivers", shape: shape{kind: list, each: new(waiverShape()), doc: "Findings that are accepted, each with its reason."}},
			{name: "rule-directories", shape: shape{kind: list, each: &shape{kind: text, forms: within}, doc: "Folders of the repository's own rules, from the folder of this file."}},
			{name: "locked", shape: shape{kind: list, each: &shape{kind: text, forms: rule}, doc: "Rules that no comment can suppress."}},
		},
	}
}

func profileShape() shape {
	return shape{kind: object, doc: "A profile. A rule that neither it nor what it extends names is off.", keys: []key{
		{name: "description", shape: shape{kind: text, forms: filled}},
		{name: "extends", shape: shape{kind: text, forms: word, doc: "The profile whose rules it starts from."}},
		{name: "rules", shape: rulesShape("")},
	}}
}

func rulesShape(doc string) shape {
	level := shape{kind: text, words: levels}
	return shape{kind: table, ref: "rules", name: rule, doc: doc, each: &shape{kind: object, or: &level, keys: []key{
		{name: "level", shape: level},
		{name: "minor", shape: shape{kind: text, words: levels, doc: "The level of the rule's lesser cases; info when not given."}},
		{name: "unknown", shape: shape{kind: text, words: []string{"fail", "note"}, doc: "fail: what cannot be told is a finding. note: it is one note for the unit."}},
		{name: "parameters", shape: factsShape("Facts of the site that the rule reads, by the names they have under site. Other rules that read them read the same.")},
	}}}
}

func waiverShape() shape {
	return shape{
		kind: object, keys: []key{
			{name: "rule", needed: true, shape: shape{kind: text, forms: rule}},
			{name: "unit", shape: shape{kind: text, forms: glob, doc: "A unit or a glob of units, such as backup-*.service; the suffix .service may be left out."}},
			{name: "path", shape: shape{kind: text, forms: globWithin, doc: "A file or a glob of files, from the folder of this file."}},
			{name: "reason", needed: true, shape: shape{kind: text, forms: filled}},
			{name: "owner", shape: shape{kind: text, forms: filled, doc: "Who answers for it."}},
			{name: "expires", shape: shape{kind: text, forms: date, doc: "The last day on which it holds."}},
		},
		either: []string{"unit", "path"},
	}
}

func siteShape() shape {
	return factsShape("Facts about the machines. They are laid over the defaults: a list replaces a list, null removes an entry.")
}

// factsShape are the facts that rules read as data.site.
func factsShape(doc string) shape {
	words := texts("")
	port := shape{kind: number, least: 1, most: 65535}
	tenths := shape{kind: number, least: 0, most: 100, doc: "In tenths, as `systemd-analyze security --threshold` takes it."}
	named := shape{kind: text, forms: filled}
	entries := func(doc string, each shape) shape {
		return shape{kind: table, doc: doc, name: filled, each: &each, removes: true}
	}
	return shape{kind: object, ref: "facts", doc: doc, keys: []key{
		{name: "availability", shape: entries("By service and directive, the values one of which it must have.", ofTexts(""))},
		{name: "clamav_daemon", shape: shape{kind: object, keys: []key{
			{name: "units", shape: words},
			{name: "directives", shape: ofTexts("")},
			{name: "writable", shape: words},
		}}},
		{name: "clamav_scan", shape: shape{kind: object, keys: []key{
			{name: "units", shape: words},
			{name: "scan", shape: words},
			{name: "exclude", shape: words},
			{name: "limits", shape: entries("", named)},
			{name: "log", shape: shape{kind: text, forms: absPath}},
			{name: "background", shape: ofTexts("")},
		}}},
		{name: "credentials", shape: shape{kind: object, keys: []key{
			{name: "store", shape: shape{kind: text, forms: absPath}},
			{name: "mode", shape: shape{kind: text, forms: mode}},
			{name: "units", shape: ofTexts("By service, the credentials it must load.")},
		}}},
		{name: "exposure", shape: shape{kind: object, keys: []key{
			{name: "limit", shape: tenths},
			{name: "units", shape: entries("Services with a limit of their own.", tenths)},
			{name: "exempt", shape: texts("Services without one, as globs: what people log in to, what runs others.")},
		}}},
		{name: "gpu", shape: shape{kind: object, keys: []key{
			{name: "devices", shape: texts("Device nodes that GPU services may open.")},
			{name: "groups", shape: texts("Groups whose members may use a GPU.")},
			{name: "units", shape: entries("GPU services: the groups each needs, and whether it uses a GPU always.", shape{kind: object, keys: []key{
				{name: "groups", shape: words, whole: true},
				{name: "always", shape: shape{kind: boolean}, whole: true},
			}})},
		}}},
		{name: "health", shape: texts("Critical services: each has a health check.")},
		{name: "jupyter", shape: shape{kind: object, keys: []key{
			{name: "units", shape: words},
			{name: "directives", shape: ofTexts("")},
			{name: "flags", shape: words},
		}}},
		{name: "logs", shape: shape{kind: object, keys: []key{
			{name: "root", shape: shape{kind: text, forms: absPath, doc: "The folder that all logs are in."}},
			{name: "flags", shape: texts("Flags that name a log file.")},
		}}},
		{name: "loopback", shape: entries("Services that listen on this machine only: the flags and variables that say where.", shape{kind: object, keys: []key{
			{name: "flags", shape: words, whole: true},
			{name: "variables", shape: words, whole: true},
		}})},
		{name: "ordering", shape: ofTexts("By service, the units it must be ordered after.")},
		{name: "organization", shape: shape{kind: object, keys: []key{
			{name: "root", shape: shape{kind: text, forms: within, doc: "The folder that all services are defined under."}},
		}}},
		{name: "ports", shape: shape{kind: object, keys: []key{
			{name: "flags", shape: entries("By service, the flag that names its port.", named)},
			{name: "defaults", shape: entries("By service, the port without that flag.", port)},
			{name: "settings", shape: entries("By service, the options that turn it on and name its port.", shape{kind: object, keys: []key{
				{name: "enable", shape: named, whole: true},
				{name: "port", shape: words, whole: true},
				{name: "default", shape: port, whole: true},
			}})},
		}}},
		{name: "shared_directories", shape: texts("Folders where everybody may write.")},
		{name: "sshd", shape: shape{kind: object, keys: []key{
			{name: "units", shape: words},
			{name: "directives", shape: ofTexts("")},
			{name: "capabilities", shape: words},
			{name: "syscalls", shape: words},
		}}},
		{name: "timers", shape: entries("By timer and directive, the values one of which it must have.", ofTexts(""))},
		{name: "tmpfiles", shape: entries("By path, the line that must create it.", shape{kind: object, keys: []key{
			{name: "type", shape: named, whole: true},
			{name: "mode", shape: shape{kind: text, forms: mode}},
			{name: "user", shape: named},
			{name: "group", shape: named},
			{name: "argument", shape: named},
		}})},
	}}
}
