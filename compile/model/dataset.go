package model

import (
	"errors"
	"io/fs"
	"math"
	"slices"
)

// Dataset is inputs with their right answers.
type Dataset struct {
	Inputs [][]int64 // one integer for each input port
	// Labels are for each output an index into the labels of the configuration; −1 if no answer is asked for. They are
	// nil if the right answers are not known, as of some calibration data.
	Labels [][]int
	// Targets are the right numbers of a regression in place of the labels; nil if they are not known.
	Targets [][]float64
}

// Len returns the number of inputs.
func (d *Dataset) Len() int { return len(d.Inputs) }

// loadDataset reads a data file; nil if there is none.
func loadDataset(fsys fs.FS, name string, c *Config) (*Dataset, error) {
	return loadData(fsys, name, c, true)
}

// loadCalibration reads a data file that may lack labels, since ranges need none.
func loadCalibration(fsys fs.FS, name string, c *Config) (*Dataset, error) {
	return loadData(fsys, name, c, false)
}

func loadData(fsys fs.FS, name string, c *Config, needsLabels bool) (*Dataset, error) {
	f, err := readTensors(fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	d := &Dataset{}
	if d.Inputs, err = f.table("inputs", c.Input.Ports(), c.Input.Top()); err != nil {
		return nil, err
	}
	if len(d.Inputs) == 0 {
		return nil, f.fail("inputs", "is empty")
	}
	if c.Regression() {
		return d, d.readTargets(f, c)
	}
	if !needsLabels && f.rank("labels") < 0 {
		return d, f.only([]tensorSpec{spec("inputs")}, nothing)
	}
	labels := spec("labels", len(d.Inputs))
	if c.Language() && !(c.Outputs == 1 && f.rank("labels") == 1) { // [count] will do for one output
		labels.shape = append(labels.shape, c.Outputs)
	}
	right, err := f.whole(labels, int64(len(c.Labels))-1, c.Language())
	if err != nil {
		return nil, err
	}
	if err := f.only([]tensorSpec{spec("inputs"), labels}, nothing); err != nil {
		return nil, err
	}
	for row := range slices.Chunk(right, c.Outputs) {
		var answers []int
		for _, label := range row {
			answers = append(answers, int(label))
		}
		d.Labels = append(d.Labels, answers)
	}
	return d, nil
}

// Right reports whether the answers are the labels of input i, as far as the data asks for them. Data without labels
// ask for none.
func (d *Dataset) Right(i int, answers []int) bool {
	right, asked := d.RightTokens(i, answers)
	return right == asked
}

// RightTokens counts the labels of input i that the data asks for, and how many of them the answers hit.
func (d *Dataset) RightTokens(i int, answers []int) (right, asked int) {
	if d.Labels == nil {
		return 0, 0
	}
	for k, label := range d.Labels[i] {
		if label >= 0 {
			asked++
			if answers[k] == label {
				right++
			}
		}
	}
	return right, asked
}

// ErrNoLabels says that data have no labels, so that no answer to them is right or wrong.
var ErrNoLabels = errors.New("model: the data have no labels")

// correct counts the inputs for which all answers of predict are right.
func (d *Dataset) correct(predict func(in []int64) ([]int, error)) (int, error) {
	right := 0
	if d.Labels == nil {
		return 0, ErrNoLabels
	}
	for i, in := range d.Inputs {
		got, err := predict(in)
		if err != nil {
			return right, err
		}
		if d.Right(i, got) {
			right++
		}
	}
	return right, nil
}

// Perplexity returns exp of the mean of −ln p over all answers that d asks for. Here p is the
// softmax of the logits at the right answer. The function forward gives the logits of input i: for
// each output in turn, one for each label.
//
// Errors: [ErrNoLabels], and those of forward.
func (d *Dataset) Perplexity(labels int, forward func(i int) ([]float64, error)) (float64, error) {
	total, count := 0.0, 0
	if d.Labels == nil {
		return 0, ErrNoLabels
	}
	for i := range d.Inputs {
		logits, err := forward(i)
		if err != nil {
			return 0, err
		}
		for k, right := range d.Labels[i] {
			if right >= 0 {
				total -= math.Log(softmax(logits[k*labels : (k+1)*labels])[right])
				count++
			}
		}
	}
	return math.Exp(total / float64(max(count, 1))), nil
}
