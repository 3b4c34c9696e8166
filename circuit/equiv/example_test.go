package equiv_test

import (
	"context"
	"fmt"
	"log"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/equiv"
)

func Example() {
	build := func(odd bool) *circuit.Circuit {
		b := circuit.NewBuilder()
		x := b.InputPort("x", circuit.Format{}, 5)
		y := b.Majority(x...)
		if odd {
			y = b.Xor(x...)
		}
		b.Output("y", y)
		c, err := b.Circuit()
		if err != nil {
			log.Fatal(err)
		}
		return c
	}
	ctx := context.Background()
	majority := build(false)
	adders, err := basis.Legalise(ctx, majority, basis.NC1) // gates of two inputs
	if err != nil {
		log.Fatal(err)
	}
	same, err := equiv.Check(ctx, majority, adders, equiv.Config{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(same.Verdict, "by", same.How)

	other, err := equiv.Check(ctx, majority, build(true), equiv.Config{})
	if err != nil {
		log.Fatal(err)
	}
	d := other.Difference
	fmt.Println(other.Verdict, "on", d.Inputs[0], "where one has", d.A[0], "and the other", d.B[0])
	// Output:
	// proved by all inputs
	// refuted on x=1 where one has y=0 and the other y=1
}

// A comparison in cubes: each may be the work of another process.
func ExampleSplit() {
	ctx := context.Background()
	b := circuit.NewBuilder()
	b.Output("y", b.Majority(b.Inputs("x", 7)...))
	majority, err := b.Circuit()
	if err != nil {
		log.Fatal(err)
	}
	adders, err := basis.Legalise(ctx, majority, basis.NC1)
	if err != nil {
		log.Fatal(err)
	}
	cubes, err := equiv.Split(ctx, majority, adders, equiv.Config{}, 2, 0)
	if err != nil {
		log.Fatal(err)
	}
	var results []*equiv.CubeResult
	for i := range cubes.Len() {
		r, err := cubes.Cube(ctx, i)
		if err != nil {
			log.Fatal(err)
		}
		results = append(results, r)
	}
	whole, err := cubes.Join(results)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(whole.Verdict, whole.How)
	_, err = cubes.Join(results[1:])
	fmt.Println(err)
	// Output:
	// proved in each of 4 cubes, which cover all inputs
	// cube 0 of 4 is missing
}
