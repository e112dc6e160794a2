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

// The library and its signatures.
var (
	//go:embed linked/library.bin
	libraryData []byte
	//go:embed linked/signatures.bin
	signaturesData []byte

	openLibrary    = sync.OnceValues(func() (*archive, error) { return openArchive(libraryData) })
	openSignatures = sync.OnceValues(func() (*archive, error) { return openArchive(signaturesData) })
)

// needed are the rules that some references, by their text, may be of, with those that they call, as modules of one name each.
func (a *archive) needed(spoken map[string]ast.Ref) (map[string]*ast.Module, error) {
	names := map[string]bool{}
	for text, ref := range spoken {
		if strings.HasPrefix(text, libraryPackage) || strings.HasPrefix(libraryPackage, text+".") {
			a.named(ref, names)
		}
	}
	return a.modules(sortedKeys(names))
}

// named adds the names that a reference may be of: the one that it begins with, or all below it.
func (a *archive) named(ref ast.Ref, names map[string]bool) {
	for n := len(ref); n > 3; n-- {
		name := ref[:n].String()
		if _, ok := a.entries[name]; ok {
			names[name] = true
			return
		}
	}
	spoken := ref.String()
	for name := range a.entries {
		if strings.HasPrefix(name, spoken+".") || strings.HasPrefix(name, spoken+"[") {
			names[name] = true
		}
	}
}
