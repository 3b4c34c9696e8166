package compile

import (
	"slices"

	"github.com/tc0lab/tc0/compile/program"
)

// Families have generic weights in place of trained ones. A formula computes them from the
// indices and a seed, and it is the same for every n. No weight is 0, so every wire of the
// construction exists.

// genericMatrix returns a matrix with entries in ±1..±top; no entry is 0. The matrices of one
// block have different tags.
func genericMatrix(rows, columns int, top int64, seed uint64, tag string) *program.Matrix {
	for _, b := range []byte(tag) {
		seed = mix(seed ^ uint64(b))
	}
	return program.NewMatrix(rows, columns, func(i, j int) int64 {
		h := mix(mix(seed^uint64(i)) ^ uint64(j)<<32)
		w := int64(h>>1%uint64(top)) + 1
		if h&1 == 1 {
			return -w
		}
		return w
	})
}

// genericBias returns a bias of the given length with entries in ±1..±top.
func genericBias(length int, top int64, seed uint64, tag string) []int64 {
	return genericMatrix(1, length, top, seed, tag).Data
}

// genericReals returns the entries of a generic bias in ±1..±top over parts.
func genericReals(length int, top int64, parts float64, seed uint64, tag string) []float64 {
	return over(genericBias(length, top, seed, tag), 1, parts)
}

// mix is the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
func mix(x uint64) uint64 {
	x += 0x9E3779B97F4A7C15
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

// The rest is the arithmetic of matrices that blocks share, in integers and in reals.

// absolute returns the sum of absolute values.
func absolute(row []int64) (total int64) {
	for _, w := range row {
		total += max(w, -w)
	}
	return total
}

// greatestRow returns the greatest sum of absolute values of a row.
func greatestRow(w *program.Matrix) (greatest int64) {
	if w.Data == nil {
		return int64(w.Columns) * w.Most
	}
	for i := range w.Rows {
		greatest = max(greatest, absolute(w.Row(i)))
	}
	return greatest
}

// Real arithmetic keeps the order of the operations in textbooks, because reports show all
// digits of the results. A number of a matrix is first multiplied by its scale and then
// divided by its unit; it is not multiplied by the reciprocal. A sum starts with the bias. A
// product is rounded before it is added, on every machine.

// over returns in·scale/unit.
func over(in []int64, scale, unit float64) []float64 {
	x := make([]float64, len(in))
	for i, v := range in {
		x[i] = float64(v) * scale / unit
	}
	return x
}

// scaled returns in·scale.
func scaled(in []int64, scale float64) []float64 { return over(in, scale, 1) }

// realMatrix returns scale·W/unit by rows.
func realMatrix(w *program.Matrix, scale, unit float64) [][]float64 {
	rows := make([][]float64, w.Rows)
	for i := range rows {
		rows[i] = over(w.Row(i), scale, unit)
	}
	return rows
}

// times adds W·x to y, in place and from left to right, and returns y. If y is nil, it starts
// with zeros.
func times(y []float64, w [][]float64, x []float64) []float64 {
	if y == nil {
		y = make([]float64, len(w))
	}
	for i, row := range w {
		for j, v := range x {
			y[i] += float64(row[j] * v)
		}
	}
	return y
}

// clipped clips all numbers of x to a range, in place, and returns x.
func clipped(x []float64, least, most float64) []float64 {
	for i, v := range x {
		x[i] = min(max(v, least), most)
	}
	return x
}

// plus returns x + y. The result is as long as x.
func plus(x, y []float64) []float64 {
	z := slices.Clone(x)
	for i := range z {
		z[i] += y[i]
	}
	return z
}

// transposed returns the transpose of a matrix.
func transposed(m *program.Matrix) *program.Matrix {
	if m.Data == nil {
		return &program.Matrix{Rows: m.Columns, Columns: m.Rows, Most: m.Most}
	}
	return program.NewMatrix(m.Columns, m.Rows, func(i, j int) int64 { return m.Row(j)[i] })
}

// diagonal returns the matrix [rows,columns] with at(i) in row i and column i, and 0 elsewhere.
func diagonal(rows, columns int, at func(i int) int64) *program.Matrix {
	return program.NewMatrix(rows, columns, func(i, j int) int64 {
		if i == j {
			return at(i)
		}
		return 0
	})
}

// one is the entry of a unit matrix.
func one(int) int64 { return 1 }
