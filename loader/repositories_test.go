package loader_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/metrics"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/nixlint/nixlint/loader"
	"github.com/nixlint/nixlint/loader/inventory"
)

// hostsThereAre reads testdata/hosts.txt: by repository, the names of its hosts.
func hostsThereAre(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("testdata/hosts.txt")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		repository, names, ok := strings.Cut(line, ":")
		if ok && !strings.HasPrefix(line, "#") {
			out[repository] = append(out[repository], strings.Fields(names)...)
		}
	}
	return out
}

// measured is what was made of one repository.
type measured struct {
	files, there, found, others, units, known, settings, failures int
	took                                                          time.Duration
	heap                                                          uint64 // the most there was, in bytes
	whys                                                          map[string]int
}

// TestRepositories prints a table over the repositories below NIXLINT_CORPUS, each a folder OWNER+NAME:
//
//	NIXLINT_CORPUS=FOLDER go test ./loader -run Repositories -v
//
// At least 95 % of their hosts must be found, and 90 % of the settings of their units be decided.
func TestRepositories(t *testing.T) {
	roots, _ := filepath.Glob(filepath.Join(os.Getenv("NIXLINT_CORPUS"), "*+*"))
	if os.Getenv("NIXLINT_CORPUS") == "" || len(roots) == 0 {
		t.Skip("NIXLINT_CORPUS names no folder of repositories")
	}
	expected := hostsThereAre(t)
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "repository\tfiles\thosts\tof\tothers\tunits\tknown\tof\tshare\tfailures\tms\tMiB\t")
	all := measured{whys: map[string]int{}}
	for _, root := range roots {
		name := filepath.Base(root)
		m := measure(t, root, expected[name])
		row(w, name, m)
		all.files, all.there, all.found, all.others = all.files+m.files, all.there+m.there, all.found+m.found, all.others+m.others
		all.units, all.known, all.settings, all.failures = all.units+m.units, all.known+m.known, all.settings+m.settings, all.failures+m.failures
		all.took, all.heap = all.took+m.took, max(all.heap, m.heap)
		for why, n := range m.whys {
			all.whys[why] += n
		}
	}
	row(w, "all", all)
	_ = w.Flush()
	whys := slices.SortedFunc(maps.Keys(all.whys), func(x, y string) int {
		return cmp.Or(cmp.Compare(all.whys[y], all.whys[x]), cmp.Compare(x, y))
	})
	b.WriteString("\nwhy a setting is not known:\n")
	for _, why := range whys[:min(25, len(whys))] {
		fmt.Fprintf(&b, "%6d  %s\n", all.whys[why], why)
	}
	t.Log("\n" + b.String())
	if all.found*100 < all.there*95 {
		t.Errorf("%d of %d hosts were found", all.found, all.there)
	}
	if all.known*100 < all.settings*90 {
		t.Errorf("%d of %d settings are known", all.known, all.settings)
	}
}

func row(w *tabwriter.Writer, name string, m measured) {
	share := "-"
	if m.settings > 0 {
		share = fmt.Sprintf("%.1f %%", 100*float64(m.known)/float64(m.settings))
	}
	fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%s\t%d\t%d\t%d\t\n", name, m.files, m.found, m.there, m.others, m.units, m.known, m.settings,
		share, m.failures, m.took.Milliseconds(), m.heap>>20)
}

var parts = regexp.MustCompile(`"[^"]*"|'[^']*'`)

func measure(t *testing.T, root string, expected []string) measured {
	t.Helper()
	m := measured{there: len(expected), whys: map[string]int{}}
	runtime.GC()
	stop := make(chan bool)
	most := make(chan uint64)
	go func() { most <- watch(stop) }()
	start := time.Now()
	inv, err := loader.Load(context.Background(), loader.Options{Root: root})
	m.took = time.Since(start)
	close(stop)
	m.heap = <-most
	if err != nil {
		t.Errorf("%s: %v", root, err)
		return m
	}
	m.files = len(inv.Files)
	for _, p := range inv.Problems {
		if p.Severity == "failure" {
			m.failures++
			place := ""
			if p.At != nil {
				place = fmt.Sprintf("%s:%d: ", p.At.File, p.At.Line)
			}
			t.Logf("%s: %s%.200s", filepath.Base(root), place, p.Message)
		}
	}
	found := map[string]bool{}
	for i := range inv.Hosts {
		h := &inv.Hosts[i]
		name := strings.TrimPrefix(h.Name, "home:")
		if h.Source == "home" {
			name += "@home"
		}
		switch {
		case slices.Contains(expected, name):
			found[name] = true
		case h.Source != "loose" && !strings.HasPrefix(h.Name, "loose/"):
			m.others++
			t.Logf("%s: also %s (%s)", filepath.Base(root), h.Name, h.Source)
		}
		m.units += len(h.Units)
		for j := range h.Units {
			m.count(&h.Units[j])
		}
	}
	m.found = len(found)
	for _, name := range expected {
		if !found[name] {
			t.Logf("%s: %s is not found", filepath.Base(root), name)
		}
	}
	return m
}

func (m *measured) count(u *inventory.Unit) {
	for _, directives := range u.Sections {
		for _, list := range directives {
			for _, s := range list {
				m.settings++
				if s.Decided() {
					m.known++
					continue
				}
				why := "alternatives"
				for _, a := range s.Alternatives {
					if a.Why != "" {
						why = a.Why
					}
				}
				m.whys[parts.ReplaceAllString(why, "…")]++
			}
		}
	}
}

// watch is the largest heap until stop.
func watch(stop chan bool) uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	var most uint64
	for {
		metrics.Read(sample)
		most = max(most, sample[0].Value.Uint64())
		select {
		case <-stop:
			return most
		case <-time.After(time.Millisecond):
		}
	}
}

// BenchmarkRepositories loads each repository below NIXLINT_CORPUS.
func BenchmarkRepositories(b *testing.B) {
	roots, _ := filepath.Glob(filepath.Join(os.Getenv("NIXLINT_CORPUS"), "*+*"))
	for _, root := range roots {
		b.Run(filepath.Base(root), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := loader.Load(context.Background(), loader.Options{Root: root}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
