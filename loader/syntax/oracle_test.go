package syntax_test

import (
	"bytes"
	"errors"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/fixtures/oracle"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
)

// verdict is what the real Nix says of a file: its tree, or why it refuses the file.
type verdict struct {
	tree    string
	refusal string
}

// askNix has the real Nix parse files, whose names are absolute, many in one process: it prints a line a file and ends at
// the first that it refuses.
func askNix(tb testing.TB, files []string) []verdict {
	tb.Helper()
	nix := oracle.Nix(tb)
	const batch = 500
	var verdicts []verdict
	for len(verdicts) < len(files) {
		ask := files[len(verdicts):]
		ask = ask[:min(len(ask), batch)]
		var out, errs bytes.Buffer
		cmd := nixCommand(tb, nix, append([]string{"--parse"}, ask...)...)
		cmd.Stdout, cmd.Stderr = &out, &errs
		err := cmd.Run()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			tb.Fatal(err)
		}
		n := 0
		for line := range strings.Lines(out.String()) {
			verdicts = append(verdicts, verdict{tree: strings.TrimSuffix(line, "\n")})
			n++
		}
		if err == nil && n != len(ask) {
			tb.Fatalf("nix printed %d trees of %d files", n, len(ask))
		}
		if err != nil {
			verdicts = append(verdicts, verdict{refusal: strings.TrimSpace(errs.String())})
		}
	}
	return verdicts
}

// nixCommand is a call of Nix that needs no store.
func nixCommand(tb testing.TB, nix string, args ...string) *exec.Cmd {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), nix, args...)
	cmd.Env = []string{"HOME=/home", "NIX_REMOTE=dummy://", "NIX_STATE_DIR=" + tb.TempDir()}
	return cmd
}

// sameTree reports whether our tree of a file and what Nix printed of it are the same. Nix 2.8 prints let bindings and
// arguments in no order and inherit (from) as selections, and keeps empty pieces of strings: both sides are read back and
// printed in one form.
func sameTree(f *syntax.File, dir, nix string) (same bool, ours, theirs string) {
	selectInherited(f)
	ours = syntax.Print(f, dir, "/home")
	if ours == nix {
		return true, ours, nix
	}
	ours, theirs = normalForm(ours), normalForm(quoteKeywords(nix))
	return ours == theirs, ours, theirs
}

// normalForm reads a printed tree and prints it again.
func normalForm(text string) string {
	f := syntax.Parse(source.NewFile("tree", text))
	joinConstants(f)
	syntax.Resolve(f)
	selectInherited(f)
	return syntax.Print(f, "/", "/home")
}

// selectInherited turns what is inherited from an expression into selections.
func selectInherited(f *syntax.File) {
	eachSet(f, func(s *syntax.Set) {
		for i := range s.Attrs {
			if a := &s.Attrs[i]; a.FromExpr {
				a.FromExpr = false
				a.Value = &syntax.Select{Set: s.From[a.From], Path: []syntax.AttrName{{Name: a.Name}}}
			}
		}
	})
}

// eachSet visits each merged set of a file.
func eachSet(f *syntax.File, visit func(*syntax.Set)) {
	seen := map[*syntax.Set]bool{nil: true}
	var enter func(s *syntax.Set)
	enter = func(s *syntax.Set) {
		if seen[s] {
			return
		}
		seen[s] = true
		visit(s)
		for i := range s.Attrs {
			enter(s.Attrs[i].Set)
		}
		for i := range s.Dynamic {
			enter(s.Dynamic[i].Set)
		}
	}
	syntax.Walk(f.Root, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.AttrSet:
			enter(n.Set)
		case *syntax.Let:
			enter(n.Set)
		case *syntax.LetBody:
			enter(n.Set)
		}
		return true
	})
}

// joinConstants joins neighbouring constants of a sum and drops empty ones.
func joinConstants(f *syntax.File) {
	syntax.Walk(f.Root, func(n syntax.Node) bool {
		if p, ok := n.(*syntax.Paren); ok {
			if b, ok := p.X.(*syntax.Binary); ok && b.Op == syntax.Add {
				p.X = sum(terms(b, nil))
			}
		}
		return true
	})
}

func terms(x syntax.Expr, list []syntax.Expr) []syntax.Expr {
	if b, ok := x.(*syntax.Binary); ok && b.Op == syntax.Add {
		return append(terms(b.X, list), b.Y)
	}
	return append(list, x)
}

func sum(list []syntax.Expr) syntax.Expr {
	isText := func(x syntax.Expr) (*syntax.String, bool) {
		s, ok := x.(*syntax.String)
		return s, ok && !slices.ContainsFunc(s.Parts, func(p syntax.StringPart) bool { return p.Expr != nil })
	}
	var joined []syntax.Expr
	for _, x := range list {
		s, ok := isText(x)
		if !ok {
			joined = append(joined, x)
			continue
		}
		if len(s.Parts) == 0 {
			continue
		}
		if n := len(joined) - 1; n >= 0 {
			if before, ok := isText(joined[n]); ok {
				joined[n] = &syntax.String{Parts: slices.Concat(before.Parts, s.Parts)}
				continue
			}
		}
		joined = append(joined, s)
	}
	if len(joined) == 0 {
		return list[0]
	}
	all := joined[0]
	for _, x := range joined[1:] {
		all = &syntax.Binary{Op: syntax.Add, X: all, Y: x}
	}
	return all
}
