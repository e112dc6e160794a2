package nixlint.lib_test

import data.nixlint.lib
import data.nixlint.lib.command
import data.nixlint.lib.given
import future.keywords.not

test_verdict_needs_all_alternatives if {
	lib.verdict({"pass"}) == "pass"
	lib.verdict({"fail"}) == "fail"
	lib.verdict({"pass", "fail"}) == "unknown"
	lib.verdict({"pass", "unknown"}) == "unknown"
	lib.verdict(set()) == "unknown"
}

test_absent_is_told_only_of_what_is_closed if {
	own := given.service("a", {})
	lib.directive_verdict("Service", "PrivateTmp", ["yes"]) == "fail" with input as own
	base := given.override("service", "a", "Service", {})
	lib.directive_verdict("Service", "PrivateTmp", ["yes"]) == "unknown" with input as base
	open := object.union(own, {"open": "something else may add to it"})
	lib.directive_verdict("Service", "PrivateTmp", ["yes"]) == "unknown" with input as open
	lib.why("Service", "PrivateTmp") == "something else may add to it" with input as open
}

test_a_base_that_is_known_decides_what_an_override_leaves_open if {
	plain := given.override("service", "a", "Service", {"Restart": ["no"]})
	base := given.based(plain, "Service", {"PrivateTmp": ["yes"], "Restart": ["always"]})
	lib.directive_verdict("Service", "PrivateTmp", ["yes"]) == "pass" with input as base
	lib.directive_verdict("Service", "Restart", ["no"]) == "pass" with input as base
	lib.directive_verdict("Service", "ProtectHome", ["yes"]) == "fail" with input as base
	lib.directive_verdict("Unit", "DefaultDependencies", ["no"]) == "unknown" with input as base
	lib.list_verdict("Service", "DeviceAllow", ["/dev/null"]) == "fail" with input as base
	lib.why("Unit", "After") == "the base of a.service is not known whole, as of nixpkgs 0123456789ab" with input as base
	open := object.union(base, {"open": "more"})
	lib.directive_verdict("Service", "ProtectHome", ["yes"]) == "unknown" with input as open
}

test_the_last_value_counts if {
	given_unit := given.service("a", {"PrivateTmp": ["yes", "no"]})
	lib.directive_verdict("Service", "PrivateTmp", ["yes"]) == "fail" with input as given_unit
	lib.at("Service", "PrivateTmp") == ["sections", "Service", "PrivateTmp", 1] with input as given_unit
}

test_alternatives_that_differ_are_unknown if {
	given_unit := given.either(given.service("a", {}), "Service", "PrivateTmp", ["yes"], null)
	lib.directive_verdict("Service", "PrivateTmp", ["yes"]) == "unknown" with input as given_unit
	same := given.either(given.service("a", {}), "Service", "PrivateTmp", ["no"], null)
	lib.directive_verdict("Service", "PrivateTmp", ["yes"]) == "fail" with input as same
}

test_an_implied_value_has_the_directive_as_path if {
	given_unit := object.union(given.service("a", {}), {"effective": {"Service": {"PrivateTmp": [{
		"values": [{"text": "yes", "index": -1}],
		"known": true, "absent": false, "why": "",
	}]}}})
	lib.directive_verdict("Service", "PrivateTmp", ["yes"]) == "pass" with input as given_unit
	lib.at("Service", "PrivateTmp") == ["sections", "Service", "PrivateTmp"] with input as given_unit
}

test_flags_in_all_their_forms if {
	text := concat("\n", ["a --host x", "--host=y b", "'--host' 'z'", `c --host "q"`, "d --hostile n"])
	values := {found.value | some found in command.values(text, "--host")}
	values == {"x", "y", "z", "q"}
}

test_a_flag_continues_on_the_next_line if {
	command.values("a --host \\\n  x", "--host")[0].value == "x"
}

test_an_unknown_piece_is_one_word if {
	main := command.main with input as given.service("a", {"ExecStart": ["x --host <unknown: config.y is not known> --port 1"]})
	command.values(main[0].text, "--host")[0].value == "<unknown>"
	command.values(main[0].text, "--port")[0].value == "1"
}

test_the_wrapper_of_a_script_is_no_command if {
	unit := given.script(given.service("a", {"ExecStart": ["<pkgs.unit-script-a-start>/bin/a-start "]}), "run it")
	{found.text | some found in command.texts} == {"run it"} with input as unit
}

test_comments_of_a_script_are_not_run if {
	unit := given.script(given.service("a", {}), "# docker pull x\nrun # it\n\t# or not\n")
	{found.text | some found in command.texts} == {"\nrun # it\n\n"} with input as unit
}
