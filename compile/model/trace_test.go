package model

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/tc0lab/tc0/compile/lower"
)

// The numbers that a traced sampler puts out after a step are those that the rest of the steps begins with, and they
// take no gates of their own.
func TestTrace(t *testing.T) {
	d := mustLoadDenoiser(t, "parity-denoiser")
	whole := Sampler{Denoiser: d, Steps: 4, Ancestral: true}
	traced := whole
	traced.Trace = true
	plain, err := whole.Program()
	if err != nil {
		t.Fatal(err)
	}
	p, err := traced.Program()
	if err != nil {
		t.Fatal(err)
	}
	var gates [2]int
	for i, of := range []func() (int, error){
		func() (int, error) { c, err := lower.Program(plain, lower.MinDepth); return c.Size(), err },
		func() (int, error) { c, err := lower.Program(p, lower.MinDepth); return c.Size(), err },
	} {
		if gates[i], err = of(); err != nil {
			t.Fatal(err)
		}
	}
	if gates[0] != gates[1] {
		t.Errorf("the sampler has %d gates, and traced %d", gates[0], gates[1])
	}
	rng := rand.New(rand.NewPCG(1, 4))
	for range 20 {
		question := make([]int64, 6)
		for i := range question {
			question[i] = rng.Int64N(2)
		}
		noise := whole.Draw(rng)
		in := slices.Concat(question, noise)
		out, err := p.Reference(in)
		if err != nil {
			t.Fatal(err)
		}
		if want, err := plain.Reference(in); err != nil || len(out) != 4 || out[3] != want[0] {
			t.Fatalf("traced the sampler draws %v, and untraced %v, %v", out, want, err)
		}
		for skip := 1; skip < 4; skip++ {
			rest := whole
			rest.Skip = skip
			q, err := rest.Program()
			if err != nil {
				t.Fatal(err)
			}
			y, err := q.Reference(slices.Concat(question, out[skip-1:skip], noise[1+skip:]))
			if err != nil || y[0] != out[3] {
				t.Fatalf("from %d after step %d on the sampler draws %v, %v; the whole draws %d", out[skip-1], skip, y, err, out[3])
			}
		}
	}
}
