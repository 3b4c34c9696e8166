package page_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/tc0lab/tc0/explore"
)

// fault is what axe finds wrong on a page.
type fault struct {
	ID     string   `json:"id"`
	Impact string   `json:"impact"`
	Help   string   `json:"help"`
	Where  []string `json:"where"`
}

const findFaults = `axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v => ({id: v.id, impact: v.impact ?? '',
	help: v.help, where: v.nodes.slice(0, 3).map(n => n.html.slice(0, 120))})))`

func TestAxeFindsNoSeriousFault(t *testing.T) {
	axe, err := os.ReadFile(filepath.Join("node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Skip("npm has brought no axe-core here: npm ci in cmd/page")
	}
	ctx := browser(t)
	attention, sudoku := built(t, "attention:n=2,d=1,bits=2"), problemOf(t, "sudoku:n=1")
	board := explore.Codec{Kind: "board", Rows: 9, Columns: 9}
	all := explore.Options{
		Name: "test", Text: &explore.Text{Input: "x", Output: "y", Labels: []string{"a", "b"}},
		Steps: []explore.Step{{Stage: "scores", Output: "y"}, {Stage: "quotient", Output: "y"}},
	}
	for _, theme := range []string{"light", "dark"} {
		for _, hash := range []string{"", "#open=in0,out0,s2,s3,s5&select=g44&bits=4.6&level=2", "#filter=path.0.0&select=s2"} {
			t.Run(theme+hash, func(t *testing.T) {
				openedWith(t, ctx, attention, all, story, hash)
				faultless(t, ctx, string(axe), theme)
			})
		}
		t.Run(theme+" board", func(t *testing.T) {
			openedAs(t, ctx, sudoku, "", explore.Options{
				Name: "test", Input: strings.Repeat("1", 729), Codecs: map[string]explore.Codec{"cell": board, "after": board},
			})
			click(t, ctx, `.digits button`)
			faultless(t, ctx, string(axe), theme)
		})
	}
}

// faultless lets axe look at the page in a theme.
func faultless(t *testing.T, ctx context.Context, axe, theme string) {
	t.Helper()
	value[string](t, ctx, fmt.Sprintf(`document.documentElement.dataset.theme = %q`, theme))
	run(t, ctx, chromedp.Evaluate[chromedp.Void](axe))
	faults, err := chromedp.Run(ctx, chromedp.Evaluate[[]fault](findFaults, chromedp.EvalAwaitPromise))
	if err != nil {
		fail(t, ctx, err)
	}
	for _, f := range faults {
		if f.Impact == "serious" || f.Impact == "critical" {
			t.Errorf("%s: %s (%s): %q", f.Impact, f.Help, f.ID, f.Where)
		} else {
			t.Logf("%s: %s (%s): %q", f.Impact, f.Help, f.ID, f.Where)
		}
	}
}
