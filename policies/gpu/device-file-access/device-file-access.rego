# METADATA
# title: udev rules for NVIDIA's device files do nothing
# description: |
#   GROUP and MODE of a udev rule apply to nodes that udev makes. /dev/nvidia0 and its kin are made with mknod by a udev
#   rule of nixpkgs and by the driver itself, with the group and the mode that the kernel module's parameters say: the rule
#   is accepted, and the files stay as they were.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/udev.html
#   - https://download.nvidia.com/XFree86/Linux-x86_64/470.57.02/README/faq.html
# custom:
#   kind: host
#   severity: info
#   precision: high
#   tags: [gpu]
#   fix: |2
#     Let the kernel module make the files as they should be (the number is that of the group):
#
#         boot.extraModprobeConfig = "options nvidia NVreg_DeviceFileGID=26 NVreg_DeviceFileMode=0660";
package nixlint.rules.gpu.device_file_access

import data.nixlint.lib
import future.keywords.not

report contains found if {
	input.kind == "host"
	some i, setting in input.facts.udev.fields.extraRules
	some alternative in setting
	some line in regex.find_n(`(?m)^[^#\n]*KERNEL=="nvidia[^"]*"[^\n]*$`, alternative.value, -1)
	regex.match(`\b(?:GROUP|MODE)\s*:?=\s*"`, line)
	found := lib.matched(
		lib.decided(
			_verdict(setting, line), ["facts", "udev", "fields", "extraRules", i],
			"udev does not make the nodes of NVIDIA's driver: GROUP and MODE of this rule change nothing",
			"the rule is not decided",
		),
		line,
	)
}

_verdict(setting, line) := "fail" if {
	count(setting) == 1
	not contains(line, "<unknown")
	not object.get(input.facts.udev, "guarded", false)
} else := "unknown"
