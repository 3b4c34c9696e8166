package optimise_test

import (
	"encoding/json"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/optimise"
)

// TestWeightText asserts that a weight that not every reader of JSON keeps exactly is a
// string of digits, of either sign: what a pass saved may be less than nothing.
func TestWeightText(t *testing.T) {
	most := circuit.Pow2(53)
	for _, test := range []struct {
		weight circuit.Int
		want   string
	}{
		{circuit.NewInt(-7), `-7`},
		{most, `9007199254740992`},
		{most.Neg(), `-9007199254740992`},
		{most.Add(circuit.NewInt(1)), `"9007199254740993"`},
		{most.Add(circuit.NewInt(1)).Neg(), `"-9007199254740993"`},
		{circuit.Pow2(70).Neg(), `"-1180591620717411303424"`},
	} {
		text, err := json.Marshal(optimise.Count{Weight: test.weight})
		if want := `{"depth":0,"size":0,"wires":0,"weight":` + test.want + `}`; err != nil || string(text) != want {
			t.Errorf("%v is written as %s, want %s: %v", test.weight, text, want, err)
		}
		var back optimise.Count
		if err := json.Unmarshal(text, &back); err != nil || back.Weight.Cmp(test.weight) != 0 {
			t.Errorf("%s is read as %v: %v", text, back.Weight, err)
		}
	}
}
