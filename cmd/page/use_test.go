package page_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/problem"
	"github.com/tc0lab/tc0/explore"
	"github.com/tc0lab/tc0/explore/origin"
	"github.com/tc0lab/tc0/explore/sketch"
	"github.com/tc0lab/tc0/gates"
)

// problemOf makes the circuit of a problem.
func problemOf(t testing.TB, name string) *circuit.Circuit {
	t.Helper()
	spec, err := problem.Parse(name)
	if err != nil {
		t.Fatal(err)
	}
	c, err := spec.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// typed gives a field a value as a person does who types it and leaves the field.
func typed(t testing.TB, ctx context.Context, selector, text, event string) {
	t.Helper()
	if !value[bool](t, ctx, `(e => { e.value = `+"`"+text+"`"+`; return e.dispatchEvent(new Event('`+event+
		`', {bubbles: true})) })(document.querySelector('`+selector+`'))`) {
		t.Fatalf("%s takes no text", selector)
	}
	settled(t, ctx)
}

func TestIntegerIsTyped(t *testing.T) {
	ctx := browser(t)
	c := built(t, "attention:n=2,d=1,bits=2")
	opened(t, ctx, c, "")
	typed(t, ctx, `.port input`, "-2", "change")
	until(t, ctx, `document.querySelector('[data-differ]')?.dataset.differ === '1'`)
	bits := value[string](t, ctx, `[...document.querySelectorAll('.bit')].map(e => e.textContent).join('')`)
	if bits != "0100" {
		t.Errorf("x[0,0] = −2 gives the bits %s, want 0100", bits)
	}
	compare(t, ctx, c, 0)
	typed(t, ctx, `.port input`, "7", "change")
	until(t, ctx, `document.querySelector('[role=alert]') !== null`)
	if text := value[string](t, ctx, `document.querySelector('[role=alert]').textContent`); !strings.Contains(text, "7") {
		t.Errorf("of a number out of range the page says %q", text)
	}
	until(t, ctx, `document.querySelector('.port input').value === '-2'`) // as it is, not as it was refused
	click(t, ctx, `.warning button`)
	until(t, ctx, `document.querySelector('[data-differ]') === null`)
}

func TestSearchUnfoldsAndSelects(t *testing.T) {
	ctx := browser(t)
	c := built(t, "attention:n=2,d=1,bits=2")
	opened(t, ctx, c, "")
	typed(t, ctx, `#search`, "g44", "input")
	until(t, ctx, `document.querySelector('.found button') !== null`)
	click(t, ctx, `.found button`)
	until(t, ctx, `document.querySelector('.picture .item.selected')?.dataset.id === 'g44'`)
	until(t, ctx, `document.querySelector('.right').innerText.includes('threshold')`)
	if n := value[int](t, ctx, `document.querySelectorAll('.right tbody tr').length`); n < 22 {
		t.Errorf("the panel has %d rows, want the 22 terms of g44 and the outputs", n)
	}
}

// A picture of two rows and two columns: the pen goes over its upper row.
func TestImageIsDrawn(t *testing.T) {
	ctx := browser(t)
	c := built(t, "mlp:n=4,hidden=2,out=1,bits=2")
	image := map[string]explore.Codec{"x": {Kind: "image", Rows: 2, Columns: 2}}
	openedAs(t, ctx, c, "", explore.Options{Name: "test", Codecs: image})
	value[bool](t, ctx, `(e => {
		e.setPointerCapture = () => {};
		const box = e.getBoundingClientRect();
		const at = (type, x) => e.dispatchEvent(new PointerEvent(type, {bubbles: true, pointerId: 1, buttons: 1,
			clientX: box.left + box.width * x, clientY: box.top + box.height / 4}));
		at('pointerdown', 0.25);
		at('pointermove', 0.75);
		return at('pointerup', 0.75);
	})(document.querySelector('.drawn'))`)
	settled(t, ctx)
	until(t, ctx, `document.querySelector('[data-differ]') !== null`)
	got := value[[]string](t, ctx, `[...document.querySelectorAll('.drawn rect')].map(e => e.getAttribute('fill'))`)
	white, black := "rgb(255,255,255)", value[string](t, ctx, `document.querySelectorAll('.drawn rect')[3].getAttribute('fill')`)
	if !slices.Equal(got, []string{white, white, black, black}) || black == white {
		t.Errorf("the picture is %v", got)
	}
	value[bool](t, ctx, `document.querySelectorAll('details').forEach(d => { d.open = true }) ?? true`)
	until(t, ctx, `document.querySelectorAll('.bit').length === 8`)
	compare(t, ctx, c, 0)
}

func TestConeLeavesTheRestOut(t *testing.T) {
	ctx := browser(t)
	c := built(t, "attention:n=2,d=1,bits=2")
	opened(t, ctx, c, "#open=s3,s4&select=g12")
	until(t, ctx, `document.querySelector('.acts button') !== null`)
	click(t, ctx, `.acts button`)
	until(t, ctx, `location.hash.includes('filter=cone.12.0')`)
	got := value[[]string](t, ctx, `[...document.querySelectorAll('.picture .item[data-id]')].map(e => e.dataset.id).sort()`)
	// g12 reads x[0,0].0, x[0,0].1 and g5, and g5 reads both as well.
	if want := []string{"g12", "in0", "s2"}; !slices.Equal(got, want) {
		t.Errorf("the cone of g12 shows %v, want %v", got, want)
	}
}

func TestWireIsClicked(t *testing.T) {
	ctx := browser(t)
	opened(t, ctx, built(t, "attention:n=2,d=1,bits=2"), "")
	click(t, ctx, `[data-wire="in0 s2"]`)
	until(t, ctx, `document.querySelector('.right h2').textContent === '12 wires'`)
	if n := value[int](t, ctx, `document.querySelectorAll('.picture .wire.selected').length`); n != 1 {
		t.Errorf("%d wires are marked, want 1", n)
	}
}

func TestOutputWireSaysWhatItMeans(t *testing.T) {
	ctx := browser(t)
	c := built(t, "attention:n=2,d=1,bits=2")
	opened(t, ctx, c, "#open=out0,q0&select=y2")
	until(t, ctx, `document.querySelector('.right').innerText.includes('y[0,0].2: y[0,0] ≥ 1')`)
	flips := value[[]int](t, ctx, `[...document.querySelectorAll('[data-flip]')].map(e => Number(e.dataset.flip))`)
	zeros := make([]bool, len(c.Inputs()))
	var want []int
	for i := range zeros {
		zeros[i] = true
		out, err := c.Eval(zeros)
		if err != nil {
			t.Fatal(err)
		}
		if zeros[i] = false; out[2] {
			want = append(want, i)
		}
	}
	if !slices.Equal(flips, want) || len(want) == 0 {
		t.Errorf("the page says that inputs %v flip y[0,0].2; they are %v", flips, want)
	}
}

func TestAddressOfAnotherCircuitShowsThisOne(t *testing.T) {
	ctx := browser(t)
	opened(t, ctx, built(t, "attention:n=2,d=1,bits=2"), "#open=s99")
	if text := value[string](t, ctx, `document.querySelector('[role=alert]')?.textContent ?? ''`); !strings.Contains(text, `no item "s99"`) {
		t.Errorf("the page says %q", text)
	}
	if n := value[int](t, ctx, `document.querySelectorAll('.picture .item').length`); n != 6 {
		t.Errorf("%d items are shown, want 6", n)
	}
}

// What the page saves is what is drawn of the state in its address.
func TestFigureIsThatOfTheAddress(t *testing.T) {
	ctx := browser(t)
	c := built(t, "attention:n=2,d=1,bits=2")
	const hash = "open=s2,s5&select=g49&bits=4.6"
	opened(t, ctx, c, "#"+hash)
	state, err := explore.ParseHash(hash)
	if err != nil {
		t.Fatal(err)
	}
	session, err := explore.Open(c, explore.Options{Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	for button, format := range map[string]string{"save": "svg", "save-tex": "tex"} {
		got, err := chromedp.Run(ctx, chromedp.Evaluate[string](`(async () => {
			const made = new Promise(done => { URL.createObjectURL = b => { done(b); return 'data:,' } });
			document.querySelector('[data-act=`+button+`]').click();
			return (await made).text();
		})()`, chromedp.EvalAwaitPromise))
		if err != nil {
			fail(t, ctx, err)
		}
		want, err := sketch.Write(session, state, format, sketch.Config{})
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("the page saves another %s: %.200s", format, got)
		}
	}
}

// What a new user asks of a softmax head: its depth, which inputs flip y[0,0] ≥ 1, why the AND gates are there.
func TestQuestionsOfANewUser(t *testing.T) {
	ctx := browser(t)
	p, err := compile.Attention{Features: 1, Bits: 2}.Program(2)
	if err != nil {
		t.Fatal(err)
	}
	c, err := lower.Program(p, lower.MinDepth)
	if err != nil {
		t.Fatal(err)
	}
	openedAs(t, ctx, c, "", explore.Options{Name: "test", Reasons: origin.Reasons(p)})
	if got, want := value[string](t, ctx, `document.querySelector('[data-depth]').textContent`),
		"depth 3 (standard model), outputs: thermometer code"; got != want {
		t.Errorf("the header says %q, want %q", got, want)
	}
	if got := value[string](t, ctx, `document.querySelector('[data-depth]').title`); !strings.Contains(got, "every other gate 1 at any fan-in") {
		t.Errorf("of the depth it says %q", got)
	}
	click(t, ctx, `.bound[data-output="2"]`)
	until(t, ctx, `document.querySelector('.right h2').textContent === 'y[0,0] ≥ 1'`)
	flips := value[[]int](t, ctx, `[...document.querySelectorAll('[data-flip]')].map(e => Number(e.dataset.flip))`)
	if marked := value[[]int](t, ctx, `[...document.querySelectorAll('.left .bit.flips')].map(e => Number(e.dataset.input))`); !slices.Equal(marked, flips) || len(flips) == 0 {
		t.Errorf("the bits %v are marked, want %v", marked, flips)
	}
	click(t, ctx, `[data-flip]`)
	until(t, ctx, `document.querySelector('.right dd[data-value]').textContent === '1'`)
	const why = "AND of 2 inputs: the product of a bit of the queries and a bit of the keys; the stage scores sums such products."
	for g := range circuit.Gate(c.Len()) {
		if c.Kind(g) != gates.And {
			continue
		}
		typed(t, ctx, `#search`, fmt.Sprintf("g%d", g), "input")
		until(t, ctx, fmt.Sprintf(`document.querySelector('.found button')?.textContent.startsWith('g%d ')`, g))
		click(t, ctx, `.found button`)
		until(t, ctx, fmt.Sprintf(`document.querySelector('.right dd[data-value="%d"]') !== null`, g))
		if got := value[string](t, ctx, `document.querySelector('[data-why]')?.textContent ?? ''`); got != why {
			t.Errorf("the page says of g%d: %q, want %q", g, got, why)
		}
	}
}

func TestLampsAndTapesAreToggled(t *testing.T) {
	ctx := browser(t)
	c := problemOf(t, "rule110:n=8")
	tape := explore.Codec{Kind: "tape", Rows: 1, Columns: 8}
	openedAs(t, ctx, c, "", explore.Options{Name: "test", Input: "00010000", Codecs: map[string]explore.Codec{"cell": tape, "after": tape}})
	click(t, ctx, `.tape .bit[data-input="4"]`)
	const row = `[...document.querySelectorAll('%s .tape > *')].map(e => e.textContent).join('')`
	until(t, ctx, fmt.Sprintf(row, ".left")+` === '00011000'`)
	// Rule 110: 111 → 0, 110 → 1, 101 → 1, 100 → 0, 011 → 1, 010 → 1, 001 → 1, 000 → 0.
	if got := value[string](t, ctx, fmt.Sprintf(row, ".right")); got != "00111000" {
		t.Errorf("after 00011000 there is %s, want 00111000", got)
	}
	if n := value[int](t, ctx, `document.querySelectorAll('.tape .bit.changed').length`); n != 1 {
		t.Errorf("%d cells differ from the file, want 1", n)
	}
	compare(t, ctx, c, 0)
}

func TestDigitsAreTypedOnABoard(t *testing.T) {
	ctx := browser(t)
	c := problemOf(t, "sudoku:n=1")
	board := explore.Codec{Kind: "board", Rows: 9, Columns: 9}
	openedAs(t, ctx, c, "", explore.Options{
		Name: "test", Input: strings.Repeat("1", 729), Codecs: map[string]explore.Codec{"cell": board, "after": board},
	})
	click(t, ctx, `.left .board .cell:nth-child(2)`)
	value[bool](t, ctx, `(e => e.dispatchEvent(new KeyboardEvent('keydown', {key: '7', bubbles: true})))(document.querySelector('.left .board .cell:nth-child(2)'))`)
	until(t, ctx, `document.querySelector('.left .board .cell:nth-child(2)').textContent === '7'`)
	settled(t, ctx)
	cells := value[[]string](t, ctx, `[...document.querySelectorAll('.right .board .cell')].map(e => e.textContent)`)
	for i, text := range cells {
		want := "" // any digit
		switch row, column := i/9, i%9; {
		case i == 1:
			want = "7"
		case row == 0 || column == 1 || row < 3 && column < 3:
			want = "12345689"
		}
		if text != want {
			t.Errorf("cell %d is %q after a round, want %q", i, text, want)
		}
	}
	if n := value[int](t, ctx, `document.querySelectorAll('.left .board .changed').length`); n != 1 {
		t.Errorf("%d cells differ from the file, want 1", n)
	}
}

func TestLettersAreChosen(t *testing.T) {
	ctx := browser(t)
	c := problemOf(t, "dyck1:n=4")
	letters := map[string]explore.Codec{"x": {Kind: "tokens", Vocabulary: []string{")", "("}}}
	openedAs(t, ctx, c, "", explore.Options{Name: "test", Input: "1010", Codecs: letters})
	const word = `[...document.querySelectorAll('.letters select')].map(e => e.selectedOptions[0].text).join('')`
	if got := value[string](t, ctx, word); got != "()()" {
		t.Errorf("1010 is shown as %s", got)
	}
	typed(t, ctx, `.letters select:last-child`, "1", "change")
	until(t, ctx, word+` === '()(('`)
	if got := value[string](t, ctx, `document.querySelector('[data-outputs] .value').textContent.trim()`); got != "0" {
		t.Errorf("()(( is balanced: %s", got)
	}
}

// Two pages of one server toggle their own inputs.
func TestPagesOfOneServerHaveTheirOwnInputs(t *testing.T) {
	first := browser(t)
	opened(t, first, built(t, "attention:n=2,d=1,bits=2"), "")
	address := value[string](t, first, `location.href`)
	second, cancel := chromedp.NewContext(first)
	defer cancel()
	run(t, second, chromedp.Navigate(address))
	until(t, second, `document.querySelector('.picture .item') !== null`)
	settled(t, second)
	click(t, second, `.bit[data-input="1"]`)
	const bits = `[...document.querySelectorAll('.bit')].map(e => e.textContent).join('')`
	until(t, second, bits+` === '0100'`)
	click(t, first, `.bit[data-input="0"]`)
	until(t, first, bits+` === '1000'`)
	click(t, second, `.bit[data-input="3"]`)
	until(t, second, bits+` === '0101'`)
}

// The width of a circuit of many columns is not squeezed into the window.
func TestLongCircuitBeginsLegibleAtItsInputs(t *testing.T) {
	ctx := browser(t)
	c := problemOf(t, "rule110:n=5,steps=40")
	opened(t, ctx, c, "")
	const scale = `Number(/scale\(([\d.]+)\)/.exec(document.querySelector('.picture .all').getAttribute('transform'))[1])`
	if k := value[float64](t, ctx, scale); k < 0.6 {
		t.Errorf("the picture begins at the scale %.3f, want 0.6 at least", k)
	}
	at := value[[]float64](t, ctx, `(r => [r.left, r.right])(document.querySelector('.picture [data-id=in0]').getBoundingClientRect())`)
	if at[0] < 0 || at[1] > 1280 {
		t.Errorf("the inputs stand at %v, outside the window", at)
	}
	if part := value[float64](t, ctx, `Number(document.querySelector('.bars .window').getAttribute('width'))`); part >= 500 {
		t.Errorf("the map says that %.0f of 1000 are in sight", part)
	}
	click(t, ctx, `.tools button:last-child`)
	until(t, ctx, scale+` < 0.6`)
}

// Where more is unfolded than can be drawn, there is density by itself, which says why, and items again by a click.
func TestTooManyAreShownAsDensity(t *testing.T) {
	ctx := browser(t)
	c := fewWires(t, explore.MostItems+2000)
	s, err := explore.Open(c, explore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	view := everything(t, s)
	server := serverOf(t, s, "")
	run(t, ctx, chromedp.Navigate(server+"#"+view.Hash))
	until(t, ctx, `document.querySelector('.picture canvas') !== null`)
	if text := value[string](t, ctx, `document.querySelector('.told').textContent`); !strings.HasPrefix(text, view.Full[0]) {
		t.Errorf("the page says %q, want %q", text, view.Full[0])
	}
	click(t, ctx, `[data-act="density"]`)
	if n := value[int](t, ctx, theCanvas+`.shown().items.length`); n != len(view.Items) {
		t.Errorf("%d boxes are shown, want %d", n, len(view.Items))
	}
}

// Another size of the window shows the whole again, unless somebody has moved the picture.
func TestResizeFits(t *testing.T) {
	ctx := browser(t)
	opened(t, ctx, problemOf(t, "parity:n=8"), "")
	const fits = `(([p, w]) => p.left >= w.left && p.right <= w.right && p.top >= w.top && p.bottom <= w.bottom)(
		[document.querySelector('.picture svg .all'), document.querySelector('.picture svg')].map(e => e.getBoundingClientRect()))`
	until(t, ctx, fits)
	run(t, ctx, chromedp.EmulateViewport(900, 620))
	until(t, ctx, fits)
	click(t, ctx, `[aria-label="Zoom in"]`)
	click(t, ctx, `[aria-label="Zoom in"]`)
	click(t, ctx, `[aria-label="Zoom in"]`)
	scale := value[float64](t, ctx, `document.querySelector('.picture svg').__zoom.k`)
	run(t, ctx, chromedp.EmulateViewport(1200, 800))
	settled(t, ctx)
	if now := value[float64](t, ctx, `document.querySelector('.picture svg').__zoom.k`); now != scale {
		t.Errorf("what somebody has zoomed to scale %v is at %v in another window", scale, now)
	}
}

// A kind of gate finds the gates of that kind.
func TestSearchKnowsKinds(t *testing.T) {
	x := explore.New(problemOf(t, "parity:n=4"), explore.Options{})
	hits := x.Search("threshold", 2)
	if len(hits) != 2 || hits[0].What != "THRESHOLD gate" || hits[0].Gate == nil {
		t.Errorf("%+v", hits)
	}
	if hits := x.Search("xor", 3); len(hits) != 0 {
		t.Errorf("there is no XOR gate, and found are %+v", hits)
	}
}
