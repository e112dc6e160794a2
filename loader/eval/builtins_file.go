package eval

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"github.com/nixlint/nixlint/loader/source"
)

// filePrimitives read the tree and nothing else; what is outside of it is unknown.
func filePrimitives() []*Primitive {
	return []*Primitive{
		{Name: "pathExists", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			p, u, err := in.insidePath(args[0])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			return in.exists(p, args[0])
		}},
		{Name: "readFile", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			p, u, err := in.insidePath(args[0])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			f, err := in.Program.Tree.File(p)
			if err != nil {
				return in.readFailed(err, p, Span(args[0]))
			}
			if strings.IndexByte(f.Text, 0) >= 0 {
				return nil, fail(TypeError, Span(args[0]), "%s holds a NUL byte and cannot be a string", p)
			}
			return &String{S: f.Text, Pieces: []Piece{{Span: f.Span(0, source.Pos(len(f.Text)))}}}, nil
		}},
		{Name: "readDir", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			p, u, err := in.insidePath(args[0])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			entries, err := in.Program.Tree.ReadDir(p)
			if err != nil {
				return in.readFailed(err, p, Span(args[0]))
			}
			var attrs []Attr
			for _, e := range entries {
				if e.Name() != ".git" {
					attrs = append(attrs, Attr{Name: e.Name(), Val: Str(fileType(e.Type()))})
				}
			}
			return NewSet(attrs...), nil
		}},
		{Name: "readFileType", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			p, u, err := in.insidePath(args[0])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			mode, err := in.lstat(p)
			if err != nil {
				return in.readFailed(err, p, Span(args[0]))
			}
			return Str(fileType(mode)), nil
		}},
		{Name: "toPath", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			s, err := in.coerce(args[0], nowhere, false, false)
			if err != nil {
				return nil, err
			}
			if u := opaque(s); u != nil && s.KnownHead() == "" {
				return u, nil
			}
			if !strings.HasPrefix(s.KnownHead(), "/") {
				return nil, fail(TypeError, nowhere, "string %q is not an absolute path", s.S)
			}
			if opaque(s) != nil {
				return s, nil
			}
			return &String{S: path.Clean(s.S), Deps: s.Deps}, nil
		}},
		{Name: "path", Arity: 1, Strict: 1, Fn: copyPath},
		{Name: "filterSource", Arity: 2, Strict: 3, Fn: func(in *Interp, args []Value) (Value, error) {
			if TypeName(args[0]) != "lambda" && TypeName(args[0]) != "set" {
				return nil, in.typeError(args[0], "a function", nowhere)
			}
			return in.coerce(args[1], nowhere, false, true)
		}},
		{Name: "toFile", Arity: 2, Strict: 3, Fn: func(in *Interp, args []Value) (Value, error) {
			name, u, err := in.plain(args[0])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			text, ok := args[1].(*String)
			if !ok {
				return nil, in.typeError(args[1], "a string", nowhere)
			}
			for _, d := range text.Deps {
				if d.Output != "" {
					return nil, fail(TypeError, Span(args[1]), "file %q created by toFile may not reference derivation %s", name.S, d.Name)
				}
			}
			return in.stored(name.S), nil
		}},
	}
}

// lstat is the type of what is at a path, not of what it links to.
func (in *Interp) lstat(p string) (fs.FileMode, error) {
	if p == "." {
		return fs.ModeDir, nil
	}
	entries, err := in.Program.Tree.ReadDir(path.Dir(p))
	if err != nil {
		return 0, err //nolint:wrapcheck // the caller says it in the user's terms
	}
	for _, e := range entries {
		if e.Name() == path.Base(p) {
			return e.Type(), nil
		}
	}
	return 0, fs.ErrNotExist
}

// exists is pathExists: a link counts wherever it leads, unless the path ends in a slash, which asks for a folder.
func (in *Interp) exists(p string, arg Value) (Value, error) {
	s, isString := arg.(*String)
	folder := isString && (strings.HasSuffix(s.S, "/") || strings.HasSuffix(s.S, "/."))
	info, err := in.Program.Tree.Stat(p)
	switch {
	case err == nil:
		return Bool(!folder || info.IsDir()), nil
	case errors.Is(err, source.ErrOutside) && folder:
		return in.outside(p+" is outside of the root", Span(arg)), nil
	case folder:
		return Bool(false), nil
	}
	_, err = in.lstat(p)
	if errors.Is(err, source.ErrOutside) {
		return in.outside(p+" is outside of the root", Span(arg)), nil
	}
	return Bool(err == nil), nil
}

// copyPath is builtins.path: a store path by name. Its filter is not asked.
func copyPath(in *Interp, args []Value) (Value, error) {
	set, err := in.Set(args[0], nowhere)
	if err != nil {
		return nil, err
	}
	for i := range set.Attrs {
		switch set.Attrs[i].Name {
		case "path", "name", "filter", "recursive", "sha256":
		default:
			return nil, fail(TypeError, nowhere, "unsupported argument %q to builtins.path", set.Attrs[i].Name)
		}
	}
	p, err := in.Select(set, "path", nowhere)
	if err != nil {
		return nil, err
	}
	s, err := in.coerce(p, nowhere, false, true)
	if err != nil {
		return nil, err
	}
	a := set.Find("name")
	if a == nil {
		if set.Open != nil {
			return set.Open, nil
		}
		return s, nil
	}
	name, u, err := in.plain(a.Val)
	if u != nil || err != nil {
		return orUnknown(u), err
	}
	return in.stored(name.S), nil
}

func (in *Interp) insidePath(v Value) (string, *Unknown, error) {
	p, u, err := in.path(v)
	if u == nil && err == nil && path.IsAbs(p) {
		return "", in.outside("it is read from "+p+", outside of the root", Span(v)), nil
	}
	return p, u, err
}

func fileType(m fs.FileMode) string {
	switch {
	case m.IsDir():
		return "directory"
	case m&fs.ModeSymlink != 0:
		return "symlink"
	case m.IsRegular():
		return "regular"
	}
	return "unknown"
}
