package press

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mathSigns is what TeX writes for a sign, in maths.
const mathSigns = `
≥ \geq    ≤ \leq       ≡ \equiv    ≈ \approx
≠ \neq    ∈ \in        Σ \Sigma    ∑ \Sigma
± \pm     × \times     · \cdot     ⋅ \cdot
… \ldots  ∧ \wedge     ∨ \vee      ⊕ \oplus
⊙ \odot   ¬ \neg       → \to       ← \leftarrow
∞ \infty  √ \surd     ⌈ \lceil    ⌉ \rceil
− -       ° ^{\circ}   ⊼ \overline{\wedge}  ⊽ \overline{\vee}

α \alpha  β \beta  γ \gamma  δ \delta  ε \epsilon  ζ \zeta  η \eta  θ \theta
ι \iota   κ \kappa λ \lambda μ \mu     ν \nu       ξ \xi    π \pi   ρ \rho
ς \varsigma  σ \sigma  τ \tau  υ \upsilon  φ \phi  χ \chi   ψ \psi  ω \omega
Γ \Gamma  Δ \Delta Θ \Theta  Λ \Lambda Ξ \Xi  Π \Pi  Υ \Upsilon  Φ \Phi  Ψ \Psi  Ω \Omega`

const (
	superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹"
	subscripts   = "₀₁₂₃₄₅₆₇₈₉"
)

// mathSign returns what TeX writes for a sign, in maths: \geq and a blank for ≥.
func mathSign(r rune) (string, bool) {
	if s, ok := entry(mathSigns, r); ok {
		if unicode.IsLetter(rune(s[len(s)-1])) {
			s += " " // it ends the name of a command
		}
		return s, true
	}
	for digits, format := range map[string]string{superscripts: "^{%d}", subscripts: "_{%d}"} {
		if before, _, ok := strings.Cut(digits, string(r)); ok {
			return fmt.Sprintf(format, len([]rune(before))), true
		}
	}
	return "", false
}

// entry finds what stands after r in a table of such pairs.
func entry(table string, r rune) (string, bool) {
	fields := strings.Fields(table)
	for i := 0; i < len(fields); i += 2 {
		if fields[i] == string(r) {
			return fields[i+1], true
		}
	}
	return "", false
}

// accented lists, by the command of TeX for an accent, the letters that have it, each with the letter below
// it after it. It is that of Unicode; its tables are large.
var accented = [][2]string{
	{"`", "ÀAÈEÌIÒOÙUàaèeìiòoùuǸNǹnẀWẁwỲYỳy"},
	{`'`, "ÁAÉEÍIÓOÚUÝYáaéeíióoúuýyĆCćcĹLĺlŃNńnŔRŕrŚSśsŹZźzǴGǵgḰKḱkḾMḿmṔPṕpẂWẃw"},
	{`^`, "ÂAÊEÎIÔOÛUâaêeîiôoûuĈCĉcĜGĝgĤHĥhĴJĵjŜSŝsŴWŵwŶYŷyẐZẑz"},
	{`~`, "ÃAÑNÕOãañnõoĨIĩiŨUũuṼVṽvẼEẽeỸYỹy"},
	{`"`, "ÄAËEÏIÖOÜUäaëeïiöoüuÿyŸYḦHḧhẄWẅwẌXẍxẗt"},
	{`r`, "ÅAåaŮUůuẘwẙyÅA"},
	{`v`, "ČCčcĎDďdĚEěeĽLľlŇNňnŘRřrŠSšsŤTťtŽZžzǍAǎaǏIǐiǑOǒoǓUǔuǦGǧgǨKǩkǰjȞHȟh"},
	{`c`, "ÇCçcĢGģgĶKķkĻLļlŅNņnŖRŗrŞSşsŢTţtȨEȩeḐDḑdḨHḩh"},
	{`=`, "ĀAāaĒEēeĪIīiŌOōoŪUūuȲYȳyḠGḡg"},
	{`u`, "ĂAăaĔEĕeĞGğgĬIĭiŎOŏoŬUŭu"},
	{`.`, "ĊCċcĖEėeĠGġgİIŻZżzȦAȧaȮOȯoḂBḃbḊDḋdḞFḟfḢHḣhṀMṁmṄNṅnṖPṗpṘRṙrṠSṡsṪTṫtẆWẇwẊXẋxẎYẏy"},
	{`H`, "ŐOőoŰUűu"},
	{`d`, "ḄBḅbḌDḍdḤHḥhḲKḳkḶLḷlṂMṃmṆNṇnṚRṛrṢSṣsṬTṭtṾVṿvẈWẉwẒZẓzẠAạaẸEẹeỊIịiỌOọoỤUụuỴYỵy"},
}

// specials lists characters that would not stand for themselves in text, each with what
// TeX writes for it. Not every font of text has braces, so they are in maths. The first
// characters are those that form ligatures.
const specials = "` `{} " + `- -{} ' '{} ? ?{} ! !{}
\ \ensuremath{\backslash}  { \ensuremath{\{}  } \ensuremath{\}}
< \ensuremath{<}           > \ensuremath{>}   | \ensuremath{|}
$ \$   & \&   # \#   % \%   _ \_
^ \^{}   ~ \~{}   " ''{}
– \textendash{}        — \textemdash{}
ß \ss{}  æ \ae{}  Æ \AE{}  ø \o{}  Ø \O{}  œ \oe{}  ł \l{}  Ł \L{}`

// special returns what TeX writes in text for a character that would not stand for itself.
func special(r rune) (string, bool) {
	switch r {
	case '\u202f', '\u2009':
		return `\,`, true
	case '\u00a0':
		return `~`, true
	}
	return entry(specials, r)
}

// LaTeX writes one line of any text so that pdflatex typesets it. A character without a
// sign in pdflatex is shown by its number, as [U+4E2D].
func LaTeX(text string) string {
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
	if r >= ' ' && r < unicode.MaxASCII {
		return string(r)
	}
	if s, ok := mathSign(r); ok {
		return `\ensuremath{` + strings.TrimSpace(s) + `}`
	}
	for _, accent := range accented {
		_, after, ok := strings.Cut(accent[1], string(r))
		if !ok || r < unicode.MaxASCII {
			continue
		}
		base := after[:1]
		if base == "i" {
			base = `\i`
		}
		return `\` + accent[0] + "{" + base + "}"
	}
	return fmt.Sprintf("[U+%04X]", r)
}

// Maths writes the label of a gate or of a line as maths: bounds, weights and signs.
func Maths(label string) string {
	var b strings.Builder
	for rest := label; rest != ""; {
		part := mathsPart(rest)
		rest = rest[len(part):]
		b.WriteString(mathsText(part))
	}
	return "$" + tightCommas(strings.TrimSpace(b.String())) + "$"
}

// tightCommas puts the commas within numbers into braces. Maths would set one as that of a list, with a space
// behind it.
func tightCommas(text string) string {
	digit := func(i int) bool { return i >= 0 && i < len(text) && '0' <= text[i] && text[i] <= '9' }
	var b strings.Builder
	for i := range len(text) {
		if text[i] == ',' && digit(i-1) && digit(i+1) && digit(i+2) && digit(i+3) {
			b.WriteString("{,}")
		} else {
			b.WriteByte(text[i])
		}
	}
	return b.String()
}

// mathsPart returns the first part of a label: a word with one blank behind it, an exponent, or a
// single sign. Words need care: maths would take them for products.
func mathsPart(label string) string {
	if i := strings.IndexFunc(label, func(r rune) bool { return !isASCIILetter(r) }); i != 0 {
		if i < 0 {
			return label
		}
		if label[i] == ' ' {
			i++
		}
		return label[:i]
	}
	i := strings.IndexFunc(label, func(r rune) bool { return !strings.ContainsRune(superscripts, r) })
	if i < 0 {
		return label
	}
	if i == 0 {
		_, i = utf8.DecodeRuneInString(label)
	}
	return label[:i]
}

func isASCIILetter(r rune) bool { return r < unicode.MaxASCII && unicode.IsLetter(r) }

func mathsText(part string) string {
	r, _ := utf8.DecodeRuneInString(part)
	sign, isSign := mathSign(r)
	switch {
	case isASCIILetter(r):
		word, spaced := strings.CutSuffix(part, " ")
		if spaced {
			return `\mathsf{` + word + `}\ `
		}
		return `\mathsf{` + word + `}`
	case strings.ContainsRune(superscripts, r):
		digit := func(r rune) rune { return '0' + rune(slices.Index([]rune(superscripts), r)) }
		return "^{" + strings.Map(digit, part) + "}"
	case isSign:
		return sign
	case r == ' ':
		return ""
	case r == '{' || r == '}':
		return `\` + part
	case strings.ContainsRune("0123456789+.,()=/", r):
		return part
	}
	return `\mbox{` + latexRune(r) + `}`
}
