package policy

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

//go:embed linked/*.rego
var linked embed.FS

// builtinModules are the linked modules of a kind.
func builtinModules(kind string) []Module {
	text, err := linked.ReadFile("linked/" + kind + ".rego")
	if err != nil {
		return nil // it is embedded
	}
	return SplitModules(string(text))
}

// moduleMark starts the line that names a module in the text of a kind.
const moduleMark = "# module: "

// SplitModules is the inverse of JoinModules.
func SplitModules(text string) []Module {
	var out []Module
	for part := range strings.SplitSeq(text, moduleMark) {
		if name, body, ok := strings.Cut(part, "\n"); ok && name != "" {
			out = append(out, Module{Name: name, Text: body})
		}
	}
	return out
}

// JoinModules writes the modules of a kind into one text.
func JoinModules(modules []Module) string {
	var b strings.Builder
	for _, m := range modules {
		b.WriteString(moduleMark + m.Name + "\n" + m.Text)
	}
	return b.String()
}

// answer is the variable that the query binds.
const answer = ast.Var("answer")

// ruleSet is what is run for a kind: compiled modules, and the query for all that they report.
type ruleSet struct {
	compiler *ast.Compiler
	query    ast.Body
}

// pending is a rule set that is made ready once, whoever asks first.
type pending struct{ get func() (*ruleSet, error) }

// prepare returns the rule set of these rules of a kind.
func (j *Judge) prepare(kind string, rules []string) *pending {
	key := kind + " " + strings.Join(rules, " ")
	j.mu.Lock()
	defer j.mu.Unlock()
	p := j.ready[key]
	if p == nil {
		p = &pending{get: sync.OnceValues(func() (*ruleSet, error) { return load(kind, j.linked(kind), rules) })}
		j.ready[key] = p
	}
	return p
}

// load parses the modules of the rules and the library, and builds the indices. Everything else was done by Link.
func load(kind string, modules []Module, rules []string) (*ruleSet, error) {
	parsed := make(map[string]*ast.Module, len(modules))
	for _, m := range modules {
		if m.Name != libraryModule && !slices.Contains(rules, m.Name) {
			continue
		}
		module, err := ast.ParseModuleWithOpts(m.Name, m.Text, ast.ParserOptions{RegoVersion: ast.RegoV1})
		if err != nil {
			return nil, fmt.Errorf("rule %s: %w", m.Name, err)
		}
		parsed[m.Name] = module
	}
	compiler := ast.NewCompiler().WithSkipStages(doneByLink...)
	compiler.Compile(parsed)
	if compiler.Failed() {
		return nil, fmt.Errorf("rules of kind %s: %w", kind, compiler.Errors)
	}
	report := ast.Ref{ast.DefaultRootDocument, ast.StringTerm("nixlint"), ast.StringTerm(kind), ast.StringTerm(reportName)}
	query := ast.NewBody(ast.Equality.Expr(ast.NewTerm(report), ast.NewTerm(answer)))
	return &ruleSet{compiler: compiler, query: query}, nil
}

// doneByLink are the stages that rewrite and check what Link has already rewritten and checked.
var doneByLink = []ast.StageID{
	ast.StageResolveRefs, ast.StageCheckUnusedImports, ast.StageCheckKeywordOverrides, ast.StageCheckDuplicateImports,
	ast.StageRewriteLocalVars, ast.StageRewriteTemplateStrings, ast.StageCheckVoidCalls, ast.StageRewritePrintCalls,
	ast.StageRewriteExprTerms, ast.StageParseMetadataBlocks, ast.StageSetAnnotationSet, ast.StageRewriteRegoMetadataCalls,
	ast.StageSetGraph, ast.StageRewriteComprehensionTerms, ast.StageRewriteRefsInHead, ast.StageRewriteWithValues,
	ast.StageCheckRuleConflicts, ast.StageCheckUndefinedFuncs, ast.StageCheckSafetyRuleHeads, ast.StageCheckSafetyRuleBodies,
	ast.StageRewriteEquals, ast.StageRewriteDynamicTerms, ast.StageRewriteTestRulesForTracing, ast.StageCheckRecursion,
	ast.StageCheckTypes, ast.StageCheckUnsafeBuiltins, ast.StageCheckDeprecatedBuiltins, ast.StageBuildRequiredCapabilities,
}
