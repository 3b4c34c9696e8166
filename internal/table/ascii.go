package table

import "strings"

// ascii writes what tables and formulas have besides ASCII in ASCII.
var ascii = strings.NewReplacer(
	"─", "-", "│", "|", "┼", "+", "≤", "<=", "≥", ">=", "≠", "!=", "≈", "~", "−", "-", "–", "-", "·", "*", "×", "x", "÷", "/", "⊙", "*",
	"½", "1/2", "²", "^2", "³", "^3", "⁴", "^4", "⁵", "^5", "⁶", "^6", "⁷", "^7", "⁸", "^8", "⁹", "^9", "₀", "0", "₁", "1", "₂", "2",
	"ᵢ", "_i", "ⱼ", "_j", "⌈", "ceil(", "⌉", ")", "⌊", "floor(", "⌋", ")", "√", "sqrt ", "Σ", "Sum ", "Π", "Prod ", "∧", "&", "∨", "|",
	"¬", "!", "→", "->", "∈", "in", "ε", "eps", "ρ", "rho", "τ", "tau", "σ", "sigma", "δ", "delta", "µ", "u", "μ", "u", "π", "pi",
	"α", "alpha", "β", "beta", "γ", "gamma", "λ", "lambda", "…", "...", "å", "aa", "é", "e", "ö", "oe", "ü", "ue", "’", "'",
	"“", `"`, "”", `"`, "\u00a0", " ",
)

// ASCII writes a text for a terminal that shows nothing else. A letter without a word of its own becomes "?".
func ASCII(text string) string {
	return strings.Map(func(r rune) rune {
		if r > 126 {
			return '?'
		}
		return r
	}, ascii.Replace(text))
}
