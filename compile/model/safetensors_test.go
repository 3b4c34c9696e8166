package model

import (
	"encoding/binary"
	"fmt"
	"io/fs"
	"math"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// Hostile files get a clear error.
func TestHostileHeaders(t *testing.T) {
	f := tinyMLP(2).fs(t)
	good := f["tiny/model.safetensors"].Data
	n := int(binary.LittleEndian.Uint64(good))
	long := func(length uint64) []byte {
		return append(binary.LittleEndian.AppendUint64(nil, length), good[8:]...)
	}
	one := func(kind, shape, place string, data int) []byte {
		return withHeader(
			fmt.Sprintf(`{"w":{"dtype":%q,"shape":%s,"data_offsets":%s}}`, kind, shape, place),
			make([]byte, data),
		)
	}
	two := func(a, b string, data int) []byte {
		return withHeader(
			fmt.Sprintf(`{"a":{"dtype":"U8","shape":%s},"b":{"dtype":"U8","shape":%s}}`, a, b),
			make([]byte, data),
		)
	}
	for _, test := range []struct {
		what string
		file []byte
		want string
	}{
		{"empty", nil, "is truncated: it has 0 bytes"},
		{"seven bytes", good[:7], "is truncated: it has 7 bytes"},
		{"no header", good[:8], fmt.Sprintf("the header should have %d bytes, and only 0 follow", n)},
		{"half a header", good[:8+n/2], fmt.Sprintf("the header should have %d bytes, and only %d follow", n, n/2)},
		{"length beyond the file", long(1 << 40), "the header should have 1099511627776 bytes"},
		{"greatest length", long(math.MaxUint64), "the header should have 18446744073709551615 bytes"},
		{"length that wraps around", long(math.MaxUint64 - 7), "the header should have"},
		{"length too short", long(uint64(n - 10)), "the header is not of the safetensors format"},
		{"length too long", long(uint64(n + 9)), "the header goes on after its end"},
		{"length 0", long(0), "the header is not of the safetensors format"},
		{"no object", withHeader(`[]`, nil), "the header is not of the safetensors format"},
		{"null", withHeader(`null`, nil), "the header is not of the safetensors format"},
		{"no JSON", withHeader("\x00\x01\x02", nil), "the header is not of the safetensors format"},
		{"deep", withHeader(`{"w":`+strings.Repeat("[", 20000), nil), "the header is not of the safetensors format"},
		{"truncated data", good[:len(good)-1], "takes bytes"},
		{"over-long data", append(good[:len(good):len(good)], 1, 2, 3), "is over-long: the last 3 bytes belong to no tensor"},
		{"unknown dtype", one("F4", "[2]", "[0,1]", 1), `tensor "w": has unknown dtype "F4"`},
		{"end before beginning", one("U8", "[1]", "[2,1]", 2), `tensor "w": takes bytes 2 to 1 of the data, which has 2`},
		{"beyond the file", one("U8", "[9]", "[0,9]", 2), `tensor "w": takes bytes 0 to 9 of the data, which has 2`},
		{"far beyond the file", one("U8", "[18446744073709551615]", "[0,18446744073709551615]", 2), `tensor "w": takes bytes 0 to 18446744073709551615`},
		{"shape and place", one("F32", "[2]", "[0,4]", 4), `tensor "w": has shape [2] of F32, which takes 8 bytes, and has 4`},
		{"shape that wraps around", one("U8", "[4294967296,4294967296,4294967296]", "[0,0]", 0), `tensor "w": has shape [4294967296 4294967296 4294967296], which fits no file`},
		{"negative shape", one("U8", "[-1]", "[0,1]", 1), `tensor "w": the header is not of the safetensors format`},
		{"fraction", one("U8", "[1.5]", "[0,1]", 1), `tensor "w": the header is not of the safetensors format`},
		{"a gap", one("U8", "[1]", "[1,2]", 2), `tensor "w": begins at byte 1 of the data, and bytes 0 to 0 belong to no tensor`},
		{"overlap", two(`[2],"data_offsets":[0,2]`, `[2],"data_offsets":[1,3]`, 3), `tensor "b": overlaps tensor "a"`},
		{"same place", two(`[2],"data_offsets":[0,2]`, `[2],"data_offsets":[0,2]`, 2), `tensor "b": overlaps tensor "a"`},
		{"sum that wraps around", two(`[9223372036854775808],"data_offsets":[0,9223372036854775808]`, `[9223372036854775809],"data_offsets":[9223372036854775808,1]`, 1), `takes bytes`},
		{"three places", one("U8", "[1]", "[0,1,7]", 1), "the header is wrong"},
		{"a field too many", withHeader(`{"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":1}}`, []byte{1}), "the header is wrong"},
		{"a field too few", withHeader(`{"w":{"dtype":"U8","data_offsets":[0,1]}}`, []byte{1}), "the header is wrong"},
		{"twice", withHeader(`{"w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, []byte{1}), `tensor "w": is there twice`},
		{"metadata", withHeader(`{"__metadata__":{"format":3}}`, nil), `tensor "__metadata__": the header is not of the safetensors format`},
		{"long name", withHeader(`{"`+strings.Repeat("é", 5000)+`":{"dtype":"?"}}`, nil), "has unknown dtype"},
	} {
		f["tiny/model.safetensors"] = &fstest.MapFile{Data: test.file}
		_, err := Load(f, "tiny")
		expect(t, test.what, err, test.want)
		if err != nil && !strings.HasPrefix(err.Error(), "tiny/model.safetensors: ") {
			t.Errorf("%s: the message does not begin with the file: %v", test.what, err)
		}
	}
}

// A small file that speaks of much memory gets none.
func TestHostileHeadersTakeNoMemory(t *testing.T) {
	f := tinyMLP(2).fs(t)
	f["tiny/model.safetensors"] = &fstest.MapFile{
		Data: withHeader(
			`{"layers.0.weight":{"dtype":"F32","shape":[4294967296,1073741823],"data_offsets":[0,18446744056529682432]}}`,
			nil,
		),
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Load(f, "tiny")
	runtime.ReadMemStats(&after)
	expect(t, "a tensor of 2^64 bytes", err, "takes bytes 0 to 18446744056529682432")
	if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20 {
		t.Errorf("%d bytes were allocated", used)
	}
}

func TestMetadataIsAllowed(t *testing.T) {
	f := tinyMLP(2).fs(t)
	good := f["tiny/model.safetensors"].Data
	n := binary.LittleEndian.Uint64(good)
	header := `{"__metadata__":{"format":"pt"},` + string(good[9:8+n]) + "   "
	f["tiny/model.safetensors"] = &fstest.MapFile{Data: withHeader(header, good[8+n:])}
	mustLoad(t, f, "tiny")
}

// growing is a folder of one file that says that it is regular and of some size. It goes on for ever,
// and counts what is read of it.
type growing struct {
	size, read int64
	begin      []byte
}

func (g *growing) Open(string) (fs.File, error)          { return growingFile{g}, nil }
func (g *growing) Stat(name string) (fs.FileInfo, error) { return growingFile{g}.Stat() }

type growingFile struct{ *growing }

func (g growingFile) Close() error               { return nil }
func (g growingFile) Stat() (fs.FileInfo, error) { return g, nil }
func (g growingFile) Name() string               { return "file" }
func (g growingFile) Size() int64                { return g.size }
func (g growingFile) Mode() fs.FileMode          { return 0 }
func (g growingFile) ModTime() (none time.Time)  { return none }
func (g growingFile) IsDir() bool                { return false }
func (g growingFile) Sys() any                   { return nil }
func (g growingFile) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
		if at := g.growing.read + int64(i); at < int64(len(g.begin)) {
			p[i] = g.begin[at]
		}
	}
	g.growing.read += int64(len(p))
	return len(p), nil
}

// TestEndlessFiles reads files that claim to be shorter than they are, or to have a longer header than
// is read. What is read of them is bounded.
func TestEndlessFiles(t *testing.T) {
	length := func(n uint64) []byte { return binary.LittleEndian.AppendUint64(nil, n) }
	const slack = 1 << 17
	for _, test := range []struct {
		what string
		file growing
		most int64
		want string
	}{
		{"a text", growing{size: 10}, maxText + slack, "has 67108865 bytes; at most 67108864 are read"},
		{"a text of 4 GB", growing{size: 4 << 30}, 0, "has 4294967296 bytes; at most 67108864 are read"},
		{"tensors of 4 GB", growing{size: 4 << 30}, 0, "has 4294967296 bytes; at most 1073741824 are read"},
		{"tensors of a gigabyte of zeros", growing{size: 1 << 30, begin: length(0)}, slack, "the header is not of the safetensors format"},
		{
			"a header of a gigabyte",
			growing{size: 1 << 30, begin: length(1<<30 - 8)},
			slack,
			"the header has 1073741816 bytes; at most 100000000 are read",
		},
		{
			"a header beyond the file",
			growing{size: 1 << 20, begin: length(1 << 40)},
			slack,
			"the header should have 1099511627776 bytes, and only 1048568 follow",
		},
		{
			"tensors that go on",
			growing{size: 10, begin: append(length(2), "{}"...)},
			slack,
			"has 11 bytes; at most 10 are read",
		},
	} {
		var err error
		if strings.Contains(test.what, "text") {
			_, err = readText(&test.file, "file")
		} else {
			_, err = readTensors(&test.file, "file")
		}
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %s", test.what, err, test.want)
		}
		if test.file.read > test.most {
			t.Errorf("%s: %d bytes were read, more than %d", test.what, test.file.read, test.most)
		}
	}
}
