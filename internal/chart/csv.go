package chart

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
)

// writeCSV writes the points of charts, one a line: the upright axis, the series, its kind (line,
// points, bars, theory or guide), both numbers in full, and the label of the point, or what the line
// is where several share a name.
func writeCSV(w io.Writer, charts []*Chart) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"axis", "series", "kind", "x", "y", "label"}}
	for _, p := range charts {
		for _, s := range p.series {
			for i, at := range s.xys {
				label := s.detail
				if s.labels != nil {
					label = s.labels[i]
				}
				rows = append(rows, []string{
					p.Y.Label.Text, s.name, string(s.kind), exact(at.X), exact(at.Y), label,
				})
			}
		}
	}
	for _, row := range rows {
		for i := range row {
			row[i] = strings.ReplaceAll(row[i], "\n", " ")
		}
	}
	return out.WriteAll(rows)
}

// exact writes a number so that it is read back as it is.
func exact(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
