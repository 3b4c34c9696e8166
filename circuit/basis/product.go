package basis

// Product is a conjunction of variables: bit i of Plain says that it has variable i, bit i of
// Complemented that it has the complement of it.
type Product struct{ Plain, Complemented uint32 }

// Cover returns an irredundant sum of products that is a function of up to 26 variables (Minato 1992, after
// Morreale 1970). Bit i of the truth table is the value where variable j is bit j of i; of fewer than six
// variables it repeats itself to the end of the word.
func Cover(truth []uint64, variables int) []Product {
	cubes, _ := cover(truth, truth, variables)
	products := make([]Product, len(cubes))
	for i, c := range cubes {
		products[i] = Product{c.plain, c.complemented}
	}
	return products
}
