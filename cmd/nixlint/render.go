package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/loader"
	"github.com/nixlint/nixlint/report"
)

func renderCommand(p *process) *cobra.Command {
	var output string
	var from sources
	cmd := &cobra.Command{
		Use:   "render [PATH...] --output FOLDER",
		Short: "Write the units of every host as files",
		Long: `render writes each host's units as systemd will read them: FOLDER/HOST/system/NAME, FOLDER/HOST/user/NAME and
FOLDER/HOST/tmpfiles.d/NAME; those of modules that no host imports below FOLDER/_loose. Packages stand as <pkgs.NAME>.`,
		RunE: func(cmd *cobra.Command, paths []string) error { return p.render(cmd.Context(), from, output, paths) },
	}
	cmd.Flags().StringVar(&output, "output", "", "`FOLDER` to write to; it is made when it does not exist")
	from.addTo(cmd)
	return cmd
}

func (p *process) render(ctx context.Context, from sources, output string, paths []string) error {
	if output == "" {
		return misuse("render needs --output FOLDER")
	}
	opts, err := from.options(paths)
	if err != nil {
		return err
	}
	opts.Stdin = p.in
	inv, err := loader.Load(ctx, opts)
	if err != nil {
		return loadError(err)
	}
	for _, f := range report.Tree(inv) {
		name := filepath.Join(output, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil { //nolint:gosec // units are no secret
			return fmt.Errorf("%w", err)
		}
		err := report.WriteFile(name, func(w io.Writer) error {
			_, err := io.WriteString(w, f.Text)
			return err //nolint:wrapcheck // WriteFile says which file
		})
		if err != nil {
			return fmt.Errorf("%w", err)
		}
	}
	if stopped := failures(inv.Problems); len(stopped) > 0 {
		p.sayProblems(stopped, fromHere(inv.Root))
		return &statusError{code: unjudged}
	}
	return nil
}
