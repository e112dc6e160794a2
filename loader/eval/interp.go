package eval

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
)

// Program holds the files of a tree, parsed and compiled once. It is safe for concurrent use; each goroutine has its own
// Interp over it.
type Program struct {
	Tree *source.Tree

	mu    sync.Mutex
	files map[string]*entry
}

type entry struct {
	once sync.Once
	file *syntax.File
	code node
	err  error
}

// NewProgram is a program over the files of tree.
func NewProgram(tree *source.Tree) *Program {
	return &Program{Tree: tree, files: map[string]*entry{}}
}

// File parses a file of the tree, once.
func (p *Program) File(name string) (*syntax.File, error) {
	e := p.load(name)
	return e.file, e.err
}

// Files are the files that were read so far, by path.
func (p *Program) Files() map[string]*syntax.File {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make(map[string]*syntax.File, len(p.files))
	for name, e := range p.files {
		if e.file != nil {
			out[name] = e.file
		}
	}
	return out
}

func (p *Program) load(name string) *entry {
	p.mu.Lock()
	e, ok := p.files[name]
	if !ok {
		e = &entry{}
		p.files[name] = e
	}
	p.mu.Unlock()
	e.once.Do(func() {
		src, err := p.Tree.File(name)
		if err != nil {
			e.err = err
			return
		}
		e.file = syntax.Parse(src)
		syntax.Resolve(e.file)
	})
	return e
}

// compiled is the code of a file; an error for one that does not parse.
func (p *Program) compiled(name string) (node, error) {
	e := p.load(name)
	if e.err != nil {
		return nil, e.err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if e.code != nil {
		return e.code, nil
	}
	if err := refused(e.file); err != nil {
		return nil, err
	}
	if len(e.file.Problems) > 0 {
		problem := e.file.Problems[0]
		return nil, &Error{Kind: Syntax, Span: problem.Span, Message: "not a Nix file: " + problem.Message}
	}
	e.code = compile(e.file)
	return e.code, nil
}

// Interp evaluates. It is not safe for concurrent use.
type Interp struct {
	Program *Program
	// Search resolves <name>; nil or false makes it unknown.
	Search func(name string) (Value, bool)
	// Foreign is what is imported from a path outside of the tree, as its text stands in strings; nil or false makes it unknown.
	Foreign func(text *String) (Value, bool)
	// Root is the text of the path of the tree; by default the place that a flake has in the store.
	Root string
	// Features are the experimental features of Nix that are on: parse-toml-timestamps is one that is known here.
	Features map[string]bool
	// Trace receives what builtins.trace and warn say; nil drops it.
	Trace func(msg string)

	ctx         context.Context //nolint:containedctx // an Interp lives as long as one run
	limits      Limits
	steps       int // taken, in whole ticks
	fuel        int // steps left in this tick
	calls       int // nested calls
	nested      int // nested evaluations
	taken       int // bytes of large values since the last look at the heap
	open        int // nested undecided conditions
	assumed     int // undecided assertions taken to hold
	imports     map[string]*Thunk
	importing   int                  // files that scopedImport is evaluating
	loading     []string             // files that import is evaluating, the outermost first
	copies      map[Path]*String     // of paths to the store
	origins     map[*Derivation]Path // the other way round
	patterns    map[string]*pattern
	conds       map[condKey]*Condition
	derivations map[string]*Set // what derivationStrict made of equal arguments
	globals     map[string]Value
	reached     error            // see limit
	left        []source.Problem // see outside
}

// New returns an interpreter over p.
func New(ctx context.Context, p *Program, limits Limits) *Interp {
	in := &Interp{
		Program: p, ctx: ctx, limits: limits, imports: map[string]*Thunk{}, conds: map[condKey]*Condition{}, copies: map[Path]*String{},
		derivations: map[string]*Set{},
	}
	in.globals = baseEnv()
	return in
}

// Expr evaluates a parsed and resolved expression.
func (in *Interp) Expr(f *syntax.File) (Value, error) { return in.Run(Compile(f)) }

// Code is an expression ready to be evaluated, by any number of interpreters at once.
type Code struct {
	root node
	err  error
}

// Compile makes the code of a parsed and resolved expression.
func Compile(f *syntax.File) *Code {
	if err := refused(f); err != nil {
		return &Code{err: err}
	}
	return &Code{root: compile(f)}
}

// Run evaluates code.
func (in *Interp) Run(c *Code) (Value, error) {
	if c.err != nil {
		return nil, c.err
	}
	return in.eval(c.root, nil)
}

// refused is the first problem of a file that does not parse.
func refused(f *syntax.File) error {
	for _, problem := range f.Problems {
		if problem.Severity == source.Failure {
			return &Error{Kind: Syntax, Span: problem.Span, Message: problem.Message}
		}
	}
	return nil
}

// fileOf is the file that importing a path reads: of a folder, its default.nix.
func (in *Interp) fileOf(name string) (string, error) {
	info, err := in.Program.Tree.Stat(name)
	if err == nil && info.IsDir() {
		return path.Join(name, "default.nix"), nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		return name, err //nolint:wrapcheck // the caller says it in the user's terms
	}
	return name, nil
}

// Import is import of a path of the tree: the value of the file, or of its default.nix. It is evaluated once.
func (in *Interp) Import(name string, at source.Span) (Value, error) {
	if strings.HasPrefix(name, "/") {
		return in.outside("it is read from "+name+", outside of the root", at), nil
	}
	name, err := in.fileOf(name)
	if err != nil {
		return nil, in.readError(err, name, at)
	}
	t, ok := in.imports[name]
	if !ok {
		code, err := in.Program.compiled(name)
		if err != nil {
			return nil, in.readError(err, name, at)
		}
		t = &Thunk{code: code, val: (*env)(nil)}
		in.imports[name] = t
	}
	if _, loading := t.val.(forcing); loading {
		return nil, in.importCycle(name, at)
	}
	in.loading = append(in.loading, name)
	v, err := in.Force(t)
	in.loading = in.loading[:len(in.loading)-1]
	if err != nil {
		return nil, wrap(err, at, "imported")
	}
	return v, nil
}

// importCycle is the error of a file that is imported for its own value: it names those in between.
func (in *Interp) importCycle(name string, at source.Span) error {
	members := in.loading[max(0, slices.Index(in.loading, name)):]
	return fail(Cycle, at, "files import each other without end: %s → %s", strings.Join(members, " → "), name)
}
