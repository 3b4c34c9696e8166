package page_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/cmd/page"
	"github.com/tc0lab/tc0/explore"
)

// story is a tour of attention:n=2,d=1,bits=2.
const story = `{"title":"A story","steps":[
	{"title":"One","text":["The *first* of three, <b> and ` + "`x`" + `."],"hash":"step=1"},
	{"title":"Two","text":["Second."],"hash":"open=s2\u0026select=g7\u0026bits=4.9\u0026step=2"},
	{"title":"Three","text":["Third."],"hash":"filter=path.0.0\u0026level=1\u0026step=3"}]}`

// openedWith serves a circuit with options and a tour, and opens its page.
func openedWith(t testing.TB, ctx context.Context, c *circuit.Circuit, opt explore.Options, tour, hash string) {
	t.Helper()
	session, err := explore.Open(c, opt)
	if err != nil {
		t.Fatal(err)
	}
	run(t, ctx, chromedp.Navigate(serverOf(t, session, tour)+hash))
	until(t, ctx, `document.querySelector('.picture .item') !== null`)
	settled(t, ctx)
}

const (
	stepShown = `Number(document.querySelector('.tour').dataset.step)`
	press     = `document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'KEY', bubbles: true})), true`
)

func TestTour(t *testing.T) {
	ctx := browser(t)
	c := built(t, "attention:n=2,d=1,bits=2")
	openedWith(t, ctx, c, explore.Options{Name: "test"}, story, "")
	text := value[string](t, ctx, `document.querySelector('.tour').innerText`)
	if !strings.Contains(text, "1. One") || !strings.Contains(text, "The first of three, <b> and x.") {
		t.Errorf("the tour begins with %q", text)
	}
	click(t, ctx, `.tour [data-act="next"]`)
	until(t, ctx, stepShown+` === 2 && document.querySelector('[data-value="7"]') !== null`)
	settled(t, ctx)
	compare(t, ctx, c, 6)
	hash := value[string](t, ctx, `location.hash`)
	if hash != "#open=s2&select=g7&bits=4.9&step=2" {
		t.Errorf("the address of step 2 ends in %s", hash)
	}
	// Who strays finds back.
	click(t, ctx, `[data-input="1"]`)
	until(t, ctx, `document.querySelector('.tour [data-act="again"]') !== null`)
	click(t, ctx, `.tour [data-act="again"]`)
	until(t, ctx, `document.querySelector('.tour [data-act="again"]') === null`)
	settled(t, ctx)
	if bits := value[string](t, ctx, `[...document.querySelectorAll('.bit')].map(e => e.textContent.trim()).join('')`); bits != "1001" {
		t.Errorf("back at step 2 the input is %s", bits)
	}
	value[bool](t, ctx, strings.Replace(press, "KEY", "ArrowRight", 1))
	until(t, ctx, stepShown+` === 3 && document.querySelector('.item.path') !== null`)
	if last := value[bool](t, ctx, `document.querySelector('.tour [data-act="next"]').disabled`); !last {
		t.Error("there is a step after the last")
	}
	value[bool](t, ctx, strings.Replace(press, "KEY", "PageUp", 1))
	until(t, ctx, stepShown+` === 2 && document.querySelector('.item.path') === null`)
	// A key in a field is the field's own.
	value[bool](t, ctx, `document.querySelector('#search').focus(), `+strings.Replace(press, "KEY", "ArrowRight", 1))
	settled(t, ctx)
	if n := value[int](t, ctx, stepShown); n != 2 {
		t.Errorf("a key in the search goes to step %d", n)
	}
	openedWith(t, ctx, c, explore.Options{Name: "test"}, story, hash)
	if n := value[int](t, ctx, stepShown); n != 2 {
		t.Errorf("the address of step 2 opens step %d", n)
	}
}

// A step that points at nothing shows the whole of a long circuit, which a page without a tour does not.
func TestStepThatPointsAtNothingShowsTheWhole(t *testing.T) {
	ctx := browser(t)
	openedWith(t, ctx, problemOf(t, "rule110:n=5,steps=40"), explore.Options{Name: "test"}, story, "")
	until(t, ctx, `Number(document.querySelector('.bars .window').getAttribute('width')) >= 990`)
}

func TestToursHaveToBeJSON(t *testing.T) {
	err := page.Write(&bytes.Buffer{}, "x", nil, json.RawMessage("{}"), json.RawMessage("{"))
	if err == nil || err.Error() != "page: the tour is no JSON" {
		t.Errorf("a tour that is no JSON: %v", err)
	}
}

// A token is appended and the circuit answers to it. The circuit here takes each number as a token.
func TestPassByPass(t *testing.T) {
	ctx := browser(t)
	c := built(t, "attention:n=2,d=1,bits=2,seed=3")
	text := &explore.Text{Input: "x", Output: "y", Labels: []string{"a", "b"}, End: 1}
	openedWith(t, ctx, c, explore.Options{Name: "test", Text: text}, "", "")
	answer := value[string](t, ctx, `document.querySelector('[data-answer]').dataset.answer`)
	if answer != "0" {
		t.Fatalf("the answer to 0, 0 is %s", answer)
	}
	click(t, ctx, `[data-act="append"]`)
	until(t, ctx, `document.querySelector('[data-pass="2"]') !== null`)
	settled(t, ctx)
	told := value[string](t, ctx, `document.querySelector('[data-pass]').innerText`)
	for _, want := range []string{"1 token → a", "Pass 2: aa → a", "the circuit has no more positions", "2 would be 6 deep"} {
		if !strings.Contains(strings.ReplaceAll(told, "\n", " "), want) {
			t.Errorf("after one pass the page does not say %q: %q", want, told)
		}
	}
	if !value[bool](t, ctx, `document.querySelector('[data-act="append"]').disabled`) {
		t.Error("a text goes on behind the last position")
	}
}

// Each step has its depth and its number, and shows it when the slider has come to it.
func TestStepByStep(t *testing.T) {
	ctx := browser(t)
	c := built(t, "attention:n=2,d=1,bits=2")
	steps := []explore.Step{{Stage: "scores", Output: "y"}, {Stage: "mix", Output: "y"}, {Stage: "quotient", Output: "y"}}
	openedWith(t, ctx, c, explore.Options{Name: "test", Input: "1001", Steps: steps}, "", "#level=2")
	depths := value[[]string](t, ctx, `[...document.querySelectorAll('.steps [data-depth]')].map(e => e.dataset.depth)`)
	if strings.Join(depths, " ") != "1 1 1" {
		t.Errorf("the steps have the depths %q", depths)
	}
	told := value[[]string](t, ctx, `[...document.querySelectorAll('.steps li')].map(e => e.innerText.replace(/\s+/g, ' '))`)
	want := []string{
		"noise 1 −2", "scores −1 0 level 1: depth 1", "mix −1 0 level 2: depth 1",
		"quotient not computed yet level 3: depth 1",
	}
	if strings.Join(told, "; ") != strings.Join(want, "; ") {
		t.Errorf("the steps say %q, want %q", told, want)
	}
}
