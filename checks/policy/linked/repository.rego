# rule: lib
package nixlint.repository

import future.keywords.not

lib_finding(v0, v1, v2) := {"msg": v2, "path": v1, "verdict": v0} if { internal.member_2(v0, {"fail", "unknown"}) }
# rule: organization/centralized
package nixlint.repository

import future.keywords.not

report contains ["organization/centralized", v0] if { input.kind = "repository"; v1 = input.definitions[v2]; not {v3 = data.site.organization.root; sprintf("%s/", [v3], v4); v5 = v1.file; startswith(v5, v4)}; v6 = v1.unit; v7 = v1.file; v8 = data.site.organization.root; sprintf("%s is defined in %s, outside of %s: whoever looks for it there does not find it", [v6, v7, v8], v9); data.nixlint.repository.lib_finding("fail", ["definitions", v2], v9, v10); v0 = v10 }
