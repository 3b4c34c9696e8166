// Package schema makes JSON Schemas (draft 2020-12) of Go types: of the JSON that encoding/json writes of their values.
//
// A schema is exact: an object has the properties of the struct and no others, and those without omitempty are
// required. Only tests import this package: they keep the schemas that the command prints as it is now.
package schema

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Schema is a JSON Schema, or a part of one.
type Schema struct {
	Draft       string             `json:"$schema,omitempty"`
	ID          string             `json:"$id,omitempty"`
	Title       string             `json:"title,omitempty"`
	Description string             `json:"description,omitempty"`
	Ref         string             `json:"$ref,omitempty"`
	Type        any                `json:"type,omitempty"` // a name, or a list of names
	Const       any                `json:"const,omitempty"`
	Pattern     string             `json:"pattern,omitempty"`
	AnyOf       []*Schema          `json:"anyOf,omitempty"`
	Items       *Schema            `json:"items,omitempty"`
	Properties  Properties         `json:"properties,omitempty"`
	Required    []string           `json:"required,omitempty"`
	Additional  any                `json:"additionalProperties,omitempty"` // false, or a schema
	Defs        map[string]*Schema `json:"$defs,omitempty"`
}

// Properties are those of an object in the order in which they are written.
type Properties []Property

// Property is one of them.
type Property struct {
	Name   string
	Schema *Schema
}

// MarshalJSON writes an object in the order of the list.
func (p Properties) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	for i, one := range p {
		b.WriteString(map[bool]string{true: "{", false: ","}[i == 0])
		for _, v := range []any{one.Name, one.Schema} {
			text, err := json.Marshal(v)
			if err != nil {
				return nil, err
			}
			b.Write(text)
			if v == any(one.Name) {
				b.WriteByte(':')
			}
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Maker makes schemas. Structs that have a name are definitions of theirs.
type Maker struct {
	Defs map[string]*Schema // by the type, with its package unless that is main

	// Comment returns what a type, or its field of the name, is said to be; "" for nothing.
	Comment func(t reflect.Type, field string) string
	// Written are the schemas of types that write themselves.
	Written map[reflect.Type]*Schema
	// Absent are the structs whose embedded pointers may be nil, so that all fields of these are left out.
	Absent []reflect.Type
}

// Of returns the schema of a type. A type of which nothing is known is an error that names it.
func (m *Maker) Of(t reflect.Type) (*Schema, error) {
	if s := m.Written[t]; s != nil {
		return s, nil
	}
	if t.Kind() == reflect.Pointer {
		s, err := m.Of(t.Elem())
		if err != nil {
			return nil, err
		}
		return orNull(s), nil
	}
	if writer := reflect.TypeFor[json.Marshaler](); t.Implements(writer) || reflect.PointerTo(t).Implements(writer) {
		return nil, fmt.Errorf("schema: %v writes itself, and nothing is said of how", t)
	}
	if t.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
		return &Schema{Type: "string"}, nil
	}
	switch kind := t.Kind(); kind {
	case reflect.Bool:
		return &Schema{Type: "boolean"}, nil
	case reflect.String:
		return &Schema{Type: "string"}, nil
	case reflect.Float32, reflect.Float64:
		return &Schema{Type: "number"}, nil
	case reflect.Interface:
		return &Schema{}, nil
	case reflect.Slice, reflect.Array:
		items, err := m.Of(t.Elem())
		if err != nil || t.Elem().Kind() == reflect.Uint8 {
			return nil, orUnknown(err, t)
		}
		return &Schema{Type: "array", Items: items}, nil
	case reflect.Map:
		values, err := m.Of(t.Elem())
		return &Schema{Type: "object", Additional: values}, err
	case reflect.Struct:
		return m.object(t)
	default:
		if kind >= reflect.Int && kind <= reflect.Uint64 {
			return &Schema{Type: "integer"}, nil
		}
		return nil, orUnknown(nil, t)
	}
}

// orUnknown is an error, or else that nothing is known of a type.
func orUnknown(err error, t reflect.Type) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("schema: nothing is known of the JSON of a %v", t)
}

// orNull is a schema that null fits, too.
func orNull(s *Schema) *Schema {
	if name, ok := s.Type.(string); ok && s.Properties == nil {
		or := *s
		or.Type = []string{name, "null"}
		return &or
	}
	return &Schema{AnyOf: []*Schema{s, {Type: "null"}}}
}

// object defines a struct, and returns a reference to its definition.
func (m *Maker) object(t reflect.Type) (*Schema, error) {
	name := strings.TrimPrefix(t.String(), "main.")
	if t.Name() == "" {
		return nil, fmt.Errorf("schema: a struct without a name, of %d fields, can have no definition", t.NumField())
	}
	if m.Defs == nil {
		m.Defs = map[string]*Schema{}
	}
	ref := &Schema{Ref: "#/$defs/" + name}
	if m.Defs[name] != nil {
		return ref, nil
	}
	s := &Schema{Type: "object", Additional: false, Description: m.comment(t, "")}
	m.Defs[name] = s
	return ref, m.fields(s, t, slices.Contains(m.Absent, t))
}

func (m *Maker) comment(t reflect.Type, field string) string {
	if m.Comment == nil {
		return ""
	}
	return m.Comment(t, field)
}

// fields adds the properties of a struct to an object. Those of embedded structs are its own, as encoding/json has
// them; two of one name are an error, unless the outer one hides that of an embedded struct.
func (m *Maker) fields(s *Schema, t reflect.Type, absent bool) error {
	own := map[string]bool{}
	for i := range t.NumField() {
		if name, _, ok := property(t.Field(i)); ok {
			own[name] = true
		}
	}
	for i := range t.NumField() {
		f := t.Field(i)
		name, omit, ok := property(f)
		switch {
		case f.Anonymous && f.Tag.Get("json") == "":
			inner := &Schema{}
			of := f.Type
			if of.Kind() == reflect.Pointer {
				of = of.Elem()
			}
			if err := m.fields(inner, of, absent); err != nil {
				return err
			}
			for _, p := range inner.Properties {
				if own[p.Name] {
					continue
				}
				if s.has(p.Name) {
					return fmt.Errorf("schema: %v has two fields %s", t, p.Name)
				}
				s.Properties = append(s.Properties, p)
				if slices.Contains(inner.Required, p.Name) && !(absent && f.Type.Kind() == reflect.Pointer) {
					s.Required = append(s.Required, p.Name)
				}
			}
		case ok:
			of := f.Type
			if omit && of.Kind() == reflect.Pointer {
				of = of.Elem()
			}
			value, err := m.Of(of)
			if err != nil {
				return fmt.Errorf("%v.%s: %w", t, f.Name, err)
			}
			if said := m.comment(t, f.Name); said != "" {
				with := *value
				with.Description = said
				value = &with
			}
			s.Properties = append(s.Properties, Property{name, value})
			if !omit {
				s.Required = append(s.Required, name)
			}
		}
	}
	return nil
}

func (s *Schema) has(name string) bool {
	return slices.ContainsFunc(s.Properties, func(p Property) bool { return p.Name == name })
}

// property returns the name that a field has in JSON, and whether it may be left out; not ok if it is not there.
func property(f reflect.StructField) (name string, omit, ok bool) {
	tag := f.Tag.Get("json")
	if !f.IsExported() || tag == "-" || f.Anonymous && tag == "" {
		return "", false, false
	}
	name, options, _ := strings.Cut(tag, ",")
	if name == "" {
		name = f.Name
	}
	return name, strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero"), true
}
