package syntax_test

import (
	"cmp"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/nixlint/nixlint/fixtures/oracle"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
)

// BenchmarkParse is the tree with comments, recovery on, over the files under NIXLINT_CORPUS, else the fixtures. The
// metric tree-B/B is how many bytes of memory a byte of source lives on as.
func BenchmarkParse(b *testing.B) {
	files := benchFiles(b)
	b.SetBytes(total(files))
	b.ReportAllocs()
	for b.Loop() {
		for _, f := range files {
			syntax.Parse(f)
		}
	}
	b.ReportMetric(treeBytes(files), "tree-B/B")
}

// BenchmarkResolve is the second pass alone.
func BenchmarkResolve(b *testing.B) {
	files := benchFiles(b)
	b.SetBytes(total(files))
	trees := make([]*syntax.File, len(files))
	for b.Loop() {
		b.StopTimer()
		for i, f := range files {
			trees[i] = syntax.Parse(f)
		}
		b.StartTimer()
		for _, f := range trees {
			syntax.Resolve(f)
		}
	}
}

// BenchmarkGoParser is go/parser over as many files of Go's standard library, each as large as a file of BenchmarkParse.
func BenchmarkGoParser(b *testing.B) {
	files := goFiles(b, benchFiles(b))
	b.SetBytes(total(files))
	for b.Loop() {
		for _, f := range files {
			if _, err := parser.ParseFile(token.NewFileSet(), f.Path, f.Text, parser.ParseComments|parser.SkipObjectResolution); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkNix is `nix-instantiate --parse`, which prints as well, over the files of BenchmarkParse that it accepts.
func BenchmarkNix(b *testing.B) {
	nix := oracle.Nix(b)
	var names []string
	for _, f := range benchFiles(b) {
		name, err := filepath.Abs(f.Path)
		if err != nil {
			b.Fatal(err)
		}
		names = append(names, name)
	}
	var accepted []string
	size := 0
	for i, v := range askNix(b, names) {
		if v.refusal == "" {
			accepted = append(accepted, names[i])
			size += fileSize(b, names[i])
		}
	}
	b.SetBytes(int64(size))
	for b.Loop() {
		if err := nixCommand(b, nix, append([]string{"--parse"}, accepted...)...).Run(); err != nil {
			b.Fatal(err)
		}
	}
}

func fileSize(b *testing.B, name string) int {
	b.Helper()
	info, err := os.Stat(name)
	if err != nil {
		b.Fatal(err)
	}
	return int(info.Size())
}

func benchFiles(b *testing.B) []*source.File {
	b.Helper()
	return readFiles(b, cmp.Or(os.Getenv("NIXLINT_CORPUS"), filepath.Join("..", "..", "fixtures")), ".nix")
}

// goFiles finds for each file the Go file whose size is nearest.
func goFiles(b *testing.B, like []*source.File) []*source.File {
	b.Helper()
	all := readFiles(b, filepath.Join(runtime.GOROOT(), "src"), ".go") //nolint:staticcheck // the sources of the Go that runs
	slices.SortFunc(all, func(x, y *source.File) int { return cmp.Compare(len(x.Text), len(y.Text)) })
	var files []*source.File
	for _, f := range like {
		i, _ := slices.BinarySearchFunc(all, len(f.Text), func(x *source.File, n int) int { return cmp.Compare(len(x.Text), n) })
		files = append(files, all[min(i, len(all)-1)])
	}
	return files
}

func readFiles(b *testing.B, dir, ext string) []*source.File {
	b.Helper()
	var files []*source.File
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if d.IsDir() && d.Name() == "testdata" {
			return filepath.SkipDir
		}
		if err != nil || !d.Type().IsRegular() || !strings.HasSuffix(name, ext) {
			return err
		}
		text, err := os.ReadFile(name)
		files = append(files, source.NewFile(name, string(text)))
		return err
	})
	if err != nil || len(files) == 0 {
		b.Fatal("no files in ", dir, ": ", err)
	}
	return files
}

func total(files []*source.File) int64 {
	n := 0
	for _, f := range files {
		n += len(f.Text)
	}
	return int64(n)
}

// treeBytes is the memory that trees hold per byte of source.
func treeBytes(files []*source.File) float64 {
	live := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := live()
	trees := make([]*syntax.File, len(files))
	for i, f := range files {
		trees[i] = syntax.Parse(f)
	}
	after := live()
	runtime.KeepAlive(trees)
	return float64(after-before) / float64(total(files))
}
