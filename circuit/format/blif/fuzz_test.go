package blif

import "testing"

func FuzzRead(f *testing.F) {
	for _, file := range []string{
		".model m\n.inputs a b c\n.outputs y z\n.names a b c y\n1-0 1\n-11 1\n.names y a z\n10 0\n.end\n",
		"# tc0 input 2 signed x\n# tc0 output 1 unsigned y\n.model\n.inputs x.0 \\\nx.1\n.outputs y\n.names x.0 x.1 y\n10 1\n01 1\n",
		".model m\r\n.names k\r\n1\r\n.names k k y\r\n00 0\r\n.outputs y k\r\n.area 3",
		".model m\n.inputs a\n.outputs y y\n.latch a y 0\n.conn a b\n.attr x 1\n",
		adder,
		".model m\n.inputs a\n.outputs y/1/z\n.subckt y a=a z=b\n.end\n.model y\n.inputs a\n.outputs z a\n.latch a t re c 2\n.names t z\n0 1\n",
		".model m\n.inputs a b c d\n.outputs y\n.names a b c d y\n1000 0\n0100 0\n0010 0\n0001 0\n1110 0\n1101 0\n1011 0\n0111 0\n.exdc\n",
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
