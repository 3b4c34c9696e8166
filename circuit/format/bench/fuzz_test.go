package bench

import "testing"

func FuzzRead(f *testing.F) {
	for _, file := range []string{
		"INPUT(a)\nOUTPUT(y)\nOUTPUT(y)\nq = DFF(d)\nd = MUX(a, q, y)\ny = XOR(q, a)\n",
		"INPUT(a)\nINPUT(b)\nOUTPUT(y)\nOUTPUT(z)\ny = NAND(a, b)\nz = XOR(y, a, b)\n",
		"OUTPUT(y)\ny = LUT 0xca (a, b, c)\nINPUT(a)\nINPUT(b)\nINPUT(c)\n",
		"# tc0 input 2 signed x\n# tc0 output 1 thermometer+-1 y\nINPUT(x.0)\nINPUT(x.1)\nOUTPUT(y)\ny = NOR(x.0, x.1, k)\nk = gnd\n",
		"INPUT(a)\r\nq = DFF(a)\r\n",
		"x = vdd()\nOUTPUT(x)\nOUTPUT(w)\nw = inv(x)",
	} {
		f.Add([]byte(file), false)
		f.Add([]byte(file), true)
	}
	f.Fuzz(func(t *testing.T, file []byte, cut bool) {
		g := format()
		g.Read = Config{Cut: cut}.Read
		g.Hostile(t, file)
	})
}
