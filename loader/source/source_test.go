package source_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nixlint/nixlint/loader/source"
)

func TestPositionAndOffsetAreInverse(t *testing.T) {
	t.Parallel()
	f := source.NewFile("a.nix", "one\n\nthrée\r\nlast")
	for p := range source.Pos(len(f.Text) + 1) {
		at := f.Position(p)
		if got := f.Offset(at.Line, at.Column); got != p {
			t.Errorf("offset of %v is %d, want %d", at, got, p)
		}
	}
	for line, want := range map[int]string{0: "", 1: "one", 2: "", 3: "thrée", 4: "last", 5: ""} {
		if got := f.Line(line); got != want {
			t.Errorf("line %d is %q, want %q", line, got, want)
		}
	}
	if got := f.Position(1000); got != (source.Position{Line: 4, Column: 5}) {
		t.Errorf("a position past the end is %v, want the end", got)
	}
	if got := source.NewFile("b", "one\ntwo\n").Lines(); got != 2 {
		t.Errorf("%d lines, want 2", got)
	}
}

func TestSpan(t *testing.T) {
	t.Parallel()
	f := source.NewFile("a.nix", "{ a = 1; }")
	outer, inner := f.Span(0, 10), f.Span(2, 7)
	if !outer.Contains(inner) || inner.Contains(outer) || !inner.Contains(inner) {
		t.Error("a span contains what is inside of it, and itself")
	}
	if inner.Text() != "a = 1" || inner.String() != "a.nix:1:3" || (source.Span{}).Valid() || f.Span(5, 99).Text() != "" {
		t.Errorf("%q at %s", inner.Text(), inner)
	}
}

func TestCiphertextIsBinaryAndTextIsNot(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"{ a = \"ü\"; }": false, "": false, "\x00GITCRYPT\x00": true, strings.Repeat("\xff\xfe\x80", 100): true} {
		if got := source.NewFile("f", text).Binary(); got != want {
			t.Errorf("Binary of %q is %v, want %v", text, got, want)
		}
	}
}

func TestNothingOutsideOfATreeIsRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	root := filepath.Join(dir, "root")
	for name, text := range map[string]string{"secret": "s", "root/a.nix": "1", "root/sub/b.nix": "2"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for link, target := range map[string]string{"out": "../secret", "abs": filepath.Join(dir, "secret"), "up": "..", "in": "sub/b.nix", "loop": "loop"} {
		if err := os.Symlink(target, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	tree, err := source.OpenTree(root)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	for _, name := range []string{"../secret", "out", "abs", "up/secret", "/etc/passwd", "sub/../../secret"} {
		if f, err := tree.File(name); !errors.Is(err, source.ErrOutside) {
			t.Errorf("%s: %v, %v; want that it is outside", name, f, err)
		}
	}
	if _, err := tree.File("loop"); err == nil {
		t.Error("a link to itself can be read")
	}
	for name, want := range map[string]string{"a.nix": "1", "in": "2", "sub/../sub/b.nix": "2"} {
		if f, err := tree.File(name); err != nil || f.Text != want {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	first, _ := tree.File("a.nix")
	if again, _ := tree.File("./a.nix"); first != again {
		t.Error("a file is read twice")
	}
}

// TestWalkIsInOrderAndStaysInside walks the same tree on disk and in memory.
func TestWalkIsInOrderAndStaysInside(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	root, memory := filepath.Join(dir, "root"), fstest.MapFS{}
	var want []string
	for _, name := range []string{"a/b/c.nix", "a/d.nix", "a.nix", "e/f/g/h/i.nix", "e/x.txt", "z.nix"} {
		memory[name] = &fstest.MapFile{Data: []byte(name)}
		want = append(want, name)
	}
	memory[".git/hooks/x.nix"] = &fstest.MapFile{Data: []byte("skipped")}
	for name, f := range memory {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	disk, err := source.OpenTree(root)
	if err != nil {
		t.Fatal(err)
	}
	defer disk.Close()
	for link, target := range map[string]string{"out": "..", "out.nix": "../secret"} {
		if err := os.Symlink(target, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	for name, tree := range map[string]*source.Tree{"memory": source.NewTree(memory), "disk": disk} {
		var got, links []string
		isNix := func(name string) bool { return strings.HasSuffix(name, ".nix") }
		for _, e := range tree.Walk(t.Context(), func(dir string) bool { return dir == ".git" }, isNix) {
			switch {
			case e.Err != nil:
				t.Errorf("%s: %s: %v", name, e.Path, e.Err)
			case e.Type.IsRegular():
				got = append(got, e.Path)
			default:
				links = append(links, e.Path)
			}
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		if name == "disk" && strings.Join(links, " ") != "out out.nix" {
			t.Errorf("links are %v", links)
		}
		for _, file := range want {
			if f, err := tree.File(file); err != nil || f.Text != file {
				t.Errorf("%s: %s is %v, %v", name, file, f, err)
			}
		}
	}
	if _, err := disk.File("out.nix"); !errors.Is(err, source.ErrOutside) {
		t.Errorf("%v, want that it is outside", err)
	}
}

func TestFilesThatAreNoneAreRefused(t *testing.T) {
	t.Parallel()
	tree := source.NewTree(fstest.MapFS{"dir/x": {Data: []byte("x")}, "big": {Data: make([]byte, source.MaxFile+1)}})
	for _, name := range []string{"dir", "big"} {
		if _, err := tree.File(name); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("%s: %v, want that it is no file to read", name, err)
		}
	}
	if _, err := tree.File("nothing"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v, want that it does not exist", err)
	}
}

func TestProblemsAreSortedAndSaidOnce(t *testing.T) {
	t.Parallel()
	a, b := source.NewFile("a", "xy"), source.NewFile("b", "x")
	got := source.SortProblems([]source.Problem{
		{Span: b.Span(0, 1), Message: "m"}, {Span: a.Span(1, 2), Message: "m"}, {Span: a.Span(0, 1), Message: "n"}, {Span: a.Span(1, 2), Message: "m"},
	})
	var out []string
	for _, p := range got {
		out = append(out, p.Error())
	}
	if want := "a:1:1: n, a:1:2: m, b:1:1: m"; strings.Join(out, ", ") != want {
		t.Errorf("got %s, want %s", strings.Join(out, ", "), want)
	}
}
