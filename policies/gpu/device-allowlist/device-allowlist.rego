# METADATA
# title: A GPU service may use the GPU's devices and no others
# description: |
#   Without DeviceAllow a service may open every device of the machine that its user may; each further device in the list,
#   and the right to make nodes (m), is one more way out of the service.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.resource-control.html#DeviceAllow=
# custom:
#   kind: unit
#   severity: error
#   precision: high
#   security_severity: "5.5"
#   tags: [security, hardening, gpu, "nist-800-53:AC-6", "anssi-bp-028:R64"]
#   fix: |2
#         serviceConfig.DeviceAllow = [ "/dev/nvidia0 rw" "/dev/nvidiactl rw" "/dev/nvidia-uvm rw" ];
#
#     nixpkgs' own list is merged with it; `lib.mkForce [ … ]` leaves only these.
package nixlint.rules.gpu.device_allowlist

import data.nixlint.lib
import data.site
import future.keywords.not

report contains found if {
	_judged
	some entry in lib.stated("Service", "DeviceAllow")
	_own(entry)
	not contains(entry.text, "<unknown")
	device := split(trim_space(entry.text), " ")[0]
	not _listed(device)
	found := lib.finding("fail", entry.path, sprintf(
		"DeviceAllow=%s is outside of the GPU devices (%s): the service reaches hardware it has no use for",
		[entry.text, concat(", ", site.gpu.devices)],
	))
}

report contains found if {
	_judged
	some entry in lib.stated("Service", "DeviceAllow")
	_own(entry)
	not contains(entry.text, "<unknown")
	words := regex.split(`\s+`, trim_space(entry.text))
	_listed(words[0])
	contains(words[1], "m")
	found := lib.finding("fail", entry.path, sprintf(
		"DeviceAllow=%s gives mode %s, want rw: the service may make device nodes",
		[entry.text, words[1]],
	))
}

report contains found if {
	_judged
	some entry in lib.stated("Service", "DeviceAllow")
	_own(entry)
	not contains(entry.text, "<unknown")
	words := regex.split(`\s+`, trim_space(entry.text))
	_listed(words[0])
	count(words) == 1
	found := lib.minor(lib.finding("fail", entry.path, sprintf(
		"DeviceAllow=%s has no mode, which means rwm, want rw: the service may make device nodes",
		[entry.text],
	)))
}

# Of the base that a list is merged with.
report contains found if {
	_judged
	extra := {entry.text |
		some entry in lib.stated("Service", "DeviceAllow")
		not _own(entry)
		not contains(entry.text, "<unknown")
		not _listed(split(trim_space(entry.text), " ")[0])
	}
	count(extra) > 0
	found := lib.finding("fail", lib.at_list("Service", "DeviceAllow"), sprintf(
		"the list of the unit that this adds to also allows %s; want lib.mkForce, which leaves only %s",
		[concat(", ", sort(extra)), concat(", ", site.gpu.devices)],
	))
}

report contains found if {
	_judged
	site.gpu.units[input.name].always
	judged := lib.verdict({_stated(state) | some state in lib.states("Service", "DeviceAllow")})
	found := lib.decided(
		judged, lib.at_list("Service", "DeviceAllow"), sprintf(
			"DeviceAllow is not set, want %s: every device of the machine is open to the service%s",
			[concat(", ", [sprintf("%s rw", [device]) | some device in site.gpu.devices]), _user],
		),
		lib.why("Service", "DeviceAllow"),
	)
}

_user := "; a user unit cannot shut them out, only a system service can (compat/user-manager-limits)" if {
	input.scope == "user"
} else := ""

_judged if {
	input.kind == "service"
	site.gpu.units[input.name]
}

_own(entry) if count(entry.path) == 4

_listed(device) if device in site.gpu.devices

# An entry of the site that ends in * stands for all that begins so.
_listed(device) if {
	some pattern in site.gpu.devices
	endswith(pattern, "*")
	startswith(device, trim_suffix(pattern, "*"))
}

_stated(state) := "unknown" if {
	state.state == "unknown"
} else := "pass" if {
	state.state == "set"
} else := "fail"
