package policy

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// folder are the modules of a user, to be compiled.
type folder struct {
	files   []string // in order
	modules map[string]*ast.Module
	tree    *ast.ModuleTreeNode
	file    map[*ast.Module]string
	mention map[string]*mention // by file
}

func newFolder(modules map[string]*ast.Module) *folder {
	f := &folder{
		files: sortedKeys(modules), modules: modules, tree: ast.NewModuleTree(modules), file: make(map[*ast.Module]string, len(modules)),
		mention: make(map[string]*mention, len(modules)),
	}
	mentions := make([]*mention, len(f.files))
	inParallel(len(f.files), func(i int) { mentions[i] = mentionOf(modules[f.files[i]]) })
	for i, file := range f.files {
		f.file[modules[file]], f.mention[file] = file, mentions[i]
	}
	return f
}

// any: one of the modules mentions it.
func (f *folder) any(mentions func(*mention) bool) bool {
	return slices.ContainsFunc(f.files, func(file string) bool { return mentions(f.mention[file]) })
}

// A folder is compiled in at most maxPortions portions of at least minPortion files: what several of them speak of is compiled with each.
const (
	maxPortions = 6
	minPortion  = 8
)

// compile compiles the modules with all checks. They are checked in portions, several at a time, each with what it speaks of among the
// others and with the signatures of the library; all of them together run with the library itself. The error has the mistakes; without
// any, the function that is returned makes the compiler that runs them.
func (f *folder) compile() (func() *ast.Compiler, error) {
	library, err := openLibrary()
	if err != nil {
		return nil, err
	}
	if f.any(func(m *mention) bool { return m.mocks }) || f.extends(library) {
		return f.whole(library)
	}
	signatures, err := openSignatures()
	if err != nil {
		return nil, err
	}
	n := min(maxPortions, (len(f.files)+minPortion-1)/minPortion)
	compilers, errs := make([]*ast.Compiler, n), make([]error, n+1)
	var run map[string]*ast.Module
	inParallel(n+1, func(i int) {
		if i == n {
			run, errs[i] = library.needed(f.refs(f.modules))
		} else {
			compilers[i], errs[i] = f.check(f.portion(i, n), signatures)
		}
	})
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if err := mistakes(compilers); err != nil {
		return nil, err
	}
	for i, file := range f.files {
		run[file] = compilers[i%n].Modules[file]
	}
	return func() *ast.Compiler { return joined(run) }, flat(run)
}

// check compiles a portion with the signatures of what it speaks of.
func (f *folder) check(portion map[string]*ast.Module, signatures *archive) (*ast.Compiler, error) {
	modules, err := signatures.needed(f.refs(portion))
	if err != nil {
		return nil, err
	}
	maps.Copy(modules, portion)
	c := Compiler().WithSkipStages(f.needless()...).WithSkipStages(ast.StageBuildRuleIndices)
	c.Compile(modules)
	return c, nil
}

// refs are all that modules of the folder speak of.
func (f *folder) refs(modules map[string]*ast.Module) map[string]ast.Ref {
	all := map[string]ast.Ref{}
	for file := range modules {
		maps.Copy(all, f.mention[file].refs)
	}
	return all
}

// portion are the files of a portion, of n, with all that they speak of among the others.
func (f *folder) portion(i, n int) map[string]*ast.Module {
	modules := map[string]*ast.Module{}
	var add func(string)
	add = func(file string) {
		if modules[file] != nil {
			return
		}
		modules[file] = f.modules[file]
		for _, ref := range f.mention[file].refs {
			f.each(ref, add)
		}
	}
	for ; i < len(f.files); i += n {
		add(f.files[i])
	}
	return modules
}

// each calls do with the files that a reference may be of: of the packages that it begins with, and of all below it.
func (f *folder) each(ref ast.Ref, do func(string)) {
	node := f.tree
	for _, step := range ref {
		for _, m := range node.Modules {
			do(f.file[m])
		}
		if node = node.Children[step.Value]; node == nil {
			return
		}
	}
	node.DepthFirst(func(n *ast.ModuleTreeNode) bool {
		for _, m := range n.Modules {
			do(f.file[m])
		}
		return false
	})
}

// mistakes are those that compilers have found, each once, at most as many as one compiler says.
func mistakes(compilers []*ast.Compiler) error {
	var all ast.Errors
	more := false
	for _, c := range compilers {
		for _, e := range c.Errors {
			if e.Location == nil { // the limit is reached
				more = true
				continue
			}
			all = append(all, e)
		}
	}
	if len(all) == 0 {
		return nil
	}
	all.Sort()
	all = slices.CompactFunc(all, func(a, b *ast.Error) bool { return a.Error() == b.Error() })
	if len(all) > ast.CompileErrorLimitDefault {
		all, more = all[:ast.CompileErrorLimitDefault], true
	}
	if more {
		all = append(all, ast.NewError(ast.CompileErr, nil, "error limit reached"))
	}
	return readable(fmt.Errorf("rules do not compile: %w", all))
}

// joined is a compiler that runs modules which were compiled apart. It only builds the indices.
func joined(modules map[string]*ast.Module) *ast.Compiler {
	c := ast.NewCompiler().WithCapabilities(&ast.Capabilities{AllowNet: []string{}}).
		WithSkipStages(slices.DeleteFunc(ast.AllStages(), func(s ast.StageID) bool { return s == ast.StageBuildRuleIndices })...)
	c.ModuleTree = ast.NewModuleTree(modules)
	c.RuleTree = ast.NewRuleTree(c.ModuleTree)
	c.Compile(nil) // it would copy them
	c.Modules = modules
	return c
}

// whole compiles the modules with the library: what replaces functions, or adds to the library, is run by a compiler that knows all types.
func (f *folder) whole(library *archive) (func() *ast.Compiler, error) {
	all, err := library.needed(f.refs(f.modules))
	if err != nil {
		return nil, err
	}
	maps.Copy(all, f.modules)
	c := Compiler().WithSkipStages(f.needless()...)
	c.Compile(all)
	if err := mistakes([]*ast.Compiler{c}); err != nil {
		return nil, err
	}
	return func() *ast.Compiler { return c }, flat(c.Modules)
}

// extends: a module has the package of a part of the library.
func (f *folder) extends(library *archive) bool {
	return slices.ContainsFunc(f.files, func(file string) bool {
		within := f.modules[file].Package.Path.String()
		for name := range library.entries {
			if strings.HasPrefix(name, within+".") {
				return true
			}
		}
		return false
	})
}

// needless are the stages that have nothing to do: those whose work is not needed, because comprehensions of rules run over a handful of
// values, and their indices cost more to build than they save; those for what no rule may call, such as rego.metadata.chain and functions
// without a result; and those that rewrite what no module mentions.
func (f *folder) needless() []ast.StageID {
	stages := []ast.StageID{
		ast.StageBuildComprehensionIndices, ast.StageBuildRequiredCapabilities, ast.StageCheckVoidCalls, ast.StageParseMetadataBlocks,
		ast.StageRewriteRegoMetadataCalls,
	}
	if !f.any(func(m *mention) bool { return m.prints }) {
		stages = append(stages, ast.StageRewritePrintCalls)
	}
	if !f.any(func(m *mention) bool { return m.templates }) {
		stages = append(stages, ast.StageRewriteTemplateStrings)
	}
	if !f.any(func(m *mention) bool { return m.replaces }) {
		stages = append(stages, ast.StageRewriteWithValues)
	}
	return stages
}

// mention is what the compilation of a module depends on.
type mention struct {
	refs                        map[string]ast.Ref // by their text, see mentionOf
	prints, templates, replaces bool               // it may have a print, a template string, a with
	mocks                       bool               // it replaces something else than the input
}

// mentionOf looks through a module. The references are the constant beginnings of all those below data, the names of its imports replaced
// by what they stand for, and its own package.
func mentionOf(module *ast.Module) *mention {
	m := &mention{refs: map[string]ast.Ref{}}
	imported := map[ast.Var]ast.Ref{}
	for _, i := range module.Imports {
		if ref, ok := i.Path.Value.(ast.Ref); ok {
			imported[i.Name()] = ref
		}
	}
	add := func(ref ast.Ref) { m.refs[ref.String()] = ref }
	add(module.Package.Path)
	begin := func(head *ast.Term, rest ast.Ref) {
		name, ok := head.Value.(ast.Var)
		if !ok {
			return
		}
		m.prints = m.prints || name == "print"
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
		add(slices.Concat(ref, rest))
	}
	var look *ast.GenericVisitor
	look = ast.NewGenericVisitor(func(x any) bool {
		switch x := x.(type) {
		case *ast.TemplateString:
			m.templates = true
		case *ast.With:
			ref, ok := x.Target.Value.(ast.Ref)
			m.replaces, m.mocks = true, m.mocks || !ok || ref[0].Value.Compare(ast.InputRootDocument.Value) != 0
		case *ast.Term:
			ref, ok := x.Value.(ast.Ref)
			if !ok {
				begin(x, nil)
				return false
			}
			begin(ref[0], ref[1:])
			if _, ok := ref[0].Value.(ast.Var); !ok {
				look.Walk(ref[0])
			}
			for _, t := range ref[1:] {
				look.Walk(t)
			}
			return true // its head was looked at with what follows it
		}
		return false
	})
	for _, r := range module.Rules {
		look.Walk(r)
	}
	return m
}
