package checkpoint

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"
	"math"
	"slices"
	"strings"
)

// written returns the type that the elements of a kind are written in: one that holds each value.
func written(k string) string {
	if slices.Contains([]string{"F64", "I64", "U64", "I32", "U32"}, k) {
		return "F64"
	}
	return "F32"
}

// WriteTensors writes the tensors in the safetensors format: as F64 what F32 cannot hold, and else as F32.
// Values are read one tensor after another.
func (f *Folder) WriteTensors(w io.Writer) error {
	byName := func(a, b *Tensor) int { return strings.Compare(a.Name, b.Name) }
	tensors := slices.SortedFunc(slices.Values(f.tensors), byName)
	type item struct {
		Type  string   `json:"dtype"`
		Shape []int    `json:"shape"`
		Place [2]int64 `json:"data_offsets"`
	}
	header, at := map[string]item{}, int64(0)
	for _, t := range tensors {
		size := int64(4)
		if written(t.Kind) == "F64" {
			size = 8
		}
		for _, d := range t.Shape {
			size *= int64(d)
		}
		header[t.Name] = item{written(t.Kind), append([]int{}, t.Shape...), [2]int64{at, at + size}}
		at += size
	}
	text, err := json.Marshal(header)
	if err != nil {
		return err
	}
	text = append(text, bytes.Repeat([]byte{' '}, (8-len(text)%8)%8)...)
	if _, err := w.Write(append(binary.LittleEndian.AppendUint64(nil, uint64(len(text))), text...)); err != nil {
		return err
	}
	for _, t := range tensors {
		values, err := t.Values()
		if err != nil {
			return err
		}
		var data []byte
		for _, v := range values {
			if written(t.Kind) == "F64" {
				data = binary.LittleEndian.AppendUint64(data, math.Float64bits(v))
			} else {
				data = binary.LittleEndian.AppendUint32(data, math.Float32bits(float32(v)))
			}
		}
		if _, err := w.Write(data); err != nil {
			return err
		}
	}
	return nil
}
