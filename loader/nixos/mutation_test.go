package nixos_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
	"github.com/nixlint/nixlint/loader/systemd"
)

// mutations rewrite the value V of a binding; an empty one removes the binding.
var mutations = []string{
	``, `"mutant"`, `[ "mutant" ]`, `(lib.mkIf false (V))`, `(lib.mkIf true (V))`, `(lib.mkForce (V))`, `(lib.mkDefault (V))`, `(lib.mkMerge [ (V) ])`,
	`((x: x) (V))`, `"${toString (V)}-mutant"`, `(let mutant = V; in mutant)`, `(if 1 == 2 then V else "mutant")`, `(V) // { }`, `(config.mutant or "mutant")`,
	`(lib.mkIf (config ? mutant) (V))`, `(lib.head ([ (V) ] ++ [ ]))`, `null`, `(lib.mkOverride 60 (V))`, `(builtins.elemAt [ "a" (V) ] 1)`, `(lib.mkOrder 400 (V))`,
}

// unitOptions are options of units whose bindings are mutated, beside directives.
var unitOptions = []string{
	"description", "after", "before", "wants", "requires", "wantedBy", "requiredBy", "script", "preStart", "environment", "path", "enable", "startAt",
	"serviceConfig", "timerConfig", "unitConfig", "restartIfChanged",
}

// directiveBindings are the bindings of a file whose last name is a directive or an option of units.
func directiveBindings(text string) []*syntax.Attr {
	f := syntax.Parse(source.NewFile("m.nix", text))
	var out []*syntax.Attr
	syntax.Walk(f.Root, func(n syntax.Node) bool {
		if a, ok := n.(*syntax.Attr); ok && len(a.Path) > 0 {
			name := a.Path[len(a.Path)-1].Name
			if name != "" && (name[0] >= 'A' && name[0] <= 'Z' || slices.Contains(unitOptions, name)) {
				out = append(out, a)
			}
		}
		return true
	})
	return out
}

func mutate(text string, a *syntax.Attr, mutation string) string {
	if mutation == "" {
		return text[:a.Start()] + text[a.End():]
	}
	value := text[a.Value.Start():a.Value.End()]
	return text[:a.Value.Start()] + strings.ReplaceAll(mutation, "V", value) + text[a.Value.End():]
}

// said is all that an inventory says of units, and whether some of it is not known.
func said(inv *inventory.Inventory) map[string]string {
	out := map[string]string{}
	for i := range inv.Hosts {
		for j := range inv.Hosts[i].Units {
			u := &inv.Hosts[i].Units[j]
			text, partial := systemd.Render(u, systemd.Show)
			out[u.Scope+"/"+u.Name] = fmt.Sprint(text, u.Status, u.Links, u.Open, partial && u.Completeness != inventory.Partial)
		}
	}
	return out
}

func open(inv *inventory.Inventory) bool {
	for i := range inv.Hosts {
		if len(inv.Hosts[i].Missing) > 0 {
			return true
		}
	}
	return false
}

// TestNoMutationIsLost changes modules of the repositories below NIXLINT_CORPUS, 300 times: what changes a unit of NixOS changes the
// inventory or is not known there, and what is decided is still what NixOS has.
func TestNoMutationIsLost(t *testing.T) {
	t.Parallel()
	n := newRealNix(t)
	corpus := os.Getenv("NIXLINT_CORPUS")
	if corpus == "" {
		t.Skip("NIXLINT_CORPUS is not set")
	}
	const want = 300
	copied := filepath.Join(t.TempDir(), "corpus")
	if out, err := exec.CommandContext(t.Context(), "cp", "-r", corpus, copied).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	roots, _ := filepath.Glob(filepath.Join(copied, "*+*"))
	type module struct{ root, file string }
	var modules []module
	for _, root := range roots {
		for _, file := range unitModules(t, root) {
			modules = append(modules, module{root, file})
		}
	}
	random := rand.New(rand.NewPCG(1, 2)) // to be the same each time
	random.Shuffle(len(modules), func(i, j int) { modules[i], modules[j] = modules[j], modules[i] })
	var mu sync.Mutex
	var done, changed int
	var group sync.WaitGroup
	slots := make(chan bool, 2)
	for _, m := range modules {
		seed := random.Uint64()
		mu.Lock()
		enough := done >= want
		mu.Unlock()
		if enough {
			break
		}
		slots <- true
		group.Go(func() {
			defer func() { <-slots }()
			d, c := n.mutants(t, m.root, m.file, rand.New(rand.NewPCG(seed, 1)))
			mu.Lock()
			done, changed = done+d, changed+c
			mu.Unlock()
		})
	}
	group.Wait()
	t.Logf("%d mutants that NixOS evaluates, %d change a unit", done, changed)
	if done < want {
		t.Errorf("%d mutants, want %d", done, want)
	}
}

// mutants compares a few mutants of one module: how many NixOS evaluates, and how many of them change a unit.
func (n realNix) mutants(t *testing.T, root, file string, random *rand.Rand) (done, changed int) {
	t.Helper()
	before, realBefore, err := n.bothOf(t, root, file, nil)
	if err != nil || len(realBefore.Units) == 0 {
		return 0, 0
	}
	text, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		t.Error(err)
		return 0, 0
	}
	bindings := directiveBindings(string(text))
	for range min(4, len(bindings)) {
		a, mutation := bindings[random.IntN(len(bindings))], mutations[random.IntN(len(mutations))]
		mutant := mutate(string(text), a, mutation)
		after, realAfter, err := n.bothOf(t, root, file, fstest.MapFS{file: &fstest.MapFile{Data: []byte(mutant)}})
		if err != nil {
			continue
		}
		done++
		what := fmt.Sprintf("%s, %s = %s", file, text[a.Path[0].Start():a.Path[len(a.Path)-1].End()], mutation)
		for _, w := range compareHost(after, realAfter).wrong {
			t.Errorf("%s: %s", what, w)
		}
		if len(realAfter.Failed) > 0 || maps.EqualFunc(realBefore.Units, realAfter.Units, func(x, y realUnit) bool { return fmt.Sprint(x) == fmt.Sprint(y) }) {
			continue
		}
		changed++
		if maps.Equal(said(before), said(after)) && !open(after) {
			t.Errorf("%s changes a unit of NixOS and nothing of the inventory", what)
		}
	}
	return done, changed
}
