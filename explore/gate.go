package explore

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// Describe tells all about a gate.
func (v *Values) Describe(g circuit.Gate) *Gate {
	x := v.x
	c := x.c
	k := c.Kind(g)
	d := &Gate{
		Gate: int(g), Item: fmt.Sprintf("g%d", g), Name: x.Name(g), Kind: k.String(), Level: int(x.levels.Gate[g]),
		Stage: int(c.StageOf(g)), Path: c.StagePath(c.StageOf(g)), Value: v.gate[g],
		Terms: []Term{}, Outputs: []string{},
	}
	if !k.IsSource() {
		d.Origin = x.origin(c.StageOf(g))
	}
	switch {
	case k.ReadsSum():
		v.describeSum(d, g, k)
	case k.IsLogic():
		v.describeLogic(d, g, k)
	}
	d.Text = x.text(d, k)
	d.Why, d.When = x.why(g, d.Terms), x.when(g, d)
	if len(d.Terms) > mostTerms {
		d.Terms = d.Terms[:mostTerms]
	}
	d.Readers, d.ReaderCount = x.readersOf(g)
	for i, l := range x.tree.wires {
		if l.Gate() == g {
			sign := ""
			if l.IsComplement() {
				sign = "¬"
			}
			d.Outputs = append(d.Outputs, sign+x.outputName(i))
		}
	}
	return d
}

func (v *Values) describeSum(d *Gate, g circuit.Gate, k gates.Kind) {
	c := v.x.c
	s, _ := c.ReadsSum(g)
	from, weights := c.Flatten(s)
	d.Count = len(from)
	for i, f := range from {
		d.Terms = append(d.Terms, Term{int(f), false, weights[i].String(), v.gate[f], v.x.Name(f)})
	}
	sum := v.Sum(s)
	d.Sum = sum.String()
	if k == gates.Mod {
		_, m := c.Modulus(g)
		d.Modulus, d.Residues = m.M, m.Residues
		return
	}
	_, t := c.Bound(g)
	d.Bound, d.Margin = t.String(), sum.Sub(t).String()
}

func (v *Values) describeLogic(d *Gate, g circuit.Gate, k gates.Kind) {
	fanin := v.x.c.Fanin(g)
	d.Count = len(fanin)
	for _, l := range fanin {
		f := l.Gate()
		d.Terms = append(d.Terms, Term{int(f), l.IsComplement(), "1", v.gate[f] != l.IsComplement(), v.x.Name(f)})
	}
	ones := int64(v.ones[g])
	d.Sum = fmt.Sprint(ones)
	bound := int64(1)
	plain, inverse := k.Plain()
	switch plain {
	case gates.Xor:
		d.Modulus, d.Residues = 2, []int64{1}
		if inverse {
			d.Residues[0] = 0
		}
		return
	case gates.And:
		bound = int64(len(fanin))
	}
	d.Inverse = inverse
	d.Bound, d.Margin = fmt.Sprint(bound), fmt.Sprint(ones-bound)
}

// text writes the condition of a gate.
func (x *Circuit) text(d *Gate, k gates.Kind) string {
	if k.IsSource() {
		return d.Name
	}
	const most = 8
	var b strings.Builder
	for i, t := range d.Terms[:min(len(d.Terms), most)] {
		sign, weight := "+", t.Weight
		if rest, minus := strings.CutPrefix(weight, "-"); minus {
			sign, weight = "−", rest
		}
		if i > 0 {
			b.WriteString(" " + sign + " ")
		} else if sign == "−" {
			b.WriteString(sign)
		}
		if weight != "1" {
			b.WriteString(weight + "·")
		}
		if t.Not {
			b.WriteString("¬")
		}
		b.WriteString(t.Name)
	}
	switch {
	case len(d.Terms) > most:
		fmt.Fprintf(&b, " + … (%d terms)", d.Count)
	case len(d.Terms) == 0:
		b.WriteString("0")
	}
	switch {
	case d.Modulus > 0:
		return fmt.Sprintf("[%s ≡ %s (mod %d)]", b.String(), strings.Trim(fmt.Sprint(d.Residues), "[]"), d.Modulus)
	case d.Inverse:
		return fmt.Sprintf("[%s < %s]", b.String(), d.Bound)
	}
	return fmt.Sprintf("[%s ≥ %s]", b.String(), d.Bound)
}

// readersOf returns the gates that read a gate, directly or through sums, the first ones, and how many
// there are.
func (x *Circuit) readersOf(g circuit.Gate) ([]int, int) {
	seen := map[uint32]bool{}
	next := []uint32{uint32(g)}
	list := []int{}
	for len(next) > 0 {
		node := next[len(next)-1]
		next = next[:len(next)-1]
		for _, to := range x.reader[x.first[node]:x.first[node+1]] {
			switch {
			case seen[to]:
				continue
			case int(to) >= x.c.Len():
				next = append(next, to)
			default:
				list = append(list, int(to))
			}
			seen[to] = true
		}
	}
	slices.Sort(list)
	return list[:min(len(list), mostTerms)], len(list)
}

// Info is what there is to know about an item.
type Info struct {
	ID     string `json:"id"`
	Kind   string `json:"kind"`
	Label  string `json:"label"`
	Note   string `json:"note,omitempty"`
	Path   string `json:"path"`
	Stage  int    `json:"stage"`
	Origin string `json:"origin,omitempty"`

	Reasons map[string]string `json:"reasons,omitempty"` // by kind of gate: what such gates are for

	Levels   [2]int         `json:"levels"`
	Gates    int            `json:"gates"` // sources not
	Ones     int            `json:"ones"`  // of its gates, inputs or outputs
	Kinds    map[string]int `json:"kinds"`
	Parents  []string       `json:"parents"` // items around it, the outermost first
	Children []string       `json:"children"`
	Count    int            `json:"childCount"`
	Value    string         `json:"value,omitempty"` // of a sum
	Terms    int            `json:"terms,omitempty"` // of a sum, as it is stored
}

// Inspect tells about an item.
func (v *Values) Inspect(id string) (*Info, error) {
	x := v.x
	if number, ok := strings.CutPrefix(id, "z"); ok {
		return v.inspectSum(id, number)
	}
	n, err := x.tree.find(id)
	if err != nil {
		return nil, err
	}
	in := &Info{
		ID: id, Kind: n.kind, Label: x.label(n), Note: x.note(n, math.MaxInt),
		Stage: int(n.stage), Path: x.c.StagePath(n.stage),
		Levels: [2]int{x.level(n.from), x.level(n.to)}, Gates: n.gates, Kinds: map[string]int{}, Parents: n.above(),
		Children: []string{},
	}
	if n.gates > 0 {
		in.Origin = x.origin(n.stage)
		in.Reasons = x.reasons(n.stage)
	}
	x.tree.each(n, func(g circuit.Gate) {
		in.Kinds[x.c.Kind(g).String()]++
		if v.gate[g] {
			in.Ones++
		}
	})
	x.tree.eachOutput(n, func(wire int) {
		if l := x.tree.wires[wire]; v.gate[l.Gate()] != l.IsComplement() {
			in.Ones++
		}
	})
	kids := x.tree.kids(n)
	in.Count = len(kids)
	for _, k := range kids[:min(len(kids), mostTerms)] {
		in.Children = append(in.Children, k.id)
	}
	return in, nil
}

func (v *Values) inspectSum(id, number string) (*Info, error) {
	c := v.x.c
	s, err := parseSum(number, c.SumCount())
	if err != nil {
		return nil, err
	}
	return &Info{
		ID: id, Kind: kindSum, Label: "Σ", Kinds: map[string]int{}, Parents: []string{}, Children: []string{},
		Value: v.Sum(s).String(), Terms: len(c.Refs(s)), Levels: [2]int{int(v.x.levels.Sum[s]), int(v.x.levels.Sum[s])},
	}, nil
}

func parseSum(number string, count int) (circuit.SumID, error) {
	s, err := strconv.Atoi(number)
	if err != nil || fmt.Sprint(s) != number || s < 0 || s >= count {
		return 0, fmt.Errorf("explore: no sum %.40q; the circuit has the sums 0 to %d", number, count-1)
	}
	return circuit.SumID(s), nil
}
