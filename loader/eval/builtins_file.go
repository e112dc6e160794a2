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
			_, err = in.Program.Tree.Stat(p)
			if errors.Is(err, source.ErrOutside) {
				return NewUnknown(p+" is outside of the root", Span(args[0])), nil
			}
			return Bool(err == nil), nil
		}},
		{Name: "readFile", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			p, u, err := in.insidePath(args[0])
			if u != nil || err != nil {
				return orUnknown(u), err
			}
			f, err := in.Program.Tree.File(p)
			if err != nil {
				return nil, in.readError(err, p, Span(args[0]))
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
				return nil, in.readError(err, p, Span(args[0]))
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
			info, err := in.Program.Tree.Stat(p)
			if err != nil {
				return nil, in.readError(err, p, Span(args[0]))
			}
			return Str(fileType(info.Mode().Type())), nil
		}},
		{Name: "toPath", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) { return in.coerce(args[0], nowhere, false, false) }},
		{Name: "path", Arity: 1, Strict: 1, Fn: func(in *Interp, args []Value) (Value, error) {
			if name, err := in.Select(args[0], "name", nowhere); err == nil {
				if s, err := in.known(name); err == nil && s != nil {
					return Str(StoreName(s.S)), nil
				}
			}
			p, err := in.Select(args[0], "path", nowhere)
			if err != nil {
				return nil, err
			}
			return in.coerce(p, nowhere, false, true)
		}},
		{Name: "filterSource", Arity: 2, Strict: 2, Fn: func(in *Interp, args []Value) (Value, error) { return in.coerce(args[1], nowhere, false, true) }},
		{Name: "toFile", Arity: 2, Strict: 3, Fn: func(in *Interp, args []Value) (Value, error) {
			name, err := in.known(args[0])
			if err != nil || name == nil {
				return orHole(args[0]), err
			}
			return Str(StoreName(name.S)), nil
		}},
	}
}

func (in *Interp) insidePath(v Value) (string, *Unknown, error) {
	p, u, err := in.path(v)
	if u == nil && err == nil && path.IsAbs(p) {
		return "", NewUnknown("it is read from "+p+", outside of the root", Span(v)), nil
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
