package eval_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
)

// TestUnknownIsSound puts an unknown value in the place of every literal of every expression, one after another. What is then
// still known must be what the literal gives: an unknown operand never makes a wrong value, nor an error.
func TestUnknownIsSound(t *testing.T) {
	t.Parallel()
	tried, known := 0, 0
	for _, expr := range lines(t, "values.nix.txt") {
		want, err := asJSON(expr)
		if err != nil {
			continue
		}
		for _, at := range literals(expr) {
			changed := expr[:at.start] + "(<u>)" + expr[at.end:]
			got, err := asJSON(changed)
			tried++
			switch {
			case err != nil && strings.HasPrefix(err.Error(), "unknown: "):
			case err != nil && (strings.Contains(err.Error(), "limit reached") || strings.Contains(err.Error(), "infinite recursion")):
			case err != nil && strings.Contains(err.Error(), "is defined twice"): // no literal to merge any more
			case err != nil:
				t.Errorf("%s\n  fails: %v", changed, err)
			case !reflect.DeepEqual(got, want):
				t.Errorf("%s\n  gives %v, want what %s gives, %v", changed, got, expr, want)
			default:
				known++
			}
		}
	}
	t.Logf("%d expressions with an unknown operand, %d of them known", tried, known)
}

type literalSpan struct{ start, end int }

// literals are the places of the literals of an expression that stand for a value.
func literals(expr string) []literalSpan {
	f := syntax.Parse(source.NewFile("test.nix", expr))
	var out []literalSpan
	syntax.Walk(f.Root, func(n syntax.Node) bool {
		isLiteral := false
		switch n := n.(type) {
		case *syntax.Int, *syntax.Float, *syntax.String, *syntax.List, *syntax.AttrSet, *syntax.Lambda, *syntax.Path:
			isLiteral = true
		case *syntax.Ident:
			isLiteral = n.Name == "true" || n.Name == "false" || n.Name == "null"
		}
		if isLiteral {
			out = append(out, literalSpan{int(n.Start()), int(n.End())})
		}
		return true
	})
	return out
}
