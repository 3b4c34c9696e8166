package checkpoint

// named returns the tensor under another name.
func (t *Tensor) named(name string) *Tensor {
	c := *t
	c.Name = name
	return &c
}

// with returns a tensor whose values are made of those of t.
func (t *Tensor) with(name string, shape []int, change func(v []float64) []float64) *Tensor {
	return &Tensor{name, t.Kind, shape, func() ([]float64, error) {
		v, err := t.read()
		if err != nil {
			return nil, err
		}
		return change(v), nil
	}}
}

// transposed returns the transpose of a matrix.
func (t *Tensor) transposed(name string) *Tensor {
	rows, columns := t.Shape[0], t.Shape[1]
	return t.with(name, []int{columns, rows}, func(v []float64) []float64 {
		return gather(v, 0, []uint64{uint64(columns), uint64(rows)}, []int{1, columns})
	})
}

// halves returns a matrix of queries or keys with the rows of each head in another order. Rotary positions
// that turn features 2i and 2i+1 together become ones that turn features i and i+e/2.
func (t *Tensor) halves(name string, heads int) *Tensor {
	rows, columns := t.Shape[0], t.Shape[1]
	pairs := rows / heads / 2
	return t.with(name, t.Shape, func(v []float64) []float64 {
		shape := []uint64{uint64(heads), 2, uint64(pairs), uint64(columns)}
		return gather(v, 0, shape, []int{rows / heads * columns, columns, 2 * columns, 1})
	})
}

// zeros returns a vector of zeros.
func zeros(name string, n int) *Tensor {
	return &Tensor{name, "F32", []int{n}, func() ([]float64, error) { return make([]float64, n), nil }}
}
