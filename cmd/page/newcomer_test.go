package page_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/explore"
	"github.com/tc0lab/tc0/explore/origin"
)

// What a newcomer stumbled over, each with a test.

func TestDepthIsDefined(t *testing.T) {
	ctx := browser(t)
	opened(t, ctx, built(t, "attention:n=2,d=1,bits=2"), "")
	click(t, ctx, `[data-act="help"]`)
	text := value[string](t, ctx, `document.querySelector('dialog[open]').innerText.replace(/\s+/g, ' ')`)
	for _, want := range []string{
		"how many gates stand one behind another on a longest path from an input to an output",
		"standard model: inputs and constants 0, complement and buffers free, every other gate 1 at any fan-in",
		"not the least depth that the function could have", "a class is of a family", "a wire for each number that an output may reach",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the help lacks %q: %s", want, text)
		}
		if title := value[string](t, ctx, `document.querySelector('[data-depth]').title`); !strings.Contains(title, want) && !strings.HasPrefix(want, "a wire") {
			t.Errorf("the depth is explained as %q, without %q", title, want)
		}
	}
	run(t, ctx, chromedp.KeyEvent(kb.Escape))
	until(t, ctx, `document.querySelector('dialog[open]') === null`)
}

const marked = `[...document.querySelectorAll('.picture .item.flips')].map(e => e.dataset.id).sort()`

func TestFlipsAreMarkedWhateverIsFolded(t *testing.T) {
	ctx := browser(t)
	c := built(t, "attention:n=2,d=1,bits=2")
	for hash, want := range map[string][]string{
		"#open=s2,s3&select=g16&bits=4.9":           {"in0"},
		"#open=in0,s2,s3&select=g16&bits=4.9":       {"p0", "p1"},
		"#open=in0,p0,p1,s2,s3&select=g16&bits=4.9": {"g1", "g2", "g4"},
		"#open=in0,p0,p1,s2,s3&select=g5&bits=4.0":  {},
		"#open=in0,p1,s2,s3&select=g5&bits=4.8":     {"p0"},
		"#open=in0,p0,p1,s2,s3&select=g5&bits=4.8":  {"g2"},
	} {
		opened(t, ctx, c, hash)
		until(t, ctx, `document.querySelector('.right dd[data-value]') !== null`)
		if got := value[[]string](t, ctx, marked); !slices.Equal(got, want) {
			t.Errorf("%s: the items %v are marked, want %v", hash, got, want)
		}
	}
	image := map[string]explore.Codec{"x": {Kind: "image", Rows: 2, Columns: 2}}
	net := built(t, "mlp:n=4,hidden=2,out=1,bits=2")
	s, err := explore.Open(net, explore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for g := len(net.Inputs()) + 1; g < net.Len(); g++ {
		f := answered[explore.Flips](t, s, "flips", map[string]any{"gate": g})
		if len(f.Inputs) == 0 {
			continue
		}
		want := []string{}
		for _, name := range f.Names {
			port, _, _ := strings.Cut(name, ".")
			want = append(want, port)
		}
		slices.Sort(want)
		openedAs(t, ctx, net, fmt.Sprintf("#select=g%d", g), explore.Options{Name: "test", Codecs: image})
		until(t, ctx, `document.querySelector('[data-flip]') !== null`)
		got := value[[]string](t, ctx, `[...document.querySelectorAll('.drawn [data-flips]')].map(e => e.dataset.flips).sort()`)
		if !slices.Equal(got, slices.Compact(want)) {
			t.Errorf("of the picture the pixels %v are marked for g%d, want %v", got, g, want)
		}
		return
	}
	t.Error("no gate is flipped by one input")
}

// outside are the items that are not wholly in the picture.
const outside = `(r => [...document.querySelectorAll('.picture .item[data-id]')].filter(e => { const b = e.getBoundingClientRect();
	return b.left < r.left - 1 || b.top < r.top - 1 || b.right > r.right + 1 || b.bottom > r.bottom + 1; }).map(e => e.dataset.id))(document.querySelector('.picture svg').getBoundingClientRect())`

const transform = `document.querySelector('.picture .all').getAttribute('transform')`

func TestAddressIsShownWholeAndSelectingMovesNothing(t *testing.T) {
	ctx := browser(t)
	c := built(t, "attention:n=2,d=1,bits=2")
	const hash = "#open=in0,s2,s3&select=g16&level=2"
	opened(t, ctx, c, hash)
	until(t, ctx, outside+`.length === 0`)
	// Also where the page was at another place before.
	value[bool](t, ctx, `location.hash = '#open=s4', true`)
	until(t, ctx, `document.querySelector('.picture [data-id="g20"]') !== null`)
	value[bool](t, ctx, `location.hash = '`+hash+`', true`)
	until(t, ctx, `document.querySelector('.item.selected')?.dataset.id === 'g16' && document.querySelector('.picture [data-id="g5"]') !== null && `+outside+`.length === 0`)
	before := value[string](t, ctx, transform)
	for _, g := range []string{"g5", "g11", "g19"} {
		click(t, ctx, `.picture [data-id="`+g+`"]`)
		until(t, ctx, `document.querySelector('.item.selected')?.dataset.id === '`+g+`'`)
		if now := value[string](t, ctx, transform); now != before {
			t.Errorf("selecting %s moves the picture from %s to %s", g, before, now)
		}
	}
	// What is out of sight comes into sight, and no farther.
	for range 6 {
		click(t, ctx, `.tools button[aria-label="Zoom in"]`)
	}
	typed(t, ctx, `#search`, "g11", "input")
	until(t, ctx, `document.querySelector('.found button')?.textContent.startsWith('g11 ')`)
	click(t, ctx, `.found button`)
	until(t, ctx, `document.querySelector('.item.selected')?.dataset.id === 'g11' && !`+outside+`.includes('g11')`)
}

func TestOutputsAreNotKnownBelowTheirLevel(t *testing.T) {
	ctx := browser(t)
	c := built(t, "attention:n=2,d=1,bits=2")
	const numbers = `[...document.querySelectorAll('[data-outputs] tr:not([data-bounds]) td:last-child')].map(e => e.textContent).join(' | ')`
	opened(t, ctx, c, "#level=2&bits=4.9")
	if got := value[string](t, ctx, numbers); got != "not yet: level 3 | not yet: level 3" {
		t.Errorf("at level 2 the outputs are %q", got)
	}
	if n := value[int](t, ctx, `document.querySelectorAll('.bound').length`); n != 0 {
		t.Errorf("%d bounds of outputs are known at level 2", n)
	}
	value[bool](t, ctx, `(e => { e.value = 3; return e.dispatchEvent(new Event('input')) })(document.querySelector('#level'))`)
	until(t, ctx, numbers+` === '−1 | 0'`)
}

func TestLedgerHasAScale(t *testing.T) {
	ctx := browser(t)
	opened(t, ctx, built(t, "attention:n=2,d=1,bits=2"), "")
	ticks := value[[]string](t, ctx, `[...document.querySelectorAll('[data-tick]')].map(e => e.textContent)`)
	if !slices.Equal(ticks, []string{"1", "10"}) {
		t.Errorf("the bars of 6, 33 and 6 gates have the ticks %v, want 1 and 10", ticks)
	}
	// The bar of 33 gates ends above the tick of 10, that of 6 below it and above that of 1.
	tops := value[[]float64](t, ctx, `[...document.querySelectorAll('.bars g rect:last-child')].map(e => Number(e.getAttribute('y')))`)
	lines := value[[]float64](t, ctx, `[...document.querySelectorAll('.bars .tick')].map(e => Number(e.getAttribute('y1')))`)
	if len(tops) != 4 || len(lines) != 2 || !(tops[2] < lines[1] && lines[1] < tops[1] && tops[1] < lines[0]) {
		t.Errorf("the bars end at %v and the ticks are at %v", tops, lines)
	}
	if text := value[string](t, ctx, `document.querySelector('.levels').innerText`); !strings.Contains(text, "log scale") {
		t.Errorf("nobody says that the scale is logarithmic: %q", text)
	}
}

// slips are words that no person would write.
var slips = regexp.MustCompile(`(^|[^\d.,])1 (?:inputs|outputs|gates|bits|terms|wires|tokens|ports|levels|pixels)\b|Each of these 1\b|\b(\d+) \(\d+\)|fall by 0|lacks 0|(^|[^\d])1 of \d+ are|undefined|null|NaN|(^|\s)-\d`)

func TestWordsOfThePage(t *testing.T) {
	ctx := browser(t)
	attention := built(t, "attention:n=2,d=1,bits=2")
	digits := []string{"0", "1", "2"}
	for _, c := range []*circuit.Circuit{attention, mixed(t), problemOf(t, "addition:n=3")} {
		codecs := map[string]explore.Codec{}
		for _, p := range c.OutputPorts() {
			name, _, _ := strings.Cut(p.Name, "[")
			codecs[name] = explore.Codec{Kind: "int", Labels: digits}
		}
		openedAs(t, ctx, c, "", explore.Options{Name: "test", Codecs: codecs})
		for g := range c.Len() {
			if g == 0 {
				continue
			}
			value[bool](t, ctx, fmt.Sprintf(`location.hash = '#select=g%d', true`, g))
			until(t, ctx, fmt.Sprintf(`document.querySelector('.right dd[data-value="%d"]') !== null`, g))
			settled(t, ctx)
			text := value[string](t, ctx, `document.body.innerText + [...document.querySelectorAll('[aria-label]')].map(e => '\n' + e.ariaLabel).join('')`)
			for _, m := range slips.FindAllStringIndex(text, -1) {
				t.Errorf("at g%d the page says %q", g, text[max(0, m[0]-30):min(len(text), m[1]+30)])
			}
		}
	}
}

// What is drawn on stays where it is when the page says that it is not as at the start.
func TestPictureStaysWhileItIsDrawn(t *testing.T) {
	ctx := browser(t)
	c := built(t, "mlp:n=4,hidden=2,out=1,bits=2")
	image := map[string]explore.Codec{"x": {Kind: "image", Rows: 2, Columns: 2}}
	openedAs(t, ctx, c, "", explore.Options{Name: "test", Codecs: image})
	const top = `document.querySelector('.drawn').getBoundingClientRect().top`
	before := value[float64](t, ctx, top)
	click(t, ctx, `.left details summary`)
	value[bool](t, ctx, `document.querySelectorAll('.left details').forEach(d => { d.open = true }) ?? true`)
	until(t, ctx, `document.querySelector('.bit') !== null`)
	for i := range len(c.Inputs()) {
		click(t, ctx, fmt.Sprintf(`.bit[data-input="%d"]`, i))
		until(t, ctx, fmt.Sprintf(`document.querySelector('[data-differ]')?.dataset.differ === '%d'`, i+1))
		if now := value[float64](t, ctx, top); now != before {
			t.Fatalf("after %d changes the picture is at %v, and was at %v", i+1, now, before)
		}
	}
}

// Numbers on wires meet neither each other nor boxes.
func TestNumbersOnWiresMeetNothing(t *testing.T) {
	ctx := browser(t)
	c := built(t, "attention:n=2,d=1,bits=2")
	shown := 0
	for _, hash := range []string{"", "#open=in0,s2,s3&select=g16", "#open=in0,s5&select=g45", "#open=in0,s4&select=g32", "#open=in0,p0,p1,s2"} {
		opened(t, ctx, c, hash)
		meet := value[[]string](t, ctx, `(() => {
			const box = (e) => e.getBoundingClientRect();
			const numbers = [...document.querySelectorAll('.times')];
			const shapes = [...document.querySelectorAll('.picture .item[data-id] .shape')];
			const meet = (a, b) => a.left + 1 < b.right && b.left + 1 < a.right && a.top + 2 < b.bottom && b.top + 2 < a.bottom;
			return numbers.flatMap((n, i) => [...numbers.slice(i + 1), ...shapes].filter(o => meet(box(n), box(o))).map(o => n.textContent + ' ' + (o.textContent || o.parentNode.dataset.id)));
		})()`)
		if len(meet) > 0 {
			t.Errorf("%q: these meet: %q", hash, meet)
		}
		shown += value[int](t, ctx, `document.querySelectorAll('.times').length`)
	}
	if shown < 40 {
		t.Errorf("%d numbers are shown in all, want 40 at least", shown)
	}
}

// On a telephone a gate is as large as a finger needs, and the inputs are in sight.
func TestGatesCanBeTouched(t *testing.T) {
	ctx := browser(t)
	run(t, ctx, chromedp.EmulateViewport(360, 740))
	for _, c := range []*circuit.Circuit{built(t, "attention:n=2,d=1,bits=2"), problemOf(t, "addition:n=4"), problemOf(t, "parity:n=6")} {
		opened(t, ctx, c, "")
		until(t, ctx, `Number(/scale\(([\d.]+)\)/.exec(`+transform+`)[1]) * 28 >= 23.99`)
		if out := value[[]string](t, ctx, outside); slices.Contains(out, "in0") {
			t.Errorf("the inputs are not in sight; out of it are %v", out)
		}
		order := value[[]float64](t, ctx, `['.picture', '.levels', '.right', '.left'].map(s => document.querySelector(s).getBoundingClientRect().top)`)
		if !slices.IsSorted(order) {
			t.Errorf("picture, levels, panel and inputs are at %v, want one below another", order)
		}
	}
}

func TestTokensAreInTheAddress(t *testing.T) {
	ctx := browser(t)
	c := built(t, "attention:n=2,d=1,bits=2,seed=3")
	opt := explore.Options{Name: "test", Text: &explore.Text{Input: "x", Output: "y", Labels: []string{"a", "b"}, End: 1}}
	openedWith(t, ctx, c, opt, "", "")
	click(t, ctx, `[data-act="append"]`)
	until(t, ctx, `location.hash === '#tokens=2'`)
	const said = `document.querySelector('[data-pass]').innerText.replace(/\s+/g, ' ')`
	if got := value[string](t, ctx, said); !strings.Contains(got, "Pass 2: aa → a") {
		t.Errorf("the page says %q", got)
	}
	openedWith(t, ctx, c, opt, "", "#tokens=2&bits=4.0")
	if got := value[string](t, ctx, said); !strings.Contains(got, "aa → a") || value[string](t, ctx, `document.querySelector('[data-pass] input').value`) != "2" {
		t.Errorf("of the address the page says %q", got)
	}
	openedWith(t, ctx, c, opt, "", "#tokens=2&level=1")
	if got := value[string](t, ctx, said); !strings.Contains(got, "aa → not yet: level 3") {
		t.Errorf("at level 1 the page says %q", got)
	}
	openedWith(t, ctx, c, opt, "", "#tokens=3")
	until(t, ctx, `document.querySelector('[role=alert]')?.textContent.includes('tokens 3; a text of this circuit has 1 to 2')`)
}

// The sentence about a gate is on the page, and its reason where there is one.
func TestGateIsExplained(t *testing.T) {
	ctx := browser(t)
	p, err := compile.Attention{Features: 1, Bits: 2}.Program(2)
	if err != nil {
		t.Fatal(err)
	}
	openedAs(t, ctx, built(t, "attention:n=2,d=1,bits=2"), "#select=g11", explore.Options{Name: "test", Reasons: origin.Reasons(p)})
	until(t, ctx, `document.querySelector('[data-when]') !== null`)
	const when = "It is 1 where its sum is at least 3: a 1 at x[0,0].0 or x[0,0].1 adds to it, a 1 at g5 takes from it."
	if got := value[string](t, ctx, `document.querySelector('[data-when]').textContent`); got != when {
		t.Errorf("of g11 it says %q, want %q", got, when)
	}
	const why = "THRESHOLD of 2 inputs and 1 other gate: one jump of a step function of scores: 1 on one side of the jump, 0 on the other."
	if got := value[string](t, ctx, `document.querySelector('[data-why]').textContent`); got != why {
		t.Errorf("of g11 it says %q, want %q", got, why)
	}
}

// The sum and the margin of a gate are said as they are, of complements of AND and OR too.
func TestMarginInWords(t *testing.T) {
	ctx := browser(t)
	b := circuit.NewBuilder()
	b.Keep()
	x := b.Inputs("x", 3)
	s := b.Linear()
	for i, l := range x {
		s.AddLit(circuit.NewInt(int64(1+i)), l)
	}
	sum := s.Sum()
	three, two := b.Threshold(sum, circuit.NewInt(3)), b.Threshold(sum, circuit.NewInt(2))
	b.OutputPort("y", circuit.Format{}, b.Nand(x...), b.And(x...), three, two)
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	wires := c.OutputPorts()[0].Wires
	for i, want := range []string{
		"sum 2 < 3 threshold, so it is 1 Margin −1: the sum lacks 1 to the threshold.",
		"sum 2 < 3 threshold, so it is 0 Margin −1: the sum lacks 1 to the threshold.",
		"sum 3 ≥ 3 threshold, so it is 1 Margin 0: the sum is just at the threshold, and any fall flips the gate.",
		"sum 3 ≥ 2 threshold, so it is 1 Margin 1: the sum may fall by 1 and the gate stays as it is.",
	} {
		opened(t, ctx, c, fmt.Sprintf("#bits=3.c&select=g%d", wires[i].Gate()))
		until(t, ctx, `document.querySelector('[data-margin]') !== null`)
		got := value[string](t, ctx, `[...document.querySelectorAll('.sumline')].at(-1).textContent + ' ' + document.querySelector('[data-margin]').textContent`)
		if got != want {
			t.Errorf("of a %v it says %q, want %q", c.Kind(wires[i].Gate()), got, want)
		}
	}
}

// mixed is a circuit of gates of all shapes, complements and negative weights.
func mixed(t testing.TB) *circuit.Circuit {
	t.Helper()
	b := circuit.NewBuilder()
	x := b.Inputs("x", 4)
	b.Begin("outer")
	s := b.Linear()
	for i, l := range x {
		s.AddLit(circuit.NewInt(int64(1-3*(i%2))), l)
	}
	sum := s.Sum()
	low, high := b.Threshold(sum, circuit.NewInt(-1)), b.Threshold(sum, circuit.NewInt(1))
	b.Begin("inner")
	tall := b.And(x[0], low.Not(), x[2])
	b.End()
	b.End()
	parity := b.Xor(x[0].Not(), low, high, tall)
	b.OutputPort("y", circuit.Format{}, b.And(parity, x[3].Not()), tall.Not())
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// answered calls a method of a session.
func answered[T any](t testing.TB, s *explore.Session, method string, args any) (result T) {
	t.Helper()
	text, err := json.Marshal(args)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := s.Do(method, text)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(answer, &result); err != nil {
		t.Fatal(err)
	}
	return result
}

// Nothing of the page moves by itself: there is nothing for reduced motion to leave out.
func TestNothingMovesByItself(t *testing.T) {
	style, err := os.ReadFile("page.css")
	if err != nil {
		t.Fatal(err)
	}
	if found := regexp.MustCompile(`transition|animation|@keyframes|scroll-behavior`).FindAll(style, -1); found != nil {
		t.Errorf("page.css has %q", found)
	}
}
