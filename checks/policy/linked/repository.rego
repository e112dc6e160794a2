package nixlint.repository

import future.keywords.not

lib_decided("fail", v0, v1, v2) := v3 if { data.nixlint.repository.lib_finding("fail", v0, v1, v3) }
lib_decided("unknown", v0, v1, v2) := v3 if { sprintf("cannot be told (%s): %s", [v2, v1], v4); data.nixlint.repository.lib_finding("unknown", v0, v4, v3) }
lib_finding(v0, v1, v2) := {"msg": v2, "path": v1, "verdict": v0} if { internal.member_2(v0, {"fail", "unknown"}) }
lib_trial_file(v0) = true if { regex.match("(?:^|/)(?:demos?|examples?|tests?)/", v0) }

# organization/centralized
organization_centralized_report contains v0 if { input.kind = "repository"; v1 = input.definitions[v2]; not {v3 = v1.file; data.nixlint.repository.lib_trial_file(v3)}; not {v4 = data.site.organization.root; sprintf("%s/", [v4], v5); v6 = v1.file; startswith(v6, v5)}; data.nixlint.repository.organization_centralized__what(v1, v7); v8 = v1.file; v9 = data.site.organization.root; sprintf("%s in %s, outside of %s: whoever looks for it there does not find it", [v7, v8, v9], v10); data.nixlint.repository.lib_finding("fail", ["definitions", v2], v10, v11); v0 = v11 }
organization_centralized__what(v0) := v1 if { v0.status = "override"; v2 = v0.unit; sprintf("what is added to %s is", [v2], v1) } else = v3 if { v4 = v0.unit; sprintf("%s is defined", [v4], v3) }

# organization/documented-options
organization_documented_options_report contains v0 if { input.kind = "repository"; v1 = input.options[v2]; not v1.internal; not {v3 = v1.file; data.nixlint.repository.lib_trial_file(v3)}; v4 = v1.description; trim_space(v4, v5); data.nixlint.repository.organization_documented_options__finding(v2, v1, v5, v6); v0 = v6 }
organization_documented_options__finding(v0, v1, "") := v2 if { v3 = v1.path; sprintf("option %s has no description: who sets it has to read the module", [v3], v4); data.nixlint.repository.lib_finding("fail", ["options", v0], v4, v2) }
organization_documented_options__finding(v0, v1, v2) := v3 if { startswith(v2, "<unknown"); v4 = v1.path; sprintf("option %s may have no description", [v4], v5); data.nixlint.repository.lib_decided("unknown", ["options", v0], v5, "what its description is could not be evaluated", v3) }

# organization/module-readme
organization_module_readme_report contains v0 if { input.kind = "repository"; [v1, v2] = data.nixlint.repository.organization_module_readme__defined[v3]; not {minus(v3, 1, v4); v5 = data.nixlint.repository.organization_module_readme__defined[v4][0]; data.nixlint.repository.organization_module_readme__same(v5, v1)}; not {v6 = data.nixlint.repository.organization_module_readme__described; internal.member_2(v1, v6)}; sprintf("%s defines services and has no README: what they are for only their modules say", [v1], v7); data.nixlint.repository.lib_finding("fail", ["definitions", v2], v7, v8); v0 = v8 }
organization_module_readme__same(v0, v1) = true if { v0 = v1 }
organization_module_readme__defined := v0 if { v1 = [[v2, v3] | v4 = input.definitions[v3]; v5 = data.site.organization.root; sprintf("%s/", [v5], v6); v7 = v4.file; startswith(v7, v6); v8 = v4.file; data.nixlint.repository.organization_module_readme__folder(v8, v2)]; sort(v1, v0) }
organization_module_readme__described := v0 if { v0 = {v1 | v2 = input.documents[v3]; data.nixlint.repository.organization_module_readme__folder(v2, v1)} }
organization_module_readme__folder(v0) := v1 if { split(v0, "/", v2); v3 = v2; count(v3, v4); minus(v4, 1, v5); array.slice(v3, 0, v5, v6); concat("/", v6, v1) }

# organization/single-definition
organization_single_definition_report contains v0 if { input.kind = "repository"; v1 = input.definitions[v2]; v1.main; v3 = [v4 | data.nixlint.repository.organization_single_definition__key(v1, v5); v4 = data.nixlint.repository.organization_single_definition__definers[v5][v6]; v7 = v1.file; neq(v4, v7)]; sort(v3, v8); v9 = v8; count(v9, v10); gt(v10, 0); data.nixlint.repository.organization_single_definition__listed(v9, v11); v12 = v1.unit; sprintf("%s is defined in %s too: a change to one is missing in the other", [v12, v11], v13); data.nixlint.repository.lib_finding("fail", ["definitions", v2], v13, v14); v0 = v14 }
organization_single_definition__definers := v0 if { v0 = {v1: v2 | [v1, v3] = data.nixlint.repository.organization_single_definition__mains[v4]; plus(v4, 1, v5); data.nixlint.repository.organization_single_definition__mains[v5][0] = v1; v2 = {v6 | [v7, v6] = data.nixlint.repository.organization_single_definition__mains[v8]; v7 = v1}} }
organization_single_definition__mains := v0 if { v1 = {v2 | v3 = input.definitions[v4]; v3.main; data.nixlint.repository.organization_single_definition__key(v3, v5); v6 = v3.file; v2 = [v5, v6]}; sort(v1, v0) }
organization_single_definition__key(v0) := v1 if { v2 = v0.scope; v3 = v0.unit; sprintf("%s %s", [v2, v3], v1) }
organization_single_definition__listed(v0) := v1 if { count(v0, v2); lt(v2, 4); concat(", ", v0, v1) } else = v3 if { array.slice(v0, 0, 2, v4); concat(", ", v4, v5); count(v0, v6); minus(v6, 2, v7); sprintf("%s and %d other files", [v5, v7], v3) }
