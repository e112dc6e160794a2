package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nixlint/nixlint/checks"
	"github.com/nixlint/nixlint/checks/analyze"
	"github.com/nixlint/nixlint/checks/config"
	"github.com/nixlint/nixlint/checks/policy"
	"github.com/nixlint/nixlint/loader"
	"github.com/nixlint/nixlint/loader/inventory"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/policies"
)

// configuration is a .nixlint.yaml and where it lies.
type configuration struct {
	*config.Config
	shown string // its path as a person would name it; empty when there is none
	way   string // from the root of what is judged to its folder: "", "../" or "hosts/web/"
	back  string // from its folder to the root
	dir   string // the folder that it was looked for from
	// open hands over the repository that it was found in, for its folders of rules.
	open func(do func(fs.FS) error) error
	// compares says that two states of the repository are judged: a host may be in one of them only.
	compares bool
}

// configure finds the configuration of what is judged: the nearest .nixlint.yaml from the paths upward, to the top of the git
// repository, or to the root where there is none. Named is a file to take instead.
func configure(opts loader.Options, named string) (*configuration, error) {
	root, err := loader.FindRoot(opts)
	if err != nil {
		return nil, loadError(err)
	}
	top := root
	if way := fromRepository(root); way != "" {
		top = filepath.Clean(filepath.Join(root, strings.Repeat("../", strings.Count(way, "/"))))
	}
	if named != "" {
		return configureFrom(root, named)
	}
	tree, err := source.OpenTree(top)
	if err != nil {
		return nil, fmt.Errorf("%w", err)
	}
	defer tree.Close() //nolint:errcheck // read only
	var out *configuration
	for _, dir := range folders(root, opts.Paths) {
		c, err := config.Find(tree, relativeTo(top, dir), fromHere(top))
		if err != nil {
			return nil, misuse("%w", err)
		}
		if out != nil && out.Path != c.Path {
			return nil, misuse("the paths have different configurations, %s and %s: check them one by one, or name one with --config",
				orNone(out.Path), orNone(c.Path))
		}
		out = located(c, root, top)
		out.dir = dir
		out.open = func(do func(fs.FS) error) error { return inFolder(top, do) }
	}
	return out, nil
}

func orNone(path string) string {
	if path == "" {
		return "none"
	}
	return path
}

func located(c *config.Config, root, top string) *configuration {
	out := &configuration{Config: c}
	if c.Path != "" {
		out.shown = fromHere(top) + c.Path
		dir := filepath.Join(top, filepath.FromSlash(path.Dir(c.Path)))
		out.way, out.back = folder(relativeTo(root, dir)), relativeTo(dir, root)
	}
	return out
}

// folder is a path to put before names in it.
func folder(way string) string {
	if way == "." {
		return ""
	}
	return way + "/"
}

// configureFrom reads a configuration that the user names.
func configureFrom(root, named string) (*configuration, error) {
	f, err := readFile(named)
	if err != nil {
		return nil, err
	}
	c, err := config.Read(f)
	if err != nil {
		return nil, misuse("%w", err)
	}
	dir, err := filepath.Abs(filepath.Dir(named))
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("%w", err)
	}
	c.Path = filepath.Base(named)
	return &configuration{
		Config: c, shown: named, way: folder(relativeTo(root, dir)), back: relativeTo(dir, root),
		open: func(do func(fs.FS) error) error { return inFolder(dir, do) },
	}, nil
}

// readFile reads a file that the user names on the command line.
func readFile(name string) (*source.File, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, misuse("%s does not exist", name)
	case err != nil:
		return nil, misuse("%w", err)
	case info.IsDir() || info.Size() > source.MaxFile:
		return nil, misuse("%s is no file that can be read", name)
	}
	text, err := os.ReadFile(filepath.Clean(name))
	if err != nil {
		return nil, misuse("%w", err)
	}
	return source.NewFile(name, string(text)), nil
}

// folders are where the paths lie, without symbolic links; the root, or the working directory, when there are none.
func folders(root string, paths []string) []string {
	if len(paths) == 0 {
		here, err := filepath.Abs(".")
		if err == nil {
			here, err = filepath.EvalSymlinks(here)
		}
		if err != nil || !within(root, here) {
			return []string{root}
		}
		return []string{here}
	}
	var out []string
	for _, p := range paths {
		at, err := nearest(p)
		if err != nil || !within(root, at) {
			at = root // the loader says what is wrong with it
		}
		if !slices.Contains(out, at) {
			out = append(out, at)
		}
	}
	return out
}

func nearest(p string) (string, error) {
	at, err := filepath.Abs(p)
	if err == nil {
		at, err = filepath.EvalSymlinks(at)
	}
	if err != nil {
		return "", fmt.Errorf("%w", err)
	}
	if info, err := os.Stat(at); err == nil && !info.IsDir() {
		at = filepath.Dir(at)
	}
	return at, nil
}

// within reports whether a path is a folder or lies in it.
func within(dir, path string) bool {
	way := relativeTo(dir, path)
	return way != ".." && !strings.HasPrefix(way, "../")
}

// known is what configurations can name.
func known(users []checks.Rule) (config.Known, error) {
	k := config.Known{Profiles: map[string]config.Profile{}, Site: policies.Site(), Reads: policies.Reads}
	for _, rule := range slices.Concat(policy.Rules(), analyze.Rules()) {
		k.Rules = append(k.Rules, rule.ID)
	}
	for _, rule := range users {
		k.Rules = append(k.Rules, rule.ID)
	}
	for _, rule := range checks.OwnRules() {
		k.Rules, k.Own = append(k.Rules, rule.ID), append(k.Own, rule.ID)
	}
	slices.Sort(k.Rules)
	for _, name := range policies.Profiles() {
		data, err := policies.Profile(name)
		if err != nil {
			return k, fmt.Errorf("%w", err)
		}
		p := config.Profile{Description: data.Description, Rules: map[string]config.Rule{}}
		for id, level := range data.Rules {
			p.Rules[id] = config.Rule{Level: checks.Level(level.Level), Minor: checks.Level(level.Minor), Unknown: level.Unknown}
		}
		k.Profiles[name] = p
	}
	return k, nil
}

// resolve works out the rules of a profile: a name, or a file of YAML or JSON. It returns the name that was taken.
func (c *configuration) resolve(named string, users []checks.Rule) (*config.Judgement, string, error) {
	k, err := known(users)
	if err != nil {
		return nil, "", err
	}
	if named == "" {
		named = c.Policy
	}
	if named == "" {
		named = "baseline"
	}
	var j *config.Judgement
	if isFile(named) {
		var f *source.File
		if f, err = readFile(named); err != nil {
			return nil, "", err
		}
		var p config.Profile
		if p, err = config.ReadProfile(f); err == nil {
			j, err = c.ResolveProfile(p, k)
		}
	} else {
		j, err = c.Resolve(named, k)
	}
	if err != nil {
		return nil, "", misuse("%w", err)
	}
	return j, named, nil
}

// isFile tells a profile's file from its name.
func isFile(policy string) bool {
	return strings.ContainsAny(policy, `/\`) || slices.Contains([]string{".yaml", ".yml", ".json"}, filepath.Ext(policy))
}

// from is a path of the root as the configuration would name it: from its own folder. What lies beside that starts
// with "../", which no glob matches.
func (c *configuration) from(file string) string {
	if c.way == "" || strings.HasPrefix(c.way, "../") {
		return path.Join(c.back, file)
	}
	if rest, ok := strings.CutPrefix(file, c.way); ok {
		return rest
	}
	return "../" + file
}

// options are what the configuration says of a run.
func (c *configuration) options(j *config.Judgement) checks.Options {
	o := checks.Options{Rules: j.Rules}
	for i := range c.Waivers {
		w := &c.Waivers[i]
		at := inventory.At(w.At)
		at.File = path.Clean(c.way + path.Base(c.Path))
		o.Waivers = append(o.Waivers, checks.Waiver{
			Rule: w.Rule, Reason: w.Reason, Owner: w.Owner, Expires: w.Expires, At: at,
			Covers: func(unit, file string) bool { return w.Covers(unit, c.from(file)) },
		})
	}
	for _, l := range c.Locked {
		o.Locked = append(o.Locked, l.Value)
	}
	if len(c.Exclude) > 0 {
		o.Excluded = func(file string) bool { return c.Excluded(c.from(file)) }
	}
	return o
}

// narrow leaves out the hosts and files that the configuration does not want judged.
func (c *configuration) narrow(inv *inventory.Inventory, o *checks.Options) (left int, err error) {
	if len(c.Hosts) == 0 && len(c.Exclude) == 0 {
		return 0, nil
	}
	var names []string
	for i := range inv.Hosts {
		if inv.Hosts[i].Source != "loose" {
			names = append(names, inv.Hosts[i].Name)
		}
	}
	if name, at := c.UnmatchedHost(names); name != "" && !c.compares {
		hint := ""
		if near := checks.Nearest(name, names); near != "" {
			hint = ": did you mean " + near + "?"
		}
		return 0, misuse("%s: there is no host %q%s", at, name, hint)
	}
	partly := map[string]bool{}
	for i := range inv.Files {
		f := &inv.Files[i]
		partly[f.Path] = slices.ContainsFunc(f.Hosts, func(h string) bool { return !c.HasHost(h) })
	}
	inv.Narrow(c.HasHost, func(file string) bool { return c.Excluded(c.from(file)) })
	o.Partly = func(file string) bool { return partly[file] }
	if len(inv.Hosts) == 0 {
		if c.compares {
			return 0, nil
		}
		return 0, misuse("%s leaves nothing to judge: look at hosts and exclude there", c.shown)
	}
	stay := slices.ContainsFunc(inv.Hosts, func(h inventory.Host) bool { return h.Source == "loose" })
	left = len(names) - len(inv.Hosts)
	if stay {
		left++
	}
	return left, nil
}
