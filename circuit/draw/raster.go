package draw

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	stddraw "image/draw"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// Bounds of a picture of pixels.
const (
	pixelsAPoint = 2     // where no width is asked for
	mostDefault  = 4096  // pixels of a side, where no width is asked for
	mostPixels   = 16384 // pixels of a side, ever
)

// RasterConfig says how [Rasterise] makes a picture. The zero value works.
type RasterConfig struct {
	// Width of a PNG in pixels; 0: two pixels a point of the SVG, and fewer where a
	// side would exceed 4096. A PDF is always as large as the view box, in points.
	Width int
}

// NoRasteriserError says that no program is installed that makes pictures of SVG.
type NoRasteriserError struct {
	Format   string   // what was to be made
	Browsers []string // the browsers that were looked for
}

func (e *NoRasteriserError) Error() string {
	return fmt.Sprintf("draw: %s is made by rsvg-convert (of librsvg2-bin) or by a headless browser (%s), and none is installed; .svg needs neither",
		e.Format, strings.Join(e.Browsers, ", "))
}

// RasteriseError says that the program that was to make a picture failed.
type RasteriseError struct {
	Program string
	Message string // the end of what it wrote, in one line
	Err     error
}

func (e *RasteriseError) Error() string {
	if e.Message == "" {
		return fmt.Sprintf("draw: %s: %v", e.Program, e.Err)
	}
	return fmt.Sprintf("draw: %s: %v: %s", e.Program, e.Err, e.Message)
}

func (e *RasteriseError) Unwrap() error { return e.Err }

// browsers are the programs that do where rsvg-convert is absent, the first first.
func browsers() []string { return []string{"chromium", "chromium-browser", "google-chrome"} }

// Rasterise makes a picture on white of an SVG with a view box, such as [Layout]
// returns. The format is "png" or "pdf", the latter of one page. Both come from
// rsvg-convert or else from a headless browser. Fonts are those of the machine, so that
// pictures differ between machines; on one machine a picture does not change, since a
// PDF is dated by SOURCE_DATE_EPOCH, or 1970 where that is not set.
//
// Error: *NoRasteriserError if there is no program, *RasteriseError if it fails.
func Rasterise(ctx context.Context, svg []byte, format string, cfg RasterConfig) ([]byte, error) {
	if format != "png" && format != "pdf" {
		return nil, fmt.Errorf("draw: unknown picture format %q; known: png pdf", format)
	}
	box, err := viewBox(svg)
	if err != nil {
		return nil, err
	}
	wide, high, err := box.pixels(cfg.Width)
	if err != nil {
		return nil, err
	}
	if program, err := exec.LookPath("rsvg-convert"); err == nil {
		return runConverter(ctx, program, svg, format, box, wide, high)
	}
	for _, name := range browsers() {
		if program, err := exec.LookPath(name); err == nil {
			return runBrowser(ctx, program, svg, format, box, wide, high)
		}
	}
	return nil, &NoRasteriserError{format, browsers()}
}

// size is that of a view box, in points.
type size struct{ wide, high float64 }

// viewBox reads the size of an SVG.
func viewBox(svg []byte) (size, error) {
	dec := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := dec.Token()
		if err != nil {
			return size{}, fmt.Errorf("draw: no SVG: %w", err)
		}
		root, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		for _, a := range root.Attr {
			if a.Name.Local != "viewBox" {
				continue
			}
			if f := strings.Fields(a.Value); len(f) == 4 {
				wide, err1 := strconv.ParseFloat(f[2], 64)
				high, err2 := strconv.ParseFloat(f[3], 64)
				if err1 == nil && err2 == nil && wide > 0 && high > 0 && !math.IsInf(wide+high, 0) {
					return size{wide, high}, nil
				}
			}
			return size{}, fmt.Errorf("draw: an SVG with the view box %q", a.Value)
		}
		return size{}, fmt.Errorf("draw: an SVG without a view box, in an element %s", root.Name.Local)
	}
}

// pixels returns the size of a PNG.
func (s size) pixels(width int) (wide, high int, err error) {
	if width < 0 || width > mostPixels {
		return 0, 0, fmt.Errorf("draw: a picture %d pixels wide; it may have 1 to %d", width, mostPixels)
	}
	scale := float64(width) / s.wide
	if width == 0 {
		scale = min(pixelsAPoint, mostDefault/max(s.wide, s.high))
		width = max(1, int(math.Round(s.wide*scale)))
	}
	tall := math.Round(s.high * scale)
	if tall > mostPixels {
		return 0, 0, fmt.Errorf("draw: a picture %.0f pixels high; it may have %d", tall, mostPixels)
	}
	return width, max(1, int(tall)), nil
}

func runConverter(ctx context.Context, program string, svg []byte, format string, box size, wide, high int) ([]byte, error) {
	args := []string{"--format", format, "--background-color", "white", "--unlimited"}
	if format == "png" {
		args = append(args, "--width", strconv.Itoa(wide), "--height", strconv.Itoa(high))
	} else { // at 72 pixels an inch, a pixel is a point
		args = append(args, "--dpi-x", "72", "--dpi-y", "72",
			"--width", fmt.Sprintf("%.2f", box.wide), "--height", fmt.Sprintf("%.2f", box.high))
	}
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stdin = bytes.NewReader(svg)
	if _, ok := os.LookupEnv(epoch); !ok {
		cmd.Env = append(os.Environ(), epoch+"=0")
	}
	var out, message bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &message
	if err := run(ctx, cmd, &message); err != nil {
		return nil, err
	}
	if out.Len() == 0 {
		return nil, &RasteriseError{filepath.Base(program), lastWords(message.String()), errNothing}
	}
	return out.Bytes(), nil
}

const epoch = "SOURCE_DATE_EPOCH" // seconds; see reproducible-builds.org

// leastWindow is as narrow as browsers let a window be.
const leastWindow = 512

// runBrowser has a page printed or photographed that holds nothing but the SVG.
func runBrowser(ctx context.Context, program string, svg []byte, format string, box size, wide, high int) ([]byte, error) {
	dir, err := os.MkdirTemp("", "tc0-figure-")
	if err != nil {
		return nil, fmt.Errorf("draw: %w", err)
	}
	defer os.RemoveAll(dir)
	unit, w, h := "px", float64(wide), float64(high)
	if format == "pdf" {
		unit, w, h = "pt", box.wide, box.high
	}
	page, result := filepath.Join(dir, "figure.html"), filepath.Join(dir, "figure."+format)
	text := fmt.Sprintf(`<!DOCTYPE html><html><head><meta charset="utf-8"><style>
@page { size: %.2f%s %.2f%s; margin: 0 }
html, body { margin: 0; background: white; overflow: hidden }
svg { display: block; width: %.2f%s; height: %.2f%s }
</style></head><body>
`, w, unit, h, unit, w, unit, h, unit) + string(fromRoot(svg)) + "</body></html>\n"
	if err := os.WriteFile(page, []byte(text), 0o600); err != nil {
		return nil, fmt.Errorf("draw: %w", err)
	}
	args := []string{
		"--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1",
		"--user-data-dir=" + filepath.Join(dir, "profile"),
	}
	if format == "png" {
		args = append(args, "--screenshot="+result, fmt.Sprintf("--window-size=%d,%d", max(wide, leastWindow), max(high, leastWindow)))
	} else {
		args = append(args, "--print-to-pdf="+result, "--no-pdf-header-footer", "--print-to-pdf-no-header")
	}
	cmd := exec.CommandContext(ctx, program, append(args, "file://"+filepath.ToSlash(page))...)
	var message bytes.Buffer
	cmd.Stderr = &message
	if err := run(ctx, cmd, &message); err != nil {
		return nil, err
	}
	made, err := os.ReadFile(result)
	if err != nil { // browsers end with success all the same
		return nil, &RasteriseError{filepath.Base(program), lastWords(message.String()), errNothing}
	}
	if format == "pdf" {
		return undated(made), nil
	}
	return cropped(made, wide, high)
}

// errNothing is what is wrong where a program ends well without a picture.
var errNothing = errors.New("no picture was made")

// run runs a program, and tells the end of the context from a failure of the program's own.
func run(ctx context.Context, cmd *exec.Cmd, message *bytes.Buffer) error {
	err := cmd.Run()
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	return &RasteriseError{filepath.Base(cmd.Path), lastWords(message.String()), err}
}

// lastWords returns the end of a message in one line.
func lastWords(text string) string {
	const most = 200
	words := []rune(strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, strings.ToValidUTF8(strings.TrimSpace(text), "?")))
	if len(words) > most {
		return "…" + string(words[len(words)-most:])
	}
	return string(words)
}

// fromRoot leaves out what stands before the root of an SVG, which HTML has no place for.
func fromRoot(svg []byte) []byte { return svg[max(0, bytes.Index(svg, []byte("<svg"))):] }

// cropped cuts a PNG to its upper left corner: the window was not narrower than
// browsers allow.
func cropped(file []byte, wide, high int) ([]byte, error) {
	photo, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("draw: the picture of a browser: %w", err)
	}
	at := photo.Bounds()
	if at.Dx() < wide || at.Dy() < high {
		return nil, fmt.Errorf("draw: the picture of a browser has %d × %d pixels, not %d × %d", at.Dx(), at.Dy(), wide, high)
	}
	cut := image.NewRGBA(image.Rect(0, 0, wide, high))
	stddraw.Draw(cut, cut.Bounds(), photo, at.Min, stddraw.Src)
	var out bytes.Buffer
	if err := png.Encode(&out, cut); err != nil {
		return nil, fmt.Errorf("draw: %w", err)
	}
	return out.Bytes(), nil
}

var datePattern = regexp.MustCompile(`(/(?:CreationDate|ModDate) ?\(D:)\d{14}`)

// undated sets the dates in a PDF to the start of 1970. Browsers cannot be asked to;
// the new date is as long as the old, so that the offsets in the file stay right.
func undated(pdf []byte) []byte {
	return datePattern.ReplaceAll(pdf, []byte("${1}19700101000000"))
}
