package poly

import "testing"

// FuzzParse reads polynomials. What is read is written as it was.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"0", "n", "-1", "1/2·n^2 - n·2^p + 3", "(d·n)^2", "⌈log₂ n⌉^3 + n", "2^p·2^p", "n^1000·m^1000", "7/3·", "1/0", "n - 0",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Parse(text)
		if err != nil {
			return
		}
		if got := p.String(); got != text {
			t.Fatalf("%q is written %q", text, got)
		}
		q, err := Parse(p.Plus(p).String())
		if err != nil || q.String() != p.Plus(p).String() {
			t.Fatalf("%v, doubled, is %v, which reads as %v, %v", p, p.Plus(p), q, err)
		}
		for _, s := range p.Symbols() {
			if s == "" {
				t.Fatalf("%q has a symbol without a name", text)
			}
		}
	})
}
