package model

import (
	"errors"
	"io/fs"
)

// Dataset is inputs with their right answers.
type Dataset struct {
	Inputs [][]int64 // one integer for each input port
	Labels []int     // indices into the labels of the configuration
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
	inputs := tensorSpec{"inputs", []int{0, c.Input.Ports()}}
	view, ok := f.tensors.Tensor(inputs.name)
	if ok && len(view.Shape()) > 0 && view.Shape()[0] <= maxFile {
		inputs.shape[0] = int(view.Shape()[0])
	}
	labels := tensorSpec{"labels", inputs.shape[:1]}
	flat, err := f.whole(inputs, c.Input.Top())
	if err != nil {
		return nil, err
	}
	right, err := f.whole(labels, int64(len(c.Labels))-1)
	if err != nil {
		return nil, err
	}
	if err := f.only([]tensorSpec{inputs, labels}); err != nil {
		return nil, err
	}
	if len(right) == 0 {
		return nil, f.fail(inputs.name, "is empty")
	}
	d := &Dataset{Inputs: make([][]int64, len(right)), Labels: make([]int, len(right))}
	ports := inputs.shape[1]
	for i, label := range right {
		d.Inputs[i], d.Labels[i] = flat[i*ports:(i+1)*ports:(i+1)*ports], int(label)
	}
	return d, nil
}

// correct counts the inputs that predict answers rightly.
func (d *Dataset) correct(predict func(in []int64) (int, error)) (int, error) {
	right := 0
	for i, in := range d.Inputs {
		got, err := predict(in)
		if err != nil {
			return right, err
		}
		if got == d.Labels[i] {
			right++
		}
	}
	return right, nil
}
