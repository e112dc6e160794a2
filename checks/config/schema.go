package config

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Schema is the JSON schema of the file: schema.json of this package.
func Schema() ([]byte, error) {
	top := grammar()
	s := struct {
		Schema string `json:"$schema"`
		ID     string `json:"$id"`
		Title  string `json:"title"`
		schema
		Defs properties `json:"$defs"`
	}{
		"https://json-schema.org/draft/2020-12/schema",
		"https://raw.githubusercontent.com/nixlint/nixlint/main/checks/config/schema.json", Name, *top.schema(),
		properties{{"facts", new(factsShape("")).define()}, {"rules", new(rulesShape("")).define()}},
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(s); err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	return out.Bytes(), nil
}

// schema is what JSON schema says of a value.
type schema struct {
	Description string   `json:"description,omitempty"`
	Ref         string   `json:"$ref,omitempty"`
	Type        any      `json:"type,omitempty"`
	Enum        []string `json:"enum,omitempty"`
	Pattern     string   `json:"pattern,omitempty"`
	Format      string   `json:"format,omitempty"`
	Not         *schema  `json:"not,omitempty"`
	Minimum     *int     `json:"minimum,omitempty"`
	Maximum     *int     `json:"maximum,omitempty"`
	MinItems    int      `json:"minItems,omitempty"`
	Items       *schema  `json:"items,omitempty"`
	Required    []string `json:"required,omitempty"`
	// Properties is an ordered object.
	Properties    properties `json:"properties,omitempty"`
	PropertyNames *schema    `json:"propertyNames,omitempty"`
	Additional    any        `json:"additionalProperties,omitempty"`
	AnyOf         []*schema  `json:"anyOf,omitempty"`
}

// properties are written in their order.
type properties []property

type property struct {
	name string
	*schema
}

func (p properties) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, one := range p {
		if i > 0 {
			out.WriteByte(',')
		}
		var value bytes.Buffer
		e := json.NewEncoder(&value)
		e.SetEscapeHTML(false)
		if err := e.Encode(one.schema); err != nil {
			return nil, fmt.Errorf("%s: %w", one.name, err)
		}
		fmt.Fprintf(&out, "%q:%s", one.name, value.Bytes())
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// schema is that of a value; what stands in several places is defined once.
func (s *shape) schema() *schema {
	if s.ref != "" {
		return &schema{Description: s.doc, Ref: "#/$defs/" + s.ref}
	}
	return s.define()
}

func (s *shape) define() *schema {
	out := &schema{Description: s.doc}
	switch s.kind {
	case number:
		out.Type, out.Minimum, out.Maximum = "integer", &s.least, &s.most
	case boolean:
		out.Type = "boolean"
	case list:
		out.Type, out.MinItems, out.Items = "array", s.least, s.each.schema()
	case table:
		each := s.each.schema()
		if s.removes {
			each = &schema{AnyOf: []*schema{each, {Type: "null"}}}
		}
		out.Type, out.PropertyNames, out.Additional = "object", s.name.schema(), each
	case object:
		out.Type, out.Additional = "object", false
		for i := range s.keys {
			k := &s.keys[i]
			out.Properties = append(out.Properties, property{k.name, k.schema()})
			if k.needed {
				out.Required = append(out.Required, k.name)
			}
		}
		for _, k := range s.either {
			out.AnyOf = append(out.AnyOf, &schema{Required: []string{k}})
		}
	case text:
		out = s.forms.schema()
		out.Description, out.Type, out.Enum = s.doc, "string", s.words
	}
	if s.or != nil {
		return &schema{Description: s.doc, AnyOf: []*schema{s.or.schema(), out}}
	}
	return out
}

func (f *form) schema() *schema {
	if f == nil {
		return &schema{}
	}
	out := &schema{Pattern: f.pattern.String(), Format: f.format}
	if f == within || f == globWithin {
		out.Not = &schema{Pattern: outward.String()}
	}
	return out
}
