package model

import (
	"errors"
	"io/fs"
	"slices"
)

// Dataset is inputs with their right answers.
type Dataset struct {
	Inputs [][]int64 // one integer for each input port
	Labels [][]int   // for each output an index into the labels of the configuration; −1 where none is asked for
}

// Len returns the number of inputs.
func (d *Dataset) Len() int { return len(d.Inputs) }

// loadDataset reads a data file; nil if there is none.
func loadDataset(fsys fs.FS, name string, c *Config) (*Dataset, error) {
	if _, err := fs.Stat(fsys, name); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	f, err := readTensors(fsys, name)
	if err != nil {
		return nil, err
	}
	inputs := tensorSpec{name: "inputs", shape: []int{0, c.Input.Ports()}}
	view, ok := f.tensors.Tensor(inputs.name)
	if ok && len(view.Shape()) > 0 && view.Shape()[0] <= maxFile {
		inputs.shape[0] = int(view.Shape()[0])
	}
	labels := tensorSpec{name: "labels", shape: inputs.shape[:1]}
	if c.Language() {
		labels.shape = []int{inputs.shape[0], c.Outputs}
	}
	flat, err := f.whole(inputs, c.Input.Top(), false)
	if err != nil {
		return nil, err
	}
	right, err := f.whole(labels, int64(len(c.Labels))-1, c.Language())
	if err != nil {
		return nil, err
	}
	if err := f.only([]tensorSpec{inputs, labels}, nil); err != nil {
		return nil, err
	}
	if len(right) == 0 {
		return nil, f.fail(inputs.name, "is empty")
	}
	d := &Dataset{}
	for in := range slices.Chunk(flat, inputs.shape[1]) {
		d.Inputs = append(d.Inputs, in)
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

// Right reports whether the answers are the labels of input i, wherever one is asked
// for.
func (d *Dataset) Right(i int, answers []int) bool {
	for k, label := range d.Labels[i] {
		if label >= 0 && answers[k] != label {
			return false
		}
	}
	return true
}

// RightTokens counts the labels of input i that are asked for, and those of them that
// the answers hit.
func (d *Dataset) RightTokens(i int, answers []int) (right, asked int) {
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

// correct counts the inputs of which predict answers everything rightly.
func (d *Dataset) correct(predict func(in []int64) ([]int, error)) (int, error) {
	right := 0
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
