package page_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/cmd/page"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/explore"
	"github.com/tc0lab/tc0/explore/sketch"
	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/tooltest"
)

// built makes the circuit of a family.
func built(t testing.TB, name string) *circuit.Circuit {
	t.Helper()
	spec, err := compile.ParseSpec(name)
	if err != nil {
		t.Fatal(err)
	}
	made, err := spec.Instance()
	if err != nil {
		t.Fatal(err)
	}
	strategy, err := spec.Strategy()
	if err != nil {
		t.Fatal(err)
	}
	c, err := lower.Program(made.Program, strategy)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// browser starts a headless browser, or skips the test.
func browser(t testing.TB) context.Context {
	t.Helper()
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("no Chromium or Chrome is here to open the page in")
	}
	ctx, cancel := chromedp.NewExecAllocator(tooltest.Context(t), chromedp.ExecPath(path), chromedp.Headless,
		chromedp.NoSandbox, chromedp.Flag("disable-dev-shm-usage", true), chromedp.WindowSize(1280, 900),
		chromedp.WSURLReadTimeout(time.Minute))
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("the browser %s did not start: %v", path, err)
	}
	return ctx
}

// opened serves a circuit and opens its page.
func opened(t testing.TB, ctx context.Context, c *circuit.Circuit, hash string) {
	t.Helper()
	openedAs(t, ctx, c, hash, explore.Options{Name: "test"})
}

// serverOf serves a session, with a tour unless that is "", and returns the address of its page.
func serverOf(t testing.TB, session *explore.Session, tour string) string {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	host := server.Listener.Addr().String()
	var text json.RawMessage
	if tour != "" {
		text = json.RawMessage(tour)
	}
	server.Config.Handler = page.NewServer(sketch.Session{Session: session}, host, token, text)
	server.Start()
	t.Cleanup(server.Close)
	return "http://" + host + "/" + token + "/"
}

// openedAs is opened with what is known of the circuit.
func openedAs(t testing.TB, ctx context.Context, c *circuit.Circuit, hash string, opt explore.Options) {
	t.Helper()
	openedWith(t, ctx, c, opt, "", hash)
}

// run does something on the page.
func run(t testing.TB, ctx context.Context, action chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, action); err != nil {
		fail(t, ctx, err)
	}
}

// fail ends a test with what the page says.
func fail(t testing.TB, ctx context.Context, err error) {
	t.Helper()
	text, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText.slice(0, 300)`))
	t.Fatalf("%v; the page says %q", err, text)
}

// value computes something on the page.
func value[T any](t testing.TB, ctx context.Context, script string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script))
	if err != nil {
		fail(t, ctx, fmt.Errorf("%s: %w", script, err))
	}
	return v
}

// until waits for a condition in the page's script. While the page changes for another one, there is nothing to ask.
func until(t testing.TB, ctx context.Context, script string) {
	t.Helper()
	end := time.Now().Add(min(20*time.Second, tooltest.Limit(t)/4))
	for {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](script))
		switch {
		case ok && err == nil:
			return
		case time.Now().After(end):
			fail(t, ctx, fmt.Errorf("%s does not come true: %w", script, cmp.Or(err, errors.New("it is false"))))
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// settled waits until the page waits for nothing.
func settled(t testing.TB, ctx context.Context) {
	t.Helper()
	until(t, ctx, `document.querySelector('.picture').ariaBusy === 'false'`)
}

// click clicks by the page's own events, as a person does, on what the selector finds.
func click(t testing.TB, ctx context.Context, selector string) {
	t.Helper()
	done := value[bool](t, ctx, fmt.Sprintf(
		`(e => { e?.dispatchEvent(new MouseEvent('click', {bubbles: true})); return !!e })(document.querySelector(%q))`, selector))
	if !done {
		t.Fatalf("there is no %s on the page", selector)
	}
	settled(t, ctx)
}

// shown are the values of gates that the page shows.
type shown struct {
	ID    string `json:"id"`
	Gate  int    `json:"gate"`
	Value string `json:"value"`
	Text  string `json:"text"`
}

const gatesShown = `[...document.querySelectorAll('.picture g[data-gate][data-id^="g"]')].map(e => ({id: e.dataset.id,
	gate: Number(e.dataset.gate), value: e.dataset.value ?? '', text: [...e.querySelectorAll('text')].at(-1).textContent}))`

// compare compares all values that the page shows with those of the circuit.
func compare(t *testing.T, ctx context.Context, c *circuit.Circuit, least int) {
	t.Helper()
	bits := value[string](t, ctx, `[...document.querySelectorAll('.bit')].sort((a, b) => a.dataset.input - b.dataset.input)
		.map(e => e.textContent.trim()).join('')`)
	if len(bits) != len(c.Inputs()) {
		t.Fatalf("the page shows %d input bits, the circuit has %d", len(bits), len(c.Inputs()))
	}
	in := make([]bool, len(bits))
	for i := range in {
		in[i] = bits[i] == '1'
	}
	want, err := c.EvalAll(in)
	if err != nil {
		t.Fatal(err)
	}
	list := value[[]shown](t, ctx, gatesShown)
	for _, s := range list {
		bit := "0"
		if want[s.Gate] {
			bit = "1"
		}
		if s.Value != bit || s.Text != bit {
			t.Errorf("inputs %s: the page shows %s as %q, written %q; it is %s", bits, s.ID, s.Value, s.Text, bit)
		}
	}
	compareOutputs(t, ctx, c, want)
	if len(list) < least {
		t.Errorf("the page shows %d gates, want %d at least", len(list), least)
	}
}

// compareOutputs compares the numbers of the outputs that the page shows.
func compareOutputs(t *testing.T, ctx context.Context, c *circuit.Circuit, gates []bool) {
	t.Helper()
	bits := c.OutputBits(gates)
	var want []string
	for _, p := range c.OutputPorts() {
		text := "no code"
		if v, err := p.Format.Decode(bits[:len(p.Wires)]); err == nil {
			text = strings.ReplaceAll(v.String(), "-", "−")
		}
		want = append(want, p.Name+" "+text)
		bits = bits[len(p.Wires):]
	}
	got := value[[]string](t, ctx, `[...document.querySelectorAll('[data-outputs] tr:not([data-bounds])')].map(r => [...r.cells].map(c => c.textContent).join(' '))`)
	if !slices.Equal(got, want) {
		t.Errorf("the page shows the outputs %q, they are %q", got, want)
	}
}

const folded = `.picture g[data-fold][data-id^="s"]`

func TestEveryValueShownIsThatOfTheCircuit(t *testing.T) {
	ctx := browser(t)
	c := built(t, "attention:n=2,d=1,bits=2")
	opened(t, ctx, c, "")
	for range 3 {
		click(t, ctx, folded)
	}
	frames := value[int](t, ctx, `document.querySelectorAll('.picture [data-frame]').length`)
	if frames < 3 {
		t.Errorf("%d stages are unfolded, want 3", frames)
	}
	compare(t, ctx, c, 1)
	for i := range len(c.Inputs()) {
		click(t, ctx, fmt.Sprintf(`.bit[data-input="%d"]`, i))
		compare(t, ctx, c, 1)
	}
	if n := value[string](t, ctx, `document.querySelector('[data-differ]')?.dataset.differ ?? ''`); n != strconv.Itoa(len(c.Inputs())) {
		t.Errorf("the page says that %q bits differ from the file's, want %d", n, len(c.Inputs()))
	}
	for value[int](t, ctx, fmt.Sprintf(`document.querySelectorAll(%q).length`, `.picture g[data-fold]`)) > 0 {
		click(t, ctx, `.picture g[data-fold]`)
	}
	compare(t, ctx, c, c.Size())
}

func TestCriticalPathHasDepthGates(t *testing.T) {
	ctx := browser(t)
	c := built(t, "attention:n=2,d=1,bits=2")
	opened(t, ctx, c, "")
	click(t, ctx, `[data-act="path"]`)
	until(t, ctx, `document.querySelector('ol[data-path]') !== null`)
	depth := value[int](t, ctx, `Number(document.querySelector('[data-depth]').dataset.depth)`)
	if depth != c.Stats().Depth {
		t.Errorf("the page says depth %d, the circuit has %d", depth, c.Stats().Depth)
	}
	path := value[[]int](t, ctx, `[...document.querySelectorAll('ol[data-path] button')].map(e => Number(e.dataset.link))`)
	levels := c.Levels(gates.Standard()).Gate
	var last uint32
	for _, number := range path {
		if at := levels[number]; at > last+1 || at < last {
			t.Errorf("the path %v goes from level %d to %d", path, last, at)
		} else {
			last = at
		}
	}
	if int(last) != depth || len(path) < depth {
		t.Errorf("the path %v ends at level %d, want %d", path, last, depth)
	}
	// Folded, the items that it goes through are marked apart; unfolded, its gates, and the wires from one to the next.
	const apart = `[...document.querySelectorAll('.picture .item.chain')].map(e => e.dataset.id)`
	if got := value[[]string](t, ctx, apart); !slices.Equal(got, []string{"in0", "s2", "s3", "s5"}) {
		t.Errorf("the path goes through %v", got)
	}
	click(t, ctx, `[data-act="unfold-path"]`)
	var want []string
	for _, g := range path {
		want = append(want, fmt.Sprintf("g%d", g))
	}
	if got := value[[]string](t, ctx, apart); !slices.Equal(got, want) {
		t.Errorf("the gates %v are marked, want %v", got, want)
	}
	if n := value[int](t, ctx, `document.querySelectorAll('.picture .wire.chain').length`); n < len(path)-1 {
		t.Errorf("%d wires are marked, want %d at least", n, len(path)-1)
	}
	if all := value[int](t, ctx, `document.querySelectorAll('.picture .item.path').length`); all <= len(path) {
		t.Errorf("%d items are on some longest path, want more than the %d of one", all, len(path))
	}
	click(t, ctx, fmt.Sprintf(`ol[data-path] [data-link="%d"]`, path[1]))
	until(t, ctx, fmt.Sprintf(`document.querySelector('.picture .item.selected')?.dataset.id === 'g%d'`, path[1]))
	if value[string](t, ctx, `document.querySelector('ol[data-path]')?.dataset.path ?? ''`) != "3" {
		t.Error("a click on a gate of the path ends the path")
	}
}

// seen is all that a person sees of a state: boxes, values, panel, inputs.
const seen = `JSON.stringify([[...document.querySelectorAll('.picture .item')].map(e => e.dataset.id + ' ' + e.className.baseVal + ' ' +
	e.getAttribute('transform') + e.textContent), document.querySelector('.right').innerText,
	[...document.querySelectorAll('.bit')].map(e => e.textContent).join(''), document.querySelector('#level').value])`

func TestAddressRestoresTheView(t *testing.T) {
	c := built(t, "attention:n=2,d=1,bits=2")
	ctx := browser(t)
	opened(t, ctx, c, "")
	click(t, ctx, folded)
	click(t, ctx, folded)
	click(t, ctx, `.bit[data-input="1"]`)
	click(t, ctx, `.picture g[data-gate]`)
	value[bool](t, ctx, `(e => { e.value = 1; return e.dispatchEvent(new Event('input')) })(document.querySelector('#level'))`)
	settled(t, ctx)
	until(t, ctx, `location.hash.includes('level=1') && location.hash.includes('bits=')`)
	hash, want := value[string](t, ctx, `location.hash`), value[string](t, ctx, seen)
	other := browser(t)
	opened(t, other, c, hash)
	settled(t, other)
	until(t, other, `!!document.querySelector('.right dl')`)
	if got := value[string](t, other, seen); got != want {
		t.Errorf("%s shows\n%s\nand it was\n%s", hash, got, want)
	}
	for _, part := range []string{"open=", "select=", "bits=", "level=1"} {
		if !strings.Contains(hash, part) {
			t.Errorf("the address %q lacks %s", hash, part)
		}
	}
}

// A move that comes before the answer to the one before it does not leave the picture of neither.
func TestQuickMoves(t *testing.T) {
	c := built(t, "attention:n=2,d=1,bits=2")
	ctx := browser(t)
	opened(t, ctx, c, "#level=1")
	until(t, ctx, `document.querySelector('#level').value === '1'`)
	want := value[string](t, ctx, seen)
	for range 3 {
		opened(t, ctx, c, "#open=in0,out0,s2,s3,s5&select=g44")
		until(t, ctx, `document.querySelectorAll('.picture g[data-gate]').length > 10`)
		value[bool](t, ctx, `(fold => { fold.click(); const e = document.querySelector('#level'); e.value = 1;
			return e.dispatchEvent(new Event('input')) })([...document.querySelectorAll('button')].find(b => b.textContent === 'Fold all'))`)
		settled(t, ctx)
		until(t, ctx, `location.hash.includes('level=1')`)
		if got := value[string](t, ctx, seen); got != want {
			t.Errorf("after two quick moves the page shows\n%s\nwant\n%s", got, want)
		}
	}
}

func TestKeyboardAlone(t *testing.T) {
	ctx := browser(t)
	c := built(t, "attention:n=2,d=1,bits=2")
	opened(t, ctx, c, "")
	press := func(key string) {
		t.Helper()
		run(t, ctx, chromedp.KeyEvent(key))
		settled(t, ctx)
	}
	tabTo := func(condition string) {
		t.Helper()
		for range 80 {
			press(kb.Tab)
			if value[bool](t, ctx, `(e => `+condition+`)(document.activeElement)`) {
				return
			}
		}
		t.Fatalf("Tab does not reach %s", condition)
	}
	tabTo(`e.matches('.bit[data-input="0"]')`)
	before := value[string](t, ctx, `document.activeElement.textContent`)
	press(" ")
	until(t, ctx, fmt.Sprintf(`document.querySelector('.bit[data-input="0"]').textContent !== %q`, before))
	tabTo(`e.role === 'treeitem' || e.getAttribute('role') === 'treeitem'`)
	for range 40 {
		if value[string](t, ctx, `document.activeElement.ariaExpanded ?? ''`) == "false" {
			break
		}
		press(kb.ArrowDown)
	}
	press(kb.ArrowRight)
	until(t, ctx, `document.activeElement.ariaExpanded === 'true'`)
	press(kb.ArrowRight)
	press(kb.Enter)
	until(t, ctx, `document.querySelector('.right dl') !== null`)
	tabTo(`e.closest('.picture svg') !== null && e.dataset.id !== undefined`)
	at := value[string](t, ctx, `document.activeElement.dataset.id`)
	press(kb.ArrowRight)
	if now := value[string](t, ctx, `document.activeElement.dataset.id ?? ''`); now == at || now == "" {
		t.Errorf("the right arrow goes from %q to %q", at, now)
	}
	compare(t, ctx, c, 0)
}

// A slow machine draws late: who has gone on from the tree by then stays where they are.
func TestLateFrameLeavesFocus(t *testing.T) {
	ctx := browser(t)
	opened(t, ctx, built(t, "attention:n=2,d=1,bits=2"), "")
	value[bool](t, ctx, `(frame => { window.late = []; window.requestAnimationFrame = f => frame(() => late.push(f)); return true })(requestAnimationFrame)`)
	for _, key := range []string{kb.Enter, kb.ArrowRight} {
		value[bool](t, ctx, `(document.querySelector('[role=treeitem][aria-expanded=false]').focus(), true)`)
		run(t, ctx, chromedp.KeyEvent(key))
		settled(t, ctx)
		until(t, ctx, `late.length > 0`)
		where := value[string](t, ctx, `(e => { e.focus(); return e.id })(document.querySelector('input[type=search]'))`)
		value[bool](t, ctx, `(late.splice(0).forEach(f => f()), true)`)
		if now := value[string](t, ctx, `document.activeElement.id`); now != where {
			t.Errorf("%q in the tree takes the focus from %q to %q later", key, where, now)
		}
	}
}

func TestPageFitsSmallWindows(t *testing.T) {
	ctx := browser(t)
	c := built(t, "attention:n=2,d=1,bits=2")
	for _, width := range []int64{360, 1280, 3840} {
		run(t, ctx, chromedp.EmulateViewport(width, 900))
		opened(t, ctx, c, "")
		if over := value[int](t, ctx, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
			t.Errorf("at %d pixels the page is %d too wide", width, over)
		}
		if n := value[int](t, ctx, `document.querySelector('.picture').clientHeight`); n < 200 {
			t.Errorf("at %d pixels the picture is %d high", width, n)
		}
	}
}
