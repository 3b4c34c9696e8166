package model_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/tc0lab/tc0/compile/model"
)

// Vectors whose mean and covariance are known: the corners of a box, its sides 2·a.
func box(center, a []float64) (out [][]float64) {
	for corner := range 1 << len(a) {
		v := make([]float64, len(a))
		for i := range v {
			v[i] = center[i] + a[i]*float64(2*(corner>>i&1)-1)
		}
		out = append(out, v)
	}
	return out
}

func TestFrechet(t *testing.T) {
	x := box([]float64{1, 2, 3}, []float64{1, 2, 0})
	y := box([]float64{0, 4, 3}, []float64{3, 2, 1})
	// The covariances are diagonal, a²·8/7, so that the distance is |μ − ν|² + Σ(σ − τ)².
	want := 1.0 + 4 + (4+0+1)*8.0/7
	got, err := model.Frechet(x, y)
	if err != nil || math.Abs(got-want) > 1e-9 {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
	if back, err := model.Frechet(y, x); err != nil || math.Abs(back-want) > 1e-9 {
		t.Errorf("the other way round %v, %v; want %v", back, err, want)
	}
	// A rotation of both changes nothing.
	turn := func(all [][]float64) (out [][]float64) {
		for _, v := range all {
			c, s := math.Cos(0.7), math.Sin(0.7)
			out = append(out, []float64{c*v[0] - s*v[1], s*v[0] + c*v[1], v[2]})
		}
		return out
	}
	if turned, err := model.Frechet(turn(x), turn(y)); err != nil || math.Abs(turned-want) > 1e-9 {
		t.Errorf("turned %v, %v; want %v", turned, err, want)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	var z [][]float64
	for range 20 {
		z = append(z, []float64{rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64()})
	}
	if same, err := model.Frechet(z, z); err != nil || same > 1e-9 {
		t.Errorf("to itself %v, %v", same, err)
	}
	for _, bad := range [][2][][]float64{
		{x, nil}, {nil, x}, {x, {{1, 2}, {3, 4}}}, {x, {{1, 2, 3}, {1}}}, {x, {{}, {}}},
	} {
		if d, err := model.Frechet(bad[0], bad[1]); err == nil {
			t.Errorf("%v: %v", bad, d)
		}
	}
}
