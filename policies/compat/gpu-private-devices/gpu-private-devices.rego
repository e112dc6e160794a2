# METADATA
# title: A service that uses the GPU can see it
# description: |
#   PrivateDevices gives the service a /dev of its own, without the nodes of the GPU: it falls back to the processor or fails, whatever
#   DeviceAllow says.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#PrivateDevices=
# custom:
#   kind: unit
#   severity: warning
#   precision: high
#   tags: [gpu, compat]
#   fix: |2
#         serviceConfig = {
#           PrivateDevices = false; # DeviceAllow closes everything else
#           DevicePolicy = "closed";
#           DeviceAllow = [ "/dev/nvidia0 rw" "/dev/nvidiactl rw" "/dev/nvidia-uvm rw" ];
#         };
package nixlint.rules.compat.gpu_private_devices

import data.nixlint.lib
import data.nixlint.lib.gpu
import future.keywords.not

report contains found if {
	input.kind == "service"
	input.scope == "system"
	lib.may("Service", "PrivateDevices", {"yes"})
	what := _shown
	not _bound
	private := lib.forbidden("Service", "PrivateDevices", ["yes"])
	found := lib.decided(
		lib.together({private, what.verdict}), lib.at("Service", "PrivateDevices"),
		sprintf("PrivateDevices hides the GPU, and the service uses it (%s)", [what.what]),
		"whether it is on, or uses the GPU, is not decided",
	)
}

_shown := {"what": shown[0].what, "verdict": shown[0].verdict} if {
	shown := [evidence | some evidence in gpu.evidence]
	count(shown) > 0
} else := {"what": sprintf("DeviceAllow=%s", [allowed[0].text]), "verdict": "fail"} if {
	allowed := [device |
		some device in lib.stated("Service", "DeviceAllow")
		regex.match(`^(?:/dev/(?:nvidia|dri|kfd)|char-(?:nvidia|drm|kfd))`, device.text)
	]
	count(allowed) > 0
}

# Nodes that are bound into it are seen again.
_bound if {
	some directive in ["BindPaths", "BindReadOnlyPaths"]
	some path in lib.stated("Service", directive)
	regex.match(`^-?/dev/(?:nvidia|dri|kfd)`, path.text)
}
