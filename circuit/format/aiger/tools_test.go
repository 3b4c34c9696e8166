package aiger_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/aiger"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/internal/tooltest"
)

// tool runs a program in a folder and returns what it prints. It skips the test if the
// program is not installed.
func tool(t *testing.T, folder, name string, args ...string) string {
	t.Helper()
	program, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	text, err := tooltest.Output(t, folder, "", program, args...)
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, text)
	}
	return text
}

// abc runs commands of ABC, without colours.
func abc(t *testing.T, folder, commands string) string {
	t.Helper()
	return regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(tool(t, folder, "berkeley-abc", "-c", commands), "")
}

// equivalent fails unless ABC proves two files in a folder to be, wires being matched by
// their order.
func equivalent(t *testing.T, folder, x, y string) {
	t.Helper()
	if text := abc(t, folder, "cec -n "+x+" "+y); !strings.Contains(text, "Networks are equivalent") {
		t.Errorf("%s and %s: %s", x, y, text)
	}
}

var statsLine = regexp.MustCompile(`i/o = *(\d+)/ *(\d+) +lat = +(\d+) +and = +(\d+) +lev = *(\d+)`)

// abcStats returns what ABC counts in a file: inputs, outputs, latches, ANDs, levels.
func abcStats(t *testing.T, folder, file string) (n [5]int) {
	t.Helper()
	text := abc(t, folder, "read_aiger "+file+"; print_stats")
	m := statsLine.FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("%s: %s", file, text)
	}
	for i := range n {
		n[i], _ = strconv.Atoi(m[1+i])
	}
	return n
}

func stats(c *circuit.Circuit) [5]int {
	st := c.Stats()
	return [5]int{st.Inputs, st.Outputs, 0, st.Size, st.Depth}
}

func save(t *testing.T, folder, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func readFile(t *testing.T, name string) *netlist.Design {
	t.Helper()
	file, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return read(t, string(file))
}

// ABC counts in our files what we count, and proves that they compute what the originals
// do. It reads the binary form only.
func TestABCAgrees(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"adder", "ctrl", "dec", "int2float", "voter"} {
		original := string(formattest.Known(t, "epfl/"+name+".aig"))
		save(t, folder, name+".aig", original)
		d := read(t, written(t, read(t, original), aiger.WriteASCII))
		d.Comments = nil
		save(t, folder, "ours.aig", written(t, d, aiger.WriteBinary))
		if got, want := abcStats(t, folder, "ours.aig"), stats(d.Circuit); got != want {
			t.Errorf("%s: ABC counts %v, want %v", name, got, want)
		}
		equivalent(t, folder, name+".aig", "ours.aig")
	}
}

// What ABC writes, by either of its writers, is read.
func TestReadFromABC(t *testing.T) {
	folder := t.TempDir()
	d := thermometer(t)
	d.Circuit = d.Circuit.Prune()
	save(t, folder, "ours.aig", written(t, d, aiger.WriteBinary))
	abc(t, folder, "read_aiger ours.aig; write_aiger -s plain.aig; write_aiger nameless.aig; &r ours.aig; &w gia.aig")
	for _, name := range []string{"plain.aig", "nameless.aig", "gia.aig"} {
		back := readFile(t, filepath.Join(folder, name))
		if got, want := stats(back.Circuit), stats(d.Circuit); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		if name == "plain.aig" {
			if got := back.Circuit.InputPorts()[3].Name; got != "y level.0" {
				t.Errorf("input 3 is named %q", got)
			}
		}
		equivalent(t, folder, name, "ours.aig")
	}
}

// Yosys reads both forms, and ABC proves that they say the same.
func TestYosysAgrees(t *testing.T) {
	folder := t.TempDir()
	b := circuit.NewBuilder()
	x := b.Inputs("x", 5)
	b.Output("y", b.Majority(x...))
	b.Output("parity", b.Xor(x...).Not())
	c, err := basis.Express(context.Background(), formattest.Built(t, b), aiger.Repertoire())
	if err != nil {
		t.Fatal(err)
	}
	save(t, folder, "reference.aig", written(t, netlist.Of(c), aiger.WriteBinary))
	for _, f := range forms {
		save(t, folder, "ours."+f.kind, written(t, netlist.Of(c), f.write))
		tool(
			t,
			folder,
			"yosys",
			"-q",
			"-p",
			"read_aiger ours."+f.kind+"; aigmap; write_aiger -symbols yosys_"+f.kind+".aig",
		)
		equivalent(t, folder, "yosys_"+f.kind+".aig", "reference.aig")
		tool(
			t,
			folder,
			"yosys",
			"-q",
			"-p",
			"read_aiger ours."+f.kind+"; aigmap; write_aiger -ascii -symbols yosys.aag",
		)
		back := readFile(t, filepath.Join(folder, "yosys.aag")).Circuit
		var names []string
		for _, p := range append(back.InputPorts(), back.OutputPorts()...) {
			names = append(names, p.Name)
		}
		slices.Sort(names)
		if want := []string{"parity", "x[0]", "x[1]", "x[2]", "x[3]", "x[4]", "y"}; !slices.Equal(names, want) {
			t.Errorf("%s: names %q, want %q", f.kind, names, want)
		}
	}
}

// Threshold gates made of ANDs are what ABC makes of other descriptions of the functions:
// truth tables, and adders and multiplexers written by hand.
func TestThresholdsAgainstABC(t *testing.T) {
	folder := t.TempDir()

	// Majority of 7: bit v of the truth table, the most significant first, is whether
	// four of the bits of v are 1.
	bits := ""
	for v := 127; v >= 0; v-- {
		ones := 0
		for i := range 7 {
			ones += v >> i & 1
		}
		bits += strconv.Itoa(ones / 4)
	}
	hex := ""
	for i := 0; i < len(bits); i += 4 {
		digit, err := strconv.ParseUint(bits[i:i+4], 2, 4)
		if err != nil {
			t.Fatal(err)
		}
		hex += fmt.Sprintf("%X", digit)
	}
	abc(t, folder, "read_truth "+hex+"; strash; write_aiger truth.aig")
	b := circuit.NewBuilder()
	b.Output("y", b.Majority(b.Inputs("x", 7)...))
	expressed(t, folder, formattest.Built(t, b))
	equivalent(t, folder, "truth.aig", "ours.aig")

	// Each bit of x + y is a threshold gate of the low bits and of the sum bits above it;
	// the other circuit is a ripple of full adders in an AIGER file of a line each.
	const n = 4
	b = circuit.NewBuilder()
	x, y := b.Inputs("x", n), b.Inputs("y", n)
	sum := b.Linear()
	for i := range n {
		sum.AddLit(circuit.Pow2(i), x[i])
		sum.AddLit(circuit.Pow2(i), y[i])
	}
	rest := sum.Sum()
	out := make([]circuit.Lit, n+1)
	for i := n; i >= 0; i-- {
		out[i] = b.Threshold(rest, circuit.Pow2(i))
		left := b.Linear()
		left.Add(circuit.NewInt(1), rest)
		left.AddLit(circuit.Pow2(i).Neg(), out[i])
		rest = left.Sum()
	}
	b.Output("s", out...)
	expressed(t, folder, formattest.Built(t, b))
	save(t, folder, "ripple.aag", ripple(n))
	save(t, folder, "ripple.aig", written(t, read(t, ripple(n)), aiger.WriteBinary))
	equivalent(t, folder, "ripple.aig", "ours.aig")
	tool(t, folder, "yosys", "-q", "-p", "read_aiger ripple.aag; aigmap; write_aiger yosys.aig")
	equivalent(t, folder, "yosys.aig", "ours.aig")
}

// expressed writes a circuit in ANDs to ours.aig.
func expressed(t *testing.T, folder string, c *circuit.Circuit) {
	t.Helper()
	c, err := basis.Express(context.Background(), c, aiger.Repertoire())
	if err != nil {
		t.Fatal(err)
	}
	save(t, folder, "ours.aig", written(t, netlist.Of(c), aiger.WriteBinary))
}

// ripple writes x + y of n bits in ASCII, without this package.
func ripple(n int) string {
	var body strings.Builder
	next, carry := 4*n+2, 0
	and := func(x, y int) int {
		fmt.Fprintf(&body, "%d %d %d\n", next, x, y)
		next += 2
		return next - 2
	}
	xor := func(x, y int) int { return and(and(x, y)^1, and(x^1, y^1)^1) }
	var sum []int
	for i := range n {
		x, y := 2*(i+1), 2*(n+i+1)
		half := xor(x, y)
		sum = append(sum, xor(half, carry))
		carry = and(and(x, y)^1, and(half, carry)^1) ^ 1
	}
	text := fmt.Sprintf("aag %d %d 0 %d %d\n", next/2-1, 2*n, n+1, next/2-1-2*n)
	for i := range 2 * n {
		text += fmt.Sprintln(2 * (i + 1))
	}
	for _, l := range append(sum, carry) {
		text += fmt.Sprintln(l)
	}
	return text + body.String()
}
