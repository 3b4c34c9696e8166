package draw

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// mathSign returns what TeX writes for a sign, in maths.
func mathSign(r rune) (string, bool) {
	switch r {
	case '≥':
		return `\geq `, true
	case '≤':
		return `\leq `, true
	case '≡':
		return `\equiv `, true
	case '≈':
		return `\approx `, true
	case '≠':
		return `\neq `, true
	case '∈':
		return `\in `, true
	case 'Σ', '∑':
		return `\Sigma `, true
	case '−':
		return `-`, true
	case '±':
		return `\pm `, true
	case '×':
		return `\times `, true
	case '·', '⋅':
		return `\cdot `, true
	case '…':
		return `\ldots `, true
	case '∧':
		return `\wedge `, true
	case '∨':
		return `\vee `, true
	case '⊕':
		return `\oplus `, true
	case '⊙':
		return `\odot `, true
	case '¬':
		return `\neg `, true
	case '⊼':
		return `\overline{\wedge}`, true
	case '⊽':
		return `\overline{\vee}`, true
	case '→':
		return `\to `, true
	case '←':
		return `\leftarrow `, true
	case '∞':
		return `\infty `, true
	case '√':
		return `\surd `, true
	case '°':
		return `^{\circ}`, true
	}
	if i := strings.IndexRune(superscripts, r); i >= 0 {
		return fmt.Sprintf("^{%d}", len([]rune(superscripts[:i]))), true
	}
	if i := strings.IndexRune(subscripts, r); i >= 0 {
		return fmt.Sprintf("_{%d}", len([]rune(subscripts[:i]))), true
	}
	if name, ok := greek(r); ok {
		return `\` + name + ` `, true
	}
	return "", false
}

const (
	superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹"
	subscripts   = "₀₁₂₃₄₅₆₇₈₉"
)

// greek returns the name of a letter in TeX. Those that look like Latin ones have none.
func greek(r rune) (string, bool) {
	const lower = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi . pi rho varsigma sigma tau upsilon phi chi psi omega"
	const upper = "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
	if i := r - 'α'; i >= 0 && r <= 'ω' {
		name := strings.Fields(lower)[i]
		return name, name != "."
	}
	for i, u := range []rune("ΓΔΘΛΞΠΣΥΦΨΩ") {
		if u == r {
			return strings.Fields(upper)[i], true
		}
	}
	return "", false
}

// accent returns the command of TeX for a combining mark.
func accent(r rune) (string, bool) {
	const marks = "\u0300\u0301\u0302\u0303\u0308\u030a\u030c\u0327\u0304\u0306\u0307\u030b\u0323"
	for i, m := range []rune(marks) {
		if m == r {
			return `\` + "`'^~\"rvc=u.Hd"[i:i+1], true
		}
	}
	return "", false
}

// special returns what TeX writes for a character that would not stand for itself, in
// text.
func special(r rune) (string, bool) {
	switch r {
	case '\\':
		return `\ensuremath{\backslash}`, true
	case '$', '&', '#', '%', '_':
		return `\` + string(r), true
	case '{', '}': // in maths: not every font of text has them
		return `\ensuremath{\` + string(r) + `}`, true
	case '<', '>', '|':
		return `\ensuremath{` + string(r) + `}`, true
	case '^':
		return `\textasciicircum{}`, true
	case '~':
		return `\textasciitilde{}`, true
	case '"':
		return `''{}`, true
	case '-', '`', '\'', '?', '!': // no ligatures
		return string(r) + "{}", true
	case '–':
		return `\textendash{}`, true
	case '—':
		return `\textemdash{}`, true
	case '\u202f', '\u2009':
		return `\,`, true
	case '\u00a0':
		return `~`, true
	case 'ß':
		return `\ss{}`, true
	case 'æ':
		return `\ae{}`, true
	case 'Æ':
		return `\AE{}`, true
	case 'ø':
		return `\o{}`, true
	case 'Ø':
		return `\O{}`, true
	case 'œ':
		return `\oe{}`, true
	case 'ł':
		return `\l{}`, true
	case 'Ł':
		return `\L{}`, true
	}
	return "", false
}

// latex writes one line of text so that pdflatex typesets it, whatever is in it. What
// pdflatex has no sign for is shown by its number, as [U+4E2D].
func latex(text string) string {
	var b strings.Builder
	for _, r := range text {
		b.WriteString(latexRune(r))
	}
	return b.String()
}

func latexRune(r rune) string {
	if s, ok := special(r); ok {
		return s
	}
	if r == ' ' || r > ' ' && r < unicode.MaxASCII {
		return string(r)
	}
	if s, ok := mathSign(r); ok {
		return `\ensuremath{` + strings.TrimSpace(s) + `}`
	}
	if parts := []rune(norm.NFD.String(string(r))); len(parts) == 2 && parts[0] < unicode.MaxASCII {
		if command, ok := accent(parts[1]); ok {
			base := string(parts[0])
			if base == "i" {
				base = `\i`
			}
			return command + "{" + base + "}"
		}
	}
	return fmt.Sprintf("[U+%04X]", r)
}

// maths writes the label of a gate or of a line as maths: bounds, weights and signs.
func maths(label string) string {
	var b strings.Builder
	word := "" // letters, which would be products otherwise
	flush := func() {
		if word != "" {
			b.WriteString(`\mathsf{` + word + `}`)
			word = ""
		}
	}
	runes := []rune(label)
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		if r < unicode.MaxASCII && unicode.IsLetter(r) {
			word += string(r)
			continue
		}
		spaced := word != ""
		flush()
		sign, isSign := mathSign(r)
		switch {
		case strings.ContainsRune(superscripts, r):
			power := ""
			for ; i < len(runes) && strings.ContainsRune(superscripts, runes[i]); i++ {
				s, _ := mathSign(runes[i])
				power += s[2 : len(s)-1]
			}
			i--
			b.WriteString("^{" + power + "}")
		case isSign:
			b.WriteString(sign)
		case r == ' ' && spaced:
			b.WriteString(`\ `)
		case r == ' ':
		case r == '{' || r == '}':
			b.WriteString(`\` + string(r))
		case r < unicode.MaxASCII && strings.ContainsRune("0123456789+.,()=/", r):
			b.WriteRune(r)
		default:
			b.WriteString(`\mbox{` + latexRune(r) + `}`)
		}
	}
	flush()
	return "$" + strings.TrimSpace(b.String()) + "$"
}
