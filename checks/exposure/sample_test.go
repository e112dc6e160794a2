package exposure_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/checks/exposure"
)

var update = flag.Bool("update", false, "write the sample anew from the corpus")

// sampled is a unit of the corpus with what the real tool of each version made of it: the rows that are not those of a unit with a
// command and nothing else, which stands first.
type sampled struct {
	Unit string             `json:"unit"`
	Text string             `json:"text"`
	Want map[string]*answer `json:"want"`
}

const (
	sampleFile = "testdata/sample.jsonl"
	plainUnit  = "i05-bool-bad.service" // has one assignment, which systemd ignores
)

// TestSample compares with the real tools of each version on a part of the corpus that is small enough to be kept here.
func TestSample(t *testing.T) {
	t.Parallel()
	if *update {
		writeSample(t, os.Getenv("NIXLINT_SECURITY_CORPUS"))
	}
	text, err := os.ReadFile(sampleFile)
	if err != nil {
		t.Fatal(err)
	}
	plain := map[string]*answer{}
	units, rows := 0, 0
	for line := range bytes.Lines(text) {
		var s sampled
		if err := json.Unmarshal(line, &s); err != nil {
			t.Fatal(err)
		}
		for _, version := range exposure.Versions() {
			want := s.Want[strconv.Itoa(version)]
			if s.Unit == plainUnit {
				plain[strconv.Itoa(version)] = want
			}
			for field, b := range plain[strconv.Itoa(version)].Rows {
				if _, differs := want.Rows[field]; !differs {
					want.Rows[field] = b
				}
			}
			units++
			rows += compare(t, score(t, parse(s.Unit, s.Text), version), want, s.Text)
		}
	}
	t.Logf("%d units, %d rows", units, rows)
}

// writeSample keeps the units written by hand that all versions load, less those whose answers another one has in all versions.
func writeSample(t *testing.T, corpus string) {
	t.Helper()
	answers := map[string]map[string]*answer{}
	var names []string
	for _, version := range exposure.Versions() {
		for _, a := range readAnswers(t, filepath.Join(corpus, fmt.Sprintf("hand.%d.jsonl.gz", version))) {
			if answers[a.Unit] == nil {
				answers[a.Unit] = map[string]*answer{}
				names = append(names, a.Unit)
			}
			a.Items = nil
			answers[a.Unit][strconv.Itoa(version)] = a
		}
	}
	slices.Sort(names)
	names = slices.Insert(slices.DeleteFunc(names, func(n string) bool { return n == plainUnit }), 0, plainUnit)
	var out bytes.Buffer
	seen := map[string]bool{}
	plain, _ := json.Marshal(answers[plainUnit])
	for _, name := range names {
		if dropins[name] != "" || slices.ContainsFunc(exposure.Versions(), func(v int) bool { return answers[name][strconv.Itoa(v)].Refused != "" }) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(corpus, "hand", name))
		if err != nil {
			t.Fatal(err)
		}
		var first map[string]*answer
		if err := json.Unmarshal(plain, &first); err != nil {
			t.Fatal(err)
		}
		for version, a := range answers[name] {
			a.Unit = ""
			for field, b := range first[version].Rows {
				if c := a.Rows[field]; name != plainUnit && (b == nil) == (c == nil) && (b == nil || *b == *c) {
					delete(a.Rows, field)
				}
			}
		}
		want, _ := json.Marshal(answers[name])
		if seen[string(want)] && !strings.HasPrefix(name, "i") {
			continue
		}
		seen[string(want)] = true
		line, _ := json.Marshal(sampled{Unit: name, Text: string(text), Want: answers[name]})
		out.Write(append(line, '\n'))
	}
	if err := os.WriteFile(sampleFile, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
