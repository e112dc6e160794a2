package policy

import (
	_ "embed" // the compiled library
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

// kindLibrary is the name of the library's own artefact: compiled, each of its rules under its full name, for the rules of users. Parsing
// and compiling the library would cost more than most rules of a user do.
const kindLibrary = "library"

// encodeLibrary writes the rules of the library in the compact form.
func encodeLibrary(c *ast.Compiler) ([]byte, error) {
	names := namesOf(c)
	e := encoder{index: map[string]int{}}
	var entries [][]byte
	for _, name := range sortedKeys(names.rules) {
		if !strings.HasPrefix(name, libraryPackage) {
			continue
		}
		m := &ast.Module{Package: names.rules[name][0].Module.Package}
		for _, r := range names.rules[name] {
			r = r.Copy()
			shorten(r)
			wildcards(r)
			m.Rules = append(m.Rules, r)
		}
		body := e.separately(func() { e.module(m) })
		needs := slices.DeleteFunc(calls(name, names), func(to string) bool { return to == name })
		entries = append(entries, e.separately(func() { e.entry(name, needs, body) }))
	}
	return e.whole(entries), e.err
}

// wildcards gives the variables that are declared and not used the name of such: they had it before they were compiled, and the compiler
// that gets them again takes another one for a mistake.
func wildcards(r *ast.Rule) {
	used, n := map[ast.Var]int{}, 0
	ast.WalkVars(r, func(v ast.Var) bool { used[v]++; return false })
	unused := func(t *ast.Term) *ast.Term {
		if t == nil {
			return nil
		}
		if v, ok := t.Value.(ast.Var); !ok || used[v] > 1 {
			return t
		}
		n++
		return ast.VarTerm(ast.WildcardPrefix + strconv.Itoa(n))
	}
	for each := r; each != nil; each = each.Else {
		for i := range each.Head.Args {
			each.Head.Args[i] = unused(each.Head.Args[i])
		}
	}
	ast.WalkExprs(r, func(x *ast.Expr) bool {
		if every, ok := x.Terms.(*ast.Every); ok {
			every.Key, every.Value = unused(every.Key), unused(every.Value)
		}
		return false
	})
}

// libraryPackage is what the full names of the library begin with.
const libraryPackage = "data.nixlint.lib."

//go:embed linked/library.bin
var libraryData []byte

var openLibrary = sync.OnceValues(func() (*archive, error) { return openArchive(libraryData) })

// needed are the rules of the library that some modules speak of, with those that they call, as modules of one name each. What cannot be
// told is needed.
func needed(modules map[string]*ast.Module) (map[string]*ast.Module, error) {
	library, err := openLibrary()
	if err != nil {
		return nil, err
	}
	wanted := map[string]bool{}
	for _, m := range modules {
		spokenOf(m, func(ref ast.Ref) {
			for n := len(ref); n > 3; n-- {
				name := ref[:n].String()
				if _, ok := library.entries[name]; ok {
					wanted[name] = true
					return
				}
			}
			spoken := ref.String()
			for name := range library.entries {
				if strings.HasPrefix(name, spoken+".") || strings.HasPrefix(name, spoken+"[") {
					wanted[name] = true
				}
			}
		})
	}
	return library.modules(sortedKeys(wanted))
}

// spokenOf calls each with the constant beginning of every reference below data in a module, the names of its imports replaced by what
// they stand for, and with its own package.
func spokenOf(m *ast.Module, each func(ast.Ref)) {
	each(m.Package.Path)
	imported := map[ast.Var]ast.Ref{}
	for _, i := range m.Imports {
		if ref, ok := i.Path.Value.(ast.Ref); ok {
			imported[i.Name()] = ref
		}
	}
	begin := func(head *ast.Term, rest ast.Ref) {
		name, ok := head.Value.(ast.Var)
		if !ok {
			return
		}
		ref := ast.Ref{head}
		if of, ok := imported[name]; ok {
			ref = of
		}
		if ref[0].Value.Compare(ast.DefaultRootDocument.Value) != 0 {
			return
		}
		if n := slices.IndexFunc(rest, func(t *ast.Term) bool { _, ok := t.Value.(ast.String); return !ok }); n >= 0 {
			rest = rest[:n]
		}
		each(slices.Concat(ref, rest))
	}
	var look func(*ast.Term) bool
	look = func(t *ast.Term) bool {
		ref, ok := t.Value.(ast.Ref)
		if !ok {
			begin(t, nil)
			return false
		}
		begin(ref[0], ref[1:])
		if _, ok := ref[0].Value.(ast.Var); !ok {
			ast.WalkTerms(ref[0], look)
		}
		for _, t := range ref[1:] {
			ast.WalkTerms(t, look)
		}
		return true // its head was looked at with what follows it
	}
	for _, r := range m.Rules {
		ast.WalkTerms(r, look)
	}
}
