package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"

	"github.com/tc0lab/tc0/compile/checkpoint"
	"github.com/tc0lab/tc0/compile/model"
	"github.com/tc0lab/tc0/internal/scratch"
)

type importCmd struct {
	Checkpoint  string   `arg:"" help:"A file of weights, or a folder that has one: .safetensors or its index, .pt, .pth, .ckpt, .bin, .npz, .npy, .json."`
	Output      string   `short:"o" required:"" placeholder:"FOLDER" help:"The model folder to write."`
	Config      string   `placeholder:"FILE" help:"The config.json of the network; the one beside the weights unless given."`
	Map         string   `placeholder:"FILE" help:"A JSON object from our names of tensors to theirs. A name with .T behind it is transposed."`
	Name        string   `placeholder:"TEXT" help:"The name of the model; that of the folder unless given."`
	Key         string   `placeholder:"KEY" help:"Read the tensors under this key of the file, such as ema, or those whose names begin with it."`
	Order       string   `placeholder:"LIST" help:"The layers of a perceptron in order, such as input,hidden,head; + in place of a comma where no activation is."`
	Length      *int     `placeholder:"N" help:"Positions of the circuit of a language model, at most what it was made for (max_position_embeddings, n_positions, block_size); the smaller of 16 and that unless given."`
	Heads       *int     `placeholder:"H" help:"How many heads a transformer has, if the file does not say."`
	Activation  string   `placeholder:"NAME" help:"What follows each layer of a perceptron but the last, such as relu; of nanoGPT, microgpt and an RNN another activation than theirs."`
	InputBits   *int     `placeholder:"B" help:"How many bits an input of a perceptron has: an unsigned integer."`
	InputScale  *float64 `placeholder:"X" help:"What one unit of an input of a perceptron stands for, such as 0.00392156862745098 for 1/255."`
	InputOffset float64  `placeholder:"X" help:"What an input of 0 of a perceptron stands for, such as -1; it goes into the first biases."`
}

func (importCmd) Help() string {
	return `A checkpoint becomes a model folder: config.json, model.safetensors, and tc0.json of a language model. The layouts
of Hugging Face (config.json beside the weights), nanoGPT, llama2.c, microgpt, torch.nn (Sequential, RNN, GRU, LSTM) and
tinygrad are known. A pickle is read without running code. Tokenizers and data that stand beside the weights go along;
the letters in meta.pkl of nanoGPT become the names of tokens.

The folder is there once it can be read as a model; after an error nothing of it is. If it was there before, its files are
replaced, config.json last. A flag that the network has no use for is refused. What a file leaves open is taken as its
project has it, and said.

Every verb also takes the checkpoint itself in place of a folder: tc0 report ckpt.pt.

calibration.safetensors, which a perceptron needs, and test.safetensors hold data, and are written by hand or by a script:

  inputs   [count, inputs]   integers (U8, I16, I32 or I64): of a perceptron 0..2^bits − 1, of a language model its tokens
  labels   [count]           integers, the right class; calibration does without
  targets  [count, outputs]  real numbers (F32 or F64) in place of labels, if the answers are numbers

An input x of a perceptron stands for offset + scale·x, by --input-scale and --input-offset: numbers with a sign, such as
from −4 to 4, are 8 bits with scale 0.03125 and --input-offset=-4.

Examples:

  tc0 import ckpt.pt -o shakespeare
  tc0 import stories260K.bin -o stories --length 8
  tc0 import smollm/ -o small --length 16
  tc0 import microgpt.json -o names --heads 4
  tc0 import mnist.pth -o mnist --activation relu --input-bits 8 --input-scale 0.00392156862745098
  tc0 import weights.npz -o mine --config config.json --map map.json
  tc0 import both.pt -o trained --key ema --activation relu --input-bits 4 --input-scale 1 --order input,hidden,head

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
	if err := cmd.check(); err != nil {
		return err
	}
	c, err := openCheckpoint(cmd.Checkpoint, cmd.Key)
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
	m, paths, err := cmd.write(a, f)
	if err != nil {
		return err
	}
	if f.Settings == nil && m.Calibration == nil {
		f.Notes = append(f.Notes, "missing: calibration.safetensors, which a circuit of a "+f.Type+
			" needs; put it into the folder")
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

// check refuses flags that mean nothing, and a folder to write that is the one to read.
func (cmd *importCmd) check() error {
	for _, f := range []struct {
		name string
		v    *int
	}{{"length", cmd.Length}, {"heads", cmd.Heads}, {"input-bits", cmd.InputBits}} {
		if f.v != nil && *f.v < 1 {
			return errf("--%s=%d: at least 1 is needed", f.name, *f.v)
		}
	}
	if x := cmd.InputScale; x != nil && !(*x > 0 && *x <= math.MaxFloat64) {
		return errf("--input-scale=%v: a positive number is needed", *x)
	}
	if x := cmd.InputOffset; math.IsNaN(x) || math.IsInf(x, 0) {
		return errf("--input-offset=%v: a number is needed", x)
	}
	from, err := os.Stat(folderOf(cmd.Checkpoint))
	to, none := os.Stat(cmd.Output)
	if err == nil && none == nil && os.SameFile(from, to) {
		return errf("%s: the checkpoint stands there, and its files would be replaced; name another folder", cmd.Output)
	}
	return nil
}

// valueOf returns what a flag says, or 0.
func valueOf[T any](flag *T) (v T) {
	if flag != nil {
		v = *flag
	}
	return v
}

// openCheckpoint reads a checkpoint by its path, or the part of it under a key. An error has the path.
func openCheckpoint(path, key string) (*checkpoint.Checkpoint, error) {
	folder, name := filepath.Split(filepath.Clean(path))
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		folder, name = path, "."
	}
	c, err := checkpoint.OpenKey(os.DirFS(filepath.Clean(folder)), name, key)
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
		Name: cmd.Name, Usual: filepath.Base(filepath.Clean(cmd.Output)), Length: valueOf(cmd.Length),
		Heads: valueOf(cmd.Heads), Activation: cmd.Activation, InputBits: valueOf(cmd.InputBits),
		InputScale: valueOf(cmd.InputScale), InputOffset: cmd.InputOffset, Order: cmd.Order,
	}
	if o.Usual == "." || o.Usual == string(filepath.Separator) {
		o.Usual = "imported"
	}
	config := cmd.Config
	if config == "" {
		config = cmd.beside("config.json")
	}
	if o.Config, err = a.readText(config); err != nil && (cmd.Config != "" || !errors.Is(err, fs.ErrNotExist)) {
		return o, err
	}
	o.Settings, err = a.readText(cmd.beside("tc0.json"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return o, err
	}
	if o.Letters, err = cmd.letters(a); err != nil || cmd.Map == "" {
		return o, err
	}
	text, err := a.readText(cmd.Map)
	if err != nil {
		return o, err
	}
	if o.Map, err = checkpoint.ReadMap(text); err != nil {
		return o, errf("%s: %w", cmd.Map, err)
	}
	return o, nil
}

// letters reads the letters of a nanoGPT that stand beside the weights, nil if there are none.
func (cmd *importCmd) letters(a *app) ([]string, error) {
	path := cmd.beside(checkpoint.LettersFile)
	text, err := a.readText(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	letters, err := checkpoint.ReadLetters(text)
	if err != nil {
		err = errf("%s: %w", path, err)
	}
	return letters, err
}

// beside returns the path of a file that stands where the weights stand.
func (cmd *importCmd) beside(name string) string {
	return filepath.Join(folderOf(cmd.Checkpoint), name)
}

// folderOf returns a path of a folder, or the folder of a file.
func folderOf(path string) string {
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		return filepath.Dir(path)
	}
	return path
}

// These files of a model folder go along when they stand beside the weights.
var (
	dataFiles      = []string{"test.safetensors", "calibration.safetensors"}
	tokenizerFiles = []string{
		"tokenizer.json", "vocab.json", "merges.txt", "tokenizer.model", "added_tokens.json", "tokenizer_config.json",
	}
)

// modelFile is one file of a model folder.
type modelFile struct {
	name  string
	write func(io.Writer) error
}

// files returns the files to write. config.json comes last: without it a folder is no model.
func (cmd *importCmd) files(f *checkpoint.Folder) []modelFile {
	bytesOf := func(text []byte) func(io.Writer) error {
		return func(w io.Writer) error {
			_, err := io.Copy(w, bytes.NewReader(text))
			return err
		}
	}
	files, along := []modelFile{{"model.safetensors", f.WriteTensors}}, dataFiles
	if f.Settings != nil {
		files = append(files, modelFile{"tc0.json", bytesOf(f.Settings)})
		along = slices.Concat(dataFiles, tokenizerFiles)
	}
	for _, name := range along {
		path := cmd.beside(name)
		if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
			continue
		}
		files = append(files, modelFile{name, func(w io.Writer) error {
			r, err := os.Open(path)
			if err != nil {
				return err
			}
			defer r.Close()
			_, err = io.Copy(w, r)
			return err
		}})
	}
	return append(files, modelFile{"config.json", bytesOf(f.Config)})
}

// stage writes the files to a folder, and reads them as a model. A tokenizer that is not read stays away from
// the folder, with a note.
func (cmd *importCmd) stage(a *app, dir string, f *checkpoint.Folder) (*model.Model, []modelFile, error) {
	files := cmd.files(f)
	for _, file := range files {
		if _, err := a.writeFile(filepath.Join(dir, file.name), file.write); err != nil {
			return nil, nil, err
		}
	}
	m, err := model.Load(os.DirFS(dir), ".")
	var e *model.LoadError
	if errors.As(err, &e) && slices.Contains(tokenizerFiles, e.File) {
		f.Notes = append(f.Notes, "left out: the tokenizer, which is not read ("+e.Error()+"); tokens are numbers")
		files = slices.DeleteFunc(files, func(file modelFile) bool {
			return slices.Contains(tokenizerFiles, file.name) && os.Remove(filepath.Join(dir, file.name)) == nil
		})
		m, err = model.Load(os.DirFS(dir), ".")
	}
	if err != nil {
		return nil, nil, errf("%s: read in the layout of %s: %w", cmd.Checkpoint, f.Layout, err)
	}
	return m, files, nil
}

// write makes the model folder. It is made beside its place and read there first, so after an error nothing of it
// is left. In a folder that is there already the files take the places of those with their names, config.json last.
func (cmd *importCmd) write(a *app, f *checkpoint.Folder) (*model.Model, []string, error) {
	at, there := cmd.Output, true
	for {
		info, err := os.Stat(at)
		if err == nil && !info.IsDir() {
			return nil, nil, errf("%s: is not a folder", at)
		}
		if err == nil {
			break
		}
		if !errors.Is(err, fs.ErrNotExist) || at == filepath.Dir(at) {
			return nil, nil, err
		}
		at, there = filepath.Dir(at), false
	}
	outer, remove, err := scratch.Folder(at, ".tc0-import-")
	var beneath *fs.PathError
	if errors.As(err, &beneath) { // its path is that of a folder of ours
		return nil, nil, errf("%s: cannot be written: no folder can be made in %s: %w", cmd.Output, at, beneath.Err)
	}
	if err != nil {
		return nil, nil, errf("%s: cannot be written: %w", cmd.Output, err)
	}
	defer remove()
	dir := filepath.Join(outer, "model")
	if err := os.Mkdir(dir, 0o777); err != nil {
		return nil, nil, err
	}
	m, files, err := cmd.stage(a, dir, f)
	if err != nil {
		return nil, nil, err
	}
	var paths []string
	for _, file := range files {
		paths = append(paths, filepath.Join(cmd.Output, file.name))
	}
	if !there {
		if err := os.MkdirAll(filepath.Dir(cmd.Output), 0o777); err != nil {
			return nil, nil, err
		}
		return m, paths, os.Rename(dir, cmd.Output)
	}
	if err := cmd.unmixed(files); err != nil {
		return nil, nil, err
	}
	for i, file := range files {
		if err := os.Rename(filepath.Join(dir, file.name), paths[i]); err != nil {
			return nil, nil, err
		}
	}
	return m, paths, nil
}

// unmixed refuses a folder with files that would be read as part of the model, and that the checkpoint does not bring.
func (cmd *importCmd) unmixed(files []modelFile) error {
	for _, name := range slices.Concat(tokenizerFiles, dataFiles, []string{"tc0.json"}) {
		brought := slices.ContainsFunc(files, func(f modelFile) bool { return f.name == name })
		path := filepath.Join(cmd.Output, name)
		if _, err := os.Stat(path); err == nil && !brought {
			return errf("%s: is there, and would become part of the model; name another folder, or remove it", path)
		}
	}
	return nil
}
