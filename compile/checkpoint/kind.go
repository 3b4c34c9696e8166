package checkpoint

import (
	"encoding/binary"
	"math"
)

// kind is a type of elements, little-endian.
type kind struct {
	name string // as safetensors calls it
	size int    // bytes
	read func(b []byte) float64
}

var little = binary.LittleEndian

// kinds are the types that are read. Integers beyond 2^53 are rounded.
var kinds = []kind{
	{"F64", 8, func(b []byte) float64 { return math.Float64frombits(little.Uint64(b)) }},
	{"F32", 4, func(b []byte) float64 { return float64(math.Float32frombits(little.Uint32(b))) }},
	{"F16", 2, func(b []byte) float64 { return Half(little.Uint16(b)) }},
	{"BF16", 2, func(b []byte) float64 { return float64(math.Float32frombits(uint32(little.Uint16(b)) << 16)) }},
	{"I64", 8, func(b []byte) float64 { return float64(int64(little.Uint64(b))) }},
	{"I32", 4, func(b []byte) float64 { return float64(int32(little.Uint32(b))) }},
	{"I16", 2, func(b []byte) float64 { return float64(int16(little.Uint16(b))) }},
	{"I8", 1, func(b []byte) float64 { return float64(int8(b[0])) }},
	{"U64", 8, func(b []byte) float64 { return float64(little.Uint64(b)) }},
	{"U32", 4, func(b []byte) float64 { return float64(little.Uint32(b)) }},
	{"U16", 2, func(b []byte) float64 { return float64(little.Uint16(b)) }},
	{"U8", 1, func(b []byte) float64 { return float64(b[0]) }},
	{"BOOL", 1, func(b []byte) float64 { return float64(b[0]) }},
}

// findKind returns the kind of a name.
func findKind(name string) (kind, bool) {
	for _, k := range kinds {
		if k.name == name {
			return k, true
		}
	}
	return kind{}, false
}

// values reads numbers one behind the other.
func (k kind) values(data []byte) []float64 {
	v := make([]float64, len(data)/k.size)
	for i := range v {
		v[i] = k.read(data[i*k.size:])
	}
	return v
}

// Half returns the value of a 16-bit float: a sign, 5 bits of exponent and 10 of fraction.
func Half(bits uint16) float64 {
	// Exponent and fraction have their places in a float64; 2^1008 makes up for its bias, also
	// where the exponent is 0.
	v := math.Float64frombits(uint64(bits&0x7fff)<<42) * 0x1p1008
	switch {
	case v == 1<<16:
		v = math.Inf(1)
	case v > 1<<16:
		v = math.NaN()
	}
	if bits>>15 == 1 {
		return -v
	}
	return v
}
