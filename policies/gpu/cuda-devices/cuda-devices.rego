# METADATA
# title: A CUDA service may open /dev/nvidia-uvm
# description: |
#   CUDA allocates through /dev/nvidia-uvm. A DeviceAllow list that names the card but not that node makes cuInit fail:
#   the service dies, or silently computes on the processor.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.resource-control.html#DeviceAllow=
# custom:
#   kind: unit
#   severity: error
#   precision: high
#   tags: [compatibility, gpu]
#   fix: |2
#         serviceConfig.DeviceAllow = [ "/dev/nvidia0 rw" "/dev/nvidiactl rw" "/dev/nvidia-uvm rw" ];
package nixlint.rules.gpu.cuda_devices

import data.nixlint.lib
import data.site
import future.keywords.not

report contains found if {
	input.kind == "service"
	site.gpu.units[input.name]
	judged := lib.verdict({_vote(state) | some state in lib.states("Service", "DeviceAllow")})
	found := lib.decided(
		judged, lib.at_list("Service", "DeviceAllow"),
		"DeviceAllow lacks /dev/nvidia-uvm: CUDA cannot start, the service fails or falls back to the processor",
		lib.why("Service", "DeviceAllow"),
	)
}

_vote(state) := "pass" if {
	state.state == "absent"
} else := "pass" if {
	not _card(state)
} else := "pass" if {
	some text in state.texts
	regex.match(`^(?:/dev/nvidia-uvm|char-nvidia-uvm|char-nvidia\*)(?:\s|$)`, text)
} else := lib.lacking(state)

_card(state) if {
	some text in state.texts
	regex.match(`^/dev/nvidia(?:[0-9]+|ctl)(?:\s|$)`, text)
}
