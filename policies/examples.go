package policies

import (
	_ "embed"
	"encoding/json"
)

//go:embed examples.json
var examples []byte

// Example is a module that a rule finds something in.
type Example struct {
	Code    string `json:"code"`    // Nix
	Line    int    `json:"line"`    // of Code, from 1, where the rule finds something
	Message string `json:"message"` // what it says, with the unit it is about
}

// ExampleOf is the example of a built-in rule, of the cases that the rules are tested with. ok is false when there is none. All of
// them are decoded for it: only who asks for one pays.
func ExampleOf(rule string) (e Example, ok bool) {
	var all map[string]Example
	if json.Unmarshal(examples, &all) != nil {
		return Example{}, false // they are generated
	}
	e, ok = all[rule]
	return e, ok
}
