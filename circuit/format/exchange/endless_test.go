package exchange_test

import (
	"io"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit/format/blif"
	"github.com/tc0lab/tc0/circuit/format/exchange"
	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// repeated is a file of a text once, and another for ever, or up to a size. It counts what is read.
type repeated struct {
	once, more string
	size       int // 0: no end
	read       int
}

func (r *repeated) Read(p []byte) (int, error) {
	if r.size > 0 && r.read+len(p) > r.size {
		if p = p[:r.size-r.read]; len(p) == 0 {
			return 0, io.EOF
		}
	}
	n := 0
	if r.read < len(r.once) {
		n = copy(p, r.once[r.read:])
	}
	if begin := n; n < len(p) {
		n += copy(p[n:], r.more[(r.read+n-len(r.once))%len(r.more):])
		for period := len(r.more); n < len(p) && n-begin < period; {
			n += copy(p[n:], r.more)
		}
		for period := len(r.more); n < len(p); { // by doubling what is there
			k := (n - begin) / period * period
			n += copy(p[n:], p[n-k:n])
		}
	}
	r.read += n
	return n, nil
}

// buffers is how much is read beyond what is used.
const buffers = 1 << 20

// endless is a file without an end, or one that claims to be long and is not.
type endless struct {
	name, once, more string
	most             int    // bytes that may be read
	want             string // in the error
}

const (
	oneLine = netlist.LongestLine + buffers
	idle    = netlist.MostIdle + buffers
	long    = "the line is longer than 16777216 bytes"
	much    = "more than 67108864 bytes of comments and empty lines, each counted as 16 more"
)

// endlessFiles are such files by extension; those for all formats are added.
var endlessFiles = map[string][]endless{
	".tc0": {
		{"gates", "\x89tc0\r\n\x1a\n\x01\x00\x00\x00\x00\x80\x94\xeb\xdc\x03\x80\x94\xeb\xdc\x03", "", 100, "unexpected EOF"},
		{"sums", "\x89tc0\r\n\x1a\n\x01\x00\x00\x00\x00\x80\x94\xeb\xdc\x03\x80\x94\xeb\xdc\x03", "\x00", buffers, "sum 1 is empty"},
		{"name", "\x89tc0\r\n\x1a\n\x01\x00\x00\x01\x00\x80\x94\xeb\xdc\x03", "a", buffers, "a name of 1000000000 bytes, more than 16777216"},
	},
	".aig": {
		{"gates", "aig 1000000000 0 0 0 1000000000\n", "", 100, "line 2:1: the file ends after 0 of 1000000000 AND gates"},
		{"inputs", "aig 1000000000 1000000000 0 0 0\n", "", 100, "1000000000 inputs in a file of 32 bytes"},
		{"zeros", "aig 1000000000 0 0 0 1000000000\n", "\x00", buffers, "AND gate 0 of 1000000000: delta 0 is 0"},
		{"symbol", "aig 1 1 0 0 0\ni0 ", "a", oneLine, "line 2:1: " + long},
		{"comment", "aig 1 1 0 0 0\nc\n", "a", oneLine, "line 3:1: " + long},
		{"comments", "aig 1 1 0 0 0\nc\n", "comment\n", idle, much},
		{"empty lines", "aig 1 1 0 0 0\n", "\n", idle, much},
	},
	".aag": {
		{"gates", "aag 1000000000 0 0 0 1000000000\n", "", 100, "line 2:1: the file ends after 0 of 1000000000 AND gates"},
		{"outputs", "aag 1 1 0 1000000000 0\n2\n2\n", "", 100, "line 4:1: the file ends after 1 of 1000000000 outputs"},
		{"gate", "aag 2 1 0 0 1\n2\n4 2 2", " 2", oneLine, "line 3:1: " + long},
		{"zeros", "aag 0 0 0 0 0\n", "\x00", oneLine, "line 2:1: " + long},
		{"comments", "aag 1 1 0 0 0\n2\nc\n", "\n", idle, much},
	},
	".blif": {
		{"names", ".model m\n.inputs a\n.names", " a", oneLine, "line 3: " + long},
		{"continued", ".model m\n.inputs", " \\\n", oneLine, long},
		{"cube", ".model m\n.inputs a\n.names a y\n", "1", oneLine, "line 4: " + long},
		{"comment", ".model m\n#", "a", oneLine, "line 2: " + long},
		{"comments", ".model m\n", "# comment\n", idle, much},
		{"comments behind words", ".model m\n", ".area 1 # comment\n", 2 * idle, much},
		{"empty lines", ".model m\n", "\n", idle, much},
		{"gates", "# 1000000000 gates\n", "", 100, "the file ends where .model is expected"},
	},
	".bench": {
		{"inputs", "INPUT(a)\ny = AND(a", ",a", oneLine, "line 2: " + long},
		{"comments", "INPUT(a)\n", "#\n", idle, much},
		{"empty lines", "INPUT(a)\n", " \r\n", idle, much},
		{"gates", "# 1000000000 gates\n", "", 100, "it has no INPUT"},
	},
	".th": {
		{"first line", "", "comment ", oneLine, "line 1: " + long},
		{"parts of the first line", "", "c\t", oneLine, "line 1: " + long},
		{"weights", "c\n.model m\n.input a\n.output y\n.threshold a y\n", "1 ", oneLine, "line 6: " + long},
		{"empty lines", "c\n.model m\n", "\n", idle, much},
		{"gates", "c 1000000000\n.model\n", "", 100, "the file ends where .input is expected"},
	},
	".gates": {
		{"inputs", "input a", " a_", oneLine, "line 1: " + long},
		{"wires", "input x : 1000000000 bits\n", "", 100, "1000000000 inputs in 26 bytes"},
		{"sum", "input a\ny = [a", " + a", oneLine, "line 2: " + long},
		{"comments", "input a\n", "# comment\n", idle, much},
		{"empty lines", "input a\n", " \n", idle, much},
		{"gates", "# 1000000000 gates\n", "", 100, "the file has no line"},
	},
	".pla": {
		{"inputs", ".i 1000000000\n.o 1\n", "", 100, "1000000000 inputs in a file of 19 bytes"},
		{"names", ".i 3\n.o 1\n.ilb", " a", oneLine, "line 3: " + long},
		{"row", ".i 3\n.o 1\n", "1", oneLine, "line 3: " + long},
		{"comments", ".i 3\n", "#\n", idle, much},
		{"empty lines", ".i 3\n", "\n", idle, much},
	},
	".bristol": {
		{"gates", "1000000000 2000000000\n1 1\n1 1\n", "", 100, "the file ends after 0 of 1000000000 gates"},
		{"inputs", "0 1000000000\n1 1000000000\n1 1\n", "", 100, "1000000000 input wires in a file of"},
		{"widths", "1 2\n1000000000", " 1", oneLine, "line 2: " + long},
		{"gate", "1 2\n1 1\n1 1\n1 1", " 0", oneLine, "line 4: " + long},
		{"empty lines", "1000000000 2\n1 1\n1 1\n", "\n", idle, much},
	},
}

// TestEndless reads files without an end, or of 4 GB of zeros, or that claim to have 10⁹ gates, in
// every format: a bounded part is read, and the error says where and what was too much.
func TestEndless(t *testing.T) {
	for _, f := range exchange.Formats() {
		if !f.Readable() {
			continue
		}
		own, ok := endlessFiles[f.Extensions[0]]
		if !ok {
			t.Errorf("%s has no files without an end", f.Name)
		}
		first := "line 1"
		if f.Extensions[0] == ".tc0" {
			first = "not a file in the native format"
		}
		all := append([]endless{
			{"zeros", "", "\x00", oneLine, first},
			{"a line", "", "a", oneLine, first},
			{"a line behind a byte-order mark", "\uFEFF", "a", oneLine, first},
		}, own...)
		for _, e := range all {
			t.Run(f.Extensions[0]+" "+e.name, func(t *testing.T) {
				size := 0
				if e.more == "" {
					size = len(e.once)
				}
				refuse(t, e, size, f.Read)
			})
		}
		t.Run(f.Extensions[0]+" 4 GB of zeros", func(t *testing.T) {
			refuse(t, endless{"", "", "\x00", oneLine, first}, 4<<30, f.Read)
		})
	}
	for _, e := range []endless{
		{"library, zeros", "", "\x00", oneLine, "line 1: " + long},
		{"library, comments", "", "# comment\n", idle, much},
		{"library, function", "GATE a 1 O=", "a+", oneLine, "line 1: " + long},
	} {
		t.Run(e.name, func(t *testing.T) { refuse(t, e, 0, blif.ReadLibrary) })
	}
}

// refuse asserts that a file is refused after a bounded part.
func refuse[T any](t *testing.T, e endless, size int, read func(io.Reader) (T, error)) {
	t.Helper()
	file := &repeated{once: e.once, more: e.more, size: size}
	_, err := read(file)
	if err == nil || !strings.Contains(err.Error(), e.want) {
		t.Errorf("error %v, want %s", err, e.want)
	}
	if file.read > e.most {
		t.Errorf("%d bytes were read, more than %d", file.read, e.most)
	}
}
