package schema_test

import (
	"encoding/json"
	"math/big"
	"reflect"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/internal/schema"
)

// inner has a field that outer hides, and one that it promotes.
type inner struct {
	Name  string `json:"name"`
	Depth int    `json:"depth,omitempty"`
}

type maybe struct {
	There bool `json:"there"`
}

// outer is what is written.
type outer struct {
	inner
	*maybe
	Name   *string            `json:"name"` // its own
	List   []*outer           `json:"list"`
	Left   *inner             `json:"left,omitempty"`
	Shares map[string]float64 `json:"shares"`
	Any    any                `json:"any,omitempty"`
	Never  int                `json:"-"`
}

func TestOf(t *testing.T) {
	said := map[string]string{"List": "others", "": "a type"}
	m := schema.Maker{
		Absent:  []reflect.Type{reflect.TypeFor[outer]()},
		Comment: func(_ reflect.Type, field string) string { return said[field] },
	}
	ref, err := m.Of(reflect.TypeFor[*outer]())
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal([]any{ref, m.Defs})
	if err != nil {
		t.Fatal(err)
	}
	const pkg = "schema_test."
	want := `[{"anyOf":[{"$ref":"#/$defs/outer"},{"type":"null"}]},{` +
		`"inner":{"description":"a type","type":"object","properties":{"name":{"type":"string"},"depth":{"type":"integer"}},` +
		`"required":["name"],"additionalProperties":false},` +
		`"outer":{"description":"a type","type":"object","properties":{"depth":{"type":"integer"},"there":{"type":"boolean"},` +
		`"name":{"type":["string","null"]},"list":{"description":"others","type":"array","items":{"anyOf":[{"$ref":"#/$defs/outer"},` +
		`{"type":"null"}]}},"left":{"$ref":"#/$defs/inner"},"shares":{"type":"object","additionalProperties":{"type":"number"}},` +
		`"any":{}},"required":["name","list","shares"],"additionalProperties":false}}]`
	if got := strings.ReplaceAll(string(text), pkg, ""); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Of some types nothing is known.
func TestUnknown(t *testing.T) {
	for want, v := range map[string]any{
		"chan int":              make(chan int),
		"writes itself":         struct{ X big.Int }{}.X,
		"without a name":        struct{}{},
		"[]uint8":               []byte{},
		"of the JSON of a func": func() {},
	} {
		m := schema.Maker{}
		if _, err := m.Of(reflect.TypeOf(v)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%T: error %v, want %q", v, err, want)
		}
	}
}

func TestComments(t *testing.T) {
	said := schema.Comments("github.com/tc0lab/tc0/", "../..")
	of := reflect.TypeFor[schema.Schema]()
	for field, want := range map[string]string{
		"": "Schema is a JSON Schema, or a part of one.", "Type": "a name, or a list of names", "Title": "",
	} {
		if got := said(of, field); got != want {
			t.Errorf("%q: %q, want %q", field, got, want)
		}
	}
	if got := said(reflect.TypeFor[big.Int](), ""); got != "" {
		t.Errorf("of another module: %q", got)
	}
}
