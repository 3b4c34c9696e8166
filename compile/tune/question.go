package tune

import (
	"math/rand/v2"

	"github.com/tc0lab/tc0/compile/model"
)

// Unit is what a search counts.
type Unit string

// The units. Inputs are kept if all answers to them are. Single answers count where the network in floating point gives
// all answers to fewer than half of the inputs rightly, as a model of running text does, and where there are no labels.
// The numbers of a regression are not counted: the share that is kept is R², see [Setting].
const (
	Inputs  Unit = "inputs"
	Answers Unit = "answers"
	Numbers Unit = "numbers"
)

// question is an input with the answers that count as right. Those below 0 are not asked for.
type question struct {
	input   []int64
	answer  []int
	numbers []float64 // of a regression, in floating point
}

// right counts the answers that are asked for and given, and those that are asked for.
func (q question) right(answers []int) (right, asked int) {
	for i, want := range q.answer {
		if want >= 0 {
			asked++
			if answers[i] == want {
				right++
			}
		}
	}
	return right, asked
}

// Data are inputs of a model, and where they come from.
type Data struct {
	Set  *model.Dataset // without labels if the answers of the network in floating point are what counts
	From string
}

// most is how many inputs a search looks at, and fresh how many random ones are made. If there are many inputs to test
// with, halves of them serve for both.
const most, fresh, many = 512, 400, 400

// Split returns inputs to search with and others for the final figure: every other input of the test data, if there
// are many. (Calibration data may be those of the training, which a network answers with more certainty than new ones.)
// Else they are the calibration data and the test data, if a model has both; or every other input of what there is; or
// random tokens or numbers from two seeds, whose right answers are those of the network in floating point.
func Split(m *model.Model) (search, final Data) {
	switch {
	case m.Test != nil && m.Test.Len() >= many:
		return half(m.Test, 0, "test.safetensors"), half(m.Test, 1, "test.safetensors")
	case m.Calibration != nil && (m.Calibration.Labels != nil || m.Config.Regression()) && m.Test != nil:
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
		if d.Targets != nil {
			part.Targets = append(part.Targets, d.Targets[i])
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

// asked are the questions of a search.
type asked struct {
	questions []question
	inputs    int // that were looked at
	count     int // of what the network in floating point answers rightly, in the unit
	unit      Unit
}

// ask returns the questions that the network in floating point answers rightly, of some inputs. If there
// are no labels, all its answers are right. If no unit is given, it is chosen.
func ask(m *model.Model, d *model.Dataset, from, to int, unit Unit) asked {
	from, to = min(from, d.Len()), min(to, d.Len())
	a := asked{inputs: to - from, unit: unit}
	var whole, single []question // the same with the wrong answers left out
	answers := 0
	for i := from; i < to; i++ {
		in := d.Inputs[i]
		if m.Config.Regression() {
			a.questions = append(a.questions, question{input: in, numbers: m.Forward(in)})
			continue
		}
		given := m.Predict(in)
		q := question{input: in, answer: given}
		if d.Labels != nil {
			q.answer = d.Labels[i]
		}
		right, of := q.right(given)
		if right == of {
			whole = append(whole, q)
		}
		part := question{input: in}
		for k, want := range q.answer {
			if want != given[k] {
				want = -1
			}
			part.answer = append(part.answer, want)
		}
		if right > 0 {
			single = append(single, part)
		}
		answers += right
	}
	switch {
	case m.Config.Regression():
		a.unit, a.count = Numbers, len(a.questions)
		return a
	case a.unit != "":
	case m.Config.Outputs > 1 && (d.Labels == nil || 2*len(whole) < a.inputs):
		a.unit = Answers
	default:
		a.unit = Inputs
	}
	if a.unit == Answers {
		a.questions, a.count = single, answers
	} else {
		a.questions, a.count = whole, len(whole)
	}
	return a
}
