package syntax_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/fixtures/oracle"
	"github.com/nixlint/nixlint/loader/syntax"
)

// refs lists where each variable of a file lives, in the order of the file: name=depth.slot, name=global, name=with.depth.
func refs(f *syntax.File) string {
	var list []string
	add := func(name string, r syntax.Ref) {
		switch r.Kind {
		case syntax.Local:
			list = append(list, fmt.Sprintf("%s=%d.%d", name, r.Depth, r.Slot))
		case syntax.ThroughWith:
			list = append(list, fmt.Sprintf("%s=with.%d", name, r.Depth))
		case syntax.Global:
			list = append(list, name+"=global")
		case syntax.CurPos:
			list = append(list, name+"=place")
		case syntax.Undefined:
			list = append(list, name+"=?")
		}
	}
	syntax.Walk(f.Root, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Ident:
			add(n.Name, n.Ref)
		case *syntax.SearchPath:
			add("<"+n.Name+">", n.Ref)
		case *syntax.Inherit:
			for i, r := range n.Vars {
				add("inherit "+n.Names[i].Name, r)
			}
		}
		return true
	})
	return strings.Join(list, " ")
}

func TestFramesAndSlots(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		// A function is a frame: its argument is slot 0.
		{"x: x", "x=0.0 x=0.0"},
		{"x: y: x y", "x=0.0 y=0.0 x=1.0 y=0.0"},
		// The @ name is slot 0, then the arguments as they are written.
		{"{ b, a }: a b", "a=0.1 b=0.0"},
		{"{ b, a }@s: a b s", "s=0.0 a=0.2 b=0.1 s=0.0"},
		{"s@{ b, a }: a b s", "s=0.0 a=0.2 b=0.1 s=0.0"},
		{"{ a ? b, b ? a }: 1", "b=0.1 a=0.0"},
		{"s@{ a ? s }: 1", "s=0.0 s=0.0"},
		// let and rec are frames: a slot is where the name first appears.
		{"let a = 1; b = a; in b a", "a=0.0 b=0.1 a=0.0"},
		{"let { b = 1; body = b; }", "b=0.0"},
		{"rec { b = a; a = b; }", "a=0.1 b=0.0"},
		{"rec { a.x = 1; b = a; a.y = b; }", "a=0.0 b=0.1"},
		// A set that is not rec is none, nor is one that a path implies.
		{"x: { a = x; }", "x=0.0 x=0.0"},
		{"x: { a.b.c = x; }", "x=0.0 x=0.0"},
		{"let a.b = c; c = 1; in a", "c=0.1 a=0.0"},
		{"rec { a.b = a; }", "a=0.0"},
		{"rec { a = { b = a; }; }", "a=0.0"},
		{"rec { a = rec { b = a; }; }", "a=1.0"},
		// rec counts where the set is first written.
		{"b: { a = rec { b = 1; }; a.c = b; }", "b=0.0 b=0.0"},
		{"b: { a.c = 1; a = rec { d = b; }; }", "b=0.0 b=0.0"},
		{"b: { a = { c = 1; }; a = rec { b = 1; d = b; }; }", "b=0.0 b=0.0"},
		// inherit looks outside of the set, inherit (from) sees its frame.
		{"x: { inherit x; }", "x=0.0 inherit x=0.0"},
		{"x: rec { inherit x; }", "x=0.0 inherit x=0.0"},
		{"x: let inherit x; in x", "x=0.0 inherit x=0.0 x=0.0"},
		{"x: y: rec { a = 1; inherit y x; b = x; }", "x=0.0 y=0.0 inherit y=0.0 inherit x=1.0 x=0.2"},
		{"x: rec { inherit (x) a; }", "x=0.0 x=1.0"},
		{"x: rec { inherit (x) x; }", "x=0.0 x=0.0"},
		{"x: let inherit (x) x; in x", "x=0.0 x=0.0 x=0.0"},
		{"x: { inherit (x) x; }", "x=0.0 x=0.0"},
		{"x: rec { a = { inherit x; }; x = 1; }", "x=0.0 inherit x=0.1"},
		// Dynamic attributes of a rec set see its frame but are no slots.
		{"x: rec { ${x} = a; a = 1; }", "x=0.0 x=1.0 a=0.0"},
		// with is a frame without slots.
		{"with { }; a", "a=with.0"},
		{"with a: a; 1", "a=0.0 a=0.0"},
		{"x: with x; x", "x=0.0 x=0.0 x=1.0"},
		{"x: with x; y: x y z", "x=0.0 x=0.0 y=0.0 x=2.0 y=0.0 z=with.1"},
		{"with { }; with b; a", "b=with.0 a=with.0"},
		{"with { }; let c = a; in c", "a=with.1 c=0.0"},
		{"with { }; { inherit a; }", "inherit a=with.0"},
		{"with { }; rec { inherit a; b = c; }", "inherit a=with.0 c=with.1"},
		// What a with has does not hide the base environment.
		{"with { }; map", "map=global"},
		{"let map = 1; in map", "map=0.0"},
		{"builtins", "builtins=global"},
		{"__curPos", "__curPos=place"},
		{"let __curPos = 1; in __curPos", "__curPos=place"},
		{"<a>", "<a>=global"},
		{"let __findFile = 1; in x: <a>", "x=0.0 <a>=1.0"},
		{"f: f or", "f=0.0 f=0.0 or=?"},
		// The inner name hides the outer one, and no longer than its frame.
		{"x: [ (x: x) x ]", "x=0.0 x=0.0 x=0.0 x=0.0"},
		{"x: (y: x) x", "x=0.0 y=0.0 x=1.0 x=0.0"},
		{"a: { b ? a, c ? d: b }: e: a b c e", "a=0.0 a=1.0 d=0.0 b=1.0 e=0.0 a=2.0 b=1.0 c=1.1 e=0.0"},
	} {
		if got := refs(resolved(c.src)); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.src, got, c.want)
		}
	}
}

func TestMergedSetKeepsOrderAndPlaces(t *testing.T) {
	f := resolved("x: { b.c = 1; inherit x; a = { d = 2; }; b.e = 3; inherit (x) y z; ${x}.u = 4; a.f = 5; \"g\" = 6; }")
	if len(f.Problems) > 0 {
		t.Fatal(f.Problems)
	}
	set := f.Root.(*syntax.Lambda).Body.(*syntax.AttrSet)
	var names []string
	for _, a := range set.Set.Attrs {
		at := f.Source.Position(a.At.Start())
		names = append(names, fmt.Sprintf("%s@%d", a.Name, at.Column))
	}
	if got, want := strings.Join(names, " "), "b@6 x@23 a@26 y@63 z@65 g@89"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	b, a, y := set.Set.Attrs[0], set.Set.Attrs[2], set.Set.Attrs[3]
	if b.Value != nil || len(b.Set.Attrs) != 2 || a.Value != nil || len(a.Set.Attrs) != 2 {
		t.Errorf("b and a are not merged: %+v %+v", b, a)
	}
	if literal := set.Bindings[2].(*syntax.Attr).Value.(*syntax.AttrSet); literal.Set != a.Set {
		t.Error("the literal does not lead to the set that it is merged into")
	}
	if !y.FromExpr || y.From != 0 || len(set.Set.From) != 1 {
		t.Errorf("y is inherited as %+v", y)
	}
	if d := set.Set.Dynamic; len(d) != 1 || d[0].Set == nil || d[0].Value != nil {
		t.Errorf("dynamic attributes: %+v", d)
	}
	if set.Set.Find("a") != 2 || set.Set.Find("none") != -1 {
		t.Error("Find does not find the slots")
	}
}

func TestLargeSetsAreMergedByName(t *testing.T) {
	const n = 300
	var b strings.Builder
	b.WriteString("{ ")
	for i := range n {
		fmt.Fprintf(&b, "a%d.x = %d; ", i, i)
	}
	for i := range n {
		fmt.Fprintf(&b, "a%d.y = %d; ", i, i)
	}
	b.WriteString("a7 = 1; }")
	f := resolved(b.String())
	if len(f.Problems) != 1 || !strings.Contains(f.Problems[0].Message, `"a7" is defined twice`) {
		t.Errorf("problems: %v", f.Problems)
	}
	if set := f.Root.(*syntax.AttrSet).Set; len(set.Attrs) != n || set.Find("a299") != 299 {
		t.Errorf("%d attributes", len(set.Attrs))
	}
}

func TestGlobalsAreSortedAndKnownToNix(t *testing.T) {
	names := syntax.Globals()
	if !slices.IsSorted(names) {
		t.Error("the names are not sorted")
	}
	var known []string
	for _, name := range names {
		if !newerFunction.MatchString("undefined variable '" + name + "'") {
			known = append(known, name)
		}
	}
	for _, v := range askNix(t, write(t, []string{"[ " + strings.Join(known, " ") + " ]"})) {
		if v.refusal != "" {
			t.Error(v.refusal)
		}
	}
}

func TestGlobalsHoldAllThatNixHas(t *testing.T) {
	const ask = "builtins.attrNames builtins"
	out, err := nixCommand(t, oracle.Nix(t), "--eval", "--strict", "--json", "-E", ask).Output()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	if err := json.Unmarshal(out, &names); err != nil {
		t.Fatal(err)
	}
	globals := syntax.Globals()
	for _, name := range names {
		if !slices.Contains(globals, name) && !slices.Contains(globals, "__"+name) {
			t.Errorf("%s is not among the globals", name)
		}
	}
}
