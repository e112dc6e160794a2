package policy

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/types"
)

// kindSignatures is the name of the artefact of the library's signatures: see signatures.
const kindSignatures = "signatures"

// signatures is the library as its callers see it: rules of the same names, kinds and types that do nothing. Rules of a user are checked
// against them, which finds the same mistakes as the library itself, and takes a fraction of the time.
func signatures(library *ast.Compiler) (*ast.Compiler, error) {
	names := namesOf(library)
	modules := map[string]*ast.Module{}
	for _, name := range sortedKeys(names.rules) {
		if !strings.HasPrefix(name, libraryPackage) {
			continue
		}
		rules := names.rules[name]
		text, err := signature(rules, library.TypeEnv.GetByRef(rules[0].Ref()))
		if err != nil {
			return nil, fmt.Errorf("signature of %s: %w", name, err)
		}
		text = rules[0].Module.Package.String() + "\n\nimport future.keywords.not\n\n" + text
		if modules[name], err = ast.ParseModuleWithOpts(name, text, ast.ParserOptions{RegoVersion: ast.RegoV1}); err != nil {
			return nil, fmt.Errorf("signature of %s: %w", name, err)
		}
	}
	signed := Compiler()
	if signed.Compile(modules); signed.Failed() {
		return nil, fmt.Errorf("signatures do not compile: %w", signed.Errors)
	}
	for name := range modules {
		ref := names.rules[name][0].Ref()
		if want, got := library.TypeEnv.GetByRef(ref), signed.TypeEnv.GetByRef(ref); types.Compare(want, got) != 0 {
			return nil, fmt.Errorf("signature of %s: its type is %s, want %s", name, got, want)
		}
	}
	return signed, nil
}

// signature is the text of a rule of that type, of the kind that rules have.
func signature(rules []*ast.Rule, t types.Type) (string, error) {
	head := rules[0].Head
	name := head.Name.String()
	if len(rules) == 1 && constant(rules[0]) {
		return rules[0].String(), nil // the compiler asks whether a rule surely has a value
	}
	if slices.ContainsFunc(rules, func(r *ast.Rule) bool { return r.Default }) {
		return "", errors.New("it has a default")
	}
	of, condition := t, "input"
	if f, ok := t.(*types.Function); ok {
		takes := f.FuncArgs().Args
		args, conditions := make([]string, len(takes)), []string{"true"}
		for i, arg := range takes {
			args[i] = "_"
			if types.Compare(arg, types.A) != 0 {
				value, err := sampleOf(arg)
				if err != nil {
					return "", err
				}
				args[i] = "arg" + strconv.Itoa(i)
				conditions = append(conditions, args[i]+" = "+value)
			}
		}
		of, name, condition = f.Result(), name+"("+strings.Join(args, ", ")+")", "{ "+strings.Join(conditions, "; ")+" }"
	}
	means := " := "
	if s, ok := t.(*types.Set); ok && head.RuleKind() == ast.MultiValue {
		of, means = s.Of(), " contains "
	}
	either, ok := of.(types.Any)
	if !ok || len(either) == 0 {
		either = types.Any{of}
	}
	var text strings.Builder
	for _, t := range either {
		value, err := sampleOf(t)
		if err != nil {
			return "", err
		}
		text.WriteString(name + means + value + " if " + condition + "\n\n")
	}
	return text.String(), nil
}

// constant: a rule whose value does not depend on anything.
func constant(r *ast.Rule) bool {
	return r.Head.RuleKind() == ast.SingleValue && len(r.Head.Args) == 0 && r.Else == nil && r.Head.Value.IsGround() && r.Body.Equal(ast.NewBody(ast.NewExpr(ast.BooleanTerm(true))))
}

// sampleOf is an expression of a type.
func sampleOf(t types.Type) (string, error) {
	switch t := t.(type) {
	case types.Null:
		return "null", nil
	case types.Boolean:
		return "true", nil
	case types.Number:
		return "0", nil
	case types.String:
		return `""`, nil
	case types.Any:
		if len(t) == 0 {
			return "input.value", nil
		}
		values, err := samplesOf(t)
		return "[" + values + "][_]", err
	case *types.Array:
		if t.Dynamic() == nil {
			static := make([]types.Type, t.Len())
			for i := range static {
				static[i] = t.Select(i)
			}
			values, err := samplesOf(static)
			return "[" + values + "]", err
		}
		value, err := sampleOf(t.Dynamic())
		if t.Len() > 0 {
			err = errors.New("an array has members of its own and others")
		}
		return "[value | value := " + value + "]", err
	case *types.Set:
		if t.Of() == nil {
			return "set()", nil
		}
		value, err := sampleOf(t.Of())
		return "{value | value := " + value + "}", err
	case *types.Object:
		return sampleObject(t)
	default:
		return "", fmt.Errorf("no expression has the type %s", t)
	}
}

func samplesOf(all []types.Type) (string, error) {
	values := make([]string, len(all))
	for i, t := range all {
		var err error
		if values[i], err = sampleOf(t); err != nil {
			return "", err
		}
	}
	return strings.Join(values, ", "), nil
}

func sampleObject(t *types.Object) (string, error) {
	if dynamic := t.DynamicProperties(); dynamic != nil {
		key, err := sampleOf(dynamic.Key)
		value, bad := sampleOf(dynamic.Value)
		if len(t.StaticProperties()) > 0 {
			err = errors.New("an object has keys of its own and others")
		}
		return "{key: value | key := " + key + "; value := " + value + "}", errors.Join(err, bad)
	}
	var fields []string
	for _, p := range t.StaticProperties() {
		value, err := sampleOf(p.Value)
		if err != nil {
			return "", err
		}
		fields = append(fields, fmt.Sprintf("%q: %s", p.Key, value))
	}
	return "{" + strings.Join(fields, ", ") + "}", nil
}
