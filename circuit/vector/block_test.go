package vector

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
)

// randomPort has up to 200 wires in any format, with an offset that may be beyond 64 bits.
func randomPort(r *rand.Rand) circuit.Port {
	p := circuit.Port{Name: "x", Wires: make([]circuit.Lit, r.IntN([]int{4, 12, 70, 200}[r.IntN(4)]))}
	p.Format.Kind = circuit.FormatKind(r.IntN(5))
	most, beyond := int64(20)<<(r.IntN(2)*r.IntN(50)), r.IntN(40) == 0
	number := func() circuit.Int {
		v := circuit.NewInt(r.Int64N(2*most+1) - most)
		if beyond && r.IntN(4) == 0 {
			v = v.Add(circuit.Pow2(60 + r.IntN(9)).Neg())
		}
		return v
	}
	if !isBinary(p.Format) {
		p.Format.Offset = number()
	}
	if p.Format.Kind == circuit.Weighted {
		for range p.Wires {
			p.Format.Weights = append(p.Format.Weights, number())
		}
	}
	return p
}

// TestDecode reads ports by words of lanes, and compares with the definition, lane by lane: codes, and bits that are
// none.
func TestDecode(t *testing.T) {
	valid := 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 1))
		var ports []circuit.Port
		for range r.IntN([]int{4, 20}[r.IntN(2)]) {
			ports = append(ports, randomPort(r))
		}
		c, lanes := NewCodec(ports), 1+r.IntN([]int{100, 700}[r.IntN(2)])
		bits := eval.NewVectors(c.Wires, lanes)
		for lane := range lanes {
			first := 0
			for _, p := range ports {
				k := len(p.Wires)
				at := r.IntN(k + 1)
				if p.Format.Kind == circuit.OneHot && r.IntN(100*lanes) > 0 {
					at %= max(k, 1)
				}
				for i := range k {
					one := r.IntN(2) == 0
					switch p.Format.Kind {
					case circuit.OneHot:
						one = i == at
					case circuit.Thermometer:
						one = i < at
					}
					bits.Set(first+i, lane, one != (r.IntN(20*len(ports)*lanes*(k+1)) == 0))
				}
				first += k
			}
		}
		got, err := c.Decode(bits)
		for lane := range lanes {
			wrong := ""
			for at, v := range Values(ports, bits.Lane(lane)) {
				x, fits := v.Value.Int64()
				if wrong == "" && (v.Invalid != "" || !fits) {
					wrong = fmt.Sprintf("vector %d: %v", lane, v)
				}
				if err == nil && got[lane][at] != x {
					t.Fatalf("seed %d: %v in lane %d, and %d by words", seed, v, lane, got[lane][at])
				}
			}
			if wrong != "" {
				if err == nil || err.Error() != wrong {
					t.Fatalf("seed %d: the error is %v, want %s", seed, err, wrong)
				}
				break
			}
			if lane == lanes-1 && err != nil {
				t.Fatalf("seed %d: all lanes are values, and the error is %v", seed, err)
			}
			if err == nil {
				valid += len(ports)
			}
		}
	}
	if valid < 100_000 {
		t.Errorf("only %d integers were compared", valid)
	}
}

// TestEncode writes ports by words of lanes, and compares with the definition; and what is written differs from itself
// in no lane.
func TestEncode(t *testing.T) {
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 2))
		p := randomPort(r)
		c, lanes := NewCodec([]circuit.Port{p}), 1+r.IntN(200)
		lo, hi := p.Format.Range(len(p.Wires))
		vectors := make([][]int64, lanes)
		for lane := range vectors {
			most := hi.Sub(lo).Min(circuit.NewInt(1 << 40)).Max(circuit.Int{})
			v := circuit.NewInt(r.Int64N(most.Big().Int64() + 1))
			x, _ := lo.Add(v).Int64()
			if vectors[lane] = []int64{x}; r.IntN(40*lanes) == 0 && !isBinary(p.Format) {
				vectors[lane][0] = hi.Add(circuit.NewInt(1)).Big().Int64()
			}
		}
		bits := eval.NewVectors(c.Wires, lanes)
		err := c.Encode(vectors, bits)
		code := make([]bool, len(p.Wires))
		for lane, v := range vectors {
			if want := p.Format.Encode(circuit.NewInt(v[0]), code); want != nil {
				if err == nil || err.Error() != "port x: "+want.Error() {
					t.Fatalf("seed %d: the error is %v, want %v", seed, err, want)
				}
				break
			}
			for i, one := range code {
				if bits.Bit(i, lane) != one {
					t.Fatalf("seed %d: %d in %v of %d wires: wire %d is %v", seed, v[0], p.Format.Kind, len(code), i, !one)
				}
			}
		}
		if err != nil {
			continue
		}
		if wrong, err := c.Differ(bits, vectors); len(wrong) > 0 || err != nil {
			t.Fatalf("seed %d: %v differ from themselves (%v)", seed, wrong, err)
		}
		if len(code) > 0 && p.Format.Kind != circuit.Weighted {
			lane, wire := r.IntN(lanes), r.IntN(len(code))
			bits.Set(wire, lane, !bits.Bit(wire, lane))
			if wrong, err := c.Differ(bits, vectors); len(wrong) != 1 || wrong[0] != lane || err != nil {
				t.Fatalf("seed %d: lane %d is changed, and %v differ (%v)", seed, lane, wrong, err)
			}
		}
	}
}

// BenchmarkPorts codes 512 lanes of 32 ports of each format by words and lane by lane, in turn, and reports the medians
// of the ratios of their times.
func BenchmarkPorts(b *testing.B) {
	for kind, wires := range map[circuit.FormatKind]int{
		circuit.TwosComplement: 16, circuit.Thermometer: 63, circuit.OneHot: 256, circuit.Weighted: 1000,
	} {
		p := circuit.Port{Name: "x", Wires: make([]circuit.Lit, wires), Format: circuit.Format{Kind: kind}}
		for i := range wires {
			if kind == circuit.Weighted { // as the logits of the shipped model words
				p.Format.Weights = append(p.Format.Weights, circuit.NewInt(int64(i%31)))
			}
		}
		const lanes = 512
		c := NewCodec(slices.Repeat([]circuit.Port{p}, 32))
		bits, code := eval.NewVectors(c.Wires, lanes), make([]bool, wires)
		vectors := make([][]int64, lanes)
		for lane := range vectors {
			for wire := range c.Wires {
				bits.Set(wire, lane, (lane*7+wire*13)%5 < 2)
			}
			for at := range c.Ports {
				vectors[lane] = append(vectors[lane], int64((lane+at)%wires))
			}
		}
		must := func(err error) {
			if err != nil {
				b.Fatal(err)
			}
		}
		encode := func() { must(c.Encode(vectors, bits)) }
		encodeBits := func() {
			for lane, v := range vectors {
				for at := range c.Ports {
					must(p.Format.Encode(circuit.NewInt(v[at]), code))
					for i, one := range code {
						bits.Set(at*wires+i, lane, one)
					}
				}
			}
		}
		decode := func() {
			_, err := c.Decode(bits)
			must(err)
		}
		decodeBits := func() {
			for lane := range lanes {
				Values(c.Ports, bits.Lane(lane))
			}
		}
		b.Run(kind.String(), func(b *testing.B) {
			var decoded, encoded []float64
			for b.Loop() {
				if kind != circuit.Weighted { // which has no codes
					encoded = append(encoded, timed(encodeBits)/timed(encode))
				}
				decoded = append(decoded, timed(decodeBits)/timed(decode))
			}
			slices.Sort(decoded)
			slices.Sort(encoded)
			b.ReportMetric(decoded[len(decoded)/2], "decoded")
			if len(encoded) > 0 {
				b.ReportMetric(encoded[len(encoded)/2], "encoded")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// timed returns the least of the seconds of three calls.
func timed(f func()) float64 {
	least := math.Inf(1)
	for range 3 {
		start := time.Now()
		f()
		least = min(least, time.Since(start).Seconds())
	}
	return least
}
