package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/graph"
	"github.com/tc0lab/tc0/internal/schema"
)

// shapes are what each verb prints with --json: the version of its schema, and the types of the objects. To change a
// field, raise the version and write the schemas anew:
//
//	go test ./cmd/tc0 -run Schemas -update-docs
var shapes = map[string]struct {
	version int
	objects []any
}{
	"report":   {1, []any{report{}, foreseen{}}},
	"list":     {1, []any{listed{}}},
	"stat":     {1, []any{inspected{}, bounded{}, foreseen{}}},
	"build":    {1, []any{writtenFile{}, exported{}, foreseen{}}},
	"convert":  {1, []any{exported{}, foreseen{}}},
	"equiv":    {2, []any{comparedCircuits{}, shardResult{}, []foreseenFamily{}}},
	"optimise": {1, []any{optimised{}, foreseen{}}},
	"eval":     {1, []any{evaluatedVectors{}, portList{}, foreseen{}}},
	"verify":   {2, []any{verification{}, foreseen{}, shardResult{}}},
	"prove":    {2, []any{analysis.Proof{}, shardResult{}}},
	"check":    {1, []any{checkedProof{}, checkedFormula{}, checkedCover{}, checkedTheorem{}}},
	"sweep":    {2, []any{swept{}, []foreseenFamily{}, shardResult{}}},
	"gather": {1, []any{ // what the verb of the shards prints
		swept{},
		verification{},
		analysis.Proof{},
		restricted{},
		analysed{},
		comparedCircuits{},
		classified{},
		generated{},
		drawnImages{},
	}},
	"unroll":     {1, []any{unrolled{}, []foreseenFamily{}}},
	"recurrence": {1, []any{recurrence{}, []foreseenFamily{}}},
	"fourier":    {2, []any{analysed{}, foreseen{}, shardResult{}}},
	"restrict":   {2, []any{restricted{}, foreseen{}, shardResult{}}},
	"speedup":    {1, []any{sped{}, foreseen{}}},
	"amplify":    {1, []any{amplified{}}},
	"sudoku":     {1, []any{propagated{}}},
	"frontier":   {1, []any{lowerings{}, foreseen{}}},
	"quantise":   {1, []any{quantisedResult{}}},
	"draw":       {1, []any{drawnFigure{}, writtenFile{}, drawnFamily{}, foreseen{}}},
	"view":       {1, []any{viewed{}, foreseen{}}},
	"tour":       {1, []any{tourList{}, viewed{}, writtenFile{}}},
	"run":        {2, []any{classified{}, generated{}, drawnImages{}, foreseen{}, shardResult{}}},
	"import":     {1, []any{imported{}}},
	"completion": {1, []any{completionCode{}}},
	"cache":      {1, []any{cachedCircuits{}}},
	"version":    {1, []any{versionInfo{}}},
}

// alike are names that mean the same in all objects.
var alike = map[string]string{
	"subject":     "what the command was about, with all its parameters",
	"depth":       "of the circuit, in the depth model",
	"depth_model": "what counts as depth",
	"size":        "gates, as the depth model counts them",
	"wires":       "with shared sums written out",
	"seed":        "of what was random",
	"basis":       "the gates that the circuit may have",
	"strategy":    "how values are encoded",
	"gate_class":  "the least class that has all the gates; a single circuit is in no class",
	"seconds":     "left out with --deterministic",
	"max_fan_in":  "the most wires into one gate",
	"max_weight":  "the greatest |weight| of a wire",
	"assumptions": "what the verdict rests on",
	"checked_n":   "of the circuits that were built and counted",
	"gate":        "its number in the circuit",
	"kind":        "what it is",
	"stage":       "its path, such as attention/quotient",
	"port":        "the output that it is, or nothing",
	"level":       "in the depth model",
	"formula":     "in n and the symbols of the family",
	"mismatches":  "inputs on which they differ",

	"file":          "its path",
	"folder":        "its path",
	"bytes":         "length in bytes",
	"description":   "what it is, in words",
	"depth_formula": "for every n",
	"size_formula":  "of the gates, for every n",
	"holds":         "whether it does",
	"claim":         "what the verdict is about",
	"reason":        "why the verdict is so",
	"class":         "of a family: AC0, ACC0, TC0, NC1, or in words",
	"scope":         "of what nothing is said",
	"beside":        "the other subjects",
	"n":             "the length",
	"reference":     "of the network in integers",
	"float":         "of the network in floating point",
	"circuit":       "of the circuit",
	"float_logits":  "of the network in floating point",
	"from":          "where it comes from",
	"source":        "where it is from",
	"points":        "one for each n, or number of processors",
	"runs":          "one for each number of steps",
	"answers":       "one for each input",
	"known":         "cited, not measured",
	"facts":         "cited, not proved here",
	"figures":       "the files that were drawn",
	"estimate":      "a forecast",
	"error":         "what is wrong, in one line",
	"input_ports":   "in order",
	"output_ports":  "in order",
	"processors":    "how many work at the same time",
	"brent_least":   "the least time by Brent's bound",
	"brent_most":    "the greatest time by Brent's bound",
	"time":          "in layers of gates",
	"speedup":       "all gates by the time",
	"bundled_gates": "gates that are drawn together with others",
	"latex_caption": "the text of a \\caption",

	"smallest_text_pt_at_8cm":  "in points, in a column of 8 cm",
	"smallest_text_pt_at_17cm": "in points, in a column of 17 cm",
}

// schemaOf makes the schema of what a verb prints.
func schemaOf(verb string) (*schema.Schema, error) {
	of := shapes[verb]
	m := schema.Maker{
		Comment: schema.Comments("github.com/tc0lab/tc0/", filepath.Join("..", "..")),
		Written: map[reflect.Type]*schema.Schema{
			reflect.TypeFor[circuit.Int](): {
				Type: []string{"integer", "string"}, Pattern: "^-?[0-9]+$",
				Description: "an integer: beyond 2^53 a string of its digits",
			},
			reflect.TypeFor[big.Int](): {Type: "integer"},
			reflect.TypeFor[graph.Stages](): {
				Type: "object", Description: "the stages, and as edges the wires between them",
				Properties: schema.Properties{
					{Name: "nodes", Schema: &schema.Schema{Type: "array", Items: &schema.Schema{Type: "object"}}},
					{Name: "edges", Schema: &schema.Schema{Type: "array", Items: &schema.Schema{Type: "object"}}},
				},
				Required: []string{"nodes", "edges"}, Additional: false,
			},
		},
		Absent: []reflect.Type{reflect.TypeFor[report](), reflect.TypeFor[drawnFamily]()},
	}
	s := &schema.Schema{
		Draft: "https://json-schema.org/draft/2020-12/schema",
		ID:    fmt.Sprintf("https://github.com/tc0lab/tc0/schemas/%s/%d", verb, of.version),
		Title: fmt.Sprintf("tc0 %s --json, version %d", verb, of.version),
	}
	for _, object := range append(slices.Clone(of.objects), failure{}) {
		one, err := m.Of(reflect.TypeOf(object))
		if err != nil {
			return nil, err
		}
		s.AnyOf = append(s.AnyOf, one)
	}
	s.Defs = m.Defs
	for _, object := range s.Defs {
		for _, p := range object.Properties {
			if said := alike[p.Name]; said != "" && p.Schema.Description == "" {
				p.Schema.Description = said
			}
		}
	}
	return s, nil
}

// The schemas that the command prints are those of its types, and a change of a field has a version of its own.
func TestSchemas(t *testing.T) {
	parser, err := (&app{}).parser(&grammar{})
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range parser.Model.Children {
		of := shapes[verb.Name]
		if of.version == 0 {
			t.Errorf("nothing is said of what tc0 %s --json prints", verb.Name)
		}
		estimates := slices.ContainsFunc(verb.Flags, func(f *kong.Flag) bool { return f.Name == "estimate" })
		if said := slices.ContainsFunc(of.objects, func(object any) bool {
			return strings.Contains(fmt.Sprintf("%T", object), "foreseen")
		}); said != (estimates && verb.Name != "prove") { // which refuses it
			t.Errorf("tc0 %s has --estimate: %v, and its schema an object for that: %v", verb.Name, estimates, said)
		}
	}
	for verb := range shapes {
		s, err := schemaOf(verb)
		if err != nil {
			t.Errorf("tc0 %s --json: %v", verb, err)
			continue
		}
		var want bytes.Buffer
		if err := writeJSON(&want, s); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("schemas", verb+".json")
		have, err := os.ReadFile(path)
		switch {
		case bytes.Equal(have, want.Bytes()):
		case err == nil && !raised(t, have, want.Bytes()):
			t.Errorf("the fields that tc0 %s --json prints have changed: raise the version of its schema", verb)
		case !*updateDocs:
			t.Errorf("%s is not the schema of what tc0 %s --json prints; -update-docs writes it anew", path, verb)
		default:
			if err := os.WriteFile(path, want.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// raised reports whether a schema has another version than the one before, or says the same in other words.
func raised(t *testing.T, before, after []byte) bool {
	t.Helper()
	x, y := withoutWords(t, before), withoutWords(t, after)
	return x["$id"] != y["$id"] || reflect.DeepEqual(x, y)
}

// withoutWords reads a schema and leaves out what is for people.
func withoutWords(t *testing.T, text []byte) map[string]any {
	t.Helper()
	var s map[string]any
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	var strip func(v any)
	strip = func(v any) {
		switch x := v.(type) {
		case map[string]any:
			if _, ok := x["description"].(string); ok { // and not a property of the name
				delete(x, "description")
			}
			for _, inner := range x {
				strip(inner)
			}
		case []any:
			for _, inner := range x {
				strip(inner)
			}
		}
	}
	strip(s)
	return s
}

func TestRaised(t *testing.T) {
	const before = `{"$id": "stat/1", "properties": {"depth": {"type": "integer", "description": "the depth"}}}`
	for after, want := range map[string]bool{
		before: true,
		strings.Replace(before, "the depth", "of the circuit", 1):                    true,
		strings.Replace(before, "integer", "string", 1):                              false,
		strings.Replace(before, `"depth"`, `"deep"`, 1):                              false,
		strings.NewReplacer("stat/1", "stat/2", "integer", "string").Replace(before): true,
	} {
		if got := raised(t, []byte(before), []byte(after)); got != want {
			t.Errorf("%s after %s: raised is %v, want %v", after, before, got, want)
		}
	}
}

// What is written as JSON has a type with a name, of which a schema can be made.
func TestShownTypesHaveNames(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(gotoken.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			f, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || f.Sel.Name != "show" && f.Sel.Name != "emit" {
				return true
			}
			if lit, ok := call.Args[0].(*ast.CompositeLit); ok {
				if _, named := lit.Type.(*ast.Ident); !named {
					t.Errorf("%s: what is shown has no named type", name)
				}
			}
			return true
		})
	}
}

// compiled are the schemas as the command prints them, by verb.
var compiled = sync.OnceValues(func() (map[string]*jsonschema.Schema, error) {
	all := map[string]*jsonschema.Schema{}
	for verb := range shapes {
		text, err := schemas.ReadFile("schemas/" + verb + ".json")
		if err != nil {
			return nil, err
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			return nil, err
		}
		c := jsonschema.NewCompiler()
		if err := c.AddResource(verb+".json", doc); err != nil {
			return nil, err
		}
		if all[verb], err = c.Compile(verb + ".json"); err != nil {
			return nil, err
		}
	}
	return all, nil
})

// fitsSchema checks what a command printed, if that is JSON, against the schema of its verb.
func fitsSchema(args []string, printed string) error {
	asked := func(arg string) bool { return slices.Contains(args, arg) }
	i := slices.IndexFunc(args, func(arg string) bool { return shapes[arg].version > 0 || arg == "optimize" || arg == "quantize" })
	if !asked("--json") || asked("--help") || asked("help") || i < 0 || printed == "" {
		return nil
	}
	verb := strings.Replace(args[i], "ize", "ise", 1)
	all, err := compiled()
	if err != nil {
		return err
	}
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(printed))
	if err != nil {
		return fmt.Errorf("tc0 %s --json: %w", verb, err)
	}
	if err := all[verb].Validate(v); err != nil {
		return fmt.Errorf("tc0 %s --json against its schema: %w", verb, closest(err))
	}
	return nil
}

// closest is that of the reasons why no shape fits which lies deepest: the others are about other shapes.
func closest(err error) error {
	var best *jsonschema.ValidationError
	var walk func(e *jsonschema.ValidationError)
	walk = func(e *jsonschema.ValidationError) {
		if len(e.Causes) == 0 && (best == nil || len(e.InstanceLocation) > len(best.InstanceLocation)) {
			best = e
		}
		for _, cause := range e.Causes {
			walk(cause)
		}
	}
	var e *jsonschema.ValidationError
	if !errors.As(err, &e) {
		return err
	}
	walk(e)
	return fmt.Errorf("%w\n%w", best, err)
}

// A schema refuses what a verb does not print.
func TestSchemasRefuse(t *testing.T) {
	status, text, notes := try(t, "stat", "parity:n=4", "--json", "--deterministic")
	if status != statusHolds {
		t.Fatal(notes)
	}
	for old, wrong := range map[string]string{
		`"size":`: `"sizes":`, `"depth": `: `"depth": "deep", "x": `, `"ledger": [`: `"ledger": [1, `,
	} {
		if !strings.Contains(text, old) {
			t.Fatalf("no %s in %s", old, text)
		}
		if err := fitsSchema([]string{"stat", "--json"}, strings.Replace(text, old, wrong, 1)); err == nil {
			t.Errorf("%s in place of %s fits the schema", wrong, old)
		}
	}
}

// Each verb prints its schema, whatever else it would need.
func TestJSONSchemaFlag(t *testing.T) {
	for verb := range maps.Keys(shapes) {
		want, err := schemas.ReadFile("schemas/" + verb + ".json")
		if err != nil {
			t.Fatal(err)
		}
		if status, text, notes := try(t, verb, "--json-schema"); status != statusHolds || text != string(want) {
			t.Errorf("tc0 %s --json-schema: status %d, %s%s", verb, status, text, notes)
		}
	}
}
