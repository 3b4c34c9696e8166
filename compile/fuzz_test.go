package compile

import "testing"

// FuzzParseSpec checks that no text makes the reader of families fail otherwise
// than with an error, and that what it reads is written back the same.
func FuzzParseSpec(f *testing.F) {
	for _, text := range []string{"attention:n=8,d=4", "mlp", "mlp:n=2,layers=3,strategy=digits2+absorb", "attention:n=,=,", ":", "attention:kind=softmax,n=007"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseSpec(text)
		if err != nil {
			return
		}
		again, err := ParseSpec(s.String())
		if err != nil || again.String() != s.String() {
			t.Fatalf("%q is %s, which reads as %s, %v", text, s, again, err)
		}
		if again, err := ParseSpec(s.Short()); err != nil || again.String() != s.String() {
			t.Fatalf("%q is %s, whose short form %s reads as %s, %v", text, s, s.Short(), again, err)
		}
		if _, err := s.Strategy(); err != nil {
			t.Fatalf("%q was read with a strategy that is none: %v", text, err)
		}
	})
}
