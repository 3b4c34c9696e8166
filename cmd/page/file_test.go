package page_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/cmd/page"
	"github.com/tc0lab/tc0/explore"
)

// fileOf writes the page of a circuit as one file.
func fileOf(t testing.TB, c *circuit.Circuit, title string) []byte {
	t.Helper()
	opt := explore.Options{Name: title}
	session, err := explore.Open(c, opt)
	if err != nil {
		t.Fatal(err)
	}
	first, err := session.Do("start", json.RawMessage("{}"))
	if err != nil {
		t.Fatal(err)
	}
	var packed, file bytes.Buffer
	if err := explore.Pack(&packed, c, opt); err != nil {
		t.Fatal(err)
	}
	if err := page.Write(&file, title, packed.Bytes(), first, nil); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestFileRefersToNothing(t *testing.T) {
	text := string(fileOf(t, built(t, "attention:n=2,d=1,bits=2"), `a <b> & "c"</script><!--`))
	for _, pattern := range []string{`<link[^>]*stylesheet`, `<script[^>]*src=`, `@import`, `url\(`} {
		if found := regexp.MustCompile(pattern).FindString(text); found != "" {
			t.Errorf("the file has %q", found)
		}
	}
	for _, want := range []string{"<title>a &lt;b&gt; &amp; &#34;c&#34;&lt;/script&gt;&lt;!--</title>", "default-src 'none'"} {
		if !strings.Contains(text, want) {
			t.Errorf("the file lacks %q", want)
		}
	}
	// Four parts of data, and the script: nothing in them ends an element.
	if n := strings.Count(text, "</script>"); n != 5 {
		t.Errorf("the file ends %d scripts, want 5", n)
	}
}

func TestFirstAnswerHasToBeJSON(t *testing.T) {
	err := page.Write(&bytes.Buffer{}, "x", nil, json.RawMessage("{"), nil)
	if err == nil || err.Error() != "page: the first answer is no JSON" {
		t.Errorf("the error is %v", err)
	}
}

func TestFileWorksWithoutNetwork(t *testing.T) {
	ctx := browser(t)
	c := built(t, "attention:n=2,d=1,bits=2")
	path := filepath.Join(t.TempDir(), "x.html")
	if err := os.WriteFile(path, fileOf(t, c, "test"), 0o666); err != nil {
		t.Fatal(err)
	}
	var asked []string
	if err := chromedp.Listen(ctx, func(event any) {
		if e, ok := event.(*network.EventRequestWillBeSent); ok {
			asked = append(asked, e.Request.URL)
		}
	}); err != nil {
		t.Fatal(err)
	}
	run(t, ctx, chromedp.Navigate("file://"+path))
	until(t, ctx, `document.querySelector('.picture .item') !== null`)
	settled(t, ctx)
	click(t, ctx, folded)
	click(t, ctx, folded)
	compare(t, ctx, c, 1)
	for i := range len(c.Inputs()) {
		bit := `.bit[data-input="` + string(rune('0'+i)) + `"]`
		click(t, ctx, bit)
		if text := value[string](t, ctx, `document.querySelector('`+bit+`').textContent`); text != "1" {
			t.Errorf("a click on input %d makes it %s", i, text)
		}
		compare(t, ctx, c, 1)
	}
	for _, url := range asked {
		if url != "file://"+path && !strings.HasPrefix(url, "blob:") && !strings.HasPrefix(url, "data:") {
			t.Errorf("the page asks for %s", url)
		}
	}
	if entries := value[[]string](t, ctx, `performance.getEntriesByType('resource').map(e => e.name).filter(n => !/^(blob|data):/.test(n))`); len(entries) > 0 {
		t.Errorf("the page has loaded %v", entries)
	}
}
