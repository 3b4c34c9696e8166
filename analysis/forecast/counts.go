package forecast

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/program"
)

// Counts are what the memory and the time of building a circuit follow from. They are estimates, and so may have
// fractions.
type Counts struct {
	Gates    float64 // as [circuit.Stats.Size]
	Wires    float64 // flattened
	Terms    float64 // of the sums, as shared, and literals of AND and OR gates
	Elements float64 // of the values of the program
	Numbers  float64 // weights, biases and tables of the program
	Rows     float64 // operations of the program
}

// Count counts a circuit and the program that it comes from, nil if there is none.
func Count(c *circuit.Circuit, p *program.Program) Counts {
	st := c.Stats()
	n := Counts{Gates: float64(st.Size), Wires: float64(st.Wires), Terms: float64(st.Terms)}
	for g := range circuit.Gate(c.Len()) {
		n.Terms += float64(len(c.Fanin(g)))
	}
	if p != nil {
		n.of(p)
	}
	return n
}

// of counts a program.
func (c *Counts) of(p *program.Program) {
	c.Elements, c.Numbers, c.Rows = float64(p.Elements()), 0, float64(len(p.Nodes()))
	for id := range p.Nodes() {
		n := &p.Nodes()[id]
		for _, m := range []*program.Matrix{n.Matrix, n.Table} {
			if m != nil {
				c.Numbers += float64(m.Rows) * float64(m.Columns)
			}
		}
		c.Numbers += float64(len(n.Data) + len(n.Bias))
	}
}

// What building takes at its peak, in bytes of data in use, fitted by hand to the families of tc0 list at sizes of 10³
// to 10⁶ gates (2 cores at 2.1 GHz): the gates with the table that finds equal ones, the terms with those in lists that
// are being multiplied out, a sum for each element, the operation itself, and what any build takes.
const (
	bytesOfAGate     = 70
	bytesOfATerm     = 5
	bytesOfAnElement = 100
	bytesOfANumber   = 20
	bytesOfARow      = 1000
	bytesOfABuild    = 500_000
)

// Seconds of building, of a core at work at 2.6 GHz: fitted by hand to trained models and families.
const (
	secondsOfAGate     = 0.75e-6
	secondsOfATerm     = 0.16e-6
	secondsOfAnElement = 0.06e-6
	secondsOfANumber   = 0.03e-6
	secondsOfARow      = 5e-6
	secondsOfAWire     = 0.01e-6 // of counting
)

// Bytes is the memory that the data of the build take at its peak. Garbage that was not collected comes on top, where
// there is room for it.
func (c Counts) Bytes() float64 {
	return bytesOfABuild + c.along(bytesOfAGate, bytesOfATerm, bytesOfAnElement, bytesOfANumber, bytesOfARow)
}

// Seconds is about what the build takes.
func (c Counts) Seconds() float64 {
	return c.along(secondsOfAGate, secondsOfATerm, secondsOfAnElement, secondsOfANumber, secondsOfARow)
}

func (c Counts) along(gate, term, element, number, row float64) float64 {
	return gate*c.Gates + term*c.Terms + element*c.Elements + number*c.Numbers + row*c.Rows
}

// work measures in gates what a member takes to build, and to count, which goes through some of the wires.
func (c Counts) work() float64 { return (c.Seconds() + secondsOfAWire*c.Wires) / secondsOfAGate }

// termsAt is the place of the terms in the list.
const termsAt = 2

// list has the counts one after another, for what is done to each.
func (c *Counts) list() [6]*float64 {
	return [...]*float64{&c.Gates, &c.Wires, &c.Terms, &c.Elements, &c.Numbers, &c.Rows}
}
