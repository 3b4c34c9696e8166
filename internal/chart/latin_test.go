package chart

import "testing"

// The fonts of a PDF have the signs of Windows-1252, a byte each.
func TestWindows1252(t *testing.T) {
	for text, want := range map[string]string{
		"10²": "10^2", "10³": "10^3", "10¹²": "10^12", "Fréchet distance²": "Fr\xe9chet distance\xb2", "fraction ρ": "fraction rho", "a · b": "a \xb7 b", "字": "?",
		"d=4, n ≤ 8": "d=4, n <= 8",
	} {
		if got := windows1252(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
