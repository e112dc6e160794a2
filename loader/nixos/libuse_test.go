package nixos_test

import (
	"context"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/loader/nixos"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
)

// libUses are the functions of nixpkgs' lib and the builtins that a file names: "lib.mkIf", "lib.types.str", "builtins.map".
type libUses struct {
	names map[string]bool
	with  []string // what the enclosing withs open, "" for what is neither of lib nor of builtins
	lib   map[string]bool
}

// rooted is the path below lib or builtins that an expression names, as written before what it selects; "" for others.
func (u *libUses) rooted(e syntax.Expr) string {
	switch e := e.(type) {
	case *syntax.Paren:
		return u.rooted(e.X)
	case *syntax.Ident:
		switch e.Name {
		case "lib", "builtins":
			return e.Name
		case "types":
			return "lib.types"
		}
	case *syntax.Select:
		base := u.rooted(e.Set)
		if id, ok := e.Set.(*syntax.Ident); ok && id.Name == "pkgs" && len(e.Path) > 0 && e.Path[0].Name == "lib" {
			return strings.Join(append([]string{"lib"}, words(e.Path[1:])...), ".")
		}
		if base != "" {
			return strings.Join(append([]string{base}, words(e.Path)...), ".")
		}
	}
	return ""
}

// words are the names of a path up to the first that is computed.
func words(path []syntax.AttrName) []string {
	var out []string
	for _, p := range path {
		if p.Expr != nil {
			break
		}
		out = append(out, p.Name)
	}
	return out
}

func (u *libUses) visit(n syntax.Node) bool {
	switch n := n.(type) {
	case *syntax.With:
		u.walk(n.Scope)
		u.with = append(u.with, u.rooted(n.Scope))
		u.walk(n.Body)
		u.with = u.with[:len(u.with)-1]
		return false
	case *syntax.Select:
		if name := u.rooted(n); name != "" && n.Default == nil {
			u.names[name] = true
			return false
		}
	case *syntax.HasAttr: // a question whether it is there
		if u.rooted(n.Set) != "" {
			return false
		}
	case *syntax.Inherit:
		for _, a := range n.Names {
			if from := u.rooted(n.From); from != "" {
				u.names[from+"."+a.Name] = true
			}
		}
	case *syntax.Ident:
		if n.Ref.Kind == syntax.Global {
			u.names["builtins."+strings.TrimPrefix(n.Name, "__")] = true
		}
		if n.Ref.Kind == syntax.ThroughWith {
			u.through(n.Name)
		}
	}
	return true
}

// through adds a name that a with gives: of lib when lib is opened and has it, else of the innermost set when that is a folder of
// lib and no other with is around it, which may have the name.
func (u *libUses) through(name string) {
	if slices.Contains(u.with, "lib") && u.lib[name] {
		u.names["lib."+name] = true
		return
	}
	for _, w := range u.with {
		if parts := strings.Split(w, "."); w == "" || parts[0] == "lib" && len(parts) > 1 && !u.lib[parts[1]] {
			return
		}
	}
	if last := u.with[len(u.with)-1]; last != "lib" {
		u.names[last+"."+name] = true
	}
}

func (u *libUses) walk(n syntax.Node) { syntax.Walk(n, u.visit) }

// TestLibOfRepositories measures over the repositories below NIXLINT_CORPUS how many files use only functions of lib, builtins and
// types that are supported.
func TestLibOfRepositories(t *testing.T) {
	t.Parallel()
	root := os.Getenv("NIXLINT_CORPUS")
	if root == "" {
		t.Skip("NIXLINT_CORPUS is not set")
	}
	has := map[string]bool{}
	for _, name := range nixos.LibNames() {
		has[name] = true
	}
	verdicts := map[string]string{}
	missing, foreign := map[string]int{}, map[string]int{}
	files, using, whole, usingWhole := 0, 0, 0, 0
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".nix" {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		f := syntax.Parse(source.NewFile(name, string(text)))
		syntax.Resolve(f)
		u := &libUses{names: map[string]bool{}, lib: has}
		u.walk(f.Root)
		good := true
		for use := range u.names {
			if parts := strings.Split(use, "."); parts[0] == "lib" && len(parts) > 1 && !has[parts[1]] {
				foreign[use]++ // of a repository's own
				continue
			}
			if _, ok := verdicts[use]; !ok {
				verdicts[use] = unsupported(use)
			}
			if verdicts[use] != "" {
				good = false
				missing[use+": "+verdicts[use]]++
			}
		}
		files++
		if len(u.names) > 0 {
			using++
		}
		if good {
			whole++
		}
		if good && len(u.names) > 0 {
			usingWhole++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d of %d files (%.1f %%) use only what is supported, of those that use any %d of %d (%.1f %%); %d distinct names", whole, files,
		100*float64(whole)/float64(files), usingWhole, using, 100*float64(usingWhole)/float64(using), len(verdicts))
	most := func(what string, counts map[string]int) {
		for _, name := range slices.SortedFunc(maps.Keys(counts), func(a, b string) int { return counts[b] - counts[a] })[:min(60, len(counts))] {
			t.Logf("%s %4d: %s", what, counts[name], name)
		}
	}
	most("not supported", missing)
	most("not of nixpkgs", foreign)
	if float64(usingWhole) < 0.97*float64(using) {
		t.Errorf("%d of %d files use only what is supported, want 97 %%", usingWhole, using)
	}
}

// unsupported is why a name of lib or builtins is not supported; "" for one that is, though its value may depend on nixpkgs.
func unsupported(name string) string {
	root, path, below := strings.Cut(name, ".")
	quoted := root
	if below {
		quoted = root + `."` + strings.ReplaceAll(path, ".", `"."`) + `"`
	}
	_, open, err := nixos.EvalLib(context.Background(), "builtins.typeOf ("+quoted+")")
	if err != nil {
		return err.Error()
	}
	if !strings.Contains(open, "support") {
		return ""
	}
	return open
}
