package eval

import (
	"context"
	"fmt"
	"path"
	"strings"
	"sync"

	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
)

// Limits bound an evaluation. What goes over them is unknown, and the run says so.
type Limits struct {
	Steps int // evaluated expressions and elements
	Depth int // nested evaluations
}

// DefaultLimits allow what a fleet of hosts needs, and end within seconds.
var DefaultLimits = Limits{Steps: 50_000_000, Depth: 6_000}

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
	for _, problem := range e.file.Problems {
		if problem.Severity == source.Failure {
			return nil, &Error{Kind: Syntax, Span: problem.Span, Message: problem.Message}
		}
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
	Foreign func(name string) (Value, bool)
	// Root is the text of the path of the tree; by default the place that a flake has in the store.
	Root string
	// Trace receives what builtins.trace and warn say; nil drops it.
	Trace func(msg string)

	ctx     context.Context //nolint:containedctx // an Interp lives as long as one run
	limits  Limits
	steps   int
	depth   int
	imports map[string]*Thunk
	conds   map[condKey]*Condition
	globals map[string]Value
}

// New returns an interpreter over p.
func New(ctx context.Context, p *Program, limits Limits) *Interp {
	in := &Interp{Program: p, ctx: ctx, limits: limits, imports: map[string]*Thunk{}, conds: map[condKey]*Condition{}}
	in.globals = baseEnv()
	return in
}

// step counts work, and ends it when there was too much of it or the run was cancelled.
func (in *Interp) step() error {
	in.steps++
	if in.steps&0x3ff == 0 {
		if err := in.ctx.Err(); err != nil {
			return fmt.Errorf("evaluation: %w", err)
		}
	}
	if in.steps > in.limits.Steps {
		return fail(Limit, source.Span{}, "limit reached: more than %d evaluation steps", in.limits.Steps)
	}
	return nil
}

func (in *Interp) enter(at source.Span) error {
	in.depth++
	if in.depth > in.limits.Depth {
		return fail(Limit, at, "limit reached: evaluation nested more than %d deep", in.limits.Depth)
	}
	return in.step()
}

// Expr evaluates a parsed and resolved expression.
func (in *Interp) Expr(f *syntax.File) (Value, error) {
	for _, problem := range f.Problems {
		if problem.Severity == source.Failure {
			return nil, &Error{Kind: Syntax, Span: problem.Span, Message: problem.Message}
		}
	}
	return in.eval(compile(f), nil)
}

// Import is import of a path of the tree: the value of the file, or of its default.nix. It is evaluated once.
func (in *Interp) Import(name string, at source.Span) (Value, error) {
	if strings.HasPrefix(name, "/") {
		return NewUnknown("it is read from "+name+", outside of the root", at), nil
	}
	if info, err := in.Program.Tree.Stat(name); err == nil && info.IsDir() {
		name = path.Join(name, "default.nix")
	}
	t, ok := in.imports[name]
	if !ok {
		code, err := in.Program.compiled(name)
		if err != nil {
			return nil, in.readError(err, name, at)
		}
		t = &Thunk{code: code}
		in.imports[name] = t
	}
	v, err := in.Force(t)
	if err != nil {
		return nil, wrap(err, at, "imported")
	}
	return v, nil
}

// Thunk is a value that is computed when it is first needed.
type Thunk struct {
	code  node
	env   *env
	fn    func() (Value, error)
	val   Value
	err   error
	state uint8
}

const (
	pending uint8 = iota
	forcing
	done
)

// Lazy is a thunk that calls fn when it is forced.
func Lazy(fn func() (Value, error)) *Thunk { return &Thunk{fn: fn} }

// Span is the expression that a value was delayed as; the zero span when it is not known.
func Span(v Value) source.Span {
	switch v := v.(type) {
	case *Thunk:
		if v.code != nil {
			return v.code.span()
		}
		if v.state == done && v.val != nil {
			return Span(v.val)
		}
	case *String:
		return v.Span()
	case *Set:
		return v.Home
	case *Lambda:
		return v.code.span()
	case *Unknown:
		return v.Span
	}
	return source.Span{}
}

// Force brings a value to weak head normal form.
func (in *Interp) Force(v Value) (Value, error) {
	t, ok := v.(*Thunk)
	if !ok {
		return v, nil
	}
	return t.force(in)
}

func (t *Thunk) force(in *Interp) (Value, error) {
	switch t.state {
	case done:
		return t.val, t.err
	case forcing:
		return nil, fail(Recursion, Span(t), "infinite recursion")
	}
	t.state = forcing
	depth := in.depth
	err := in.enter(Span(t))
	var v Value
	if err == nil {
		if t.fn != nil {
			v, err = t.fn()
		} else {
			v, err = t.code.eval(in, t.env)
		}
		if err == nil {
			v, err = in.Force(v)
		}
	}
	in.depth = depth
	if err != nil {
		if u, ok := undetermined(err); ok && u != nil {
			// Not remembered: outside of this cycle, or with more depth left, it may be known.
			t.state = pending
			return nil, err
		}
		t.err = err
	}
	t.val, t.state = v, done
	t.env, t.fn = nil, nil
	return v, err
}

// env is a frame of variables.
type env struct {
	up    *env
	slots []Value
	with  Value // the scope of a with, for a frame that has no slots
}

func (in *Interp) eval(n node, e *env) (Value, error) {
	v, err := n.eval(in, e)
	if err != nil {
		return nil, err
	}
	return in.Force(v)
}

// Call applies a function.
func (in *Interp) Call(fn Value, args ...Value) (Value, error) {
	for _, arg := range args {
		f, err := in.Force(fn)
		if err != nil {
			return nil, err
		}
		fn, err = in.call(f, arg, source.Span{})
		if err != nil {
			return nil, err
		}
	}
	return in.Force(fn)
}

// call applies a function in weak head normal form to one argument.
func (in *Interp) call(fn, arg Value, at source.Span) (Value, error) {
	switch f := fn.(type) {
	case *Lambda:
		depth := in.depth
		if err := in.enter(at); err != nil {
			in.depth = depth
			return nil, err
		}
		e, err := in.bind(f, arg, at)
		var v Value
		if err == nil {
			v, err = f.code.body.eval(in, e)
			if err == nil {
				v, err = in.Force(v)
			}
		}
		in.depth = depth
		if err != nil {
			return nil, wrap(err, at, "called")
		}
		return v, nil
	case *Builtin:
		args := append(f.args[:len(f.args):len(f.args)], arg)
		if len(args) < f.Arity {
			return &Builtin{Primitive: f.Primitive, args: args}, nil
		}
		v, err := in.apply(f.Primitive, args)
		if err != nil {
			return nil, wrap(err, at, "called "+f.Name)
		}
		return v, nil
	case *Set:
		if self := f.Find("__functor"); self != nil {
			v, err := in.Call(self.Val, f, arg)
			if err != nil {
				return nil, wrap(err, at, "called")
			}
			return v, nil
		}
	case External:
		return f.Call(in, arg)
	case *Unknown:
		return f, nil
	case *Choice:
		return in.spread(f, func(f Value) (Value, error) { return in.call(f, arg, at) })
	}
	return nil, fail(TypeError, at, "attempt to call something which is not a function but %s", describe(fn))
}

// apply calls a primitive with all its arguments.
func (in *Interp) apply(p *Primitive, args []Value) (Value, error) {
	for i := range args {
		if p.Strict&(1<<i) == 0 {
			continue
		}
		v, err := in.Force(args[i])
		if err != nil {
			return nil, err
		}
		if !p.Raw {
			switch c := v.(type) {
			case *Unknown:
				return c, nil
			case *Choice:
				return in.spread(c, func(v Value) (Value, error) {
					again := append([]Value(nil), args...)
					again[i] = v
					return in.apply(p, again)
				})
			}
		}
		args[i] = v
	}
	if err := in.step(); err != nil {
		return nil, err
	}
	v, err := p.Fn(in, args)
	if err != nil {
		return nil, err
	}
	return in.Force(v)
}

// bind makes the frame of a call.
func (in *Interp) bind(f *Lambda, arg Value, at source.Span) (*env, error) {
	c := f.code
	if c.formals == nil {
		return &env{up: f.env, slots: []Value{arg}}, nil
	}
	v, err := in.Force(arg)
	if err != nil {
		return nil, err
	}
	e := &env{up: f.env, slots: make([]Value, c.slots)}
	base := 0
	if c.hasArg {
		e.slots[0] = arg
		base = 1
	}
	if u, ok := v.(*Unknown); ok {
		for i := range c.formals {
			e.slots[base+i] = u
		}
		return e, nil
	}
	set, err := in.Set(v, at)
	if err != nil {
		return nil, err
	}
	matched := 0
	for i := range c.formals {
		formal := &c.formals[i]
		a := set.Find(formal.name)
		switch {
		case a != nil && len(a.When) == 0:
			e.slots[base+i] = a.Val
			matched++
			continue
		case a == nil && formal.def == nil && set.Open == nil:
			return nil, fail(Missing, at, "function at %s is called without its argument %q", c.at, formal.name)
		}
		var def Value
		if formal.def != nil {
			def = formal.def.delay(in, e)
		} else if set.Open != nil {
			def = set.Open
		}
		switch {
		case a != nil:
			matched++
			if def == nil {
				e.slots[base+i] = a.Val
			} else {
				e.slots[base+i] = &Choice{Alts: []Alt{{a.When, a.Val}, {a.When.Negate(), def}}}
			}
		case set.Open != nil && formal.def != nil:
			c := in.conditionAt(set.Open, formal.at)
			e.slots[base+i] = &Choice{Alts: []Alt{{Conds{{c, true}}, def}, {Conds{{c, false}}, set.Open}}}
		default:
			e.slots[base+i] = def
		}
	}
	if !c.ellipsis && matched < len(set.Attrs) {
		for _, a := range set.Attrs {
			if len(a.When) == 0 && !c.takes(a.Name) {
				return nil, fail(TypeError, at, "function at %s is called with an argument it does not take, %q", c.at, a.Name)
			}
		}
	}
	return e, nil
}

// FunctionArgs are the names a function takes, and whether each has a default; false for what takes no set pattern.
func FunctionArgs(fn Value) (names []string, hasDefault []bool, ok bool) {
	f, isLambda := fn.(*Lambda)
	if !isLambda || f.code.formals == nil {
		return nil, nil, false
	}
	for _, formal := range f.code.formals {
		names = append(names, formal.name)
		hasDefault = append(hasDefault, formal.def != nil)
	}
	return names, hasDefault, true
}
