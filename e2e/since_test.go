package e2e_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// git runs git in a folder, with the settings of nobody.
func git(ctx context.Context, dir string, args ...string) {
	GinkgoHelper()
	command := exec.CommandContext(ctx, "git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.org"}, args...)...)
	command.Dir = dir
	command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
	out, err := command.CombinedOutput()
	Expect(err).NotTo(HaveOccurred(), "%s", out)
}

// within puts a text in the place of another one in a file.
func within(file, old, text string) {
	GinkgoHelper()
	content, err := os.ReadFile(filepath.Clean(file))
	Expect(err).NotTo(HaveOccurred())
	Expect(string(content)).To(ContainSubstring(old))
	Expect(os.WriteFile(file, []byte(strings.ReplaceAll(string(content), old, text)), 0o600)).To(Succeed())
}

var _ = Describe("a repository with findings that nobody mends today", Label("check", "git"), func() {
	const hidden = `{ lib, ... }: { options.site.hideHome = lib.mkOption { default = true; }; }`
	const web = `{ config, ... }: {
  systemd.services.web = {
    wantedBy = [ "multi-user.target" ];
    script = "exec web";
    serviceConfig = { User = "web"; ProtectHome = config.site.hideHome; KillMode = "none"; };
  };
}`
	const flake = `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.web = nixpkgs.lib.nixosSystem { modules = [ ./web.nix ./site.nix ./files.nix ]; };
  };
}`
	const files = `{ systemd.tmpfiles.rules = [ "d /srv/a 0777 root root -" "d /srv/b 0777 root root -" ]; }`

	It("adopts a baseline, mends one, and is told of a unit that a shared option weakens", func(ctx SpecContext) {
		if _, err := exec.LookPath("git"); err != nil {
			Skip("there is no git")
		}
		dir := GinkgoT().TempDir()
		for name, text := range map[string]string{"flake.nix": flake, "web.nix": web, "site.nix": hidden, "files.nix": files} {
			Expect(os.WriteFile(filepath.Join(dir, name), []byte(text+"\n"), 0o600)).To(Succeed())
		}
		git(ctx, dir, "init", "--quiet", "--initial-branch=main")

		By("writing down what is found today")
		Expect(runIn(ctx, dir, "check").status).To(Equal(1))
		Expect(runIn(ctx, dir, "baseline").status).To(Equal(0))
		git(ctx, dir, "add", ".")
		git(ctx, dir, "commit", "--quiet", "--message=adopt")
		adopted := runIn(ctx, dir, "check", "--baseline", "nixlint-baseline.json")
		Expect(adopted.status).To(Equal(0), adopted.stdout)

		By("mending one")
		within(filepath.Join(dir, "files.nix"), "/srv/a 0777", "/srv/a 0750")
		mended := runIn(ctx, dir, "check", "--baseline", "nixlint-baseline.json")
		Expect(mended.status).To(Equal(0), mended.stdout)
		Expect(mended.stdout).To(ContainSubstring("1 fixed since"))
		git(ctx, dir, "commit", "--quiet", "--all", "--message=mend")

		By("weakening a shared option in a branch")
		git(ctx, dir, "checkout", "--quiet", "-b", "change")
		within(filepath.Join(dir, "site.nix"), "default = true", "default = false")
		git(ctx, dir, "commit", "--quiet", "--all", "--message=weaken")
		weakened := runIn(ctx, dir, "check", "--fail-level", "info", "--new-from-merge-base", "main")
		Expect(weakened.status).To(Equal(1), weakened.stdout)
		Expect(weakened.stdout).To(MatchRegexp(`(?m)^web\.nix:\d+:\d+: \w+: web\.service: .*ProtectHome.*\[hardening/sandbox\]$`))
		Expect(weakened.stdout).NotTo(ContainSubstring("/srv/b"))

		By("looking at what is different")
		different := runIn(ctx, dir, "diff", "main", "HEAD")
		Expect(different.status).To(Equal(1), different.stderr)
		Expect(different.stdout).To(MatchRegexp(`(?m)^web: web\.service changed, at HEAD:web\.nix:\d+$`))
		Expect(different.stdout).To(MatchRegexp(`ProtectHome changed: true \(main:\w+\.nix:\d+\) -> false \(HEAD:\w+\.nix:\d+\)`))
	})
})
