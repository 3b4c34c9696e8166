package vector_test

import (
	"encoding/json"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/vector"
)

func TestNumbersInJSON(t *testing.T) {
	for _, test := range []struct {
		value circuit.Int
		want  string
	}{
		{circuit.NewInt(-3), "-3"},
		{circuit.NewInt(1 << 53), "9007199254740992"},
		{circuit.NewInt(1<<53 + 1), `"9007199254740993"`},
		{circuit.Pow2(100), `"1267650600228229401496703205376"`},
	} {
		text, err := json.Marshal(vector.Number{Int: test.value})
		if err != nil || string(text) != test.want {
			t.Errorf("%v is written %s (%v), want %s", test.value, text, err, test.want)
		}
		var back vector.Number
		if err := json.Unmarshal(text, &back); err != nil || back.Cmp(test.value) != 0 {
			t.Errorf("%s is read as %v (%v), want %v", text, back, err, test.value)
		}
	}
	for _, text := range []string{`"x"`, `1.5`, `{}`, `null`} {
		if err := json.Unmarshal([]byte(text), new(vector.Number)); err == nil {
			t.Errorf("%s is read as a number", text)
		}
	}
}
