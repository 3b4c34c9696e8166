package explore

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/tc0lab/tc0/circuit"
)

// Session is a circuit that somebody looks at, with the values of its gates for an input. It is safe
// for concurrent use.
type Session struct {
	mu     *sync.Mutex // of all sessions of the circuit
	x      *Circuit
	values *Values
	base   []bool // by gate: its value for the circuit's own input
	view   *View  // the last one
	last   painted
}

// Open returns a session whose input is the circuit's own. It is refused if that input has another
// number of bits than the circuit has inputs.
func Open(c *circuit.Circuit, opt Options) (*Session, error) {
	if opt.Input != "" {
		if _, err := readBits(opt.Input, len(c.Inputs())); err != nil {
			return nil, err
		}
	}
	if err := opt.check(c); err != nil {
		return nil, err
	}
	s := &Session{mu: new(sync.Mutex), x: New(c, opt)}
	if err := s.begin(); err != nil {
		return nil, err
	}
	return s, nil
}

// begin computes the values for the circuit's own input.
func (s *Session) begin() error {
	s.values = NewValues(s.x)
	if _, err := s.values.Set(s.x.base()); err != nil {
		return err
	}
	if s.base == nil {
		s.base = slices.Clone(s.values.gate)
	}
	return nil
}

// Fork returns a session of the same circuit, at the circuit's own input, for somebody else. They share what does not
// depend on the input. It takes the memory of one value for each gate and sum.
func (s *Session) Fork() (*Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	other := &Session{mu: s.mu, x: s.x, base: s.base}
	if err := other.begin(); err != nil {
		return nil, err
	}
	return other, nil
}

// codecs are the kinds of a codec.
var codecs = []string{"int", "bits", "image", "tokens", "lamps", "tape", "board"}

// grids are those of rows and columns.
var grids = map[string]bool{"image": true, "lamps": true, "tape": true, "board": true}

// check says which codec is unlike its ports.
func (opt *Options) check(c *circuit.Circuit) error {
	count := map[string]int{}
	for _, p := range slices.Concat(c.InputPorts(), c.OutputPorts()) {
		count[baseName(p.Name)]++
	}
	for group, codec := range opt.Codecs {
		switch {
		case count[group] == 0:
			return fmt.Errorf("explore: a codec for ports %q, of which there are none", group)
		case !slices.Contains(codecs, codec.Kind):
			return fmt.Errorf("explore: unknown codec %q of ports %q; known: %s", codec.Kind, group, strings.Join(codecs, ", "))
		case grids[codec.Kind] && codec.Rows*codec.Columns != count[group]:
			return fmt.Errorf("explore: codec %q of %d × %d for %d ports %q", codec.Kind, codec.Rows, codec.Columns, count[group], group)
		}
	}
	return opt.checkPasses(c)
}

// Change is what came of a change of the input.
type Change struct {
	Bits    string            `json:"bits"`
	Changed int               `json:"changed"`         // gates, and inputs
	Gates   []int             `json:"gates,omitempty"` // those that changed, if they are few
	Outputs string            `json:"outputs"`         // bits
	Differ  []int             `json:"differ"`          // inputs that are not as in the circuit's own input
	Inputs  map[string]string `json:"inputs"`          // integers of the ports; "" for bits that are no code
	Ports   map[string]string `json:"ports"`           // of the outputs
}

// mostListed is how many changed gates a change lists.
const mostListed = 4096

func (s *Session) change(moved []circuit.Gate) *Change {
	v, x := s.values, s.x
	c := &Change{
		Bits: bitText(v.input), Changed: len(moved), Differ: []int{},
		Inputs: decode(x.c.InputPorts(), v.input), Outputs: bitText(x.c.OutputBits(v.gate)),
		Ports: decode(x.c.OutputPorts(), x.c.OutputBits(v.gate)),
	}
	if len(moved) <= mostListed {
		for _, g := range moved {
			c.Gates = append(c.Gates, int(g))
		}
		slices.Sort(c.Gates)
	}
	for i, g := range x.c.Inputs() {
		if v.input[i] != s.base[g] {
			c.Differ = append(c.Differ, i)
		}
	}
	return c
}

// decode reads the integers of ports.
func decode(ports []circuit.Port, bits []bool) map[string]string {
	all := map[string]string{}
	for _, p := range ports {
		n := len(p.Wires)
		all[p.Name] = ""
		if v, err := p.Format.Decode(bits[:n]); err == nil {
			all[p.Name] = v.String()
		}
		bits = bits[n:]
	}
	return all
}

// look returns the view of a state, the last one if it is the same.
func (s *Session) look(state State) (*View, error) {
	state.Level, state.Bits, state.Step, state.Tokens = nil, "", 0, 0 // they do not change what is where
	if s.view == nil || s.view.Hash != state.Hash() {
		view, err := s.x.View(state)
		if err != nil {
			return nil, err
		}
		s.view = view
	}
	return s.view, nil
}

// viewOf returns a view that names the whole state.
func (s *Session) viewOf(state State) (*View, error) {
	if state.Bits != "" {
		if _, err := readBits(state.Bits, len(s.values.input)); err != nil {
			return nil, err
		}
	}
	if l, depth := state.Level, s.x.levels.Depth; l != nil && (*l < 0 || *l > depth) {
		return nil, fmt.Errorf("explore: no level %d; the circuit has the levels 0 to %d", *l, depth)
	}
	if err := s.x.checkTokens(state.Tokens); err != nil {
		return nil, err
	}
	view, err := s.look(state)
	if err != nil {
		return nil, err
	}
	full := *view
	full.State, full.Hash = state, state.Hash()
	return &full, nil
}

// set makes the input what bits say; "" is the circuit's own.
func (s *Session) set(bits string) (*Change, error) {
	input := s.x.base()
	if bits != "" {
		var err error
		if input, err = readBits(bits, len(s.values.input)); err != nil {
			return nil, err
		}
	}
	moved, err := s.values.Set(input)
	if err != nil {
		return nil, err
	}
	return s.change(moved), nil
}

// setPorts gives some input ports other integers.
func (s *Session) setPorts(values map[string]string) (*Change, error) {
	input := slices.Clone(s.values.input)
	at, found := 0, 0
	for _, p := range s.x.c.InputPorts() {
		bits := input[at : at+len(p.Wires)]
		at += len(p.Wires)
		text, ok := values[p.Name]
		if !ok {
			continue
		}
		found++
		value, err := circuit.ParseInt(strings.TrimSpace(text))
		if err == nil {
			err = p.Format.Encode(value, bits)
		}
		if err != nil {
			return nil, fmt.Errorf("explore: port %s: %w", p.Name, err)
		}
	}
	if found != len(values) {
		for name := range values {
			if !slices.ContainsFunc(s.x.c.InputPorts(), func(p circuit.Port) bool { return p.Name == name }) {
				return nil, fmt.Errorf("explore: no input port %.40q", name)
			}
		}
	}
	moved, err := s.values.Set(input)
	if err != nil {
		return nil, err
	}
	return s.change(moved), nil
}

// packed returns the values of all gates, gate g in bit g%8 of byte g/8, in base64.
func (s *Session) packed() string {
	all := make([]byte, (len(s.values.gate)+7)/8)
	for g, one := range s.values.gate {
		if one {
			all[g/8] |= 1 << (g % 8)
		}
	}
	return base64.StdEncoding.EncodeToString(all)
}

// Do calls a method; see the documentation of the package. Its error is one line.
func (s *Session) Do(method string, args json.RawMessage) (json.RawMessage, error) {
	call, ok := methods[method]
	if !ok {
		return nil, fmt.Errorf("explore: unknown method %.40q; known: %s", method, strings.Join(Methods(), " "))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	result, err := call(s, args)
	if err != nil {
		return nil, err
	}
	return json.Marshal(result)
}

// Answer calls a method and returns {"ok": result} or {"error": "one line"}.
func (s *Session) Answer(method string, args json.RawMessage) []byte {
	result, err := s.Do(method, args)
	return Reply(result, err)
}

// Reply writes {"ok": result} or {"error": "one line"}.
func Reply(result json.RawMessage, err error) []byte {
	if err != nil {
		text, _ := json.Marshal(err.Error()) // a string has an encoding
		return slices.Concat([]byte(`{"error":`), text, []byte("}"))
	}
	return slices.Concat([]byte(`{"ok":`), result, []byte("}"))
}
