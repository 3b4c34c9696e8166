// Command train trains the networks beside it. It needs nothing but Go; from the root of the project:
//
//	go run testdata/trained/train.go
//
// leaky-digits is trained on the first 1,500 images of testdata/models/digits/test.safetensors. The other 500 are
// held out. char-gru is trained on random sentences of number words. Two runs on one processor write the same bytes.
package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
)

const folder = "testdata/trained/"

// tensor is a parameter with its gradient and the moments of Adam.
type tensor struct {
	name          string
	shape         []int
	w, g, m, v    []float64
	first, second float64
}

type net struct {
	all []*tensor
	rng *rand.Rand
}

func (n *net) add(name string, shape ...int) *tensor {
	size := 1
	for _, s := range shape {
		size *= s
	}
	t := &tensor{
		name: name, shape: shape, w: make([]float64, size), g: make([]float64, size), m: make([]float64, size),
		v: make([]float64, size), first: 1, second: 1,
	}
	bound := 1 / math.Sqrt(float64(shape[len(shape)-1]))
	for i := range t.w {
		t.w[i] = (2*n.rng.Float64() - 1) * bound
	}
	n.all = append(n.all, t)
	return t
}

// step is a step of AdamW.
func (n *net) step(rate, decay float64) {
	for _, t := range n.all {
		t.first, t.second = t.first*0.9, t.second*0.999
		for i, g := range t.g {
			t.m[i] = 0.9*t.m[i] + 0.1*g
			t.v[i] = 0.999*t.v[i] + 0.001*g*g
			t.w[i] -= rate * (t.m[i]/(1-t.first)/(math.Sqrt(t.v[i]/(1-t.second))+1e-8) + decay*t.w[i])
			t.g[i] = 0
		}
	}
}

// times returns W·x.
func (t *tensor) times(x []float64) []float64 {
	y := make([]float64, t.shape[0])
	for i := range y {
		for j, v := range x {
			y[i] += t.w[i*len(x)+j] * v
		}
	}
	return y
}

// back adds the gradient of W·x, given that of the product, and returns the gradient of x.
func (t *tensor) back(x, dy []float64) []float64 {
	dx := make([]float64, len(x))
	for i, d := range dy {
		for j, v := range x {
			t.g[i*len(x)+j] += d * v
			dx[j] += d * t.w[i*len(x)+j]
		}
	}
	return dx
}

func addTo(x, y []float64) []float64 {
	for i, v := range y {
		x[i] += v
	}
	return x
}

// loss returns the gradient of the cross entropy.
func loss(logits []float64, right int) []float64 {
	top, total := logits[0], 0.0
	for _, v := range logits {
		top = math.Max(top, v)
	}
	d := make([]float64, len(logits))
	for i, v := range logits {
		d[i] = math.Exp(v - top)
		total += d[i]
	}
	for i := range d {
		d[i] /= total
	}
	d[right]--
	return d
}

func argmax(x []float64) int {
	best := 0
	for i, v := range x {
		if v > x[best] {
			best = i
		}
	}
	return best
}

// part is a tensor of a file that is written or read.
type part struct {
	Type  string `json:"dtype"`
	Shape []int  `json:"shape"`
	Place [2]int `json:"data_offsets"`
	data  []byte
}

func write(name string, names []string, parts []part) {
	header, at := "{", 0
	var data []byte
	for i, p := range parts {
		p.Place = [2]int{at, at + len(p.data)}
		at += len(p.data)
		text, _ := json.Marshal(p)
		header += fmt.Sprintf("%q:%s,", names[i], text)
		data = append(data, p.data...)
	}
	header = strings.TrimSuffix(header, ",") + "}"
	out := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	if err := os.WriteFile(folder+name, append(append(out, header...), data...), 0o644); err != nil {
		panic(err)
	}
}

func (n *net) save(name string) {
	var names []string
	var parts []part
	for _, t := range n.all {
		p := part{Type: "F32", Shape: t.shape}
		for _, v := range t.w {
			p.data = binary.LittleEndian.AppendUint32(p.data, math.Float32bits(float32(v)))
		}
		names, parts = append(names, t.name), append(parts, p)
	}
	write(name, names, parts)
}

func readBytes(file, name string) (rows [][]byte) {
	b, err := os.ReadFile(file)
	if err != nil {
		panic(err)
	}
	n := binary.LittleEndian.Uint64(b)
	header := map[string]part{}
	if err := json.Unmarshal(b[8:8+n], &header); err != nil {
		panic(err)
	}
	p := header[name]
	data := b[8+int(n):][p.Place[0]:p.Place[1]]
	for i := range p.Shape[0] {
		size := len(data) / p.Shape[0]
		rows = append(rows, data[i*size:(i+1)*size])
	}
	return rows
}

// digits trains 196-24-10 with LeakyReLU and without biases.
func digits() {
	const slope, hidden, trained, epochs = 0.01, 24, 1500, 40
	file := "testdata/models/digits/test.safetensors"
	images, labels := readBytes(file, "inputs"), readBytes(file, "labels")
	n := &net{rng: rand.New(rand.NewPCG(5, 6))}
	l1, l2 := n.add("l1.weight", hidden, 196), n.add("l2.weight", 10, hidden)
	forward := func(image []byte) (x, h, y []float64) {
		x = make([]float64, len(image))
		for i, v := range image {
			x[i] = float64(v) / 15
		}
		h = l1.times(x)
		for i, v := range h {
			h[i] = math.Max(v, slope*v)
		}
		return x, h, l2.times(h)
	}
	for e := range epochs {
		for k, i := range n.rng.Perm(trained) {
			x, h, y := forward(images[i])
			dh := l2.back(h, loss(y, int(labels[i][0])))
			for j, v := range h {
				if v < 0 {
					dh[j] *= slope
				}
			}
			l1.back(x, dh)
			if k%16 == 15 {
				n.step(0.002*(1-float64(e)/epochs)/4, 0.1)
			}
		}
	}
	right := 0
	for i := trained; i < len(images); i++ {
		_, _, y := forward(images[i])
		if argmax(y) == int(labels[i][0]) {
			right++
		}
	}
	fmt.Printf("leaky-digits: %d of %d held out are right\n", right, len(images)-trained)
	n.save("leaky-digits/model.safetensors")
	calibration := part{Type: "U8", Shape: []int{100, 196}}
	answers := part{Type: "U8", Shape: []int{100}}
	for i := range 100 {
		calibration.data = append(calibration.data, images[i]...)
		answers.data = append(answers.data, labels[i]...)
	}
	write("leaky-digits/calibration.safetensors", []string{"inputs", "labels"}, []part{calibration, answers})
}

const letters = " efghinorstuvwxz"

var words = strings.Fields("zero one two three four five six seven eight nine")

// sentence returns the letters of random number words, with blanks between them.
func sentence(rng *rand.Rand, length int) []int {
	text := ""
	for len(text) < length {
		text += words[rng.IntN(len(words))] + " "
	}
	var out []int
	for _, c := range text[:length] {
		out = append(out, strings.IndexRune(letters, c))
	}
	return out
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// gru trains a character GRU with the tensors of torch.nn.Embedding, GRU and Linear.
func gru() {
	const vocab, embedded, hidden, length, sentences = 16, 6, 12, 16, 12000
	n := &net{rng: rand.New(rand.NewPCG(7, 8))}
	embedding := n.add("embedding.weight", vocab, embedded)
	wi, wh := n.add("gru.weight_ih_l0", 3*hidden, embedded), n.add("gru.weight_hh_l0", 3*hidden, hidden)
	bi, bh := n.add("gru.bias_ih_l0", 3*hidden), n.add("gru.bias_hh_l0", 3*hidden)
	fc, fb := n.add("fc.weight", vocab, hidden), n.add("fc.bias", vocab)
	type step struct{ x, h, r, z, n, back, next []float64 }
	row := func(t int) []float64 { return embedding.w[t*embedded : (t+1)*embedded] }
	cell := func(x, h []float64) step {
		in, back := addTo(wi.times(x), bi.w), addTo(wh.times(h), bh.w)
		s := step{x: x, h: h, back: back[2*hidden:]}
		for k := range hidden {
			s.r = append(s.r, sigmoid(in[k]+back[k]))
			s.z = append(s.z, sigmoid(in[hidden+k]+back[hidden+k]))
			s.n = append(s.n, math.Tanh(in[2*hidden+k]+s.r[k]*s.back[k]))
			s.next = append(s.next, (1-s.z[k])*s.n[k]+s.z[k]*h[k])
		}
		return s
	}
	for e := range sentences {
		text := sentence(n.rng, length+1)
		var steps []step
		h := make([]float64, hidden)
		for _, t := range text[:length] {
			steps = append(steps, cell(row(t), h))
			h = steps[len(steps)-1].next
		}
		dh := make([]float64, hidden)
		for t := length - 1; t >= 0; t-- {
			s := steps[t]
			dy := loss(addTo(fc.times(s.next), fb.w), text[t+1])
			addTo(fb.g, dy)
			addTo(dh, fc.back(s.next, dy))
			in, back, next := make([]float64, 3*hidden), make([]float64, 3*hidden), make([]float64, hidden)
			for k, d := range dh {
				dn := d * (1 - s.z[k]) * (1 - s.n[k]*s.n[k])
				dr := dn * s.back[k] * s.r[k] * (1 - s.r[k])
				dz := d * (s.h[k] - s.n[k]) * s.z[k] * (1 - s.z[k])
				in[k], in[hidden+k], in[2*hidden+k] = dr, dz, dn
				back[k], back[hidden+k], back[2*hidden+k] = dr, dz, dn*s.r[k]
				next[k] = d * s.z[k]
			}
			addTo(bi.g, in)
			addTo(bh.g, back)
			addTo(embedding.g[text[t]*embedded:(text[t]+1)*embedded], wi.back(s.x, in))
			dh = addTo(next, wh.back(s.h, back))
		}
		if e%8 == 7 {
			n.step(0.01*(1-float64(e)/sentences), 0)
		}
	}
	n.save("char-gru/model.safetensors")
	// In held-out sentences the answers are the next letters, and the first letter of a word is asked for, too.
	for name, seed := range map[string]uint64{"test": 11, "calibration": 12} {
		rng := rand.New(rand.NewPCG(seed, 0))
		const count, n, outputs = 100, 10, 8
		inputs, labels := part{Type: "U8", Shape: []int{count, n}}, part{Type: "U8", Shape: []int{count, outputs}}
		right := 0
		for range count {
			text := sentence(rng, n+1)
			h := make([]float64, hidden)
			for t, c := range text[:n] {
				inputs.data = append(inputs.data, byte(c))
				h = cell(row(c), h).next
				if t >= n-outputs {
					labels.data = append(labels.data, byte(text[t+1]))
					if argmax(addTo(fc.times(h), fb.w)) == text[t+1] {
						right++
					}
				}
			}
		}
		fmt.Printf("char-gru, %s: %d of %d letters are right\n", name, right, count*outputs)
		write("char-gru/"+name+".safetensors", []string{"inputs", "labels"}, []part{inputs, labels})
	}
}

func main() {
	digits()
	gru()
}
