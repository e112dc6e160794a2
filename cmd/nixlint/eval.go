package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nixlint/nixlint/loader"
	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
)

// evaluation is what the flags of eval say.
type evaluation struct {
	json, parse, strict bool
	expr, path          string
	exprs, strs, search []string // NAME=TEXT
}

func evalCommand(p *process) *cobra.Command {
	var e evaluation
	cmd := &cobra.Command{
		Use:   "eval [FILE]",
		Short: "Evaluate Nix as check does, to compare with real Nix",
		Long: `eval prints the value of a Nix file or expression, all of it, as nix-instantiate --eval --strict does. Exit status 3 when it does
not parse, fails, or holds something that cannot be known; the reason is on standard error.`,
		Hidden:             true,
		DisableFlagParsing: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			cmd.DisableFlagParsing = false
			if err := cmd.ParseFlags(pairs(args)); err != nil {
				return flagError(cmd, err)
			}
			if help, err := cmd.Flags().GetBool("help"); err == nil && help {
				return cmd.Help()
			}
			return p.eval(cmd.Context(), &e, cmd.Flags().Args())
		},
	}
	cmd.Flags().BoolVar(&e.json, "json", false, "print JSON")
	cmd.Flags().BoolVar(&e.parse, "parse", false, "print the expression as it was understood, without evaluating it")
	cmd.Flags().BoolVar(&e.strict, "strict", true, "evaluate lists and sets inside of the value")
	cmd.Flags().StringVarP(&e.expr, "expr", "E", "", "the expression, instead of a file")
	cmd.Flags().StringVarP(&e.path, "attr", "A", "", "attribute `path` in the value")
	cmd.Flags().StringArrayVar(&e.exprs, "arg", nil, "`NAME EXPR`: an argument for a function that takes a set; repeatable")
	cmd.Flags().StringArrayVar(&e.strs, "argstr", nil, "`NAME TEXT`: likewise, a string; repeatable")
	cmd.Flags().StringArrayVarP(&e.search, "include", "I", nil, "`NAME=PATH`, where <NAME> is found; repeatable")
	return cmd
}

// pairs joins the two words after --arg and --argstr into one, NAME=TEXT.
func pairs(args []string) []string {
	var out []string
	for i := 0; i < len(args); i++ {
		if (args[i] == "--arg" || args[i] == "--argstr") && i+2 < len(args) {
			out = append(out, args[i]+"="+args[i+1]+"="+args[i+2])
			i += 2
			continue
		}
		out = append(out, args[i])
	}
	return out
}

func (p *process) eval(ctx context.Context, e *evaluation, files []string) error {
	debug.SetGCPercent(400) // a short run: time before memory
	if (e.expr == "") == (len(files) == 0) || len(files) > 1 {
		return misuse("nixlint eval needs a FILE or -E EXPR; nixlint eval --help says more")
	}
	in, done, err := p.interpreter(ctx, e, files)
	if err != nil {
		return err
	}
	defer done()
	f, err := expression(in, e, files)
	if err != nil {
		return unjudgedError(err)
	}
	var text string
	if e.parse {
		text = syntax.Print(f, filepath.Join(in.Root, filepath.Dir(f.Source.Path)), "")
	} else if text, err = in.evaluate(f, e); err != nil {
		return unjudgedError(err)
	}
	_, err = fmt.Fprintln(p.out, text)
	return err
}

// interpreter is an eval.Interp with what is relative to the folder of the command.
type interpreter struct {
	*eval.Interp
	here string // the folder, relative to the root
}

// interpreter opens the folder that everything lies in: the root of the file, widened to what -I names.
func (p *process) interpreter(ctx context.Context, e *evaluation, files []string) (*interpreter, func(), error) {
	root, err := loader.FindRoot(loader.Options{Paths: files})
	if err != nil {
		return nil, nil, loadError(err)
	}
	var search []eval.SearchEntry
	for _, s := range e.search {
		prefix, path, ok := strings.Cut(s, "=")
		if !ok {
			prefix, path = "", s
		}
		if path, err = filepath.Abs(path); err != nil {
			return nil, nil, fmt.Errorf("%w", err)
		}
		root = common(root, path)
		search = append(search, eval.SearchEntry{Prefix: prefix, Path: path})
	}
	here, err := filepath.Abs(".")
	if err != nil {
		return nil, nil, fmt.Errorf("%w", err)
	}
	tree, err := source.OpenTree(root)
	if err != nil {
		return nil, nil, fmt.Errorf("%w", err)
	}
	in := eval.New(ctx, eval.NewProgram(tree), eval.DefaultLimits)
	in.Root = filepath.ToSlash(root)
	in.Trace = func(msg string) { fmt.Fprintln(p.err, msg) }
	in.SearchIn(search)
	return &interpreter{in, relativeTo(root, here)}, func() { tree.Close() }, nil //nolint:errcheck // read only
}

func relativeTo(root, path string) string {
	rel, err := filepath.Rel(root, path)
	if err != nil {
		return filepath.ToSlash(path)
	}
	return filepath.ToSlash(rel)
}

// common is the innermost folder that holds both.
func common(a, b string) string {
	for {
		if rel, err := filepath.Rel(a, b); err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
			return a
		}
		a = filepath.Dir(a)
	}
}

// expression is what is to be evaluated, parsed.
func expression(in *interpreter, e *evaluation, files []string) (*syntax.File, error) {
	f := in.parse(e.expr)
	if e.expr == "" {
		path, err := nixFile(files[0])
		if err != nil {
			return nil, err
		}
		if f, err = in.Program.File(relativeTo(in.Root, path)); err != nil {
			return nil, fmt.Errorf("%w", err)
		}
	}
	var problems []error
	for _, problem := range f.Problems {
		problems = append(problems, problem)
	}
	return f, errors.Join(problems...)
}

// nixFile is a path as it is on disk: of a folder, its default.nix.
func nixFile(name string) (string, error) {
	path, err := filepath.Abs(name)
	if err == nil {
		path, err = filepath.EvalSymlinks(path)
	}
	if err != nil {
		return "", fmt.Errorf("%w", err)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, "default.nix")
	}
	return path, nil
}

// parse reads text from the command line, whose relative paths start where the command runs.
func (in *interpreter) parse(text string) *syntax.File {
	f := syntax.Parse(source.NewFile(in.here+"/«command line»", text))
	syntax.Resolve(f)
	return f
}

func (in *interpreter) evaluate(f *syntax.File, e *evaluation) (string, error) {
	args, err := in.args(e)
	if err != nil {
		return "", err
	}
	v, err := in.Expr(f)
	if err == nil {
		v, err = in.At(v, e.path, args)
	}
	if err != nil {
		return "", err //nolint:wrapcheck // an evaluation error carries its own places
	}
	if e.json {
		s, err := in.JSON(v, source.Span{})
		if err != nil {
			return "", err //nolint:wrapcheck // likewise
		}
		return s.S, unknownError(s.Opaque())
	}
	text, open, err := in.Print(v, e.strict)
	if err != nil {
		return "", err //nolint:wrapcheck // likewise
	}
	return text, unknownError(open)
}

func (in *interpreter) args(e *evaluation) (*eval.Set, error) {
	var attrs []eval.Attr
	for _, s := range e.strs {
		name, text, _ := strings.Cut(s, "=")
		attrs = append(attrs, eval.Attr{Name: name, Val: eval.Str(text)})
	}
	for _, s := range e.exprs {
		name, text, _ := strings.Cut(s, "=")
		v, err := in.Expr(in.parse(text))
		if err != nil {
			return nil, err //nolint:wrapcheck // an evaluation error carries its own places
		}
		attrs = append(attrs, eval.Attr{Name: name, Val: v})
	}
	return eval.NewSet(attrs...), nil
}

func unknownError(u *eval.Unknown) error {
	if u == nil {
		return nil
	}
	if u.Span.Valid() {
		return fmt.Errorf("%s: unknown: %s", u.Span, u.Why)
	}
	return fmt.Errorf("unknown: %s", u.Why)
}

func unjudgedError(err error) error { return &statusError{code: unjudged, err: err} }
