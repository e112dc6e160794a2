package policy

import (
	"embed"
	"fmt"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

// The text of the rules is beside it for review, in linked/KIND.rego.
//
//go:embed linked/*.bin
var linked embed.FS

// builtinModules are the linked modules of a kind, in their compact form.
func builtinModules(kind string) []byte {
	data, err := linked.ReadFile("linked/" + kind + ".bin")
	if err != nil {
		return nil // it is embedded
	}
	return data
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

// load reads the modules of the rules and the library, and builds the indices. Everything else was done by Link.
func load(kind string, modules []byte, rules []string) (*ruleSet, error) {
	parsed, err := decode(modules, rules)
	if err != nil {
		return nil, fmt.Errorf("rules of kind %s: %w", kind, err)
	}
	compiler := ast.NewCompiler().WithCapabilities(&ast.Capabilities{}).WithSkipStages(doneByLink...)
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
	// Our comprehensions run over a handful of values: their indices cost more to build than they save.
	ast.StageBuildComprehensionIndices,
}
