package checkpoint

import "slices"

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

// then returns the layer that does what l and the next one do together.
func (l layer) then(next layer) layer {
	out, in := next.weight.Shape[0], l.weight.Shape[1]
	both := layer{name: l.name + "+" + next.name, bias: next.bias}
	both.weight = &Tensor{"", "F64", []int{out, in}, func() ([]float64, error) { return product(next.weight, l.weight, in) }}
	if l.bias != nil {
		both.bias = next.offset(func() ([]float64, error) { return product(next.weight, l.bias, 1) })
	}
	return both
}

// shifted returns the layer that gives on x what l gives on x plus an offset of each number.
func (l layer) shifted(offset float64) layer {
	l.bias = l.offset(func() ([]float64, error) {
		n := l.weight.Shape[1]
		same := func() ([]float64, error) { return slices.Repeat([]float64{offset}, n), nil }
		return product(l.weight, &Tensor{read: same}, 1)
	})
	return l
}

// offset returns the bias of l, or zeros, with more added.
func (l layer) offset(more func() ([]float64, error)) *Tensor {
	bias, n := l.bias, l.weight.Shape[0]
	if bias == nil {
		bias = zeros("", n)
	}
	return &Tensor{"", "F64", []int{n}, func() ([]float64, error) {
		v, err := more()
		if err != nil {
			return nil, err
		}
		b, err := bias.Values()
		for i := range b {
			v[i] += b[i]
		}
		return v, err
	}}
}

// product multiplies a matrix with one of some columns.
func product(a, b *Tensor, columns int) ([]float64, error) {
	x, err := a.Values()
	if err != nil {
		return nil, err
	}
	y, err := b.Values()
	if err != nil {
		return nil, err
	}
	rows, inner := a.Shape[0], a.Shape[1]
	z := make([]float64, rows*columns)
	for i := range rows {
		for k := range inner {
			for j := range columns {
				z[i*columns+j] += float64(x[i*inner+k] * y[k*columns+j])
			}
		}
	}
	return z, nil
}
