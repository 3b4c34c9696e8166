package coq

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/tc0lab/tc0/compile/program"
)

// vectors is how many inputs a certificate has values for.
const vectors = 10

// examples are inputs of a member of a family, with the values that its integer reference computes. Coq computes them
// by the meaning of the program, so that a number that was written wrong is found.
func examples(p *program.Program, n int) (string, error) {
	in := p.Nodes()[0]
	r := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	for k := range vectors {
		values := make([]int64, in.Shape.Len())
		var wires []bool
		for i := range values {
			values[i] = r.Int64N(1 << in.Bits)
			for bit := range in.Bits { // the lowest first
				wires = append(wires, values[i]>>bit&1 == 1)
			}
			if in.Signed && values[i] >= 1<<(in.Bits-1) {
				values[i] -= 1 << in.Bits
			}
		}
		out, err := p.Reference(values)
		if err != nil {
			return "", err
		}
		if result := p.Nodes()[p.Results()[0].Value]; result.OneHot { // the reference gives the places of the ones
			out = marks(out, result.Shape.Last())
		}
		fmt.Fprintf(&b, "Example reference_%d : meaning program %d (bits %s) =\n  %s.\nProof. vm_compute. reflexivity. Qed.\n",
			k+1, n, bitsText(wires), intsText(out))
	}
	return b.String(), nil
}

// marks are rows with a 1 at each place.
func marks(places []int64, length int) []int64 {
	rows := make([]int64, len(places)*length)
	for i, at := range places {
		rows[i*length+int(at)] = 1
	}
	return rows
}

// bitsText is a list of bits as a list of 0 and 1.
func bitsText(wires []bool) string {
	return listText(wires, func(w bool) string {
		if w {
			return "1"
		}
		return "0"
	})
}
