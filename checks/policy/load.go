package policy

import (
	"embed"
	"fmt"
	"strconv"

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

// ruleSet is what is run: some compiled rules of a kind.
type ruleSet struct {
	compiler *ast.Compiler
	reports  map[string]*ast.Term // by rule: where what it reports is
}

// load reads the modules of the rules and of what they call, and builds the indices. Everything else was done by Link.
func load(a *archive, rules []string) (*ruleSet, error) {
	parsed, err := a.modules(rules)
	if err != nil {
		return nil, fmt.Errorf("rules of kind %s: %w", a.kind, err)
	}
	compiler := ast.NewCompiler().WithCapabilities(&ast.Capabilities{}).WithSkipStages(doneByLink...)
	compiler.Compile(parsed)
	if compiler.Failed() {
		return nil, fmt.Errorf("rules of kind %s: %w", a.kind, compiler.Errors)
	}
	set := &ruleSet{compiler: compiler, reports: make(map[string]*ast.Term, len(rules))}
	for _, r := range rules {
		set.reports[r] = ast.RefTerm(ast.DefaultRootDocument, ast.StringTerm("nixlint"), ast.StringTerm(a.kind), ast.StringTerm(reportOf(r)))
	}
	return set, nil
}

// query asks what each of the rules reports; answer names the variable of a rule's place in the list.
func (s *ruleSet) query(rules []string) ast.Body {
	exprs := make([]*ast.Expr, len(rules))
	for i, id := range rules {
		exprs[i] = ast.Equality.Expr(s.reports[id], ast.NewTerm(answer(i)))
	}
	return ast.NewBody(exprs...)
}

func answer(i int) ast.Var { return ast.Var("answer" + strconv.Itoa(i)) }

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
