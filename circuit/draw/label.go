package draw

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"unicode"

	"github.com/emicklei/dot"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// gateLabel returns what is written in a gate, and its role. A threshold gate whose
// wires are drawn to itself shows its sum, and one whose sum is apart only the bound,
// which is what tells the gates on a sum from each other. In a majority whose wires
// are drawn to itself the bound says nothing.
func gateLabel(c *circuit.Circuit, g circuit.Gate, ownWires bool) (string, role) {
	k := c.Kind(g)
	switch k {
	case gates.Majority:
		s, t := c.Bound(g)
		if ownWires && isMajority(c, s, t) {
			return k.Symbol(), roleThreshold
		}
		return atLeast(t, ownWires), roleThreshold
	case gates.Threshold:
		_, t := c.Bound(g)
		return atLeast(t, ownWires), roleThreshold
	case gates.Mod:
		_, m := c.Modulus(g)
		return residues(m) + "\nmod " + strconv.FormatInt(m.M, 10), roleParity
	case gates.Xor, gates.Xnor:
		return k.Symbol(), roleParity
	case gates.Buf:
		return "buf", roleLogic
	}
	return k.Symbol(), roleLogic
}

func atLeast(t circuit.Int, ownWires bool) string {
	if ownWires {
		return "Σ ≥ " + number(t)
	}
	return "≥ " + number(t)
}

// isMajority reports whether [s ≥ t] asks for more than half of literals that are
// told by weights 1, and −1 where complemented.
func isMajority(c *circuit.Circuit, s circuit.SumID, t circuit.Int) bool {
	refs := c.Refs(s)
	negative := int64(0)
	for i, r := range refs {
		w, fits := c.Weight(s, i).Int64()
		if r.IsSum() || !fits || w != 1 && w != -1 {
			return false
		}
		if w < 0 {
			negative++
		}
	}
	return t.Add(circuit.I(negative)).Cmp(circuit.I(int64(len(refs)/2+1))) == 0
}

func residues(m circuit.Modulus) string {
	if len(m.Residues) == 1 {
		return "≡ " + strconv.FormatInt(m.Residues[0], 10)
	}
	const most = 6
	var list []string
	for i, r := range m.Residues {
		if i == most {
			list = append(list, "…")
			break
		}
		list = append(list, strconv.FormatInt(r, 10))
	}
	return "∈ {" + strings.Join(list, ",") + "}"
}

// number writes x with a proper minus sign. Beyond nine digits it is written near
// a power of two, if it is near one, since weights of theory are; else rounded to
// three digits, which the ≈ admits.
func number(x circuit.Int) string {
	sign, v := "", x.Big()
	if v.Sign() < 0 {
		sign, v = "−", v.Neg(v)
	}
	digits := v.String()
	if len(digits) <= 9 {
		return sign + digits
	}
	for _, k := range []int{v.BitLen() - 1, v.BitLen()} {
		rest := new(big.Int).Sub(v, new(big.Int).Lsh(big.NewInt(1), uint(k)))
		power := "2" + superscript(k)
		switch {
		case rest.Sign() == 0:
			return sign + power
		case rest.BitLen() > 10:
		case sign != "":
			return fmt.Sprintf("−(%s %s)", power, signed(rest))
		default:
			return power + " " + signed(rest)
		}
	}
	rounded, exponent, _ := strings.Cut(new(big.Float).SetInt(v).Text('e', 2), "e+")
	power, _ := strconv.Atoi(exponent)
	return fmt.Sprintf("≈ %s%s·10%s", sign, rounded, superscript(power))
}

func signed(v *big.Int) string {
	if v.Sign() < 0 {
		return "− " + new(big.Int).Neg(v).String()
	}
	return "+ " + v.String()
}

func superscript(k int) string {
	digits := []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")
	var b strings.Builder
	for _, d := range strconv.Itoa(k) {
		b.WriteRune(digits[d-'0'])
	}
	return b.String()
}

// count writes n ≥ 0 in groups of three digits, apart by a narrow space.
func count(n int64) string {
	s := strconv.FormatInt(n, 10)
	if len(s) <= 4 {
		return s
	}
	var b strings.Builder
	for i, d := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteRune('\u202f')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// plural writes "1 gate" or "n gates".
func plural(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return count(n) + " " + noun + "s"
}

// span writes "3" or "3–5".
func span(lo, hi uint32) string {
	if lo == hi {
		return strconv.Itoa(int(lo))
	}
	return fmt.Sprintf("%d–%d", lo, hi)
}

// clean makes a name one line of valid text. Names come from files, so they may
// hold anything.
func clean(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '\ufffd'
		}
		return r
	}, strings.ToValidUTF8(name, "\ufffd"))
}

var entities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// escape makes text safe in a Graphviz label, HTML-like or not: entities are read in
// both, and in both a backslash before some letters stands for something else.
func escape(text string) string {
	return strings.ReplaceAll(entities.Replace(text), `\`, `\\`)
}

// quote writes text as a Graphviz string. The dot package would quote as Go does,
// whose escapes of spaces and letters beyond ASCII Graphviz does not know.
func quote(text string) dot.Literal {
	return dot.Literal(`"` + strings.ReplaceAll(escape(text), "\n", `\n`) + `"`)
}
