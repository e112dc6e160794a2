package source_test

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/nixlint/nixlint/loader/source"
)

// repository makes a git repository with a commit of files, links ("-> TARGET") among them, and returns its folder.
func repository(tb testing.TB, files map[string]string) string {
	tb.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		tb.Skip("there is no git")
	}
	dir := tb.TempDir()
	git(tb, dir, "init", "-q", "-b", "main")
	put(tb, dir, files)
	commit(tb, dir)
	return dir
}

func put(tb testing.TB, dir string, files map[string]string) {
	tb.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			tb.Fatal(err)
		}
		var err error
		if to, ok := strings.CutPrefix(text, "-> "); ok {
			err = os.Symlink(to, path)
		} else {
			err = os.WriteFile(path, []byte(text), 0o600)
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
}

func commit(tb testing.TB, dir string) {
	tb.Helper()
	git(tb, dir, "add", "-A")
	git(tb, dir, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "one")
}

func git(tb testing.TB, dir string, args ...string) {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), "git", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		tb.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

func open(tb testing.TB, dir string) *source.Git {
	tb.Helper()
	g, err := source.OpenGit(tb.Context(), dir, []string{"PATH=" + os.Getenv("PATH")})
	if err != nil {
		tb.Fatal(err)
	}
	return g
}

func has(t *testing.T, tree *source.Tree, name, want string) {
	t.Helper()
	f, err := tree.File(name)
	if err != nil || f.Text != want {
		t.Errorf("%s: %v, want %q", name, err, want)
	}
}

func TestRevisionIsAFileSystem(t *testing.T) {
	t.Parallel()
	dir := repository(t, map[string]string{"a.nix": "a", "d/b.nix": "b\n", "d/ü \"x\".nix": "", "d/e/c.nix": "c", "to-b": "-> d/b.nix", "into": "-> d/e"})
	g := open(t, dir)
	git(t, dir, "rm", "-q", "-r", "d")
	tree, err := g.Tree("HEAD")
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	for name, want := range map[string]string{"a.nix": "a", "d/b.nix": "b\n", "d/ü \"x\".nix": "", "to-b": "b\n", "into/c.nix": "c"} {
		has(t, tree, name, want)
	}
	entries, err := tree.ReadDir("d")
	if err != nil || len(entries) != 3 || entries[0].Name() != "b.nix" || !entries[1].IsDir() {
		t.Errorf("%v, %v", entries, err)
	}
	if to, err := tree.ReadLink("to-b"); err != nil || to != "d/b.nix" {
		t.Errorf("%q, %v", to, err)
	}
	if info, err := tree.Stat("into"); err != nil || !info.IsDir() {
		t.Errorf("%v, %v", info, err)
	}
	if _, err := tree.File("d"); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("a folder as a file: %v", err)
	}
	if _, err := tree.File("no.nix"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what is not there: %v", err)
	}
}

// What go's own checker of file systems asks.
func TestRevisionMeetsTheContractOfFS(t *testing.T) {
	t.Parallel()
	g := open(t, repository(t, map[string]string{"a.nix": "a", "d/b.nix": "b"}))
	tree, err := g.Tree("HEAD")
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	if err := fstest.TestFS(tree.FS(), "a.nix", "d/b.nix"); err != nil {
		t.Error(err)
	}
}

func TestNothingOutsideOfARevisionIsRead(t *testing.T) {
	t.Parallel()
	dir := repository(t, map[string]string{
		"secret": "s", "in/up": "-> ../secret", "in/abs": "-> /etc/passwd", "in/far": "-> ../../../etc/passwd", "in/loop": "-> loop", "in/a.nix": "a",
		"in/fine": "-> ./x/../a.nix", "in/x/y": "y",
	})
	tree, err := open(t, filepath.Join(dir, "in")).Tree("HEAD")
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	for _, name := range []string{"up", "abs", "far", "../secret", "/etc/passwd"} {
		if _, err := tree.File(name); !errors.Is(err, source.ErrOutside) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := tree.File("loop"); err == nil {
		t.Error("a link to itself is read")
	}
	has(t, tree, "fine", "a")
}

func TestWorkIsWhatIsOnDiskOverHEAD(t *testing.T) {
	t.Parallel()
	dir := repository(t, map[string]string{"a.nix": "a", "b.nix": "b", "d/c.nix": "c", ".gitignore": "ignored\n"})
	put(t, dir, map[string]string{"a.nix": "changed", "new/n.nix": "n", "ignored": "i"})
	if err := os.Remove(filepath.Join(dir, "d", "c.nix")); err != nil {
		t.Fatal(err)
	}
	tree, err := open(t, dir).Work()
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	for name, want := range map[string]string{"a.nix": "changed", "b.nix": "b", "new/n.nix": "n"} {
		has(t, tree, name, want)
	}
	for _, name := range []string{"d/c.nix", "d", "ignored"} {
		if _, err := tree.Stat(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRevisionIsReadByManyAtOnce(t *testing.T) {
	t.Parallel()
	files := map[string]string{}
	for _, c := range "abcdefghij" {
		files[string(c)] = strings.Repeat(string(c), 5000)
	}
	tree, err := open(t, repository(t, files)).Tree("HEAD")
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	var wg sync.WaitGroup
	for name, want := range files {
		wg.Go(func() { has(t, tree, name, want) })
	}
	wg.Wait()
}

// What the settings of a repository would have git run is not run.
func TestNoProgramOfTheRepositoryRuns(t *testing.T) {
	t.Parallel()
	dir := repository(t, map[string]string{"a.nix": "a"})
	mark := filepath.Join(t.TempDir(), "ran")
	program := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(program, []byte("#!/bin/sh\ntouch "+mark+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	git(t, dir, "config", "core.fsmonitor", program)
	git(t, dir, "config", "core.pager", program)
	put(t, dir, map[string]string{"a.nix": "b", ".git/hooks/post-index-change": "#!/bin/sh\ntouch " + mark + "\n"})
	if err := os.Chmod(filepath.Join(dir, ".git/hooks/post-index-change"), 0o700); err != nil {
		t.Fatal(err)
	}
	os.Remove(mark) // git add above may have asked it
	tree, err := open(t, dir).Work()
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	if _, err := os.Stat(mark); !errors.Is(err, fs.ErrNotExist) {
		t.Error("it ran")
	}
}

func TestMergeBaseErrors(t *testing.T) {
	t.Parallel()
	dir := repository(t, map[string]string{"a.nix": "a"})
	g := open(t, dir)
	if id, err := g.MergeBase("main"); err != nil || len(id) != 40 {
		t.Errorf("%q, %v", id, err)
	}
	for _, rev := range []string{"mian", "-x", "--help", "main:a.nix", ""} {
		if _, err := g.MergeBase(rev); !errors.Is(err, source.ErrNoRevision) {
			t.Errorf("%q: %v", rev, err)
		}
	}
	git(t, dir, "checkout", "-q", "--orphan", "other")
	put(t, dir, map[string]string{"other.nix": "o"})
	commit(t, dir)
	if _, err := g.MergeBase("main"); !errors.Is(err, source.ErrUnrelated) {
		t.Errorf("%v", err)
	}
	if _, err := source.OpenGit(t.Context(), t.TempDir(), nil); !errors.Is(err, source.ErrNoGit) {
		t.Errorf("%v", err)
	}
}
