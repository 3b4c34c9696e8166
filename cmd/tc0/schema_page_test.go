package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/internal/schema"
)

// TestJSONPage holds docs/json.md to the schemas.
func TestJSONPage(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "json.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const mark = "-update-docs. -->\n"
	said, have, ok := strings.Cut(string(text), mark)
	if !ok {
		t.Fatalf("%s has no line that ends in %q", path, mark)
	}
	want, err := jsonPage()
	switch {
	case err != nil:
		t.Fatal(err)
	case have == want:
	case !*updateDocs:
		t.Errorf("%s does not say what the schemas do; -update-docs writes it anew", path)
	default:
		if err := os.WriteFile(path, []byte(said+mark+want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// jsonPage lists the verbs and their objects, and then the fields of all objects.
func jsonPage() (string, error) {
	var b strings.Builder
	objects := map[string]*schema.Schema{}
	b.WriteString("\n## Verbs\n\n| verb | version | it prints |\n|---|---|---|\n")
	for _, verb := range slices.Sorted(maps.Keys(shapes)) {
		s, err := schemaOf(verb)
		if err != nil {
			return "", err
		}
		var prints []string
		for _, one := range s.AnyOf[:len(s.AnyOf)-1] { // the last one is an error, of any verb
			prints = append(prints, jsonType(one))
		}
		fmt.Fprintf(&b, "| `tc0 %s` | %d | %s |\n", verb, shapes[verb].version, strings.Join(prints, " or "))
		for name, object := range s.Defs {
			if other := objects[name]; other != nil && !reflect.DeepEqual(other, object) {
				return "", fmt.Errorf("two objects have the name %s", name)
			}
			objects[name] = object
		}
	}
	b.WriteString("\n## Objects\n")
	for _, name := range slices.SortedFunc(maps.Keys(objects), byLetters) {
		object := objects[name]
		fmt.Fprintf(&b, "\n### %s\n", name)
		if object.Description != "" {
			fmt.Fprintf(&b, "\n%s\n", cell(object.Description))
		}
		b.WriteString("\n| field | JSON | what it is |\n|---|---|---|\n")
		for _, p := range object.Properties {
			kind := jsonType(p.Schema)
			if !slices.Contains(object.Required, p.Name) {
				kind += ", or left out"
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", p.Name, kind, cell(p.Schema.Description))
		}
	}
	return b.String(), nil
}

// byLetters orders names without regard to capitals.
func byLetters(x, y string) int {
	return strings.Compare(strings.ToLower(x)+x, strings.ToLower(y)+y)
}

// cell is a text as it stands in a table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`, "[", `\[`).Replace(text)
}

// jsonType says in words what a schema asks for.
func jsonType(s *schema.Schema) string {
	name, _ := s.Type.(string)
	switch {
	case s.Ref != "":
		name = strings.TrimPrefix(s.Ref, "#/$defs/")
		return fmt.Sprintf("[%s](#%s)", name, strings.ToLower(strings.ReplaceAll(name, ".", "")))
	case s.AnyOf != nil:
		var parts []string
		for _, one := range s.AnyOf {
			parts = append(parts, jsonType(one))
		}
		return strings.Join(parts, " or ")
	case name == "array":
		return "list of " + jsonType(s.Items)
	case name == "object" && s.Properties == nil:
		of, _ := s.Additional.(*schema.Schema)
		return "object by name, of " + jsonType(of)
	case name != "":
		return name
	case s.Pattern != "":
		return "integer or digits"
	}
	if list, ok := s.Type.([]string); ok {
		return strings.Join(list, " or ")
	}
	return "any"
}
