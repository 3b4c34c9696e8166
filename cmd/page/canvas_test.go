package page_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/tc0lab/tc0"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/model"
	"github.com/tc0lab/tc0/explore"
)

// shipped is the circuit of a shipped model.
func shipped(t testing.TB, name string) *circuit.Circuit {
	t.Helper()
	m, err := model.Find(name, tc0.Models())
	if err != nil {
		t.Fatal(err)
	}
	q, err := m.Quantise(model.Quantisation{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := lower.Program(q.Program, lower.Balanced)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// everything unfolds all that folds, as far as there is room.
func everything(t testing.TB, s *explore.Session) *explore.View {
	t.Helper()
	view, last := &explore.View{}, -1
	for len(view.Full) == 0 || strings.Contains(view.Full[0], "bundles of wires") {
		state := explore.State{Open: view.State.Open}
		for _, i := range view.Items {
			if i.Fold {
				state.Open = append(state.Open, i.ID)
			}
		}
		if len(state.Open) == last {
			break
		}
		last = len(state.Open)
		args, err := json.Marshal(state)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := s.Do("view", args)
		if err != nil {
			t.Fatal(err)
		}
		if view = new(explore.View); json.Unmarshal(answer, view) != nil {
			t.Fatalf("%s is no view", answer)
		}
	}
	return view
}

// thing is an item or a wire on a canvas.
type thing struct {
	ID   string  `json:"id"`
	Gate int     `json:"gate"`
	A    string  `json:"a"`
	B    string  `json:"b"`
	C    string  `json:"c"`
	Text string  `json:"text"`
	X    float64 `json:"x"`
	Y    float64 `json:"y"`
	W    float64 `json:"w"`
	H    float64 `json:"h"`
}

func (s thing) is(class string) bool { return slices.Contains(strings.Fields(s.C), class) }

func (s thing) holds(x, y float64) bool { return s.X <= x && x <= s.X+s.W && s.Y <= y && y <= s.Y+s.H }

const theCanvas = `document.querySelector('.crowd canvas[role=img]')`

// crowd opens a page at a view that is drawn on a canvas, and returns that view.
func crowd(t testing.TB, ctx context.Context, c *circuit.Circuit) *explore.View {
	t.Helper()
	s, err := explore.Open(c, explore.Options{Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	view := everything(t, s)
	run(t, ctx, chromedp.Navigate(serverOf(t, s, "")+"#"+view.Hash))
	until(t, ctx, theCanvas+` !== null`)
	drawn(t, ctx)
	return view
}

// drawn waits until nothing is asked for and a frame has been drawn.
func drawn(t testing.TB, ctx context.Context) {
	t.Helper()
	settled(t, ctx)
	script := `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](script, chromedp.EvalAwaitPromise)); err != nil {
		fail(t, ctx, err)
	}
}

func itemsOn(t testing.TB, ctx context.Context) []thing {
	t.Helper()
	return value[[]thing](t, ctx, theCanvas+`.shown().items`)
}

func wiresOn(t testing.TB, ctx context.Context) []thing {
	t.Helper()
	return value[[]thing](t, ctx, theCanvas+`.shown().wires`)
}

// pixel is the colour in an item, left of its middle, where no text is in a small picture.
func pixel(t testing.TB, ctx context.Context, s thing) string {
	t.Helper()
	return value[string](t, ctx, fmt.Sprintf(`(c => { const b = c.getBoundingClientRect(), r = c.width / b.width;
		return [...c.getContext('2d').getImageData(Math.round((%v - b.left) * r), Math.round((%v - b.top) * r), 1, 1).data].join() })(`+theCanvas+`)`,
		s.X+s.W*0.3, s.Y+s.H/2))
}

// apart tells how unlike two colours are. A pixel at the border of a shape is a mixture.
func apart(a, b string) (sum int) {
	var p, q [4]int
	for i, text := range []string{a, b} {
		to := []*[4]int{&p, &q}[i]
		if _, err := fmt.Sscanf(text, "%d,%d,%d,%d", &to[0], &to[1], &to[2], &to[3]); err != nil {
			panic(err)
		}
	}
	for i := range p {
		sum += (p[i] - q[i]) * (p[i] - q[i])
	}
	return sum
}

// compareCanvas compares all values on the canvas with those of the circuit.
func compareCanvas(t testing.TB, ctx context.Context, c *circuit.Circuit, view *explore.View, input []bool) []thing {
	t.Helper()
	want, err := c.EvalAll(input)
	if err != nil {
		t.Fatal(err)
	}
	list := itemsOn(t, ctx)
	if len(list) != len(view.Items) {
		t.Fatalf("%d items are drawn, want %d", len(list), len(view.Items))
	}
	for _, s := range list {
		if !strings.HasPrefix(s.ID, "g") {
			continue
		}
		if one := want[s.Gate]; s.is("one") != one || s.Text != map[bool]string{false: "0", true: "1"}[one] {
			t.Errorf("%s is drawn as %q with the value %s; it is %v", s.ID, s.C, s.Text, one)
		}
	}
	return list
}

// All of digits is drawn gate by gate, and a toggle turns what it turns, on the canvas too.
func TestCrowdIsDrawnGateByGate(t *testing.T) {
	ctx := browser(t)
	c := shipped(t, "digits")
	view := crowd(t, ctx, c)
	input := make([]bool, len(c.Inputs()))
	before := compareCanvas(t, ctx, c, view, input)
	gates := 0
	for _, i := range view.Items {
		if i.Kind == "gate" && i.Gates == 1 {
			gates++
		}
	}
	if gates < c.Size() || !view.Crowd {
		t.Fatalf("%d of %d gates are in view, as a crowd: %v", gates, c.Size(), view.Crowd)
	}
	var off, on string // the colours of thresholds
	turned := 0
	for i := range 3 {
		click(t, ctx, fmt.Sprintf(`.bit[data-input="%d"]`, i))
		drawn(t, ctx)
		input[i] = true
		after := compareCanvas(t, ctx, c, view, input)
		for k, s := range after {
			if s.is("one") == before[k].is("one") || view.Items[k].Type != "THRESHOLD" {
				continue
			}
			turned++
			colour := pixel(t, ctx, s)
			if s.is("one") {
				on = colour
			} else {
				off = colour
			}
			if turned%10 == 0 {
				break
			}
		}
		before = after
	}
	if on == "" || off == "" || on == off {
		t.Errorf("of %d gates that turned, those that are 1 have the colour %q and the others %q", turned, on, off)
	}
	for k, s := range before {
		if view.Items[k].Type != "THRESHOLD" {
			continue
		}
		want, other := off, on
		if s.is("one") {
			want, other = on, off
		}
		if got := pixel(t, ctx, s); apart(got, want) >= apart(got, other) {
			t.Fatalf("%s, %q, has the colour %s, want about %s", s.ID, s.C, got, want)
		}
		if turned--; turned < 0 {
			break
		}
	}
}

// Where wires are drawn between frames, the gate that is selected has its own.
func TestSelectedGateHasItsWires(t *testing.T) {
	ctx := browser(t)
	c := shipped(t, "digits")
	crowd(t, ctx, c)
	gate := c.Outputs()[3].Gate()
	want := map[string]bool{}
	for _, l := range c.Fanin(gate) {
		want[fmt.Sprintf("g%d", l.Gate())] = true
	}
	for _, s := range itemsOn(t, ctx) {
		if s.ID == fmt.Sprintf("g%d", gate) {
			clickAt(t, ctx, s.X+s.W/2, s.Y+s.H/2)
		}
	}
	own := value[[]thing](t, ctx, theCanvas+`.shown().own`)
	for _, w := range append(own, wiresOn(t, ctx)...) {
		if w.B == fmt.Sprintf("g%d", gate) {
			delete(want, w.A)
		}
	}
	if len(want) > 0 || len(own) == 0 {
		t.Errorf("g%d is drawn without wires from %v, with %d of its own", gate, want, len(own))
	}
}

// fewWires has some inputs and few gates.
func fewWires(t testing.TB, inputs int) *circuit.Circuit {
	t.Helper()
	b := circuit.NewBuilder()
	x := b.Inputs("x", inputs)
	b.Begin("pairs")
	one, two := b.And(x[3], x[700]), b.Or(x[12], x[900])
	b.End()
	b.Begin("all")
	b.Output("y", b.Xor(one, two.Not()))
	b.End()
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// clickAt clicks as a mouse does.
func clickAt(t testing.TB, ctx context.Context, x, y float64) {
	t.Helper()
	run(t, ctx, chromedp.MouseClickXY(x, y))
	drawn(t, ctx)
}

func TestClicksOnCanvas(t *testing.T) {
	ctx := browser(t)
	c := fewWires(t, 1100)
	crowd(t, ctx, c)
	items := itemsOn(t, ctx)
	at := slices.IndexFunc(items, func(s thing) bool { return s.Gate == int(c.Outputs()[0].Gate()) && s.ID[0] == 'g' })
	if at < 0 {
		t.Fatal("the last gate is not drawn")
	}
	clickAt(t, ctx, items[at].X+items[at].W/2, items[at].Y+items[at].H/2)
	until(t, ctx, fmt.Sprintf(`location.hash.includes('select=%s') && document.querySelector('.right [data-value="%d"]') !== null`, items[at].ID, items[at].Gate))
	for i, s := range itemsOn(t, ctx) {
		if s.is("selected") != (i == at) {
			t.Errorf("%s is drawn as %q after a click on %s", s.ID, s.C, items[at].ID)
		}
	}
	label := value[string](t, ctx, theCanvas+`.ariaLabel`)
	if !strings.Contains(label, "1,104 items, of which 3 are gates") || !strings.Contains(label, "Selected: ⊕ 0, XOR") {
		t.Errorf("the canvas says %q", label)
	}
	tried := 0
	for i, w := range wiresOn(t, ctx) {
		if slices.ContainsFunc(items, func(s thing) bool { return s.holds(w.X, w.Y) }) {
			continue // an item lies above
		}
		tried++
		clickAt(t, ctx, w.X, w.Y)
		now := wiresOn(t, ctx)
		if !now[i].is("selected") {
			t.Errorf("a click on the wire from %s to %s leaves it as %q", w.A, w.B, now[i].C)
		}
		if text := value[string](t, ctx, `document.querySelector('.right h2').textContent`); text != "1 wire" {
			t.Errorf("of the wire from %s to %s the panel says %q", w.A, w.B, text)
		}
	}
	if tried < 3 {
		t.Errorf("%d wires were clicked", tried)
	}
	// Without its inputs it is no crowd any more.
	run(t, ctx, chromedp.Evaluate[chromedp.Void](`document.querySelector('[data-node="in0"] .sign').click()`))
	until(t, ctx, `document.querySelector('.picture svg [data-id="in0"]') !== null && `+theCanvas+` === null`)
}

func TestCanvasMovesAndFollowsTheme(t *testing.T) {
	ctx := browser(t)
	crowd(t, ctx, fewWires(t, 1100))
	before := itemsOn(t, ctx)[0]
	wheel := fmt.Sprintf(theCanvas+`.dispatchEvent(new WheelEvent('wheel', {clientX: %v, clientY: %v, deltaY: -400, bubbles: true, cancelable: true, view: window}))`,
		before.X, before.Y)
	value[bool](t, ctx, wheel)
	drawn(t, ctx)
	after := itemsOn(t, ctx)[0]
	if after.W < 1.5*before.W || after.X-before.X > 1 || before.X-after.X > 1 {
		t.Errorf("the wheel takes an item from %+v to %+v", before, after)
	}
	middle := value[[]float64](t, ctx, `(b => [b.x + b.width / 2, b.y + b.height / 2])(`+theCanvas+`.getBoundingClientRect())`)
	drag := fmt.Sprintf(`(c => { const e = (kind, x, y) => new MouseEvent(kind, {clientX: x, clientY: y, bubbles: true, cancelable: true, view: window});
		c.dispatchEvent(e('mousedown', %[1]v, %[2]v)); window.dispatchEvent(e('mousemove', %[1]v + 30, %[2]v + 20)); window.dispatchEvent(e('mouseup', %[1]v + 30, %[2]v + 20)); })(`+
		theCanvas+`)`, middle[0], middle[1])
	run(t, ctx, chromedp.Evaluate[chromedp.Void](drag))
	drawn(t, ctx)
	if now := itemsOn(t, ctx)[0]; now.X-after.X < 29 || now.X-after.X > 31 || now.Y-after.Y < 19 || now.Y-after.Y > 21 {
		t.Errorf("a drag by 30, 20 takes an item from %+v to %+v", after, now)
	}
	click(t, ctx, `.tools button:last-child`)
	drawn(t, ctx)
	fit := itemsOn(t, ctx)
	light := pixel(t, ctx, fit[0])
	value[string](t, ctx, `document.documentElement.dataset.theme = 'dark'`)
	drawn(t, ctx)
	if dark := pixel(t, ctx, fit[0]); dark == light {
		t.Errorf("an item has the colour %s in light and in dark", dark)
	}
	sharp := theCanvas + `.width === Math.round(` + theCanvas + `.clientWidth * devicePixelRatio)`
	if !value[bool](t, ctx, sharp) {
		t.Error("the canvas has not the pixels of the window")
	}
}

// The tree beside a crowd has few rows on the page, and the keyboard walks all of them.
func TestKeyboardWalksACrowd(t *testing.T) {
	ctx := browser(t)
	view := crowd(t, ctx, fewWires(t, 1100))
	rows := func() int { return value[int](t, ctx, `document.querySelectorAll('.tree [role=treeitem]').length`) }
	if n := rows(); n > 300 {
		t.Errorf("%d rows of %d are on the page", n, len(view.Items))
	}
	last := fmt.Sprintf("y%d", 0)
	const key = `document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'KEY', bubbles: true, cancelable: true})), true`
	value[bool](t, ctx, `document.querySelector('.tree [role=treeitem]').focus(), true`)
	value[bool](t, ctx, strings.Replace(key, "KEY", "End", 1))
	until(t, ctx, fmt.Sprintf(`document.activeElement.dataset.node === %q`, last))
	value[bool](t, ctx, strings.Replace(key, "KEY", "Enter", 1))
	until(t, ctx, `location.hash.includes('select=`+last+`')`)
	drawn(t, ctx)
	if chosen := itemsOn(t, ctx); !slices.ContainsFunc(chosen, func(s thing) bool { return s.ID == last && s.is("selected") }) {
		t.Errorf("Enter on %s does not select it in the picture", last)
	}
	value[bool](t, ctx, strings.Replace(key, "KEY", "Home", 1))
	until(t, ctx, `document.activeElement.ariaLevel === '1' && document.activeElement.ariaPosInSet === '1'`)
	if n := rows(); n > 300 {
		t.Errorf("%d rows of %d are on the page", n, len(view.Items))
	}
}

func TestAxeFindsNoSeriousFaultInACrowd(t *testing.T) {
	axe, err := os.ReadFile(filepath.Join("node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Skip("npm has brought no axe-core here: npm ci in cmd/page")
	}
	ctx := browser(t)
	crowd(t, ctx, fewWires(t, 1100))
	for _, theme := range []string{"light", "dark"} {
		faultless(t, ctx, string(axe), theme)
	}
}
