package compile

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// CountingError says that these constructions cannot build a family from AND, OR and NOT gates
// in constant depth, because it compares sums over more and more literals.
type CountingError struct {
	Family     string
	Op         program.Op
	Stage      string
	N          int // at n = N the comparison reads Literals, at 2N More
	Literals   int
	More       int
	StagesGrow bool // the programs differ, so only the greatest sum of each is compared
}

func (e *CountingError) Error() string {
	where := fmt.Sprintf("%v in stage %q", e.Op, e.Stage)
	if e.StagesGrow {
		where = "the widest comparison"
	}
	return fmt.Sprintf("%s is not built in basis AC0: %s reads a sum over %d literals at n=%d and over %d at n=%d, "+
		"so it counts, and counting is not in AC0 (majority and parity are not: Furst, Saxe and Sipser 1984; "+
		"Ajtai 1983; Håstad 1986); basis TC0, MAJ or NC1 has it",
		e.Family, where, e.Literals, e.N, e.More, 2*e.N)
}

// Basis returns the basis of the spec.
func (s Spec) Basis() (basis.Basis, error) {
	name := s.Args["basis"]
	if name == "" {
		return basis.TC0, nil
	}
	return basis.Parse(name)
}

// CheckBasis returns a [*CountingError] if the basis is AC0 and the sums that the family
// compares grow with n. It compares the programs for n and for 2n.
func (s Spec) CheckBasis(b basis.Basis) error {
	if b != basis.AC0 {
		return nil
	}
	n, err := strconv.Atoi(s.Args["n"])
	if err != nil {
		return nil // the family itself; its members are checked
	}
	small, err := s.Instance()
	if err != nil {
		return err
	}
	large, err := s.With("n", 2*n).Instance()
	if err != nil {
		return err
	}
	before, after := lower.Compared(small.Program), lower.Compared(large.Program)
	e := &CountingError{Family: s.Short(), N: n}
	if len(before) != len(after) {
		e.StagesGrow, e.Literals, e.More = true, slices.Max(append(before, 0)), slices.Max(append(after, 0))
		if e.More > e.Literals {
			return e
		}
		return nil
	}
	for id, k := range before {
		if after[id] > k {
			node := &small.Program.Nodes()[id]
			e.Op, e.Stage, e.Literals, e.More = node.Op, node.Path(), k, after[id]
			return e
		}
	}
	return nil
}
