package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/loader"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/systemd"
	"github.com/nixlint/nixlint/report"
)

func diffCommand(p *process) *cobra.Command {
	var from sources
	var formats []string
	cmd := &cobra.Command{
		Use:   "diff OLD [NEW]",
		Short: "Print what is different in the units and tmpfiles lines between two states",
		Long: `diff compares the units of two states as systemd will read them: what a line a unit and a directive says was added, removed or
changed, with both values and both places. OLD and NEW are paths, as check takes them, or revisions of the git repository that the working
directory is in; without NEW, a revision is compared with the working tree. Values that neither side knows are counted: they may differ.
Lines of tmpfiles.d are compared too, by type and path.

Exit status: 0 no difference, 1 differences, 2 wrong use, 3 something could not be read.`,
		Example: "  nixlint diff main\n  nixlint diff HEAD~1 HEAD\n  nixlint diff /run/current-system ./result",
		RunE:    func(cmd *cobra.Command, args []string) error { return p.diff(cmd.Context(), from, formats, args) },
	}
	cmd.Flags().StringArrayVar(&formats, "format", []string{"text"}, "write `NAME[=FILE]`: text or json; repeatable")
	from.addTo(cmd)
	return cmd
}

func (p *process) diff(ctx context.Context, from sources, formats, args []string) error {
	outs, err := outputs(formats, []string{"text", "json"})
	if err != nil {
		return err
	}
	if len(args) == 0 || len(args) > 2 {
		return misuse("diff takes OLD and NEW, found %d: nixlint diff main compares main with the working tree", len(args))
	}
	sides, err := p.sides(ctx, from, args)
	for _, s := range sides {
		defer s.close()
	}
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	for _, s := range sides {
		wg.Go(func() { s.read(ctx) })
	}
	wg.Wait()
	for _, s := range sides {
		if s.err != nil {
			return loadError(s.err)
		}
	}
	d := compare(sides[0], sides[1])
	for _, o := range outs {
		write := func(w io.Writer) error { return report.DiffText(w, d) }
		if o.Format == "json" {
			write = func(w io.Writer) error { return report.DiffJSON(w, d) }
		}
		if err := p.emit(o, write); err != nil {
			return err
		}
	}
	p.sayProblems(d.Old.Problems, d.Old.Prefix)
	p.sayProblems(d.New.Problems, d.New.Prefix)
	switch {
	case len(d.Old.Problems)+len(d.New.Problems) > 0:
		return &statusError{code: unjudged}
	case !d.Empty():
		return &statusError{code: found}
	}
	return nil
}

// side is one of the states that are compared.
type side struct {
	name, commit, prefix string
	revision             bool // of the repository, or its working tree
	load                 loader.Options
	inventory            *inventory.Inventory
	tree                 *source.Tree // that the places of the inventory are in
	err                  error
}

func (s *side) close() {
	for _, t := range []*source.Tree{s.load.Tree, s.tree} {
		if t != nil {
			t.Close() //nolint:errcheck // read only
		}
	}
	s.load.Tree, s.tree = nil, nil
}

// read loads the state. A revision from before there was anything has no units.
func (s *side) read(ctx context.Context) {
	inv, tree, err := loader.Open(ctx, s.load)
	s.inventory, s.tree, s.err = inv, tree, err
	if tree == s.load.Tree {
		s.tree = nil // it is closed once
	}
	if s.revision && errors.Is(err, loader.ErrNothing) {
		s.inventory, s.err = &inventory.Inventory{}, nil
	}
	if s.err != nil {
		s.err = fmt.Errorf("%s: %w", s.name, s.err)
	} else if s.commit == "" {
		s.prefix = fromHere(s.inventory.Root)
	}
}

// file is the text of a file of the state; empty when it has none.
func (s *side) file(name string) string {
	t := s.tree
	if t == nil {
		t = s.load.Tree
	}
	if t == nil {
		return ""
	}
	f, err := t.File(name)
	if err != nil {
		return ""
	}
	return f.Text
}

// sides are the two states, the revisions among them opened.
func (p *process) sides(ctx context.Context, from sources, args []string) ([]*side, error) {
	r := &revisions{p: p, ctx: ctx, from: from}
	var out []*side
	for _, name := range args {
		s, err := r.side(name)
		if err != nil {
			return out, err
		}
		out = append(out, s)
	}
	if len(out) == 2 {
		return out, nil
	}
	if !out[0].revision {
		return out, misuse("%s is a path: name what it is to be compared with, as in nixlint diff %s NEW", args[0], args[0])
	}
	now, err := r.work()
	if err != nil {
		return out, err
	}
	return append(out, now), nil
}

// revisions tells the revisions of the repository of the working directory from paths.
type revisions struct {
	p    *process
	ctx  context.Context //nolint:containedctx // it lives as long as one run
	from sources
	git  *source.Git
	root string
}

func (r *revisions) open() error {
	if r.git != nil {
		return nil
	}
	root, err := loader.FindRoot(loader.Options{Root: r.from.root})
	if err != nil {
		return loadError(err)
	}
	r.root = root
	if r.git, err = source.OpenGit(r.ctx, root, r.p.forGit()); err != nil {
		return fmt.Errorf("%w", err)
	}
	return nil
}

// side is what a name means: a path that is there, or a revision. What is both is asked for.
func (r *revisions) side(name string) (*side, error) {
	_, statErr := os.Stat(name)
	there := statErr == nil || name == "-"
	if there && (name == "-" || name == "." || strings.HasPrefix(name, "./") || strings.HasPrefix(name, "../") || filepath.IsAbs(name)) {
		return r.path(name)
	}
	err := r.open()
	if err != nil {
		if there {
			return r.path(name)
		}
		return nil, misuse("%s is no path, and no revision: %w", name, err)
	}
	id, err := r.git.Commit(name)
	switch {
	case err == nil && there:
		return nil, misuse("%s is a path and a revision: write ./%s, or for the revision refs/heads/%s or refs/tags/%s", name, name, name, name)
	case there:
		return r.path(name)
	case errors.Is(err, source.ErrShallow):
		return nil, misuse("%w; fetch the rest: `git fetch --unshallow`", err)
	case err != nil:
		return nil, misuse("%s is no path, and no revision of %s; a branch of a remote is fetched by `git fetch origin BRANCH`", name, filepath.Clean(fromHere(r.root)))
	}
	tree, err := r.git.Tree(id)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	s, err := r.revision(name, tree)
	s.commit, s.prefix = id, name+":"
	return s, err
}

func (r *revisions) path(name string) (*side, error) {
	load, err := r.from.options([]string{name})
	load.Stdin = r.p.in
	return &side{name: name, load: load}, err
}

func (r *revisions) revision(name string, tree *source.Tree) (*side, error) {
	load, err := r.from.options(nil)
	load.Root, load.Tree = r.root, tree
	return &side{name: name, revision: true, load: load}, err
}

func (r *revisions) work() (*side, error) {
	tree, err := r.git.Work()
	if err != nil {
		return nil, fmt.Errorf("%w", err)
	}
	return r.revision("the working tree", tree)
}

// compare works out what is different.
func compare(old, now *side) *report.Diff {
	a, b := old.inventory, now.inventory
	d := &report.Diff{Old: old.shown(), New: now.shown()}
	if len(a.Hosts) == 1 && len(b.Hosts) == 1 && a.Hosts[0].Name != b.Hosts[0].Name && (old.built() || now.built()) {
		d.Notices = append(d.Notices, fmt.Sprintf("the only host of each is compared: %s with %s", a.Hosts[0].Name, b.Hosts[0].Name))
		a.Hosts[0].Name = b.Hosts[0].Name
	}
	for _, s := range []*side{old, now} {
		if len(s.inventory.Hosts) == 0 {
			d.Notices = append(d.Notices, s.name+" holds nothing that could run")
		}
	}
	if old.file("flake.lock") != now.file("flake.lock") && !old.built() && !now.built() {
		d.Notices = append(d.Notices, "flake.lock differs: what its inputs bring, nixpkgs among them, may be different too, and is compared only as far as it was read")
	}
	d.Hosts, d.Changes, d.Unknown = inventory.Hosts(a, b), systemd.Diff(a, b), inventory.Unknowns(a, b)
	lines, unknown := systemd.DiffTmpfiles(a, b)
	d.Tmpfiles, d.Unknown = lines, append(d.Unknown, unknown...)
	return d
}

func (s *side) shown() report.DiffSide {
	return report.DiffSide{Name: s.name, Commit: s.commit, Prefix: s.prefix, Problems: failures(s.inventory.Problems)}
}

// built reports whether the state is a built system, whose host has the name of its folder.
func (s *side) built() bool {
	return len(s.inventory.Hosts) > 0 && s.inventory.Hosts[0].Source == "units"
}
