package th

import "testing"

func FuzzRead(f *testing.F) {
	for _, file := range []string{
		"c\n.model m\n.input a b\n.output y z\n.threshold a b y\n1 -2 1\n.threshold y y CONST1 z\n2 -1 1 2\n.end\n",
		"c\ttc0 input 2 signed x\n.model\n.inputs x.0 x.1\n.outputs\n.threshold x.1 y\n-18446744073709551616 0\n",
		"\r\n.model m\r\n.input\r\n.output y\r\n.threshold y\r\n0",
		"c\n.model m\n.input a\n.output a y\n.threshold b y\n1 1\n.threshold a b\n0 1\n",
	} {
		f.Add([]byte(file))
	}
	f.Fuzz(func(t *testing.T, file []byte) { format().Hostile(t, file) })
}
