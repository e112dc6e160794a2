package policy

import (
	"fmt"
	"go/format"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/nixlint/nixlint/checks"
)

// Kinds are the kinds of rules: what they get as input.
const (
	kindUnit       = "unit"
	kindTmpfiles   = "tmpfiles"
	kindHost       = "host"
	kindRepository = "repository"
)

var kinds = []string{kindUnit, kindTmpfiles, kindHost, kindRepository}

// rulesPackage is where rules are: data.nixlint.rules.CATEGORY.RULE; libraries are data.nixlint.lib and below.
const (
	rulesPackage = "data.nixlint.rules."
	reportName   = "report"
)

// builtins are what a rule may call: nothing that reads the machine, the clock or the network, and nothing whose cost its
// arguments do not bound.
var builtins = []string{
	"abs", "all", "any", "array.concat", "array.reverse", "array.slice", "assign", "ceil", "concat", "contains", "count", "div", "endswith",
	"eq", "equal", "floor", "format_int", "graph.reachable", "gt", "gte", "indexof", "internal.member_2", "internal.member_3", "internal.template_string",
	"is_array", "is_boolean", "is_null", "is_number", "is_object", "is_set", "is_string", "lower", "lt", "lte", "max", "min", "minus", "mul",
	"neq", "numbers.range", "object.filter", "object.get", "object.keys", "object.remove", "object.union", "or", "and", "plus",
	"regex.find_all_string_submatch_n", "regex.find_n", "regex.is_valid", "regex.match", "regex.replace", "regex.split", "rem", "replace",
	"round", "sort", "split", "sprintf", "startswith", "strings.any_prefix_match", "strings.any_suffix_match", "strings.count",
	"strings.replace_n", "strings.reverse", "substring", "sum", "to_number", "trim", "trim_left", "trim_prefix", "trim_right", "trim_space",
	"trim_suffix", "union", "upper", "walk",
}

// Linked are the built-in rules made ready to run, and what is known of each.
type Linked struct {
	Rules      []checks.Rule
	program    []byte
	profiles   map[string]profile // of the rules of units
	library    []byte             // see encodeLibrary
	signatures []byte
}

// Planner makes the program of the texts of modules, by the path of their file, with functions for the values of some rules, by name. That
// is planner.Make, which the command does not link.
type Planner func(modules, rules map[string]string) ([]byte, error)

// Link compiles the rules under fsys with all checks.
func Link(fsys fs.FS, plan Planner) (*Linked, error) {
	sources, err := parse(fsys, "")
	if err != nil {
		return nil, err
	}
	l := &Linked{profiles: map[string]profile{}}
	for _, file := range sortedKeys(sources) {
		if strings.HasPrefix(file, "lib/") {
			continue
		}
		r, err := describe(file, sources[file])
		if err != nil {
			return nil, err
		}
		l.Rules = append(l.Rules, r)
	}
	slices.SortFunc(l.Rules, func(a, b checks.Rule) int { return strings.Compare(a.ID, b.ID) })
	compiler := Compiler()
	compiler.Compile(sources)
	if compiler.Failed() {
		return nil, fmt.Errorf("rules do not compile: %w", compiler.Errors)
	}
	if err := flat(compiler.Modules); err != nil {
		return nil, err
	}
	texts := map[string]string{}
	for file := range sources {
		text, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("read rules: %w", err)
		}
		texts[file] = string(text)
	}
	views := newAnalyst(namesOf(compiler))
	reports := map[string]string{}
	for i := range l.Rules {
		r := &l.Rules[i]
		reports[r.ID] = reportOf(r.ID)
		if r.Kind == kindUnit { // views are of units
			l.profiles[r.ID] = views.profile(reports[r.ID])
		}
	}
	if l.program, err = plan(texts, reports); err != nil {
		return nil, err
	}
	if l.library, err = encodeLibrary(compiler); err != nil {
		return nil, err
	}
	signed, err := signatures(compiler)
	if err != nil {
		return nil, err
	}
	if l.signatures, err = encodeLibrary(signed); err != nil {
		return nil, err
	}
	return l, nil
}

// flat refuses rules whose name has several parts, such as by_port[n] contains x: what is known of a rule is known by one name.
func flat(modules map[string]*ast.Module) error {
	for _, file := range sortedKeys(modules) {
		for _, r := range modules[file].Rules {
			if len(r.Head.Ref()) > 1 {
				return fmt.Errorf("%s: the name %s has several parts: use a comprehension", r.Location, r.Head.Ref())
			}
		}
	}
	return nil
}

// Compiler is a compiler for sources, with all checks.
func Compiler() *ast.Compiler {
	return ast.NewCompiler().WithStrict(true).WithCapabilities(Capabilities())
}

// Capabilities are what rules may use of OPA.
func Capabilities() *ast.Capabilities {
	all := ast.CapabilitiesForThisVersion()
	c := &ast.Capabilities{FutureKeywords: all.FutureKeywords, Features: all.Features, AllowNet: []string{}}
	for _, b := range all.Builtins {
		if slices.Contains(builtins, b.Name) {
			c.Builtins = append(c.Builtins, b)
		}
	}
	return c
}

// What a folder of rules may hold: more than that nobody has written.
const (
	maxRuleFile  = 1 << 20
	maxRuleFiles = 5000
)

// ruleFiles are the wanted ones of the files of Rego in a folder.
func ruleFiles(fsys fs.FS, shown string, wanted func(string) bool) ([]string, error) {
	var files []string
	err := fs.WalkDir(fsys, ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(file) != ".rego" || !wanted(file) {
			return err
		}
		if files = append(files, file); len(files) > maxRuleFiles {
			return fmt.Errorf("%s%s: more than %d files", shown, file, maxRuleFiles)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read rules: %w", err)
	}
	return files, nil
}

func isTest(file string) bool { return strings.HasSuffix(file, "_test.rego") }

func readRuleFile(fsys fs.FS, shown, file string) (string, error) {
	f, err := fsys.Open(file)
	if err != nil {
		return "", fmt.Errorf("%w", err)
	}
	defer f.Close() //nolint:errcheck // read only
	text, err := io.ReadAll(io.LimitReader(f, maxRuleFile+1))
	if err != nil {
		return "", fmt.Errorf("%w", err)
	}
	if len(text) > maxRuleFile {
		return "", fmt.Errorf("%s%s: more than %d bytes", shown, file, maxRuleFile)
	}
	return string(text), nil
}

// parse reads all modules but the tests, by the path of their file. Their places have shown before it.
func parse(fsys fs.FS, shown string) (map[string]*ast.Module, error) {
	files, err := ruleFiles(fsys, shown, func(file string) bool { return !isTest(file) })
	if err != nil {
		return nil, err
	}
	modules, errs := make([]*ast.Module, len(files)), make([]error, len(files))
	capabilities := ast.CapabilitiesForThisVersion() // else every file makes its own
	inParallel(len(files), func(i int) {
		text, err := readRuleFile(fsys, shown, files[i])
		if err != nil {
			errs[i] = err
			return
		}
		modules[i], errs[i] = ast.ParseModuleWithOpts(shown+files[i], text, ast.ParserOptions{
			ProcessAnnotation: true, RegoVersion: ast.RegoV1, Capabilities: capabilities,
		})
	})
	out := map[string]*ast.Module{}
	for i, file := range files {
		if errs[i] != nil {
			return nil, fmt.Errorf("read rules: %w", errs[i])
		}
		out[file] = modules[i]
	}
	return out, nil
}

// describe reads the METADATA of a rule.
func describe(file string, m *ast.Module) (checks.Rule, error) {
	fail := func(what string) (checks.Rule, error) {
		return checks.Rule{}, fmt.Errorf("%s: %s", m.Package.Location, what)
	}
	id := path.Dir(file)
	if path.Base(file) != path.Base(id)+".rego" {
		return fail("a rule is CATEGORY/RULE/RULE.rego")
	}
	if want := rulesPackage + strings.ReplaceAll(strings.ReplaceAll(id, "-", "_"), "/", "."); m.Package.Path.String() != want {
		return fail("its package is " + m.Package.Path.String() + ", want " + want)
	}
	var meta *ast.Annotations
	for _, a := range m.Annotations {
		if a.Scope == "package" {
			meta = a
		}
	}
	if meta == nil {
		return fail("no METADATA of its package")
	}
	text := func(key string) string { s, _ := meta.Custom[key].(string); return strings.TrimSpace(s) }
	r := checks.Rule{
		ID: id, Title: meta.Title, Description: strings.TrimSpace(meta.Description), Fix: strings.TrimRight(fixOf(meta), "\n "), Kind: text("kind"),
		Severity: checks.Level(text("severity")), Precision: text("precision"), SecuritySeverity: text("security_severity"),
	}
	tags, _ := meta.Custom["tags"].([]any)
	for _, t := range tags {
		if s, ok := t.(string); ok {
			r.Tags = append(r.Tags, s)
		}
	}
	for _, link := range meta.RelatedResources {
		r.Links = append(r.Links, link.Ref.String())
	}
	switch {
	case r.Title == "", r.Description == "", r.Fix == "", len(r.Tags) == 0, len(r.Links) == 0:
		return fail("METADATA needs title, description, related_resources, custom.fix and custom.tags")
	case !slices.Contains(kinds, r.Kind):
		return fail("custom.kind is " + strconv.Quote(r.Kind) + ", want one of " + strings.Join(kinds, ", "))
	case !slices.Contains([]checks.Level{checks.Error, checks.Warning, checks.Info}, r.Severity):
		return fail("custom.severity is " + strconv.Quote(string(r.Severity)) + ", want error, warning or info")
	case !slices.Contains([]string{"very-high", "high", "medium", "low"}, r.Precision):
		return fail("custom.precision is " + strconv.Quote(r.Precision) + ", want very-high, high, medium or low")
	}
	return r, nil
}

func fixOf(meta *ast.Annotations) string {
	s, _ := meta.Custom["fix"].(string)
	return s
}

// shorten gives the variables that the compiler made short names: they are read with every rule of a user.
func shorten(r *ast.Rule) {
	names := map[ast.Var]ast.Var{}
	ast.WalkTerms(r, func(t *ast.Term) bool {
		v, ok := t.Value.(ast.Var)
		if !ok || !strings.HasPrefix(string(v), "__local") {
			return false
		}
		if names[v] == "" {
			names[v] = ast.Var("v" + strconv.Itoa(len(names)))
		}
		t.Value = names[v]
		return false
	})
}

// reportOf is the name of what a rule reports.
func reportOf(rule string) string {
	return rulesPackage + strings.NewReplacer("/", ".", "-", "_").Replace(rule) + "." + reportName
}

// Files are what is committed: the program, the profiles in their compact form and as text, the library for users' rules, and the rules
// as Go and as a page.
func (l *Linked) Files() (map[string]string, error) {
	page, err := rulesPage(l.Rules)
	if err != nil {
		return nil, err
	}
	var text strings.Builder
	for _, id := range sortedKeys(l.profiles) {
		text.WriteString(id + "\n" + l.profiles[id].comment() + "\n")
	}
	return map[string]string{
		"rules_gen.go": rulesText(l.Rules), "../../policies/RULES.md": page, "linked/" + kindLibrary + ".bin": string(l.library),
		"linked/" + kindSignatures + ".bin": string(l.signatures),
		"linked/program.bin":                string(l.program), "linked/profiles.bin": string(encodeProfiles(l.profiles)), "linked/profiles.txt": text.String(),
	}, nil
}

func rulesText(rules []checks.Rule) string {
	var b strings.Builder
	b.WriteString("// Code generated by generate.go from the METADATA of the rules. DO NOT EDIT.\n\npackage policy\n\n")
	b.WriteString("import \"github.com/nixlint/nixlint/checks\"\n\nvar builtinRules = []checks.Rule{\n")
	for _, r := range rules {
		b.WriteString("\t{\n")
		for _, f := range []struct{ name, value string }{
			{"ID", r.ID},
			{"Title", r.Title},
			{"Description", r.Description},
			{"Fix", r.Fix},
			{"Kind", r.Kind},
			{"Severity", string(r.Severity)},
			{"Precision", r.Precision},
			{"SecuritySeverity", r.SecuritySeverity},
		} {
			if f.value != "" {
				fmt.Fprintf(&b, "\t\t%s: %s,\n", f.name, strconv.Quote(f.value))
			}
		}
		fmt.Fprintf(&b, "\t\tTags: %#v,\n\t\tLinks: %#v,\n\t},\n", r.Tags, r.Links)
	}
	b.WriteString("}\n")
	text, err := format.Source([]byte(b.String()))
	if err != nil {
		return b.String() // the compiler will say what is wrong with it
	}
	return string(text)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
