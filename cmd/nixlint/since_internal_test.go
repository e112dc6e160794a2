package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// BenchmarkSinceMergeBase runs a plain check and one with --new-from-merge-base in turn, as processes, on a repository whose change
// touches one file of many: the median of the wall times of each, and their ratio.
func BenchmarkSinceMergeBase(b *testing.B) {
	if _, err := exec.LookPath("git"); err != nil {
		b.Skip("there is no git")
	}
	binary := built(b)
	for _, n := range []int{1, 50, 200} {
		dir := fleet(b, n)
		b.Run(fmt.Sprintf("%d modules", n), func(b *testing.B) {
			var plain, since []time.Duration
			for b.Loop() {
				plain = append(plain, timed(b, binary, dir, "check", "--exit-zero"))
				since = append(since, timed(b, binary, dir, "check", "--exit-zero", "--new-from-merge-base", "main"))
			}
			slices.Sort(plain)
			slices.Sort(since)
			p, s := plain[len(plain)/2], since[len(since)/2]
			b.ReportMetric(float64(p.Microseconds())/1000, "plain-ms")
			b.ReportMetric(float64(s.Microseconds())/1000, "since-ms")
			b.ReportMetric(float64(s)/float64(p), "ratio")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func timed(b *testing.B, binary, dir string, args ...string) time.Duration {
	b.Helper()
	start := time.Now()
	cmd := exec.CommandContext(b.Context(), binary, args...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		b.Fatalf("%v: %s", err, stderr.String())
	}
	return time.Since(start)
}

// fleet is a repository of a host with n modules of five services each; a branch changes one of them.
func fleet(b *testing.B, n int) string {
	b.Helper()
	dir := b.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	module := func(i int, home string) string {
		var out strings.Builder
		for k := range 5 {
			fmt.Fprintf(&out, "  systemd.services.s%d-%d = {\n    wantedBy = [ \"multi-user.target\" ];\n    script = \"exec s%d\";\n"+
				"    serviceConfig = { User = \"u%d\"; ProtectHome = %s; ProtectSystem = \"strict\"; Restart = \"always\"; RestartSec = %d; };\n  };\n",
				i, k, i, i, home, i+1)
		}
		return "{\n" + out.String() + "}\n"
	}
	var imports strings.Builder
	for i := range n {
		write(fmt.Sprintf("m%d.nix", i), module(i, "true"))
		fmt.Fprintf(&imports, " ./m%d.nix", i)
	}
	write("flake.nix", "{ inputs.nixpkgs.url = \"github:NixOS/nixpkgs\"; outputs = { nixpkgs, ... }: {\n"+
		"nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = ["+imports.String()+" ]; }; }; }\n")
	git := func(args ...string) {
		cmd := exec.CommandContext(b.Context(), "git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.org"}, args...)...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	git("init", "-q", "-b", "main")
	git("add", ".")
	git("commit", "-q", "-m", "one")
	git("checkout", "-q", "-b", "change")
	write("m0.nix", module(0, "false"))
	git("commit", "-q", "-a", "-m", "two")
	return dir
}
