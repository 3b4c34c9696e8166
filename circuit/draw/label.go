package draw

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/press"
)

// gateLabel returns what is written in a gate, and its role. ownWires says
// that the wires of the sum are drawn to the gate itself. A threshold gate then shows the
// sum and the bound. Otherwise it shows only the bound, in which the gates on one sum
// differ. A majority with its own wires shows no bound, which would say nothing new.
// The bound itself is the value to be written behind the label.
func gateLabel(c *circuit.Circuit, g circuit.Gate, ownWires bool) (string, role, []circuit.Int) {
	switch k := c.Kind(g); {
	case k == gates.Majority && ownWires:
		return k.Symbol(), roleThreshold, nil
	case k == gates.Majority || k == gates.Threshold:
		_, t := c.Bound(g)
		label := "≥ "
		if ownWires {
			label = "Σ " + label
		}
		return label, roleThreshold, []circuit.Int{t}
	case k == gates.Mod:
		_, m := c.Modulus(g)
		return fmt.Sprintf("%s\nmod %d", residues(m.Residues), m.M), roleParity, nil
	case k == gates.Xor || k == gates.Xnor:
		return k.Symbol(), roleParity, nil
	case k == gates.Buf:
		return "buf", roleLogic, nil
	default:
		return k.Symbol(), roleLogic, nil
	}
}

func residues(list []int64) string {
	if len(list) == 1 {
		return fmt.Sprintf("≡ %d", list[0])
	}
	const most = 6
	words := strings.Fields(strings.Trim(fmt.Sprint(list[:min(len(list), most)]), "[]"))
	if len(list) > most {
		words = append(words, "…")
	}
	return "∈ {" + strings.Join(words, ",") + "}"
}

// number writes x with a proper minus sign. Beyond nine digits, a
// number near a power of two is written as that power and the rest, since weights in
// theory are often such numbers. Others are rounded to three digits, marked by ≈, which is not
// exact.
func number(x circuit.Int) (text string, exact bool) {
	sign, v := "", x.Abs().Big()
	if x.Sign() < 0 {
		sign = "−"
	}
	if digits := v.String(); len(digits) <= 9 {
		return sign + press.Grouped(digits), true
	}
	for _, k := range []int{v.BitLen() - 1, v.BitLen()} {
		rest := new(big.Int).Sub(v, new(big.Int).Lsh(big.NewInt(1), uint(k)))
		if rest.BitLen() > 10 {
			continue
		}
		text := "2" + press.Superscript(k)
		switch rest.Sign() {
		case 0:
			return sign + text, true
		case 1:
			text += " + " + rest.String()
		default:
			text += " − " + rest.String()[1:]
		}
		if sign == "" {
			return text, true
		}
		return sign + "(" + text + ")", true
	}
	return press.Rounded(x.Big(), 2), false
}

// short writes x as number does.
func short(x circuit.Int) string {
	text, _ := number(x)
	return text
}

// span writes "3" or "3–5".
func span(lo, hi uint32) string {
	if lo == hi {
		return strconv.Itoa(int(lo))
	}
	return fmt.Sprintf("%d–%d", lo, hi)
}
