package figure

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/tc0lab/tc0/internal/child"
	"github.com/tc0lab/tc0/internal/press"
	"github.com/tc0lab/tc0/internal/scratch"
)

// Bounds of a picture of pixels.
const (
	pixelsAPoint = 2     // where no width is asked for
	mostDefault  = 4096  // pixels of a side, where no width is asked for
	mostPixels   = 16384 // pixels of a side, ever
)

// NoRasteriserError says that no program is installed that makes pictures of SVG.
type NoRasteriserError struct {
	Format   string   // what was to be made
	Browsers []string // the browsers that were looked for
}

func (e *NoRasteriserError) Error() string {
	return fmt.Sprintf("draw: %s is made by rsvg-convert (of librsvg2-bin) or by a headless browser (%s), "+
		"and none is installed; .svg needs neither", e.Format, strings.Join(e.Browsers, ", "))
}

// RasteriseError says that the program that was to make a picture failed.
type RasteriseError struct {
	Program string
	Message string // the end of what it wrote, in one line
	Err     error
}

func (e *RasteriseError) Error() string {
	text := fmt.Sprintf("draw: %s: %v", e.Program, e.Err)
	if e.Message != "" {
		text += ": " + e.Message
	}
	return text
}

func (e *RasteriseError) Unwrap() error { return e.Err }

// browsers are the programs to try, in order, where rsvg-convert is absent.
func browsers() []string { return []string{"chromium", "chromium-browser", "google-chrome"} }

// Rasterise makes a picture on white of an SVG with a view box, such as [Polisher]
// makes. The format is "png" or "pdf", the latter of one page. Both come from
// rsvg-convert or else from a headless browser. Fonts are those of the machine, so pictures
// differ between machines. On one machine a picture is always the same: a PDF is dated by
// SOURCE_DATE_EPOCH, or 1970 if that is not set.
//
// A PNG has the given width in pixels; 0: two pixels a point of the SVG, and fewer where a
// side would exceed 4096. A PDF is always as large as the view box, in points.
//
// Error: *NoRasteriserError if there is no program, *RasteriseError if it fails.
func Rasterise(ctx context.Context, svg []byte, format string, width int) ([]byte, error) {
	if format != "png" && format != "pdf" {
		return nil, fmt.Errorf("draw: unknown picture format %q; known: png pdf", format)
	}
	p := picture{svg: svg, format: format}
	if err := p.measure(width); err != nil {
		return nil, err
	}
	if program, err := exec.LookPath("rsvg-convert"); err == nil {
		return p.convert(ctx, program)
	}
	for _, name := range browsers() {
		if program, err := exec.LookPath(name); err == nil {
			return p.browse(ctx, program)
		}
	}
	return nil, &NoRasteriserError{format, browsers()}
}

// Write writes a figure in a format: its text, or for "png" and "pdf" the picture that
// [Rasterise] makes of its SVG, as so many pixels wide.
func Write(ctx context.Context, w io.Writer, text []byte, format string, pixels int) (err error) {
	if format == "png" || format == "pdf" {
		if text, err = Rasterise(ctx, text, format, pixels); err != nil {
			return err
		}
	}
	_, err = w.Write(text)
	return err
}

// picture is one to be made.
type picture struct {
	svg        []byte
	format     string
	wide, high float64 // in points
	px, py     int     // in pixels
}

// measure reads the view box and finds the size in pixels.
func (p *picture) measure(width int) error {
	var root struct {
		XMLName xml.Name
		ViewBox string `xml:"viewBox,attr"`
	}
	if err := xml.NewDecoder(bytes.NewReader(p.svg)).Decode(&root); err != nil {
		return fmt.Errorf("draw: no SVG: %w", err)
	}
	if root.ViewBox == "" {
		return fmt.Errorf("draw: an SVG without a view box, in an element %s", root.XMLName.Local)
	}
	var x, y float64
	_, err := fmt.Sscan(root.ViewBox, &x, &y, &p.wide, &p.high)
	if err != nil || !(p.wide > 0 && p.high > 0) || math.IsInf(p.wide+p.high, 0) {
		return fmt.Errorf("draw: an SVG with the view box %q", root.ViewBox)
	}
	if width < 0 || width > mostPixels {
		return fmt.Errorf("draw: a picture %d pixels wide; it may have 1 to %d", width, mostPixels)
	}
	scale := float64(width) / p.wide
	if width == 0 {
		scale = min(pixelsAPoint, mostDefault/max(p.wide, p.high))
	}
	pixels := func(points float64) int { return max(1, int(math.Round(points*scale))) }
	if tall := math.Round(p.high * scale); tall > mostPixels {
		return fmt.Errorf("draw: a picture %.0f pixels high; it may have %d", tall, mostPixels)
	}
	p.px, p.py = pixels(p.wide), pixels(p.high)
	return nil
}

// convert asks rsvg-convert.
func (p *picture) convert(ctx context.Context, program string) ([]byte, error) {
	shape := fmt.Sprintf("--width %d --height %d", p.px, p.py)
	if p.format == "pdf" { // at 72 pixels an inch, a pixel is a point
		shape = fmt.Sprintf("--dpi-x 72 --dpi-y 72 --width %.2f --height %.2f", p.wide, p.high)
	}
	args := strings.Fields("--background-color white --unlimited --format " + p.format + " " + shape)
	c := child.Command{Name: program, Args: args, Input: bytes.NewReader(p.svg)}
	if os.Getenv(epoch) == "" {
		c.Env = []string{epoch + "=0"}
	}
	return p.run(ctx, c, func(out []byte) ([]byte, error) { return out, nil })
}

const epoch = "SOURCE_DATE_EPOCH" // seconds; see reproducible-builds.org

// leastWindow is as narrow as browsers let a window be.
const leastWindow = 512

// browse lets a browser print or photograph a page that holds only the SVG.
func (p *picture) browse(ctx context.Context, program string) ([]byte, error) {
	dir, remove, err := scratch.Folder("", "tc0-figure-")
	if err != nil {
		return nil, fmt.Errorf("draw: %w", err)
	}
	defer remove()
	page, result := filepath.Join(dir, "figure.html"), filepath.Join(dir, "figure."+p.format)
	args := []string{
		"--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1",
		"--user-data-dir=" + filepath.Join(dir, "profile"),
	}
	unit, wide, high := "px", float64(p.px), float64(p.py)
	if p.format == "pdf" {
		unit, wide, high = "pt", p.wide, p.high
		args = append(args, "--print-to-pdf="+result, "--no-pdf-header-footer", "--print-to-pdf-no-header")
	} else {
		window := fmt.Sprintf("--window-size=%d,%d", max(p.px, leastWindow), max(p.py, leastWindow))
		args = append(args, "--screenshot="+result, window)
	}
	text := fmt.Sprintf(`<!DOCTYPE html><html><head><meta charset="utf-8"><style>
@page { size: %.2[1]f%[3]s %.2[2]f%[3]s; margin: 0 }
html, body { margin: 0; background: white; overflow: hidden }
svg { display: block; width: %.2[1]f%[3]s; height: %.2[2]f%[3]s }
</style></head><body>
%[4]s</body></html>
`, wide, high, unit, fromRoot(p.svg))
	if err := os.WriteFile(page, []byte(text), 0o600); err != nil {
		return nil, fmt.Errorf("draw: %w", err)
	}
	c := child.Command{Name: program, Args: append(args, "file://"+filepath.ToSlash(page))}
	made, err := p.run(ctx, c, func([]byte) ([]byte, error) { return readPicture(result) })
	switch {
	case err != nil:
		return nil, err
	case p.format == "pdf":
		return Undated(made), nil
	}
	return cropped(made, p.px, p.py)
}

// Bounds of the programs that make pictures.
const (
	mostTime  = 10 * time.Minute
	mostBytes = 1 << 28 // of a picture
)

// magic is how the files of a format begin.
var magic = map[string]string{"png": "\x89PNG\r\n\x1a\n", "pdf": "%PDF-"}

// run runs a program and returns the picture that it made, which find takes from its output. If
// the context ended, the error is its cause; else it is a *RasteriseError.
func (p *picture) run(
	ctx context.Context, c child.Command, find func(out []byte) ([]byte, error),
) ([]byte, error) {
	c.Time, c.Most = mostTime, mostBytes
	ended, err := child.Run(ctx, c)
	var made []byte
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case err != nil:
	case ended.Failed != nil:
		err = ended.Failed
	default:
		made, err = find(ended.Out)
	}
	switch {
	case err != nil:
	case len(made) == 0:
		err = errors.New("no picture was made")
	case !bytes.HasPrefix(made, []byte(magic[p.format])):
		err = fmt.Errorf("what it made is no %s", strings.ToUpper(p.format))
	default:
		return made, nil
	}
	return nil, &RasteriseError{filepath.Base(c.Name), lastWords(string(ended.Err)), err}
}

// readPicture reads a picture that a program made. There may be none: browsers end with success
// all the same.
func readPicture(name string) ([]byte, error) {
	info, err := os.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular() || info.Size() > mostBytes:
		return nil, fmt.Errorf("a file of %d bytes, of the kind %v", info.Size(), info.Mode().Type())
	}
	return os.ReadFile(name)
}

// lastWords returns the end of a message in one line.
func lastWords(text string) string {
	const most = 200
	words := []rune(press.Clean(strings.Join(strings.Fields(text), " ")))
	if len(words) > most {
		return "…" + string(words[len(words)-most:])
	}
	return string(words)
}

// fromRoot leaves out what stands before the root of an SVG. HTML has no place for it.
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
		return nil, fmt.Errorf("draw: the picture of a browser has %d × %d pixels, not %d × %d",
			at.Dx(), at.Dy(), wide, high)
	}
	corner := image.Rectangle{at.Min, at.Min.Add(image.Pt(wide, high))}
	cut := photo.(interface {
		SubImage(image.Rectangle) image.Image
	}).SubImage(corner) // all of png's have it
	var out bytes.Buffer
	if err := png.Encode(&out, cut); err != nil {
		return nil, fmt.Errorf("draw: %w", err)
	}
	return out.Bytes(), nil
}

var datePattern = regexp.MustCompile(`(/(?:CreationDate|ModDate) ?\(D:)\d{14}`)

// Undated sets the dates in a PDF to the start of 1970. Browsers have no option for
// it, nor have plots. The new date is as long as the old one, so the offsets in the file stay right.
func Undated(pdf []byte) []byte {
	return datePattern.ReplaceAll(pdf, []byte("${1}19700101000000"))
}
