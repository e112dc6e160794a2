package policy

import (
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/nixlint/nixlint/checks"
)

// users are the rules of a user. They are compiled while something else is done.
type users struct {
	right    func() (func() *ast.Compiler, error) // waits until it is known whether they are right, see folder.compile
	compiled func() (*checked, error)             // waits until they can be asked
}

// profile is found out only where it pays: doing so takes as long as asking the rule about a few units.
func (u *users) profile(rule string, units int) (profile, error) {
	const few = 8
	if units < few {
		return profile{reads: []read{{what: clue{kind: clueValue}}}}, nil // it may report anything, and depends on all of the unit
	}
	c, err := u.compiled()
	if err != nil {
		return profile{}, err
	}
	return c.profile(rule), nil
}

// usersPack describes the rules of modules, by the path of their file in the folder, and begins to compile them.
func usersPack(sources map[string]*ast.Module) (*pack, *users, error) {
	var rules []checks.Rule
	reports := map[string]ast.Ref{}
	for _, file := range sortedKeys(sources) {
		if strings.HasPrefix(file, "lib/") {
			continue
		}
		r, err := describe(file, sources[file])
		if err != nil {
			return nil, nil, err
		}
		rules = append(rules, r)
		reports[r.ID] = sources[file].Package.Path.Append(ast.StringTerm(reportName))
	}
	slices.SortFunc(rules, func(a, b checks.Rule) int { return strings.Compare(a.ID, b.ID) })
	u := &users{right: sync.OnceValues(func() (func() *ast.Compiler, error) { return newFolder(sources).compile() })}
	u.compiled = sync.OnceValues(func() (*checked, error) {
		compiler, err := u.right()
		if err != nil {
			return nil, err
		}
		return newChecked(compiler(), reports), nil
	})
	go u.compiled() //nolint:errcheck // whoever asks gets the error
	return &pack{rules: rules, compiled: u}, u, nil
}

// checked are rules of a user, compiled with all checks.
type checked struct {
	rules    *ruleSet
	mu       sync.Mutex
	analyst  *analyst
	profiles map[string]profile // of rules of units, once they were asked for
}

// newChecked are the rules that a compiler runs. Where the report of each is, reports says.
func newChecked(compiler *ast.Compiler, reports map[string]ast.Ref) *checked {
	c := &checked{analyst: newAnalyst(namesOf(compiler)), profiles: map[string]profile{}}
	c.rules = &ruleSet{compiler: compiler, reports: make(map[string]*ast.Term, len(reports))}
	for id, ref := range reports {
		c.rules.reports[id] = ast.NewTerm(ref)
	}
	return c
}

func (c *checked) profile(rule string) profile {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, ok := c.profiles[rule]
	if !ok {
		p = c.analyst.profile(c.rules.reports[rule].String())
		c.profiles[rule] = p
	}
	return p
}

// treeNames are the names of compiled rules: their full references.
type treeNames struct {
	root  *ast.TreeNode
	nodes map[*ast.TreeNode]string
	rules map[string][]*ast.Rule
}

func namesOf(c *ast.Compiler) treeNames {
	t := treeNames{root: c.RuleTree, nodes: map[*ast.TreeNode]string{}, rules: map[string][]*ast.Rule{}}
	t.root.DepthFirst(func(n *ast.TreeNode) bool {
		if len(n.Values) > 0 {
			name := n.Values[0].Ref().GroundPrefix().String()
			t.nodes[n], t.rules[name] = name, n.Values
		}
		return false
	})
	return t
}

func (t treeNames) called(ref ast.Ref) (string, int) {
	node := t.root
	for i, step := range ref {
		if node = node.Child(step.Value); node == nil {
			return "", 0
		}
		if name, ok := t.nodes[node]; ok {
			return name, i + 1
		}
	}
	return "", 0
}

func (t treeNames) named(name string) []*ast.Rule { return t.rules[name] }

// inParallel does n things, several at a time.
func inParallel(n int, do func(int)) {
	var wg sync.WaitGroup
	var next atomic.Int64
	for range min(runtime.GOMAXPROCS(0), n) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wg.Wait()
}
