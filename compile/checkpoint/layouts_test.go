package checkpoint_test

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"path"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/checkpoint"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/model"
)

// published is a network of testdata/layouts, and what its framework answers.
type published struct {
	Options struct {
		File       string  `json:"file"` // in its folder; "" if it has a usual name
		Heads      int     `json:"heads"`
		Activation string  `json:"activation"`
		InputBits  int     `json:"input_bits"`
		InputScale float64 `json:"input_scale"`
	} `json:"options"`
	Relative float64     `json:"relative"` // to the largest logit
	Inputs   [][]int64   `json:"inputs"`
	Logits   [][]float64 `json:"logits"` // of all positions
}

func allPublished(t *testing.T) map[string]published {
	t.Helper()
	text, err := os.ReadFile("testdata/layouts/expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]published
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// convert makes the folder of a network, in memory.
func (p published) convert(t *testing.T, name string, length int) fstest.MapFS {
	t.Helper()
	fsys := os.DirFS("testdata/layouts")
	c, err := checkpoint.Open(fsys, path.Join(name, p.Options.File))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	o := checkpoint.Options{
		Usual: name, Length: length, Heads: p.Options.Heads, Activation: p.Options.Activation,
		InputBits: p.Options.InputBits, InputScale: p.Options.InputScale,
	}
	if o.Config, err = fs.ReadFile(fsys, path.Join(name, "config.json")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	if text, err := fs.ReadFile(fsys, path.Join(name, "map.json")); err == nil {
		if o.Map, err = checkpoint.ReadMap(text); err != nil {
			t.Fatal(err)
		}
	}
	return converted(t, c, o)
}

// language reports whether the inputs are tokens: those of perceptrons are shorter than the logits of one of them.
func (p published) language() bool { return len(p.Inputs[0]) == 6 }

// Networks of published layouts answer in float64 as the published formulas do.
func TestPublishedLayouts(t *testing.T) {
	all := allPublished(t)
	if len(all) < 10 {
		t.Fatalf("there are %d networks", len(all))
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		t.Run(name, func(t *testing.T) {
			p, length := all[name], 0
			if p.language() {
				length = len(p.Inputs[0])
			}
			folder := p.convert(t, name, length)
			if p.language() { // all positions answer
				folder["tc0.json"] = &fstest.MapFile{Data: []byte(`{"name": "x", "length": 6, "outputs": 6}`)}
			}
			m, err := model.Load(folder, ".")
			if err != nil {
				t.Fatalf("%v\n%s", err, folder["config.json"].Data)
			}
			worst := 0.0
			for i, in := range p.Inputs {
				got, want := m.Forward(in), p.Logits[i]
				if len(got) != len(want) || len(want) == 0 {
					t.Fatalf("%d logits, want %d", len(got), len(want))
				}
				size := 0.0
				for _, w := range want {
					size = max(size, math.Abs(w))
				}
				for k := range got {
					worst = max(worst, math.Abs(got[k]-want[k])/size)
				}
			}
			t.Logf("logits differ by %.1e of the largest", worst)
			if !(worst <= p.Relative) {
				t.Errorf("logits differ by %.1e of the largest, want %.0e", worst, p.Relative)
			}
		})
	}
}

// evaluate computes the integers on the output ports of a circuit.
func evaluate(t *testing.T, c *circuit.Circuit, in []int64) (values []int64) {
	t.Helper()
	var wires []bool
	for i, port := range c.InputPorts() {
		w := make([]bool, len(port.Wires))
		if err := port.Format.Encode(circuit.NewInt(in[i]), w); err != nil {
			t.Fatal(err)
		}
		wires = append(wires, w...)
	}
	out, err := c.Eval(wires)
	if err != nil {
		t.Fatal(err)
	}
	for _, port := range c.OutputPorts() {
		v, err := port.Format.Decode(out[:len(port.Wires)])
		if err != nil {
			t.Fatal(err)
		}
		small, ok := v.Int64()
		if !ok {
			t.Fatalf("%s on %v is %v", port.Name, in, v)
		}
		values, out = append(values, small), out[len(port.Wires):]
	}
	return values
}

// octets is a data file of inputs and of labels, all 0.
func octets(inputs [][]int64) []byte {
	n, width := len(inputs), len(inputs[0])
	header := fmt.Sprintf(`{"inputs": {"dtype": "U8", "shape": [%d, %d], "data_offsets": [0, %d]}, `+
		`"labels": {"dtype": "U8", "shape": [%d], "data_offsets": [%d, %d]}}`, n, width, n*width, n, n*width, n*width+n)
	file := append(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header...)
	for _, x := range slices.Concat(inputs...) {
		file = append(file, byte(x))
	}
	return append(file, make([]byte, n)...)
}

// Their circuits compute what their networks in integers compute; how often these answer as the float networks do
// is said.
func TestCircuitsOfPublishedLayouts(t *testing.T) {
	all := allPublished(t)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		t.Run(name, func(t *testing.T) {
			p, length, strategy := all[name], 0, lower.MinDepth
			if p.language() {
				length, strategy = 2, lower.Balanced
			}
			folder := p.convert(t, name, length)
			top := int64(8)
			if p.language() {
				top = 11
			} else { // what ranges are measured on
				folder["calibration.safetensors"] = &fstest.MapFile{Data: octets(p.Inputs)}
			}
			m, err := model.Load(folder, ".")
			if err != nil {
				t.Fatal(err)
			}
			q, err := m.Quantise(model.Quantisation{})
			if err != nil {
				t.Fatal(err)
			}
			c, err := lower.Program(q.Program, strategy)
			if err != nil {
				t.Fatal(err)
			}
			const tried = 100
			kept, seen := 0, map[int]bool{}
			for i := range tried {
				in := make([]int64, m.Config.Input.Ports())
				for j := range in {
					in[j] = int64((i/int(math.Pow(float64(top), float64(j))) + j*i) % int(top))
				}
				want, err := q.Program.Reference(in)
				if err != nil {
					t.Fatal(err)
				}
				if got := evaluate(t, c, in); !slices.Equal(got, want) {
					t.Fatalf("on %v the circuit answers %v, and the integers %v", in, got, want)
				}
				answers, _ := q.Split(want)
				if seen[answers[0]] = true; slices.Equal(answers, m.Predict(in)) {
					kept++
				}
			}
			t.Logf("%d gates, depth %d: %d inputs as the integers, %d answers as in floating point", c.Size(), c.Depth(),
				tried, kept)
			if kept < tried*3/4 || len(seen) < 2 {
				t.Errorf("%d of %d answers are as in floating point, and there are %d answers", kept, tried, len(seen))
			}
		})
	}
}
