package press

import "unicode"

// helvetica is how wide the characters of Helvetica from the blank to the tilde are, in thousandths
// of the size.
var helvetica = [...]int{
	278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
	556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
	1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
	667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
	333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
	556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
}

// TextWidth is how many points wide a line of Helvetica of the size is. Signs that the font has not,
// as ∧, are those of other fonts, and about as wide as a capital.
func TextWidth(text string, size float64) float64 {
	sum := 0
	for _, r := range text {
		switch i := int(r) - ' '; {
		case i >= 0 && i < len(helvetica):
			sum += helvetica[i]
		case unicode.Is(unicode.Zs, r): // a narrow blank
			sum += 200
		case r == '·':
			sum += 278
		case r == '−' || r == '×' || r == '±' || r == '≥' || r == '≤':
			sum += 570
		case r == '…':
			sum += 1000
		default:
			sum += 700
		}
	}
	return float64(sum) * size / 1000
}
