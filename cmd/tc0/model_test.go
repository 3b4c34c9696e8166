package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"

	"rsc.io/script"

	"github.com/tc0lab/tc0"
)

// damages are ways in which a model folder can be wrong. Each changes the files of
// digits, by name.
var damages = map[string]func(files map[string][]byte) error{
	"none": func(map[string][]byte) error { return nil },
	"truncated-header": func(f map[string][]byte) error {
		f["model.safetensors"] = f["model.safetensors"][:20]
		return nil
	},
	"truncated-data": func(f map[string][]byte) error {
		f["model.safetensors"] = f["model.safetensors"][:len(f["model.safetensors"])-10]
		return nil
	},
	"long-header": func(f map[string][]byte) error {
		binary.LittleEndian.PutUint64(f["model.safetensors"], 1<<40)
		return nil
	},
	"missing-tensor": func(f map[string][]byte) error {
		return replace(f, "model.safetensors", `"layers.1.bias"`, `"layers.9.bias"`)
	},
	"nan": func(f map[string][]byte) error {
		file := f["model.safetensors"]
		start := 8 + binary.LittleEndian.Uint64(file)
		binary.LittleEndian.PutUint32(file[start:], math.Float32bits(float32(math.NaN())))
		return nil
	},
	"shape": func(f map[string][]byte) error { return replace(f, "config.json", "40,", "41,") },
	"bits": func(f map[string][]byte) error {
		return replace(f, "config.json", `"weight_bits": 7`, `"weight_bits": 70`)
	},
	"coarse": func(f map[string][]byte) error {
		return replace(f, "config.json", `"weight_bits": 7`, `"weight_bits": 2`)
	},
	"field":      func(f map[string][]byte) error { return replace(f, "config.json", `"activation"`, `"activition"`) },
	"model-type": func(f map[string][]byte) error { return replace(f, "config.json", `"mlp"`, `"mpl"`) },
	"json": func(f map[string][]byte) error {
		f["config.json"] = f["config.json"][:50]
		return nil
	},
	"coarser": func(f map[string][]byte) error {
		return errors.Join(replace(f, "config.json", `"weight_bits": 7`, `"weight_bits": 4`),
			replace(f, "config.json", `"activation_bits": 4`, `"activation_bits": 3`))
	},
	"vector": func(f map[string][]byte) error {
		return replace(f, "config.json", `"kind": "image",
    "rows": 14,
    "columns": 14,`, `"kind": "vector",
    "length": 196,`)
	},
	"zeros": func(f map[string][]byte) error {
		file := f["model.safetensors"]
		clear(file[8+binary.LittleEndian.Uint64(file):])
		return nil
	},
	"weightless":     func(f map[string][]byte) error { delete(f, "model.safetensors"); return nil },
	"no-config":      func(f map[string][]byte) error { delete(f, "config.json"); return nil },
	"no-calibration": func(f map[string][]byte) error { delete(f, "calibration.safetensors"); return nil },
}

func replace(files map[string][]byte, name, old, with string) error {
	if bytes.Count(files[name], []byte(old)) != 1 {
		return fmt.Errorf("%q is not once in %s", old, name)
	}
	files[name] = bytes.Replace(files[name], []byte(old), []byte(with), 1)
	return nil
}

// damaged returns the files of digits, damaged in a named way.
func damaged(name string) (map[string][]byte, error) {
	damage, ok := damages[name]
	if !ok {
		return nil, errors.New("no such damage: " + name)
	}
	files := map[string][]byte{}
	for _, name := range []string{"config.json", "model.safetensors", "test.safetensors", "calibration.safetensors"} {
		text, err := fs.ReadFile(tc0.Models(), "digits/"+name)
		if err != nil {
			return nil, err
		}
		files[name] = bytes.Clone(text)
	}
	return files, damage(files)
}

// flipFlopOf4 returns the files of flip-flop, cut to 4 tokens: the first of every input,
// and 800 inputs to test it.
func flipFlopOf4() (map[string][]byte, error) {
	const folder = "flip-flop/"
	files := map[string][]byte{}
	for _, name := range []string{"config.json", "tc0.json", "model.safetensors", "test.safetensors", "calibration.safetensors"} {
		text, err := fs.ReadFile(tc0.Models(), folder+name)
		if err != nil {
			return nil, err
		}
		files[name] = bytes.Clone(text)
	}
	for name, rows := range map[string]int{"test.safetensors": 800, "calibration.safetensors": 512} {
		text := files[name]
		data := text[8+binary.LittleEndian.Uint64(text):] // inputs and labels, a byte each
		var inputs, labels []byte
		for r := range rows {
			inputs = append(inputs, data[r*16:][:4]...)
			labels = append(labels, data[len(data)/2+r*16:][:4]...)
		}
		header := fmt.Sprintf(`{"inputs":{"dtype":"U8","shape":[%d,4],"data_offsets":[0,%d]},`+
			`"labels":{"dtype":"U8","shape":[%[1]d,4],"data_offsets":[%[2]d,%d]}}`, rows, rows*4, rows*8)
		length := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
		files[name] = slices.Concat(length, []byte(header), inputs, labels)
	}
	return files, errors.Join(
		replace(files, "tc0.json", `"length": 16`, `"length": 4`),
		replace(files, "tc0.json", `"outputs": 16`, `"outputs": 4`),
		replace(files, "tc0.json", `"ccaccbcc"`, `"ccac"`),
		replace(files, "tc0.json", `"test_size": 2000`, `"test_size": 800`),
	)
}

// lost returns the files of a perceptron whose answer is its second bit, which weights of 2 bits lose.
func lost() map[string][]byte {
	header := `{"inputs":{"dtype":"U8","shape":[4,2],"data_offsets":[0,8]}}`
	inputs := []byte{0, 0, 0, 1, 1, 0, 1, 1}
	return map[string][]byte{
		"config.json": []byte(`{"model_type": "mlp", "name": "lost", "layer_sizes": [2, 2], "activation": "relu", "labels": ["0", "1"],
"input": {"kind": "vector", "length": 2, "bits": 1, "scale": 1}, "quantization": {"weight_bits": 2}}`),
		"model.safetensors": safetensors(map[string][]float32{
			"layers.0.weight": {100, 0, 100, 1}, "layers.0.bias": {0.5, 0},
		}, 2),
		"calibration.safetensors": slices.Concat(
			binary.LittleEndian.AppendUint64(nil, uint64(len(header))), []byte(header), inputs),
	}
}

// modelCommand writes the folder of a model that is damaged in a named way, of flip-flop cut
// to 4 tokens, or of greeting, which has a tokenizer.
func modelCommand() script.Cmd {
	return script.Command(
		script.CmdUsage{Summary: "write a damaged model folder", Args: "dir damage"},
		func(s *script.State, args ...string) (script.WaitFunc, error) {
			if len(args) != 2 {
				return nil, script.ErrUsage
			}
			files, err := damaged(args[1])
			switch args[1] {
			case "flip-flop-of-4":
				files, err = flipFlopOf4()
			case "great-epsilon":
				if files, err = flipFlopOf4(); err == nil {
					err = replace(files, "config.json", "1e-05", "1e+40")
				}
			case "lost":
				files, err = lost(), nil
			case "greeting":
				files, err = greeting()
			}
			if err != nil {
				return nil, err
			}
			dir := s.Path(args[0])
			if err := os.MkdirAll(dir, 0o777); err != nil {
				return nil, err
			}
			for name, text := range files {
				if err := os.WriteFile(filepath.Join(dir, name), text, 0o666); err != nil {
					return nil, err
				}
			}
			return nil, nil
		},
	)
}
