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
	"field":      func(f map[string][]byte) error { return replace(f, "config.json", `"activation"`, `"activition"`) },
	"model-type": func(f map[string][]byte) error { return replace(f, "config.json", `"mlp"`, `"mpl"`) },
	"json": func(f map[string][]byte) error {
		f["config.json"] = f["config.json"][:50]
		return nil
	},
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

// modelCommand writes the folder of a model that is damaged in a named way.
func modelCommand() script.Cmd {
	return script.Command(
		script.CmdUsage{Summary: "write a damaged model folder", Args: "dir damage"},
		func(s *script.State, args ...string) (script.WaitFunc, error) {
			if len(args) != 2 {
				return nil, script.ErrUsage
			}
			damage, ok := damages[args[1]]
			if !ok {
				return nil, errors.New("no such damage: " + args[1])
			}
			files := map[string][]byte{}
			for _, name := range []string{"config.json", "model.safetensors", "test.safetensors", "calibration.safetensors"} {
				text, err := fs.ReadFile(tc0.Models(), "digits/"+name)
				if err != nil {
					return nil, err
				}
				files[name] = bytes.Clone(text)
			}
			if err := damage(files); err != nil {
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
