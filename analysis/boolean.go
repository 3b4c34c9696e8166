package analysis

import (
	"context"
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"

	"github.com/tc0lab/tc0/analysis/shard"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/circuit/vector"
	"github.com/tc0lab/tc0/gates"
)

// Boolean is the analysis of one output wire as a Boolean function, as a function f of all input
// wires to ±1, −1 for the value 1 (O'Donnell, Analysis of Boolean Functions, 2014). Inputs are
// uniform bits, valid on their ports or not.
type Boolean struct {
	Output      string    `json:"output"`
	Inputs      int       `json:"inputs"`
	Exact       bool      `json:"exact"`             // on all inputs; if false, sampled
	Samples     int       `json:"samples,omitempty"` // points whose neighbours were tried
	Seed        *uint64   `json:"seed,omitempty"`
	Ones        float64   `json:"ones"`                // share of inputs on which the output is 1
	Influences  []float64 `json:"influences"`          // by input wire: how often flipping it flips the output
	Sensitivity float64   `json:"average_sensitivity"` // their sum
	// Weights are the Fourier weights by level, Σ f̂(S)² over |S| = k: if exact, all of them, which
	// add up to 1; if not, estimates of the first ones, which may be a little below 0.
	Weights []float64 `json:"weights"`
	// Errors are the standard errors of the estimates, with the weights as estimated.
	Errors []float64 `json:"standard_errors,omitempty"`
	// Codes are the input ports whose bits are not independent, such as one-hot ones: most inputs
	// are not codes there, and the circuit was not built for them.
	Codes []string `json:"coded_inputs,omitempty"`
}

// ExactBits is the greatest number of input wires for which a [Boolean] is exact.
const ExactBits = 20

// AnalyseBoolean analyses one output wire, counted over all ports: on all inputs if there are at
// most [ExactBits] input bits, otherwise on a number of random points. All neighbours of each point
// are tried. The points are drawn in lots with seeds of their own, so that shards may do them (package shard).
func AnalyseBoolean(ctx context.Context, c *circuit.Circuit, wire, samples int, seed uint64) (*Boolean, error) {
	if wire < 0 || wire >= c.OutputCount() {
		return nil, fmt.Errorf("analysis: output wire %d of %d", wire, c.OutputCount())
	}
	n := len(c.Inputs())
	f := &Boolean{
		Output: WireNames(c.OutputPorts())[wire], Inputs: n, Influences: make([]float64, n), Codes: CodedInputs(c),
	}
	plan := eval.Compile(c, eval.Config{})
	if n <= ExactBits {
		found, err := shard.One(ctx, "truth table", func(ctx context.Context) (*Boolean, error) {
			f.Exact = true
			return f, f.exactly(ctx, plan, wire)
		})
		if err == nil && found != nil {
			f = *found
		}
		return f, err
	}
	if n > mostInputs {
		return nil, fmt.Errorf("analysis: %d input wires; at most %d are sampled", n, mostInputs)
	}
	if samples < 2 {
		return nil, fmt.Errorf("analysis: %d samples; at least 2 are needed", samples)
	}
	f.Samples, f.Seed = samples, &seed
	return f, f.sampled(ctx, plan, wire)
}

// CodedInputs returns the names of the input ports of which not every combination of bits
// is a code.
func CodedInputs(c *circuit.Circuit) []string {
	var names []string
	for _, p := range c.InputPorts() {
		if k := p.Format.Kind; len(p.Wires) > 1 && k != circuit.Unsigned && k != circuit.TwosComplement {
			names = append(names, p.Name)
		}
	}
	return names
}

// truthTable evaluates one output wire on all inputs, as ±1.
func truthTable(ctx context.Context, plan *eval.Plan, wires, wire int) ([]float64, error) {
	in := eval.NewVectors(wires, 1<<wires)
	for i := range wires {
		vector.CountBit(in.Row(i), i, 0)
	}
	out, err := plan.Run(ctx, in)
	if err != nil {
		return nil, err
	}
	f := make([]float64, in.Lanes())
	for x := range f {
		if f[x] = 1; out.Bit(wire, x) {
			f[x] = -1
		}
	}
	return f, nil
}

// shares fills in the shares of so many points on which the output is 1, and on which an input
// flips it.
func (f *Boolean) shares(total float64, ones int, flips []int) {
	f.Ones = float64(ones) / total
	for i, k := range flips {
		f.Influences[i] = float64(k) / total
		f.Sensitivity += f.Influences[i]
	}
}

// exactly fills in f from the truth table and its Walsh-Hadamard transform.
func (f *Boolean) exactly(ctx context.Context, plan *eval.Plan, wire int) error {
	table, err := truthTable(ctx, plan, f.Inputs, wire)
	if err != nil {
		return err
	}
	ones := 0
	flips := make([]int, f.Inputs)
	for x, v := range table {
		if v < 0 {
			ones++
		}
		for i := range flips {
			if x>>i&1 == 0 && table[x|1<<i] != v {
				flips[i] += 2
			}
		}
	}
	total := float64(len(table))
	f.shares(total, ones, flips)
	for h := 1; h < len(table); h *= 2 {
		for i := 0; i < len(table); i += 2 * h {
			for j := i; j < i+h; j++ {
				table[j], table[j+h] = table[j]+table[j+h], table[j]-table[j+h]
			}
		}
	}
	f.Weights = make([]float64, f.Inputs+1)
	for s, v := range table {
		f.Weights[bits.OnesCount(uint(s))] += v / total * v / total
	}
	return nil
}

// sampled fills in f from random points and their neighbours. The coefficients of the first levels
// are means of f·χ_S; the noise of the points adds to the sum of their squares, so this is
// subtracted: Σ_S ((Σ_x f·χ_S)² − N) / (N·(N − 1)).
func (f *Boolean) sampled(ctx context.Context, plan *eval.Plan, wire int) error {
	n := f.Inputs
	// As many points at a time as fit some tiles, each with its neighbours.
	lot := min(64, max(1, mostLanes/(n+1)))
	lots := (f.Samples + lot - 1) / lot
	parts, err := shard.Over(ctx, "lots of points", lots, func(ctx context.Context, u shard.Units) (*tally, error) {
		t := newTally(n)
		for k := range u.Len {
			i := u.At(k)
			points, rng := min(lot, f.Samples-i*lot), rand.New(rand.NewPCG(*f.Seed, uint64(i)<<8|11))
			if err := t.draw(ctx, plan, wire, points, rng); err != nil {
				return nil, err
			}
		}
		return t, nil
	})
	if err != nil {
		return err
	}
	t, used := newTally(n), f.Samples
	for _, p := range parts {
		if err := t.join(p.Result); err != nil {
			return err
		}
	}
	total := float64(used)
	f.shares(total, t.Ones, t.Flips)
	level := func(sets int, sums []int) {
		w := -total * float64(sets)
		for _, v := range sums {
			w += float64(v) * float64(v)
		}
		w /= total * (total - 1)
		f.Weights = append(f.Weights, w)
		// The variance of a mean over pairs of points x, y of f(x)·f(y)·Σ_S χ_S(x)·χ_S(y)
		// (Hoeffding 1948), of which the mean over y is f(x)·f_k(x) with f_k the part of f of
		// this level, whose square has mean w.
		p := math.Min(1, math.Max(0, w))
		f.Errors = append(f.Errors, math.Sqrt(4*p*(1-p)/total+2*math.Max(0, float64(sets)-2*p+p*p)/(total*total)))
	}
	level(1, []int{used - 2*t.Ones})
	level(n, t.First)
	if t.Second != nil {
		level(n*(n-1)/2, t.Second)
	}
	return nil
}

// tally adds up over points the output, the flips, and f·χ_S.
type tally struct {
	Ones   int   `json:"ones"`
	Flips  []int `json:"flips"`            // by input
	First  []int `json:"first"`            // by input
	Second []int `json:"second,omitempty"` // by pair i < j at i·n + j, or nil

	sign []int // scratch
}

func newTally(n int) *tally {
	t := &tally{Flips: make([]int, n), First: make([]int, n), sign: make([]int, n)}
	if n <= mostPairs {
		t.Second = make([]int, n*n)
	}
	return t
}

// join adds the sums of other points, which must be of the same inputs.
func (t *tally) join(other *tally) error {
	if len(other.Flips) != len(t.Flips) || len(other.First) != len(t.First) || len(other.Second) != len(t.Second) {
		return fmt.Errorf("analysis: points of %d inputs where there are %d", len(other.Flips), len(t.Flips))
	}
	t.Ones += other.Ones
	for _, sums := range [][2][]int{{t.Flips, other.Flips}, {t.First, other.First}, {t.Second, other.Second}} {
		for i, v := range sums[1] {
			sums[0][i] += v
		}
	}
	return nil
}

// draw adds random points. Of many inputs the neighbours of one point are tried in parts.
func (t *tally) draw(ctx context.Context, plan *eval.Plan, wire, points int, rng *rand.Rand) error {
	n := len(t.Flips)
	x := make([]uint64, n) // bit p belongs to point p
	for i := range x {
		x[i] = rng.Uint64()
	}
	for from := 0; from < n; from += mostLanes {
		if err := ctx.Err(); err != nil {
			return err
		}
		to := min(n, from+mostLanes)
		lanes := to - from + 1 // of one point: itself and its neighbours
		out, err := plan.Run(ctx, neighbours(x, points, from, to))
		if err != nil {
			return err
		}
		for p := range points {
			v := out.Bit(wire, p*lanes)
			for i := from; i < to; i++ {
				if out.Bit(wire, p*lanes+1+i-from) != v {
					t.Flips[i]++
				}
			}
			if from == 0 {
				t.add(x, p, v)
			}
		}
	}
	return nil
}

// add adds point p, of which x has the inputs and v is the output.
func (t *tally) add(x []uint64, p int, v bool) {
	n, value := len(x), 1
	if v {
		t.Ones++
		value = -1
	}
	for i := range t.sign {
		t.sign[i] = 1 - 2*int(x[i]>>p&1)
		t.First[i] += value * t.sign[i]
	}
	for i := 0; t.Second != nil && i < n; i++ {
		row, k := t.Second[i*n:(i+1)*n], value*t.sign[i]
		for j := i + 1; j < n; j++ {
			row[j] += k * t.sign[j]
		}
	}
}

// mostLanes is about the number of inputs that are evaluated at a time, and mostInputs bounds the
// input wires of a sampled circuit.
const (
	mostLanes  = eval.TileLanes * 8
	mostInputs = 1 << 16
)

// neighbours returns points, bit p of x[i] being input i of point p, each followed by those
// that differ from it in one input of a range.
func neighbours(x []uint64, points, from, to int) *eval.Vectors {
	lanes := to - from + 1
	in := eval.NewVectors(len(x), points*lanes)
	for i, bits := range x {
		row := in.Row(i)
		for p := range points {
			if bits>>p&1 == 1 {
				fill(row, p*lanes, (p+1)*lanes)
			}
			if i >= from && i < to {
				at := p*lanes + 1 + i - from
				row[at/64] ^= 1 << (at % 64)
			}
		}
	}
	return in
}

// fill sets a range of bits.
func fill(row []uint64, from, to int) {
	for from < to {
		end := min(to, from/64*64+64)
		row[from/64] |= ^uint64(0) >> (64 - end + from) << (from % 64)
		from = end
	}
}

// mostPairs is the greatest number of inputs for which pairs are sampled.
const mostPairs = 256

// Tail is what a theorem says of the Fourier weight of an output on high levels: from level k on it is at most
// [Tail.At](k).
type Tail struct {
	Formula string `json:"formula"` // in the level k
	Source  string `json:"source"`
	From    int    `json:"says_something_from"` // the least k for which the bound is below 1

	// The bound is width/k, or 2·size·2^(−(k−1)^(1/depth)/20).
	width, size, depth int
}

// At returns the bound for the weight of the levels k, k + 1, …, for a k of at least 1. It may be above 1, which is
// what all levels have together.
func (t *Tail) At(k int) float64 {
	if t.width > 0 {
		return float64(t.width) / float64(k)
	}
	return 2 * float64(t.size) * math.Exp2(-math.Pow(float64(k-1), 1/float64(t.depth))/20)
}

// Tails returns what is known of the Fourier weight of an output wire of a circuit of AND and OR gates; nothing of a
// circuit that has others.
//
// Of an OR of ANDs or an AND of ORs of at most w literals, the average sensitivity Σ |S|·f̂(S)² is at most w, so the
// weight from level k on is at most w/k. Of a circuit of depth d and size M the weight above level t is at most
// 2M·2^(−t^(1/d)/20); M is twice the number of gates, since negations have to be moved to the inputs. That bound is
// for all n: it is below 1 only where n is large.
//
// Source: Amano 2011, "Tight bounds on the average sensitivity of k-CNF"; Linial, Mansour and Nisan 1993, "Constant
// depth circuits, Fourier transform, and learnability", Lemma 7.
func Tails(c *circuit.Circuit, wire int) []Tail {
	l := c.Outputs()[wire]
	var list []Tail
	if w, ok := normalWidth(c, l); ok && w > 0 {
		list = append(list, Tail{Formula: fmt.Sprintf("%d/k", w), Source: "Amano 2011", From: w + 1, width: w})
	}
	size, depth, ok := alternations(c, l)
	if !ok || size == 0 {
		return list
	}
	t := Tail{
		Formula: fmt.Sprintf("%d·2^(−(k−1)^(1/%d)/20)", 4*size, depth),
		Source:  "Linial, Mansour and Nisan 1993",
		size:    2 * size, depth: depth,
	}
	if depth == 1 {
		t.Formula = fmt.Sprintf("%d·2^(−(k−1)/20)", 4*size)
	}
	// 4·size < 2^((k−1)^(1/depth)/20)
	t.From = int(min(math.Floor(math.Pow(20*math.Log2(4*float64(size)), float64(depth)))+2, math.MaxInt32))
	return append(list, t)
}

// alternations returns how many AND and OR gates a literal depends on, and how many lie on the longest path to it;
// not ok if it depends on other gates than these and NOT.
func alternations(c *circuit.Circuit, l circuit.Lit) (size, depth int, ok bool) {
	deep := map[circuit.Gate]int{}
	var visit func(g circuit.Gate) int
	ok = true
	visit = func(g circuit.Gate) int {
		if d, seen := deep[g]; seen {
			return d
		}
		kind, _ := c.Kind(g).Plain()
		junction := kind == gates.And || kind == gates.Or
		d := 0
		switch {
		case junction || kind == gates.Buf:
			for _, x := range c.Fanin(g) {
				d = max(d, visit(x.Gate()))
			}
		case !kind.IsSource():
			ok = false
		}
		if junction {
			size, d = size+1, d+1
		}
		deep[g] = d
		return d
	}
	depth = visit(l.Gate())
	return size, depth, ok
}
