package nixlint.rules.gpu.documented_test

import data.nixlint.lib.given
import data.nixlint.rules.gpu.documented as rule
import future.keywords.not

_gpu := given.service("a", {"ExecStart": ["/bin/a"], "Environment": ["CUDA_VISIBLE_DEVICES=0"]})

_with(directive, text) := object.union(_gpu, {
	"sections": object.union(_gpu.sections, {"Unit": {directive: [[{"value": text, "known": true}]]}}),
	"effective": object.union(_gpu.effective, {"Unit": {directive: [given.possible([text])]}}),
})

test_fires_without_a_description if {
	given.said(rule.report) == {"fail sections.Unit.Description"} with input as _gpu
	given.said(rule.report) == {"fail sections.Unit.Description"} with input as given.service("llamacpp", {"ExecStart": ["/bin/a"]})
}

test_silent_with_one_and_without_a_gpu if {
	count(rule.report) == 0 with input as _with("Description", "A server")
	count(rule.report) == 0 with input as given.service("a", {"ExecStart": ["/bin/a"]})
	count(rule.report) == 0 with input as given.override("service", "ollama", "Service", {})
}

test_unknown_description if {
	given.said(rule.report) == {"unknown sections.Unit.Description"} with input as object.union(_gpu, {"open": "config.x is not known"})
}

test_absent_everything_is_silent if count(rule.report) == 0 with input as given.service("a", {})
