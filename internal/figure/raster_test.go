package figure_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/internal/figure"
	"github.com/tc0lab/tc0/internal/tooltest"
)

// bars is an SVG of 60 × 30 points: the left half black, the right half nothing.
const bars = `<?xml version="1.0"?>
<svg viewBox="0.00 0.00 60.00 30.00" xmlns="http://www.w3.org/2000/svg">
<rect width="30" height="30" fill="black"/>
</svg>
`

func rasterise(t *testing.T, svg, format string, width int) []byte {
	t.Helper()
	ctx := tooltest.Context(t)
	data, err := figure.Rasterise(ctx, []byte(svg), format, width)
	tooltest.SkipIf(t, ctx.Err() != nil, "that makes pictures")
	var missing *figure.NoRasteriserError
	if errors.As(err, &missing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func decode(t *testing.T, data []byte) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func TestPixels(t *testing.T) {
	for _, test := range []struct{ width, wide, high int }{{0, 120, 60}, {60, 60, 30}, {200, 200, 100}} {
		img := decode(t, rasterise(t, bars, "png", test.width))
		if b := img.Bounds(); b.Dx() != test.wide || b.Dy() != test.high {
			t.Fatalf("width %d gives %v, want %d × %d", test.width, b, test.wide, test.high)
		}
		for _, at := range []struct {
			x, y int
			want color.RGBA
		}{
			{1, 1, color.RGBA{A: 255}},
			{test.wide/2 - 2, test.high - 2, color.RGBA{A: 255}},
			{test.wide/2 + 2, 1, color.RGBA{255, 255, 255, 255}},
			{test.wide - 2, test.high - 2, color.RGBA{255, 255, 255, 255}},
		} {
			if got := color.RGBAModel.Convert(img.At(at.x, at.y)); got != at.want {
				t.Errorf("width %d: pixel %d,%d is %v, want %v", test.width, at.x, at.y, got, at.want)
			}
		}
	}
}

func TestLargePicturesAreBounded(t *testing.T) {
	img := decode(t, rasterise(t, strings.ReplaceAll(bars, "60.00 30.00", "30.00 6000.00"), "png", 0))
	if b := img.Bounds(); b.Dy() != 4096 || b.Dx() != 20 {
		t.Errorf("a figure 6000 points high has %v pixels", b)
	}
}

func TestPicturesThatCannotBe(t *testing.T) {
	for _, test := range []struct {
		svg, format string
		width       int
		want        string
	}{
		{bars, "gif", 0, `draw: unknown picture format "gif"; known: png pdf`},
		{bars, "png", -1, "draw: a picture -1 pixels wide; it may have 1 to 16384"},
		{bars, "png", 20000, "draw: a picture 20000 pixels wide; it may have 1 to 16384"},
		{strings.ReplaceAll(bars, "60.00 30.00", "30.00 60.00"), "png", 10000, "draw: a picture 20000 pixels high; it may have 16384"},
		{"<svg/>", "png", 0, "draw: an SVG without a view box, in an element svg"},
		{`<svg viewBox="0 0 0 1"/>`, "png", 0, `draw: an SVG with the view box "0 0 0 1"`},
		{"text", "png", 0, "draw: no SVG: EOF"},
	} {
		_, err := figure.Rasterise(t.Context(), []byte(test.svg), test.format, test.width)
		if err == nil || err.Error() != test.want {
			t.Errorf("got  %v\nwant %s", err, test.want)
		}
	}
}

// pages counts the pages of a PDF whose page objects are not compressed.
func pages(pdf []byte) int {
	return len(regexp.MustCompile(`/Type\s*/Page[^s]`).FindAll(pdf, -1))
}

func TestPage(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "")
	os.Unsetenv("SOURCE_DATE_EPOCH")
	pdf := rasterise(t, bars, "pdf", 0)
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) || pages(pdf) != 1 {
		t.Errorf("%d pages, starts with %.8q", pages(pdf), pdf)
	}
	m := regexp.MustCompile(`/MediaBox\s*\[\s*0 0 ([0-9.]+) ([0-9.]+)\s*\]`).FindSubmatch(pdf)
	if m == nil {
		t.Fatal("the page has no size")
	}
	for i, want := range []float64{60, 30} {
		if got, err := strconv.ParseFloat(string(m[i+1]), 64); err != nil || math.Abs(got-want) > 0.5 {
			t.Errorf("the page is %s × %s points, want 60 × 30", m[1], m[2])
		}
	}
	if dates := regexp.MustCompile(`\d{14}`).FindAllString(string(pdf), -1); len(dates) > 0 &&
		dates[0] != "19700101000000" {
		t.Errorf("the page is dated %v", dates)
	}
}

// withPrograms has only the given shell scripts on the path.
func withPrograms(t *testing.T, scripts map[string]string) {
	t.Helper()
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("programs are played by shell scripts, and there is no sh")
	}
	dir := t.TempDir()
	for name, script := range scripts {
		text := "#!" + shell + "\nPATH=" + os.Getenv("PATH") + "\n" + script
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
}

func TestNoProgramMakesPictures(t *testing.T) {
	withPrograms(t, nil)
	for _, format := range []string{"png", "pdf"} {
		_, err := figure.Rasterise(t.Context(), []byte(bars), format, 0)
		var missing *figure.NoRasteriserError
		if !errors.As(err, &missing) || missing.Format != format ||
			!strings.Contains(err.Error(), "rsvg-convert") ||
			!strings.Contains(err.Error(), "chromium, chromium-browser, google-chrome") {
			t.Errorf("%s: %v", format, err)
		}
	}
}

func TestProgramThatFails(t *testing.T) {
	for name, test := range map[string]struct{ script, want string }{
		"fails":           {"echo 'first line' >&2; echo \"it broke\" >&2; exit 3", "draw: rsvg-convert: exit status 3: first line it broke"},
		"writes text":     {"echo 'a picture of a cat'", "draw: rsvg-convert: what it made is no PNG"},
		"writes a PDF":    {"echo '%PDF-1.4'", "draw: rsvg-convert: what it made is no PNG"},
		"never stops":     {"printf '\\211PNG\\r\\n\\032\\n'; exec yes", "draw: rsvg-convert: it prints too much"},
		"crashes":         {"printf '\\211PNG\\r\\n\\032\\n'; kill -SEGV $$", "draw: rsvg-convert: it crashed: signal: segmentation fault"},
		"writes nothing":  {"exit 0", "draw: rsvg-convert: no picture was made"},
		"writes too much": {"for i in 1 2 3 4 5 6 7 8 9 10; do echo 'a message of about thirty letters' >&2; done; exit 1", "draw: rsvg-convert: exit status 1: …"},
	} {
		t.Run(name, func(t *testing.T) {
			withPrograms(t, map[string]string{"rsvg-convert": test.script})
			_, err := figure.Rasterise(t.Context(), []byte(bars), "png", 0)
			var failed *figure.RasteriseError
			if !errors.As(err, &failed) || !strings.HasPrefix(err.Error(), test.want) || len(err.Error()) > 300 ||
				strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestEndOfContext(t *testing.T) {
	withPrograms(t, map[string]string{"rsvg-convert": "exec sleep 60"})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := figure.Rasterise(ctx, []byte(bars), "png", 0); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// browser plays a headless browser: it photographs whatever page it is given as the
// picture beside it, and prints a dated page.
const browser = `for arg; do
  case "$arg" in
    --screenshot=*) cp %[1]s/photo.png "${arg#--screenshot=}" ;;
    --print-to-pdf=*) printf '%%%%PDF-1.4\n/CreationDate (D:20260102030405+00)\n/ModDate (D:20260102030405+00)\n' > "${arg#--print-to-pdf=}" ;;
    file://*) cp "${arg#file://}" %[1]s/page.html ;;
  esac
  echo "$arg" >> %[1]s/arguments
done
`

func TestBrowser(t *testing.T) {
	dir := t.TempDir()
	photo := image.NewRGBA(image.Rect(0, 0, 512, 512))
	for i := range photo.Pix {
		photo.Pix[i] = 255
	}
	photo.Set(119, 59, color.RGBA{R: 9, A: 255})
	var data bytes.Buffer
	if err := png.Encode(&data, photo); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "photo.png"), data.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	withPrograms(t, map[string]string{"google-chrome": fmt.Sprintf(browser, dir)})
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}

	// A window is wider than the figure: the picture is cut to it.
	red := color.RGBA{R: 9, A: 255}
	img := decode(t, rasterise(t, bars, "png", 0))
	if b := img.Bounds(); b.Dx() != 120 || b.Dy() != 60 || color.RGBAModel.Convert(img.At(119, 59)) != red {
		t.Errorf("the picture has %v pixels, or is another part of the photograph", b)
	}
	if page := read("page.html"); !strings.Contains(page, "width: 120.00px; height: 60.00px") ||
		!strings.Contains(page, `<rect width="30"`) || strings.Contains(page, "<?xml") {
		t.Errorf("the page is\n%s", page)
	}
	for _, want := range []string{
		"--headless\n", "--no-sandbox\n", "--disable-gpu\n", "--window-size=512,512\n", "--user-data-dir=",
	} {
		if !strings.Contains(read("arguments"), want) {
			t.Errorf("no argument %s", want)
		}
	}
	if _, err := figure.Rasterise(t.Context(), []byte(bars), "png", 600); err == nil ||
		!strings.Contains(err.Error(), "512 × 512 pixels, not 600 × 300") {
		t.Errorf("a photograph that is too small: %v", err)
	}

	pdf := string(rasterise(t, bars, "pdf", 0))
	if want := "%PDF-1.4\n/CreationDate (D:19700101000000+00)\n/ModDate (D:19700101000000+00)\n"; pdf != want {
		t.Errorf("the PDF is %q, want %q", pdf, want)
	}
	if page := read("page.html"); !strings.Contains(page, "size: 60.00pt 30.00pt") {
		t.Errorf("the page is\n%s", page)
	}
}

func TestBrowserWithoutPicture(t *testing.T) {
	withPrograms(t, map[string]string{"chromium": "echo 'no display' >&2"})
	_, err := figure.Rasterise(t.Context(), []byte(bars), "pdf", 0)
	if want := "draw: chromium: no picture was made: no display"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// A browser may leave something else in the place of the picture.
func TestBrowserThatMakesNoPicture(t *testing.T) {
	for script, want := range map[string]string{
		`mkfifo "$file"`:             "draw: chromium: a file of 0 bytes, of the kind p",
		`mkdir "$file"`:              "of the kind d",
		`ln -s /etc/passwd "$file"`:  "of the kind L",
		`echo '<html>no' > "$file"`:  "draw: chromium: what it made is no PNG",
		`printf '\211PNG' > "$file"`: "draw: chromium: what it made is no PNG",
	} {
		t.Run(script, func(t *testing.T) {
			temp := t.TempDir()
			t.Setenv("TMPDIR", temp)
			withPrograms(t, map[string]string{
				"chromium": `for arg; do case "$arg" in --screenshot=*) file="${arg#--screenshot=}";; esac; done; ` + script,
			})
			_, err := figure.Rasterise(t.Context(), []byte(bars), "png", 0)
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %s", err, want)
			}
			if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
				t.Errorf("%v is left (%v)", left, err)
			}
		})
	}
}
