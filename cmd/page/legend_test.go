package page_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/explore"
)

// drawnSigns are the classes of what is drawn, as the legend names them.
const drawnSigns = `(() => {
	const set = new Set();
	for (const e of document.querySelectorAll('.picture .shape')) for (const c of e.classList) if (c !== 'shape') set.add(c);
	for (const e of document.querySelectorAll('.picture .item[data-id]')) for (const c of e.classList) if (c !== 'item' && c !== 'known') set.add('item.' + c);
	for (const e of document.querySelectorAll('.picture .group')) { set.add('group'); if (e.classList.contains('odd')) set.add('group.odd'); }
	for (const e of document.querySelectorAll('.picture path.wire')) { set.add('wire'); for (const c of e.classList) if (c !== 'wire') set.add('wire.' + c); }
	if (document.querySelector('.picture circle.wire')) set.add('wire.not');
	return [...set].sort();
})()`

func TestLegendHasWhatIsDrawn(t *testing.T) {
	ctx := browser(t)
	attention, adder := built(t, "attention:n=2,d=1,bits=2"), problemOf(t, "addition:n=4")
	xor := mixed(t)
	seen := map[string]bool{}
	for _, v := range []struct {
		c    *circuit.Circuit
		hash string
	}{
		{attention, ""},
		{attention, "#open=in0,p0,p1,out0,q0,s2,s3&select=g16&level=2&bits=4.9"},
		{attention, "#open=in0,s2,s3&select=g16&filter=path.0.0"},
		{attention, "#open=s2,s5&select=s3&bits=4.6"},
		{adder, "#open=in0,in1,out0&bits=8.ff"},
		{xor, "#open=in0,out0,s1,s2&level=1"},
		{xor, "#open=in0,out0,s1,s2&select=g5&bits=4.b"},
	} {
		openedAs(t, ctx, v.c, v.hash, explore.Options{Name: "test"})
		if strings.Contains(v.hash, "select") {
			until(t, ctx, `document.querySelector('.right dl') !== null`)
		}
		signs := value[[]string](t, ctx, `[...document.querySelectorAll('[data-signs]')].flatMap(e => e.dataset.signs.split(' '))`)
		for _, d := range value[[]string](t, ctx, drawnSigns) {
			seen[d] = true
			if !slices.Contains(signs, d) {
				t.Errorf("%q: %s is drawn, and the legend has %v", v.hash, d, signs)
			}
		}
	}
	for _, want := range []string{
		"k-logic", "k-parity", "k-threshold", "k-sum", "k-stage", "k-port", "group", "group.odd", "item.one", "item.later", "item.selected",
		"item.flips", "item.differs", "item.path", "item.chain", "wire.one", "wire.negative", "wire.not", "wire.selected", "wire.path", "wire.chain",
	} {
		if !seen[want] {
			t.Errorf("no view had %s", want)
		}
	}
}

// Every class of the picture that the style sheet colours is in the legend.
func TestLegendHasTheClassesOfTheStyle(t *testing.T) {
	style, err := os.ReadFile("page.css")
	if err != nil {
		t.Fatal(err)
	}
	legend, err := os.ReadFile("src/legend.js")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, m := range regexp.MustCompile(`\.(item|wire|group)\.(\w+)|\.(k-\w+)`).FindAllStringSubmatch(string(style), -1) {
		sign := m[1] + "." + m[2]
		if m[3] != "" {
			sign = m[3]
		}
		found++
		if !strings.Contains(string(legend), "'"+sign+"'") {
			t.Errorf("page.css has a style of %s, and the legend says nothing of it", sign)
		}
	}
	if found < 20 {
		t.Errorf("page.css has %d classes of the picture, want 20 at least", found)
	}
}
