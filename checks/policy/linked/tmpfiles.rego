package nixlint.tmpfiles

import future.keywords.not

lib_decided("fail", v0, v1, v2) := v3 if { data.nixlint.tmpfiles.lib_finding("fail", v0, v1, v3) }
lib_decided("unknown", v0, v1, v2) := v3 if { sprintf("cannot be told (%s): %s", [v2, v1], v4); data.nixlint.tmpfiles.lib_finding("unknown", v0, v4, v3) }
lib_finding(v0, v1, v2) := {"msg": v2, "path": v1, "verdict": v0} if { internal.member_2(v0, {"fail", "unknown"}) }
lib_tmpfiles_digits(v0) := v1 if { v2 = v0.mode; trim_left(v2, "~:", v3); v1 = v3; regex.match("^[0-7]{3,5}$", v1) }
lib_tmpfiles_why(v0) := v1 if { v2 = [v3 | v4 = v0[v5]; object.get(v4, "why", "", v6); neq(v6, ""); v3 = v4.why]; v1 = v2[0] } else = "it depends on what is not decided" if { true }
lib_verdict(v0) := "pass" if { v0 = {"pass"} } else = "fail" if { v0 = {"fail"} } else = "unknown" if { true }

# tmpfiles/explicit-mode
tmpfiles_explicit_mode_report contains v0 if { input.kind = "tmpfiles"; v1 = {v2 | v3 = input.lines[v4]; data.nixlint.tmpfiles.tmpfiles_explicit_mode__vote(v3, v2)}; data.nixlint.tmpfiles.lib_verdict(v1, v5); v6 = v5; v7 = [v8 | v8 = input.lines[v9]; data.nixlint.tmpfiles.tmpfiles_explicit_mode__vote(v8, v10); neq(v10, "pass")]; v11 = v7[0]; data.nixlint.tmpfiles.tmpfiles_explicit_mode__default(v11, v12); v13 = v11.path; sprintf("%s has no explicit mode (-, so %s): everybody may read it", [v13, v12], v14); v15 = input.lines; data.nixlint.tmpfiles.lib_tmpfiles_why(v15, v16); data.nixlint.tmpfiles.lib_decided(v6, ["line"], v14, v16, v17); v0 = v17 }
tmpfiles_explicit_mode__vote(v0) := "pass" if { v0.absent } else = "pass" if { not {v1 = v0.type; substring(v1, 0, 1, v2); internal.member_2(v2, {"D", "Q", "d", "f", "q", "v"})} } else = "unknown" if { v3 = v0.mode; contains(v3, "<unknown") } else = "fail" if { v4 = v0.mode; internal.member_2(v4, {"", "-"}) } else = "pass" if { true }
tmpfiles_explicit_mode__default(v0) := "0644" if { v1 = v0.type; startswith(v1, "f") } else = "0755" if { true }

# tmpfiles/setuid
tmpfiles_setuid_report contains v0 if { input.kind = "tmpfiles"; v1 = {v2 | v3 = input.lines[v4]; data.nixlint.tmpfiles.tmpfiles_setuid__bits(v3, v2)}; data.nixlint.tmpfiles.lib_verdict(v1, v5); v6 = v5; v7 = [v8 | v8 = input.lines[v9]; data.nixlint.tmpfiles.tmpfiles_setuid__bits(v8, v10); neq(v10, "pass")]; v11 = v7[0]; v12 = v11.path; v13 = v11.mode; sprintf("%s has mode %s: whoever starts the file has the rights of its owner or group", [v12, v13], v14); v15 = input.lines; data.nixlint.tmpfiles.lib_tmpfiles_why(v15, v16); data.nixlint.tmpfiles.lib_decided(v6, ["line"], v14, v16, v17); v0 = v17 }
tmpfiles_setuid__bits(v0) := "pass" if { v0.absent } else = "pass" if { not {v1 = v0.type; substring(v1, 0, 1, v2); internal.member_2(v2, {"C", "F", "f", "z"})} } else = "unknown" if { v3 = v0.mode; contains(v3, "<unknown") } else = "fail" if { data.nixlint.tmpfiles.lib_tmpfiles_digits(v0, v4); regex.match("^0?[2-7][0-7]{3}$", v4) } else = "pass" if { true }

# tmpfiles/syntax
tmpfiles_syntax_report contains v0 if { input.kind = "tmpfiles"; v1 = {v2 | v3 = input.lines[v4]; data.nixlint.tmpfiles.tmpfiles_syntax__vote(v3, v2)}; data.nixlint.tmpfiles.lib_verdict(v1, v5); v6 = v5; v7 = [v8 | v9 = input.lines[v10]; v9.known; v9.error; v8 = v9.error]; concat("; ", v7, v11); sprintf("systemd-tmpfiles refuses the line: %s", [v11], v12); data.nixlint.tmpfiles.lib_decided(v6, ["line"], v12, "the line is not decided", v13); v0 = v13; count(v7, v14); gt(v14, 0) }
tmpfiles_syntax__vote(v0) := "pass" if { v0.absent } else = "pass" if { not v0.error } else = "fail" if { v0.known } else = "unknown" if { true }

# tmpfiles/world-writable
tmpfiles_world_writable_report contains v0 if { input.kind = "tmpfiles"; v1 = {v2 | v3 = input.lines[v4]; data.nixlint.tmpfiles.tmpfiles_world_writable__vote(v3, v2)}; data.nixlint.tmpfiles.lib_verdict(v1, v5); v6 = v5; v7 = [v8 | v8 = input.lines[v9]; data.nixlint.tmpfiles.tmpfiles_world_writable__vote(v8, v10); neq(v10, "pass")]; v11 = v7[0]; v12 = v11.path; v13 = v11.mode; sprintf("%s is world-writable (%s) without the sticky bit: anybody can replace or delete what others put there", [v12, v13], v14); v15 = input.lines; data.nixlint.tmpfiles.lib_tmpfiles_why(v15, v16); data.nixlint.tmpfiles.lib_decided(v6, ["line"], v14, v16, v17); v0 = v17 }
tmpfiles_world_writable__vote(v0) := "pass" if { v0.absent } else = "pass" if { not data.nixlint.tmpfiles.tmpfiles_world_writable__mode_for_all(v0) } else = "unknown" if { v1 = v0.mode; contains(v1, "<unknown") } else = "fail" if { data.nixlint.tmpfiles.lib_tmpfiles_digits(v0, v2); v3 = v2; count(v3, v4); minus(v4, 1, v5); substring(v3, v5, 1, v6); internal.member_2(v6, {"2", "3", "6", "7"}); not data.nixlint.tmpfiles.tmpfiles_world_writable__sticky(v3) } else = "pass" if { true }
tmpfiles_world_writable__mode_for_all(v0) = true if { v1 = v0.type; substring(v1, 0, 1, v2); internal.member_2(v2, {"C", "D", "F", "Q", "d", "e", "f", "m", "p", "q", "v", "w"}) }
tmpfiles_world_writable__mode_for_all(v0) = true if { v1 = v0.type; substring(v1, 0, 1, v2); internal.member_2(v2, {"Z", "z"}); not {v3 = v0.path; startswith(v3, "/dev")} }
tmpfiles_world_writable__sticky(v0) = true if { count(v0, v1); gt(v1, 3); count(v0, v2); minus(v2, 4, v3); substring(v0, v3, 1, v4); internal.member_2(v4, {"1", "3", "5", "7"}) }
