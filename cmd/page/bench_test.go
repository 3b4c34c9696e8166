package page_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/explore"
)

// clock notes in every page, in milliseconds from where its loading began, the first frame with a picture and the first
// one in which nothing is waited for.
const clock = `window.times = {}; (function look() {
	const p = document.querySelector('.picture');
	if (p?.querySelector('.item, canvas')) times.picture ??= performance.now();
	if (times.picture && p.ariaBusy === 'false') times.ready ??= performance.now();
	if (!times.ready) requestAnimationFrame(look);
})()`

// timed does something, and gives the milliseconds until the page says something new and two frames have followed.
const timed = `(act => { const frame = () => new Promise(requestAnimationFrame), told = document.querySelector('p[role=status].hidden-text');
	return new Promise(async done => {
		const start = performance.now(), said = new Promise(again => new MutationObserver(again).observe(told, {childList: true, characterData: true, subtree: true}));
		act(); await said; await frame(); await frame(); done(performance.now() - start);
	}) })`

// frames moves the picture by the wheel, in and out, and gives the milliseconds of each frame.
const frames = `(async c => { const frame = () => new Promise(requestAnimationFrame), b = c.getBoundingClientRect(), list = [];
	let last = await frame();
	for (let i = 0; i < 80; i++) {
		c.dispatchEvent(new WheelEvent('wheel', {clientX: b.x + b.width * (0.3 + i % 40 / 100), clientY: b.y + b.height / 2, deltaY: i % 40 < 20 ? -60 : 60,
			bubbles: true, cancelable: true, view: window}));
		const now = await frame();
		list.push(now - last); last = now;
	}
	return list; })`

// samples are measurements by what they are of.
type samples map[string][]float64

// report gives the medians to the benchmark.
func (s samples) report(b *testing.B) {
	for what, list := range s {
		slices.Sort(list)
		b.ReportMetric(list[len(list)/2], what)
	}
}

func (s samples) add(what string, list ...float64) { s[what] = append(s[what], list...) }

// awaited computes something on the page that is promised.
func awaited[T any](b *testing.B, ctx context.Context, script string) T {
	b.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		fail(b, ctx, err)
	}
	return v
}

// load opens an address and notes when there was a picture and when the page was ready.
func (s samples) load(b *testing.B, ctx context.Context, address string) {
	b.Helper()
	run(b, ctx, chromedp.Navigate(address))
	until(b, ctx, `times.ready > 0`)
	s.add("picture-ms", value[float64](b, ctx, `times.picture`))
	s.add("ready-ms", value[float64](b, ctx, `times.ready`))
}

// toggle clicks on input bits, one after another.
func (s samples) toggle(b *testing.B, ctx context.Context, what string, count int) {
	b.Helper()
	for i := range count {
		act := fmt.Sprintf(`(() => document.querySelector('.bit[data-input="%d"]').click())`, i)
		s.add(what, awaited[float64](b, ctx, timed+act))
	}
}

// clocked starts a browser whose pages note their times.
func clocked(b *testing.B) context.Context {
	b.Helper()
	ctx := browser(b)
	if _, err := chromedp.Call(ctx, page.Enable, page.EnableParams{}); err != nil {
		b.Fatal(err)
	}
	script := page.AddScriptToEvaluateOnNewDocumentParams{Source: clock}
	if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, script); err != nil {
		b.Fatal(err)
	}
	return ctx
}

// filed writes the page of a circuit as one file, and returns its address and size.
func filed(b *testing.B, c *circuit.Circuit, name string) (address string, size int) {
	b.Helper()
	path, text := filepath.Join(b.TempDir(), "x.html"), fileOf(b, c, name)
	if err := os.WriteFile(path, text, 0o666); err != nil {
		b.Fatal(err)
	}
	return "file://" + path, len(text)
}

// BenchmarkPage measures what a person waits for, in medians. In files the Go core is WebAssembly.
//
//	picture-ms    from the beginning of loading to the first frame with a picture
//	ready-ms      to the first frame in which inputs can be toggled
//	toggle-ms     from a click on an input bit to the second frame after all values are there
//	unfolded-ms   the same with every gate in view, on the canvas
//	frame-ms      a frame while the wheel zooms
//	bytes         of the file
//	open-ms       of words: from the circuit that is built to the first picture
func BenchmarkPage(b *testing.B) {
	b.Run("digits", func(b *testing.B) {
		ctx, c, s := clocked(b), shipped(b, "digits"), samples{}
		session, err := explore.Open(c, explore.Options{})
		if err != nil {
			b.Fatal(err)
		}
		view := everything(b, session)
		address, size := filed(b, c, "digits")
		for b.Loop() {
			s.load(b, ctx, address)
			s.toggle(b, ctx, "toggle-ms", 10)
			value[string](b, ctx, fmt.Sprintf(`location.hash = %q`, view.Hash))
			until(b, ctx, theCanvas+`?.shown().items.length > 1000`)
			drawn(b, ctx)
			s.toggle(b, ctx, "unfolded-ms", 20)
			s.add("frame-ms", awaited[[]float64](b, ctx, frames+`(`+theCanvas+`)`)...)
		}
		s.report(b)
		b.ReportMetric(float64(size), "bytes")
	})
	b.Run("adder", func(b *testing.B) {
		ctx, s := clocked(b), samples{}
		address, size := filed(b, shipped(b, "adder"), "adder")
		for b.Loop() {
			s.load(b, ctx, address)
			s.toggle(b, ctx, "toggle-ms", 10)
		}
		s.report(b)
		b.ReportMetric(float64(size), "bytes")
	})
	b.Run("words", func(b *testing.B) {
		if testing.Short() {
			b.Skip("2.3 million gates are built in ten seconds, which -short leaves out")
		}
		ctx, c, s := clocked(b), shipped(b, "words"), samples{}
		for b.Loop() {
			start := time.Now()
			session, err := explore.Open(c, explore.Options{Name: "words"})
			if err != nil {
				b.Fatal(err)
			}
			s.load(b, ctx, serverOf(b, session, ""))
			s.add("open-ms", float64(time.Since(start).Milliseconds()))
			s.toggle(b, ctx, "toggle-ms", 5)
			click(b, ctx, `[data-act="density"]`)
			until(b, ctx, `document.querySelector('.picture canvas') !== null`)
			s.add("frame-ms", awaited[[]float64](b, ctx, frames+`(document.querySelector('.picture canvas'))`)...)
		}
		s.report(b)
	})
}
