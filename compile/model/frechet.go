package model

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

// Frechet returns the squared Fréchet distance of the two normal distributions that have
// the means and covariances of the rows of x and of y,
//
//	|μ_x − μ_y|² + tr(Σ_x + Σ_y − 2·(Σ_x^½ Σ_y Σ_x^½)^½).
//
// It is 0 if these are the same. It measures how far drawn vectors are from held-out ones.
//
// Source: Dowson and Landau 1982; Heusel et al. 2017, who measure it on features of a
// network and not, as here, on the vectors themselves.
func Frechet(x, y [][]float64) (float64, error) {
	mx, cx, err := moments(x)
	if err != nil {
		return 0, err
	}
	my, cy, err := moments(y)
	if err != nil {
		return 0, err
	}
	d := len(mx)
	if d != len(my) {
		return 0, fmt.Errorf("model: vectors of %d and of %d numbers have no Fréchet distance", d, len(my))
	}
	var e mat.EigenSym
	if !e.Factorize(cx, true) {
		return 0, fmt.Errorf("model: the covariance of %d vectors has no eigenvalues", len(x))
	}
	var vectors mat.Dense
	e.VectorsTo(&vectors)
	roots := e.Values(nil)
	for i, v := range roots {
		roots[i] = math.Sqrt(math.Max(0, v)) // rounding makes some of 0 a little less
	}
	var root, inner mat.Dense
	root.Product(&vectors, mat.NewDiagDense(d, roots), vectors.T())
	inner.Product(&root, cy, &root)
	middle := mat.NewSymDense(d, nil)
	for i := range d {
		for j := i; j < d; j++ {
			middle.SetSym(i, j, (inner.At(i, j)+inner.At(j, i))/2)
		}
	}
	if !e.Factorize(middle, false) {
		return 0, fmt.Errorf("model: the product of the covariances of %d and %d vectors has no eigenvalues",
			len(x), len(y))
	}
	distance := mat.Trace(cx) + mat.Trace(cy)
	for _, v := range e.Values(nil) {
		distance -= 2 * math.Sqrt(math.Max(0, v))
	}
	for i := range mx {
		distance += float64((mx[i] - my[i]) * (mx[i] - my[i]))
	}
	return math.Max(0, distance), nil
}

// moments returns the mean and the covariance of the rows of x.
func moments(x [][]float64) (mean []float64, covariance *mat.SymDense, err error) {
	if len(x) < 2 || len(x[0]) == 0 {
		return nil, nil, fmt.Errorf("model: %d vectors have no covariance", len(x))
	}
	d := len(x[0])
	rows := mat.NewDense(len(x), d, nil)
	for i, row := range x {
		if len(row) != d {
			return nil, nil, fmt.Errorf("model: vector %d has %d numbers, and the first has %d", i, len(row), d)
		}
		rows.SetRow(i, row)
	}
	mean = make([]float64, d)
	for j := range mean {
		mean[j] = stat.Mean(mat.Col(nil, j, rows), nil)
	}
	covariance = mat.NewSymDense(d, nil)
	stat.CovarianceMatrix(covariance, rows, nil)
	return mean, covariance, nil
}
