package nixlint.rules.exec.download_and_run_test

import data.nixlint.lib.given
import data.nixlint.rules.exec.download_and_run as rule
import future.keywords.not

test_fires_1 if {
	given.said(rule.report) == {"fail scripts.start"} with input as given.script(given.service("a", {}), "curl -s https://example.org/i | sh")
}

test_fires_with_arguments if {
	every line in [
		"curl -s https://x | bash -s -- --yes", "wget -qO- https://x | sudo -E bash -x", "curl https://x | python3 -", "curl https://x | perl", "curl https://x | python3 -u",
		"bash <(curl -s https://x)", "sh -c \"$(curl https://x)\"", "x='curl https://x | sh'", "curl https://x | sh > /dev/null 2>&1",
		"curl https://x | sh # all of it", "curl https://x | sh \\\n  -s",
	] {
		given.said(rule.report) == {"fail scripts.start"} with input as given.script(given.service("a", {}), line)
	}
}

test_silent_where_it_is_what_a_program_reads if {
	every line in [
		"curl -s https://x | python3 -c 'import json'", "curl -s https://x | python3 -m json.tool", "curl -s https://x | perl -pe s/a/b/",
		"curl -s https://x | sh -c 'cat > y'", "curl -s https://x | bash /etc/import.sh", "curl -s https://x | node import.js",
	] {
		count(rule.report) == 0 with input as given.script(given.service("a", {}), line)
	}
}

test_silent if {
	count(rule.report) == 0 with input as given.script(given.service("a", {}), "curl -s https://example.org/i | jq .sh")
	count(rule.report) == 0 with input as given.script(given.service("a", {}), "# curl x | sh\ntrue")
}

test_unknown if {
	given.said(rule.report) == {"unknown scripts.start"} with input as object.union(
		given.script(given.service("a", {}), "curl | sh"),
		{"scripts": {"start": [
			{"value": "curl x | sh", "known": true},
			{"value": "", "known": true},
		]}},
	)
}

test_absent if {
	count(rule.report) == 0 with input as given.service("a", {})
}
