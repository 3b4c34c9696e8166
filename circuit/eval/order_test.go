package eval

import (
	"testing"

	"github.com/tc0lab/tc0/circuit"
)

// A gate that is read twice, far apart, is made again if others read its inputs.
func TestFarGateIsMadeAgain(t *testing.T) {
	for between, again := range map[int]int{5: 0, 40: 1} {
		b := circuit.NewBuilder()
		x := b.Inputs("x", 4)
		twice := b.And(x[0], x[1])
		y := b.Xor(twice, x[2])
		for i := range between {
			y = b.Xor(b.And(y, x[i%2]), x[2+i%2])
		}
		b.Output("y", b.And(y, twice))
		c := mustBuild(t, b)
		made := Compile(c, Config{deep: true, fusing: never}).Stats().Steps["logic"]
		if made != c.Size()+again {
			t.Errorf("%d gates take %d steps, want %d more", c.Size(), made, again)
		}
		agree(t, c, randomVectors(4, 100), 1)
	}
}

// Operands are made just before they are read, or within the same window, though the circuit has all of one kind first.
func TestDepthFirstHoldsFewValues(t *testing.T) {
	const inputs = 60
	b := circuit.NewBuilder()
	x := b.Inputs("x", inputs)
	var parts []circuit.Lit
	for i := range x {
		for k := range i {
			parts = append(parts, b.Xor(x[i], x[k]))
		}
	}
	y := x[0]
	for _, part := range parts {
		y = b.AtLeast(2, y, part, x[1])
	}
	b.Output("y", y)
	c := mustBuild(t, b)
	inOrder, deep := Compile(c, Config{inOrder: true}).Stats().Slots, Compile(c, Config{deep: true}).Stats().Slots
	if most := inputs + window; inOrder < len(parts) || deep > most {
		t.Errorf("%d values live at one time in order, %d depth first, want %d and at most %d", inOrder, deep, len(parts), most)
	}
	agree(t, c, randomVectors(inputs, 64), 1)
}
