package loader_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/nixlint/nixlint/loader"
)

func TestCommentsOfAUnitFileInANixRepositoryAreRead(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for name, text := range map[string]string{
		"flake.nix": `{ outputs = { self, nixpkgs }: { nixosConfigurations.box = nixpkgs.lib.nixosSystem { modules = [ ./box.nix ]; }; }; }`,
		"box.nix": `{ environment.etc."systemd/system/a.service".source = ./a.service;
			systemd.services.b.script = builtins.readFile ./b.sh; }`,
		"a.service": "# nixlint: ignore hardening/sandbox -- it is small\n[Service]\nExecStart=/bin/a\n",
		"b.sh":      "# nixlint: ignore hardening/sandbox -- no unit file\n",
	} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	inv, err := loader.Load(t.Context(), loader.Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	last := inv.Files[len(inv.Files)-1]
	if len(inv.Files) != 3 || last.Path != "a.service" || len(last.Directives) != 1 || len(last.Hosts) != 1 {
		t.Fatalf("files: %+v", inv.Files)
	}
	if d := last.Directives[0]; d.Covers.Line != 2 && d.Covers.EndLine != 4 {
		t.Errorf("it covers %+v, want the file", d.Covers)
	}
}
