package explore_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/explore"
)

var update = flag.Bool("update", false, "write the golden files anew")

// calls are made one after another; the answers are in testdata.
var calls = []string{
	`about {}`,
	`view {}`,
	`paint {}`,
	`set {"bits":"BITS"}`,
	`toggle {"input":1}`,
	`paint {"open":["OPEN"],"level":1}`,
	`view {"open":["OPEN","in0"],"filter":{"kind":"path"},"select":"gGATE","bits":"BITS"}`,
	`gate {"gate":GATE}`,
	`flips {"gate":GATE}`,
	`item {"item":"OPEN"}`,
	`wires {"from":"in0","to":"OPEN","most":3}`,
	`cone {"gate":GATE,"depth":1}`,
	`cone {"gate":GATE,"out":true}`,
	`path {"output":-1}`,
	`search {"text":"GATE"}`,
	`search {"text":"Y","most":2}`,
	`tiles {"bands":2,"to":1}`,
	`values {}`,
	`hash {"open":["s1"],"bits":"BITS"}`,
	`state {"hash":"open=s1&bits=4.a"}`,
	`repaint {"state":{"open":["OPEN"]}}`,
	`toggle {"input":2}`,
	`repaint {"state":{"open":["OPEN"]},"turn":3}`,
	`reset {}`,
}

// The answers of all methods on small circuits are those in the golden files.
func TestGolden(t *testing.T) {
	for _, test := range []struct {
		name string
		c    *circuit.Circuit
		open string
	}{{"parity", parity(t, 4), "s1"}, {"attention", attention(t), "s2"}, {"adder", adder(t, 2), "out0"}} {
		s := open(t, test.c)
		bits := "0110"
		gate := test.c.Outputs()[len(test.c.Outputs())-1].Gate()
		fill := strings.NewReplacer("BITS", bits, "OPEN", test.open, "GATE", fmt.Sprint(gate))
		var b bytes.Buffer
		for _, call := range calls {
			call = fill.Replace(call)
			method, args, _ := strings.Cut(call, " ")
			answer, err := s.Do(method, json.RawMessage(args))
			if err != nil {
				t.Fatalf("%s: %s: %v", test.name, call, err)
			}
			if bytes.Contains(answer, []byte("null")) {
				t.Errorf("%s: %s has a null, which a page must not meet: %s", test.name, call, answer)
			}
			fmt.Fprintf(&b, "%s\n%s\n", call, answer)
		}
		path := filepath.Join("testdata", test.name+".txt")
		if *update {
			if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")); diff != "" {
			t.Errorf("%s: −want +got:\n%s", test.name, diff)
		}
	}
}

// do calls a method and reads its answer.
func do[T any](t testing.TB, s *explore.Session, method string, args any) T {
	t.Helper()
	text, err := json.Marshal(args)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := s.Do(method, text)
	if err != nil {
		t.Fatalf("%s %s: %v", method, text, err)
	}
	var result T
	if err := json.Unmarshal(answer, &result); err != nil {
		t.Fatal(err)
	}
	return result
}

// Every value that is shown, of gates, items, outputs, sums and ports, is that of the circuit's own evaluator,
// for the circuit's own input, after a toggle, after integers are set, and from a state.
func TestShownValuesAreThoseOfEval(t *testing.T) {
	for name, c := range circuits(t) {
		r := rand.New(rand.NewPCG(10, 11))
		base := randomInput(r, len(c.Inputs()))
		s, err := explore.Open(c, explore.Options{Input: text(base)})
		if err != nil {
			t.Fatal(err)
		}
		x := explore.New(c, explore.Options{})
		all, folded := everything(t, x).State, explore.State{}
		in := slices.Clone(base)
		for step := range 8 {
			var change explore.Change
			switch step % 4 {
			case 0:
				change = do[explore.Change](t, s, "set", map[string]any{"bits": text(in)})
			case 1:
				i := r.IntN(len(in))
				in[i] = !in[i]
				change = do[explore.Change](t, s, "toggle", map[string]any{"input": i})
			case 2:
				in = randomInput(r, len(in))
				values := map[string]string{}
				at := 0
				for _, p := range c.InputPorts() {
					v, err := p.Format.Decode(in[at : at+len(p.Wires)])
					if err != nil {
						t.Fatal(err)
					}
					values[p.Name] = v.String()
					at += len(p.Wires)
				}
				change = do[explore.Change](t, s, "set", map[string]any{"values": values})
			default:
				in = randomInput(r, len(in))
				all.Bits = text(in)
				change = do[struct{ Change explore.Change }](t, s, "start", all).Change
			}
			compare(t, name, c, s, change, []explore.State{all, folded}, base, in)
		}
	}
}

func text(bits []bool) string {
	var b strings.Builder
	for _, bit := range bits {
		b.WriteByte("01"[map[bool]int{true: 1}[bit]])
	}
	return b.String()
}

func compare(
	t *testing.T, name string, c *circuit.Circuit, s *explore.Session, change explore.Change, states []explore.State,
	base, in []bool,
) {
	t.Helper()
	value, err := c.EvalAll(in)
	if err != nil {
		t.Fatal(err)
	}
	was, err := c.EvalAll(base)
	if err != nil {
		t.Fatal(err)
	}
	if change.Bits != text(in) || change.Outputs != text(c.OutputBits(value)) {
		t.Fatalf("%s: inputs %s and outputs %s are shown, want %s and %s", name, change.Bits, change.Outputs,
			text(in), text(c.OutputBits(value)))
	}
	var differ []int
	for i := range in {
		if in[i] != base[i] {
			differ = append(differ, i)
		}
	}
	if !slices.Equal(change.Differ, differ) {
		t.Fatalf("%s: inputs %v differ, want %v", name, change.Differ, differ)
	}
	out := c.OutputBits(value)
	for _, p := range c.OutputPorts() {
		want := ""
		if v, err := p.Format.Decode(out[:len(p.Wires)]); err == nil {
			want = v.String()
		}
		if change.Ports[p.Name] != want {
			t.Fatalf("%s: port %s shows %q, want %q", name, p.Name, change.Ports[p.Name], want)
		}
		out = out[len(p.Wires):]
	}
	packed, err := base64.StdEncoding.DecodeString(do[map[string]string](t, s, "values", struct{}{})["bits"])
	if err != nil {
		t.Fatal(err)
	}
	for g, want := range value {
		if (packed[g/8]>>(g%8)&1 == 1) != want {
			t.Fatalf("%s: gate %d is packed as other than %v", name, g, want)
		}
	}
	for _, state := range states {
		v := do[explore.View](t, s, "view", state)
		p := do[explore.Paint](t, s, "paint", state)
		ones, others := 0, 0
		for i, it := range v.Items {
			ones, others = ones+p.Ones[i], others+p.Differ[i]
			if it.Gate == nil {
				continue
			}
			g := *it.Gate
			if (p.Ones[i] == 1) != (value[g] != it.Not) || (p.Differ[i] == 1) != (value[g] != was[g]) {
				t.Fatalf("%s: item %s of gate %d shows %d, differs %d", name, it.ID, g, p.Ones[i], p.Differ[i])
			}
		}
		wantOnes, wantOthers := 0, 0
		for g := 1; g < len(value); g++ {
			wantOnes += map[bool]int{true: 1}[value[g]]
			wantOthers += map[bool]int{true: 1}[value[g] != was[g]]
		}
		before := c.OutputBits(was)
		for i, bit := range c.OutputBits(value) {
			wantOnes += map[bool]int{true: 1}[bit]
			wantOthers += map[bool]int{true: 1}[bit != before[i]]
		}
		if ones != wantOnes || others != wantOthers {
			t.Fatalf("%s: the items show %d ones and %d that differ, want %d and %d", name, ones, others, wantOnes, wantOthers)
		}
		for id, sum := range p.Sums {
			var n circuit.SumID
			if _, err := fmt.Sscanf(id, "z%d", &n); err != nil {
				t.Fatal(err)
			}
			if want := sumOf(c, n, value).String(); sum != want {
				t.Fatalf("%s: sum %s shows %s, want %s", name, id, sum, want)
			}
		}
	}
}

func TestBadCalls(t *testing.T) {
	s := open(t, parity(t, 3))
	for call, want := range map[string]string{
		`jump {}`:                                  "explore: unknown method \"jump\"; known: about cone flips gate hash item paint path repaint reset search set start state tiles toggle values view wires",
		`gate {"gate":99}`:                         "explore: no gate 99; the circuit has the gates 0 to 7",
		`gate {"gat":1}`:                           `explore: arguments: json: unknown field "gat"`,
		`gate {} {}`:                               "explore: arguments: there is more than one JSON object",
		`toggle {"input":-1}`:                      "explore: no input -1; the circuit has 3, from 0 on",
		`set {"bits":"01"}`:                        "explore: 2 input bits for 3 inputs",
		`set {"bits":"01x"}`:                       "explore: input bit 2 is 'x', neither 0 nor 1",
		`set {"values":{"x":"1"},"bits":"1"}`:      "explore: set takes bits or values, not both",
		`set {"values":{"w":"1"}}`:                 `explore: no input port "w"`,
		`view {"open":["s9"]}`:                     `explore: no item "s9" in this circuit`,
		`view {"open":["b2-1"]}`:                   `explore: no item "b2-1" in this circuit`,
		`view {"select":"?"}`:                      `explore: no item "?" in this circuit`,
		`view {"level":4}`:                         "explore: no level 4; the circuit has the levels 0 to 2",
		`view {"level":-1}`:                        "explore: no level -1; the circuit has the levels 0 to 2",
		`view {"bits":"1"}`:                        "explore: 1 input bits for 3 inputs",
		`view {"filter":{"kind":"cone","gate":8}}`: "explore: no gate 8; the circuit has the gates 0 to 7",
		`item {"item":"z99"}`:                      `explore: no sum "99"; the circuit has the sums 0 to 2`,
		`item {"item":""}`:                         `explore: no item "" in this circuit`,
		`path {"output":1}`:                        "explore: no output 1; the circuit has the outputs 0 to 0",
		`cone {"gate":1,"depth":-1}`:               "explore: depth -1 of a cone; 0 is all of it",
		`tiles {"bands":0,"to":1}`:                 "explore: 0 tiles from 0 to 1; 1 to 4096 tiles of a part of 0 to 1 are counted",
		`state {"hash":"x"}`:                       `explore: "x" in an address is not KEY=VALUE, once for each key`,
		`hash {"open":["<b>"]}`:                    `explore: "<b>" is no item`,
	} {
		method, args, _ := strings.Cut(call, " ")
		if _, err := s.Do(method, json.RawMessage(args)); err == nil || err.Error() != want {
			t.Errorf("%s: error %v, want %s", call, err, want)
		}
	}
	if got := string(s.Answer("gate", json.RawMessage(`{"gate":99}`))); got !=
		`{"error":"explore: no gate 99; the circuit has the gates 0 to 7"}` {
		t.Errorf("the answer is %s", got)
	}
}

func TestBadOptions(t *testing.T) {
	c := attention(t)
	for want, opt := range map[string]explore.Options{
		`explore: 1 input bits for 4 inputs`: {Input: "1"},
		`explore: a codec for ports "p", of which there are none`: {
			Codecs: map[string]explore.Codec{"p": {Kind: "int"}},
		},
		`explore: unknown codec "sound" of ports "x"; known: int, bits, image, tokens, lamps, tape, board`: {
			Codecs: map[string]explore.Codec{"x": {Kind: "sound"}},
		},
		`explore: codec "image" of 2 × 2 for 2 ports "x"`: {
			Codecs: map[string]explore.Codec{"x": {Kind: "image", Rows: 2, Columns: 2}},
		},
	} {
		if _, err := explore.Open(c, opt); err == nil || err.Error() != want {
			t.Errorf("%+v: error %v, want %s", opt, err, want)
		}
	}
}

// Any method with any arguments gives JSON or an error of one line.
func FuzzDo(f *testing.F) {
	c := attention(f)
	for _, call := range calls {
		method, args, _ := strings.Cut(call, " ")
		f.Add(method, args)
	}
	f.Add("view", `{"open":["in0","b5-6","r5","p0","w0-1","t1-2","out0","q0","y0"],"select":"z1"}`)
	f.Add("wires", `{"from":"z1","to":"z2"}`)
	f.Fuzz(func(t *testing.T, method, args string) {
		s := open(t, c)
		answer, err := s.Do(method, json.RawMessage(args))
		switch {
		case err == nil && !json.Valid(answer):
			t.Fatalf("%s %s: %s is not JSON", method, args, answer)
		case err != nil && strings.Contains(err.Error(), "\n"):
			t.Fatalf("%s %s: the error has several lines: %v", method, args, err)
		}
	})
}
