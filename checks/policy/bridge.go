package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/nixlint/nixlint/checks/policy/vm"
)

// termOf is a value of the machine as OPA has it.
func termOf(v vm.Value) *ast.Term {
	switch v := v.(type) {
	case bool:
		return ast.InternedTerm(v)
	case int:
		return ast.InternedTerm(v)
	case float64:
		return ast.FloatNumberTerm(v)
	case string:
		return ast.StringTerm(v)
	case *vm.Array:
		return ast.ArrayTerm(termsOf(v.Items())...)
	case *vm.Set:
		return ast.SetTerm(termsOf(v.Items())...)
	case *vm.Object:
		o := ast.NewObjectWithCapacity(v.Len())
		v.Fields(func(key, value vm.Value) { o.Insert(termOf(key), termOf(value)) })
		return ast.NewTerm(o)
	}
	return ast.NullTerm()
}

func termsOf(values []vm.Value) []*ast.Term {
	terms := make([]*ast.Term, len(values))
	for i, v := range values {
		terms[i] = termOf(v)
	}
	return terms
}

// valueOf is a value of OPA as the machine has it. What is no value, such as a variable, is an error.
func valueOf(v ast.Value) (vm.Value, error) {
	switch v := v.(type) {
	case ast.Null:
		return vm.Null{}, nil
	case ast.Boolean:
		return bool(v), nil
	case ast.Number:
		return numberOf(json.Number(v))
	case ast.String:
		return string(v), nil
	case *ast.Array:
		items := make([]vm.Value, v.Len())
		for i := range items {
			var err error
			if items[i], err = valueOf(v.Elem(i).Value); err != nil {
				return nil, err
			}
		}
		return vm.NewArray(items...), nil
	case ast.Set:
		items := make([]vm.Value, 0, v.Len())
		err := v.Iter(func(t *ast.Term) error {
			item, err := valueOf(t.Value)
			items = append(items, item)
			return err
		})
		return vm.NewSet(items...), err
	case ast.Object:
		o := vm.NewObject(v.Len())
		err := v.Iter(func(k, t *ast.Term) error {
			key, err := valueOf(k.Value)
			if err != nil {
				return err
			}
			value, err := valueOf(t.Value)
			o.Put(key, value)
			return err
		})
		return o, err
	}
	return nil, fmt.Errorf("%s is no value", v)
}

// numberOf is a number, or an error if that is not exact.
func numberOf(n json.Number) (vm.Value, error) {
	v, err := vm.Number(n.String())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", n, err)
	}
	return v, nil
}

// valueOfJSON reads one value, and nothing after it.
func valueOfJSON(data []byte) (vm.Value, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("%w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the value")
	}
	return valueOfAny(v)
}

func valueOfAny(v any) (vm.Value, error) {
	switch v := v.(type) {
	case nil:
		return vm.Null{}, nil
	case json.Number:
		return numberOf(v)
	case []any:
		items := make([]vm.Value, len(v))
		for i := range v {
			var err error
			if items[i], err = valueOfAny(v[i]); err != nil {
				return nil, err
			}
		}
		return vm.NewArray(items...), nil
	case map[string]any:
		o := vm.NewObject(len(v))
		for _, key := range sortedKeys(v) {
			value, err := valueOfAny(v[key])
			if err != nil {
				return nil, err
			}
			o.Add(key, value)
		}
		return o, nil
	}
	return v, nil // a text or a truth
}
