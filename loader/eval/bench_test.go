package eval_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/nixlint/nixlint/fixtures/oracle"
	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/source"
)

// workloads are pure programs that take real Nix a tenth of a second or more.
var workloads = []workload{
	{"fold", `builtins.foldl' (a: b: a + b) 0 (builtins.genList (x: x) 1000000)`},
	{"fixpoint", `
		let
		  fix = f: let x = f x; in x;
		  extends = over: base: final: let prev = base final; in prev // over final prev;
		  base = self: builtins.listToAttrs (builtins.genList (i: { name = "a${toString i}"; value = if i == 0 then 1 else self."a${toString (i - 1)}" + 1; }) 2000);
		  layer = i: final: prev: { "a${toString i}" = prev."a${toString i}" + 2; "b${toString i}" = final.a10 + final."a${toString i}"; };
		  all = builtins.foldl' (f: i: extends (layer i) f) base (builtins.genList (i: i) 1000);
		  set = fix all;
		in builtins.foldl' (a: n: a + set.${n}) 0 (builtins.attrNames set)`},
	{"strings", `
		let
		  line = i: "line ${toString i}: ${builtins.substring 0 3 "abcdef"}\n";
		  lines = builtins.genList line 100000;
		  text = builtins.concatStringsSep "" lines;
		  grown = builtins.foldl' (s: i: s + toString i) "" (builtins.genList (i: i) 5000);
		in builtins.stringLength text + builtins.stringLength grown + builtins.length (builtins.split "\n" text)`},
	{"fib", `let fib = n: if n < 2 then n else fib (n - 1) + fib (n - 2); in fib 27`},
	{"sort", `builtins.length (builtins.sort (a: b: a < b) (builtins.genList (i: let j = i * 7919; in j - (j / 100003) * 100003) 100000))`},
}

type workload struct{ name, expr string }

func allWorkloads(tb testing.TB) []workload {
	tb.Helper()
	return append(slices.Clone(workloads), workload{"lib", libWorkload(tb)})
}

// libWorkload is the lib of package nixos, with stand-ins for what it has in Go.
func libWorkload(tb testing.TB) string {
	tb.Helper()
	text, err := os.ReadFile(filepath.Join("..", "nixos", "lib.nix"))
	if err != nil {
		tb.Fatal(err)
	}
	return `
		let
		  native = builtins // { opaque = x: x; types = { }; filesystem = { }; evalModules = x: x; nixosSystem = x: x;
		    mapAttrsToList = f: s: map (n: f n s.${n}) (builtins.attrNames s);
		    filterAttrs = p: s: builtins.listToAttrs (builtins.filter (x: p x.name x.value) (map (name: { inherit name; value = s.${name}; }) (builtins.attrNames s)));
		  };
		  lib = (` + string(text) + `) { inherit native; };
		  names = lib.genList (i: "n${toString i}") 20000;
		  set = lib.genAttrs names (n: { enable = lib.hasSuffix "7" n; text = lib.removePrefix "n" n; });
		  on = lib.filterAttrs (n: v: v.enable) set;
		  flat = lib.flatten (lib.imap0 (i: n: [ i [ n ] ]) names);
		  sum = lib.foldr (a: b: a + b) 0 (lib.range 1 2000);
		  text = lib.concatMapStringsSep "," (v: lib.optionalString v.enable v.text) (builtins.attrValues set);
		in builtins.length flat + sum + builtins.stringLength text + builtins.length (builtins.attrNames on) + builtins.length (lib.unique (lib.take 300 names))`
}

func workloadTree(tb testing.TB) *source.Tree {
	tb.Helper()
	files := fstest.MapFS{}
	for _, w := range allWorkloads(tb) {
		files[w.name+".nix"] = &fstest.MapFile{Data: []byte(w.expr), Mode: fs.ModePerm}
	}
	return source.NewTree(files)
}

func BenchmarkEval(b *testing.B) {
	tree := workloadTree(b)
	for _, w := range allWorkloads(b) {
		b.Run(w.name, func(b *testing.B) {
			b.ReportAllocs()
			defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the command does
			start := ownCPU()
			for b.Loop() {
				in := eval.New(b.Context(), eval.NewProgram(tree), eval.DefaultLimits)
				if _, err := in.Import(w.name+".nix", source.Span{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((ownCPU()-start).Nanoseconds())/float64(b.N), "cpu-ns/op")
		})
	}
}

func ownCPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkNix is what the same programs cost nix-instantiate, its start taken off: compare ns/op with BenchmarkEval's.
func BenchmarkNix(b *testing.B) {
	nix := oracle.Nix(b)
	dir := b.TempDir()
	var starts []time.Duration
	for range 9 {
		starts = append(starts, nixCPU(b, nix, dir, "1"))
	}
	slices.Sort(starts)
	empty := starts[len(starts)/2]
	for _, w := range allWorkloads(b) {
		b.Run(w.name, func(b *testing.B) {
			var total time.Duration
			n := 0
			for b.Loop() {
				total += nixCPU(b, nix, dir, w.expr) - empty
				n++
			}
			b.ReportMetric(float64(total.Nanoseconds())/float64(n), "cpu-ns/op")
		})
	}
}

func nixCPU(b *testing.B, nix, dir, expr string) time.Duration {
	b.Helper()
	file := filepath.Join(dir, "x.nix")
	if err := os.WriteFile(file, []byte(expr), 0o600); err != nil {
		b.Fatal(err)
	}
	cmd := exec.CommandContext(b.Context(), nix, "--eval", "--strict", file)
	cmd.Env = append(os.Environ(), "NIX_REMOTE=dummy://", "HOME="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
}
