package press

import "strings"

// narrowLetters and wideLetters are letters of other widths than most.
const (
	narrowLetters = "ijltfr.,;:|'!()[]{}/ -"
	wideLetters   = "mwMWΣ∧∨⊕≥…×·−+=ABCDEFGHKNOPQRSUVXYZ"
)

// TextWidth is how many points wide a line of Helvetica of the size is, about.
func TextWidth(text string, size float64) float64 {
	sum := 0.0
	for _, r := range text {
		switch {
		case strings.ContainsRune(narrowLetters, r):
			sum += 0.31
		case strings.ContainsRune(wideLetters, r):
			sum += 0.72
		default:
			sum += 0.556
		}
	}
	return sum * size
}
