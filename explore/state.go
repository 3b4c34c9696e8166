package explore

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Kinds of filters.
const (
	filterCone = "cone" // what a gate reads
	filterFan  = "fan"  // what reads a gate
	filterPath = "path" // longest paths to any output
)

// State says what a person looks at. It is small, and a page keeps it in its address.
type State struct {
	Open   []string `json:"open,omitempty"` // items that are unfolded
	Filter *Filter  `json:"filter,omitempty"`
	Select string   `json:"select,omitempty"` // an item
	Bits   string   `json:"bits,omitempty"`   // input, "0110…"; "": the circuit's own
	Level  *int     `json:"level,omitempty"`  // values are shown up to this level; nil: all of them
	Step   int      `json:"step,omitempty"`   // of a tour, from 1; 0: none
	Tokens int      `json:"tokens,omitempty"` // of a language model: how many are the text so far; 0: the first alone
}

// Filter leaves a part of the gates in view.
type Filter struct {
	Kind  string `json:"kind"`            // cone, fan or path
	Gate  int    `json:"gate,omitempty"`  // of cone and fan
	Depth int    `json:"depth,omitempty"` // of cone and fan: how many gates deep; 0: to the end
}

// Hash returns the state as the part of an address behind #. Equal states give equal hashes. The
// input is in hexadecimal, input 0 in the high bit of the first digit, behind the number of inputs.
func (s State) Hash() string {
	var parts []string
	add := func(key, value string) { parts = append(parts, key+"="+value) }
	if len(s.Open) > 0 {
		open := slices.Compact(slices.Sorted(slices.Values(s.Open)))
		parts = append(parts, "open="+strings.Join(open, ","))
	}
	if f := s.Filter; f != nil {
		add("filter", fmt.Sprintf("%s.%d.%d", f.Kind, f.Gate, f.Depth))
	}
	if s.Select != "" {
		add("select", s.Select)
	}
	if s.Bits != "" {
		add("bits", packBits(s.Bits))
	}
	if s.Level != nil {
		add("level", strconv.Itoa(*s.Level))
	}
	if s.Step > 0 {
		add("step", strconv.Itoa(s.Step))
	}
	if s.Tokens > 0 {
		add("tokens", strconv.Itoa(s.Tokens))
	}
	return strings.Join(parts, "&")
}

func packBits(bits string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d.", len(bits))
	for digit := range slices.Chunk([]byte(bits), 4) {
		v := 0
		for i, bit := range digit {
			v |= int(bit&1) << (3 - i)
		}
		b.WriteByte("0123456789abcdef"[v])
	}
	return b.String()
}

func unpackBits(text string) (string, error) {
	count, digits, _ := strings.Cut(text, ".")
	n, err := strconv.Atoi(count)
	if err != nil || n < 1 || len(digits) != (n+3)/4 {
		return "", fmt.Errorf("explore: %.40q in an address is no input: a number of bits, a dot, hexadecimal digits", text)
	}
	var b strings.Builder
	for i := range len(digits) {
		v, err := strconv.ParseUint(digits[i:i+1], 16, 8)
		if err != nil {
			return "", fmt.Errorf("explore: %q in an address is no hexadecimal digit", digits[i:i+1])
		}
		for k := 3; k >= 0; k-- {
			b.WriteByte('0' + byte(v>>k&1))
		}
	}
	if strings.Contains(b.String()[n:], "1") {
		return "", fmt.Errorf("explore: the input in an address has a 1 behind its %d bits", n)
	}
	return b.String()[:n], nil
}

// ParseHash reads what [State.Hash] writes, with # before it or without.
func ParseHash(hash string) (State, error) {
	var s State
	hash = strings.TrimPrefix(hash, "#")
	if hash == "" {
		return s, nil
	}
	seen := map[string]bool{}
	for part := range strings.SplitSeq(hash, "&") {
		key, value, ok := strings.Cut(part, "=")
		if !ok || seen[key] {
			return State{}, fmt.Errorf("explore: %.40q in an address is not KEY=VALUE, once for each key", part)
		}
		seen[key] = true
		if err := s.parse(key, value); err != nil {
			return State{}, err
		}
	}
	return s, nil
}

func (s *State) parse(key, value string) error {
	if key == "open" {
		for id := range strings.SplitSeq(value, ",") {
			if !isID(id) {
				return fmt.Errorf("explore: %.40q in an address is no item", id)
			}
			s.Open = append(s.Open, id)
		}
		slices.Sort(s.Open)
		s.Open = slices.Compact(s.Open)
		return nil
	}
	var err error
	switch key {
	case "filter":
		fields := strings.Split(value, ".")
		f := &Filter{Kind: fields[0]}
		var err1, err2 error
		if len(fields) == 3 {
			f.Gate, err1 = strconv.Atoi(fields[1])
			f.Depth, err2 = strconv.Atoi(fields[2])
		}
		if len(fields) != 3 || err1 != nil || err2 != nil {
			return fmt.Errorf("explore: filter %.40q in an address is not KIND.GATE.DEPTH", value)
		}
		if err := f.check(); err != nil {
			return err
		}
		s.Filter = f
	case "select":
		if s.Select = value; !isID(value) {
			return fmt.Errorf("explore: %.40q in an address is no item", value)
		}
	case "bits":
		s.Bits, err = unpackBits(value)
	case "level":
		n, bad := strconv.Atoi(value)
		if bad != nil {
			return fmt.Errorf("explore: level %.40q in an address is no number", value)
		}
		s.Level = &n
	case "step":
		if s.Step, err = strconv.Atoi(value); err != nil || s.Step < 1 {
			return fmt.Errorf("explore: step %.40q in an address is no number from 1 on", value)
		}
	case "tokens":
		if s.Tokens, err = strconv.Atoi(value); err != nil || s.Tokens < 1 {
			return fmt.Errorf("explore: tokens %.40q in an address is no number from 1 on", value)
		}
	default:
		return fmt.Errorf("explore: unknown key %.40q in an address; known: open, filter, select, bits, level, step, tokens", key)
	}
	return err
}

// isID tells whether a text may be the id of an item: they have small letters, digits and "-".
func isID(text string) bool {
	return text != "" && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// check says what of a state has no place in an address.
func (s *State) check() error {
	ids := s.Open
	if s.Select != "" {
		ids = append(slices.Clone(ids), s.Select)
	}
	for _, id := range ids {
		if !isID(id) {
			return fmt.Errorf("explore: %.40q is no item", id)
		}
	}
	for i := range len(s.Bits) {
		if s.Bits[i] != '0' && s.Bits[i] != '1' {
			return fmt.Errorf("explore: input bit %d is %q, neither 0 nor 1", i, s.Bits[i])
		}
	}
	if s.Filter != nil {
		return s.Filter.check()
	}
	return nil
}

func (f *Filter) check() error {
	switch f.Kind {
	case filterCone, filterFan, filterPath:
	default:
		return fmt.Errorf("explore: unknown filter %.40q; known: cone, fan, path", f.Kind)
	}
	if f.Gate < 0 || f.Depth < 0 {
		return fmt.Errorf("explore: filter %s of gate %d to depth %d: neither may be below 0", f.Kind, f.Gate, f.Depth)
	}
	return nil
}
