package model_test

import (
	"fmt"
	"log"

	"github.com/tc0lab/tc0"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/model"
)

// A trained network becomes a circuit.
func Example() {
	m, err := model.Load(tc0.Models(), "digits")
	if err != nil {
		log.Fatal(err)
	}
	q, err := m.Quantise(model.Quantisation{}) // as config.json says
	if err != nil {
		log.Fatal(err)
	}
	c, err := lower.Program(q.Program, lower.MinDepth)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("two hidden layers: depth %d, %d gates\n", c.Depth(), c.Size())
	digit, err := q.Predict(m.Test.Inputs[0])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("the first test image is a %s, and is called %s\n", q.Labels[m.Test.Labels[0][0]], q.Labels[digit[0]])
	// Output:
	// two hidden layers: depth 4, 1113 gates
	// the first test image is a 9, and is called 9
}

// What was rounded, and how, comes with the network in integers.
func ExampleModel_Quantise() {
	m, err := model.Find("most-frequent", tc0.Models())
	if err != nil {
		log.Fatal(err)
	}
	q, err := m.Quantise(model.Quantisation{WeightBits: 6})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range q.Choices {
		if c.Kind == model.Activation {
			fmt.Printf("%s: %d..%d, peak %.2f\n", c.Tensor, c.Least, c.Greatest, c.Peak)
		}
	}
	right, err := q.Correct(m.Test)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.0f %% right\n", 100*float64(right)/float64(m.Test.Len()))
	// Output:
	// attention: -31..31, peak 2.66
	// hidden 1: 0..63, peak 16.47
	// 100 % right
}
