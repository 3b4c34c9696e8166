package explore_test

import (
	"fmt"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/explore"
)

// rectangle is where something stands.
type rectangle struct {
	id, parent string
	x, y, w, h int
}

func (r rectangle) meets(o rectangle) bool {
	return r.x < o.x+o.w && o.x < r.x+r.w && r.y < o.y+o.h && o.y < r.y+r.h
}

func (r rectangle) holds(o rectangle) bool {
	return r.x <= o.x && r.y <= o.y && o.x+o.w <= r.x+r.w && o.y+o.h <= r.y+r.h
}

// placed lists items, sums apart, and frames.
func placed(v *explore.View) (items, frames []rectangle) {
	for _, i := range v.Items {
		if i.Kind != "sum" {
			items = append(items, rectangle{i.ID, i.Parent, i.X, i.Y, i.W, i.H})
		}
	}
	for _, f := range v.Frames {
		frames = append(frames, rectangle{f.ID, f.Parent, f.X, f.Y, f.W, f.H})
	}
	return items, frames
}

// deep is a circuit of n stages of gates of many kinds, some of them in stages of their own.
func deep(t testing.TB, n, width int) *circuit.Circuit {
	t.Helper()
	b := circuit.NewBuilder()
	x := b.Inputs("x", width)
	for s := range n {
		b.Begin(fmt.Sprint("stage ", s))
		next := make([]circuit.Lit, width)
		for i := range width {
			if i%50 == 0 {
				if i > 0 {
					b.End()
				}
				b.Begin(fmt.Sprint("part ", i))
			}
			sum := b.Linear()
			for k := range 3 {
				sum.AddLit(circuit.NewInt(int64(k+1)), x[(i+k*(s+1))%width])
			}
			two, more := circuit.NewInt(2), circuit.NewInt(int64(3+i%2))
			next[i] = b.Xor(b.Threshold(sum.Sum(), two), b.Threshold(sum.Sum(), more))
		}
		b.End()
		b.End()
		x = next
	}
	b.Output("y", x...)
	return finish(t, b)
}

// A crowd is about as wide as a window, and nothing in it stands on something else or outside of its frame and its
// columns.
func TestCrowd(t *testing.T) {
	for name, c := range map[string]*circuit.Circuit{
		"digits": shipped(t, "digits"), "wide": wide(t, 3000), "deep": deep(t, 6, 400), "deeper": deep(t, 30, 200),
	} {
		v := everything(t, explore.New(c, explore.Options{}))
		if !v.Crowd || len(v.Items) <= explore.MostStacked {
			t.Fatalf("%s: %d items are no crowd", name, len(v.Items))
		}
		if v.Width > 8*v.Height || v.Height > 2*v.Width {
			t.Errorf("%s: a crowd of %d items is %d wide and %d high", name, len(v.Items), v.Width, v.Height)
		}
		items, frames := placed(v)
		frame := map[string]rectangle{}
		for _, f := range frames {
			frame[f.id] = f
		}
		for i, it := range items {
			for _, other := range items[:i] {
				if it.meets(other) {
					t.Fatalf("%s: %v stands on %v", name, it, other)
				}
			}
		}
		for i, f := range frames {
			for _, other := range frames[:i] {
				if f.parent == other.parent && f.meets(other) {
					t.Errorf("%s: frame %v stands on %v", name, f, other)
				}
			}
		}
		for _, r := range append(items, frames...) {
			if f, ok := frame[r.parent]; ok && !f.holds(r) {
				t.Errorf("%s: %v is outside of its frame %v", name, r, f)
			}
		}
		for _, it := range v.Items {
			last := v.Columns[it.Column+it.Span-1]
			if it.Kind != "sum" && (it.X < v.Columns[it.Column].X || it.X+it.W > last.X+last.W) {
				t.Errorf("%s: %s is outside of its columns", name, it.ID)
			}
		}
	}
}

// A view that is no crowd is as it was: one below the other.
func TestFewItemsAreNoCrowd(t *testing.T) {
	v := everything(t, explore.New(attention(t), explore.Options{}))
	if v.Crowd || len(v.Items) > explore.MostStacked {
		t.Errorf("%d items are a crowd: %v", len(v.Items), v.Crowd)
	}
	for _, c := range v.Columns {
		if c.W != 0 {
			t.Errorf("a column is %d wide", c.W)
		}
	}
}
