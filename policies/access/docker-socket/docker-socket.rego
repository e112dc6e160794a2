# METADATA
# title: No service may tell docker what to do
# description: |
#   Who may write to the socket of docker or is in its group starts containers that have the whole machine: it is root without a
#   password, whatever the sandbox of the service says.
# related_resources:
#   - https://docs.docker.com/engine/security/#docker-daemon-attack-surface
# custom:
#   kind: unit
#   severity: warning
#   precision: high
#   security_severity: "8.0"
#   tags: [access, security, "nist-800-53:AC-6"]
#   fix: |2
#         # Use rootless podman, or an API proxy that lets through only what the service needs.
#         virtualisation.podman.enable = true;
package nixlint.rules.access.docker_socket

import data.nixlint.lib
import future.keywords.not

report contains found if {
	input.kind == "service"
	some group in lib.stated("Service", "SupplementaryGroups")
	group.text in {"docker", "podman"}
	found := _finding("SupplementaryGroups", group)
}

report contains found if {
	input.kind == "service"
	some group in lib.stated("Service", "Group")
	group.text in {"docker", "podman"}
	found := _finding("Group", group)
}

report contains found if {
	input.kind == "service"
	some directive in ["BindPaths", "BindReadOnlyPaths", "ReadWritePaths"]
	some path in lib.stated("Service", directive)
	regex.match(`^[-+]*/(?:var/)?run/docker\.sock`, path.text)
	found := _finding(directive, path)
}

_finding(directive, value) := lib.decided(
	lib.standing(input.sections.Service[directive][value.path[3]]), value.path,
	sprintf("%s=%s: who may talk to docker is root on this machine", [directive, value.text]),
	"whether it is set is not decided",
)
