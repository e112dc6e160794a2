package exposure_test

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/nixlint/nixlint/checks/exposure"
)

// dropins are what units of the corpus were measured with besides their files. It has no drop-ins, but the answers about this unit are
// not those about its file: systemd-analyze 252, asked again, gives them only with these two settings.
var dropins = map[string]string{"h18-privdev.service": "CapabilityBoundingSet=CAP_KILL\nNoNewPrivileges=yes\n"}

// TestCorpus compares with what the real tools of each version made of units: NIXLINT_SECURITY_CORPUS names a folder that holds, by
// name of a set, a folder of units and an answer a line in SET.VERSION.jsonl.gz.
func TestCorpus(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("NIXLINT_SECURITY_CORPUS")
	if dir == "" {
		t.Skip("NIXLINT_SECURITY_CORPUS names no corpus")
	}
	for _, set := range []string{"hand", "fuzz"} {
		for _, version := range exposure.Versions() {
			t.Run(fmt.Sprint(set, version), func(t *testing.T) {
				t.Parallel()
				units, rows := 0, 0
				for _, want := range readAnswers(t, filepath.Join(dir, fmt.Sprintf("%s.%d.jsonl.gz", set, version))) {
					if want.Refused != "" {
						continue
					}
					text, err := os.ReadFile(filepath.Join(dir, set, want.Unit))
					if err != nil {
						t.Fatal(err)
					}
					text = append(text, dropins[want.Unit]...)
					units++
					rows += compare(t, score(t, parse(want.Unit, string(text)), version), want, string(text))
				}
				t.Logf("%d units, %d rows", units, rows)
			})
		}
	}
}

func readAnswers(t *testing.T, file string) []*answer {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var all []*answer
	for d := json.NewDecoder(z); ; {
		a := &answer{}
		if err := d.Decode(a); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, a)
	}
}
