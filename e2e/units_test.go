package e2e_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/nixlint/nixlint/checks/analyze"
	"github.com/nixlint/nixlint/checks/exposure"
	"github.com/nixlint/nixlint/fixtures/oracle"
	"github.com/nixlint/nixlint/loader"
	"github.com/nixlint/nixlint/loader/inventory"
)

// clean are the fixtures of whose units systemd has nothing to say. The units of the others are wrong on purpose.
var clean = []string{"report", "centralized"}

// asked is what the real systemd says of a host, once it is asked.
type asked struct {
	host        inventory.Host // without second units of one name, which one root cannot hold
	messages    []analyze.Message
	assessments []analyze.Assessment
	root        *analyze.Root
	version     int
}

func ask(ctx context.Context, host inventory.Host) (*asked, error) {
	dir, err := os.MkdirTemp("", "nixlint-e2e-")
	if err != nil {
		return nil, err //nolint:wrapcheck // the suite's own
	}
	DeferCleanup(os.RemoveAll, dir)
	program := analyze.Program(oracle.Systemd(GinkgoTB()))
	a := &asked{host: host}
	version, err := program.Version(ctx)
	if err != nil {
		return nil, err //nolint:wrapcheck // the suite's own
	}
	if a.version, err = strconv.Atoi(version); err != nil {
		return nil, err //nolint:wrapcheck // the suite's own
	}
	if a.root, err = analyze.Stage(dir, host.Units); err != nil {
		return nil, err //nolint:wrapcheck // the suite's own
	}
	if a.messages, err = analyze.Verify(ctx, program, a.root); err != nil {
		return nil, err //nolint:wrapcheck // the suite's own
	}
	a.assessments, err = analyze.Security(ctx, program, a.root)
	return a, err //nolint:wrapcheck // the suite's own
}

// hostsOf loads a fixture, while the tree of specs is built: a spec a unit needs its units.
func hostsOf(fixture string) []inventory.Host {
	inv, err := loader.Load(context.Background(), loader.Options{Root: folder(fixture), Paths: []string{folder(fixture)}})
	if err != nil {
		panic(fmt.Sprintf("fixture %s: %v", fixture, err)) // no spec can be built
	}
	for i := range inv.Hosts {
		h := &inv.Hosts[i]
		seen := map[[2]string]bool{}
		h.Units = slices.DeleteFunc(h.Units, func(u inventory.Unit) bool {
			key := [2]string{u.Scope, u.Name}
			defer func() { seen[key] = true }()
			return seen[key]
		})
	}
	return inv.Hosts
}

// fixtureNames are the folders that hold a repository.
func fixtureNames() []string {
	entries, err := os.ReadDir(folder(""))
	if err != nil {
		panic(err)
	}
	var names []string
	for _, e := range entries {
		flakes, _ := filepath.Glob(filepath.Join(folder(e.Name()), "flake.nix"))
		if e.IsDir() && len(flakes) > 0 {
			names = append(names, e.Name())
		}
	}
	return names
}

var _ = Describe("the units of a fixture", Label("systemd"), func() {
	for _, fixture := range fixtureNames() {
		for _, host := range hostsOf(fixture) {
			Context(fmt.Sprintf("%s, host %s", fixture, host.Name), Label(fixture), func() {
				var once sync.Once
				var answer *asked
				BeforeEach(func(ctx SpecContext) {
					oracle.Systemd(GinkgoTB())
					var err error
					once.Do(func() { answer, err = ask(ctx, host) })
					Expect(err).NotTo(HaveOccurred())
					Expect(answer).NotTo(BeNil())
				})
				for i := range host.Units {
					describeUnit(fixture, &host.Units[i], func() *asked { return answer })
				}
			})
		}
	}
})

func describeUnit(fixture string, u *inventory.Unit, answer func() *asked) {
	name := u.Name
	if u.Scope != inventory.System {
		name += " of " + u.Scope
	}
	It("verify "+name, Label("verify"), func() {
		staged := slices.ContainsFunc(answer().root.Units, func(s analyze.Unit) bool { return s.Scope == u.Scope && s.Name == instanceOf(u.Name) })
		if !staged {
			Skip("a system does not load it: " + u.Status)
		}
		for _, m := range answer().messages {
			if m.Unit != instanceOf(u.Name) || m.Scope != u.Scope {
				continue
			}
			AddReportEntry("systemd says", m.Text)
			Expect(clean).NotTo(ContainElement(fixture), "%s", m.Text)
			if m.Index >= 0 {
				Expect(u.Sections[m.Section]).To(HaveKey(m.Key), "a message stands at a line that the unit does not have: %s", m.Text)
			}
		}
	})
	if u.Kind != "service" || u.Scope != inventory.System {
		return
	}
	It("security "+name, Label("security"), func() {
		i := slices.IndexFunc(answer().assessments, func(a analyze.Assessment) bool { return a.Unit == instanceOf(u.Name) })
		if i < 0 {
			Skip("systemd does not score it: it is not complete, or cannot be loaded")
		}
		if !slices.Contains(exposure.Versions(), answer().version) {
			Skip(fmt.Sprintf("the assessment of systemd %d is not known", answer().version))
		}
		real := answer().assessments[i].Exposure
		native, err := exposure.Score(u, exposure.Options{Version: answer().version})
		Expect(err).NotTo(HaveOccurred())
		AddReportEntry("exposure", fmt.Sprintf("%s, natively %s to %s", exposure.Tenths(real), exposure.Tenths(native.Exposure.Min), exposure.Tenths(native.Exposure.Max)))
		Expect(real).To(SatisfyAll(BeNumerically(">=", native.Exposure.Min), BeNumerically("<=", native.Exposure.Max)))
	})
}

// instanceOf is the name that staging gives a template.
func instanceOf(name string) string {
	if before, suffix, ok := strings.Cut(name, "@."); ok {
		return before + "@instance." + suffix
	}
	return name
}
