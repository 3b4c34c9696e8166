package press

import (
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

func TestLatex(t *testing.T) {
	for text, want := range map[string]string{
		`x[2,3]`:           `x[2,3]`,
		`50% & #1_2`:       `50\% \& \#1\_2`,
		`{a}^b~c\d$`:       `\ensuremath{\{}a\ensuremath{\}}\^{}b\~{}c\ensuremath{\backslash}d\$`,
		`<a|b>"--`:         `\ensuremath{<}a\ensuremath{|}b\ensuremath{>}''{}-{}-{}`,
		`depth 1–2`:        `depth 1\textendash{}2`,
		"12\u202f345 × 2⁸": `12\,345 \ensuremath{\times} 2\ensuremath{^{8}}`,
		`é ï ß Ø`:          `\'{e} \"{\i} \ss{} \O{}`,
		`α ≥ ¬β`:           `\ensuremath{\alpha} \ensuremath{\geq} \ensuremath{\neg}\ensuremath{\beta}`,
		`ο 中 😀`:            `[U+03BF] [U+4E2D] [U+1F600]`,
		"\ufffd":           `[U+FFFD]`,
	} {
		if got := LaTeX(text); got != want {
			t.Errorf("LaTeX(%q) = %s, want %s", text, got, want)
		}
	}
}

// Whatever is in a name, pdflatex gets ASCII.
func TestLatexIsASCII(t *testing.T) {
	for r := rune(' '); r < 0x3000; r++ {
		if !unicode.IsPrint(r) {
			continue
		}
		for _, b := range []byte(latexRune(r)) {
			if b < ' ' || b > '~' {
				t.Fatalf("%q becomes %q", r, latexRune(r))
			}
		}
	}
}

func TestMaths(t *testing.T) {
	for label, want := range map[string]string{
		"≥ −3":         `$\geq -3$`,
		"Σ ≥ 18":       `$\Sigma \geq 18$`,
		"≥ 2⁴⁰ + 5":    `$\geq 2^{40}+5$`,
		"−(2¹⁰⁰ − 1)":  `$-(2^{100}-1)$`,
		"≈ −3.10·10¹⁰": `$\approx -3.10\cdot 10^{10}$`,
		"∈ {0,2,…}":    `$\in \{0,2,\ldots \}$`,
		"mod 13":       `$\mathsf{mod}\ 13$`,
		"MAJ":          `$\mathsf{MAJ}$`,
		"⊼":            `$\overline{\wedge}$`,
		"20,115":       `$20{,}115$`,
		"中":            `$\mbox{[U+4E2D]}$`,
	} {
		if got := Maths(label); got != want {
			t.Errorf("Maths(%q) = %s, want %s", label, got, want)
		}
	}
}

// The letters with accents are all of those that Unicode has.
func TestAccents(t *testing.T) {
	command := map[rune]string{
		'\u0300': "`", '\u0301': "'", '\u0302': "^", '\u0303': "~", '\u0308': `"`, '\u030a': "r", '\u030c': "v", '\u0327': "c",
		'\u0304': "=", '\u0306': "u", '\u0307': ".", '\u030b': "H", '\u0323': "d",
	}
	count := 0
	for r := rune(unicode.MaxASCII + 1); r <= unicode.MaxRune; r++ {
		parts := []rune(norm.NFD.String(string(r)))
		if len(parts) != 2 || parts[0] > unicode.MaxASCII || command[parts[1]] == "" {
			continue
		}
		base := string(parts[0])
		if base == "i" {
			base = `\i`
		}
		if got, want := LaTeX(string(r)), `\`+command[parts[1]]+"{"+base+"}"; got != want {
			t.Errorf("%c: %s, want %s", r, got, want)
		}
		count++
	}
	if count < 250 {
		t.Errorf("%d letters were tried", count)
	}
}
