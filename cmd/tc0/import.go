package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/tc0lab/tc0/compile/checkpoint"
	"github.com/tc0lab/tc0/compile/model"
	"github.com/tc0lab/tc0/internal/scratch"
)

type importCmd struct {
	Checkpoint string  `arg:"" help:"A file of weights, or a folder that has one: .safetensors or its index, .pt, .pth, .bin, .npz, .npy, .json."`
	Output     string  `short:"o" required:"" placeholder:"FOLDER" help:"The model folder to write."`
	Config     string  `placeholder:"FILE" help:"The config.json of the network; the one beside the weights unless given."`
	Map        string  `placeholder:"FILE" help:"A JSON object from our names of tensors to theirs. A name with .T behind it is transposed."`
	Name       string  `placeholder:"TEXT" help:"The name of the model; that of the folder unless given."`
	Length     int     `placeholder:"N" help:"Positions of the circuit of a language model; the smaller of 16 and what it was made for unless given."`
	Heads      int     `placeholder:"H" help:"How many heads a transformer has, if the file does not say."`
	Activation string  `placeholder:"NAME" help:"What follows each layer of a perceptron but the last, such as relu."`
	InputBits  int     `placeholder:"B" help:"How many bits an input of a perceptron has: an unsigned integer."`
	InputScale float64 `placeholder:"X" help:"What one unit of an input of a perceptron stands for, such as 0.00392156862745098 for 1/255."`
}

func (importCmd) Help() string {
	return `A checkpoint becomes a model folder: config.json, model.safetensors, and tc0.json of a language model. The layouts
of Hugging Face (config.json beside the weights), nanoGPT, llama2.c, torch.nn.Sequential and tinygrad are known. A
pickle is read without running code. config.json is written last, and only if the folder can be read as a model.

Examples:

  tc0 import ckpt.pt -o shakespeare
  tc0 import stories260K.bin -o stories --length 8
  tc0 import smollm/ -o small --length 16
  tc0 import mnist.pth -o mnist --activation relu --input-bits 8 --input-scale 0.00392156862745098
  tc0 import weights.npz -o mine --config config.json --map map.json

A map is such as {"layers.0.weight": "W1.T", "layers.0.bias": "b1"}; what it does not name is left out.
`
}

// imported is the JSON of a checkpoint that became a folder.
type imported struct {
	Checkpoint string   `json:"checkpoint"`
	Format     string   `json:"format"`
	Layout     string   `json:"layout"`
	Folder     string   `json:"folder"`
	ModelType  string   `json:"model_type"`
	Tensors    int      `json:"tensors"` // of the checkpoint
	Parameters int      `json:"parameters"`
	Notes      []string `json:"notes"`
}

func (cmd *importCmd) Run(a *app) error {
	defer a.meter("importing " + cmd.Checkpoint).end()
	c, err := openCheckpoint(cmd.Checkpoint)
	if err != nil {
		return err
	}
	defer c.Close()
	o, err := cmd.options(a)
	if err != nil {
		return err
	}
	f, err := c.Convert(o)
	if err != nil {
		return err
	}
	files, err := cmd.files(a, f)
	if err != nil {
		return err
	}
	m, err := a.tryFolder(files)
	if err != nil {
		return errf("%s: read in the layout of %s: %w", cmd.Checkpoint, f.Layout, err)
	}
	if err := os.MkdirAll(cmd.Output, 0o777); err != nil {
		return err
	}
	var paths []string
	for _, file := range files {
		paths = append(paths, filepath.Join(cmd.Output, file.name))
		a.save(paths[len(paths)-1], file.write)
	}
	r := &imported{
		Checkpoint: cmd.Checkpoint, Format: c.Format, Layout: f.Layout, Folder: cmd.Output, ModelType: f.Type,
		Tensors: len(c.Tensors), Notes: append([]string{}, f.Notes...),
	}
	for _, w := range m.Weights {
		r.Parameters += len(w.Data)
	}
	return a.show(r, func() {
		a.Printf("%s: %s, %s, in the layout of %s\n%s: a model of type %s with %s\n", cmd.Checkpoint, r.Format,
			plural(r.Tensors, "tensor"), r.Layout, cmd.Output, r.ModelType, plural(r.Parameters, "parameter"))
		for _, note := range r.Notes {
			a.Printf("  %s\n", note)
		}
		a.printSaved(paths...)
	}, true)
}

// openCheckpoint reads a checkpoint by its path. An error has the path.
func openCheckpoint(path string) (*checkpoint.Checkpoint, error) {
	folder, name := filepath.Split(filepath.Clean(path))
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		folder, name = path, "."
	}
	c, err := checkpoint.Open(os.DirFS(filepath.Clean(folder)), name)
	var e *checkpoint.Error
	if errors.As(err, &e) {
		e.File = filepath.Join(folder, filepath.FromSlash(e.File))
		return nil, &ownError{e}
	}
	if err != nil {
		return nil, err
	}
	c.File = filepath.Join(folder, filepath.FromSlash(c.File))
	return c, nil
}

// options reads what stands beside the checkpoint, and the flags.
func (cmd *importCmd) options(a *app) (o checkpoint.Options, err error) {
	o = checkpoint.Options{
		Name: cmd.Name, Length: cmd.Length, Heads: cmd.Heads, Activation: cmd.Activation, InputBits: cmd.InputBits,
		InputScale: cmd.InputScale,
	}
	if cmd.Length < 0 || cmd.Heads < 0 || cmd.InputBits < 0 || cmd.InputScale < 0 {
		return o, errf("--length, --heads, --input-bits and --input-scale are positive")
	}
	if o.Name == "" {
		o.Name = filepath.Base(filepath.Clean(cmd.Output))
	}
	config := cmd.Config
	if config == "" {
		config = cmd.beside("config.json")
	}
	if o.Config, err = a.readText(config); err != nil && (cmd.Config != "" || !errors.Is(err, fs.ErrNotExist)) {
		return o, err
	}
	if cmd.Length == 0 { // else the length of the flag counts
		o.Settings, err = a.readText(cmd.beside("tc0.json"))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return o, err
		}
	}
	if cmd.Map == "" {
		return o, nil
	}
	text, err := a.readText(cmd.Map)
	if err != nil {
		return o, err
	}
	if err := json.Unmarshal(text, &o.Map); err != nil || len(o.Map) == 0 {
		return o, errf(`%s: is no map of names, such as {"layers.0.weight": "fc1.weight"}`, cmd.Map)
	}
	return o, nil
}

// beside returns the path of a file that stands where the weights stand.
func (cmd *importCmd) beside(name string) string {
	if info, err := os.Stat(cmd.Checkpoint); err == nil && info.IsDir() {
		return filepath.Join(cmd.Checkpoint, name)
	}
	return filepath.Join(filepath.Dir(cmd.Checkpoint), name)
}

// modelFile is one file of a model folder.
type modelFile struct {
	name  string
	write func(io.Writer) error
}

// files returns the files to write. config.json comes last: without it a folder is no model. The data that
// stand beside the weights go along.
func (cmd *importCmd) files(a *app, f *checkpoint.Folder) ([]modelFile, error) {
	bytesOf := func(text []byte) func(io.Writer) error {
		return func(w io.Writer) error {
			_, err := io.Copy(w, bytes.NewReader(text))
			return err
		}
	}
	files := []modelFile{{"model.safetensors", f.WriteTensors}}
	if f.Settings != nil {
		files = append(files, modelFile{"tc0.json", bytesOf(f.Settings)})
	}
	for _, name := range []string{"test.safetensors", "calibration.safetensors"} {
		text, err := a.readText(cmd.beside(name))
		switch {
		case err == nil:
			files = append(files, modelFile{name, bytesOf(text)})
		case !errors.Is(err, fs.ErrNotExist):
			return nil, err
		case f.Settings == nil && name == "calibration.safetensors":
			f.Notes = append(f.Notes, "missing: "+name+", which a circuit of a "+f.Type+" needs; put it into the folder")
		}
	}
	return append(files, modelFile{"config.json", bytesOf(f.Config)}), nil
}

// tryFolder writes the files to a folder of its own, and reads them as a model.
func (a *app) tryFolder(files []modelFile) (*model.Model, error) {
	dir, remove, err := scratch.Folder("", "tc0-import-")
	if err != nil {
		return nil, err
	}
	defer remove()
	for _, file := range files {
		if _, err := a.writeFile(filepath.Join(dir, file.name), file.write); err != nil {
			return nil, err
		}
	}
	return model.Load(os.DirFS(dir), ".")
}

// weightsHint says what to do with a file of weights that was given as a circuit; nil if it is none.
func weightsHint(path string) error {
	if what := checkpoint.Unread(path); what != "" {
		return errf("%s: is %s, which is not read yet; tc0 import reads .safetensors .pt .pth .bin .npz .npy .json", path, what)
	}
	if checkpoint.Known(path) {
		stem := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
		return errf("%s: is a file of weights and no circuit; tc0 import %s -o %s makes a model folder of it", path, path,
			stem)
	}
	return nil
}
