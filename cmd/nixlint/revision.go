package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/checks/config"
	"github.com/nixlint/nixlint/loader"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
)

// revision is the state of the repository that a change is compared with, and the one with the change, both as git has them.
type revision struct {
	git       *source.Git
	root      string // of what is judged
	load      loader.Options
	id        string
	base, now *source.Tree
	notices   []inventory.Problem
}

// revision opens the merge base of HEAD and a revision.
func (p *process) revision(ctx context.Context, opts loader.Options, rev string) (*revision, error) {
	root, err := loader.FindRoot(opts)
	if err != nil {
		return nil, loadError(err)
	}
	g, err := source.OpenGit(ctx, root, p.forGit())
	if err != nil {
		return nil, misuse("--new-from-merge-base: %w", err)
	}
	id, err := g.MergeBase(rev)
	if err != nil {
		return nil, mergeBaseError(rev, err)
	}
	r := &revision{git: g, root: root, load: opts, id: id}
	var wg sync.WaitGroup
	var nowErr error
	wg.Go(func() { r.now, nowErr = g.Work() })
	r.base, err = g.Tree(id)
	wg.Wait()
	if err := errors.Join(err, nowErr); err != nil {
		r.close()
		return nil, fmt.Errorf("--new-from-merge-base: %w", err)
	}
	return r, nil
}

// forGit is what git gets of the environment: where programs are, and whose settings say which folders are safe.
func (p *process) forGit() []string {
	var env []string
	for _, name := range []string{"PATH", "HOME", "XDG_CONFIG_HOME"} {
		if v, ok := p.env(name); ok {
			env = append(env, name+"="+v)
		}
	}
	return env
}

// mergeBaseError says what to do about it: what cannot be compared is never clean.
func mergeBaseError(rev string, err error) error {
	switch {
	case errors.Is(err, source.ErrNoRevision):
		return misuse("--new-from-merge-base %s: %w; fetch it: `git fetch origin BRANCH`, or in a workflow check out with `fetch-depth: 0`", rev, err)
	case errors.Is(err, source.ErrShallow):
		return misuse("--new-from-merge-base %s: %w; fetch the rest: `git fetch --unshallow`, or in a workflow check out with `fetch-depth: 0`", rev, err)
	case errors.Is(err, source.ErrUnrelated):
		return misuse("--new-from-merge-base %s: %w; name the branch that this one started from", rev, err)
	}
	return misuse("--new-from-merge-base %s: %w", rev, err)
}

func (r *revision) close() {
	for _, t := range []*source.Tree{r.base, r.now} {
		if t != nil {
			t.Close() //nolint:errcheck // read only
		}
	}
}

// configuration is that of the merge base: what a change says of itself does not judge it. The one of the change has been read, so
// that a wrong one is found before it lands. Users are the rules that --rules names.
func (r *revision) configuration(now *configuration, users *userRules) (*configuration, error) {
	whole := r.base
	if r.git.Way() != "" {
		var err error
		if whole, err = r.git.Whole(r.id); err != nil {
			return nil, fmt.Errorf("%w", err)
		}
		defer whole.Close() //nolint:errcheck // read only
	}
	if err := now.right(users); err != nil {
		return nil, err
	}
	top := r.git.Top()
	c, err := config.Find(whole, relativeTo(top, now.dir), r.id[:min(12, len(r.id))]+":")
	if err != nil {
		return nil, misuse("the configuration of the merge base: %w", err)
	}
	out := located(c, r.root, top)
	out.dir, out.compares = now.dir, true
	out.open = func(do func(fs.FS) error) error {
		t, err := r.git.Whole(r.id)
		if err != nil {
			return fmt.Errorf("%w", err)
		}
		defer t.Close() //nolint:errcheck // read only
		return do(t.FS())
	}
	if c.Path != "" {
		out.shown = r.id[:min(12, len(r.id))] + ":" + c.Path
	}
	if c.Path != now.Path || c.Text() != now.Text() {
		r.notices = append(r.notices, inventory.Problem{
			Severity: source.Notice.String(),
			Message:  "this change alters " + config.Name + ": it is judged by that of the merge base, so that it cannot excuse itself; the new one holds from the next change on",
		})
	}
	return out, nil
}

// judge judges the merge base, while something else is done; the function that it returns waits for it.
func (r *revision) judge(ctx context.Context, j *judgement) func() (checks.Before, error) {
	type answer struct {
		done *judged
		err  error
	}
	ready := make(chan answer, 1)
	go func() {
		done, err := j.judge(ctx, loader.Options{Root: r.root, Tree: r.base, Inputs: r.load.Inputs, UseStore: r.load.UseStore})
		ready <- answer{done, err}
	}()
	return func() (checks.Before, error) {
		a := <-ready
		if errors.Is(a.err, loader.ErrNothing) {
			return checks.Before{Result: &checks.Result{}, Inventory: &inventory.Inventory{}, Notices: r.notices}, nil
		}
		if a.err != nil {
			return checks.Before{}, fmt.Errorf("the merge base: %w", a.err)
		}
		b := checks.Before{Result: a.done.result, Inventory: a.done.inventory, Notices: r.notices}
		if n := len(failures(b.Inventory.Problems)); n > 0 {
			b.Notices = append(b.Notices, inventory.Problem{
				Severity: source.Notice.String(),
				Message:  fmt.Sprintf("%d places of the merge base could not be judged: what is found there now counts as new", n),
			})
		}
		return b, nil
	}
}
