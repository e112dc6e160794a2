package nixlint.rules.tmpfiles.unsafe_transition_test

import data.nixlint.lib.given
import data.nixlint.rules.tmpfiles.unsafe_transition as rule
import future.keywords.not

_host(lines) := given.host([], lines, {})

_of(user, path) := given.line("d", path, "0755", user, user, "-")

test_fires_through_a_folder_of_another if {
	given.said(rule.report) == {"fail tmpfiles.2"} with input as _host([_of("a", "/srv/a"), _of("b", "/srv/a/b"), _of("b", "/srv/a/b/c")])
}

test_fires_through_a_folder_that_no_line_names if {
	given.said(rule.report) == {"fail tmpfiles.1"} with input as _host([_of("a", "/srv/a"), _of("a", "/srv/a/b/c")])
}

test_fires_on_what_is_adjusted if {
	given.said(rule.report) == {"fail tmpfiles.2"} with input as _host([
		_of("a", "/srv/a"), _of("b", "/srv/a/b"),
		given.line("z", "/srv/a/b", "0755", "b", "b", "-"),
	])
}

test_silent if {
	count(rule.report) == 0 with input as _host([_of("a", "/srv/a"), _of("a", "/srv/a/b"), _of("a", "/srv/a/b/c")])
	count(rule.report) == 0 with input as _host([_of("root", "/srv/a"), _of("b", "/srv/a/b"), _of("b", "/srv/a/b/c")])
	count(rule.report) == 0 with input as _host([_of("a", "/srv/a"), _of("root", "/srv/a/b")]) # the last one is made, not passed
	count(rule.report) == 0 with input as _host([given.line("L+", "/srv/x", "-", "-", "-", "/y")])
}

test_unknown if {
	given.said(rule.report) == {"unknown tmpfiles.2"} with input as _host([
		_of("a", "/srv/a"), _of("<unknown: x>", "/srv/a/b"),
		_of("a", "/srv/a/b/c"),
	])
}

test_absent if {
	count(rule.report) == 0 with input as _host([])
}
