package gates

import "testing"

func TestMeant(t *testing.T) {
	known := []string{"attention", "AC0", "stat", "report"}
	for name, want := range map[string]string{
		"atention": " did you mean attention?", "ac0": " did you mean AC0?", "sat": " did you mean stat?",
		"reprot": " did you mean report?", "st": "", "frob": "", "ttention": "", "": "", "attentiveness": "",
	} {
		if got := Meant(name, known); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"kitten", "sitting", 3}, {"flaw", "lawn", 2}, {"same", "same", 0}} {
		if got := Distance(test.a, test.b); got != test.want || Distance(test.b, test.a) != got {
			t.Errorf("%q and %q are %d apart, want %d", test.a, test.b, got, test.want)
		}
	}
}
