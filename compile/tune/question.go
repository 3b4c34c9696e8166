package tune

import (
	"math/rand/v2"

	"github.com/tc0lab/tc0/compile/model"
)

// question is an input with the answers that count as right. Those below 0 are not asked for.
type question struct {
	input  []int64
	answer []int
}

// right reports whether all answers that are asked for are given.
func (q question) right(answers []int) bool {
	for i, want := range q.answer {
		if want >= 0 && answers[i] != want {
			return false
		}
	}
	return true
}

// Data are inputs of a model, and where they come from.
type Data struct {
	Set  *model.Dataset // without labels if the answers of the network in floating point are what counts
	From string
}

// most is how many inputs a search looks at, and fresh how many random ones are made.
const most, fresh = 400, 400

// Split returns inputs to search with and others for the final figure. They are the calibration data and the test
// data, if a model has both; else every other input of what there is; else random tokens or numbers from two seeds,
// whose right answers are those of the network in floating point.
func Split(m *model.Model) (search, final Data) {
	switch {
	case m.Calibration != nil && m.Calibration.Labels != nil && m.Test != nil:
		return Data{m.Calibration, "calibration.safetensors"}, Data{m.Test, "test.safetensors"}
	case m.Test != nil && m.Test.Len() > 1:
		return half(m.Test, 0, "test.safetensors"), half(m.Test, 1, "test.safetensors")
	case m.Calibration != nil && m.Calibration.Len() > 1:
		return half(m.Calibration, 0, "calibration.safetensors"), half(m.Calibration, 1, "calibration.safetensors")
	}
	return random(m, 3), random(m, 4)
}

// half returns every other input of a data set.
func half(d *model.Dataset, from int, name string) Data {
	part := &model.Dataset{}
	for i := from; i < d.Len(); i += 2 {
		part.Inputs = append(part.Inputs, d.Inputs[i])
		if d.Labels != nil {
			part.Labels = append(part.Labels, d.Labels[i])
		}
	}
	return Data{part, []string{"the even inputs of ", "the odd inputs of "}[from] + name}
}

// random returns inputs of independent numbers.
func random(m *model.Model, seed uint64) Data {
	r := rand.New(rand.NewPCG(seed, 5))
	d := &model.Dataset{}
	for range fresh {
		in := make([]int64, m.Config.Input.Ports())
		for i := range in {
			in[i] = r.Int64N(m.Config.Input.Top() + 1)
		}
		d.Inputs = append(d.Inputs, in)
	}
	return Data{d, "random inputs"}
}

// questions returns the inputs that the network in floating point answers rightly, of the first count. If there are
// no labels, all its answers are right. It returns how many inputs it looked at, too.
func questions(m *model.Model, d *model.Dataset, count int) (asked []question, of int) {
	of = min(d.Len(), count)
	for i, in := range d.Inputs[:of] {
		answers := m.Predict(in)
		if d.Labels == nil {
			asked = append(asked, question{in, answers})
		} else if q := (question{in, d.Labels[i]}); q.right(answers) {
			asked = append(asked, q)
		}
	}
	return asked, of
}
