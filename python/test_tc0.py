"""Tests of tc0.py. The environment variable TC0 names the command."""

import unittest

import tc0


class Test(unittest.TestCase):
    def test_numbers(self):
        self.assertEqual(tc0.stat("attention:n=2,d=1,bits=2")["depth"], 3)
        self.assertEqual([p["depth"] for p in tc0.sweep("parity", n="2,4,8")], [2, 2, 2])
        self.assertEqual(tc0.prove("parity")["depth_formula"], "2")
        self.assertEqual(tc0.verify("mlp:n=3,bits=2")["verified"]["mismatches"], 0)

    def test_eval(self):
        self.assertEqual(tc0.eval("majority:n=3", [[1, 0, 1], [0, 0, 1]]), [[1], [0]])
        self.assertEqual(tc0.eval("addition:n=8", [[200, 100]]), [[300]])

    def test_circuit(self):
        made = tc0.Circuit.from_text("input a b\ny = xor(a, b)\noutput y\n")
        self.assertEqual(made.eval([[0, 1], [1, 1]]), [[1], [0]])
        self.assertTrue(made.equals("parity:n=2"))
        self.assertFalse(made.equals("and:n=2"))
        self.assertIn("<svg", made._repr_svg_())
        made.close()

    def test_errors(self):
        with self.assertRaisesRegex(tc0.Error, "did you mean attention"):
            tc0.stat("atention:n=2")

    def test_figure(self):
        self.assertIn("</svg>", str(tc0.draw("mlp:n=3,hidden=2,out=1,bits=2")))


if __name__ == "__main__":
    unittest.main()
