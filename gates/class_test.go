package gates

import (
	"encoding/json"
	"errors"
	"testing"
)

// TestClassText asserts that a class is its name in JSON, both ways, and that max goes by
// inclusion, which is not the order of the names.
func TestClassText(t *testing.T) {
	for c, name := range map[Class]string{AC0: "AC0", ACC0: "ACC0", TC0: "TC0", NC1: "NC1"} {
		text, err := json.Marshal(c)
		if err != nil || string(text) != `"`+name+`"` {
			t.Errorf("%v is %s in JSON: %v", c, text, err)
		}
		var back Class
		if err := json.Unmarshal(text, &back); err != nil || back != c {
			t.Errorf("%s is read as %v: %v", text, back, err)
		}
	}
	if got := max(TC0, NC1, AC0); got != NC1 {
		t.Errorf("the greatest of TC0, NC1 and AC0 is %v", got)
	}
	var unknown *UnknownError
	_, err := ParseClass("tc0")
	if want := `unknown class "tc0"; did you mean TC0? known: AC0, ACC0, TC0, NC1`; !errors.As(err, &unknown) || err.Error() != want {
		t.Errorf("the error is %v, want %s", err, want)
	}
}

// TestPlain asserts which kinds are complements, and of what.
func TestPlain(t *testing.T) {
	of := map[Kind]Kind{Not: Buf, Nand: And, Nor: Or, Xnor: Xor}
	for _, k := range Kinds() {
		want, complement := of[k]
		if !complement {
			want = k
		}
		if got, is := k.Plain(); got != want || is != complement {
			t.Errorf("%v is the plain %v, %v; want %v, %v", k, got, is, want, complement)
		}
	}
}
