# rule: lib
package nixlint.host

import future.keywords.not

lib__nothing := {"state": "absent", "texts": [], "why": ""} if { data.nixlint.host.lib_closed } else = v0 if { v1 = data.nixlint.host.lib_open_why; v0 = {"state": "unknown", "texts": [], "why": v1} }
lib__state(v0) := v1 if { v0.known = false; v2 = [v3 | v4 = v0.values[v5]; v3 = v4.text]; v6 = v0.why; v1 = {"state": "unknown", "texts": v2, "why": v6} } else = v7 if { object.get(v0, "absent", false); v7 = data.nixlint.host.lib__nothing } else = v8 if { v9 = [v10 | v11 = v0.values[v12]; v10 = v11.text]; v8 = {"state": "set", "texts": v9, "why": ""} }
lib_closed = true if { v0 = input.completeness; neq(v0, "override"); v1 = input; object.get(v1, "open", "", v2); v2 = "" }
lib_command__clean(v0) := v1 if { contains(v0, "<unknown:"); data.nixlint.host.lib_command__run(v0, v2); regex.replace(v2, "<unknown: the main program of pkgs\\.([A-Za-z0-9_.-]+)>", "<pkgs.$1>", v3); regex.replace(v3, "<unknown:[^>]*>", "<unknown>", v1) } else = v4 if { data.nixlint.host.lib_command__run(v0, v4) }
lib_command__nothing(v0) = true if { v0.absent }
lib_command__run(v0) := v1 if { contains(v0, "#"); regex.replace(v0, "(?m)^[ \\t]*#[^\\n]*", "", v1) } else = v0 if { true }
lib_command__why(v0) := v1 if { object.get(v0, "why", "", v1) }
lib_command__wrapper(v0) = true if { v1 = v0[v2]; v3 = v1.value; startswith(v3, "<pkgs.unit-script-") }
lib_command_has(v0, v1) = true if { sprintf("(?:^|\\s)[\"']?%s(?:[\"'\\s=]|$)", [v1], v2); regex.match(v2, v0) }
lib_command_sources contains {"alternatives": v0, "path": ["scripts", v1]} if { v0 = input.scripts[v1] }
lib_command_sources contains {"alternatives": v0, "path": ["sections", "Service", v1, v2]} if { v3 = ["ExecStart", "ExecStartPre", "ExecStartPost", "ExecCondition"]; v1 = v3[v4]; v0 = input.sections.Service[v1][v2]; not data.nixlint.host.lib_command__wrapper(v0) }
lib_command_texts contains v0 if { v1 = data.nixlint.host.lib_command_sources[v2]; v3 = v1.alternatives[v4]; not data.nixlint.host.lib_command__nothing(v3); v5 = v1.alternatives; count(v5, v6); equal(v6, 1, v7); v8 = v3.value; data.nixlint.host.lib_command__clean(v8, v9); data.nixlint.host.lib_command__why(v3, v10); v11 = v3.known; v12 = v1.path; v0 = {"known": v11, "path": v12, "sure": v7, "text": v9, "why": v10} }
lib_command_unknown(v0) = true if { contains(v0, "<unknown>") }
lib_command_vague(v0) = true if { v0.known = false }
lib_command_vague(v0) = true if { v1 = v0.text; data.nixlint.host.lib_command_unknown(v1) }
lib_command_values(v0, v1) := v2 if { v2 = [{"match": v3, "value": v4} | sprintf("(?:^|\\s)[\"']?%s(?:=|[\"']?[ \\t]+(?:\\\\\\n\\s*)?)(\"[^\"]*\"|'[^']*'|[^\\s\"'\\\\;]+)", [v1], v5); regex.find_all_string_submatch_n(v5, v0, -1, v6); v7 = v6[v8]; v9 = v7[0]; trim_space(v9, v3); v10 = v7[1]; trim(v10, "\"'", v4)] }
lib_decided("fail", v0, v1, v2) := v3 if { data.nixlint.host.lib_finding("fail", v0, v1, v3) }
lib_decided("unknown", v0, v1, v2) := v3 if { sprintf("cannot be told (%s): %s", [v2, v1], v4); data.nixlint.host.lib_finding("unknown", v0, v4, v3) }
lib_finding(v0, v1, v2) := {"msg": v2, "path": v1, "verdict": v0} if { internal.member_2(v0, {"fail", "unknown"}) }
lib_image__open(v0) = true if { not contains(v0, "@sha256:") }
lib_image__tag(v0) := v1 if { split(v0, "/", v2); v3 = v2; count(v3, v4); minus(v4, 1, v5); v6 = v3[v5]; split(v6, ":", v7); v8 = v7; array.slice(v8, 1, 2, v9); concat("", v9, v10); v1 = v10 }
lib_image_flaw(v0) := "has the tag latest: what runs changes without a commit" if { data.nixlint.host.lib_image__open(v0); data.nixlint.host.lib_image__tag(v0, v1); v1 = "latest" } else = "has no tag: what runs changes without a commit" if { data.nixlint.host.lib_image__open(v0); data.nixlint.host.lib_image__tag(v0, v2); v2 = "" } else = "has no digest: its tag can be moved to another image" if { data.nixlint.host.lib_image__open(v0) }
lib_image_tagged(v0) = true if { not {data.nixlint.host.lib_image__tag(v0, v1); internal.member_2(v1, {"", "latest"})} }
lib_matched(v0, v1) := v2 if { object.union(v0, {"match": v1}, v2) }
lib_minor(v0) := v1 if { object.union(v0, {"minor": true}, v1) }
lib_open_why := v0 if { input.completeness = "override"; v1 = input.unit; sprintf("%s is defined elsewhere and its base is not in sight", [v1], v0) } else = v2 if { v3 = input; object.get(v3, "open", "", v2) }
lib_states(v0, v1) := v2 if { v3 = input.effective[v0][v1]; count(v3, v4); gt(v4, 0); v2 = {v5 | v6 = input.effective[v0][v1][v7]; data.nixlint.host.lib__state(v6, v5)} } else = v8 if { v9 = data.nixlint.host.lib__nothing; v8 = {v9} }
lib_tmpfiles_same_mode(v0, v1) = true if { trim_left(v0, "~:0", v2); trim_left(v1, "~:0", v3); v2 = v3 }
lib_tmpfiles_why(v0) := v1 if { v2 = [v3 | v4 = v0[v5]; object.get(v4, "why", "", v6); neq(v6, ""); v3 = v4.why]; v1 = v2[0] } else = "it depends on what is not decided" if { true }
lib_verdict(v0) := "pass" if { v0 = {"pass"} } else = "fail" if { v0 = {"fail"} } else = "unknown" if { true }
# rule: containers/pinned-oci-images
package nixlint.host

import future.keywords.not

report contains ["containers/pinned-oci-images", v0] if { input.kind = "host"; v1 = data.nixlint.host.containers_pinned_oci_images__images[v2]; v1.known; v3 = v1.value; data.nixlint.host.lib_image_flaw(v3, v4); v5 = v1.container; v6 = v1.value; sprintf("container %s: image %s %s", [v5, v6, v4], v7); v8 = v1.verdict; v9 = v1.path; data.nixlint.host.lib_finding(v8, v9, v7, v10); data.nixlint.host.containers_pinned_oci_images__weighed(v1, v10, v11); v0 = v11 }
report contains ["containers/pinned-oci-images", v0] if { input.kind = "host"; v1 = data.nixlint.host.containers_pinned_oci_images__images[v2]; not v1.known; not {v3 = v1.value; contains(v3, "@sha256:")}; not {v4 = v1.value; regex.match(":[0-9a-z][A-Za-z0-9._-]*$", v4)}; v5 = v1.container; sprintf("container %s: its image may not be pinned", [v5], v6); object.get(v1, "why", "its name is not known", v7); v8 = v1.path; data.nixlint.host.lib_decided("unknown", v8, v6, v7, v9); v0 = v9 }
containers_pinned_oci_images__weighed(v0, v1) := v2 if { v3 = v0.value; data.nixlint.host.lib_image_tagged(v3); data.nixlint.host.lib_minor(v1, v2) } else = v1 if { true }
containers_pinned_oci_images__images contains v0 if { v1 = input.facts.containers[v2]; not v1.fields.imageFile; v3 = v1.fields.image[v4]; v5 = v3[v6]; not object.get(v5, "absent", false); data.nixlint.host.containers_pinned_oci_images__verdict(v1, v3, v7); v8 = v1.name; object.union(v5, {"container": v8, "path": ["facts", "containers", v2, "fields", "image", v4], "verdict": v7}, v0) }
containers_pinned_oci_images__verdict(v0, v1) := "fail" if { count(v1, v2); v2 = 1; not v0.guarded } else = "unknown" if { true }
# rule: gpu/device-file-access
package nixlint.host

import future.keywords.not

report contains ["gpu/device-file-access", v0] if { input.kind = "host"; v1 = input.facts.udev.fields.extraRules[v2]; v3 = v1[v4]; v5 = v3.value; regex.find_n("(?m)^[^#\\n]*KERNEL==\"nvidia[^\"]*\"[^\\n]*$", v5, -1, v6); v7 = v6[v8]; regex.match("\\b(?:GROUP|MODE)\\s*:?=\\s*\"", v7); data.nixlint.host.gpu_device_file_access__verdict(v1, v7, v9); data.nixlint.host.lib_decided(v9, ["facts", "udev", "fields", "extraRules", v2], "udev does not make the nodes of NVIDIA's driver: GROUP and MODE of this rule change nothing", "the rule is not decided", v10); data.nixlint.host.lib_matched(v10, v7, v11); v0 = v11 }
gpu_device_file_access__verdict(v0, v1) := "fail" if { count(v0, v2); v2 = 1; not contains(v1, "<unknown"); not {v3 = input.facts.udev; object.get(v3, "guarded", false)} } else = "unknown" if { true }
# rule: network/port-conflict
package nixlint.host

import future.keywords.not

report contains ["network/port-conflict", v0] if { input.kind = "host"; v1 = input.source; neq(v1, "loose"); v2 = data.nixlint.host.network_port_conflict__shared[v3]; v4 = {v5 | v5 = data.nixlint.host.network_port_conflict__claims[v6]; v5.port = v2}; v7 = v4[v8]; v9 = {v10 | v11 = v4[v12]; v13 = v11.owner; v14 = v7.owner; neq(v13, v14); v15 = v11.rank; v16 = v11.owner; v17 = v7.rank; v18 = v7.owner; lt([v15, v16], [v17, v18]); v19 = v11.address; v20 = v7.address; data.nixlint.host.network_port_conflict__overlap(v19, v20); v10 = v11.owner}; count(v9, v21); gt(v21, 0); sort(v9, v22); concat(", ", v22, v23); v24 = v7.port; sprintf("port %v is also taken by %s: the one that starts second fails", [v24, v23], v25); v26 = v7.path; data.nixlint.host.lib_finding("fail", v26, v25, v27); v28 = v7.match; data.nixlint.host.lib_matched(v27, v28, v29); v0 = v29 }
report contains ["network/port-conflict", v0] if { input.kind = "host"; v1 = input.source; neq(v1, "loose"); v2 = data.nixlint.host.network_port_conflict__ported[v3]; v4 = v2.text; contains(v4, "<unknown"); data.nixlint.host.network_port_conflict__commands(v2, v5); v6 = v5[v7]; v8 = v6.text; regex.match("--port(?:=|\\s+)[\"']?<unknown", v8); v9 = {v10 | v11 = data.nixlint.host.network_port_conflict__claims[v12]; v13 = v11.owner; v14 = v2.name; neq(v13, v14); v10 = v11.owner}; count(v9, v15); gt(v15, 0); v16 = v6.path; array.concat(["units", v3], v16, v17); sort(v9, v18); concat(", ", v18, v19); v20 = v2.name; sprintf("the port of %s may be one that %s takes", [v20, v19], v21); data.nixlint.host.lib_decided("unknown", v17, v21, "the port is not known", v22); v0 = v22 }
network_port_conflict__shared := v0 if { v0 = {v1 | v1 = data.nixlint.host.network_port_conflict__ordered[v2]; plus(v2, 1, v3); data.nixlint.host.network_port_conflict__ordered[v3] = v1} }
network_port_conflict__ordered := v0 if { v1 = [v2 | v3 = data.nixlint.host.network_port_conflict__claims[v4]; v2 = v3.port]; sort(v1, v0) }
network_port_conflict__claims contains v0 if { v1 = data.nixlint.host.network_port_conflict__ported[v2]; data.nixlint.host.network_port_conflict__commands(v1, v3); v4 = v3[v5]; v6 = v4.text; data.nixlint.host.lib_command_values(v6, "--port", v7); v8 = v7[v9]; v10 = v8.value; regex.match("^[0-9]+$", v10); v11 = v8.value; to_number(v11, v12); v13 = v8.match; data.nixlint.host.network_port_conflict__claim(v2, v1, v4, v12, v13, v14); v0 = v14 }
network_port_conflict__ported := v0 if { v0 = {v1: v2 | v2 = input.units[v1]; v3 = v2.text; contains(v3, "--port")} }
network_port_conflict__claims contains v0 if { v1 = data.site.ports.defaults[v2]; v3 = input.units[v4]; v3.name = v2; data.nixlint.host.network_port_conflict__commands(v3, v5); v6 = v5[v7]; not {v8 = v6.text; contains(v8, "<unknown")}; not {v9 = v6.text; v10 = v3.name; v11 = data.site.ports.flags[v10]; data.nixlint.host.lib_command_has(v9, v11)}; data.nixlint.host.network_port_conflict__claim(v4, v3, v6, v1, "", v12); v0 = v12 }
network_port_conflict__claim(v0, v1, v2, v3, v4) := v5 if { v6 = v2.text; data.nixlint.host.network_port_conflict__address(v6, v7); v8 = v2.path; array.concat(["units", v0], v8, v9); v10 = v1.name; v5 = {"address": v7, "match": v4, "owner": v10, "path": v9, "port": v3, "rank": 1} }
network_port_conflict__commands(v0) := v1 if { v2 = {v3 | v0.kind = "service"; not data.nixlint.host.network_port_conflict__alone(v0); v4 = v0.sections.Service.ExecStart[v5]; count(v4, v6); v6 = 1; v7 = v4[0].value; v3 = {"path": ["sections", "Service", "ExecStart", v5], "text": v7}}; v8 = {v9 | v0.kind = "service"; not data.nixlint.host.network_port_conflict__alone(v0); v10 = v0.scripts.start; count(v10, v11); v11 = 1; v12 = v0.scripts.start[0].value; v9 = {"path": ["scripts", "start"], "text": v12}}; or(v2, v8, v1) }
network_port_conflict__claims contains v0 if { v1 = input.units[v2]; v1.kind = "socket"; v3 = v1.effective.Socket.ListenStream[v4]; v3.known; v5 = v3.values[v6]; v7 = v5.index; gte(v7, 0); v8 = v5.text; regex.find_all_string_submatch_n("^(?:(.*):)?([0-9]+)$", v8, 1, v9); v10 = v9[0]; v11 = v10[1]; data.nixlint.host.network_port_conflict__normal(v11, v12); v13 = v10[2]; to_number(v13, v14); v15 = v1.name; v16 = v5.index; v0 = {"address": v12, "match": "", "owner": v15, "path": ["units", v2, "sections", "Socket", "ListenStream", v16], "port": v14, "rank": 1} }
network_port_conflict__claims contains v0 if { v1 = data.site.ports.settings[v2]; v3 = v1.enable; data.nixlint.host.network_port_conflict__decided(v3, v4); v4 = "true"; v5 = v1.port[v6]; data.nixlint.host.network_port_conflict__decided(v5, v7); to_number(v7, v8); v0 = {"address": "", "match": "", "owner": v2, "path": ["settings", v5], "port": v8, "rank": 0} }
network_port_conflict__claims contains v0 if { v1 = data.site.ports.settings[v2]; v3 = v1.enable; data.nixlint.host.network_port_conflict__decided(v3, v4); v4 = "true"; v5 = v1.port; every v6, v7 in v5 { not input.settings[v7] }; v8 = v1.enable; v9 = v1["default"]; v0 = {"address": "", "match": "", "owner": v2, "path": ["settings", v8], "port": v9, "rank": 0} }
network_port_conflict__decided(v0) := v1 if { v2 = input.settings[v0]; count(v2, v3); v3 = 1; input.settings[v0][0].known; v1 = input.settings[v0][0].value }
network_port_conflict__alone(v0) = true if { v1 = v0.effective.Service.PrivateNetwork[v2]; v3 = v1.values[v4]; v3.text = "yes" }
network_port_conflict__address(v0) := v1 if { v2 = [v3 | v4 = ["--host", "--ip"]; v5 = v4[v6]; data.nixlint.host.lib_command_values(v0, v5, v7); v3 = v7[v8]]; count(v2, v9); gt(v9, 0); v10 = v2[0].value; data.nixlint.host.network_port_conflict__normal(v10, v1) } else = "" if { true }
network_port_conflict__normal(v0) := "" if { internal.member_2(v0, {"", "*", "0.0.0.0", "::", "[::]"}) } else = "127.0.0.1" if { v0 = "localhost" } else = v0 if { true }
network_port_conflict__overlap("", v0) = true if { true }
network_port_conflict__overlap(v0, v1) = true if { neq(v0, ""); internal.member_2(v1, {"", v0}) }
# rule: secrets/credstore-mode
package nixlint.host

import future.keywords.not

report contains ["secrets/credstore-mode", v0] if { input.kind = "host"; v1 = input.tmpfiles[v2]; v3 = v1.lines[v4]; v3.path = data.site.credentials.store; v5 = {v6 | v7 = v1.lines[v8]; data.nixlint.host.secrets_credstore_mode__vote(v7, v6)}; data.nixlint.host.lib_verdict(v5, v9); v10 = v9; v11 = v3.mode; data.nixlint.host.secrets_credstore_mode__shown(v11, "0755", v12); v13 = v3.user; data.nixlint.host.secrets_credstore_mode__shown(v13, "root", v14); v15 = v3.path; v16 = data.site.credentials.mode; sprintf("%s has mode %s of %s, want %s of root: its secrets can be read by others", [v15, v12, v14, v16], v17); v18 = v1.lines; data.nixlint.host.lib_tmpfiles_why(v18, v19); data.nixlint.host.lib_decided(v10, ["tmpfiles", v2], v17, v19, v20); v0 = v20 }
report contains ["secrets/credstore-mode", v0] if { input.kind = "host"; v1 = input.units[v2]; v3 = v1.text; v4 = data.site.credentials.store; contains(v3, v4); v5 = data.nixlint.host.lib_command_texts[v6] with input as v1; v7 = v5.text; data.nixlint.host.secrets_credstore_mode__making(v7, v8); v9 = v8; data.nixlint.host.secrets_credstore_mode__secured(v5, v10); v11 = v10; v12 = v5.path; array.concat(["units", v2], v12, v13); v14 = data.site.credentials.store; v15 = data.site.credentials.mode; sprintf("the script makes %s without mode %s: its secrets can be read by others", [v14, v15], v16); data.nixlint.host.lib_decided(v11, v13, v16, "the script is not wholly known", v17); data.nixlint.host.lib_matched(v17, v9, v18); v0 = v18 }
secrets_credstore_mode__vote(v0) := "pass" if { v0.absent } else = "pass" if { not {v1 = v0.type; substring(v1, 0, 1, v2); internal.member_2(v2, {"D", "Z", "d", "e", "q", "v", "z"})} } else = "unknown" if { v3 = v0.mode; v4 = v0.user; concat(" ", [v3, v4], v5); contains(v5, "<unknown") } else = "pass" if { v6 = v0.mode; v7 = data.site.credentials.mode; data.nixlint.host.lib_tmpfiles_same_mode(v6, v7); v8 = v0.user; internal.member_2(v8, {"", "-", "0", "root"}) } else = "fail" if { true }
secrets_credstore_mode__shown(v0, v1) := v1 if { v0 = "" } else = v0 if { true }
secrets_credstore_mode__making(v0) := v1 if { v2 = data.site.credentials.store; sprintf("(?:mkdir|install)\\s[^\\n;&|]*%s(?:[/\\s\"']|$)", [v2], v3); regex.find_n(v3, v0, 1, v4); v5 = v4[v6]; trim_space(v5, v1) }
secrets_credstore_mode__secured(v0) := "pass" if { v1 = data.site.credentials.mode; trim_left(v1, "0", v2); v3 = v2; v4 = data.site.credentials.store; sprintf("chmod\\s+(?:-[A-Za-z]+\\s+)*(?:0*%s|u=rwx,(?:go|g=,o)=)\\s[^\\n]*%s", [v3, v4], v5); v6 = v0.text; regex.match(v5, v6) } else = "pass" if { v7 = data.site.credentials.mode; trim_left(v7, "0", v8); v9 = v8; v10 = data.site.credentials.store; sprintf("(?:mkdir|install)\\s[^\\n;&|]*(?:-m\\s*|--mode[= ])(?:0*%s|u=rwx,go=)\\s[^\\n]*%s", [v9, v10], v11); v12 = v0.text; regex.match(v11, v12) } else = "pass" if { v13 = v0.text; contains(v13, "umask 077") } else = "unknown" if { data.nixlint.host.lib_command_vague(v0) } else = "fail" if { true }
# rule: timers/triggers-existing
package nixlint.host

import future.keywords.not

report contains ["timers/triggers-existing", v0] if { input.kind = "host"; v1 = input.source; neq(v1, "loose"); v2 = input.units[v3]; v2.kind = "timer"; data.nixlint.host.lib_closed with input as v2; v4 = {v5 | data.nixlint.host.timers_triggers_existing__targets(v2, v6); v7 = v6[v8]; v9 = v2.scope; data.nixlint.host.timers_triggers_existing__vote(v7, v9, v5)}; data.nixlint.host.lib_verdict(v4, v10); v11 = v10; v12 = [v13 | data.nixlint.host.timers_triggers_existing__targets(v2, v14); v15 = v14[v16]; v17 = v2.scope; data.nixlint.host.timers_triggers_existing__vote(v15, v17, v18); neq(v18, "pass"); v13 = v15.name]; data.nixlint.host.timers_triggers_existing__path(v2, v19); array.concat(["units", v3], v19, v20); v21 = v12[0]; sprintf("the timer starts %s, which does not exist: it fails to start and nothing runs", [v21], v22); data.nixlint.host.lib_decided(v11, v20, v22, "its Unit is not decided", v23); v0 = v23 }
timers_triggers_existing__targets(v0) := v1 if { data.nixlint.host.lib_states("Timer", "Unit", v2) with input as v0; v3 = v2 with input as v0; v4 = v3[v5]; v6 = v4.texts; count(v6, v7); gt(v7, 0); v1 = {v8 | v9 = v3[v10]; v11 = v9.texts; count(v11, v12); gt(v12, 0); v13 = v9.state; equal(v13, "set", v14); v15 = v9.texts; count(v15, v16); minus(v16, 1, v17); v18 = v9.texts[v17]; v8 = {"known": v14, "name": v18}} } else = {{"known": true, "name": v19}} if { v20 = v0.name; sprintf("%s.service", [v20], v19) }
timers_triggers_existing__path(v0) := ["sections", "Timer", "Unit"] if { v0.sections.Timer.Unit } else = [] if { true }
timers_triggers_existing__vote(v0, v1) := "unknown" if { v0.known = false } else = "pass" if { v2 = v0.name; data.nixlint.host.timers_triggers_existing__template(v2, v3); v4 = data.nixlint.host.timers_triggers_existing__existing; internal.member_2([v1, v3], v4) } else = "pass" if { not {v5 = v0.name; endswith(v5, ".service")} } else = "fail" if { true }
timers_triggers_existing__template(v0) := v1 if { regex.replace(v0, "@.+\\.", "@.", v1) }
timers_triggers_existing__existing := v0 if { v0 = {v1 | v2 = input.units[v3]; v4 = v2.unit; data.nixlint.host.timers_triggers_existing__template(v4, v5); v6 = v2.scope; v1 = [v6, v5]} }
# rule: tmpfiles/conflict
package nixlint.host

import future.keywords.not

report contains ["tmpfiles/conflict", v0] if { input.kind = "host"; v1 = input.source; neq(v1, "loose"); v2 = data.nixlint.host.tmpfiles_conflict__repeated[v3]; v4 = input.tmpfiles[v5]; v6 = v4.lines; data.nixlint.host.tmpfiles_conflict__maker(v6, v7); v7 = v2; v8 = [v9 | v10 = input.tmpfiles[v11]; lt(v11, v5); v12 = v10.lines; data.nixlint.host.tmpfiles_conflict__maker(v12, v13); v13 = v2; v14 = v10.lines[0]; data.nixlint.host.tmpfiles_conflict__says(v14, v15); v16 = v4.lines[0]; data.nixlint.host.tmpfiles_conflict__says(v16, v17); neq(v15, v17); v9 = v10.lines[0].text]; count(v8, v18); gt(v18, 0); v19 = v4.lines[0]; data.nixlint.host.tmpfiles_conflict__verdict(v19, v20); v21 = v8[0]; sprintf("%s is also made by \"%s\": systemd-tmpfiles takes one of the two lines", [v2, v21], v22); data.nixlint.host.lib_decided(v20, ["tmpfiles", v5], v22, "the line is not decided", v23); v0 = v23 }
tmpfiles_conflict__repeated := v0 if { v0 = {v1 | v1 = data.nixlint.host.tmpfiles_conflict__paths[v2]; plus(v2, 1, v3); data.nixlint.host.tmpfiles_conflict__paths[v3] = v1} }
tmpfiles_conflict__paths := v0 if { v1 = [v2 | v3 = input.tmpfiles[v4]; v5 = v3.lines; data.nixlint.host.tmpfiles_conflict__maker(v5, v6); v2 = v6]; sort(v1, v0) }
tmpfiles_conflict__maker(v0) := v1 if { count(v0, v2); v2 = 1; v3 = v0[0].type; substring(v3, 0, 1, v4); internal.member_2(v4, {"D", "L", "Q", "d", "f", "p", "q", "v"}); v1 = v0[0].path }
tmpfiles_conflict__says(v0) := v1 if { v2 = v0.type; substring(v2, 0, 1, v3); v4 = v0.mode; trim_left(v4, "~:0", v5); v6 = v0.user; v7 = v0.group; v8 = v0.argument; v1 = [v3, v5, v6, v7, v8] }
tmpfiles_conflict__verdict(v0) := "unknown" if { v1 = v0.text; contains(v1, "<unknown") } else = "fail" if { true }
# rule: tmpfiles/expected-rule
package nixlint.host

import future.keywords.not

report contains ["tmpfiles/expected-rule", v0] if { input.kind = "host"; v1 = input.tmpfiles[v2]; v3 = {v4 | v5 = v1.lines[v6]; v4 = v5.path}; v7 = v3[v8]; v9 = data.site.tmpfiles[v7]; v10 = {v11 | v12 = v1.lines[v13]; data.nixlint.host.tmpfiles_expected_rule__vote(v12, v9, v11)}; data.nixlint.host.lib_verdict(v10, v14); v15 = v14; v16 = [v17 | v17 = v1.lines[v18]; data.nixlint.host.tmpfiles_expected_rule__vote(v17, v9, v19); neq(v19, "pass")]; v20 = v16[0]; data.nixlint.host.tmpfiles_expected_rule__differences(v20, v9, v21); sort(v21, v22); concat("; ", v22, v23); sprintf("%s has %s: the services that use it fail, or others read and write along", [v7, v23], v24); v25 = v1.lines; data.nixlint.host.lib_tmpfiles_why(v25, v26); data.nixlint.host.lib_decided(v15, ["tmpfiles", v2], v24, v26, v27); v0 = v27 }
report contains ["tmpfiles/expected-rule", v0] if { input.kind = "host"; v1 = data.site.tmpfiles[v2]; not data.nixlint.host.tmpfiles_expected_rule__made(v2); v3 = [v4 | data.nixlint.host.tmpfiles_expected_rule__named(v2, v5); v4 = v5[v6]]; data.nixlint.host.tmpfiles_expected_rule__line(v2, v1, v7); sprintf("no tmpfiles line makes %s, want \"%s\": what uses it finds nothing there, or a folder of another owner", [v2, v7], v8); v9 = v3[0]; data.nixlint.host.lib_finding("fail", v9, v8, v10); v0 = v10 }
tmpfiles_expected_rule__vote(v0, v1) := "pass" if { v0.absent } else = "pass" if { not data.nixlint.host.tmpfiles_expected_rule__makes(v0) } else = "fail" if { v2 = [v3 | data.nixlint.host.tmpfiles_expected_rule_expected_of(v0, v4); data.nixlint.host.tmpfiles_expected_rule__differing(v0, v4, v5); v3 = v5[v6]; not {data.nixlint.host.tmpfiles_expected_rule__got(v0, v3, v7); contains(v7, "<unknown")}]; count(v2, v8); gt(v8, 0) } else = "unknown" if { data.nixlint.host.tmpfiles_expected_rule_expected_of(v0, v9); data.nixlint.host.tmpfiles_expected_rule__differing(v0, v9, v10); count(v10, v11); gt(v11, 0) } else = "pass" if { true }
tmpfiles_expected_rule_expected_of(v0) := v1 if { v2 = v0.path; v1 = data.site.tmpfiles[v2] }
tmpfiles_expected_rule__makes(v0) = true if { v1 = v0.type; substring(v1, 0, 1, v2); internal.member_2(v2, {"C", "D", "L", "Q", "d", "e", "f", "q", "v"}) }
tmpfiles_expected_rule__differing(v0, v1) := v2 if { v2 = {v3 | v4 = v1[v3]; not {data.nixlint.host.tmpfiles_expected_rule__got(v0, v3, v5); data.nixlint.host.tmpfiles_expected_rule__fits(v3, v5, v4)}} }
tmpfiles_expected_rule__differences(v0, v1) := v2 if { v2 = {v3 | data.nixlint.host.tmpfiles_expected_rule__differing(v0, v1, v4); v5 = v4[v6]; data.nixlint.host.tmpfiles_expected_rule__got(v0, v5, v7); v8 = v1[v5]; sprintf("%s %s, want %s", [v5, v7, v8], v3)} }
tmpfiles_expected_rule__got(v0, v1) := v2 if { object.get(v0, v1, "", v3); v2 = v3; neq(v2, "") } else = "-" if { true }
tmpfiles_expected_rule__fits("mode", v0, v1) = true if { data.nixlint.host.lib_tmpfiles_same_mode(v0, v1) }
tmpfiles_expected_rule__fits("type", v0, v1) = true if { trim_right(v0, "!-=~^$", v2); v2 = v1 }
tmpfiles_expected_rule__fits(v0, v1, v2) = true if { internal.member_2(v0, {"group", "user"}); trim_left(v1, ":", v3); data.nixlint.host.tmpfiles_expected_rule__owners(v2, v4); internal.member_2(v3, v4) }
tmpfiles_expected_rule__fits("argument", v0, v0) = true if { true }
tmpfiles_expected_rule__owners("root") := {"-", "0", "root"} if { true }
tmpfiles_expected_rule__owners(v0) := {v0} if { neq(v0, "root") }
tmpfiles_expected_rule__made(v0) = true if { v1 = input.tmpfiles[v2]; v3 = v1.lines[v4]; v3.path = v0 }
tmpfiles_expected_rule__made(v0) = true if { v1 = {"CacheDirectory": "/var/cache/", "LogsDirectory": "/var/log/", "StateDirectory": "/var/lib/"}; v2 = v1[v3]; startswith(v0, v2); v4 = input.units[v5]; v6 = v4.effective.Service[v3][v7]; v8 = v6.values[v9]; v10 = v8.text; split(v10, ":", v11); v12 = v11[0]; sprintf("%s%s", [v2, v12], v13); v13 = v0 }
tmpfiles_expected_rule__named(v0) := v1 if { data.nixlint.host.tmpfiles_expected_rule__anywhere(v0); v1 = [["units", v2, "sections", v3, v4, v5] | v6 = input.units[v2]; v7 = v6.text; contains(v7, v0); v8 = v6.sections[v3]; v9 = v8[v4]; v10 = v9[v5]; v11 = v10[v12]; v13 = v11.value; data.nixlint.host.tmpfiles_expected_rule__names(v13, v0)] } else = [] if { true }
tmpfiles_expected_rule__anywhere(v0) = true if { v1 = input.units[v2]; v3 = v1.text; contains(v3, v0) }
tmpfiles_expected_rule__names(v0, v1) = true if { contains(v0, v1); sprintf("%s(?:[/\\s\"',:;]|$)", [v1], v2); regex.match(v2, v0) }
tmpfiles_expected_rule__line(v0, v1) := v2 if { v1.type = "L+"; v3 = v1.argument; sprintf("L+ %s - - - - %s", [v0, v3], v2) } else = v4 if { v5 = v1.type; v6 = v1.mode; v7 = v1.user; v8 = v1.group; sprintf("%s %s %s %s %s -", [v5, v0, v6, v7, v8], v4) }
