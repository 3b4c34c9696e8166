package diagram

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
)

// Unrolled, each operation is a box, and each use an arrow with the shape of the value.
func TestEveryOperationAndUse(t *testing.T) {
	if len(compile.Families()) < 10 {
		t.Fatalf("%d families", len(compile.Families()))
	}
	for _, spec := range specs() {
		p := programOf(t, spec)
		if p.Open() && strings.Contains(p.String(), "step t") {
			continue // a Scan: its copies stand for as many as n says, and are never drawn
		}
		if err := p.Err(); err != nil {
			t.Fatal(err)
		}
		var ids, arrows []string
		for id, op := range p.Nodes() {
			ids = append(ids, fmt.Sprintf("op%d", id))
			for k, a := range op.Args {
				label := " "
				if name := operandName(op.Op, k); name != "" {
					label += name + "  "
				}
				arrows = append(
					arrows,
					fmt.Sprintf("op%d → op%d:%s%s", a, id, label, shapeText(p.Nodes()[a].Shape)),
				)
			}
		}
		for i, o := range p.Results() {
			ids = append(ids, fmt.Sprintf("output%d", i))
			arrows = append(
				arrows,
				fmt.Sprintf("op%d → output%d: %s", o.Value, i, shapeText(p.Nodes()[o.Value].Shape)),
			)
		}
		slices.Sort(ids)
		slices.Sort(arrows)
		gotIDs, gotArrows := read(
			t,
			drawn(t, p, Config{Strategy: lower.MinDepth, Unroll: true, MaxOperations: 1 << 20}),
		)
		if diff := cmp.Diff(ids, gotIDs); diff != "" {
			t.Errorf("%s: boxes:\n%s", spec, diff)
		}
		if diff := cmp.Diff(arrows, gotArrows); diff != "" {
			t.Errorf("%s: arrows:\n%s", spec, diff)
		}
	}
}

// With repeated bodies drawn once, each operation is one box or a copy of one, and each
// box has an arrow for each operand.
func TestEveryOperationOnce(t *testing.T) {
	for _, spec := range specs() {
		p := programOf(t, spec)
		if err := p.Err(); err != nil {
			t.Fatal(err)
		}
		text := drawn(t, p, Config{Strategy: lower.MinDepth, MaxOperations: 1 << 20})
		ids, arrows := read(t, text)
		boxes := map[string]bool{}
		for _, id := range ids {
			if boxes[id] {
				t.Errorf("%s: %s is there twice", spec, id)
			}
			boxes[id] = true
		}
		into := map[string]int{}
		for _, a := range arrows {
			_, to, _ := strings.Cut(a, " → ")
			to, _, _ = strings.Cut(to, ":")
			into[to]++
		}
		c := findCopies(p, false)
		for id, op := range p.Nodes() {
			shown := fmt.Sprintf("op%d", c.show[id])
			if !boxes[shown] || boxes[fmt.Sprintf("op%d", id)] != (c.show[id] == id) {
				t.Errorf("%s: operation %d is drawn as %s: %v", spec, id, shown, boxes[shown])
			}
			if into[shown] < len(op.Args) {
				t.Errorf("%s: %d arrows lead to %s, which has %d operands", spec, into[shown], shown, len(op.Args))
			}
			if first := p.Nodes()[c.show[id]]; first.Op != op.Op || !first.Shape.Equal(op.Shape) {
				t.Errorf("%s: operation %d is drawn as another one", spec, id)
			}
		}
	}
}

func TestRepeats(t *testing.T) {
	text := drawn(t, programOf(t, "lstm:n=5"), Config{Strategy: lower.MinDepth})
	for _, want := range []string{
		"<b>step × 5</b>", "+4 layers each", "<b>state 1</b>", "<b>next state 2</b>", `label=" d at first"`,
		"element of the step", "depth ≤ 4 … 20",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the figure", want)
		}
	}
	open := drawn(t, programOf(t, "lstm"), Config{Strategy: lower.MinDepth})
	for _, want := range []string{
		"<b>step × n</b>", "depth ≤ 4 … 4·n<", "for every n ≥ 1", "depth at most 4·n (standard depth model)",
	} {
		if !strings.Contains(open, want) {
			t.Errorf("%q is not in the figure for every n", want)
		}
	}
	// The last step of a diffusion model has no noise, so that it differs from the others.
	text = drawn(t, programOf(t, "diffusion:n=2,steps=3"), Config{})
	for _, want := range []string{"<b>step × 2</b>", "<b>step 3</b>", "<b>noise2</b>"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the figure", want)
		}
	}
}
