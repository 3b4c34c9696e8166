package coq

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"

	"github.com/tc0lab/tc0/compile/program"
)

// vectors is how many inputs a certificate has values for, if Coq computes them fast.
const vectors = 100

// Coq does some 20 million steps in a second. It may do as many as most for all vectors, and alone for a single one.
const (
	most  = 500_000_000
	alone = 1_500_000_000
)

// examplesAt is how many vectors there are for n. To read an element takes Coq as many steps as its number.
func (t *term) examplesAt(n int) int {
	at := func(p count) *big.Int {
		v, _ := p.poly().AtN(big.NewInt(int64(n)))
		return v
	}
	var sizes []*big.Int
	for _, in := range t.inputs {
		sizes = append(sizes, at(product(in.shape)))
	}
	work := new(big.Int)
	for _, o := range t.operations {
		size := at(product(o.shape))
		each := new(big.Int).Mul(size, at(product(o.summed)))
		for _, a := range o.args {
			work.Add(work, new(big.Int).Mul(each, sizes[a]))
		}
		sizes = append(sizes, size)
	}
	switch {
	case work.Cmp(big.NewInt(alone)) > 0:
		return 0
	case work.Cmp(big.NewInt(most)) > 0:
		return 1
	case work.Cmp(big.NewInt(most/vectors)) <= 0:
		return vectors
	}
	return int(most / work.Int64())
}

// examples are those of the second member of a family, or of the first one if Coq would take minutes.
func (t *term) examples(members []*program.Program) (string, error) {
	if len(members) == 0 {
		return "", nil
	}
	for k := min(1, len(members)-1); k >= 0; k-- {
		n, err := sizeOf(t.open, members[k])
		if err != nil {
			return "", err
		}
		if count := t.examplesAt(n); count > 0 {
			return t.examplesOf(members[k], n, count)
		}
	}
	return "\n(* Coq would take minutes for the values on some input. *)\n", nil
}

// examplesOf are inputs of a member of a family, with the values that its integer reference computes. Coq computes them
// by the meaning of the program, so that a number that was written wrong is found.
func (t *term) examplesOf(p *program.Program, n, count int) (string, error) {
	r := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	name := "program"
	if len(t.parameters) > 0 {
		chosen, err := t.chosen(p)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "\n(* The numbers of tc0 for n = %d. *)\nDefinition member : prog := program%s.\n", n, chosen)
		name = "member"
	}
	b.WriteString("\n(* On some inputs: what the integer reference of tc0 computes. *)\n")
	for k := range count {
		values, wires := inputs(p, r)
		out, err := p.Reference(values)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "Example reference_%d : meaning %s %d (bits %s) =\n  %s.\nProof. computed. Qed.\n",
			k+1, name, n, bitsText(wires), intsText(elements(p, out)))
	}
	return b.String(), nil
}

// inputs are some integers for the ports of a program, and their wires.
func inputs(p *program.Program, r *rand.Rand) (values []int64, wires []bool) {
	for id := range p.Nodes() {
		in := &p.Nodes()[id]
		switch in.Op {
		case program.OpInput:
			for range in.Shape.Len() {
				v := r.Int64N(1 << in.Bits)
				for bit := range in.Bits { // the lowest first
					wires = append(wires, v>>bit&1 == 1)
				}
				if in.Signed && v >= 1<<(in.Bits-1) {
					v -= 1 << in.Bits
				}
				values = append(values, v)
			}
		case program.OpTokens:
			words := in.Shape.Last()
			for range in.Shape.Len() / words {
				v := r.Int64N(int64(words))
				for k := range words {
					wires = append(wires, int64(k) == v)
				}
				values = append(values, v)
			}
		}
	}
	return values, wires
}

// elements are the elements of the outputs. For a row with a single 1 the reference gives its place.
func elements(p *program.Program, ports []int64) []int64 {
	var list []int64
	for _, r := range p.Results() {
		n := &p.Nodes()[r.Value]
		of := len(n.Ports(r.Name))
		if n.OneHot {
			list = append(list, marks(ports[:of], n.Shape.Last())...)
		} else {
			list = append(list, ports[:of]...)
		}
		ports = ports[of:]
	}
	return list
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

// sizeOf is the n of a member of a family; 1 if no size of the program is open.
func sizeOf(open, member *program.Program) (int, error) {
	for id := range open.Nodes() {
		for k, d := range open.Nodes()[id].Shape {
			if !d.Open() {
				continue
			}
			size := member.Nodes()[id].Shape[k].Size()
			if size%d.Factor() != 0 {
				return 0, fmt.Errorf("coq: %s: size %d of a dimension that is %d·n", open.Name(), size, d.Factor())
			}
			return size / d.Factor(), nil
		}
	}
	return 1, nil
}
