package systemd

import (
	"slices"
	"strings"
)

// choices lists the words of directives of kind Choice, over systemd 252 to 262. "yes" and "no" stand for all spellings
// of a boolean. A directive that is not listed takes any word.
var choices = map[string][]string{
	"CollectMode":              {"inactive", "inactive-or-failed"},
	"DevicePolicy":             {"auto", "closed", "strict"},
	"ExitType":                 {"main", "cgroup"},
	"IOSchedulingClass":        {"none", "realtime", "best-effort", "idle", "0", "1", "2", "3"},
	"KeyringMode":              {"inherit", "private", "shared"},
	"KillMode":                 {"control-group", "process", "mixed", "none"},
	"ManagedOOMMemoryPressure": {"auto", "kill"},
	"ManagedOOMPreference":     {"none", "avoid", "omit"},
	"ManagedOOMSwap":           {"auto", "kill"},
	"NotifyAccess":             {"none", "main", "exec", "all"},
	"OOMPolicy":                {"continue", "stop", "kill"},
	"ProcSubset":               {"all", "pid"},
	"ProtectHome":              {"yes", "no", "read-only", "tmpfs"},
	"ProtectProc":              {"default", "noaccess", "invisible", "ptraceable"},
	"ProtectSystem":            {"yes", "no", "full", "strict"},
	"Restart":                  {"no", "on-success", "on-failure", "on-abnormal", "on-watchdog", "on-abort", "always"},
	"RuntimeDirectoryPreserve": {"yes", "no", "restart"},
	"TimeoutStartFailureMode":  {"terminate", "abort", "kill"},
	"TimeoutStopFailureMode":   {"terminate", "abort", "kill"},
	"Type":                     {"simple", "exec", "forking", "oneshot", "dbus", "notify", "notify-reload", "idle"},
	"UtmpMode":                 {"init", "login", "user"},
	// Booleans of 252 that later versions give more words.
	"PrivateTmp":           {"yes", "no", "connected", "disconnected"},
	"PrivateUsers":         {"yes", "no", "self", "identity", "full", "managed"},
	"ProtectControlGroups": {"yes", "no", "private", "strict"},
	"ProtectHostname":      {"yes", "no", "private"},
}

// wordBooleans are directives of kind Choice whose "no" is a word of their own, not a boolean.
var wordBooleans = []string{"Restart"}

// ParseBoolean reads a boolean as systemd does: 1 yes y true t on, 0 no n false f off, in any case.
func ParseBoolean(text string) (value, ok bool) {
	switch strings.ToLower(text) {
	case "1", "yes", "y", "true", "t", "on":
		return true, true
	case "0", "no", "n", "false", "f", "off":
		return false, true
	}
	return false, false
}

// choose returns the word a value of a Boolean or a Choice stands for; not ok when systemd would ignore it.
func choose(name string, kind Kind, value string) (string, bool) {
	words, listed := choices[name]
	if kind == Boolean && !listed {
		words, listed = []string{"yes", "no"}, true
	}
	if !listed {
		return value, value != ""
	}
	if slices.Contains(words, value) {
		return value, true
	}
	if !slices.Contains(words, "no") || slices.Contains(wordBooleans, name) {
		return "", false
	}
	b, ok := ParseBoolean(value)
	if !ok {
		return "", false
	}
	if b {
		return "yes", true
	}
	return "no", true
}
