package chart

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	_ "gonum.org/v1/plot/vg/vgpdf" // the formats of the plot
	_ "gonum.org/v1/plot/vg/vgsvg"

	"github.com/tc0lab/tc0/internal/figure"
)

// Formats are those of charts, as extensions of files.
var Formats = []string{".svg", ".png", ".pdf", ".tex", ".csv"}

// columnWidth is that of a column of a paper.
const columnWidth = 8 * vg.Centimeter

// Measures of the legend, and of the white around all, in points.
const (
	rowHeight   = 10
	thumbWidth  = 22
	thumbHeight = 7
	gap         = 3
	apart       = 10
	margin      = 4
	axisRoom    = 40 // of the height, for the axis at the bottom
)

// newCanvas is draw.NewFormattedCanvas with as many dots as print asks for.
func newCanvas(height vg.Length, format string) (vg.CanvasWriterTo, error) {
	if format == "png" {
		return vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(columnWidth, height), vgimg.UseDPI(300))}, nil
	}
	c, err := draw.NewFormattedCanvas(columnWidth, height, format)
	if format == "pdf" && err == nil {
		return outlined{c}, nil
	}
	return c, err
}

// Write writes charts, one above the other with their axes aligned, as wide as a column of a paper.
// All together are so many centimetres high, and the legend is added to that. The last chart names the
// axis at the bottom. The format is one of [Formats], without the dot.
func Write(w io.Writer, format string, height vg.Length, charts ...*Chart) error {
	for _, p := range charts {
		if p.err != nil {
			return p.err
		}
		if err := p.settle(); err != nil {
			return err
		}
	}
	switch format {
	case "tex":
		return writeTeX(w, height, charts)
	case "csv":
		return writeCSV(w, charts)
	}
	room := height * vg.Centimeter
	panels := room/vg.Length(len(charts)) - axisRoom
	trial, err := newCanvas(room, format)
	if err != nil {
		return err
	}
	crop := func(c draw.Canvas, below vg.Length) draw.Canvas {
		return draw.Crop(c, margin, -8, margin+below+gap, -6)
	}
	labels := direct(charts, drawPanels(crop(draw.New(trial), 0), charts, panels))
	rows := legend(charts, columnWidth-2*margin, labels != nil)
	below := vg.Length(lines(rows)) * rowHeight
	canvas, err := newCanvas(room+below, format)
	if err != nil {
		return err
	}
	all := draw.New(canvas)
	all.SetColor(charts[0].BackgroundColor)
	all.Fill(all.Rectangle.Path())
	drawLegend(draw.Crop(all, margin, -margin, margin, 0), charts[0].Plot, rows)
	for i, data := range drawPanels(crop(all, below), charts, panels) {
		if labels != nil {
			charts[i].drawLabels(data, moved(labels[i], below))
		}
	}
	return undated(w, format, canvas)
}

// moved moves names up, by what the legend takes below.
func moved(labels []label, by vg.Length) []label {
	for i := range labels {
		labels[i].box.Min.Y += by
		labels[i].box.Max.Y += by
	}
	return labels
}

// drawPanels draws the charts and the names of their axes, those of the upright ones in lines of a width. It returns
// where the data are.
// The names are drawn here since gonum takes the middle of a logarithmic axis for its end, and would
// leave room for the name there.
func drawPanels(c draw.Canvas, charts []*Chart, width vg.Length) (drawn []draw.Canvas) {
	tiles := draw.Tiles{Rows: len(charts), Cols: 1, PadY: 8}
	var grid [][]*plot.Plot
	var names []string
	for _, p := range charts {
		p.Title.Text = wrapped(p.Title.TextStyle, p.Title.Text, columnWidth-2*margin)
		name := wrapped(p.Y.Label.TextStyle, p.Y.Label.Text, width)
		tiles.PadLeft = max(tiles.PadLeft, p.Y.Label.TextStyle.Height(name)+2*gap)
		names = append(names, name)
		defer func(text string) { p.Y.Label.Text = text }(p.Y.Label.Text)
		p.Y.Label.Text = ""
		grid = append(grid, []*plot.Plot{p.Plot})
	}
	last := charts[len(charts)-1]
	name, style := last.X.Label.Text, last.X.Label.TextStyle
	style.XAlign, style.YAlign = draw.XCenter, draw.YBottom
	tiles.PadBottom, last.X.Label.Text = style.Height(name), ""
	defer func() { last.X.Label.Text = name }()
	for i, at := range plot.Align(grid, tiles, c) {
		p := grid[i][0]
		p.Draw(at[0])
		data := p.DataCanvas(at[0])
		upright := p.Y.Label.TextStyle
		upright.Rotation, upright.XAlign, upright.YAlign = math.Pi/2, draw.XCenter, draw.YTop
		c.FillText(upright, vg.Point{X: c.Min.X, Y: data.Center().Y}, names[i])
		if i == len(charts)-1 {
			c.FillText(style, vg.Point{X: data.Center().X, Y: c.Min.Y}, name)
		}
		drawn = append(drawn, data)
	}
	return drawn
}

// entry is a name in the legend, in lines that fit, and where it begins in its row.
type entry struct {
	series
	text string
	at   vg.Length
}

// legend puts the names of the charts, each once, into rows of a width, but those of lines if they are beside these.
func legend(charts []*Chart, width vg.Length, beside bool) [][]entry {
	var rows [][]entry
	var end vg.Length
	var seen []string
	for _, p := range charts {
		for _, s := range p.series {
			if s.name == "" || slices.Contains(seen, s.name) || beside && s.kind == line {
				continue
			}
			seen = append(seen, s.name)
			e := entry{series: s, text: wrapped(p.Legend.TextStyle, s.name, width-thumbWidth-gap)}
			need := thumbWidth + gap + p.Legend.TextStyle.Rectangle(e.text).Size().X
			if len(rows) == 0 || end+apart+need > width {
				rows, end = append(rows, nil), -apart
			}
			e.at = end + apart
			end = e.at + need
			rows[len(rows)-1] = append(rows[len(rows)-1], e)
		}
	}
	return rows
}

// lines counts the lines of text in a row, or in all rows.
func lines(rows [][]entry) int {
	sum := 0
	for _, row := range rows {
		most := 0
		for _, e := range row {
			most = max(most, 1+strings.Count(e.text, "\n"))
		}
		sum += most
	}
	return sum
}

// drawLegend draws the rows at the bottom of a canvas.
func drawLegend(c draw.Canvas, p *plot.Plot, rows [][]entry) {
	style := p.Legend.TextStyle
	style.YAlign = draw.YTop
	top := c.Min.Y + vg.Length(lines(rows))*rowHeight
	for _, row := range rows {
		for _, e := range row {
			x := c.Min.X + e.at
			thumb := draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
				Min: vg.Point{X: x, Y: top - thumbHeight - 1}, Max: vg.Point{X: x + thumbWidth, Y: top - 1},
			}}
			for _, t := range e.thumbs {
				t.Thumbnail(&thumb)
			}
			for i, text := range strings.Split(e.text, "\n") {
				c.FillText(style, vg.Point{X: x + thumbWidth + gap, Y: top - vg.Length(i)*rowHeight}, text)
			}
		}
		top -= vg.Length(lines([][]entry{row})) * rowHeight
	}
}

// wrapped breaks text at blanks and commas, so that each line is at most as wide as given. A word that is
// wider stays whole.
func wrapped(style text.Style, line string, width vg.Length) string {
	var out, now string
	for _, part := range strings.SplitAfter(strings.ReplaceAll(line, ",", ",\x00"), " ") {
		for _, word := range strings.Split(part, "\x00") {
			full := style.Width(strings.TrimRight(now+word, " ")) > width
			if full && now != "" {
				out, now = out+strings.TrimRight(now, " ")+"\n", ""
			}
			now += word
		}
	}
	return out + now
}

// settle gives each axis bounds, where nothing is drawn or all of it has one number, too. A logarithmic axis
// gets a little room around what is drawn, and no more: no empty decades.
func (p *Chart) settle() error {
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		_, log := axis.Scale.(plot.LogScale)
		if axis.Min > axis.Max { // nothing is drawn
			axis.Min, axis.Max = 1, 2
		}
		switch {
		case log && axis.Min <= 0:
			return fmt.Errorf("chart: the logarithmic axis %q begins at %v; it takes numbers above 0 only",
				axis.Label.Text, axis.Min)
		case log && axis.Min == axis.Max:
			axis.Min, axis.Max = axis.Min/2, axis.Max*2
		case axis.Min == axis.Max:
			axis.Min, axis.Max = axis.Min-1, axis.Max+1
		}
		if log {
			axis.Min, axis.Max = widened(axis.Min, axis.Max)
		}
	}
	return nil
}

// undated writes what was drawn, without the clock that a PDF has.
func undated(w io.Writer, format string, drawn io.WriterTo) error {
	var b bytes.Buffer
	if _, err := drawn.WriteTo(&b); err != nil {
		return err
	}
	file := b.Bytes()
	if format == "pdf" {
		file = figure.Undated(file)
	}
	_, err := w.Write(file)
	return err
}
