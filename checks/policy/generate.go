//go:build ignore

// This program compiles the built-in rules: linked/program.bin is what runs, rules_gen.go what is known of each rule.
package main

import (
	"log"
	"os"
	"path/filepath"

	"github.com/nixlint/nixlint/checks/policy"
	"github.com/nixlint/nixlint/checks/policy/planner"
	"github.com/nixlint/nixlint/policies"
)

func main() {
	log.SetFlags(0)
	l, err := policy.Link(policies.Sources(), planner.Make)
	if err != nil {
		log.Fatal(err)
	}
	files, err := l.Files()
	if err != nil {
		log.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.FromSlash(name), []byte(text), 0o644); err != nil {
			log.Fatal(err)
		}
	}
}
