package eval

import (
	"strings"

	"github.com/nixlint/nixlint/loader/source"
	"github.com/nixlint/nixlint/loader/syntax"
)

// importPrimitives evaluate files of the tree. What is outside of it, or built, is unknown.
func importPrimitives() []*Primitive {
	return []*Primitive{
		{Name: "import", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			p, v, err := in.importPath(args[0])
			if v != nil || err != nil {
				return v, err
			}
			return in.Import(p, Span(args[0]))
		}},
		{Name: "scopedImport", Arity: 2, Strict: 3, Fn: func(in *Interp, args []Value) (Value, error) {
			p, v, err := in.importPath(args[1])
			if v != nil || err != nil {
				return v, err
			}
			if _, err := in.Set(args[0], nowhere); err != nil {
				return nil, err
			}
			return in.scopedImport(args[0], p, Span(args[1]))
		}},
		{Name: "findFile", Arity: 2, Strict: 3, Fn: findFile},
	}
}

// importPath is the file that is imported, or the value that stands for it.
func (in *Interp) importPath(v Value) (string, Value, error) {
	if in.Foreign != nil {
		if s, err := in.coerce(v, nowhere, false, false); err == nil {
			if out, ok := in.Foreign(s); ok {
				return "", out, nil
			}
		}
	}
	if s, ok := v.(*String); ok {
		for _, d := range s.Deps {
			if d.Output != "" || d.Deep {
				return "", NewUnknown("import from derivation: "+d.Name+" would have to be built", Span(v)), nil
			}
		}
	}
	p, u, err := in.path(v)
	if u != nil {
		return "", u, err
	}
	return p, nil, err
}

// maxImporting bounds how deep files read with scopedImport read others: such a file can read itself, each time anew.
const maxImporting = 500

// scopedImport evaluates a file in which the attributes of scope are variables. The file is compiled anew each time.
func (in *Interp) scopedImport(scope Value, name string, at source.Span) (Value, error) {
	name, err := in.fileOf(name)
	if err != nil {
		return nil, in.readError(err, name, at)
	}
	src, err := in.Program.Tree.File(name)
	if err != nil {
		return in.readFailed(err, name, at)
	}
	defer func() { in.importing-- }()
	if in.importing++; in.importing > maxImporting {
		return nil, in.limit("files import each other more than %d deep", maxImporting)
	}
	if err := in.work(len(src.Text)); err != nil { // a step a byte: to read it is dearer than to evaluate it
		return nil, err
	}
	f := syntax.Parse(src)
	if err := refused(f); err != nil {
		return nil, err
	}
	syntax.Resolve(f)
	for _, p := range f.Problems {
		if p.Severity == source.Failure && !strings.HasPrefix(p.Message, "undefined variable ") {
			return nil, &Error{Kind: Syntax, Span: p.Span, Message: p.Message}
		}
	}
	c := newCompiler(f)
	c.scoped = true
	e := newEnv(nil, 1)
	e.slots[0] = scope
	v, err := in.eval(c.expr(f.Root), e)
	if err != nil {
		return nil, wrap(err, at, "imported")
	}
	return v, nil
}

// findFile looks a name up in a list of { path; prefix; }.
func findFile(in *Interp, args []Value) (Value, error) {
	list, u, err := in.even(args[0])
	if u != nil || err != nil {
		return orUnknown(u), err
	}
	name, u, err := in.plain(args[1])
	if u != nil || err != nil {
		return orUnknown(u), err
	}
	for _, el := range list.Elems {
		prefix := ""
		v, ok, why, err := in.lookup(el, "prefix", nowhere)
		if err != nil || why != nil {
			return orUnknown(why), err
		}
		if ok {
			s, u, err := in.plain(v)
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			prefix = s.S
		}
		rest, ok := strings.CutPrefix(name.S, prefix)
		if !ok || prefix != "" && rest != "" && rest[0] != '/' {
			continue
		}
		dir, err := in.Select(el, "path", nowhere)
		if err != nil {
			return nil, err
		}
		v, err = in.entry(dir, strings.TrimPrefix(rest, "/"))
		if v != nil || err != nil {
			return v, err
		}
	}
	if strings.HasPrefix(name.S, "nix/") {
		return NewUnknown("<"+name.S+"> is part of the Nix that evaluates", nowhere), nil
	}
	return nil, fail(Throw, nowhere, "file %q was not found in the search path", name.S)
}

// entry is a path of a folder, nil when it does not exist.
func (in *Interp) entry(dir Value, rest string) (Value, error) {
	p, u, err := in.path(dir)
	if u != nil || err != nil {
		return orUnknown(u), err
	}
	v := joinPath(Path(p), "/"+rest, Span(dir))
	at, ok := v.(Path)
	if !ok || strings.HasPrefix(string(at), "/") {
		return NewUnknown("it may be in "+p+", outside of the root", Span(dir)), nil
	}
	if _, err := in.Program.Tree.Stat(string(at)); err == nil {
		return at, nil
	}
	return nil, nil
}
