# METADATA
# title: A service comes back after it fails
# description: |
#   Without the restart policy a service that crashed once stays down until somebody looks.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Restart=
# custom:
#   kind: unit
#   severity: error
#   precision: high
#   tags: [availability]
#   fix: |2
#         serviceConfig = {
#           Restart = "always";
#           RestartSec = 10;
#         };
package nixlint.rules.availability.restart_policy

import data.nixlint.lib
import data.site
import future.keywords.not

report contains lib.demand("Service", directive, accepted, _consequences[directive]) if {
	input.kind == "service"
	some directive, accepted in site.availability[input.name]
}

_consequences := {
	"Restart": "after a crash the service stays down",
	"RestartSec": "a service that cannot start is started again at once, until systemd gives up on it",
}
