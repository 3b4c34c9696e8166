package page_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/tc0lab/tc0/explore"
	"github.com/tc0lab/tc0/explore/sketch"
)

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
