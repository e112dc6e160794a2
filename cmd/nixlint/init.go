package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/checks/config"
	"github.com/nixlint/nixlint/loader"
	"github.com/nixlint/nixlint/report"
)

func initCommand(p *process) *cobra.Command {
	var from sources
	cmd := &cobra.Command{
		Use:   "init [PATH]",
		Short: "Write a .nixlint.yaml, with comments, from what the repository has",
		Long: `init judges the repository as check would without a configuration, and writes a .nixlint.yaml into its root: what is on, and as comments
what may be said, with the hosts, folders and services that it found. A file that is there is never overwritten.`,
		RunE: func(cmd *cobra.Command, paths []string) error {
			opts, err := from.options(paths)
			if err != nil {
				return err
			}
			return p.start(cmd.Context(), opts)
		},
	}
	from.addTo(cmd)
	return cmd
}

func (p *process) start(ctx context.Context, load loader.Options) error {
	root, err := loader.FindRoot(load)
	if err != nil {
		return loadError(err)
	}
	run, err := p.judgement(&configuration{Config: &config.Config{}}, &checkFlags{}, &userRules{})
	if err != nil {
		return err
	}
	load.Root, load.Paths = root, nil
	done, err := run.judge(ctx, load)
	if err != nil {
		return err
	}
	defer done.tree.Close() //nolint:errcheck // read only
	name := filepath.Join(root, config.Name)
	err = report.CreateFile(name, func(w io.Writer) error { return report.Configuration(w, done.inventory, done.result) })
	shown := fromHere(root) + config.Name
	if errors.Is(err, fs.ErrExist) {
		return misuse("%s is there already, and stays as it is", shown)
	}
	if err != nil {
		return err //nolint:wrapcheck // it says which file
	}
	p.say("wrote " + shown + "; nixlint config verify checks it when you change it")
	return nil
}
