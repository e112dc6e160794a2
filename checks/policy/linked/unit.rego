package nixlint.unit

import future.keywords.not

lib__absent(v0) := "fail" if { data.nixlint.unit.lib_all_said(v0) } else = "unknown" if { true }
lib__decided(v0, v1) := v2 if { v2 = input.effective[v0][v1][0].sole }
lib__indices(v0, v1) := v2 if { v2 = {v3 | v4 = input.effective[v0][v1][v5]; v6 = v4.values[v7]; v8 = v6.index; gte(v8, 0); v3 = v6.index} }
lib__list(v0, v1) := "pass" if { v2 = v1; every v3, v4 in v2 { v5 = v0.texts; internal.member_2(v4, v5) } } else = v6 if { data.nixlint.unit.lib_lacking(v0, v6) }
lib__nothing(v0) := {"section": v0, "state": "absent", "texts": [], "why": ""} if { data.nixlint.unit.lib_all_said(v0) } else = v1 if { v2 = data.nixlint.unit.lib_open_why; v1 = {"section": v0, "state": "unknown", "texts": [], "why": v2} }
lib__opposite := {"fail": "pass", "pass": "fail", "unknown": "unknown"} if { true }
lib__place(v0, v1, v2) := ["sections", v0, v1, v2] if { gte(v2, 0) } else = ["sections", v0, v1] if { true }
lib__scalar(v0, v1, v2) := "unknown" if { v1.known = false } else = "pass" if { v3 = v1.values; count(v3, v4); minus(v4, 1, v5); v6 = v1.values[v5].text; internal.member_2(v6, v2) } else = v7 if { v1.absent; data.nixlint.unit.lib__absent(v0, v7) } else = "fail" if { true }
lib__state(v0, v1) := v2 if { v1.known = false; v3 = v1.why; data.nixlint.unit.lib__stated(v0, "unknown", v1, v3, v2) } else = v4 if { v1.absent; data.nixlint.unit.lib__nothing(v0, v4) } else = v5 if { data.nixlint.unit.lib__stated(v0, "set", v1, "", v5) }
lib__stated(v0, v1, v2, v3) := v4 if { v5 = [v6 | v7 = v2.values[v8]; v6 = v7.text]; v4 = {"section": v0, "state": v1, "texts": v5, "why": v3} }
lib__wanted("fail", v0, v1, v2) := v3 if { data.nixlint.unit.lib_shown(v0, v1, v4); sprintf("%s, want %s", [v4, v2], v3) }
lib__wanted("unknown", v0, v1, v2) := v3 if { data.nixlint.unit.lib_why(v0, v1, v4); sprintf("%s may not be %s (%s)", [v1, v2, v4], v3) }
lib_all_said(v0) = true if { data.nixlint.unit.lib_closed }
lib_all_said(v0) = true if { v1 = input.closed; internal.member_2(v0, v1); v2 = input; object.get(v2, "open", "", v3); v3 = "" }
lib_at(v0, v1) := ["sections", v0, v1, v2] if { data.nixlint.unit.lib__indices(v0, v1, v3); count(v3, v4); gt(v4, 0); data.nixlint.unit.lib__indices(v0, v1, v5); max(v5, v2) } else = ["sections", v0, v1] if { true }
lib_at_list(v0, v1) := ["sections", v0, v1, v2] if { data.nixlint.unit.lib__indices(v0, v1, v3); count(v3, v4); gt(v4, 0); data.nixlint.unit.lib__indices(v0, v1, v5); min(v5, v2) } else = ["sections", v0, v1] if { true }
lib_closed = true if { v0 = input.completeness; neq(v0, "override"); v1 = input; object.get(v1, "open", "", v2); v2 = "" }
lib_command__alternatives(v0, v1) := v2 if { v2 = [v3 | v4 = v1[v5]; v6 = v4.value; data.nixlint.unit.lib_command__clean(v6, v7); data.nixlint.unit.lib_command__why(v4, v8); v9 = v4.known; v3 = {"known": v9, "path": v0, "text": v7, "why": v8}] }
lib_command__clean(v0) := v1 if { contains(v0, "<unknown:"); data.nixlint.unit.lib_command__run(v0, v2); regex.replace(v2, "<unknown: the main program of pkgs\\.([A-Za-z0-9_.-]+)>", "<pkgs.$1>", v3); regex.replace(v3, "<unknown:[^>]*>", "<unknown>", v1) } else = v4 if { data.nixlint.unit.lib_command__run(v0, v4) }
lib_command__commands := ["ExecCondition", "ExecReload", "ExecStart", "ExecStartPost", "ExecStartPre", "ExecStop", "ExecStopPost"] if { true }
lib_command__decided(v0) = true if { v1 = v0.alternatives; count(v1, v2); v2 = 1; v0.alternatives[0].known }
lib_command__joined := v0 if { v1 = [v2 | v2 = data.nixlint.unit.lib_command__lines[v3]; data.nixlint.unit.lib_command__decided(v2)]; count(v1, v4); v5 = data.nixlint.unit.lib_command__lines; count(v5, v6); equal(v4, v6, v7); v8 = [v9 | v10 = data.nixlint.unit.lib_command__lines[v11]; v12 = v10.alternatives[0].value; data.nixlint.unit.lib_command__clean(v12, v9)]; concat("\n", v8, v13); v14 = data.nixlint.unit.lib_command__lines[0].path; v0 = {"known": v7, "path": v14, "text": v13, "why": "several commands are not decided"} }
lib_command__lines := v0 if { v0 = [{"alternatives": v1, "path": ["sections", "Service", "ExecStart", v2]} | v1 = input.sections.Service.ExecStart[v2]; not data.nixlint.unit.lib_command__reset(v1)] }
lib_command__nothing(v0) = true if { v0.absent }
lib_command__reset(v0) = true if { v1 = v0[v2]; v1.value = "" }
lib_command__run(v0) := v1 if { contains(v0, "#"); regex.replace(v0, "(?m)^[ \\t]*#[^\\n]*", "", v1) } else = v0 if { true }
lib_command__stands(v0) := "fail" if { count(v0, v1); v1 = 1; v0[0].known } else = "unknown" if { true }
lib_command__why(v0) := v1 if { object.get(v0, "why", "", v1) }
lib_command__wrapper(v0) = true if { v1 = v0[v2]; v3 = v1.value; startswith(v3, "<pkgs.unit-script-") }
lib_command_has(v0, v1) = true if { sprintf("(?:^|\\s)[\"']?%s(?:[\"'\\s=]|$)", [v1], v2); regex.match(v2, v0) }
lib_command_lines contains {"directive": v0, "path": ["sections", "Service", v0, v1], "text": v2, "verdict": v3} if { v0 = data.nixlint.unit.lib_command__commands[v4]; v5 = input.sections.Service[v0][v1]; not data.nixlint.unit.lib_command__wrapper(v5); v6 = v5[v7]; not data.nixlint.unit.lib_command__nothing(v6); v8 = v6.value; data.nixlint.unit.lib_command__clean(v8, v9); v2 = v9; neq(v2, ""); data.nixlint.unit.lib_command__stands(v5, v3) }
lib_command_main := v0 if { input.scripts.start; v1 = input.scripts.start; data.nixlint.unit.lib_command__alternatives(["scripts", "start"], v1, v0) } else = v2 if { v3 = data.nixlint.unit.lib_command__lines; count(v3, v4); v4 = 1; v5 = data.nixlint.unit.lib_command__lines[0].path; v6 = data.nixlint.unit.lib_command__lines[0].alternatives; data.nixlint.unit.lib_command__alternatives(v5, v6, v2) } else = v7 if { v8 = data.nixlint.unit.lib_command__lines; count(v8, v9); gt(v9, 1); v10 = data.nixlint.unit.lib_command__joined; v7 = [v10] } else = v11 if { v12 = data.nixlint.unit.lib_open_why; v11 = [{"known": false, "path": ["sections", "Service", "ExecStart"], "text": "", "why": v12}] }
lib_command_sources contains {"alternatives": v0, "path": ["scripts", v1]} if { v0 = input.scripts[v1]; neq(v1, "EnvironmentFile") }
lib_command_sources contains {"alternatives": v0, "path": ["sections", "Service", v1, v2]} if { v3 = ["ExecStart", "ExecStartPre", "ExecStartPost", "ExecCondition"]; v1 = v3[v4]; v0 = input.sections.Service[v1][v2]; not data.nixlint.unit.lib_command__wrapper(v0) }
lib_command_texts contains v0 if { v1 = data.nixlint.unit.lib_command_sources[v2]; v3 = v1.alternatives[v4]; not data.nixlint.unit.lib_command__nothing(v3); v5 = v1.alternatives; count(v5, v6); equal(v6, 1, v7); v8 = v3.value; data.nixlint.unit.lib_command__clean(v8, v9); data.nixlint.unit.lib_command__why(v3, v10); v11 = v3.known; v12 = v1.path; v0 = {"known": v11, "path": v12, "sure": v7, "text": v9, "why": v10} }
lib_command_unknown(v0) = true if { contains(v0, "<unknown>") }
lib_command_vague(v0) = true if { v0.known = false }
lib_command_vague(v0) = true if { v1 = v0.text; data.nixlint.unit.lib_command_unknown(v1) }
lib_command_values(v0, v1) := v2 if { v2 = [{"match": v3, "value": v4} | sprintf("(?:^|\\s)[\"']?%s(?:=|[\"']?[ \\t]+(?:\\\\\\n\\s*)?)(\"[^\"]*\"|'[^']*'|[^\\s\"'\\\\;]+)", [v1], v5); regex.find_all_string_submatch_n(v5, v0, -1, v6); v7 = v6[v8]; v9 = v7[0]; trim_space(v9, v3); v10 = v7[1]; trim(v10, "\"'", v4)] }
lib_decided("fail", v0, v1, v2) := v3 if { data.nixlint.unit.lib_finding("fail", v0, v1, v3) }
lib_decided("unknown", v0, v1, v2) := v3 if { sprintf("cannot be told (%s): %s", [v2, v1], v4); data.nixlint.unit.lib_finding("unknown", v0, v4, v3) }
lib_demand(v0, v1, v2, v3) := v4 if { data.nixlint.unit.lib_directive_verdict(v0, v1, v2, v5); v6 = v5; neq(v6, "pass"); data.nixlint.unit.lib_at(v0, v1, v7); v8 = v2[0]; data.nixlint.unit.lib__wanted(v6, v0, v1, v8, v9); sprintf("%s: %s", [v9, v3], v10); data.nixlint.unit.lib_finding(v6, v7, v10, v11); v4 = v11 }
lib_directive_verdict(v0, v1, v2) := "pass" if { v3 = input.effective[v0][v1][0].sole; internal.member_2(v3, v2) } else = "fail" if { input.effective[v0][v1][0].sole } else = v4 if { input.effective[v0][v1]; v5 = {v6 | v7 = input.effective[v0][v1][v8]; data.nixlint.unit.lib__scalar(v0, v7, v2, v6)}; data.nixlint.unit.lib_verdict(v5, v4) } else = v9 if { data.nixlint.unit.lib__absent(v0, v9) }
lib_finding(v0, v1, v2) := {"msg": v2, "path": v1, "verdict": v0} if { internal.member_2(v0, {"fail", "unknown"}) }
lib_forbidden(v0, v1, v2) := v3 if { data.nixlint.unit.lib_directive_verdict(v0, v1, v2, v4); v3 = data.nixlint.unit.lib__opposite[v4] }
lib_gpu__layers(v0) := "unknown" if { contains(v0, "<unknown") } else = "pass" if { internal.member_2(v0, {"", "0"}) } else = "fail" if { true }
lib_gpu__suspect = true if { v0 = ["CUDA", "HIP_", "HSA_", "NVIDIA", "ROCR", "/dev/nvidia", "gpu-layers", "-ngl"]; v1 = v0[v2]; v3 = input.text; contains(v3, v1) }
lib_gpu_evidence contains v0 if { data.nixlint.unit.lib_gpu__suspect; data.nixlint.unit.lib_stated("Service", "Environment", v1); v2 = v1[v3]; v4 = v2.text; trim(v4, "\"'", v5); v6 = v5; regex.match("^(?:CUDA_VISIBLE_DEVICES|CUDA_HOME|CUDA_PATH|CUDA_CACHE_PATH|HIP_[A-Z_]+|ROCR_VISIBLE_DEVICES|HSA_[A-Z_]+|NVIDIA_VISIBLE_DEVICES)=", v6); not regex.match("=(?:|-1|none|void|NoDevFiles)$", v6); v7 = v2.path; v0 = {"path": v7, "verdict": "fail", "what": v6} }
lib_gpu_evidence contains v0 if { data.nixlint.unit.lib_gpu__suspect; v1 = data.nixlint.unit.lib_command_texts[v2]; v3 = v1.text; regex.find_n("/dev/nvidia[a-z0-9-]*", v3, 1, v4); v5 = v4[v6]; v7 = v1.path; v0 = {"path": v7, "verdict": "fail", "what": v5} }
lib_gpu_evidence contains v0 if { data.nixlint.unit.lib_gpu__suspect; v1 = data.nixlint.unit.lib_command_texts[v2]; v3 = ["--gpu-layers", "--n-gpu-layers", "-ngl"]; v4 = v3[v5]; v6 = v1.text; data.nixlint.unit.lib_command_values(v6, v4, v7); v8 = v7[v9]; v10 = v8.value; data.nixlint.unit.lib_gpu__layers(v10, v11); neq(v11, "pass"); v12 = v8.value; data.nixlint.unit.lib_gpu__layers(v12, v13); v14 = v1.path; v15 = v8.match; v0 = {"path": v14, "verdict": v13, "what": v15} }
lib_image__open(v0) = true if { not contains(v0, "@sha256:") }
lib_image__tag(v0) := v1 if { split(v0, "/", v2); v3 = v2; count(v3, v4); minus(v4, 1, v5); v6 = v3[v5]; split(v6, ":", v7); v8 = v7; array.slice(v8, 1, 2, v9); concat("", v9, v10); v1 = v10 }
lib_image_flaw(v0) := "has the tag latest: what runs changes without a commit" if { data.nixlint.unit.lib_image__open(v0); data.nixlint.unit.lib_image__tag(v0, v1); v1 = "latest" } else = "has no tag: what runs changes without a commit" if { data.nixlint.unit.lib_image__open(v0); data.nixlint.unit.lib_image__tag(v0, v2); v2 = "" } else = "has no digest: its tag can be moved to another image" if { data.nixlint.unit.lib_image__open(v0) }
lib_image_tagged(v0) = true if { not {data.nixlint.unit.lib_image__tag(v0, v1); internal.member_2(v1, {"", "latest"})} }
lib_is(v0, v1, v2) = true if { data.nixlint.unit.lib_directive_verdict(v0, v1, v2, v3); v3 = "pass" }
lib_lacking(v0) := "unknown" if { v0.state = "unknown" } else = "unknown" if { not {v1 = v0.section; data.nixlint.unit.lib_all_said(v1)} } else = "fail" if { true }
lib_last(v0, v1) := v2 if { data.nixlint.unit.lib__decided(v0, v1, v2) }
lib_list_verdict(v0, v1, v2) := v3 if { v4 = {v5 | data.nixlint.unit.lib_states(v0, v1, v6); v7 = v6[v8]; data.nixlint.unit.lib__list(v7, v2, v5)}; data.nixlint.unit.lib_verdict(v4, v3) }
lib_matched(v0, v1) := v2 if { object.union(v0, {"match": v1}, v2) }
lib_may(v0, v1, v2) = true if { v3 = input.effective[v0][v1][v4]; v5 = v3.values[v6]; v7 = v5.text; internal.member_2(v7, v2) }
lib_minor(v0) := v1 if { object.union(v0, {"minor": true}, v1) }
lib_open_why := v0 if { input.completeness = "override"; v1 = input.base; neq(v1, ""); v2 = input.unit; v3 = input.base; sprintf("the base of %s is not known whole, as of %s", [v2, v3], v0) } else = v4 if { input.completeness = "override"; v5 = input.unit; sprintf("%s is defined elsewhere and its base is not in sight", [v5], v4) } else = v6 if { v7 = input; object.get(v7, "open", "", v6) }
lib_secret__assignment := "^([A-Za-z0-9_]*(?i:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY))=(.+)$" if { true }
lib_secret__reference(v0) = true if { regex.match("^[\"']?(?:/|<pkgs|~|%|\\$[A-Za-z_{]|file:|[0-9]+[\"']?$|(?i:true|false|yes|no|none|null|on|off|auto|enabled|disabled|changeme)[\"']?$)", v0) }
lib_secret_assigned(v0) := v1 if { trim(v0, "\"'", v2); v3 = data.nixlint.unit.lib_secret__assignment; regex.find_all_string_submatch_n(v3, v2, 1, v4); v5 = v4[0]; not {v6 = v5[2]; data.nixlint.unit.lib_secret__reference(v6)}; v7 = v5[1]; v8 = v5[2]; v1 = {"name": v7, "value": v8} }
lib_shown(v0, v1) := v2 if { v3 = {v4 | data.nixlint.unit.lib_states(v0, v1, v5); v6 = v5[v7]; v8 = v6.state; neq(v8, "absent"); v9 = v6.texts; count(v9, v10); gt(v10, 0); v11 = v6.texts; concat(" ", v11, v4)}; count(v3, v12); gt(v12, 0); concat(" or ", v3, v13); sprintf("%s=%s", [v1, v13], v2) } else = v14 if { sprintf("%s is not set", [v1], v14) }
lib_sshd__holders := {"@known", "@mount", "@privileged", "chroot"} if { true }
lib_sshd_no_chroot(v0) = true if { v1 = [v2 | v3 = v0[v4]; split(v3, ":", v5); v2 = v5[0]; trim_left(v2, "~", v6); v7 = data.nixlint.unit.lib_sshd__holders; internal.member_2(v6, v7)]; count(v1, v8); minus(v8, 1, v9); v10 = v1[v9]; startswith(v10, "~") }
lib_sshd_no_chroot(v0) = true if { not {v1 = v0[0]; startswith(v1, "~")}; v2 = v0; every v3, v4 in v2 { not {split(v4, ":", v5); v6 = v5[0]; trim_left(v6, "~", v7); v8 = data.nixlint.unit.lib_sshd__holders; internal.member_2(v7, v8)} } }
lib_standing(v0) := "unknown" if { v1 = v0[v2]; object.get(v1, "absent", false) } else = "fail" if { true }
lib_stated(v0, v1) := v2 if { v2 = {v3 | v4 = input.effective[v0][v1][v5]; v6 = v4.values[v7]; v8 = v6.index; data.nixlint.unit.lib__place(v0, v1, v8, v9); v10 = v6.text; v3 = {"path": v9, "text": v10}} }
lib_states(v0, v1) := v2 if { v3 = input.effective[v0][v1]; count(v3, v4); gt(v4, 0); v2 = {v5 | v6 = input.effective[v0][v1][v7]; data.nixlint.unit.lib__state(v0, v6, v5)} } else = {v8} if { data.nixlint.unit.lib__nothing(v0, v8) }
lib_together(v0) := "pass" if { internal.member_2("pass", v0) } else = "fail" if { v0 = {"fail"} } else = "unknown" if { true }
lib_user__implying := {"MountAPIVFS", "PrivateDevices", "PrivateIPC", "PrivateMounts", "PrivateNetwork", "PrivateTmp", "ProtectClock", "ProtectControlGroups", "ProtectHome", "ProtectHostname", "ProtectKernelLogs", "ProtectKernelModules", "ProtectKernelTunables", "ProtectSystem"} if { true }
lib_user__off(v0, v1) = true if { count(v1, v2); v2 = 0; neq(v0, "CapabilityBoundingSet") }
lib_user__off(v0, v1) = true if { count(v1, v2); minus(v2, 1, v3); v4 = v1[v3]; internal.member_2(v4, {"auto", "no"}) }
lib_user__used(v0, v1) := "unknown" if { v1.state = "unknown"; v2 = v1.texts; count(v2, v3); gt(v3, 0) } else = "fail" if { v1.state = "set"; not {v4 = v1.texts; data.nixlint.unit.lib_user__off(v0, v4)} } else = "pass" if { true }
lib_user_asked(v0) := v1 if { v2 = {v3 | data.nixlint.unit.lib_states("Service", v0, v4); v5 = v4[v6]; data.nixlint.unit.lib_user__used(v0, v5, v3)}; data.nixlint.unit.lib_verdict(v2, v1) }
lib_user_implied = true if { v0 = data.nixlint.unit.lib_user__implying[v1]; data.nixlint.unit.lib_states("Service", v0, v2); v3 = v2[v4]; data.nixlint.unit.lib_user__used(v0, v3, v5); v5 = "fail" }
lib_user_namespace = true if { data.nixlint.unit.lib_directive_verdict("Service", "PrivateUsers", ["yes", "self", "identity"], v0); neq(v0, "fail") }
lib_verdict(v0) := "pass" if { v0 = {"pass"} } else = "fail" if { v0 = {"fail"} } else = "unknown" if { true }
lib_why(v0, v1) := v2 if { v3 = [v4 | data.nixlint.unit.lib_states(v0, v1, v5); v6 = v5[v7]; v6.state = "unknown"; v8 = v6.why; neq(v8, ""); v4 = v6.why]; v2 = v3[0] } else = v9 if { v10 = data.nixlint.unit.lib_open_why; neq(v10, ""); v9 = data.nixlint.unit.lib_open_why } else = "it depends on what is not decided" if { true }
lib_writes__expressions := ["(?:^|[\\s;&|)]|\\s[0-9&])>>?[ \\t]*[\"']?(/[A-Za-z0-9._/-]+)", "(?:^|[\\s|])tee[ \\t]+(?:-a[ \\t]+)?[\"']?(/[A-Za-z0-9._/-]+)", "--(?:log|log-file|logfile|log-dir|data-dir|datadir|cache-dir|state-dir|pid-file|pidfile)[= ][\"']?(/[A-Za-z0-9._/-]+)"] if { true }
lib_writes__names_a_folder = true if { v0 = input.effective.Service.Environment[v1]; v2 = v0.values[v3]; v4 = v2.text; regex.match("(?:CACHE|DATA|STATE|LOG)_[DFHP]", v4) }
lib_writes__real(v0) = true if { not startswith(v0, "/dev/"); not startswith(v0, "/proc/"); not startswith(v0, "/sys/"); not startswith(v0, "/nix/"); not internal.member_2(v0, {"/", "/dev"}) }
lib_writes__suspect = true if { v0 = ["tee ", "tee\t", "--log", "--data", "--cache-dir", "--state-dir", "--pid", " >", "\t>", "\n>", ";>", "&>", "|>", ")>", "0>", "1>", "2>", "3>", "4>", "5>", "6>", "7>", "8>", "9>", ">>"]; v1 = v0[v2]; v3 = input.text; contains(v3, v1) }
lib_writes__trimmed(v0) := v1 if { trim_right(v0, "/.", v1) }
lib_writes_paths contains v0 if { data.nixlint.unit.lib_writes__suspect; v1 = data.nixlint.unit.lib_command_texts[v2]; v3 = data.nixlint.unit.lib_writes__expressions[v4]; v5 = v1.text; regex.find_all_string_submatch_n(v3, v5, -1, v6); v7 = v6[v8]; v9 = v7[1]; data.nixlint.unit.lib_writes__real(v9); v10 = v7[1]; data.nixlint.unit.lib_writes__trimmed(v10, v11); v12 = v7[0]; trim_space(v12, v13); v14 = v1.path; v15 = v1.sure; v0 = {"file": v11, "match": v13, "path": v14, "sure": v15} }
lib_writes_paths contains v0 if { v1 = ["StandardError", "StandardOutput"]; v2 = v1[v3]; data.nixlint.unit.lib_stated("Service", v2, v4); v5 = v4[v6]; v7 = v5.text; regex.find_all_string_submatch_n("^(?:file|append|truncate):(/[^\\s%<]+)$", v7, 1, v8); v9 = v8[v10]; v11 = v9[1]; v12 = v5.path; v0 = {"file": v11, "match": "", "path": v12, "sure": true} }
lib_writes_paths contains v0 if { data.nixlint.unit.lib_writes__names_a_folder; data.nixlint.unit.lib_stated("Service", "Environment", v1); v2 = v1[v3]; v4 = v2.text; regex.find_all_string_submatch_n("^[\"']?[A-Z_]*(?:CACHE_PATH|CACHE_DIR|CACHE_HOME|DATA_DIR|STATE_DIR|LOG_DIR|LOG_FILE)=(/[^\\s\"'%<:]+)[\"']?$", v4, 1, v5); v6 = v5[v7]; v8 = v6[1]; data.nixlint.unit.lib_writes__real(v8); v9 = v6[1]; v10 = v2.path; v0 = {"file": v9, "match": "", "path": v10, "sure": true} }

# access/docker-socket
# asked if: ((kind is "service" and some effective.Service.SupplementaryGroups and some sections.Service.SupplementaryGroups) or (kind is "service" and some effective.Service.Group and some sections.Service.Group) or (kind is "service" and (some effective.Service.BindPaths or some effective.Service.BindReadOnlyPaths or some effective.Service.ReadWritePaths) and (some sections.Service.BindPaths or some sections.Service.BindReadOnlyPaths or some sections.Service.ReadWritePaths)))
# reads: effective.Service.BindPaths if kind is "service"
# reads: effective.Service.BindReadOnlyPaths if kind is "service"
# reads: effective.Service.Group if kind is "service"
# reads: effective.Service.ReadWritePaths if kind is "service"
# reads: effective.Service.SupplementaryGroups if kind is "service"
# reads: kind
# reads: sections.Service.BindPaths if kind is "service"
# reads: sections.Service.BindReadOnlyPaths if kind is "service"
# reads: sections.Service.Group if kind is "service"
# reads: sections.Service.ReadWritePaths if kind is "service"
# reads: sections.Service.SupplementaryGroups if kind is "service"
access_docker_socket_report contains v0 if { input.kind = "service"; data.nixlint.unit.lib_stated("Service", "SupplementaryGroups", v1); v2 = v1[v3]; v4 = v2.text; internal.member_2(v4, {"docker", "podman"}); data.nixlint.unit.access_docker_socket__finding("SupplementaryGroups", v2, v5); v0 = v5 }
access_docker_socket_report contains v0 if { input.kind = "service"; data.nixlint.unit.lib_stated("Service", "Group", v1); v2 = v1[v3]; v4 = v2.text; internal.member_2(v4, {"docker", "podman"}); data.nixlint.unit.access_docker_socket__finding("Group", v2, v5); v0 = v5 }
access_docker_socket_report contains v0 if { input.kind = "service"; v1 = ["BindPaths", "BindReadOnlyPaths", "ReadWritePaths"]; v2 = v1[v3]; data.nixlint.unit.lib_stated("Service", v2, v4); v5 = v4[v6]; v7 = v5.text; regex.match("^[-+]*/(?:var/)?run/docker\\.sock", v7); data.nixlint.unit.access_docker_socket__finding(v2, v5, v8); v0 = v8 }
access_docker_socket__finding(v0, v1) := v2 if { v3 = v1.path[3]; v4 = input.sections.Service[v0][v3]; data.nixlint.unit.lib_standing(v4, v5); v6 = v1.text; sprintf("%s=%s: who may talk to docker is root on this machine", [v0, v6], v7); v8 = v1.path; data.nixlint.unit.lib_decided(v5, v8, v7, "whether it is set is not decided", v2) }

# availability/restart-policy
# asked if: (kind is "service" and name in keys of "site.availability")
# reads: base if ((kind is "service" and completeness is "override") or (kind is "service" and completeness is "override" and not base is ""))
# reads: base is "" if (kind is "service" and completeness is "override")
# reads: closed if kind is "service"
# reads: completeness if kind is "service"
# reads: completeness is "override" if kind is "service"
# reads: effective.Service.Restart if kind is "service"
# reads: effective.Service.RestartSec if kind is "service"
# reads: kind
# reads: name if kind is "service"
# reads: open if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: open is "" if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: unit if ((kind is "service" and completeness is "override" and not base is "") or (kind is "service" and completeness is "override"))
availability_restart_policy_report contains v0 if { input.kind = "service"; v1 = input.name; v2 = data.site.availability[v1][v3]; v4 = data.nixlint.unit.availability_restart_policy__consequences[v3]; data.nixlint.unit.lib_demand("Service", v3, v2, v4, v0) }
availability_restart_policy__consequences := {"Restart": "after a crash the service stays down", "RestartSec": "a service that cannot start is started again at once, until systemd gives up on it"} if { true }

# compat/gpu-private-devices
# asked if: (kind is "service" and scope is "system" and some effective.Service.PrivateDevices and (((text contains "CUDA" or text contains "HIP_" or text contains "HSA_" or text contains "NVIDIA" or text contains "ROCR" or text contains "/dev/nvidia" or text contains "gpu-layers" or text contains "-ngl") and some effective.Service.Environment) or ((text contains "CUDA" or text contains "HIP_" or text contains "HSA_" or text contains "NVIDIA" or text contains "ROCR" or text contains "/dev/nvidia" or text contains "gpu-layers" or text contains "-ngl") and (some scripts or some sections.Service.ExecStart or some sections.Service.ExecStartPre or some sections.Service.ExecStartPost or some sections.Service.ExecCondition)) or some effective.Service.DeviceAllow))
# reads: closed if (kind is "service" and scope is "system")
# reads: completeness if (kind is "service" and scope is "system")
# reads: completeness is "override" if (kind is "service" and scope is "system")
# reads: effective.Service.BindPaths if (kind is "service" and scope is "system")
# reads: effective.Service.BindReadOnlyPaths if (kind is "service" and scope is "system")
# reads: effective.Service.DeviceAllow if (kind is "service" and scope is "system")
# reads: effective.Service.Environment if (kind is "service" and scope is "system")
# reads: effective.Service.PrivateDevices if (kind is "service" and scope is "system")
# reads: kind
# reads: open if ((kind is "service" and scope is "system" and not completeness is "override") or (kind is "service" and scope is "system"))
# reads: open is "" if ((kind is "service" and scope is "system" and not completeness is "override") or (kind is "service" and scope is "system"))
# reads: scope if kind is "service"
# reads: scope is "system" if kind is "service"
# reads: scripts if (kind is "service" and scope is "system")
# reads: sections.Service.ExecCondition if (kind is "service" and scope is "system")
# reads: sections.Service.ExecStart if (kind is "service" and scope is "system")
# reads: sections.Service.ExecStartPost if (kind is "service" and scope is "system")
# reads: sections.Service.ExecStartPre if (kind is "service" and scope is "system")
# reads: text contains "-ngl" if (kind is "service" and scope is "system")
# reads: text contains "/dev/nvidia" if (kind is "service" and scope is "system")
# reads: text contains "CUDA" if (kind is "service" and scope is "system")
# reads: text contains "HIP_" if (kind is "service" and scope is "system")
# reads: text contains "HSA_" if (kind is "service" and scope is "system")
# reads: text contains "NVIDIA" if (kind is "service" and scope is "system")
# reads: text contains "ROCR" if (kind is "service" and scope is "system")
# reads: text contains "gpu-layers" if (kind is "service" and scope is "system")
compat_gpu_private_devices_report contains v0 if { input.kind = "service"; input.scope = "system"; data.nixlint.unit.lib_may("Service", "PrivateDevices", {"yes"}); v1 = data.nixlint.unit.compat_gpu_private_devices__shown; not data.nixlint.unit.compat_gpu_private_devices__bound; data.nixlint.unit.lib_forbidden("Service", "PrivateDevices", ["yes"], v2); v3 = v2; v4 = v1.verdict; data.nixlint.unit.lib_together({v4, v3}, v5); data.nixlint.unit.lib_at("Service", "PrivateDevices", v6); v7 = v1.what; sprintf("PrivateDevices hides the GPU, and the service uses it (%s)", [v7], v8); data.nixlint.unit.lib_decided(v5, v6, v8, "whether it is on, or uses the GPU, is not decided", v9); v0 = v9 }
compat_gpu_private_devices__shown := v0 if { v1 = [v2 | v2 = data.nixlint.unit.lib_gpu_evidence[v3]]; count(v1, v4); gt(v4, 0); v5 = v1[0].verdict; v6 = v1[0].what; v0 = {"verdict": v5, "what": v6} } else = {"verdict": "fail", "what": v7} if { v8 = [v9 | data.nixlint.unit.lib_stated("Service", "DeviceAllow", v10); v9 = v10[v11]; v12 = v9.text; regex.match("^(?:/dev/(?:nvidia|dri|kfd)|char-(?:nvidia|drm|kfd))", v12)]; count(v8, v13); gt(v13, 0); v14 = v8[0].text; sprintf("DeviceAllow=%s", [v14], v7) }
compat_gpu_private_devices__bound = true if { v0 = ["BindPaths", "BindReadOnlyPaths"]; v1 = v0[v2]; data.nixlint.unit.lib_stated("Service", v1, v3); v4 = v3[v5]; v6 = v4.text; regex.match("^-?/dev/(?:nvidia|dri|kfd)", v6) }

# compat/over-hardening
# asked if: ((kind is "service" and some effective.Service.MemoryDenyWriteExecute and (some scripts or some sections.Service.ExecStart or some sections.Service.ExecStartPre or some sections.Service.ExecStartPost or some sections.Service.ExecCondition)) or (kind is "service" and some effective.Service.PrivateNetwork and (some scripts or some sections.Service.ExecStart or some sections.Service.ExecStartPre or some sections.Service.ExecStartPost or some sections.Service.ExecCondition)))
# reads: closed if kind is "service"
# reads: completeness if kind is "service"
# reads: completeness is "override" if kind is "service"
# reads: effective.Service.MemoryDenyWriteExecute if kind is "service"
# reads: effective.Service.PrivateNetwork if kind is "service"
# reads: effective.Service.Sockets if kind is "service"
# reads: effective.Unit.JoinsNamespaceOf if kind is "service"
# reads: kind
# reads: open if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: open is "" if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: scripts if kind is "service"
# reads: sections.Service.ExecCondition if kind is "service"
# reads: sections.Service.ExecStart if kind is "service"
# reads: sections.Service.ExecStartPost if kind is "service"
# reads: sections.Service.ExecStartPre if kind is "service"
compat_over_hardening_report contains v0 if { input.kind = "service"; data.nixlint.unit.lib_may("Service", "MemoryDenyWriteExecute", {"yes"}); v1 = data.nixlint.unit.lib_command_texts[v2]; not {v3 = v1.text; contains(v3, "--jitless")}; v4 = data.nixlint.unit.compat_over_hardening__compiles; v5 = v1.text; regex.find_n(v4, v5, 1, v6); v7 = v6[0]; data.nixlint.unit.lib_forbidden("Service", "MemoryDenyWriteExecute", ["yes"], v8); v9 = v8; v10 = v1.sure; data.nixlint.unit.compat_over_hardening__sure(v9, v10, v11); data.nixlint.unit.lib_at("Service", "MemoryDenyWriteExecute", v12); trim(v7, " \t\n\"'", v13); sprintf("MemoryDenyWriteExecute, and %s compiles while it runs: it crashes at its start", [v13], v14); data.nixlint.unit.lib_decided(v11, v12, v14, "MemoryDenyWriteExecute or the command is not decided", v15); v0 = v15 }
compat_over_hardening_report contains v0 if { input.kind = "service"; data.nixlint.unit.lib_may("Service", "PrivateNetwork", {"yes"}); not input.effective.Service.Sockets; not input.effective.Unit.JoinsNamespaceOf; v1 = data.nixlint.unit.lib_command_texts[v2]; v3 = ["--port", "--listen", "--http-port", "--listen-address"]; v4 = v3[v5]; v6 = v1.text; data.nixlint.unit.lib_command_values(v6, v4, v7); v8 = v7[v9]; v10 = v8.value; regex.match("(?:^|:)[0-9]{2,5}$", v10); data.nixlint.unit.lib_forbidden("Service", "PrivateNetwork", ["yes"], v11); v12 = v11; v13 = v1.sure; data.nixlint.unit.compat_over_hardening__sure(v12, v13, v14); data.nixlint.unit.lib_at("Service", "PrivateNetwork", v15); v16 = v8.match; sprintf("PrivateNetwork, and the service listens (%s): nobody can reach it", [v16], v17); data.nixlint.unit.lib_decided(v14, v15, v17, "PrivateNetwork or the command is not decided", v18); v0 = v18 }
compat_over_hardening__compiles := v0 if { concat("", ["(?:^|[\\s\"'])<pkgs\\.(?:nodejs|jdk|jre|openjdk|temurin|zulu|dotnet|deno|bun)[A-Za-z0-9._-]*>", "/bin/(?:node|npm|npx|java|dotnet|deno|bun)(?:[\\s\"']|$)"], v0) }
compat_over_hardening__sure("fail", true) := "fail" if { true }
compat_over_hardening__sure("fail", false) := "unknown" if { true }
compat_over_hardening__sure("unknown", v0) := "unknown" if { true }

# compat/sandbox-read-only
# asked if: (kind is "service" and scope is "system" and some effective.Service.ProtectSystem and (((text contains "tee " or text contains "tee\t" or text contains "--log" or text contains "--data" or text contains "--cache-dir" or text contains "--state-dir" or text contains "--pid" or text contains " >" or text contains "\t>" or text contains "\n>" or text contains ";>" or text contains "&>" or text contains "|>" or text contains ")>" or text contains "0>" or text contains "1>" or text contains "2>" or text contains "3>" or text contains "4>" or text contains "5>" or text contains "6>" or text contains "7>" or text contains "8>" or text contains "9>" or text contains ">>") and (some scripts or some sections.Service.ExecStart or some sections.Service.ExecStartPre or some sections.Service.ExecStartPost or some sections.Service.ExecCondition)) or some effective.Service.StandardError or some effective.Service.StandardOutput or some effective.Service.Environment))
# reads: closed if (kind is "service" and scope is "system")
# reads: completeness if (kind is "service" and scope is "system")
# reads: completeness is "override" if (kind is "service" and scope is "system")
# reads: effective.Service.BindPaths if (kind is "service" and scope is "system")
# reads: effective.Service.CacheDirectory if (kind is "service" and scope is "system")
# reads: effective.Service.ConfigurationDirectory if (kind is "service" and scope is "system")
# reads: effective.Service.Environment if (kind is "service" and scope is "system")
# reads: effective.Service.LogsDirectory if (kind is "service" and scope is "system")
# reads: effective.Service.PrivateTmp if (kind is "service" and scope is "system")
# reads: effective.Service.ProtectSystem if (kind is "service" and scope is "system")
# reads: effective.Service.ReadWritePaths if (kind is "service" and scope is "system")
# reads: effective.Service.RuntimeDirectory if (kind is "service" and scope is "system")
# reads: effective.Service.StandardError if (kind is "service" and scope is "system")
# reads: effective.Service.StandardOutput if (kind is "service" and scope is "system")
# reads: effective.Service.StateDirectory if (kind is "service" and scope is "system")
# reads: effective.Service.TemporaryFileSystem if (kind is "service" and scope is "system")
# reads: kind
# reads: open if ((kind is "service" and scope is "system" and not completeness is "override") or (kind is "service" and scope is "system"))
# reads: open is "" if ((kind is "service" and scope is "system" and not completeness is "override") or (kind is "service" and scope is "system"))
# reads: scope if kind is "service"
# reads: scope is "system" if kind is "service"
# reads: scripts if (kind is "service" and scope is "system")
# reads: sections.Service.ExecCondition if (kind is "service" and scope is "system")
# reads: sections.Service.ExecStart if (kind is "service" and scope is "system")
# reads: sections.Service.ExecStartPost if (kind is "service" and scope is "system")
# reads: sections.Service.ExecStartPre if (kind is "service" and scope is "system")
# reads: sections.Service.ReadWritePaths if (kind is "service" and scope is "system")
# reads: text contains " >" if (kind is "service" and scope is "system")
# reads: text contains "&>" if (kind is "service" and scope is "system")
# reads: text contains ")>" if (kind is "service" and scope is "system")
# reads: text contains "--cache-dir" if (kind is "service" and scope is "system")
# reads: text contains "--data" if (kind is "service" and scope is "system")
# reads: text contains "--log" if (kind is "service" and scope is "system")
# reads: text contains "--pid" if (kind is "service" and scope is "system")
# reads: text contains "--state-dir" if (kind is "service" and scope is "system")
# reads: text contains "0>" if (kind is "service" and scope is "system")
# reads: text contains "1>" if (kind is "service" and scope is "system")
# reads: text contains "2>" if (kind is "service" and scope is "system")
# reads: text contains "3>" if (kind is "service" and scope is "system")
# reads: text contains "4>" if (kind is "service" and scope is "system")
# reads: text contains "5>" if (kind is "service" and scope is "system")
# reads: text contains "6>" if (kind is "service" and scope is "system")
# reads: text contains "7>" if (kind is "service" and scope is "system")
# reads: text contains "8>" if (kind is "service" and scope is "system")
# reads: text contains "9>" if (kind is "service" and scope is "system")
# reads: text contains ";>" if (kind is "service" and scope is "system")
# reads: text contains ">>" if (kind is "service" and scope is "system")
# reads: text contains "\n>" if (kind is "service" and scope is "system")
# reads: text contains "\t>" if (kind is "service" and scope is "system")
# reads: text contains "tee " if (kind is "service" and scope is "system")
# reads: text contains "tee\t" if (kind is "service" and scope is "system")
# reads: text contains "|>" if (kind is "service" and scope is "system")
compat_sandbox_read_only_report contains v0 if { input.kind = "service"; input.scope = "system"; data.nixlint.unit.lib_may("Service", "ProtectSystem", {"strict"}); v1 = data.nixlint.unit.lib_writes_paths[v2]; not {v3 = v1.path[2]; internal.member_2(v3, {"StandardError", "StandardOutput"})}; not {v4 = v1.file; data.nixlint.unit.compat_sandbox_read_only__writable(v4)}; data.nixlint.unit.lib_forbidden("Service", "ProtectSystem", ["strict"], v5); v6 = v5; v7 = v1.sure; data.nixlint.unit.compat_sandbox_read_only__verdict(v6, v7, v8); v9 = v1.file; sprintf("ProtectSystem=strict makes %s read-only, and nothing makes it writable again: writing to it fails", [v9], v10); v11 = v1.path; v12 = data.nixlint.unit.compat_sandbox_read_only__reason; data.nixlint.unit.lib_decided(v8, v11, v10, v12, v13); v14 = v1.match; data.nixlint.unit.lib_matched(v13, v14, v15); v0 = v15 }
compat_sandbox_read_only__reason := "an empty ReadWritePaths takes away those before it, and which stands last is not known" if { data.nixlint.unit.compat_sandbox_read_only__emptied } else = "ProtectSystem or what is writable is not decided" if { true }
compat_sandbox_read_only__verdict("fail", true) := "fail" if { data.nixlint.unit.lib_closed; not data.nixlint.unit.compat_sandbox_read_only__vague }
compat_sandbox_read_only__verdict("fail", true) := "unknown" if { not data.nixlint.unit.lib_closed }
compat_sandbox_read_only__verdict("fail", true) := "unknown" if { data.nixlint.unit.lib_closed; data.nixlint.unit.compat_sandbox_read_only__vague }
compat_sandbox_read_only__verdict("fail", false) := "unknown" if { true }
compat_sandbox_read_only__verdict("unknown", v0) := "unknown" if { true }
compat_sandbox_read_only__vague = true if { v0 = ["BindPaths", "CacheDirectory", "LogsDirectory", "ReadWritePaths", "RuntimeDirectory", "StateDirectory"]; v1 = v0[v2]; v3 = input.effective.Service[v1][v4]; not v3.known }
compat_sandbox_read_only__vague = true if { data.nixlint.unit.compat_sandbox_read_only__emptied }
compat_sandbox_read_only__emptied = true if { v0 = input.sections.Service.ReadWritePaths; count(v0, v1); gt(v1, 1); v2 = input.sections.Service.ReadWritePaths[v3]; v4 = v2[v5]; v4.value = "" }
compat_sandbox_read_only__writable(v0) = true if { v1 = ["BindPaths", "ReadWritePaths", "TemporaryFileSystem"]; v2 = v1[v3]; data.nixlint.unit.lib_stated("Service", v2, v4); v5 = v4[v6]; v7 = v5.text; trim_left(v7, "-+", v8); split(v8, ":", v9); array.slice(v9, 0, 2, v10); v11 = v10[v12]; trim_right(v11, "/", v13); data.nixlint.unit.compat_sandbox_read_only__under(v0, v13) }
compat_sandbox_read_only__writable(v0) = true if { v1 = data.nixlint.unit.compat_sandbox_read_only__bases[v2]; data.nixlint.unit.lib_stated("Service", v2, v3); v4 = v3[v5]; v6 = v4.text; split(v6, ":", v7); v8 = v7[0]; sprintf("%s/%s", [v1, v8], v9); data.nixlint.unit.compat_sandbox_read_only__under(v0, v9) }
compat_sandbox_read_only__writable(v0) = true if { v1 = data.nixlint.unit.compat_sandbox_read_only__bases[v2]; data.nixlint.unit.lib_stated("Service", v2, v3); v4 = v3[v5]; v6 = v4.text; split(v6, ":", v7); v8 = v7[0]; sprintf("%s/private/%s", [v1, v8], v9); data.nixlint.unit.compat_sandbox_read_only__under(v0, v9) }
compat_sandbox_read_only__writable(v0) = true if { regex.match("^/(?:var/)?tmp(?:/|$)", v0); data.nixlint.unit.lib_may("Service", "PrivateTmp", {"disconnected", "yes"}) }
compat_sandbox_read_only__bases := {"CacheDirectory": "/var/cache", "ConfigurationDirectory": "/etc", "LogsDirectory": "/var/log", "RuntimeDirectory": "/run", "StateDirectory": "/var/lib"} if { true }
compat_sandbox_read_only__under(v0, v1) = true if { v0 = v1 }
compat_sandbox_read_only__under(v0, v1) = true if { sprintf("%s/", [v1], v2); startswith(v0, v2) }

# compat/setuid-under-nnp
# asked if: (kind is "service" and text contains "/run/wrappers/bin/" and some effective.Service.NoNewPrivileges and (some scripts or some sections.Service.ExecStart or some sections.Service.ExecStartPre or some sections.Service.ExecStartPost or some sections.Service.ExecCondition))
# reads: base if ((kind is "service" and completeness is "override") or (kind is "service" and completeness is "override" and not base is ""))
# reads: base is "" if (kind is "service" and completeness is "override")
# reads: closed if kind is "service"
# reads: completeness if kind is "service"
# reads: completeness is "override" if kind is "service"
# reads: effective.Service.DynamicUser if kind is "service"
# reads: effective.Service.NoNewPrivileges if kind is "service"
# reads: effective.Service.User if kind is "service"
# reads: kind
# reads: open if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: open is "" if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: scope if kind is "service"
# reads: scope is "user" if kind is "service"
# reads: scripts if kind is "service"
# reads: sections.Service.ExecCondition if kind is "service"
# reads: sections.Service.ExecStart if kind is "service"
# reads: sections.Service.ExecStartPost if kind is "service"
# reads: sections.Service.ExecStartPre if kind is "service"
# reads: text contains "/run/wrappers/bin/" if kind is "service"
# reads: unit if ((kind is "service" and completeness is "override" and not base is "") or (kind is "service" and completeness is "override"))
compat_setuid_under_nnp_report contains v0 if { input.kind = "service"; v1 = input.text; contains(v1, "/run/wrappers/bin/"); data.nixlint.unit.lib_may("Service", "NoNewPrivileges", {"yes"}); data.nixlint.unit.lib_forbidden("Service", "NoNewPrivileges", ["yes"], v2); v3 = data.nixlint.unit.compat_setuid_under_nnp__unprivileged; data.nixlint.unit.lib_together({v2, v3}, v4); v5 = v4; neq(v5, "pass"); v6 = data.nixlint.unit.lib_command_texts[v7]; v8 = v6.text; regex.find_n("/run/wrappers/bin/[A-Za-z0-9._-]+", v8, 1, v9); v10 = v9[0]; v11 = v6.sure; data.nixlint.unit.compat_setuid_under_nnp__sure(v5, v11, v12); sprintf("%s needs rights that NoNewPrivileges does not let it have: it fails", [v10], v13); v14 = v6.path; data.nixlint.unit.lib_decided(v12, v14, v13, "NoNewPrivileges, the user or the command is not decided", v15); data.nixlint.unit.lib_matched(v15, v10, v16); v0 = v16 }
compat_setuid_under_nnp__unprivileged := "fail" if { input.scope = "user" } else = "fail" if { data.nixlint.unit.lib_is("Service", "DynamicUser", ["yes"]) } else = v0 if { v1 = {v2 | data.nixlint.unit.lib_states("Service", "User", v3); v4 = v3[v5]; data.nixlint.unit.compat_setuid_under_nnp__vote(v4, v2)}; data.nixlint.unit.lib_verdict(v1, v0) }
compat_setuid_under_nnp__vote(v0) := "unknown" if { v0.state = "unknown" } else = "pass" if { v0.state = "absent" } else = "pass" if { v1 = v0.texts; count(v1, v2); minus(v2, 1, v3); v4 = v0.texts[v3]; internal.member_2(v4, {"", "0", "root"}) } else = "fail" if { true }
compat_setuid_under_nnp__sure("fail", true) := "fail" if { true }
compat_setuid_under_nnp__sure("fail", false) := "unknown" if { true }
compat_setuid_under_nnp__sure("unknown", v0) := "unknown" if { true }

# compat/sshd-lockout
# asked if: (kind is "service" and name in "site.sshd.units")
# reads: base if (completeness is "override" or (completeness is "override" and not base is ""))
# reads: base is "" if completeness is "override"
# reads: closed
# reads: completeness
# reads: effective.Service.CapabilityBoundingSet
# reads: effective.Service.SystemCallFilter
# reads: kind
# reads: name in "site.sshd.units" if kind is "service"
# reads: open
# reads: unit if ((completeness is "override" and not base is "") or completeness is "override")
compat_sshd_lockout_report contains v0 if { data.nixlint.unit.compat_sshd_lockout__judged; v1 = {v2 | data.nixlint.unit.lib_states("Service", "CapabilityBoundingSet", v3); v4 = v3[v5]; data.nixlint.unit.compat_sshd_lockout__login(v4, v2)}; data.nixlint.unit.lib_verdict(v1, v6); v7 = v6; v8 = {v9 | data.nixlint.unit.lib_states("Service", "CapabilityBoundingSet", v10); v11 = v10[v12]; v11.state = "set"; v9 = data.nixlint.unit.compat_sshd_lockout__needed[v13]; not {v14 = v11.texts; internal.member_2(v9, v14)}}; sort(v8, v15); concat(", ", v15, v16); v17 = v16; data.nixlint.unit.lib_at_list("Service", "CapabilityBoundingSet", v18); sprintf("CapabilityBoundingSet leaves out %s: sshd cannot become the user who logs in, so nobody can log in", [v17], v19); data.nixlint.unit.lib_why("Service", "CapabilityBoundingSet", v20); data.nixlint.unit.lib_decided(v7, v18, v19, v20, v21); v0 = v21 }
compat_sshd_lockout_report contains v0 if { data.nixlint.unit.compat_sshd_lockout__judged; v1 = {v2 | data.nixlint.unit.lib_states("Service", "SystemCallFilter", v3); v4 = v3[v5]; data.nixlint.unit.compat_sshd_lockout__chroot(v4, v2)}; data.nixlint.unit.lib_verdict(v1, v6); v7 = v6; data.nixlint.unit.lib_at_list("Service", "SystemCallFilter", v8); data.nixlint.unit.lib_why("Service", "SystemCallFilter", v9); data.nixlint.unit.lib_decided(v7, v8, "SystemCallFilter does not allow chroot: sshd is killed at each login with nothing in its log, so nobody can log in", v9, v10); v0 = v10 }
compat_sshd_lockout__judged = true if { input.kind = "service"; v0 = input.name; v1 = data.site.sshd.units; internal.member_2(v0, v1) }
compat_sshd_lockout__needed := {"CAP_SETGID", "CAP_SETUID", "CAP_SYS_CHROOT"} if { true }
compat_sshd_lockout__login(v0) := "unknown" if { v0.state = "unknown"; v1 = v0.texts; count(v1, v2); gt(v2, 0) } else = "fail" if { v0.state = "set"; v3 = data.nixlint.unit.compat_sshd_lockout__needed[v4]; not {v5 = v0.texts; internal.member_2(v3, v5)} } else = "pass" if { true }
compat_sshd_lockout__chroot(v0) := "unknown" if { v0.state = "unknown"; v1 = v0.texts; count(v1, v2); gt(v2, 0) } else = "fail" if { v0.state = "set"; v3 = v0.texts; data.nixlint.unit.lib_sshd_no_chroot(v3) } else = "pass" if { true }

# compat/sshd-session-sandbox
# asked if: (kind is "service" and name in "site.sshd.units")
# reads: base if (completeness is "override" or (completeness is "override" and not base is ""))
# reads: base is "" if completeness is "override"
# reads: closed
# reads: completeness
# reads: effective.Service.CapabilityBoundingSet
# reads: effective.Service.NoNewPrivileges
# reads: effective.Service.ProtectHome
# reads: effective.Service.ProtectSystem
# reads: kind
# reads: name in "site.sshd.units" if kind is "service"
# reads: open
# reads: unit if ((completeness is "override" and not base is "") or completeness is "override")
compat_sshd_session_sandbox_report contains v0 if { data.nixlint.unit.compat_sshd_session_sandbox__judged; v1 = data.nixlint.unit.compat_sshd_session_sandbox__inherited[v2]; v3 = {v4 | data.nixlint.unit.lib_states("Service", v2, v5); v6 = v5[v7]; v8 = v1.values; data.nixlint.unit.compat_sshd_session_sandbox__vote(v6, v8, v4)}; data.nixlint.unit.lib_verdict(v3, v9); v10 = v9; data.nixlint.unit.lib_at("Service", v2, v11); data.nixlint.unit.lib_shown("Service", v2, v12); v13 = v1.consequence; sprintf("%s is inherited by every session: %s", [v12, v13], v14); data.nixlint.unit.lib_why("Service", v2, v15); data.nixlint.unit.lib_decided(v10, v11, v14, v15, v16); v0 = v16 }
compat_sshd_session_sandbox_report contains v0 if { data.nixlint.unit.compat_sshd_session_sandbox__judged; v1 = {v2 | data.nixlint.unit.lib_states("Service", "CapabilityBoundingSet", v3); v4 = v3[v5]; data.nixlint.unit.compat_sshd_session_sandbox__terminal(v4, v2)}; data.nixlint.unit.lib_verdict(v1, v6); v7 = v6; v8 = {v9 | data.nixlint.unit.lib_states("Service", "CapabilityBoundingSet", v10); v11 = v10[v12]; v11.state = "set"; v9 = data.nixlint.unit.compat_sshd_session_sandbox__useful[v13]; not {v14 = v11.texts; internal.member_2(v9, v14)}}; sort(v8, v15); concat(", ", v15, v16); v17 = v16; data.nixlint.unit.lib_at_list("Service", "CapabilityBoundingSet", v18); sprintf("CapabilityBoundingSet leaves out %s: sessions get no terminal without CAP_CHOWN and no audit entry without CAP_AUDIT_WRITE", [v17], v19); data.nixlint.unit.lib_why("Service", "CapabilityBoundingSet", v20); data.nixlint.unit.lib_decided(v7, v18, v19, v20, v21); v0 = v21 }
compat_sshd_session_sandbox__judged = true if { input.kind = "service"; v0 = input.name; v1 = data.site.sshd.units; internal.member_2(v0, v1) }
compat_sshd_session_sandbox__inherited := {"NoNewPrivileges": {"consequence": "su, sudo and every other setuid program fail in it", "values": {"yes"}}, "ProtectHome": {"consequence": "people cannot work in their homes, and sshd finds no keys there", "values": {"read-only", "tmpfs", "yes"}}, "ProtectSystem": {"consequence": "people cannot write anywhere, their homes included", "values": {"strict"}}} if { true }
compat_sshd_session_sandbox__vote(v0, v1) := "unknown" if { v0.state = "unknown"; v2 = v0.texts; count(v2, v3); gt(v3, 0) } else = "fail" if { v0.state = "set"; v4 = v0.texts; count(v4, v5); minus(v5, 1, v6); v7 = v0.texts[v6]; internal.member_2(v7, v1) } else = "pass" if { true }
compat_sshd_session_sandbox__login := {"CAP_SETGID", "CAP_SETUID", "CAP_SYS_CHROOT"} if { true }
compat_sshd_session_sandbox__useful := {"CAP_AUDIT_WRITE", "CAP_CHOWN"} if { true }
compat_sshd_session_sandbox__terminal(v0) := "fail" if { v0.state = "set"; v1 = data.nixlint.unit.compat_sshd_session_sandbox__login; every v2, v3 in v1 { v4 = v0.texts; internal.member_2(v3, v4) }; v5 = data.nixlint.unit.compat_sshd_session_sandbox__useful[v6]; not {v7 = v0.texts; internal.member_2(v5, v7)} } else = "pass" if { true }

# compat/user-manager-limits
# asked if: ((kind is "service" and scope is "user" and (has sections.Service.DeviceAllow or has sections.Service.DevicePolicy or has sections.Service.DynamicUser or has sections.Service.IPAddressAllow or has sections.Service.IPAddressDeny or has sections.Service.RemoveIPC or has sections.Service.SupplementaryGroups)) or (kind is "service" and scope is "user" and has sections.Service.CapabilityBoundingSet) or (kind is "service" and scope is "user" and (some effective.Service.LoadCredential or some effective.Service.LoadCredentialEncrypted)) or (kind is "service" and scope is "user" and (some effective.Unit.After or some effective.Unit.Wants)) or (kind is "service" and scope is "user" and (some effective.Unit.BindsTo or some effective.Unit.Requires or some effective.Unit.Requisite)))
# reads: base if (completeness is "override" or (completeness is "override" and not base is ""))
# reads: base is "" if completeness is "override"
# reads: closed
# reads: completeness
# reads: effective.Service.CapabilityBoundingSet
# reads: effective.Service.DeviceAllow
# reads: effective.Service.DevicePolicy
# reads: effective.Service.DynamicUser
# reads: effective.Service.IPAddressAllow
# reads: effective.Service.IPAddressDeny
# reads: effective.Service.LoadCredential
# reads: effective.Service.LoadCredentialEncrypted
# reads: effective.Service.MountAPIVFS
# reads: effective.Service.PrivateDevices
# reads: effective.Service.PrivateIPC
# reads: effective.Service.PrivateMounts
# reads: effective.Service.PrivateNetwork
# reads: effective.Service.PrivateTmp
# reads: effective.Service.PrivateUsers
# reads: effective.Service.ProtectClock
# reads: effective.Service.ProtectControlGroups
# reads: effective.Service.ProtectHome
# reads: effective.Service.ProtectHostname
# reads: effective.Service.ProtectKernelLogs
# reads: effective.Service.ProtectKernelModules
# reads: effective.Service.ProtectKernelTunables
# reads: effective.Service.ProtectSystem
# reads: effective.Service.RemoveIPC
# reads: effective.Service.SupplementaryGroups
# reads: effective.Unit.After
# reads: effective.Unit.BindsTo
# reads: effective.Unit.Requires
# reads: effective.Unit.Requisite
# reads: effective.Unit.Wants
# reads: kind
# reads: open
# reads: scope if kind is "service"
# reads: scope is "user" if kind is "service"
# reads: sections.Service.CapabilityBoundingSet
# reads: sections.Service.DeviceAllow
# reads: sections.Service.DevicePolicy
# reads: sections.Service.DynamicUser
# reads: sections.Service.IPAddressAllow
# reads: sections.Service.IPAddressDeny
# reads: sections.Service.RemoveIPC
# reads: sections.Service.SupplementaryGroups
# reads: unit if ((completeness is "override" and not base is "") or completeness is "override")
compat_user_manager_limits_report contains v0 if { data.nixlint.unit.compat_user_manager_limits__judged; v1 = data.nixlint.unit.compat_user_manager_limits__always[v2]; input.sections.Service[v2]; data.nixlint.unit.lib_user_asked(v2, v3); data.nixlint.unit.lib_at_list("Service", v2, v4); sprintf("%s %s", [v2, v1], v5); data.nixlint.unit.lib_why("Service", v2, v6); data.nixlint.unit.lib_decided(v3, v4, v5, v6, v7); data.nixlint.unit.compat_user_manager_limits__weighed(v2, v7, v8); v0 = v8 }
compat_user_manager_limits__weighed("RemoveIPC", v0) := v1 if { data.nixlint.unit.lib_minor(v0, v1) }
compat_user_manager_limits__weighed(v0, v1) := v1 if { neq(v0, "RemoveIPC") }
compat_user_manager_limits_report contains v0 if { data.nixlint.unit.compat_user_manager_limits__judged; input.sections.Service.CapabilityBoundingSet; not data.nixlint.unit.lib_user_namespace; not data.nixlint.unit.lib_user_implied; data.nixlint.unit.lib_user_asked("CapabilityBoundingSet", v1); data.nixlint.unit.lib_at_list("Service", "CapabilityBoundingSet", v2); concat("", ["CapabilityBoundingSet fails in a user unit (218/CAPABILITIES) unless PrivateUsers is set: ", "a user's manager may not drop capabilities"], v3); data.nixlint.unit.lib_why("Service", "CapabilityBoundingSet", v4); data.nixlint.unit.lib_decided(v1, v2, v3, v4, v5); v0 = v5 }
compat_user_manager_limits_report contains v0 if { data.nixlint.unit.compat_user_manager_limits__judged; v1 = ["LoadCredential", "LoadCredentialEncrypted"]; v2 = v1[v3]; data.nixlint.unit.lib_stated("Service", v2, v4); v5 = v4[v6]; v7 = data.site.credentials.store; sprintf(":%s/", [v7], v8); v9 = v5.text; contains(v9, v8); v10 = data.site.credentials.store; sprintf("%s fails in a user unit (243/CREDENTIALS): a user's manager cannot read %s, which is root's alone", [v2, v10], v11); v12 = v5.path; data.nixlint.unit.lib_finding("fail", v12, v11, v13); v0 = v13 }
compat_user_manager_limits_report contains v0 if { data.nixlint.unit.compat_user_manager_limits__judged; v1 = ["After", "Wants"]; v2 = v1[v3]; data.nixlint.unit.lib_stated("Unit", v2, v4); v5 = v4[v6]; v7 = v5.text; v8 = data.nixlint.unit.compat_user_manager_limits__system_targets; internal.member_2(v7, v8); v9 = v5.text; sprintf("%s=%s names nothing in a user's manager: the target exists in the system's manager only", [v2, v9], v10); v11 = v5.path; data.nixlint.unit.lib_finding("fail", v11, v10, v12); data.nixlint.unit.lib_minor(v12, v13); v0 = v13 }
compat_user_manager_limits_report contains v0 if { data.nixlint.unit.compat_user_manager_limits__judged; v1 = ["BindsTo", "Requires", "Requisite"]; v2 = v1[v3]; data.nixlint.unit.lib_stated("Unit", v2, v4); v5 = v4[v6]; v7 = v5.text; v8 = data.nixlint.unit.compat_user_manager_limits__system_targets; internal.member_2(v7, v8); v9 = v5.text; sprintf("%s=%s keeps a user unit from starting: the target exists in the system's manager only", [v2, v9], v10); v11 = v5.path; data.nixlint.unit.lib_finding("fail", v11, v10, v12); v0 = v12 }
compat_user_manager_limits__judged = true if { input.kind = "service"; input.scope = "user" }
compat_user_manager_limits__always := {"DeviceAllow": "does nothing in a user unit: a user's manager cannot filter devices, every one its user may open stays open", "DevicePolicy": "does nothing in a user unit: a user's manager cannot filter devices", "DynamicUser": "fails in a user unit (217/USER): a user's manager cannot become another user", "IPAddressAllow": "does nothing in a user unit: a user's manager cannot filter addresses", "IPAddressDeny": "does nothing in a user unit: a user's manager cannot filter addresses", "RemoveIPC": "does nothing in a user unit: it needs a User of its own", "SupplementaryGroups": "fails in a user unit (216/GROUP): a user's manager may not set groups, not even those its user is in"} if { true }
compat_user_manager_limits__system_targets := {"getty.target", "graphical.target", "local-fs.target", "multi-user.target", "network-online.target", "network.target", "nss-lookup.target", "remote-fs.target", "sysinit.target"} if { true }

# compat/user-sandbox-namespace
# asked if: ((kind is "service" and scope is "user" and some sections.Service) or (kind is "service" and scope is "user" and has sections.Service.CapabilityBoundingSet))
# reads: base if ((kind is "service" and scope is "user" and completeness is "override") or (kind is "service" and scope is "user" and completeness is "override" and not base is ""))
# reads: base is "" if (kind is "service" and scope is "user" and completeness is "override")
# reads: closed if (kind is "service" and scope is "user")
# reads: completeness if (kind is "service" and scope is "user")
# reads: completeness is "override" if (kind is "service" and scope is "user")
# reads: effective.Service if (kind is "service" and scope is "user")
# reads: effective.Service.CapabilityBoundingSet if (kind is "service" and scope is "user")
# reads: effective.Service.MountAPIVFS if (kind is "service" and scope is "user")
# reads: effective.Service.PrivateDevices if (kind is "service" and scope is "user")
# reads: effective.Service.PrivateIPC if (kind is "service" and scope is "user")
# reads: effective.Service.PrivateMounts if (kind is "service" and scope is "user")
# reads: effective.Service.PrivateNetwork if (kind is "service" and scope is "user")
# reads: effective.Service.PrivateTmp if (kind is "service" and scope is "user")
# reads: effective.Service.PrivateUsers if (kind is "service" and scope is "user")
# reads: effective.Service.ProtectClock if (kind is "service" and scope is "user")
# reads: effective.Service.ProtectControlGroups if (kind is "service" and scope is "user")
# reads: effective.Service.ProtectHome if (kind is "service" and scope is "user")
# reads: effective.Service.ProtectHostname if (kind is "service" and scope is "user")
# reads: effective.Service.ProtectKernelLogs if (kind is "service" and scope is "user")
# reads: effective.Service.ProtectKernelModules if (kind is "service" and scope is "user")
# reads: effective.Service.ProtectKernelTunables if (kind is "service" and scope is "user")
# reads: effective.Service.ProtectSystem if (kind is "service" and scope is "user")
# reads: kind
# reads: open if ((kind is "service" and scope is "user" and not completeness is "override") or (kind is "service" and scope is "user"))
# reads: open is "" if ((kind is "service" and scope is "user" and not completeness is "override") or (kind is "service" and scope is "user"))
# reads: scope if kind is "service"
# reads: scope is "user" if kind is "service"
# reads: sections.Service if (kind is "service" and scope is "user")
# reads: sections.Service.CapabilityBoundingSet if (kind is "service" and scope is "user")
# reads: unit if ((kind is "service" and scope is "user" and completeness is "override" and not base is "") or (kind is "service" and scope is "user" and completeness is "override"))
compat_user_sandbox_namespace_report contains v0 if { input.kind = "service"; input.scope = "user"; v1 = data.nixlint.unit.compat_user_sandbox_namespace__before_254[v2]; input.sections.Service[v2]; not data.nixlint.unit.lib_user_namespace; data.nixlint.unit.lib_user_asked(v2, v3); data.nixlint.unit.lib_at("Service", v2, v4); sprintf("%s %s", [v2, v1], v5); data.nixlint.unit.lib_why("Service", v2, v6); data.nixlint.unit.lib_decided(v3, v4, v5, v6, v7); v0 = v7 }
compat_user_sandbox_namespace_report contains v0 if { input.kind = "service"; input.scope = "user"; input.sections.Service.CapabilityBoundingSet; not data.nixlint.unit.lib_user_namespace; data.nixlint.unit.lib_user_implied; data.nixlint.unit.lib_user_asked("CapabilityBoundingSet", v1); data.nixlint.unit.lib_at_list("Service", "CapabilityBoundingSet", v2); v3 = data.nixlint.unit.compat_user_sandbox_namespace__no_capabilities; sprintf("CapabilityBoundingSet %s", [v3], v4); data.nixlint.unit.lib_why("Service", "CapabilityBoundingSet", v5); data.nixlint.unit.lib_decided(v1, v2, v4, v5, v6); v0 = v6 }
compat_user_sandbox_namespace__before_254 := v0 if { v1 = data.nixlint.unit.compat_user_sandbox_namespace__no_capabilities; v2 = data.nixlint.unit.compat_user_sandbox_namespace__no_sandbox; v3 = data.nixlint.unit.compat_user_sandbox_namespace__no_sandbox; v4 = data.nixlint.unit.compat_user_sandbox_namespace__no_capabilities; v5 = data.nixlint.unit.compat_user_sandbox_namespace__no_sandbox; v0 = {"PrivateDevices": v1, "PrivateTmp": v2, "ProtectHome": v3, "ProtectKernelModules": v4, "ProtectSystem": v5} }
compat_user_sandbox_namespace__no_sandbox := "does nothing in a user unit before systemd 254 unless PrivateUsers is set: the sandbox is not there" if { true }
compat_user_sandbox_namespace__no_capabilities := v0 if { concat("", ["fails in a user unit (218/CAPABILITIES) before systemd 254 unless PrivateUsers is set: ", "a user's manager may not drop capabilities"], v0) }

# compat/user-wanted-by
# asked if: (scope is "user" and some links)
# reads: links if scope is "user"
# reads: scope
compat_user_wanted_by_report contains v0 if { input.scope = "user"; v1 = input.links[v2]; v3 = v1.type; internal.member_2(v3, {"requires", "upholds", "wants"}); v4 = {v5 | v6 = v1.target[v7]; data.nixlint.unit.compat_user_wanted_by__vote(v6, v5)}; data.nixlint.unit.lib_verdict(v4, v8); v9 = v8; v10 = {v11 | v12 = v1.target[v13]; data.nixlint.unit.compat_user_wanted_by__vote(v12, v14); neq(v14, "pass"); v11 = v12.value}; sort(v10, v15); concat(" or ", v15, v16); data.nixlint.unit.compat_user_wanted_by__weighed(v9, ["links", v2], v16, v17); v0 = v17 }
compat_user_wanted_by__weighed(v0, v1, v2) := v3 if { not data.nixlint.unit.compat_user_wanted_by__started; sprintf("wantedBy %s is a target of the system manager: a user's manager never reaches it, so the unit never starts", [v2], v4); data.nixlint.unit.lib_decided(v0, v1, v4, "the target is not decided", v3) }
compat_user_wanted_by__weighed("fail", v0, v1) := v2 if { data.nixlint.unit.compat_user_wanted_by__started; sprintf("wantedBy %s does nothing: it is a target of the system manager, and a user's manager never reaches it", [v1], v3); data.nixlint.unit.lib_finding("fail", v0, v3, v4); data.nixlint.unit.lib_minor(v4, v2) }
compat_user_wanted_by__started = true if { v0 = input.links[v1]; v2 = v0.type; internal.member_2(v2, {"requires", "upholds", "wants"}); v3 = v0.target; every v4, v5 in v3 { data.nixlint.unit.compat_user_wanted_by__vote(v5, v6); v6 = "pass"; not v5.absent } }
compat_user_wanted_by__vote(v0) := "pass" if { v0.absent } else = "unknown" if { v0.known = false } else = "fail" if { v1 = v0.value; v2 = data.nixlint.unit.compat_user_wanted_by__system_targets; internal.member_2(v1, v2) } else = "pass" if { true }
compat_user_wanted_by__system_targets := {"getty.target", "graphical.target", "local-fs.target", "multi-user.target", "network-online.target", "network.target", "remote-fs.target", "sysinit.target"} if { true }

# containers/pinned-images
# asked if: (kind is "service" and (text contains "docker" or text contains "podman" or text contains "nerdctl") and (some scripts or some sections.Service.ExecStart or some sections.Service.ExecStartPre or some sections.Service.ExecStartPost or some sections.Service.ExecCondition))
# reads: kind
# reads: scripts if kind is "service"
# reads: sections.Service.ExecCondition if kind is "service"
# reads: sections.Service.ExecStart if kind is "service"
# reads: sections.Service.ExecStartPost if kind is "service"
# reads: sections.Service.ExecStartPre if kind is "service"
# reads: text contains "docker" if kind is "service"
# reads: text contains "nerdctl" if kind is "service"
# reads: text contains "podman" if kind is "service"
containers_pinned_images_report contains v0 if { input.kind = "service"; v1 = data.nixlint.unit.containers_pinned_images__images[v2]; v3 = v1.name; data.nixlint.unit.lib_image_flaw(v3, v4); v5 = v1.name; sprintf("image %s %s", [v5, v4], v6); v7 = v1.path; data.nixlint.unit.lib_finding("fail", v7, v6, v8); v9 = v1.name; data.nixlint.unit.lib_matched(v8, v9, v10); data.nixlint.unit.containers_pinned_images__weighed(v1, v10, v11); v0 = v11 }
containers_pinned_images__weighed(v0, v1) := v2 if { v3 = v0.name; data.nixlint.unit.lib_image_tagged(v3); data.nixlint.unit.lib_minor(v1, v2) } else = v1 if { true }
containers_pinned_images_report contains v0 if { input.kind = "service"; v1 = data.nixlint.unit.containers_pinned_images__vague[v2]; v3 = v1.path; data.nixlint.unit.lib_decided("unknown", v3, "an image that is pulled may not be pinned", "its name is not known", v4); v5 = v1.name; data.nixlint.unit.lib_matched(v4, v5, v6); v0 = v6 }
containers_pinned_images__named contains v0 if { v1 = ["docker", "podman", "nerdctl"]; v2 = v1[v3]; v4 = input.text; contains(v4, v2); v5 = data.nixlint.unit.lib_command_texts[v6]; v7 = data.nixlint.unit.containers_pinned_images__pull; v8 = data.nixlint.unit.containers_pinned_images__start; v9 = [v7, v8]; v10 = v9[v11]; v12 = v5.text; regex.find_all_string_submatch_n(v10, v12, -1, v13); v14 = v13[v15]; v16 = v14[1]; trim(v16, "\"'", v17); v18 = v5.path; v0 = {"name": v17, "path": v18} }
containers_pinned_images__pull := "(?:docker|podman|nerdctl)>?[\"']?\\s+(?:image\\s+)?pull\\s+(?:-[^\\s]+\\s+)*(\"[^\"\\n]+\"|'[^'\\n]+'|<unknown>|[^\\s\"';&|<]+)" if { true }
containers_pinned_images__start := v0 if { concat("", ["(?:docker|podman|nerdctl)>?[\"']?\\s+(?:container\\s+)?(?:run|create)\\s+(?:(?:--(?:detach|init|interactive|no-healthcheck|privileged", "|quiet|read-only|replace|rm|tty)|-[ditq]+|--[a-z0-9-]+=[^\\s]+|--[a-z0-9-]+\\s+[^\\s]+", "|-[A-Za-z]\\s+[^\\s]+)\\s+(?:\\\\\\n\\s*)?)*(\"[^\"\\n]+\"|'[^'\\n]+'|<unknown>|[^\\s\"';&|<\\-][^\\s\"';&|<]*)"], v0) }
containers_pinned_images__images contains v0 if { v0 = data.nixlint.unit.containers_pinned_images__named[v1]; not {v2 = v0.name; data.nixlint.unit.containers_pinned_images__unclear(v2)} }
containers_pinned_images__vague contains v0 if { v0 = data.nixlint.unit.containers_pinned_images__named[v1]; v2 = v0.name; data.nixlint.unit.containers_pinned_images__unclear(v2); not {v3 = v0.name; contains(v3, "@sha256:")}; not {v4 = v0.name; regex.match(":[0-9a-z][A-Za-z0-9._-]*$", v4)} }
containers_pinned_images__unclear(v0) = true if { contains(v0, "<unknown") }
containers_pinned_images__unclear(v0) = true if { contains(v0, "$") }

# dependencies/network-online
# asked if: (kind is "service" and scope is "system" and some effective.Unit.After)
# reads: base if ((kind is "service" and scope is "system" and completeness is "override") or (kind is "service" and scope is "system" and completeness is "override" and not base is ""))
# reads: base is "" if (kind is "service" and scope is "system" and completeness is "override")
# reads: closed if (kind is "service" and scope is "system")
# reads: completeness if (kind is "service" and scope is "system")
# reads: completeness is "override" if (kind is "service" and scope is "system")
# reads: effective.Unit.After if (kind is "service" and scope is "system")
# reads: effective.Unit.BindsTo if (kind is "service" and scope is "system")
# reads: effective.Unit.Requires if (kind is "service" and scope is "system")
# reads: effective.Unit.Wants if (kind is "service" and scope is "system")
# reads: kind
# reads: open if ((kind is "service" and scope is "system" and not completeness is "override") or (kind is "service" and scope is "system"))
# reads: open is "" if ((kind is "service" and scope is "system" and not completeness is "override") or (kind is "service" and scope is "system"))
# reads: scope if kind is "service"
# reads: scope is "system" if kind is "service"
# reads: unit if ((kind is "service" and scope is "system" and completeness is "override" and not base is "") or (kind is "service" and scope is "system" and completeness is "override"))
dependencies_network_online_report contains v0 if { input.kind = "service"; input.scope = "system"; data.nixlint.unit.lib_stated("Unit", "After", v1); v2 = v1[v3]; v2.text = "network-online.target"; not data.nixlint.unit.dependencies_network_online__any_pulls; v4 = data.nixlint.unit.dependencies_network_online__verdict; v5 = v2.path; data.nixlint.unit.lib_decided(v4, v5, "After=network-online.target without Wants: nothing may start the target, and then the service does not wait", "what it wants is not decided", v6); v0 = v6 }
dependencies_network_online__directives := ["BindsTo", "Requires", "Wants"] if { true }
dependencies_network_online__any_pulls = true if { v0 = data.nixlint.unit.dependencies_network_online__directives[v1]; data.nixlint.unit.lib_stated("Unit", v0, v2); v3 = v2[v4]; v3.text = "network-online.target" }
dependencies_network_online__verdict := "unknown" if { v0 = data.nixlint.unit.dependencies_network_online__directives[v1]; data.nixlint.unit.lib_states("Unit", v0, v2); v3 = v2[v4]; v3.state = "unknown" } else = "fail" if { true }

# dependencies/ordering
# asked if: (kind is "service" and scope is "system" and name in keys of "site.ordering")
# reads: base if ((kind is "service" and scope is "system" and completeness is "override") or (kind is "service" and scope is "system" and completeness is "override" and not base is ""))
# reads: base is "" if (kind is "service" and scope is "system" and completeness is "override")
# reads: closed if (kind is "service" and scope is "system")
# reads: completeness if (kind is "service" and scope is "system")
# reads: completeness is "override" if (kind is "service" and scope is "system")
# reads: effective.Unit.After if (kind is "service" and scope is "system")
# reads: kind
# reads: name if (kind is "service" and scope is "system")
# reads: open if ((kind is "service" and scope is "system" and not completeness is "override") or (kind is "service" and scope is "system"))
# reads: open is "" if ((kind is "service" and scope is "system" and not completeness is "override") or (kind is "service" and scope is "system"))
# reads: scope if kind is "service"
# reads: scope is "system" if kind is "service"
# reads: unit if ((kind is "service" and scope is "system" and completeness is "override" and not base is "") or (kind is "service" and scope is "system" and completeness is "override"))
dependencies_ordering_report contains v0 if { input.kind = "service"; input.scope = "system"; v1 = input.name; v2 = data.site.ordering[v1][v3]; v4 = {v5 | data.nixlint.unit.lib_states("Unit", "After", v6); v7 = v6[v8]; data.nixlint.unit.dependencies_ordering__vote(v7, v2, v5)}; data.nixlint.unit.lib_verdict(v4, v9); v10 = v9; data.nixlint.unit.lib_at_list("Unit", "After", v11); sprintf("After does not name %s: the service may start before it and fail at boot", [v2], v12); data.nixlint.unit.lib_why("Unit", "After", v13); data.nixlint.unit.lib_decided(v10, v11, v12, v13, v14); v0 = v14 }
dependencies_ordering__vote(v0, v1) := "pass" if { v2 = v0.texts[v3]; data.nixlint.unit.dependencies_ordering__enough(v1, v4); internal.member_2(v2, v4) } else = v5 if { data.nixlint.unit.lib_lacking(v0, v5) }
dependencies_ordering__enough(v0) := {"network-online.target", v0} if { v0 = "network.target" } else = {v0} if { true }

# dependencies/requires-without-after
# asked if: (kind is "service" and (some effective.Unit.BindsTo or some effective.Unit.Requires))
# reads: base if ((kind is "service" and completeness is "override") or (kind is "service" and completeness is "override" and not base is ""))
# reads: base is "" if (kind is "service" and completeness is "override")
# reads: closed if kind is "service"
# reads: completeness if kind is "service"
# reads: completeness is "override" if kind is "service"
# reads: effective.Unit.After if kind is "service"
# reads: effective.Unit.Before if kind is "service"
# reads: effective.Unit.BindsTo if kind is "service"
# reads: effective.Unit.Requires if kind is "service"
# reads: kind
# reads: open if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: open is "" if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: sections.Unit if kind is "service"
# reads: unit if ((kind is "service" and completeness is "override" and not base is "") or (kind is "service" and completeness is "override"))
dependencies_requires_without_after_report contains v0 if { input.kind = "service"; v1 = ["BindsTo", "Requires"]; v2 = v1[v3]; data.nixlint.unit.lib_stated("Unit", v2, v4); v5 = v4[v6]; v7 = v5.text; regex.match("^[^<%]+\\.(?:service|mount)$", v7); not {v8 = v5.text; internal.member_2(v8, {"dbus-broker.service", "dbus.service"})}; not {v9 = v5.text; data.nixlint.unit.dependencies_requires_without_after__ordered(v9)}; v10 = v5.path; v11 = v5.text; data.nixlint.unit.dependencies_requires_without_after__verdict(v10, v11, v12); v13 = v5.text; v14 = v5.text; sprintf("%s=%s without After: both start at once, and %s may not be there yet", [v2, v13, v14], v15); v16 = v5.path; data.nixlint.unit.lib_decided(v12, v16, v15, "what comes between the two is not in sight", v17); v0 = v17 }
dependencies_requires_without_after__ordered(v0) = true if { v1 = ["After", "Before"]; v2 = v1[v3]; data.nixlint.unit.lib_stated("Unit", v2, v4); v5 = v4[v6]; v7 = data.nixlint.unit.dependencies_requires_without_after__waits; object.get(v7, v0, v0, v8); v9 = v5.text; internal.member_2(v9, {v8, v0}) }
dependencies_requires_without_after__waits := {"postgresql.service": "postgresql.target"} if { true }
dependencies_requires_without_after__verdict(v0, v1) := "unknown" if { v2 = ["After", "Before"]; v3 = v2[v4]; data.nixlint.unit.lib_states("Unit", v3, v5); v6 = v5[v7]; v6.state = "unknown" } else = "unknown" if { data.nixlint.unit.dependencies_requires_without_after__through(v1) } else = v8 if { v9 = v0[2]; v10 = v0[3]; v11 = input.sections.Unit[v9][v10]; data.nixlint.unit.lib_standing(v11, v8) }
dependencies_requires_without_after__through(v0) = true if { endswith(v0, ".mount") }
dependencies_requires_without_after__through(v0) = true if { data.nixlint.unit.lib_stated("Unit", "After", v1); v2 = v1[v3]; trim_suffix(v0, ".service", v4); sprintf("%s-", [v4], v5); v6 = v2.text; startswith(v6, v5) }

# exec/download-and-run
# asked if: (kind is "service" and (text contains "curl" or text contains "wget") and (some scripts or some sections.Service.ExecStart or some sections.Service.ExecStartPre or some sections.Service.ExecStartPost or some sections.Service.ExecCondition))
# reads: kind
# reads: scripts if kind is "service"
# reads: sections.Service.ExecCondition if kind is "service"
# reads: sections.Service.ExecStart if kind is "service"
# reads: sections.Service.ExecStartPost if kind is "service"
# reads: sections.Service.ExecStartPre if kind is "service"
# reads: text contains "curl" if kind is "service"
# reads: text contains "wget" if kind is "service"
exec_download_and_run_report contains v0 if { input.kind = "service"; v1 = ["curl", "wget"]; v2 = v1[v3]; v4 = input.text; contains(v4, v2); v5 = data.nixlint.unit.lib_command_texts[v6]; v7 = data.nixlint.unit.exec_download_and_run__patterns[v8]; v9 = v5.text; regex.find_n(v7, v9, -1, v10); v11 = v10[v12]; data.nixlint.unit.exec_download_and_run__verdict(v5, v13); v14 = v5.path; data.nixlint.unit.lib_decided(v13, v14, "a download is run without a check: who controls the server or the way to it controls the machine", "the command is not decided", v15); data.nixlint.unit.lib_matched(v15, v11, v16); v0 = v16 }
exec_download_and_run__patterns := ["(?:curl|wget)\\b[^\\n|;]*\\|\\s*(?:sudo\\s+(?:-\\S+\\s+)*)?(?:\\S*/)?(?:ba|da|z|k)?sh\\b", "(?:curl|wget)\\b[^\\n|;]*\\|\\s*(?:sudo\\s+)?(?:\\S*/)?(?:python3?|perl|ruby|node)\\b", "(?:ba|da|z)?sh\\s+(?:-c\\s+)?[\"']?(?:\\$|<)\\((?:\\S*/)?(?:curl|wget)\\b[^\\n)]*\\)"] if { true }
exec_download_and_run__verdict(v0) := "fail" if { v0.sure } else = "unknown" if { true }

# exec/missing-fhs-path
# asked if: ((kind is "service" and text matches "\\n[@:+!-]*\\s*(?:exec\\s+)?/(?:usr/)?(?:local/)?s?bin/" and system is "" and (some sections.Service.ExecCondition or some sections.Service.ExecReload or some sections.Service.ExecStart or some sections.Service.ExecStartPost or some sections.Service.ExecStartPre or some sections.Service.ExecStop or some sections.Service.ExecStopPost)) or (kind is "service" and text matches "\\n[@:+!-]*\\s*(?:exec\\s+)?/(?:usr/)?(?:local/)?s?bin/" and system is "" and some scripts))
# reads: kind
# reads: scripts if (kind is "service" and system is "")
# reads: sections.Service.BindPaths if (kind is "service" and system is "")
# reads: sections.Service.BindReadOnlyPaths if (kind is "service" and system is "")
# reads: sections.Service.ExecCondition if (kind is "service" and system is "")
# reads: sections.Service.ExecReload if (kind is "service" and system is "")
# reads: sections.Service.ExecStart if (kind is "service" and system is "")
# reads: sections.Service.ExecStartPost if (kind is "service" and system is "")
# reads: sections.Service.ExecStartPre if (kind is "service" and system is "")
# reads: sections.Service.ExecStop if (kind is "service" and system is "")
# reads: sections.Service.ExecStopPost if (kind is "service" and system is "")
# reads: sections.Service.RootDirectory if (kind is "service" and system is "")
# reads: sections.Service.RootImage if (kind is "service" and system is "")
# reads: system if kind is "service"
# reads: system is "" if kind is "service"
# reads: text matches "\\n[@:+!-]*\\s*(?:exec\\s+)?/(?:usr/)?(?:local/)?s?bin/" if kind is "service"
exec_missing_fhs_path_report contains v0 if { input.kind = "service"; data.nixlint.unit.exec_missing_fhs_path__suspect; input.system = ""; not data.nixlint.unit.exec_missing_fhs_path__root_of_its_own; v1 = data.nixlint.unit.lib_command_lines[v2]; not {v3 = v1.text; startswith(v3, "<pkgs.")}; v4 = v1.text; regex.find_n("^[@:+!-]*(/(?:usr/)?(?:local/)?s?bin/[A-Za-z0-9._+-]+)", v4, 1, v5); v6 = v5[0]; trim_left(v6, "@:+!-", v7); v8 = v1.path; v9 = v1.verdict; data.nixlint.unit.exec_missing_fhs_path__finding(v7, v8, v9, v10); v0 = v10 }
exec_missing_fhs_path_report contains v0 if { input.kind = "service"; data.nixlint.unit.exec_missing_fhs_path__suspect; input.system = ""; not data.nixlint.unit.exec_missing_fhs_path__root_of_its_own; v1 = input.scripts[v2]; v3 = v1[v4]; v5 = v3.value; contains(v5, "bin/"); v6 = v3.value; split(v6, "\n", v7); v8 = v7[v9]; not regex.match("docker|podman|nspawn|chroot|nsenter|machinectl|ssh |\\[ |test |[^|]\\|\\||if ", v8); regex.find_all_string_submatch_n("^\\s*(?:exec\\s+)?(/(?:usr/)?(?:local/)?s?bin/[A-Za-z0-9._+-]+)(?:\\s|$)", v8, 1, v10); v11 = v10[0][1]; data.nixlint.unit.lib_standing(v1, v12); data.nixlint.unit.exec_missing_fhs_path__finding(v11, ["scripts", v2], v12, v13); v0 = v13 }
exec_missing_fhs_path__suspect = true if { v0 = input.text; regex.match("\\n[@:+!-]*\\s*(?:exec\\s+)?/(?:usr/)?(?:local/)?s?bin/", v0) }
exec_missing_fhs_path__finding(v0, v1, v2) := v3 if { not internal.member_2(v0, {"/bin/sh", "/usr/bin/env"}); sprintf("%s does not exist on NixOS: it fails to start, name the package instead", [v0], v4); data.nixlint.unit.lib_decided(v2, v1, v4, "the command is not decided", v5); data.nixlint.unit.lib_matched(v5, v0, v3) }
exec_missing_fhs_path__root_of_its_own = true if { v0 = ["RootDirectory", "RootImage", "BindPaths", "BindReadOnlyPaths"]; v1 = v0[v2]; input.sections.Service[v1] }

# exec/mutable-path
# asked if: (kind is "service" and scope is "system" and (text contains "/home/" or text contains "/tmp/" or text contains "/dev/shm/") and (some sections.Service.ExecCondition or some sections.Service.ExecReload or some sections.Service.ExecStart or some sections.Service.ExecStartPost or some sections.Service.ExecStartPre or some sections.Service.ExecStop or some sections.Service.ExecStopPost))
# reads: base if ((kind is "service" and scope is "system" and completeness is "override") or (kind is "service" and scope is "system" and completeness is "override" and not base is ""))
# reads: base is "" if (kind is "service" and scope is "system" and completeness is "override")
# reads: closed if (kind is "service" and scope is "system")
# reads: completeness if (kind is "service" and scope is "system")
# reads: completeness is "override" if (kind is "service" and scope is "system")
# reads: effective.Service.DynamicUser if (kind is "service" and scope is "system")
# reads: effective.Service.User if (kind is "service" and scope is "system")
# reads: kind
# reads: open if ((kind is "service" and scope is "system" and not completeness is "override") or (kind is "service" and scope is "system"))
# reads: open is "" if ((kind is "service" and scope is "system" and not completeness is "override") or (kind is "service" and scope is "system"))
# reads: scope if kind is "service"
# reads: scope is "system" if kind is "service"
# reads: sections.Service.ExecCondition if (kind is "service" and scope is "system")
# reads: sections.Service.ExecReload if (kind is "service" and scope is "system")
# reads: sections.Service.ExecStart if (kind is "service" and scope is "system")
# reads: sections.Service.ExecStartPost if (kind is "service" and scope is "system")
# reads: sections.Service.ExecStartPre if (kind is "service" and scope is "system")
# reads: sections.Service.ExecStop if (kind is "service" and scope is "system")
# reads: sections.Service.ExecStopPost if (kind is "service" and scope is "system")
# reads: text contains "/dev/shm/" if (kind is "service" and scope is "system")
# reads: text contains "/home/" if (kind is "service" and scope is "system")
# reads: text contains "/tmp/" if (kind is "service" and scope is "system")
# reads: unit if ((kind is "service" and scope is "system" and completeness is "override" and not base is "") or (kind is "service" and scope is "system" and completeness is "override"))
exec_mutable_path_report contains v0 if { input.kind = "service"; input.scope = "system"; data.nixlint.unit.exec_mutable_path__suspect; v1 = data.nixlint.unit.lib_command_lines[v2]; not {v3 = v1.text; startswith(v3, "<pkgs.")}; v4 = v1.text; regex.find_all_string_submatch_n("^([@:+!-]*)(/(?:home|tmp|var/tmp|dev/shm)/[^\\s]+)", v4, 1, v5); v6 = v5[0]; v7 = v6[1]; data.nixlint.unit.exec_mutable_path__root(v7, v8); v9 = v1.verdict; data.nixlint.unit.exec_mutable_path__worse(v9, v8, v10); v11 = v10; v12 = v6[2]; sprintf("root runs %s: who can write it is root at the next start", [v12], v13); v14 = v1.path; data.nixlint.unit.lib_decided(v11, v14, v13, "the user of the service is not known", v15); v16 = v6[2]; data.nixlint.unit.lib_matched(v15, v16, v17); v0 = v17 }
exec_mutable_path__suspect = true if { v0 = ["/home/", "/tmp/", "/dev/shm/"]; v1 = v0[v2]; v3 = input.text; contains(v3, v1) }
exec_mutable_path__root(v0) := "fail" if { regex.match("[+!]", v0) } else = "pass" if { data.nixlint.unit.lib_is("Service", "DynamicUser", ["yes"]) } else = v1 if { v2 = {v3 | data.nixlint.unit.lib_states("Service", "User", v4); v5 = v4[v6]; data.nixlint.unit.exec_mutable_path__vote(v5, v3)}; data.nixlint.unit.lib_verdict(v2, v1) }
exec_mutable_path__vote(v0) := "unknown" if { v0.state = "unknown" } else = "pass" if { v0.state = "set"; not {v1 = v0.texts; count(v1, v2); minus(v2, 1, v3); v4 = v0.texts[v3]; internal.member_2(v4, {"", "0", "root"})} } else = "fail" if { true }
exec_mutable_path__worse("fail", v0) := v0 if { true }
exec_mutable_path__worse("unknown", "pass") := "pass" if { true }
exec_mutable_path__worse("unknown", v0) := "unknown" if { neq(v0, "pass") }

# exec/privileged-prefix
# asked if: (kind is "service" and scope is "system" and (text contains "\n+" or text contains "\n!" or text contains "\n-" or text contains "\n:" or text contains "\n@+" or text contains "\n@!" or text contains "\n@-" or text contains "\n@:") and (some sections.Service.ExecCondition or some sections.Service.ExecReload or some sections.Service.ExecStart or some sections.Service.ExecStartPost or some sections.Service.ExecStartPre or some sections.Service.ExecStop or some sections.Service.ExecStopPost))
# reads: kind
# reads: scope if kind is "service"
# reads: scope is "system" if kind is "service"
# reads: sections.Service.ExecCondition if (kind is "service" and scope is "system")
# reads: sections.Service.ExecReload if (kind is "service" and scope is "system")
# reads: sections.Service.ExecStart if (kind is "service" and scope is "system")
# reads: sections.Service.ExecStartPost if (kind is "service" and scope is "system")
# reads: sections.Service.ExecStartPre if (kind is "service" and scope is "system")
# reads: sections.Service.ExecStop if (kind is "service" and scope is "system")
# reads: sections.Service.ExecStopPost if (kind is "service" and scope is "system")
# reads: text contains "\n!" if (kind is "service" and scope is "system")
# reads: text contains "\n+" if (kind is "service" and scope is "system")
# reads: text contains "\n-" if (kind is "service" and scope is "system")
# reads: text contains "\n:" if (kind is "service" and scope is "system")
# reads: text contains "\n@!" if (kind is "service" and scope is "system")
# reads: text contains "\n@+" if (kind is "service" and scope is "system")
# reads: text contains "\n@-" if (kind is "service" and scope is "system")
# reads: text contains "\n@:" if (kind is "service" and scope is "system")
exec_privileged_prefix_report contains v0 if { input.kind = "service"; input.scope = "system"; data.nixlint.unit.exec_privileged_prefix__suspect; v1 = data.nixlint.unit.lib_command_lines[v2]; not {v3 = v1.text; startswith(v3, "<pkgs.")}; v4 = v1.text; regex.find_n("^[@:-]*[+!]", v4, 1, v5); v6 = v5[0]; count(v6, v7); minus(v7, 1, v8); substring(v6, v8, 1, v9); v10 = v1.directive; sprintf("%s begins with %s: the command runs with the rights of root, outside of the sandbox", [v10, v9], v11); v12 = v1.verdict; v13 = v1.path; data.nixlint.unit.lib_decided(v12, v13, v11, "the command is not decided", v14); v0 = v14 }
exec_privileged_prefix__suspect = true if { v0 = ["\n+", "\n!", "\n-", "\n:", "\n@+", "\n@!", "\n@-", "\n@:"]; v1 = v0[v2]; v3 = input.text; contains(v3, v1) }

# exec/shell-syntax
# asked if: ((kind is "service" and (text contains "|" or text contains "&" or text contains " < " or text contains " <\n" or text contains "\t<" or text contains "<\t" or text contains "> " or text contains ">\t" or text contains ">\n" or text contains ">>") and (some sections.Service.ExecCondition or some sections.Service.ExecReload or some sections.Service.ExecStart or some sections.Service.ExecStartPost or some sections.Service.ExecStartPre or some sections.Service.ExecStop or some sections.Service.ExecStopPost)) or (kind is "service" and text contains "%" and (some sections.Service.ExecCondition or some sections.Service.ExecReload or some sections.Service.ExecStart or some sections.Service.ExecStartPost or some sections.Service.ExecStartPre or some sections.Service.ExecStop or some sections.Service.ExecStopPost)))
# reads: kind
# reads: sections.Service.ExecCondition if kind is "service"
# reads: sections.Service.ExecReload if kind is "service"
# reads: sections.Service.ExecStart if kind is "service"
# reads: sections.Service.ExecStartPost if kind is "service"
# reads: sections.Service.ExecStartPre if kind is "service"
# reads: sections.Service.ExecStop if kind is "service"
# reads: sections.Service.ExecStopPost if kind is "service"
# reads: text contains " < " if kind is "service"
# reads: text contains " <\n" if kind is "service"
# reads: text contains "%" if kind is "service"
# reads: text contains "&" if kind is "service"
# reads: text contains "<\t" if kind is "service"
# reads: text contains "> " if kind is "service"
# reads: text contains ">>" if kind is "service"
# reads: text contains ">\n" if kind is "service"
# reads: text contains ">\t" if kind is "service"
# reads: text contains "\t<" if kind is "service"
# reads: text contains "|" if kind is "service"
exec_shell_syntax_report contains v0 if { input.kind = "service"; data.nixlint.unit.exec_shell_syntax__suspect; v1 = data.nixlint.unit.lib_command_lines[v2]; v3 = v1.text; data.nixlint.unit.exec_shell_syntax__operators(v3, v4); v5 = v4[v6]; v7 = v1.directive; sprintf("%s hands %s to the program as an argument: there is no shell that would act on it", [v7, v5], v8); v9 = v1.verdict; v10 = v1.path; data.nixlint.unit.lib_decided(v9, v10, v8, "the command is not decided", v11); v0 = v11 }
exec_shell_syntax_report contains v0 if { input.kind = "service"; v1 = input.text; contains(v1, "%"); v2 = data.nixlint.unit.lib_command_lines[v3]; v4 = v2.text; contains(v4, "%"); v5 = v2.text; replace(v5, "%%", "", v6); regex.match("%(?:[^aAbBcCdDEfgGhHiIjJlLmMnNopPqrRsStTuUvVwWyYzZ%]|$)", v6); v7 = v2.directive; sprintf("%s has a %% that is no specifier: systemd ignores the line, a percent sign is %%%%", [v7], v8); v9 = v2.verdict; v10 = v2.path; data.nixlint.unit.lib_decided(v9, v10, v8, "the command is not decided", v11); v0 = v11 }
exec_shell_syntax__suspect = true if { v0 = ["|", "&", " < ", " <\n", "\t<", "<\t", "> ", ">\t", ">\n", ">>"]; v1 = v0[v2]; v3 = input.text; contains(v3, v1) }
exec_shell_syntax__operators(v0) := v1 if { v1 = {v2 | v3 = ["|", "&", " < ", "\t<", "<\t", "> ", ">\t", ">>", ">&"]; v4 = v3[v5]; concat("", [v0, " "], v6); contains(v6, v4); data.nixlint.unit.exec_shell_syntax__bare(v0, v7); regex.find_all_string_submatch_n("(?:^|\\s)(\\|\\|?|&&|&|[0-9]?>>?(?:&[0-9])?|<)(?:\\s|$)", v7, -1, v8); v9 = v8[v10]; v2 = v9[1]} }
exec_shell_syntax__bare(v0) := v1 if { regex.replace(v0, "\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*'", "_", v2); regex.replace(v2, "<[^<>\\s][^<>]*>", "_", v1) }

# gpu/cuda-devices
# asked if: (kind is "service" and name in keys of "site.gpu.units")
# reads: base if ((kind is "service" and completeness is "override") or (kind is "service" and completeness is "override" and not base is ""))
# reads: base is "" if (kind is "service" and completeness is "override")
# reads: closed if kind is "service"
# reads: completeness if kind is "service"
# reads: completeness is "override" if kind is "service"
# reads: effective.Service.DeviceAllow if kind is "service"
# reads: kind
# reads: name if kind is "service"
# reads: open if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: open is "" if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: unit if ((kind is "service" and completeness is "override" and not base is "") or (kind is "service" and completeness is "override"))
gpu_cuda_devices_report contains v0 if { input.kind = "service"; v1 = input.name; data.site.gpu.units[v1]; v2 = {v3 | data.nixlint.unit.lib_states("Service", "DeviceAllow", v4); v5 = v4[v6]; data.nixlint.unit.gpu_cuda_devices__vote(v5, v3)}; data.nixlint.unit.lib_verdict(v2, v7); v8 = v7; data.nixlint.unit.lib_at_list("Service", "DeviceAllow", v9); data.nixlint.unit.lib_why("Service", "DeviceAllow", v10); data.nixlint.unit.lib_decided(v8, v9, "DeviceAllow lacks /dev/nvidia-uvm: CUDA cannot start, the service fails or falls back to the processor", v10, v11); v0 = v11 }
gpu_cuda_devices__vote(v0) := "pass" if { v0.state = "absent" } else = "pass" if { not data.nixlint.unit.gpu_cuda_devices__card(v0) } else = "pass" if { v1 = v0.texts[v2]; regex.match("^(?:/dev/nvidia-uvm|char-nvidia-uvm|char-nvidia\\*)(?:\\s|$)", v1) } else = v3 if { data.nixlint.unit.lib_lacking(v0, v3) }
gpu_cuda_devices__card(v0) = true if { v1 = v0.texts[v2]; regex.match("^/dev/nvidia(?:[0-9]+|ctl)(?:\\s|$)", v1) }

# gpu/device-allowlist
# asked if: ((kind is "service" and name in keys of "site.gpu.units" and some effective.Service.DeviceAllow) or (kind is "service" and name in keys of "site.gpu.units"))
# reads: base if (completeness is "override" or (completeness is "override" and not base is ""))
# reads: base is "" if completeness is "override"
# reads: closed
# reads: completeness
# reads: effective.Service.DeviceAllow
# reads: kind
# reads: name
# reads: open
# reads: scope
# reads: unit if ((completeness is "override" and not base is "") or completeness is "override")
gpu_device_allowlist_report contains v0 if { data.nixlint.unit.gpu_device_allowlist__judged; data.nixlint.unit.lib_stated("Service", "DeviceAllow", v1); v2 = v1[v3]; data.nixlint.unit.gpu_device_allowlist__own(v2); not {v4 = v2.text; contains(v4, "<unknown")}; v5 = v2.text; trim_space(v5, v6); split(v6, " ", v7); v8 = v7[0]; not data.nixlint.unit.gpu_device_allowlist__listed(v8); v9 = data.site.gpu.devices; concat(", ", v9, v10); v11 = v2.text; sprintf("DeviceAllow=%s is outside of the GPU devices (%s): the service reaches hardware it has no use for", [v11, v10], v12); v13 = v2.path; data.nixlint.unit.lib_finding("fail", v13, v12, v14); v0 = v14 }
gpu_device_allowlist_report contains v0 if { data.nixlint.unit.gpu_device_allowlist__judged; data.nixlint.unit.lib_stated("Service", "DeviceAllow", v1); v2 = v1[v3]; data.nixlint.unit.gpu_device_allowlist__own(v2); not {v4 = v2.text; contains(v4, "<unknown")}; v5 = v2.text; trim_space(v5, v6); regex.split("\\s+", v6, v7); v8 = v7; v9 = v8[0]; data.nixlint.unit.gpu_device_allowlist__listed(v9); v10 = v8[1]; contains(v10, "m"); v11 = v2.text; v12 = v8[1]; sprintf("DeviceAllow=%s gives mode %s, want rw: the service may make device nodes", [v11, v12], v13); v14 = v2.path; data.nixlint.unit.lib_finding("fail", v14, v13, v15); v0 = v15 }
gpu_device_allowlist_report contains v0 if { data.nixlint.unit.gpu_device_allowlist__judged; data.nixlint.unit.lib_stated("Service", "DeviceAllow", v1); v2 = v1[v3]; data.nixlint.unit.gpu_device_allowlist__own(v2); not {v4 = v2.text; contains(v4, "<unknown")}; v5 = v2.text; trim_space(v5, v6); regex.split("\\s+", v6, v7); v8 = v7; v9 = v8[0]; data.nixlint.unit.gpu_device_allowlist__listed(v9); count(v8, v10); v10 = 1; v11 = v2.text; sprintf("DeviceAllow=%s has no mode, which means rwm, want rw: the service may make device nodes", [v11], v12); v13 = v2.path; data.nixlint.unit.lib_finding("fail", v13, v12, v14); data.nixlint.unit.lib_minor(v14, v15); v0 = v15 }
gpu_device_allowlist_report contains v0 if { data.nixlint.unit.gpu_device_allowlist__judged; v1 = {v2 | data.nixlint.unit.lib_stated("Service", "DeviceAllow", v3); v4 = v3[v5]; not data.nixlint.unit.gpu_device_allowlist__own(v4); not {v6 = v4.text; contains(v6, "<unknown")}; not {v7 = v4.text; trim_space(v7, v8); split(v8, " ", v9); v10 = v9[0]; data.nixlint.unit.gpu_device_allowlist__listed(v10)}; v2 = v4.text}; count(v1, v11); gt(v11, 0); data.nixlint.unit.lib_at_list("Service", "DeviceAllow", v12); sort(v1, v13); concat(", ", v13, v14); v15 = data.site.gpu.devices; concat(", ", v15, v16); sprintf("the list of the unit that this adds to also allows %s; want lib.mkForce, which leaves only %s", [v14, v16], v17); data.nixlint.unit.lib_finding("fail", v12, v17, v18); v0 = v18 }
gpu_device_allowlist_report contains v0 if { data.nixlint.unit.gpu_device_allowlist__judged; v1 = input.name; data.site.gpu.units[v1].always; v2 = {v3 | data.nixlint.unit.lib_states("Service", "DeviceAllow", v4); v5 = v4[v6]; data.nixlint.unit.gpu_device_allowlist__stated(v5, v3)}; data.nixlint.unit.lib_verdict(v2, v7); v8 = v7; data.nixlint.unit.lib_at_list("Service", "DeviceAllow", v9); v10 = [v11 | v12 = data.site.gpu.devices[v13]; sprintf("%s rw", [v12], v11)]; concat(", ", v10, v14); v15 = data.nixlint.unit.gpu_device_allowlist__user; sprintf("DeviceAllow is not set, want %s: every device of the machine is open to the service%s", [v14, v15], v16); data.nixlint.unit.lib_why("Service", "DeviceAllow", v17); data.nixlint.unit.lib_decided(v8, v9, v16, v17, v18); v0 = v18 }
gpu_device_allowlist__user := "; a user unit cannot shut them out, only a system service can (compat/user-manager-limits)" if { input.scope = "user" } else = "" if { true }
gpu_device_allowlist__judged = true if { input.kind = "service"; v0 = input.name; data.site.gpu.units[v0] }
gpu_device_allowlist__own(v0) = true if { v1 = v0.path; count(v1, v2); v2 = 4 }
gpu_device_allowlist__listed(v0) = true if { v1 = data.site.gpu.devices; internal.member_2(v0, v1) }
gpu_device_allowlist__listed(v0) = true if { v1 = data.site.gpu.devices[v2]; endswith(v1, "*"); trim_suffix(v1, "*", v3); startswith(v0, v3) }
gpu_device_allowlist__stated(v0) := "unknown" if { v0.state = "unknown" } else = "pass" if { v0.state = "set" } else = "fail" if { true }

# gpu/documented
# asked if: (kind is "service" and not completeness is "override" and (name in keys of "site.gpu.units" or ((text contains "CUDA" or text contains "HIP_" or text contains "HSA_" or text contains "NVIDIA" or text contains "ROCR" or text contains "/dev/nvidia" or text contains "gpu-layers" or text contains "-ngl") and some effective.Service.Environment) or ((text contains "CUDA" or text contains "HIP_" or text contains "HSA_" or text contains "NVIDIA" or text contains "ROCR" or text contains "/dev/nvidia" or text contains "gpu-layers" or text contains "-ngl") and (some scripts or some sections.Service.ExecStart or some sections.Service.ExecStartPre or some sections.Service.ExecStartPost or some sections.Service.ExecCondition)) or some effective.Service.SupplementaryGroups))
# reads: base if ((kind is "service" and not completeness is "override" and completeness is "override") or (kind is "service" and not completeness is "override" and completeness is "override" and not base is ""))
# reads: base is "" if (kind is "service" and not completeness is "override" and completeness is "override")
# reads: closed if (kind is "service" and not completeness is "override")
# reads: completeness if (kind is "service" or (kind is "service" and not completeness is "override"))
# reads: completeness is "override" if (kind is "service" or (kind is "service" and not completeness is "override"))
# reads: effective.Service.Environment if (kind is "service" and not completeness is "override")
# reads: effective.Service.SupplementaryGroups if (kind is "service" and not completeness is "override")
# reads: effective.Unit.Description if (kind is "service" and not completeness is "override")
# reads: effective.Unit.Documentation if (kind is "service" and not completeness is "override")
# reads: kind
# reads: name if (kind is "service" and not completeness is "override")
# reads: open if (kind is "service" and not completeness is "override")
# reads: open is "" if (kind is "service" and not completeness is "override")
# reads: scripts if (kind is "service" and not completeness is "override")
# reads: sections.Service.ExecCondition if (kind is "service" and not completeness is "override")
# reads: sections.Service.ExecStart if (kind is "service" and not completeness is "override")
# reads: sections.Service.ExecStartPost if (kind is "service" and not completeness is "override")
# reads: sections.Service.ExecStartPre if (kind is "service" and not completeness is "override")
# reads: text contains "-ngl" if (kind is "service" and not completeness is "override")
# reads: text contains "/dev/nvidia" if (kind is "service" and not completeness is "override")
# reads: text contains "CUDA" if (kind is "service" and not completeness is "override")
# reads: text contains "HIP_" if (kind is "service" and not completeness is "override")
# reads: text contains "HSA_" if (kind is "service" and not completeness is "override")
# reads: text contains "NVIDIA" if (kind is "service" and not completeness is "override")
# reads: text contains "ROCR" if (kind is "service" and not completeness is "override")
# reads: text contains "gpu-layers" if (kind is "service" and not completeness is "override")
# reads: unit if ((kind is "service" and not completeness is "override" and completeness is "override" and not base is "") or (kind is "service" and not completeness is "override" and completeness is "override"))
gpu_documented_report contains v0 if { input.kind = "service"; v1 = input.completeness; neq(v1, "override"); data.nixlint.unit.gpu_documented__uses; v2 = {v3 | v4 = ["Description", "Documentation"]; v5 = v4[v6]; data.nixlint.unit.gpu_documented__best(v5, v7); v8 = v7[v9]; data.nixlint.unit.gpu_documented__vote(v8, v3)}; data.nixlint.unit.lib_verdict(v2, v10); v11 = v10; neq(v11, "pass"); data.nixlint.unit.lib_why("Unit", "Description", v12); data.nixlint.unit.lib_decided(v11, ["sections", "Unit", "Description"], "uses the GPU and has no description: who needs its memory cannot tell what may be stopped", v12, v13); v0 = v13 }
gpu_documented__uses = true if { v0 = input.name; data.site.gpu.units[v0] }
gpu_documented__uses = true if { v0 = data.nixlint.unit.lib_gpu_evidence; count(v0, v1); gt(v1, 0) }
gpu_documented__uses = true if { v0 = data.site.gpu.groups; data.nixlint.unit.lib_may("Service", "SupplementaryGroups", v0) }
gpu_documented__best("Description") := v0 if { data.nixlint.unit.lib_states("Unit", "Description", v0) }
gpu_documented__best("Documentation") := v0 if { data.nixlint.unit.lib_states("Unit", "Documentation", v1); v2 = v1[v3]; v2.state = "set"; data.nixlint.unit.lib_states("Unit", "Documentation", v0) }
gpu_documented__vote(v0) := "pass" if { v0.state = "set"; v1 = v0.texts[v2]; trim_space(v1, v3); neq(v3, "") } else = "unknown" if { v0.state = "unknown" } else = "fail" if { true }

# gpu/supplementary-groups
# asked if: (kind is "service" and name in keys of "site.gpu.units" and (name in keys of "site.gpu.units" or ((text contains "CUDA" or text contains "HIP_" or text contains "HSA_" or text contains "NVIDIA" or text contains "ROCR" or text contains "/dev/nvidia" or text contains "gpu-layers" or text contains "-ngl") and some effective.Service.Environment) or ((text contains "CUDA" or text contains "HIP_" or text contains "HSA_" or text contains "NVIDIA" or text contains "ROCR" or text contains "/dev/nvidia" or text contains "gpu-layers" or text contains "-ngl") and (some scripts or some sections.Service.ExecStart or some sections.Service.ExecStartPre or some sections.Service.ExecStartPost or some sections.Service.ExecCondition))))
# reads: base if ((kind is "service" and completeness is "override") or (kind is "service" and completeness is "override" and not base is ""))
# reads: base is "" if (kind is "service" and completeness is "override")
# reads: closed if kind is "service"
# reads: completeness if kind is "service"
# reads: completeness is "override" if kind is "service"
# reads: effective.Service.Environment if kind is "service"
# reads: effective.Service.SupplementaryGroups if kind is "service"
# reads: kind
# reads: name if kind is "service"
# reads: open if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: open is "" if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: scope if kind is "service"
# reads: scope is "user" if kind is "service"
# reads: scripts if kind is "service"
# reads: sections.Service.ExecCondition if kind is "service"
# reads: sections.Service.ExecStart if kind is "service"
# reads: sections.Service.ExecStartPost if kind is "service"
# reads: sections.Service.ExecStartPre if kind is "service"
# reads: text contains "-ngl" if kind is "service"
# reads: text contains "/dev/nvidia" if kind is "service"
# reads: text contains "CUDA" if kind is "service"
# reads: text contains "HIP_" if kind is "service"
# reads: text contains "HSA_" if kind is "service"
# reads: text contains "NVIDIA" if kind is "service"
# reads: text contains "ROCR" if kind is "service"
# reads: text contains "gpu-layers" if kind is "service"
# reads: unit if ((kind is "service" and completeness is "override" and not base is "") or (kind is "service" and completeness is "override"))
gpu_supplementary_groups_report contains v0 if { input.kind = "service"; v1 = input.name; data.site.gpu.units[v1]; data.nixlint.unit.gpu_supplementary_groups__uses; v2 = input.name; v3 = data.site.gpu.units[v2].groups; data.nixlint.unit.lib_list_verdict("Service", "SupplementaryGroups", v3, v4); v5 = v4; v6 = [v7 | v7 = v3[v8]; data.nixlint.unit.lib_list_verdict("Service", "SupplementaryGroups", [v7], v9); neq(v9, "pass")]; data.nixlint.unit.lib_at_list("Service", "SupplementaryGroups", v10); concat(", ", v6, v11); v12 = data.nixlint.unit.gpu_supplementary_groups__user; sprintf("SupplementaryGroups lacks %s: the service may not open the GPU's devices%s", [v11, v12], v13); data.nixlint.unit.lib_why("Service", "SupplementaryGroups", v14); data.nixlint.unit.lib_decided(v5, v10, v13, v14, v15); v0 = v15 }
gpu_supplementary_groups__uses = true if { v0 = input.name; data.site.gpu.units[v0].always }
gpu_supplementary_groups__uses = true if { v0 = data.nixlint.unit.lib_gpu_evidence[v1]; v0.verdict = "fail" }
gpu_supplementary_groups__user := "; in a user unit it fails, put the user into the group instead (compat/user-manager-limits)" if { input.scope = "user" } else = "" if { true }

# gpu/undeclared-access
# asked if: ((kind is "service" and scope is "system" and (((text contains "CUDA" or text contains "HIP_" or text contains "HSA_" or text contains "NVIDIA" or text contains "ROCR" or text contains "/dev/nvidia" or text contains "gpu-layers" or text contains "-ngl") and some effective.Service.Environment) or ((text contains "CUDA" or text contains "HIP_" or text contains "HSA_" or text contains "NVIDIA" or text contains "ROCR" or text contains "/dev/nvidia" or text contains "gpu-layers" or text contains "-ngl") and (some scripts or some sections.Service.ExecStart or some sections.Service.ExecStartPre or some sections.Service.ExecStartPost or some sections.Service.ExecCondition)))) or (kind is "service" and scope is "system" and some effective.Service.SupplementaryGroups))
# reads: base if (completeness is "override" or (completeness is "override" and not base is ""))
# reads: base is "" if completeness is "override"
# reads: closed
# reads: completeness
# reads: effective.Service.DeviceAllow
# reads: effective.Service.DevicePolicy
# reads: effective.Service.Environment
# reads: effective.Service.PrivateDevices
# reads: effective.Service.SupplementaryGroups
# reads: kind
# reads: open
# reads: scope if kind is "service"
# reads: scope is "system" if kind is "service"
# reads: scripts
# reads: sections.Service.ExecCondition
# reads: sections.Service.ExecStart
# reads: sections.Service.ExecStartPost
# reads: sections.Service.ExecStartPre
# reads: text contains "-ngl"
# reads: text contains "/dev/nvidia"
# reads: text contains "CUDA"
# reads: text contains "HIP_"
# reads: text contains "HSA_"
# reads: text contains "NVIDIA"
# reads: text contains "ROCR"
# reads: text contains "gpu-layers"
# reads: unit if ((completeness is "override" and not base is "") or completeness is "override")
gpu_undeclared_access_report contains v0 if { data.nixlint.unit.gpu_undeclared_access__judged; v1 = data.nixlint.unit.lib_gpu_evidence; count(v1, v2); gt(v2, 0); v3 = [v4 | v5 = data.nixlint.unit.lib_gpu_evidence[v6]; v7 = v5.verdict; v8 = v5.path; v9 = v5.what; v4 = [v7, v8, v9]]; sort(v3, v10); v11 = v10[0]; v12 = data.nixlint.unit.gpu_undeclared_access__open; v13 = v11[0]; data.nixlint.unit.gpu_undeclared_access__both(v12, v13, v14); v15 = v14; v16 = v11[2]; sprintf("uses the GPU (%s) but has no DeviceAllow: nothing limits which devices it opens", [v16], v17); v18 = v11[1]; v19 = data.nixlint.unit.gpu_undeclared_access__why; data.nixlint.unit.lib_decided(v15, v18, v17, v19, v20); v21 = v11[2]; data.nixlint.unit.lib_matched(v20, v21, v22); v0 = v22 }
gpu_undeclared_access_report contains v0 if { data.nixlint.unit.gpu_undeclared_access__judged; v1 = data.site.gpu.groups; data.nixlint.unit.lib_may("Service", "SupplementaryGroups", v1); v2 = [v3 | data.nixlint.unit.lib_stated("Service", "SupplementaryGroups", v4); v3 = v4[v5]; v6 = v3.text; v7 = data.site.gpu.groups; internal.member_2(v6, v7)]; v8 = {v9 | v10 = v2[v11]; v9 = v10.text}; sort(v8, v12); v13 = v12; count(v13, v14); gt(v14, 0); v15 = data.nixlint.unit.lib_gpu_evidence; count(v15, v16); v16 = 0; data.nixlint.unit.lib_at_list("Service", "SupplementaryGroups", v17); concat(", ", v13, v18); sprintf("uses the GPU (group %s) but has no DeviceAllow: nothing limits which devices it opens", [v18], v19); v20 = data.nixlint.unit.gpu_undeclared_access__open; v21 = data.nixlint.unit.gpu_undeclared_access__why; data.nixlint.unit.lib_decided(v20, v17, v19, v21, v22); data.nixlint.unit.lib_minor(v22, v23); v0 = v23 }
gpu_undeclared_access__judged = true if { input.kind = "service"; input.scope = "system" }
gpu_undeclared_access__open := "pass" if { data.nixlint.unit.lib_directive_verdict("Service", "PrivateDevices", ["yes"], v0); v0 = "pass" } else = "pass" if { data.nixlint.unit.lib_directive_verdict("Service", "DevicePolicy", ["closed", "strict"], v1); v1 = "pass" } else = v2 if { v3 = {v4 | data.nixlint.unit.lib_states("Service", "DeviceAllow", v5); v6 = v5[v7]; data.nixlint.unit.gpu_undeclared_access__vote(v6, v4)}; data.nixlint.unit.lib_verdict(v3, v2) }
gpu_undeclared_access__vote(v0) := "pass" if { v0.state = "set" } else = "pass" if { v1 = v0.texts[v2]; not contains(v1, "<unknown") } else = "unknown" if { v0.state = "unknown" } else = "fail" if { true }
gpu_undeclared_access__both("fail", "fail") := "fail" if { true }
gpu_undeclared_access__both("fail", "unknown") := "unknown" if { true }
gpu_undeclared_access__both("unknown", v0) := "unknown" if { true }
gpu_undeclared_access__why := v0 if { data.nixlint.unit.gpu_undeclared_access__open = "unknown"; data.nixlint.unit.lib_why("Service", "DeviceAllow", v0) } else = "the number of layers is not known" if { true }

# hardening/clamav-daemon-sandbox
# asked if: (kind is "service" and name in "site.clamav_daemon.units")
# reads: base if (completeness is "override" or (completeness is "override" and not base is ""))
# reads: base is "" if completeness is "override"
# reads: closed
# reads: completeness
# reads: effective.Service.ProtectHome
# reads: effective.Service.ProtectSystem
# reads: effective.Service.ReadWritePaths
# reads: kind
# reads: name in "site.clamav_daemon.units" if kind is "service"
# reads: open
# reads: unit if ((completeness is "override" and not base is "") or completeness is "override")
hardening_clamav_daemon_sandbox_report contains v0 if { data.nixlint.unit.hardening_clamav_daemon_sandbox__judged; v1 = data.site.clamav_daemon.directives[v2]; v3 = data.nixlint.unit.hardening_clamav_daemon_sandbox__consequences[v2]; data.nixlint.unit.lib_demand("Service", v2, v1, v3, v0) }
hardening_clamav_daemon_sandbox_report contains v0 if { data.nixlint.unit.hardening_clamav_daemon_sandbox__judged; v1 = data.site.clamav_daemon.writable[v2]; v3 = {v4 | data.nixlint.unit.lib_states("Service", "ReadWritePaths", v5); v6 = v5[v7]; data.nixlint.unit.hardening_clamav_daemon_sandbox__vote(v6, v1, v4)}; data.nixlint.unit.lib_verdict(v3, v8); v9 = v8; data.nixlint.unit.lib_at_list("Service", "ReadWritePaths", v10); sprintf("ReadWritePaths lacks %s: under ProtectSystem=strict the daemon cannot write there", [v1], v11); data.nixlint.unit.lib_why("Service", "ReadWritePaths", v12); data.nixlint.unit.lib_decided(v9, v10, v11, v12, v13); v0 = v13 }
hardening_clamav_daemon_sandbox__judged = true if { input.kind = "service"; v0 = input.name; v1 = data.site.clamav_daemon.units; internal.member_2(v0, v1) }
hardening_clamav_daemon_sandbox__vote(v0, v1) := "pass" if { v2 = v0.texts[v3]; trim_left(v2, "-+", v4); trim_right(v4, "/", v5); v5 = v1 } else = v6 if { data.nixlint.unit.lib_lacking(v0, v6) }
hardening_clamav_daemon_sandbox__consequences := {"ProtectHome": "a file that breaks the scanner can write to every home", "ProtectSystem": "a file that breaks the scanner can write to the system"} if { true }

# hardening/exposure-limit
# asked if: (kind is "service" and scope is "system" and (name in keys of "site.exposure.units" or not completeness is "override"))
# reads:  if ((kind is "service" and scope is "system" and not completeness is "override") or (kind is "service" and scope is "system"))
# reads: completeness if (kind is "service" and scope is "system")
# reads: completeness is "override" if (kind is "service" and scope is "system")
# reads: kind
# reads: name if ((kind is "service" and scope is "system") or (kind is "service" and scope is "system" and not completeness is "override"))
# reads: name in "site.exposure.exempt" if (kind is "service" and scope is "system" and not completeness is "override")
# reads: scope if kind is "service"
# reads: scope is "system" if kind is "service"
hardening_exposure_limit_report contains v0 if { input.kind = "service"; input.scope = "system"; v1 = data.nixlint.unit.hardening_exposure_limit__limit; data.nixlint.unit.hardening_exposure_limit__verdict(v1, v2); data.nixlint.unit.hardening_exposure_limit__message(v1, v3); data.nixlint.unit.lib_decided(v2, ["sections", "Service"], v3, "its settings are not all decided", v4); v0 = v4 }
hardening_exposure_limit__limit := v0 if { v1 = input.name; data.site.exposure.units[v1]; v2 = input.name; v0 = data.site.exposure.units[v2] } else = v3 if { v4 = input.completeness; neq(v4, "override"); not {v5 = input.exposure.max; v6 = data.site.exposure.limit; lte(v5, v6)}; not data.nixlint.unit.hardening_exposure_limit__exempt; v3 = data.site.exposure.limit }
hardening_exposure_limit__exempt = true if { v0 = input.name; v1 = data.site.exposure.exempt; internal.member_2(v0, v1) }
hardening_exposure_limit__exempt = true if { v0 = data.site.exposure.exempt[v1]; endswith(v0, "*"); trim_suffix(v0, "*", v2); v3 = input.name; startswith(v3, v2) }
hardening_exposure_limit__verdict(v0) := "fail" if { v1 = input.exposure.min; gt(v1, v0) } else = "unknown" if { not {v2 = input.exposure.max; lte(v2, v0)} }
hardening_exposure_limit__message(v0) := v1 if { v2 = input.exposure.gains; count(v2, v3); gt(v3, 0); data.nixlint.unit.hardening_exposure_limit__tenths(v0, v4); v5 = input.exposure.gains; concat(", ", v5, v6); v7 = data.nixlint.unit.hardening_exposure_limit__shown; sprintf("the exposure is %s, its limit %s; what would help most: %s", [v7, v4, v6], v1) } else = v8 if { data.nixlint.unit.hardening_exposure_limit__tenths(v0, v9); sprintf("the exposure may be above its limit %s", [v9], v8) }
hardening_exposure_limit__shown := v0 if { input.exposure.min = input.exposure.max; v1 = input.exposure.min; data.nixlint.unit.hardening_exposure_limit__tenths(v1, v0) } else = v2 if { v3 = input.exposure.min; data.nixlint.unit.hardening_exposure_limit__tenths(v3, v4); v5 = input.exposure.max; data.nixlint.unit.hardening_exposure_limit__tenths(v5, v6); sprintf("between %s and %s", [v4, v6], v2) }
hardening_exposure_limit__tenths(v0) := v1 if { div(v0, 10, v2); floor(v2, v3); rem(v0, 10, v4); sprintf("%d.%d", [v3, v4], v1) }

# hardening/jupyter-sandbox
# asked if: (kind is "service" and name in "site.jupyter.units")
# reads: base if (completeness is "override" or (completeness is "override" and not base is ""))
# reads: base is "" if completeness is "override"
# reads: closed
# reads: completeness
# reads: effective.Service.NoNewPrivileges
# reads: effective.Service.PrivateTmp
# reads: effective.Service.ProtectSystem
# reads: kind
# reads: name in "site.jupyter.units" if kind is "service"
# reads: open
# reads: scripts.start
# reads: sections.Service.ExecStart
# reads: unit if ((completeness is "override" and not base is "") or completeness is "override")
hardening_jupyter_sandbox_report contains v0 if { data.nixlint.unit.hardening_jupyter_sandbox__judged; v1 = data.site.jupyter.directives[v2]; v3 = data.nixlint.unit.hardening_jupyter_sandbox__consequences[v2]; data.nixlint.unit.lib_demand("Service", v2, v1, v3, v0) }
hardening_jupyter_sandbox_report contains v0 if { data.nixlint.unit.hardening_jupyter_sandbox__judged; v1 = data.site.jupyter.flags[v2]; v3 = {v4 | v5 = data.nixlint.unit.lib_command_main[v6]; data.nixlint.unit.hardening_jupyter_sandbox__vote(v5, v1, v4)}; data.nixlint.unit.lib_verdict(v3, v7); v8 = v7; sprintf("the command has no %s: jupyter tries to open a browser from the service", [v1], v9); v10 = data.nixlint.unit.lib_command_main[0].path; v11 = data.nixlint.unit.lib_command_main[0].why; data.nixlint.unit.lib_decided(v8, v10, v9, v11, v12); v0 = v12 }
hardening_jupyter_sandbox__judged = true if { input.kind = "service"; v0 = input.name; v1 = data.site.jupyter.units; internal.member_2(v0, v1) }
hardening_jupyter_sandbox__vote(v0, v1) := "pass" if { v2 = v0.text; data.nixlint.unit.lib_command_has(v2, v1) } else = "unknown" if { data.nixlint.unit.lib_command_vague(v0) } else = "fail" if { true }
hardening_jupyter_sandbox__consequences := {"NoNewPrivileges": "code in a notebook can gain rights through setuid programs", "PrivateTmp": "notebooks share /tmp with every other user", "ProtectSystem": "code in a notebook can write to the system"} if { true }

# hardening/sandbox
# asked if: (kind is "service" and scope is "system" and not completeness is "override")
# reads: base if ((kind is "service" and scope is "system" and not completeness is "override" and completeness is "override") or (kind is "service" and scope is "system" and not completeness is "override" and completeness is "override" and not base is ""))
# reads: base is "" if (kind is "service" and scope is "system" and not completeness is "override" and completeness is "override")
# reads: closed if (kind is "service" and scope is "system" and not completeness is "override")
# reads: completeness if ((kind is "service" and scope is "system") or (kind is "service" and scope is "system" and not completeness is "override"))
# reads: completeness is "override" if ((kind is "service" and scope is "system") or (kind is "service" and scope is "system" and not completeness is "override"))
# reads: effective.Service.AmbientCapabilities if (kind is "service" and scope is "system" and not completeness is "override")
# reads: effective.Service.BindPaths if (kind is "service" and scope is "system" and not completeness is "override")
# reads: effective.Service.BindReadOnlyPaths if (kind is "service" and scope is "system" and not completeness is "override")
# reads: effective.Service.CapabilityBoundingSet if (kind is "service" and scope is "system" and not completeness is "override")
# reads: effective.Service.DynamicUser if (kind is "service" and scope is "system" and not completeness is "override")
# reads: effective.Service.ExecStart if (kind is "service" and scope is "system" and not completeness is "override")
# reads: effective.Service.NoNewPrivileges if (kind is "service" and scope is "system" and not completeness is "override")
# reads: effective.Service.PrivateTmp if (kind is "service" and scope is "system" and not completeness is "override")
# reads: effective.Service.ProtectHome if (kind is "service" and scope is "system" and not completeness is "override")
# reads: effective.Service.ProtectSystem if (kind is "service" and scope is "system" and not completeness is "override")
# reads: effective.Service.Restart if (kind is "service" and scope is "system" and not completeness is "override")
# reads: effective.Service.RootDirectory if (kind is "service" and scope is "system" and not completeness is "override")
# reads: effective.Service.RootImage if (kind is "service" and scope is "system" and not completeness is "override")
# reads: effective.Service.SystemCallFilter if (kind is "service" and scope is "system" and not completeness is "override")
# reads: effective.Service.Type if (kind is "service" and scope is "system" and not completeness is "override")
# reads: effective.Service.User if (kind is "service" and scope is "system" and not completeness is "override")
# reads: kind
# reads: name matches "backup|borg|clamav|kopia|rclone|restic|rsnapshot|rsync|sanoid|scan|snapper|syncthing|timeshift" if (kind is "service" and scope is "system" and not completeness is "override")
# reads: open if (kind is "service" and scope is "system" and not completeness is "override")
# reads: open is "" if (kind is "service" and scope is "system" and not completeness is "override")
# reads: scope if kind is "service"
# reads: scope is "system" if kind is "service"
# reads: scripts.ExecStart if (kind is "service" and scope is "system" and not completeness is "override")
# reads: scripts.start if (kind is "service" and scope is "system" and not completeness is "override")
# reads: unit if ((kind is "service" and scope is "system" and not completeness is "override" and completeness is "override" and not base is "") or (kind is "service" and scope is "system" and not completeness is "override" and completeness is "override"))
hardening_sandbox_report contains v0 if { input.kind = "service"; input.scope = "system"; v1 = input.completeness; neq(v1, "override"); v2 = data.nixlint.unit.hardening_sandbox__long_running; data.nixlint.unit.hardening_sandbox__finding(v2, v3); data.nixlint.unit.hardening_sandbox__weighed(v3, v4); v0 = v4 }
hardening_sandbox__weighed(v0) := v1 if { data.nixlint.unit.hardening_sandbox__job; data.nixlint.unit.lib_minor(v0, v2); v3 = v0.msg; sprintf("%s (if it is a job that ends, Type=oneshot says so)", [v3], v4); object.union(v2, {"msg": v4}, v1) } else = v0 if { true }
hardening_sandbox__job = true if { data.nixlint.unit.hardening_sandbox__silent; v0 = input.scripts.start[v1]; not {v2 = v0.value; data.nixlint.unit.hardening_sandbox__stays(v2)} }
hardening_sandbox__job = true if { data.nixlint.unit.hardening_sandbox__silent; data.nixlint.unit.lib_stated("Service", "ExecStart", v0); v1 = v0[v2]; v3 = v1.text; regex.match("^[-@:+!|]*<pkgs\\.[^>]*>(?:\\s|$)", v3); v4 = input.scripts.ExecStart[v5]; not {v6 = v4.value; data.nixlint.unit.hardening_sandbox__stays(v6)} }
hardening_sandbox__job = true if { data.nixlint.unit.hardening_sandbox__silent; data.nixlint.unit.lib_stated("Service", "ExecStart", v0); v1 = v0[v2]; v3 = v1.text; regex.match("^[-@:+!|]*(?:\\S*/)?(?:ba|da|z)?sh\\s+(?:-[a-z]+\\s+)*[^-\\s]\\S*\\.sh(?:\\s|$)", v3) }
hardening_sandbox__job = true if { not data.nixlint.unit.lib_may("Service", "Restart", {"always", "on-success"}); data.nixlint.unit.lib_stated("Service", "ExecStart", v0); v1 = v0[v2]; v3 = data.nixlint.unit.hardening_sandbox__ending; v4 = v1.text; regex.match(v3, v4); not {v5 = v1.text; contains(v5, "monitor")} }
hardening_sandbox__silent = true if { not data.nixlint.unit.hardening_sandbox__typed; data.nixlint.unit.lib_stated("Service", "Restart", v0); v1 = v0; every v2, v3 in v1 { v3.text = "no" } }
hardening_sandbox__typed = true if { v0 = input.effective.Service.Type[v1]; v2 = v0.values; count(v2, v3); gt(v3, 0) }
hardening_sandbox__ending := v0 if { concat("|", ["amixer", "brightnessctl", "chmod", "chown", "cp", "echo", "ethtool", "hciconfig", "hda-verb", "hdparm", "install", "ip", "iw", "ln", "mkdir", "modprobe", "mount", "mv", "rfkill", "rm", "rmmod", "setpci", "sysctl", "tee", "touch", "udevadm", "umount", "xrandr"], v1); sprintf("^[-@:+!|]*(?:\\S*/)?(?:%s)(?:\\s|$)", [v1], v0) }
hardening_sandbox__stays(v0) = true if { regex.match("(?:^|\\n)[ \\t]*exec[ \\t][^\\n]*(?:\\\\\\n[^\\n]*)*\\s*$", v0) }
hardening_sandbox__finding("fail") := v0 if { v1 = data.nixlint.unit.hardening_sandbox__lacking; count(v1, v2); gt(v2, 0); v3 = data.nixlint.unit.hardening_sandbox__lacking; concat(", ", v3, v4); v5 = data.nixlint.unit.hardening_sandbox__perhaps; sprintf("leaves out, by gain: %s%s", [v4, v5], v6); data.nixlint.unit.lib_finding("fail", ["sections", "Service"], v6, v0) } else = v7 if { v7 = data.nixlint.unit.hardening_sandbox__maybe }
hardening_sandbox__finding("unknown") := v0 if { v0 = data.nixlint.unit.hardening_sandbox__maybe }
hardening_sandbox__maybe := v0 if { v1 = data.nixlint.unit.hardening_sandbox__missing; count(v1, v2); gt(v2, 0); v3 = data.nixlint.unit.hardening_sandbox__missing; concat(", ", v3, v4); sprintf("may leave out, by gain: %s", [v4], v5); data.nixlint.unit.lib_finding("unknown", ["sections", "Service"], v5, v0) }
hardening_sandbox__perhaps := v0 if { v1 = data.nixlint.unit.hardening_sandbox__open; count(v1, v2); gt(v2, 0); v3 = data.nixlint.unit.hardening_sandbox__open; concat(", ", v3, v4); sprintf("; may leave out: %s", [v4], v0) } else = "" if { true }
hardening_sandbox__lacking := v0 if { data.nixlint.unit.hardening_sandbox__left({"fail"}, v0) }
hardening_sandbox__open := v0 if { data.nixlint.unit.hardening_sandbox__left({"unknown"}, v0) }
hardening_sandbox__missing := v0 if { data.nixlint.unit.hardening_sandbox__left({"fail", "unknown"}, v0) }
hardening_sandbox__left(v0) := v1 if { v2 = [v3 | v4 = data.nixlint.unit.hardening_sandbox__amiss[v5]; v6 = v4.verdict; internal.member_2(v6, v0); not {v7 = v4.says; v8 = data.nixlint.unit.hardening_sandbox__late; internal.member_2(v7, v8)}; v3 = v4.says]; v9 = [v10 | v11 = data.nixlint.unit.hardening_sandbox__amiss[v12]; v13 = v11.verdict; internal.member_2(v13, v0); v14 = v11.says; v15 = data.nixlint.unit.hardening_sandbox__late; internal.member_2(v14, v15); v10 = v11.says]; array.concat(v2, v9, v1) }
hardening_sandbox__amiss := v0 if { v0 = [v1 | v1 = data.nixlint.unit.hardening_sandbox__demands[v2]; v3 = v1.verdict; neq(v3, "pass")] }
hardening_sandbox__late := {"CapabilityBoundingSet"} if { data.nixlint.unit.hardening_sandbox__user = "pass"; data.nixlint.unit.lib_is("Service", "NoNewPrivileges", ["yes"]); data.nixlint.unit.lib_stated("Service", "AmbientCapabilities", v0); count(v0, v1); v1 = 0 } else = set() if { true }
hardening_sandbox__long_running := v0 if { data.nixlint.unit.lib_directive_verdict("Service", "Type", ["oneshot"], v0) }
hardening_sandbox__demands := v0 if { data.nixlint.unit.hardening_sandbox__restricting("CapabilityBoundingSet", v1); data.nixlint.unit.hardening_sandbox__restricting("SystemCallFilter", v2); data.nixlint.unit.lib_directive_verdict("Service", "ProtectSystem", ["full", "strict", "yes"], v3); data.nixlint.unit.hardening_sandbox__outside(v3, v4); data.nixlint.unit.lib_directive_verdict("Service", "NoNewPrivileges", ["yes"], v5); v6 = data.nixlint.unit.hardening_sandbox__home; data.nixlint.unit.hardening_sandbox__outside(v6, v7); data.nixlint.unit.lib_directive_verdict("Service", "PrivateTmp", ["disconnected", "yes"], v8); data.nixlint.unit.hardening_sandbox__outside(v8, v9); v10 = data.nixlint.unit.hardening_sandbox__user; v0 = [{"says": "a user of its own (User or DynamicUser)", "verdict": v10}, {"says": "CapabilityBoundingSet", "verdict": v1}, {"says": "SystemCallFilter", "verdict": v2}, {"says": "ProtectSystem", "verdict": v4}, {"says": "NoNewPrivileges", "verdict": v5}, {"says": "ProtectHome", "verdict": v7}, {"says": "PrivateTmp", "verdict": v9}] }
hardening_sandbox__outside(v0) := "pass" if { data.nixlint.unit.hardening_sandbox__rooted } else = v0 if { true }
hardening_sandbox__rooted = true if { v0 = ["RootDirectory", "RootImage"]; v1 = v0[v2]; input.effective.Service[v1]; data.nixlint.unit.lib_states("Service", v1, v3); v4 = v3; every v5, v6 in v4 { v6.state = "set"; v7 = v6.texts; count(v7, v8); gt(v8, 0); not {v9 = v6.texts; count(v9, v10); minus(v10, 1, v11); v12 = v6.texts[v11]; internal.member_2(v12, {"", "/"})} }; not data.nixlint.unit.hardening_sandbox__shown }
hardening_sandbox__shown = true if { v0 = ["BindPaths", "BindReadOnlyPaths"]; v1 = v0[v2]; v3 = input.effective.Service[v1][v4]; not v3.known }
hardening_sandbox__shown = true if { v0 = {"BindPaths": "^-?/(?:$|[:\\s]|(?:boot|etc|home|root|run|tmp|usr|var)/?(?:$|[:\\s])|(?:boot|etc|home|root|run/user|tmp|usr|var/tmp)/)", "BindReadOnlyPaths": "^-?/(?:$|[:\\s]|(?:home|root|run|run/user)/?(?:$|[:\\s])|(?:home|root|run/user)/)"}; v1 = v0[v2]; data.nixlint.unit.lib_stated("Service", v2, v3); v4 = v3[v5]; v6 = v4.text; regex.match(v1, v6) }
hardening_sandbox__user := "pass" if { data.nixlint.unit.lib_directive_verdict("Service", "DynamicUser", ["yes"], v0); v0 = "pass" } else = "pass" if { not {v1 = input.effective.Service.User[0].sole; internal.member_2(v1, {"", "0", "root"})}; input.effective.Service.User[0].sole } else = v2 if { v3 = {v4 | data.nixlint.unit.lib_states("Service", "User", v5); v6 = v5[v7]; data.nixlint.unit.hardening_sandbox__named(v6, v4)}; data.nixlint.unit.lib_verdict(v3, v2) }
hardening_sandbox__named(v0) := "pass" if { v0.state = "set"; not {v1 = v0.texts; count(v1, v2); minus(v2, 1, v3); v4 = v0.texts[v3]; internal.member_2(v4, {"", "0", "root"})} } else = "unknown" if { v0.state = "unknown" } else = "fail" if { true }
hardening_sandbox__restricting(v0) := "pass" if { input.effective.Service[v0][0].sole; not {v1 = [v2 | v3 = input.effective.Service[v0][0].values[v4]; v2 = v3.text]; data.nixlint.unit.hardening_sandbox__forbids_nothing(v0, v1)} } else = v5 if { v6 = {v7 | data.nixlint.unit.lib_states("Service", v0, v8); v9 = v8[v10]; data.nixlint.unit.hardening_sandbox__restricts(v0, v9, v7)}; data.nixlint.unit.lib_verdict(v6, v5) }
hardening_sandbox__restricts(v0, v1) := "pass" if { v1.state = "set"; not {v2 = v1.texts; data.nixlint.unit.hardening_sandbox__forbids_nothing(v0, v2)} } else = "unknown" if { v1.state = "unknown" } else = "fail" if { true }
hardening_sandbox__forbids_nothing("CapabilityBoundingSet", v0) = true if { v1 = ["CAP_DAC_OVERRIDE", "CAP_NET_ADMIN", "CAP_SETUID", "CAP_SYS_ADMIN", "CAP_SYS_PTRACE"]; every v2, v3 in v1 { internal.member_2(v3, v0) } }
hardening_sandbox__forbids_nothing("SystemCallFilter", v0) = true if { v1 = v0; every v2, v3 in v1 { v3 = "~" } }
hardening_sandbox__home := "pass" if { v0 = input.name; regex.match("backup|borg|clamav|kopia|rclone|restic|rsnapshot|rsync|sanoid|scan|snapper|syncthing|timeshift", v0) } else = v1 if { data.nixlint.unit.lib_directive_verdict("Service", "ProtectHome", ["read-only", "tmpfs", "yes"], v1) }

# hardening/sshd-sandbox
# asked if: (kind is "service" and name in "site.sshd.units")
# reads: base if (completeness is "override" or (completeness is "override" and not base is ""))
# reads: base is "" if completeness is "override"
# reads: closed
# reads: completeness
# reads: effective.Service
# reads: kind
# reads: name in "site.sshd.units" if kind is "service"
# reads: open
# reads: unit if ((completeness is "override" and not base is "") or completeness is "override")
hardening_sshd_sandbox_report contains v0 if { data.nixlint.unit.hardening_sshd_sandbox__judged; v1 = data.site.sshd.directives[v2]; data.nixlint.unit.hardening_sshd_sandbox__consequence(v2, v3); data.nixlint.unit.lib_demand("Service", v2, v1, v3, v0) }
hardening_sshd_sandbox_report contains v0 if { data.nixlint.unit.hardening_sshd_sandbox__judged; v1 = {v2 | data.nixlint.unit.lib_states("Service", "CapabilityBoundingSet", v3); v4 = v3[v5]; v6 = data.site.sshd.capabilities; data.nixlint.unit.hardening_sshd_sandbox__within(v4, v6, v2)}; data.nixlint.unit.lib_verdict(v1, v7); v8 = v7; v9 = {v10 | data.nixlint.unit.lib_stated("Service", "CapabilityBoundingSet", v11); v12 = v11[v13]; v10 = v12.text}; v14 = {v15 | v15 = data.site.sshd.capabilities[v16]}; minus(v9, v14, v17); v18 = v17; data.nixlint.unit.lib_at_list("Service", "CapabilityBoundingSet", v19); v20 = data.site.sshd.capabilities; data.nixlint.unit.hardening_sshd_sandbox__beyond(v8, "CapabilityBoundingSet", v18, v20, v21); sprintf("%s: a broken sshd keeps what it may do; the demand alone locks everybody out, see compat/sshd-lockout", [v21], v22); data.nixlint.unit.lib_finding(v8, v19, v22, v23); v0 = v23 }
hardening_sshd_sandbox_report contains v0 if { data.nixlint.unit.hardening_sshd_sandbox__judged; v1 = {v2 | data.nixlint.unit.lib_states("Service", "SystemCallFilter", v3); v4 = v3[v5]; data.nixlint.unit.hardening_sshd_sandbox__filter(v4, v2)}; data.nixlint.unit.lib_verdict(v1, v6); v7 = v6; v8 = {v9 | data.nixlint.unit.lib_stated("Service", "SystemCallFilter", v10); v11 = v10[v12]; not {v13 = v11.text; v14 = data.site.sshd.syscalls; internal.member_2(v13, v14)}; not {v15 = v11.text; startswith(v15, "~")}; v9 = v11.text}; data.nixlint.unit.lib_at_list("Service", "SystemCallFilter", v16); v17 = data.site.sshd.syscalls; data.nixlint.unit.hardening_sshd_sandbox__beyond(v7, "SystemCallFilter", v8, v17, v18); sprintf("%s: a broken sshd may call the whole kernel; the demand alone kills every login, see compat/sshd-lockout", [v18], v19); data.nixlint.unit.lib_finding(v7, v16, v19, v20); v0 = v20 }
hardening_sshd_sandbox__judged = true if { input.kind = "service"; v0 = input.name; v1 = data.site.sshd.units; internal.member_2(v0, v1) }
hardening_sshd_sandbox__within(v0, v1) := "unknown" if { v0.state = "unknown" } else = "pass" if { v0.state = "set"; v2 = v0.texts; every v3, v4 in v2 { v5 = data.site.sshd.capabilities; internal.member_2(v4, v5) } } else = "fail" if { true }
hardening_sshd_sandbox__filter(v0) := "unknown" if { v0.state = "unknown" } else = "pass" if { v0.state = "set"; v1 = [v2 | v2 = v0.texts[v3]; not startswith(v2, "~"); not {v4 = v0.texts; data.nixlint.unit.hardening_sshd_sandbox__taken_away(v2, v4)}]; count(v1, v5); gt(v5, 0); v6 = v1; every v7, v8 in v6 { v9 = data.site.sshd.syscalls; internal.member_2(v8, v9) } } else = "fail" if { true }
hardening_sshd_sandbox__taken_away(v0, v1) = true if { sprintf("~%s", [v0], v2); internal.member_2(v2, v1) }
hardening_sshd_sandbox__taken_away("chroot", v0) = true if { data.nixlint.unit.lib_sshd_no_chroot(v0) }
hardening_sshd_sandbox__beyond("fail", v0, v1, v2) := v3 if { count(v1, v4); gt(v4, 0); sort(v1, v5); concat(", ", v5, v6); concat(", ", v2, v7); sprintf("%s allows %s beyond %s", [v0, v6, v7], v3) } else = v8 if { data.nixlint.unit.lib_shown("Service", v0, v9); concat(" ", v2, v10); sprintf("%s, want %s", [v9, v10], v8) }
hardening_sshd_sandbox__beyond("unknown", v0, v1, v2) := v3 if { concat(", ", v2, v4); data.nixlint.unit.lib_why("Service", v0, v5); sprintf("%s may not be within %s (%s)", [v0, v4, v5], v3) }
hardening_sshd_sandbox__consequence(v0) := v1 if { data.nixlint.unit.hardening_sshd_sandbox__consequences[v0]; v1 = data.nixlint.unit.hardening_sshd_sandbox__consequences[v0] } else = "a broken sshd reaches further into the machine" if { true }
hardening_sshd_sandbox__consequences := {"NoNewPrivileges": "a setuid program gives a broken sshd more rights (but no su or sudo with it, see compat/sshd-session-sandbox)", "PrivateMounts": "what sshd mounts shows up on the whole machine", "PrivateTmp": "sshd shares /tmp with every user and can be fed files there", "ProtectControlGroups": "a broken sshd can rewrite the limits of every service", "ProtectHome": "a broken sshd reads every home (but so does no login with it, see compat/sshd-session-sandbox)", "ProtectKernelModules": "a broken sshd can load code into the kernel", "ProtectKernelTunables": "a broken sshd can change kernel settings under /proc and /sys", "ProtectSystem": "a broken sshd can write to the system (but sessions write nowhere with it, see compat/sshd-session-sandbox)", "RemoveIPC": "shared memory outlives the service (without User= it has no effect)", "RestrictNamespaces": "a broken sshd can make namespaces, the usual step to a kernel exploit", "RestrictRealtime": "a broken sshd can take the processor for itself", "RestrictSUIDSGID": "a broken sshd can leave setuid programs behind"} if { true }

# lifecycle/forking-pidfile
# asked if: kind is "service"
# reads: base if ((kind is "service" and completeness is "override") or (kind is "service" and completeness is "override" and not base is ""))
# reads: base is "" if (kind is "service" and completeness is "override")
# reads: closed if kind is "service"
# reads: completeness if kind is "service"
# reads: completeness is "override" if kind is "service"
# reads: effective.Service.PIDFile if kind is "service"
# reads: effective.Service.Type if kind is "service"
# reads: kind
# reads: open if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: open is "" if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: unit if ((kind is "service" and completeness is "override" and not base is "") or (kind is "service" and completeness is "override"))
lifecycle_forking_pidfile_report contains v0 if { input.kind = "service"; data.nixlint.unit.lib_is("Service", "Type", ["forking"]); v1 = {v2 | data.nixlint.unit.lib_states("Service", "PIDFile", v3); v4 = v3[v5]; data.nixlint.unit.lifecycle_forking_pidfile__vote(v4, v2)}; data.nixlint.unit.lib_verdict(v1, v6); v7 = v6; data.nixlint.unit.lib_at("Service", "Type", v8); data.nixlint.unit.lib_why("Service", "PIDFile", v9); data.nixlint.unit.lib_decided(v7, v8, "Type=forking without PIDFile: systemd guesses the main process, and may not notice that it crashed", v9, v10); v0 = v10 }
lifecycle_forking_pidfile__vote(v0) := "pass" if { v0.state = "set" } else = "pass" if { v1 = v0.texts[v2]; regex.replace(v1, "<unknown:[^>]*>", "", v3); neq(v3, "") } else = "unknown" if { v0.state = "unknown" } else = "fail" if { true }

# lifecycle/kill-mode
# asked if: (kind is "service" and some effective.Service.KillMode)
# reads: base if ((kind is "service" and completeness is "override") or (kind is "service" and completeness is "override" and not base is ""))
# reads: base is "" if (kind is "service" and completeness is "override")
# reads: closed if kind is "service"
# reads: completeness if kind is "service"
# reads: completeness is "override" if kind is "service"
# reads: effective.Service.KillMode if kind is "service"
# reads: kind
# reads: open if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: open is "" if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: unit if ((kind is "service" and completeness is "override" and not base is "") or (kind is "service" and completeness is "override"))
lifecycle_kill_mode_report contains v0 if { input.kind = "service"; data.nixlint.unit.lib_may("Service", "KillMode", {"none"}); data.nixlint.unit.lib_directive_verdict("Service", "KillMode", ["none"], v1); v2 = data.nixlint.unit.lifecycle_kill_mode__turned[v1]; data.nixlint.unit.lib_at("Service", "KillMode", v3); data.nixlint.unit.lib_why("Service", "KillMode", v4); data.nixlint.unit.lib_decided(v2, v3, "KillMode=none leaves the processes of the service behind when it stops, want control-group or mixed", v4, v5); v0 = v5 }
lifecycle_kill_mode__turned := {"pass": "fail", "unknown": "unknown"} if { true }

# lifecycle/oneshot-restart
# asked if: (kind is "service" and some effective.Service.Restart and some effective.Service.Type)
# reads: closed if kind is "service"
# reads: completeness if kind is "service"
# reads: completeness is "override" if kind is "service"
# reads: effective.Service.Restart if kind is "service"
# reads: effective.Service.Type if kind is "service"
# reads: kind
# reads: open if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: open is "" if ((kind is "service" and not completeness is "override") or kind is "service")
lifecycle_oneshot_restart_report contains v0 if { input.kind = "service"; v1 = {"always", "on-success"}; data.nixlint.unit.lib_may("Service", "Restart", v1); data.nixlint.unit.lib_may("Service", "Type", {"oneshot"}); data.nixlint.unit.lib_directive_verdict("Service", "Restart", v1, v2); data.nixlint.unit.lib_directive_verdict("Service", "Type", ["oneshot"], v3); data.nixlint.unit.lib_verdict({v2, v3}, v4); v5 = v4; data.nixlint.unit.lib_at("Service", "Restart", v6); v7 = data.nixlint.unit.lifecycle_oneshot_restart__turned[v5]; data.nixlint.unit.lib_decided(v7, v6, "Restart is always or on-success in a oneshot: systemd refuses the unit, it never starts", "Type or Restart is not decided", v8); v0 = v8 }
lifecycle_oneshot_restart__turned := {"pass": "fail", "unknown": "unknown"} if { true }

# lifecycle/oneshot-timeout
# asked if: (kind is "service" and (text contains "pull" or text contains "clone" or text contains "fetch" or text contains "curl" or text contains "wget" or text contains "rsync" or text contains "nix copy") and (some scripts or some sections.Service.ExecStart or some sections.Service.ExecStartPre or some sections.Service.ExecStartPost or some sections.Service.ExecCondition))
# reads: base if ((kind is "service" and completeness is "override") or (kind is "service" and completeness is "override" and not base is ""))
# reads: base is "" if (kind is "service" and completeness is "override")
# reads: closed if kind is "service"
# reads: completeness if kind is "service"
# reads: completeness is "override" if kind is "service"
# reads: effective.Service.TimeoutSec if kind is "service"
# reads: effective.Service.TimeoutStartSec if kind is "service"
# reads: effective.Service.Type if kind is "service"
# reads: kind
# reads: open if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: open is "" if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: scripts if kind is "service"
# reads: sections.Service.ExecCondition if kind is "service"
# reads: sections.Service.ExecStart if kind is "service"
# reads: sections.Service.ExecStartPost if kind is "service"
# reads: sections.Service.ExecStartPre if kind is "service"
# reads: text contains "clone" if kind is "service"
# reads: text contains "curl" if kind is "service"
# reads: text contains "fetch" if kind is "service"
# reads: text contains "nix copy" if kind is "service"
# reads: text contains "pull" if kind is "service"
# reads: text contains "rsync" if kind is "service"
# reads: text contains "wget" if kind is "service"
# reads: unit if ((kind is "service" and completeness is "override" and not base is "") or (kind is "service" and completeness is "override"))
lifecycle_oneshot_timeout_report contains v0 if { input.kind = "service"; data.nixlint.unit.lifecycle_oneshot_timeout__suspect; data.nixlint.unit.lib_is("Service", "Type", ["oneshot"]); v1 = data.nixlint.unit.lifecycle_oneshot_timeout__limit; neq(v1, "pass"); v2 = data.nixlint.unit.lib_command_texts[v3]; v4 = v2.text; data.nixlint.unit.lifecycle_oneshot_timeout__fetching(v4, v5); v6 = v5; data.nixlint.unit.lifecycle_oneshot_timeout__both(v1, v2, v7); sprintf("%q may hang, and a oneshot without TimeoutStartSec waits for ever: what comes after it never starts", [v6], v8); v9 = v2.path; data.nixlint.unit.lib_decided(v7, v9, v8, "whether it has a time limit is not decided", v10); data.nixlint.unit.lib_matched(v10, v6, v11); v0 = v11 }
lifecycle_oneshot_timeout__suspect = true if { v0 = ["pull", "clone", "fetch", "curl", "wget", "rsync", "nix copy"]; v1 = v0[v2]; v3 = input.text; contains(v3, v1) }
lifecycle_oneshot_timeout__limit := "pass" if { input.effective.Service.TimeoutSec; {v0 | data.nixlint.unit.lib_states("Service", "TimeoutSec", v1); v2 = v1[v3]; data.nixlint.unit.lifecycle_oneshot_timeout__limited(v2, v0)} = {"pass"} } else = v4 if { v5 = {v6 | data.nixlint.unit.lib_states("Service", "TimeoutStartSec", v7); v8 = v7[v9]; data.nixlint.unit.lifecycle_oneshot_timeout__limited(v8, v6)}; data.nixlint.unit.lib_verdict(v5, v4) }
lifecycle_oneshot_timeout__limited(v0) := "unknown" if { v0.state = "unknown" } else = "pass" if { v0.state = "set"; not {v1 = v0.texts; count(v1, v2); minus(v2, 1, v3); v4 = v0.texts[v3]; internal.member_2(v4, {"", "0", "0s", "infinity"})} } else = "fail" if { true }
lifecycle_oneshot_timeout__both("fail", v0) := "fail" if { v0.sure }
lifecycle_oneshot_timeout__both("fail", v0) := "unknown" if { not v0.sure }
lifecycle_oneshot_timeout__both("unknown", v0) := "unknown" if { true }
lifecycle_oneshot_timeout__fetching(v0) := v1 if { v2 = [v3 | replace(v0, "\\\n", " ", v4); split(v4, "\n", v5); v3 = v5[v6]; v7 = data.nixlint.unit.lifecycle_oneshot_timeout__transfer; regex.match(v7, v3); not {v8 = data.nixlint.unit.lifecycle_oneshot_timeout__bounded; regex.match(v8, v3)}; not data.nixlint.unit.lifecycle_oneshot_timeout__copies(v3)]; v9 = data.nixlint.unit.lifecycle_oneshot_timeout__transfer; v10 = v2[0]; regex.find_all_string_submatch_n(v9, v10, 1, v11); v12 = v11; v13 = v12[0][1]; trim_space(v13, v1) }
lifecycle_oneshot_timeout__copies(v0) = true if { not {v1 = data.nixlint.unit.lifecycle_oneshot_timeout__fetches; regex.match(v1, v0)}; not {regex.replace(v0, "\\s--?[A-Za-z]\\S*", "", v2); regex.match(":|<unknown", v2)} }
lifecycle_oneshot_timeout__transfer := v0 if { v1 = data.nixlint.unit.lifecycle_oneshot_timeout__fetchers; sprintf("(?:^|[\\s;&|(/])(rsync|%s)(?:\\s|$)", [v1], v0) }
lifecycle_oneshot_timeout__fetches := v0 if { v1 = data.nixlint.unit.lifecycle_oneshot_timeout__fetchers; sprintf("(?:^|[\\s;&|(/])(?:%s)(?:\\s|$)", [v1], v0) }
lifecycle_oneshot_timeout__fetchers := v0 if { concat("|", ["(?:docker|podman|skopeo|crane)(?:\\s+(?:image|compose))?\\s+(?:pull|copy)", "git\\s+(?:-C\\s+\\S+\\s+)?(?:clone|fetch|pull)", "curl", "wget", "nix\\s+copy"], v0) }
lifecycle_oneshot_timeout__bounded := "(?:^|[\\s;&|(/])timeout\\s|--max-time|\\s-m\\s*[0-9]|--timeout|--connect-timeout|localhost|127\\.0\\.0\\.1|--unix-socket" if { true }

# lifecycle/remain-after-exit-type
# asked if: (kind is "service" and some effective.Service.RemainAfterExit)
# reads: closed if kind is "service"
# reads: completeness if kind is "service"
# reads: completeness is "override" if kind is "service"
# reads: effective.Service.RemainAfterExit if kind is "service"
# reads: effective.Service.Type if kind is "service"
# reads: kind
# reads: open if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: open is "" if ((kind is "service" and not completeness is "override") or kind is "service")
lifecycle_remain_after_exit_type_report contains v0 if { input.kind = "service"; data.nixlint.unit.lib_may("Service", "RemainAfterExit", {"yes"}); data.nixlint.unit.lib_directive_verdict("Service", "RemainAfterExit", ["yes"], v1); v2 = v1; data.nixlint.unit.lib_directive_verdict("Service", "Type", ["forking", "oneshot"], v3); v4 = v3; neq(v4, "pass"); v5 = data.nixlint.unit.lifecycle_remain_after_exit_type__turned[v2]; data.nixlint.unit.lib_verdict({v4, v5}, v6); data.nixlint.unit.lib_at("Service", "RemainAfterExit", v7); v8 = data.nixlint.unit.lifecycle_remain_after_exit_type__type; sprintf("RemainAfterExit with Type=%s: when it ends systemd takes it for running, and does not restart it", [v8], v9); data.nixlint.unit.lib_decided(v6, v7, v9, "Type is not decided", v10); v0 = v10 }
lifecycle_remain_after_exit_type__turned := {"pass": "fail", "unknown": "unknown"} if { true }
lifecycle_remain_after_exit_type__type := v0 if { data.nixlint.unit.lib_last("Service", "Type"); data.nixlint.unit.lib_last("Service", "Type", v0) } else = "simple" if { true }

# lifecycle/restart-loop
# asked if: (kind is "service" and some effective.Unit.StartLimitIntervalSec and some effective.Service.Restart)
# reads: base if ((kind is "service" and completeness is "override") or (kind is "service" and completeness is "override" and not base is ""))
# reads: base is "" if (kind is "service" and completeness is "override")
# reads: closed if kind is "service"
# reads: completeness if kind is "service"
# reads: completeness is "override" if kind is "service"
# reads: effective.Service.Restart if kind is "service"
# reads: effective.Service.RestartSec if kind is "service"
# reads: effective.Unit.StartLimitIntervalSec if kind is "service"
# reads: kind
# reads: open if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: open is "" if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: unit if ((kind is "service" and completeness is "override" and not base is "") or (kind is "service" and completeness is "override"))
lifecycle_restart_loop_report contains v0 if { input.kind = "service"; data.nixlint.unit.lib_may("Unit", "StartLimitIntervalSec", {"0", "0s"}); data.nixlint.unit.lib_directive_verdict("Service", "Restart", ["always", "on-failure", "on-abnormal", "on-success", "on-abort", "on-watchdog"], v1); v2 = v1; data.nixlint.unit.lib_may("Service", "Restart", {"always", "on-abnormal", "on-abort", "on-failure", "on-success", "on-watchdog"}); v3 = data.nixlint.unit.lifecycle_restart_loop__quick; neq(v3, "pass"); data.nixlint.unit.lib_directive_verdict("Unit", "StartLimitIntervalSec", ["0", "0s"], v4); v5 = v4; v6 = data.nixlint.unit.lifecycle_restart_loop__quick; v7 = data.nixlint.unit.lifecycle_restart_loop__turned[v2]; v8 = data.nixlint.unit.lifecycle_restart_loop__turned[v5]; data.nixlint.unit.lib_verdict({v6, v7, v8}, v9); v10 = v9; data.nixlint.unit.lib_at("Unit", "StartLimitIntervalSec", v11); data.nixlint.unit.lib_decided(v10, v11, "StartLimitIntervalSec=0 takes the limit of starts away and RestartSec is below a second: a service that cannot start loops", "RestartSec or Restart is not decided", v12); v0 = v12 }
lifecycle_restart_loop__turned := {"fail": "pass", "pass": "fail", "unknown": "unknown"} if { true }
lifecycle_restart_loop__quick := v0 if { v1 = {v2 | data.nixlint.unit.lib_states("Service", "RestartSec", v3); v4 = v3[v5]; data.nixlint.unit.lifecycle_restart_loop__vote(v4, v2)}; data.nixlint.unit.lib_verdict(v1, v0) }
lifecycle_restart_loop__vote(v0) := "unknown" if { v0.state = "unknown" } else = "pass" if { v0.state = "set"; not {v1 = v0.texts; count(v1, v2); minus(v2, 1, v3); v4 = v0.texts[v3]; regex.match("^(?:0(?:\\.[0-9]+)?s?|[0-9]+ ?(?:ms|us))$", v4)} } else = "fail" if { true }

# network/loopback-only
# asked if: ((kind is "service" and name in keys of "site.loopback") or (kind is "service" and name in keys of "site.loopback" and not completeness is "override") or (kind is "service" and name in keys of "site.loopback" and some effective.Service.Environment))
# reads: base if (completeness is "override" or (completeness is "override" and not base is ""))
# reads: base is "" if completeness is "override"
# reads: completeness
# reads: effective.Service.Environment
# reads: kind
# reads: name
# reads: open
# reads: scripts.start
# reads: sections.Service.ExecStart
# reads: unit if ((completeness is "override" and not base is "") or completeness is "override")
network_loopback_only_report contains v0 if { data.nixlint.unit.network_loopback_only__judged; v1 = input.name; v2 = data.site.loopback[v1].flags[v3]; v4 = data.nixlint.unit.lib_command_main[v5]; v6 = v4.text; data.nixlint.unit.lib_command_values(v6, v2, v7); v8 = v7[v9]; v10 = v8.value; data.nixlint.unit.network_loopback_only__vote(v10, v11); v12 = v11; v13 = v4.path; v14 = v8.match; data.nixlint.unit.network_loopback_only__finding(v12, v13, v14, v15); v16 = v8.match; data.nixlint.unit.lib_matched(v15, v16, v17); v0 = v17 }
network_loopback_only_report contains v0 if { data.nixlint.unit.network_loopback_only__judged; v1 = data.nixlint.unit.lib_command_main[v2]; v1.known = false; v1.text = ""; v3 = input.completeness; neq(v3, "override"); v4 = v1.path; data.nixlint.unit.network_loopback_only__finding("unknown", v4, "the command", v5); v0 = v5 }
network_loopback_only_report contains v0 if { data.nixlint.unit.network_loopback_only__judged; v1 = input.name; v2 = data.site.loopback[v1].variables[v3]; data.nixlint.unit.lib_stated("Service", "Environment", v4); v5 = v4[v6]; v7 = v5.text; trim(v7, "\"'", v8); v9 = v8; sprintf("%s=", [v2], v10); startswith(v9, v10); count(v2, v11); plus(v11, 1, v12); substring(v9, v12, -1, v13); data.nixlint.unit.network_loopback_only__vote(v13, v14); v15 = v14; v16 = v5.path; data.nixlint.unit.network_loopback_only__finding(v15, v16, v9, v17); v0 = v17 }
network_loopback_only__judged = true if { input.kind = "service"; v0 = input.name; data.site.loopback[v0] }
network_loopback_only__finding(v0, v1, v2) := v3 if { sprintf("%s opens it to the network: whoever reaches the machine can use it, want 127.0.0.1", [v2], v4); data.nixlint.unit.lib_decided(v0, v1, v4, "the address is not known", v3) }
network_loopback_only__vote(v0) := "unknown" if { contains(v0, "<unknown") } else = "pass" if { regex.match("^(?:https?://)?(?:localhost|127\\.[0-9.]+|::1|\\[::1\\])(?::[0-9]+)?$", v0) } else = "fail" if { true }

# organization/log-path
# asked if: ((kind is "service" and (has effective.Service.StandardOutput or has effective.Service.StandardError)) or (kind is "service" and text contains "log" and (some scripts or some sections.Service.ExecStart or some sections.Service.ExecStartPre or some sections.Service.ExecStartPost or some sections.Service.ExecCondition)))
# reads: base if ((kind is "service" and completeness is "override") or (kind is "service" and completeness is "override" and not base is ""))
# reads: base is "" if (kind is "service" and completeness is "override")
# reads: closed if kind is "service"
# reads: completeness if kind is "service"
# reads: completeness is "override" if kind is "service"
# reads: effective.Service.StandardError if kind is "service"
# reads: effective.Service.StandardOutput if kind is "service"
# reads: kind
# reads: open if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: open is "" if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: scripts if kind is "service"
# reads: sections.Service.ExecCondition if kind is "service"
# reads: sections.Service.ExecStart if kind is "service"
# reads: sections.Service.ExecStartPost if kind is "service"
# reads: sections.Service.ExecStartPre if kind is "service"
# reads: text contains "log" if kind is "service"
# reads: unit if ((kind is "service" and completeness is "override" and not base is "") or (kind is "service" and completeness is "override"))
organization_log_path_report contains v0 if { input.kind = "service"; v1 = ["StandardOutput", "StandardError"]; v2 = v1[v3]; input.effective.Service[v2]; data.nixlint.unit.lib_states("Service", v2, v4); v5 = v4[v6]; v7 = v5.texts[v8]; regex.find_all_string_submatch_n("^(?:file|append|truncate):(/.*)$", v7, 1, v9); v10 = v9[v11]; data.nixlint.unit.lib_states("Service", v2, v12); count(v12, v13); equal(v13, 1, v14); v15 = v10[1]; data.nixlint.unit.organization_log_path__outside(v15, v14, v16); v17 = v16; data.nixlint.unit.lib_at("Service", v2, v18); v19 = v10[1]; data.nixlint.unit.organization_log_path__shown(v19, v20); v21 = data.site.logs.root; sprintf("%s writes to %s, outside of %s: nobody rotates or reads it there", [v2, v20, v21], v22); data.nixlint.unit.lib_decided(v17, v18, v22, "its path is not decided", v23); v0 = v23 }
organization_log_path_report contains v0 if { input.kind = "service"; v1 = input.text; contains(v1, "log"); v2 = data.nixlint.unit.lib_command_texts[v3]; v4 = data.site.logs.flags[v5]; v6 = v2.text; contains(v6, v4); v7 = v2.text; data.nixlint.unit.lib_command_values(v7, v4, v8); v9 = v8[v10]; v11 = v9.value; startswith(v11, "/"); v12 = v9.value; v13 = v2.sure; data.nixlint.unit.organization_log_path__outside(v12, v13, v14); v15 = v14; v16 = v9.value; data.nixlint.unit.organization_log_path__shown(v16, v17); v18 = data.site.logs.root; sprintf("logs to %s, outside of %s: nobody rotates or reads it there", [v17, v18], v19); v20 = v2.path; data.nixlint.unit.lib_decided(v15, v20, v19, "its path is not decided", v21); v22 = v9.match; data.nixlint.unit.lib_matched(v21, v22, v23); v0 = v23 }
organization_log_path__outside(v0, v1) := v2 if { not {v3 = data.site.logs.root; sprintf("%s/", [v3], v4); startswith(v0, v4)}; not regex.match("^/(?:dev|run|proc)/", v0); data.nixlint.unit.organization_log_path__sure(v0, v1, v5); v2 = v5 }
organization_log_path__sure(v0, v1) := "fail" if { v1; not contains(v0, "<unknown") } else = "unknown" if { true }
organization_log_path__shown(v0) := v1 if { split(v0, "<unknown", v2); v1 = v2[0] }

# scheduling/background-scan
# asked if: (kind is "service" and name in "site.clamav_scan.units")
# reads: base if ((kind is "service" and completeness is "override") or (kind is "service" and completeness is "override" and not base is ""))
# reads: base is "" if (kind is "service" and completeness is "override")
# reads: closed if kind is "service"
# reads: completeness if kind is "service"
# reads: completeness is "override" if kind is "service"
# reads: effective.Service.IOSchedulingClass if kind is "service"
# reads: effective.Service.Nice if kind is "service"
# reads: effective.Service.Type if kind is "service"
# reads: kind
# reads: name in "site.clamav_scan.units" if kind is "service"
# reads: open if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: open is "" if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: unit if ((kind is "service" and completeness is "override" and not base is "") or (kind is "service" and completeness is "override"))
scheduling_background_scan_report contains v0 if { input.kind = "service"; v1 = input.name; v2 = data.site.clamav_scan.units; internal.member_2(v1, v2); v3 = data.site.clamav_scan.background[v4]; v5 = data.nixlint.unit.scheduling_background_scan__consequences[v4]; data.nixlint.unit.lib_demand("Service", v4, v3, v5, v0) }
scheduling_background_scan__consequences := {"IOSchedulingClass": "the scan takes the disk from everybody else", "Nice": "the scan takes the processor from everybody else", "Type": "the timer does not know when a scan has ended, and what waits for it does not wait"} if { true }

# scheduling/clamav-scan-scope
# asked if: (kind is "service" and name in "site.clamav_scan.units")
# reads: base if (completeness is "override" or (completeness is "override" and not base is ""))
# reads: base is "" if completeness is "override"
# reads: completeness
# reads: kind
# reads: name in "site.clamav_scan.units" if kind is "service"
# reads: open
# reads: scripts.start
# reads: sections.Service.ExecStart
# reads: unit if ((completeness is "override" and not base is "") or completeness is "override")
scheduling_clamav_scan_scope_report contains v0 if { data.nixlint.unit.scheduling_clamav_scan_scope__judged; v1 = data.site.clamav_scan.scan[v2]; v3 = {v4 | v5 = data.nixlint.unit.lib_command_main[v6]; data.nixlint.unit.scheduling_clamav_scan_scope__scans(v5, v1, v4)}; data.nixlint.unit.lib_verdict(v3, v7); v8 = v7; sprintf("the scan does not cover %s: what is stored there is never looked at", [v1], v9); data.nixlint.unit.scheduling_clamav_scan_scope__finding(v8, v9, v10); v0 = v10 }
scheduling_clamav_scan_scope_report contains v0 if { data.nixlint.unit.scheduling_clamav_scan_scope__judged; v1 = data.site.clamav_scan.exclude[v2]; v3 = {v4 | v5 = data.nixlint.unit.lib_command_main[v6]; data.nixlint.unit.scheduling_clamav_scan_scope__excludes(v5, v1, v4)}; data.nixlint.unit.lib_verdict(v3, v7); v8 = v7; sprintf("the scan does not exclude %s: it spends its time on what is no file that somebody stored", [v1], v9); data.nixlint.unit.scheduling_clamav_scan_scope__finding(v8, v9, v10); v0 = v10 }
scheduling_clamav_scan_scope_report contains v0 if { data.nixlint.unit.scheduling_clamav_scan_scope__judged; v1 = data.site.clamav_scan.limits[v2]; v3 = {v4 | v5 = data.nixlint.unit.lib_command_main[v6]; data.nixlint.unit.scheduling_clamav_scan_scope__limits(v5, v2, v1, v4)}; data.nixlint.unit.lib_verdict(v3, v7); v8 = v7; data.nixlint.unit.scheduling_clamav_scan_scope__shown(v2, v9); sprintf("%s, want at most %s: one archive can keep the scan busy for hours", [v9, v1], v10); data.nixlint.unit.scheduling_clamav_scan_scope__finding(v8, v10, v11); data.nixlint.unit.scheduling_clamav_scan_scope__marked(v11, v2, v12); v0 = v12 }
scheduling_clamav_scan_scope_report contains v0 if { data.nixlint.unit.scheduling_clamav_scan_scope__judged; v1 = data.site.clamav_scan.log; v2 = {v3 | v4 = data.nixlint.unit.lib_command_main[v5]; data.nixlint.unit.scheduling_clamav_scan_scope__logs(v4, v1, v3)}; data.nixlint.unit.lib_verdict(v2, v6); v7 = v6; data.nixlint.unit.scheduling_clamav_scan_scope__shown("--log", v8); sprintf("%s, want %s: nobody finds what the scan found", [v8, v1], v9); data.nixlint.unit.scheduling_clamav_scan_scope__finding(v7, v9, v10); data.nixlint.unit.scheduling_clamav_scan_scope__marked(v10, "--log", v11); v0 = v11 }
scheduling_clamav_scan_scope__judged = true if { input.kind = "service"; v0 = input.name; v1 = data.site.clamav_scan.units; internal.member_2(v0, v1) }
scheduling_clamav_scan_scope__finding(v0, v1) := v2 if { v3 = data.nixlint.unit.lib_command_main[0].path; data.nixlint.unit.lib_decided(v0, v3, v1, "the command is not wholly known", v2) }
scheduling_clamav_scan_scope__marked(v0, v1) := v2 if { v3 = data.nixlint.unit.lib_command_main[0].text; data.nixlint.unit.lib_command_values(v3, v1, v4); v5 = v4; count(v5, v6); gt(v6, 0); count(v5, v7); minus(v7, 1, v8); v9 = v5[v8].match; data.nixlint.unit.lib_matched(v0, v9, v2) } else = v0 if { true }
scheduling_clamav_scan_scope__scans(v0, v1) := "pass" if { sprintf("(?:^|\\s)[\"']?(?:%s/?|/)[\"']?(?:\\s|$)", [v1], v2); v3 = v0.text; regex.match(v2, v3) } else = v4 if { data.nixlint.unit.scheduling_clamav_scan_scope__absent(v0, v4) }
scheduling_clamav_scan_scope__excludes(v0, v1) := "pass" if { v2 = ["--exclude-dir", "--exclude"]; v3 = v2[v4]; v5 = v0.text; data.nixlint.unit.lib_command_values(v5, v3, v6); v7 = v6[v8]; v9 = v7.value; regex.is_valid(v9); v10 = v7.value; regex.match(v10, v1) } else = v11 if { data.nixlint.unit.scheduling_clamav_scan_scope__absent(v0, v11) }
scheduling_clamav_scan_scope__limits(v0, v1, v2) := v3 if { v4 = v0.text; data.nixlint.unit.lib_command_values(v4, v1, v5); v6 = v5; count(v6, v7); gt(v7, 0); count(v6, v8); minus(v8, 1, v9); v10 = v6[v9].value; data.nixlint.unit.scheduling_clamav_scan_scope__bytes(v10, v11); data.nixlint.unit.scheduling_clamav_scan_scope__bytes(v2, v12); data.nixlint.unit.scheduling_clamav_scan_scope__vote(v11, v12, v3) } else = v13 if { data.nixlint.unit.scheduling_clamav_scan_scope__absent(v0, v13) }
scheduling_clamav_scan_scope__vote(v0, v1) := "unknown" if { lt(v0, 0) } else = "pass" if { lte(v0, v1); gt(v0, 0) } else = "fail" if { true }
scheduling_clamav_scan_scope__bytes(v0) := v1 if { regex.find_all_string_submatch_n("^([0-9]+)([KMGkmg]?)$", v0, 1, v2); v3 = v2[0]; v4 = v3[1]; to_number(v4, v5); v6 = v3[2]; upper(v6, v7); v8 = data.nixlint.unit.scheduling_clamav_scan_scope__factors[v7]; mul(v5, v8, v1) } else = -1 if { true }
scheduling_clamav_scan_scope__factors := {"": 1, "G": 1073741824, "K": 1024, "M": 1048576} if { true }
scheduling_clamav_scan_scope__logs(v0, v1) := "pass" if { v2 = ["--log", "-l"]; v3 = v2[v4]; v5 = v0.text; data.nixlint.unit.lib_command_values(v5, v3, v6); v7 = v6[v8]; v7.value = v1 } else = "unknown" if { v9 = v0.text; data.nixlint.unit.lib_command_values(v9, "--log", v10); v11 = v10[v12]; v13 = v11.value; data.nixlint.unit.lib_command_unknown(v13) } else = "fail" if { v14 = v0.text; data.nixlint.unit.lib_command_values(v14, "--log", v15); count(v15, v16); gt(v16, 0) } else = v17 if { data.nixlint.unit.scheduling_clamav_scan_scope__absent(v0, v17) }
scheduling_clamav_scan_scope__absent(v0) := "unknown" if { data.nixlint.unit.lib_command_vague(v0) } else = "fail" if { true }
scheduling_clamav_scan_scope__shown(v0) := v1 if { v2 = {v3 | v4 = data.nixlint.unit.lib_command_main[v5]; v6 = v4.text; data.nixlint.unit.lib_command_values(v6, v0, v7); v8 = v7[v9]; v3 = v8.value}; count(v2, v10); gt(v10, 0); concat(" or ", v2, v11); sprintf("%s is %s", [v0, v11], v1) } else = v12 if { sprintf("%s is not set", [v0], v12) }

# scheduling/unanchored-exclude
# asked if: (kind is "service" and text contains "clamscan" and text contains "--exclude" and (some scripts or some sections.Service.ExecStart or some sections.Service.ExecStartPre or some sections.Service.ExecStartPost or some sections.Service.ExecCondition))
# reads: kind
# reads: scripts if kind is "service"
# reads: sections.Service.ExecCondition if kind is "service"
# reads: sections.Service.ExecStart if kind is "service"
# reads: sections.Service.ExecStartPost if kind is "service"
# reads: sections.Service.ExecStartPre if kind is "service"
# reads: text contains "--exclude" if kind is "service"
# reads: text contains "clamscan" if kind is "service"
scheduling_unanchored_exclude_report contains v0 if { input.kind = "service"; v1 = input.text; contains(v1, "clamscan"); v2 = input.text; contains(v2, "--exclude"); v3 = data.nixlint.unit.lib_command_texts[v4]; v5 = [v6 | v7 = ["--exclude-dir", "--exclude"]; v8 = v7[v9]; v10 = v3.text; data.nixlint.unit.lib_command_values(v10, v8, v11); v6 = v11[v12]; v13 = v6.value; startswith(v13, "/")]; count(v5, v14); gt(v14, 0); data.nixlint.unit.scheduling_unanchored_exclude__verdict(v3, v15); v16 = [v17 | v18 = v5[v19]; v17 = v18.match]; concat(", ", v16, v20); v21 = v5[0].value; trim_right(v21, "/$", v22); v23 = v5[0].value; sprintf("%s is looked for anywhere in a path, so it leaves out /home/a%s too; want ^%s", [v20, v22, v23], v24); v25 = v3.path; data.nixlint.unit.lib_decided(v15, v25, v24, "whether it is run is not decided", v26); v27 = v5[0].match; data.nixlint.unit.lib_matched(v26, v27, v28); v0 = v28 }
scheduling_unanchored_exclude__verdict(v0) := "fail" if { v0.sure } else = "unknown" if { true }

# secrets/environment
# asked if: some effective.Service.Environment
# reads: effective.Service.Environment
# reads: sections.Service.Environment
secrets_environment_report contains v0 if { data.nixlint.unit.lib_stated("Service", "Environment", v1); v2 = v1[v3]; v4 = v2.text; data.nixlint.unit.lib_secret_assigned(v4, v5); v6 = v5; v7 = v6.value; v8 = v2.path; data.nixlint.unit.secrets_environment__verdict(v7, v8, v9); v10 = v6.name; sprintf("%s is in the environment: every user of the machine can read it in the store and with systemctl show", [v10], v11); v12 = v2.path; data.nixlint.unit.lib_decided(v9, v12, v11, "its value is not known", v13); v0 = v13 }
secrets_environment__verdict(v0, v1) := "unknown" if { contains(v0, "<unknown") } else = v2 if { v3 = v1[3]; v4 = input.sections.Service.Environment[v3]; data.nixlint.unit.lib_standing(v4, v2) }

# secrets/inline-argument
# asked if: (kind is "service" and (lower(text) contains "pass" or lower(text) contains "secret" or lower(text) contains "token" or lower(text) contains "key") and (some sections.Service.ExecCondition or some sections.Service.ExecReload or some sections.Service.ExecStart or some sections.Service.ExecStartPost or some sections.Service.ExecStartPre or some sections.Service.ExecStop or some sections.Service.ExecStopPost))
# reads: kind
# reads: lower(text) contains "key" if kind is "service"
# reads: lower(text) contains "pass" if kind is "service"
# reads: lower(text) contains "secret" if kind is "service"
# reads: lower(text) contains "token" if kind is "service"
# reads: sections.Service.ExecCondition if kind is "service"
# reads: sections.Service.ExecReload if kind is "service"
# reads: sections.Service.ExecStart if kind is "service"
# reads: sections.Service.ExecStartPost if kind is "service"
# reads: sections.Service.ExecStartPre if kind is "service"
# reads: sections.Service.ExecStop if kind is "service"
# reads: sections.Service.ExecStopPost if kind is "service"
secrets_inline_argument_report contains v0 if { input.kind = "service"; data.nixlint.unit.secrets_inline_argument__suspect; v1 = data.nixlint.unit.lib_command_lines[v2]; v3 = v1.text; regex.find_all_string_submatch_n("(?:^|\\s)(--?[A-Za-z0-9-]*(?i:password|passwd|secret|token|api-?key))(?:=|\\s+)([^\\s-][^\\s]*)", v3, -1, v4); v5 = v4[v6]; not {v7 = v5[2]; regex.match("^[\"']?(?:$|/|~|%|\\$|@|file:|env:|<pkgs|<unknown|[\"']$|[0-9]+$|(?i:true|false|yes|no|none|null|on|off|auto)[\"']?$)", v7)}; not {v8 = data.nixlint.unit.secrets_inline_argument__switch; v9 = v5[1]; regex.match(v8, v9)}; v10 = v5[1]; sprintf("%s is given on the command line: every user of the machine can read it in the list of processes", [v10], v11); v12 = v1.verdict; v13 = v1.path; data.nixlint.unit.lib_decided(v12, v13, v11, "the command is not decided", v14); v15 = v5[0]; trim_space(v15, v16); data.nixlint.unit.lib_matched(v14, v16, v17); v0 = v17 }
secrets_inline_argument__switch := "^--?(?:allow|ask|check|disable|enable|generate|no|prompt|require|reset|rotate|show|skip|use|without)-" if { true }
secrets_inline_argument__suspect = true if { v0 = ["pass", "secret", "token", "key"]; v1 = v0[v2]; v3 = input.text; lower(v3, v4); contains(v4, v1) }

# secrets/load-credential
# asked if: (kind is "service" and name in keys of "site.credentials.units")
# reads: base if ((kind is "service" and completeness is "override") or (kind is "service" and completeness is "override" and not base is ""))
# reads: base is "" if (kind is "service" and completeness is "override")
# reads: closed if kind is "service"
# reads: completeness if kind is "service"
# reads: completeness is "override" if kind is "service"
# reads: effective.Service.LoadCredential if kind is "service"
# reads: effective.Service.LoadCredentialEncrypted if kind is "service"
# reads: kind
# reads: name if kind is "service"
# reads: open if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: open is "" if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: unit if ((kind is "service" and completeness is "override" and not base is "") or (kind is "service" and completeness is "override"))
secrets_load_credential_report contains v0 if { input.kind = "service"; v1 = input.name; v2 = data.site.credentials.units[v1][v3]; data.nixlint.unit.secrets_load_credential__loaded("LoadCredentialEncrypted", v2, v4); neq(v4, "pass"); data.nixlint.unit.secrets_load_credential__loaded("LoadCredential", v2, v5); v6 = v5; data.nixlint.unit.lib_at_list("Service", "LoadCredential", v7); v8 = data.site.credentials.store; sprintf("LoadCredential does not load %s from %s: the secret has to come some way that others can read", [v2, v8], v9); data.nixlint.unit.lib_why("Service", "LoadCredential", v10); data.nixlint.unit.lib_decided(v6, v7, v9, v10, v11); v0 = v11 }
secrets_load_credential__loaded(v0, v1) := v2 if { v3 = {v4 | data.nixlint.unit.lib_states("Service", v0, v5); v6 = v5[v7]; data.nixlint.unit.secrets_load_credential__vote(v6, v1, v4)}; data.nixlint.unit.lib_verdict(v3, v2) }
secrets_load_credential__vote(v0, v1) := "pass" if { v2 = v0.texts[v3]; data.nixlint.unit.secrets_load_credential__from_store(v2, v1) } else = v4 if { data.nixlint.unit.lib_lacking(v0, v4) }
secrets_load_credential__from_store(v0, v1) = true if { v0 = v1 }
secrets_load_credential__from_store(v0, v1) = true if { v2 = data.site.credentials.store; sprintf("%s:%s/", [v1, v2], v3); startswith(v0, v3) }

# secrets/set-credential
# asked if: some effective.Service.SetCredential
# reads: effective.Service.SetCredential
# reads: sections.Service.SetCredential
secrets_set_credential_report contains v0 if { data.nixlint.unit.lib_stated("Service", "SetCredential", v1); v2 = v1[v3]; v4 = v2.text; split(v4, ":", v5); v6 = v5; v7 = v6[0]; regex.match("(?i)pass|secret|token|key|credential", v7); count(v6, v8); gt(v8, 1); v9 = v6[1]; neq(v9, ""); v10 = v2.text; v11 = v2.path; data.nixlint.unit.secrets_set_credential__verdict(v10, v11, v12); v13 = v6[0]; sprintf("SetCredential states %s: every user of the machine can read it in the store", [v13], v14); v15 = v2.path; data.nixlint.unit.lib_decided(v12, v15, v14, "its value is not known", v16); v0 = v16 }
secrets_set_credential__verdict(v0, v1) := "unknown" if { contains(v0, "<unknown") } else = v2 if { v3 = v1[3]; v4 = input.sections.Service.SetCredential[v3]; data.nixlint.unit.lib_standing(v4, v2) }

# secrets/store-path
# asked if: ((kind is "service" and some effective.Service.LoadCredential and some sections.Service.LoadCredential) or (kind is "service" and some effective.Service.EnvironmentFile and some sections.Service.EnvironmentFile) or (kind is "service" and text contains "-file" and (some scripts or some sections.Service.ExecStart or some sections.Service.ExecStartPre or some sections.Service.ExecStartPost or some sections.Service.ExecCondition)))
# reads: effective.Service.EnvironmentFile if kind is "service"
# reads: effective.Service.LoadCredential if kind is "service"
# reads: kind
# reads: scripts if kind is "service"
# reads: scripts.EnvironmentFile if kind is "service"
# reads: sections.Service.EnvironmentFile if kind is "service"
# reads: sections.Service.ExecCondition if kind is "service"
# reads: sections.Service.ExecStart if kind is "service"
# reads: sections.Service.ExecStartPost if kind is "service"
# reads: sections.Service.ExecStartPre if kind is "service"
# reads: sections.Service.LoadCredential if kind is "service"
# reads: text contains "-file" if kind is "service"
secrets_store_path_report contains v0 if { input.kind = "service"; data.nixlint.unit.lib_stated("Service", "LoadCredential", v1); v2 = v1[v3]; v4 = v2.text; regex.match("^[^:]+:(?:<pkgs\\.|/nix/store/)", v4); v5 = v2.path[3]; v6 = input.sections.Service.LoadCredential[v5]; data.nixlint.unit.lib_standing(v6, v7); v8 = v2.text; split(v8, ":", v9); v10 = v9[0]; sprintf("the credential %s comes from the store: everybody on the machine can read it", [v10], v11); v12 = v2.path; data.nixlint.unit.lib_decided(v7, v12, v11, "whether it is loaded is not decided", v13); v14 = v2.text; data.nixlint.unit.secrets_store_path__called(v14, v13, v15); v0 = v15 }
secrets_store_path__called(v0, v1) := v1 if { lower(v0, v2); regex.match("secret|token|passw|credential|key|auth|private", v2) } else = v3 if { data.nixlint.unit.lib_minor(v1, v3) }
secrets_store_path_report contains v0 if { input.kind = "service"; v1 = data.nixlint.unit.secrets_store_path__variables[v2]; v3 = v1.path[3]; v4 = input.sections.Service.EnvironmentFile[v3]; data.nixlint.unit.lib_standing(v4, v5); v6 = v1.text; v7 = data.nixlint.unit.secrets_store_path__saying; sprintf("EnvironmentFile=%s is in the store%s: what it says everybody on the machine can read", [v6, v7], v8); v9 = v1.path; data.nixlint.unit.lib_decided(v5, v9, v8, "whether it is read is not decided", v10); v11 = v1.text; data.nixlint.unit.secrets_store_path__weighed(v11, v10, v12); v0 = v12 }
secrets_store_path__variables contains v0 if { data.nixlint.unit.lib_stated("Service", "EnvironmentFile", v1); v0 = v1[v2]; v3 = v0.text; regex.match("^-?(?:<pkgs\\.|/nix/store/)", v3) }
secrets_store_path_report contains v0 if { input.kind = "service"; v1 = input.text; contains(v1, "-file"); v2 = data.nixlint.unit.lib_command_texts[v3]; v4 = data.nixlint.unit.secrets_store_path__flag; v5 = v2.text; regex.find_n(v4, v5, 1, v6); v7 = v6[v8]; data.nixlint.unit.secrets_store_path__sure(v2, v9); trim_space(v7, v10); sprintf("%s: the secret is in the store, where everybody on the machine can read it", [v10], v11); v12 = v2.path; data.nixlint.unit.lib_decided(v9, v12, v11, "whether it is run is not decided", v13); trim_space(v7, v14); data.nixlint.unit.lib_matched(v13, v14, v15); v0 = v15 }
secrets_store_path__flag := "(?:^|\\s)--[a-z-]*(?:password|secret|token|passphrase)-file[= ][\"']?(?:<pkgs\\.|/nix/store/)[^\\s\"']*" if { true }
secrets_store_path__weighed(v0, v1) := v1 if { lower(v0, v2); regex.match("secret|token|passw|credential", v2) } else = v1 if { v3 = data.nixlint.unit.secrets_store_path__secrets; count(v3, v4); gt(v4, 0) } else = v5 if { not data.nixlint.unit.secrets_store_path__harmless; data.nixlint.unit.lib_minor(v1, v5) }
secrets_store_path__saying := v0 if { v1 = data.nixlint.unit.secrets_store_path__secrets; count(v1, v2); gt(v2, 0); v3 = data.nixlint.unit.secrets_store_path__secrets; sort(v3, v4); concat(", ", v4, v5); sprintf(" and holds %s", [v5], v0) } else = "" if { true }
secrets_store_path__secrets contains v0 if { v1 = data.nixlint.unit.secrets_store_path__held[v2]; not {v3 = v1.value; contains(v3, "<unknown")}; v0 = v1.name }
secrets_store_path__held contains v0 if { v1 = input.scripts.EnvironmentFile[v2]; v3 = v1.value; split(v3, "\n", v4); v5 = v4[v6]; trim_space(v5, v7); data.nixlint.unit.lib_secret_assigned(v7, v0) }
secrets_store_path__harmless = true if { v0 = data.nixlint.unit.secrets_store_path__variables; count(v0, v1); v1 = 1; v2 = data.nixlint.unit.secrets_store_path__held; count(v2, v3); v3 = 0; v4 = input.scripts.EnvironmentFile; every v5, v6 in v4 { v7 = v6.value; split(v7, "\n", v8); v9 = v8; every v10, v11 in v9 { regex.match("^\\s*(?:$|[#;]|[A-Za-z_][A-Za-z0-9_]*=)", v11) } } }
secrets_store_path__sure(v0) := "fail" if { v0.sure } else = "unknown" if { true }

# state/dynamic-user-paths
# asked if: (kind is "service" and some effective.Service.DynamicUser and some effective.Service.ReadWritePaths and some sections.Service.ReadWritePaths)
# reads: closed if kind is "service"
# reads: completeness if kind is "service"
# reads: completeness is "override" if kind is "service"
# reads: effective.Service.CacheDirectory if kind is "service"
# reads: effective.Service.DynamicUser if kind is "service"
# reads: effective.Service.LogsDirectory if kind is "service"
# reads: effective.Service.ReadWritePaths if kind is "service"
# reads: effective.Service.StateDirectory if kind is "service"
# reads: effective.Service.User if kind is "service"
# reads: kind
# reads: open if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: open is "" if ((kind is "service" and not completeness is "override") or kind is "service")
# reads: sections.Service.ReadWritePaths if kind is "service"
state_dynamic_user_paths_report contains v0 if { input.kind = "service"; data.nixlint.unit.lib_may("Service", "DynamicUser", {"yes"}); not input.effective.Service.User; data.nixlint.unit.lib_stated("Service", "ReadWritePaths", v1); v2 = v1[v3]; v4 = v2.text; trim_left(v4, "-+", v5); trim_right(v5, "/", v6); v7 = v6; regex.match("^/(?:var/(?:lib|cache|log|spool)|srv|home|opt)/", v7); not data.nixlint.unit.state_dynamic_user_paths__managed(v7); data.nixlint.unit.lib_forbidden("Service", "DynamicUser", ["yes"], v8); v9 = v2.path[3]; v10 = input.sections.Service.ReadWritePaths[v9]; data.nixlint.unit.lib_standing(v10, v11); data.nixlint.unit.state_dynamic_user_paths__both(v8, v11, v12); sprintf("DynamicUser writes to %s, where its files stay with the number that it has today: want StateDirectory or its kin", [v7], v13); v14 = v2.path; data.nixlint.unit.lib_decided(v12, v14, v13, "DynamicUser is not decided", v15); v0 = v15 }
state_dynamic_user_paths__both(v0, v1) := v2 if { data.nixlint.unit.lib_together({v0, v1}, v2) }
state_dynamic_user_paths__managed(v0) = true if { v1 = {"CacheDirectory": "/var/cache", "LogsDirectory": "/var/log", "StateDirectory": "/var/lib"}; v2 = v1[v3]; data.nixlint.unit.lib_stated("Service", v3, v4); v5 = v4[v6]; v7 = v5.text; split(v7, ":", v8); v9 = v8[0]; sprintf("%s/%s", [v2, v9], v10); v11 = v10; sprintf("%s/", [v0], v12); sprintf("%s/", [v11], v13); startswith(v12, v13) }

# state/prefer-state-directory
# asked if: (kind is "service" and scope is "system" and text contains "/var/" and (text contains "mkdir" or text contains "install") and (some scripts or some sections.Service.ExecStart or some sections.Service.ExecStartPre or some sections.Service.ExecStartPost or some sections.Service.ExecCondition))
# reads: base if ((kind is "service" and scope is "system" and completeness is "override") or (kind is "service" and scope is "system" and completeness is "override" and not base is ""))
# reads: base is "" if (kind is "service" and scope is "system" and completeness is "override")
# reads: closed if (kind is "service" and scope is "system")
# reads: completeness if (kind is "service" and scope is "system")
# reads: completeness is "override" if (kind is "service" and scope is "system")
# reads: effective.Service.CacheDirectory if (kind is "service" and scope is "system")
# reads: effective.Service.LogsDirectory if (kind is "service" and scope is "system")
# reads: effective.Service.StateDirectory if (kind is "service" and scope is "system")
# reads: kind
# reads: open if ((kind is "service" and scope is "system" and not completeness is "override") or (kind is "service" and scope is "system"))
# reads: open is "" if ((kind is "service" and scope is "system" and not completeness is "override") or (kind is "service" and scope is "system"))
# reads: scope if kind is "service"
# reads: scope is "system" if kind is "service"
# reads: scripts if (kind is "service" and scope is "system")
# reads: sections.Service.ExecCondition if (kind is "service" and scope is "system")
# reads: sections.Service.ExecStart if (kind is "service" and scope is "system")
# reads: sections.Service.ExecStartPost if (kind is "service" and scope is "system")
# reads: sections.Service.ExecStartPre if (kind is "service" and scope is "system")
# reads: text contains "/var/" if (kind is "service" and scope is "system")
# reads: text contains "install" if (kind is "service" and scope is "system")
# reads: text contains "mkdir" if (kind is "service" and scope is "system")
# reads: unit if ((kind is "service" and scope is "system" and completeness is "override" and not base is "") or (kind is "service" and scope is "system" and completeness is "override"))
state_prefer_state_directory_report contains v0 if { input.kind = "service"; input.scope = "system"; v1 = input.text; contains(v1, "/var/"); data.nixlint.unit.state_prefer_state_directory__makes_some; v2 = data.nixlint.unit.lib_command_texts[v3]; v4 = data.nixlint.unit.state_prefer_state_directory__makes; v5 = v2.text; regex.find_all_string_submatch_n(v4, v5, 1, v6); v7 = v6[v8]; v9 = v7[2]; v10 = data.nixlint.unit.state_prefer_state_directory__directives[v9]; not {v11 = v7[3]; data.nixlint.unit.state_prefer_state_directory__stated(v10, v11)}; data.nixlint.unit.state_prefer_state_directory__verdict(v10, v2, v12); v13 = v7[1]; v14 = v7[3]; sprintf("the script makes %s, want %s=%s: systemd makes it, gives it to the service and lets it write there", [v13, v10, v14], v15); v16 = v2.path; data.nixlint.unit.lib_decided(v12, v16, v15, "the script or its directories are not decided", v17); v18 = v7[1]; data.nixlint.unit.lib_matched(v17, v18, v19); v0 = v19 }
state_prefer_state_directory__makes_some = true if { v0 = input.text; contains(v0, "mkdir") }
state_prefer_state_directory__makes_some = true if { v0 = input.text; contains(v0, "install") }
state_prefer_state_directory__makes := "(?:mkdir|install -d|install --directory)\\s[^\\n;&|]*?[\"']?(/var/(lib|cache|log)/([A-Za-z0-9._-]+))[\"']?/?(?:[\\s;&|]|$)" if { true }
state_prefer_state_directory__directives := {"cache": "CacheDirectory", "lib": "StateDirectory", "log": "LogsDirectory"} if { true }
state_prefer_state_directory__stated(v0, v1) = true if { data.nixlint.unit.lib_stated("Service", v0, v2); v3 = v2[v4]; v5 = v3.text; split(v5, ":", v6); v7 = v6[0]; split(v7, "/", v8); v8[0] = v1 }
state_prefer_state_directory__verdict(v0, v1) := "unknown" if { data.nixlint.unit.lib_states("Service", v0, v2); v3 = v2[v4]; v3.state = "unknown" } else = "fail" if { v1.sure } else = "unknown" if { true }

# timers/persistent
# asked if: (kind is "timer" and some effective.Timer.OnCalendar)
# reads: base if ((kind is "timer" and completeness is "override") or (kind is "timer" and completeness is "override" and not base is ""))
# reads: base is "" if (kind is "timer" and completeness is "override")
# reads: closed if kind is "timer"
# reads: completeness if kind is "timer"
# reads: completeness is "override" if kind is "timer"
# reads: effective.Timer.OnCalendar if kind is "timer"
# reads: effective.Timer.Persistent if kind is "timer"
# reads: effective.Timer.Unit if kind is "timer"
# reads: kind
# reads: open if ((kind is "timer" and not completeness is "override") or kind is "timer")
# reads: open is "" if ((kind is "timer" and not completeness is "override") or kind is "timer")
# reads: unit if ((kind is "timer" and completeness is "override" and not base is "") or (kind is "timer" and completeness is "override"))
timers_persistent_report contains v0 if { input.kind = "timer"; not data.nixlint.unit.timers_persistent__of_the_machine; data.nixlint.unit.lib_stated("Timer", "OnCalendar", v1); v2 = v1[v3]; v4 = v2.text; lower(v4, v5); data.nixlint.unit.timers_persistent__rare(v5); data.nixlint.unit.lib_demand("Timer", "Persistent", ["yes"], "a run that falls into a time when the machine is off is lost", v0) }
timers_persistent_report contains v0 if { input.kind = "timer"; not data.nixlint.unit.timers_persistent__of_the_machine; data.nixlint.unit.lib_stated("Timer", "OnCalendar", v1); v2 = v1[v3]; v4 = v2.text; contains(v4, "<unknown"); data.nixlint.unit.lib_directive_verdict("Timer", "Persistent", ["yes"], v5); neq(v5, "pass"); data.nixlint.unit.lib_at("Timer", "Persistent", v6); data.nixlint.unit.lib_decided("unknown", v6, "a run that falls into a time when the machine is off is lost without Persistent=yes", "OnCalendar is not known", v7); v0 = v7 }
timers_persistent__of_the_machine = true if { data.nixlint.unit.lib_stated("Timer", "Unit", v0); v1 = v0[v2]; v3 = v1.text; endswith(v3, ".target") }
timers_persistent__rare(v0) = true if { internal.member_2(v0, {"annually", "daily", "monthly", "quarterly", "semiannually", "weekly", "yearly"}) }
timers_persistent__rare(v0) = true if { regex.match("(?:^|\\s)[0-9]{1,2}:[0-9]{1,2}(?::[0-9]{1,2})?(?:\\s+[a-z/_]+)?$", v0) }
timers_persistent__rare(v0) = true if { regex.match("^(?:[a-z,.-]+\\s+)?[0-9*~/,.-]+-[0-9*~/,.-]+$", v0) }
timers_persistent__rare(v0) = true if { regex.match("^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*$", v0) }

# timers/randomized-delay
# asked if: (kind is "timer" and name in keys of "site.timers")
# reads: base if ((kind is "timer" and completeness is "override") or (kind is "timer" and completeness is "override" and not base is ""))
# reads: base is "" if (kind is "timer" and completeness is "override")
# reads: closed if kind is "timer"
# reads: completeness if kind is "timer"
# reads: completeness is "override" if kind is "timer"
# reads: effective.Timer if kind is "timer"
# reads: kind
# reads: name if kind is "timer"
# reads: open if ((kind is "timer" and not completeness is "override") or kind is "timer")
# reads: open is "" if ((kind is "timer" and not completeness is "override") or kind is "timer")
# reads: unit if ((kind is "timer" and completeness is "override" and not base is "") or (kind is "timer" and completeness is "override"))
timers_randomized_delay_report contains v0 if { input.kind = "timer"; v1 = input.name; v2 = data.site.timers[v1][v3]; data.nixlint.unit.lib_demand("Timer", v3, v2, "it starts with everything else that is due then", v0) }

# units/invalid-value
# asked if: some misread
# reads: misread
units_invalid_value_report contains v0 if { v1 = input.misread[v2]; data.nixlint.unit.units_invalid_value__verdict(v1, v3); v4 = v1.name; v5 = v1.value; v6 = v1.want; v7 = v1.effect; sprintf("%s=%s is not read, want %s: %s", [v4, v5, v6, v7], v8); v9 = v1.section; v10 = v1.name; v11 = v1.index; data.nixlint.unit.lib_decided(v3, ["sections", v9, v10, v11], v8, "the value is not decided", v12); v0 = v12 }
units_invalid_value__verdict(v0) := "fail" if { v0.sure } else = "unknown" if { true }

# units/override-without-base
# asked if: (kind is "service" and not completeness is "own" and (completeness is "generated" or (open is "" and some sections.Unit.Description)))
# reads: completeness if (kind is "service" or (kind is "service" and not completeness is "own"))
# reads: completeness is "generated" if (kind is "service" and not completeness is "own")
# reads: completeness is "own" if kind is "service"
# reads: effective.Unit.Description if (kind is "service" and not completeness is "own")
# reads: kind
# reads: open if (kind is "service" and not completeness is "own")
# reads: open is "" if (kind is "service" and not completeness is "own")
# reads: scripts.start if (kind is "service" and not completeness is "own")
# reads: sections if (kind is "service" and not completeness is "own")
# reads: sections.Service.ExecStart if (kind is "service" and not completeness is "own")
# reads: sections.Unit.Description if (kind is "service" and not completeness is "own" and open is "")
# reads: sections.Unit.SuccessAction if (kind is "service" and not completeness is "own")
units_override_without_base_report contains v0 if { input.kind = "service"; v1 = input.completeness; neq(v1, "own"); not data.nixlint.unit.units_override_without_base__runs; data.nixlint.unit.units_override_without_base__whole; v2 = {v3 | v4 = [["Service", "ExecStart"], ["Service", "ExecStop"], ["Unit", "SuccessAction"]]; [v5, v6] = v4[v7]; data.nixlint.unit.units_override_without_base__vote(v5, v6, v3)}; data.nixlint.unit.lib_verdict(v2, v8); v9 = v8; data.nixlint.unit.lib_at("Unit", "Description", v10); data.nixlint.unit.lib_decided(v9, v10, "nothing says what the service runs, and its description is no addition to another: without ExecStart systemd refuses the unit", "whether it has an ExecStart is not decided", v11); v0 = v11 }
units_override_without_base__runs = true if { input.scripts.start }
units_override_without_base__runs = true if { v0 = input.sections.Service.ExecStart[v1]; v2 = v0[v3]; v2.known = false; count(v0, v4); v4 = 1 }
units_override_without_base__runs = true if { v0 = input.sections.Unit.SuccessAction[v1]; v2 = v0; every v3, v4 in v2 { v4.known; not object.get(v4, "absent", false); not {v5 = v4.value; internal.member_2(v5, {"", "none"})} } }
units_override_without_base__runs = true if { v0 = input.sections.Service.ExecStart[v1]; v2 = v0; every v3, v4 in v2 { not object.get(v4, "absent", false); v5 = v4.value; neq(v5, "") } }
units_override_without_base__whole = true if { input.completeness = "generated" }
units_override_without_base__whole = true if { v0 = input; object.get(v0, "open", "", v1); v1 = ""; v2 = input.sections.Unit.Description[v3]; v4 = v2; every v5, v6 in v4 { not object.get(v6, "absent", false); not v6.forced } }
units_override_without_base__vote(v0, v1) := "fail" if { v2 = input.sections; object.get(v2, v0, {}, v3); object.get(v3, v1, [], v4); v5 = v4; every v6, v7 in v5 { v8 = v7; every v9, v10 in v8 { data.nixlint.unit.units_override_without_base__nothing(v10) } } } else = "unknown" if { true }
units_override_without_base__nothing(v0) = true if { v0.absent }
units_override_without_base__nothing(v0) = true if { v0.known; v1 = v0.value; internal.member_2(v1, {"", "none"}) }

# units/unknown-directive
# asked if: some unrecognised
# reads: kind
# reads: sections
# reads: unrecognised
units_unknown_directive_report contains v0 if { v1 = input.unrecognised[v2]; v1.until = 0; v3 = {v4 | v5 = v1.section; v6 = v1.name; v7 = input.sections[v5][v6][v8]; data.nixlint.unit.lib_standing(v7, v4)}; data.nixlint.unit.lib_verdict(v3, v9); v10 = v9; data.nixlint.unit.units_unknown_directive__message(v1, v11); v12 = v1.section; v13 = v1.name; data.nixlint.unit.lib_decided(v10, ["sections", v12, v13, 0], v11, "whether it is set is not decided", v14); v0 = v14 }
units_unknown_directive_report contains v0 if { v1 = input.unrecognised[v2]; v3 = v1.until; gt(v3, 0); v4 = {v5 | v6 = v1.section; v7 = v1.name; v8 = input.sections[v6][v7][v9]; data.nixlint.unit.lib_standing(v8, v5)}; data.nixlint.unit.lib_verdict(v4, v10); v11 = v10; v12 = v1.name; v13 = v1.until; sprintf("%s has no effect from systemd %d on", [v12, v13], v14); v15 = v14; v16 = v1.section; v17 = v1.name; data.nixlint.unit.lib_decided(v11, ["sections", v16, v17, 0], v15, "whether it is set is not decided", v18); v19 = v18; data.nixlint.unit.lib_minor(v19, v0) }
units_unknown_directive__message(v0) := v1 if { not v0.has; v2 = input.kind; v3 = v0.section; v4 = v0.name; sprintf("a %s has no section [%s]: systemd ignores %s", [v2, v3, v4], v1) } else = v5 if { v6 = v0.belongs; count(v6, v7); gt(v7, 0); v8 = v0.name; v9 = v0.belongs[0]; v10 = v0.section; sprintf("%s belongs in [%s], not in [%s]: systemd ignores it here", [v8, v9, v10], v5) } else = v11 if { v12 = v0.nearest; split(v12, " ", v13); v13[0] = v0.name; v14 = v0.name; v15 = input.kind; sprintf("%s is for another kind of unit than a %s: systemd ignores it here", [v14, v15], v11) } else = v16 if { v17 = v0.nearest; neq(v17, ""); v18 = v0.section; v19 = v0.name; v20 = v0.nearest; sprintf("[%s] has no directive %s, did you mean %s? systemd ignores it", [v18, v19, v20], v16) } else = v21 if { v22 = v0.section; v23 = v0.name; sprintf("[%s] has no directive %s: systemd ignores it", [v22, v23], v21) }

# units/weakened-silently
# asked if: ((kind is "service" and some sections.Service) or (kind is "service" and completeness is "override" and (some sections.Service.DynamicUser or some sections.Service.LockPersonality or some sections.Service.MemoryDenyWriteExecute or some sections.Service.NoNewPrivileges or some sections.Service.PrivateDevices or some sections.Service.PrivateIPC or some sections.Service.PrivateMounts or some sections.Service.PrivateNetwork or some sections.Service.PrivateTmp or some sections.Service.PrivateUsers or some sections.Service.ProtectClock or some sections.Service.ProtectControlGroups or some sections.Service.ProtectHome or some sections.Service.ProtectHostname or some sections.Service.ProtectKernelLogs or some sections.Service.ProtectKernelModules or some sections.Service.ProtectKernelTunables or some sections.Service.ProtectSystem or some sections.Service.RestrictNamespaces or some sections.Service.RestrictRealtime or some sections.Service.RestrictSUIDSGID)))
# reads: completeness if kind is "service"
# reads: completeness is "override" if kind is "service"
# reads: kind
# reads: overrides if (kind is "service" or (kind is "service" and completeness is "override"))
# reads: sections.Service if kind is "service"
# reads: sections.Service.DynamicUser if (kind is "service" and completeness is "override")
# reads: sections.Service.LockPersonality if (kind is "service" and completeness is "override")
# reads: sections.Service.MemoryDenyWriteExecute if (kind is "service" and completeness is "override")
# reads: sections.Service.NoNewPrivileges if (kind is "service" and completeness is "override")
# reads: sections.Service.PrivateDevices if (kind is "service" and completeness is "override")
# reads: sections.Service.PrivateIPC if (kind is "service" and completeness is "override")
# reads: sections.Service.PrivateMounts if (kind is "service" and completeness is "override")
# reads: sections.Service.PrivateNetwork if (kind is "service" and completeness is "override")
# reads: sections.Service.PrivateTmp if (kind is "service" and completeness is "override")
# reads: sections.Service.PrivateUsers if (kind is "service" and completeness is "override")
# reads: sections.Service.ProtectClock if (kind is "service" and completeness is "override")
# reads: sections.Service.ProtectControlGroups if (kind is "service" and completeness is "override")
# reads: sections.Service.ProtectHome if (kind is "service" and completeness is "override")
# reads: sections.Service.ProtectHostname if (kind is "service" and completeness is "override")
# reads: sections.Service.ProtectKernelLogs if (kind is "service" and completeness is "override")
# reads: sections.Service.ProtectKernelModules if (kind is "service" and completeness is "override")
# reads: sections.Service.ProtectKernelTunables if (kind is "service" and completeness is "override")
# reads: sections.Service.ProtectSystem if (kind is "service" and completeness is "override")
# reads: sections.Service.RestrictNamespaces if (kind is "service" and completeness is "override")
# reads: sections.Service.RestrictRealtime if (kind is "service" and completeness is "override")
# reads: sections.Service.RestrictSUIDSGID if (kind is "service" and completeness is "override")
units_weakened_silently_report contains v0 if { input.kind = "service"; v1 = input.overrides.Service[v2]; v3 = {v4 | v5 = v1[v6]; v7 = v5.priority; lte(v7, 100); v8 = v5.value; data.nixlint.unit.units_weakened_silently__rank(v2, v8, v4)}; max(v3, v9); v10 = v9; gt(v10, 0); v11 = input.sections.Service[v2]; count(v11, v12); v12 = 1; v13 = {v14 | v15 = input.sections.Service[v2][0][v16]; data.nixlint.unit.units_weakened_silently__vote(v2, v15, v10, v14)}; data.nixlint.unit.lib_verdict(v13, v17); v18 = v17; data.nixlint.unit.units_weakened_silently__finding(v18, v2, v19); v0 = v19 }
units_weakened_silently_report contains v0 if { input.kind = "service"; v1 = input.sections.Service[v2]; v1[0][1]; count(v1, v3); v3 = 1; not input.overrides.Service[v2]; v4 = {v5 | v6 = v1[0][v7]; not v6.forced; v8 = v6.value; data.nixlint.unit.units_weakened_silently__rank(v2, v8, v5)}; max(v4, v9); v10 = v9; gt(v10, 0); v11 = v1[0][v12]; v11.forced; data.nixlint.unit.units_weakened_silently__vote(v2, v11, v10, v13); v13 = "fail"; data.nixlint.unit.units_weakened_silently__finding("unknown", v2, v14); v0 = v14 }
units_weakened_silently_report contains v0 if { input.kind = "service"; input.completeness = "override"; v1 = data.nixlint.unit.units_weakened_silently__booleans[v2]; v3 = input.sections.Service[v1][0]; not input.overrides.Service[v1]; v4 = v3[v5]; v4.forced; v6 = {v7 | v8 = v3[v9]; data.nixlint.unit.units_weakened_silently__vote(v1, v8, 1, v7)}; data.nixlint.unit.lib_verdict(v6, v10); v11 = v10; data.nixlint.unit.units_weakened_silently__finding(v11, v1, v12); data.nixlint.unit.lib_minor(v12, v13); v0 = v13 }
units_weakened_silently__finding(v0, v1) := v2 if { sprintf("mkForce weakens %s: what the service's own definition says of it does not hold", [v1], v3); data.nixlint.unit.lib_decided(v0, ["sections", "Service", v1, 0], v3, "which of the values stands is not decided", v2) }
units_weakened_silently__vote(v0, v1, v2) := "pass" if { not v1.forced } else = "unknown" if { v1.known = false } else = "fail" if { v3 = v1.value; data.nixlint.unit.units_weakened_silently__rank(v0, v3, v4); lt(v4, v2) } else = "pass" if { true }
units_weakened_silently__rank(v0, v1) := v2 if { lower(v1, v3); data.nixlint.unit.units_weakened_silently__levels[v0][v3]; lower(v1, v4); v2 = data.nixlint.unit.units_weakened_silently__levels[v0][v4] } else = 1 if { v5 = data.nixlint.unit.units_weakened_silently__booleans; internal.member_2(v0, v5); lower(v1, v6); internal.member_2(v6, {"1", "on", "true", "y", "yes"}) } else = 1 if { v7 = data.nixlint.unit.units_weakened_silently__lists; internal.member_2(v0, v7); not {lower(v1, v8); internal.member_2(v8, {"", "0", "false", "no"})} } else = 1 if { v0 = "User"; not internal.member_2(v1, {"", "0", "root"}) } else = 0 if { true }
units_weakened_silently__levels := {"DevicePolicy": {"closed": 1, "strict": 2}, "ProtectHome": {"1": 2, "on": 2, "read-only": 1, "tmpfs": 2, "true": 2, "yes": 2}, "ProtectSystem": {"1": 1, "full": 2, "on": 1, "strict": 3, "true": 1, "yes": 1}} if { true }
units_weakened_silently__booleans := {"DynamicUser", "LockPersonality", "MemoryDenyWriteExecute", "NoNewPrivileges", "PrivateDevices", "PrivateIPC", "PrivateMounts", "PrivateNetwork", "PrivateTmp", "PrivateUsers", "ProtectClock", "ProtectControlGroups", "ProtectHome", "ProtectHostname", "ProtectKernelLogs", "ProtectKernelModules", "ProtectKernelTunables", "ProtectSystem", "RestrictNamespaces", "RestrictRealtime", "RestrictSUIDSGID"} if { true }
units_weakened_silently__lists := {"IPAddressDeny", "InaccessiblePaths", "NoExecPaths", "ReadOnlyPaths", "RestrictAddressFamilies", "RestrictNamespaces", "SystemCallArchitectures", "SystemCallFilter"} if { true }
