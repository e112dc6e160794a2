//go:build ignore

package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// version is a systemd whose programs lie in a folder.
type version struct {
	number int
	root   string
	kinds  map[item]string          // as the dump names them
	keeps  map[item]bool            // the empty assignment leaves the value as it is
	takes  map[item]map[string]bool // words of a choice
}

func (v *version) has(it item) bool { return v.kinds[it] != "" }

// open reads the folder: a folder for each version, named by its number.
func open(folder string) ([]*version, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var all []*version
	for _, e := range entries {
		n, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		v := &version{number: n, root: filepath.Join(folder, e.Name()), kinds: map[item]string{}}
		if err := v.dump(); err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s holds no version of systemd; fill it with scripts/systemd-versions", folder)
	}
	slices.SortFunc(all, func(a, b *version) int { return a.number - b.number })
	return all, nil
}

// run runs a program of the version with the C library that it came with.
func (v *version) run(program string, args ...string) (stdout, stderr string, err error) {
	find := func(patterns ...string) (all []string) {
		for _, p := range patterns {
			found, _ := filepath.Glob(filepath.Join(v.root, p))
			all = append(all, found...)
		}
		return all
	}
	loader := find("lib64/ld-linux-*", "usr/lib64/ld-linux-*", "lib/ld-linux-*", "usr/lib/ld-linux-*")
	programs := find("usr/lib/systemd/"+program, "lib/systemd/"+program, "usr/bin/"+program, "bin/"+program)
	if len(loader) == 0 || len(programs) == 0 {
		return "", "", fmt.Errorf("%s has no %s", v.root, program)
	}
	libraries := find("usr/lib/*-linux-gnu", "lib/*-linux-gnu", "usr/lib/*-linux-gnu/systemd", "lib/*-linux-gnu/systemd")
	command := exec.Command(loader[0], append([]string{"--library-path", strings.Join(libraries, ":"), programs[0]}, args...)...)
	command.Env = []string{"LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin"}
	var out, errs strings.Builder
	command.Stdout, command.Stderr = &out, &errs
	err = command.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.Exited() {
		err = nil // units without a command fail; the messages are what is wanted
	}
	return out.String(), errs.String(), err
}

// dump reads the configuration items.
func (v *version) dump() error {
	out, _, err := v.run("systemd", "--dump-configuration-items")
	if err != nil {
		return err
	}
	section := ""
	for line := range strings.Lines(out) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			section = strings.Trim(line, "[]")
			continue
		}
		if name, kind, ok := strings.Cut(line, "="); ok && slices.Contains(sections, section) {
			v.kinds[item{section, name}] = kind
		}
	}
	if len(v.kinds) < 1000 {
		return fmt.Errorf("%s: the dump has only %d items", v.root, len(v.kinds))
	}
	return nil
}

// said gives lines to verify, each in a unit of its own, and returns what is said of each.
func (v *version) said(lines []struct {
	item
	value string
},
) (map[int]string, error) {
	root, err := os.MkdirTemp("", "systemd-gen")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(root)
	for _, dir := range []string{"etc/systemd/system", "tmp", "run"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			return nil, err
		}
	}
	args := []string{"verify", "--man=no", "--generators=no", "--recursive-errors=no", "--root=" + root}
	for i, l := range lines {
		kind := strings.ToLower(l.section)
		switch kind {
		case "unit", "install", "scope": // a scope cannot be loaded from a file; a service has all it has
			kind = "service"
		}
		name := fmt.Sprintf("d%d.%s", i, kind)
		text := "[" + strings.Replace(l.section, "Scope", "Service", 1) + "]\n" + l.name + "=" + l.value + "\n"
		if err := os.WriteFile(filepath.Join(root, "etc/systemd/system", name), []byte(text), 0o644); err != nil {
			return nil, err
		}
		args = append(args, name)
	}
	_, messages, err := v.run("systemd-analyze", args...)
	if err != nil {
		return nil, err
	}
	said := map[int]string{}
	for _, m := range regexp.MustCompile(`(?m)/d(\d+)\.[a-z]+:2: (.*)$`).FindAllStringSubmatch(messages, -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			return nil, err
		}
		said[n] = m[2]
	}
	return said, nil
}

var ignores = regexp.MustCompile(`ignoring|Failed|[Ii]nvalid|ignored`)

// tryEmpty gives each item the empty assignment alone and keeps which of them the version ignores.
func (v *version) tryEmpty(items []item) error {
	v.keeps = map[item]bool{}
	var lines []struct {
		item
		value string
	}
	for _, it := range items {
		lines = append(lines, struct {
			item
			value string
		}{it, ""})
	}
	said, err := v.said(lines)
	for i, message := range said {
		if ignores.MatchString(message) {
			v.keeps[items[i]] = true
		}
	}
	return err
}

// tryWords gives each item each word, and keeps which the version takes.
func (v *version) tryWords(words map[item][]string) error {
	v.takes = map[item]map[string]bool{}
	var lines []struct {
		item
		value string
	}
	for it := range maps.Keys(words) {
		v.takes[it] = map[string]bool{}
		if !v.has(it) {
			continue
		}
		for _, w := range words[it] {
			lines = append(lines, struct {
				item
				value string
			}{it, w})
		}
	}
	said, err := v.said(lines)
	for i, l := range lines {
		v.takes[l.item][l.value] = !ignores.MatchString(said[i])
	}
	return err
}
