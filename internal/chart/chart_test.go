package chart

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"gonum.org/v1/plot"
)

func TestTicks(t *testing.T) {
	labels := func(ticks []plot.Tick) string {
		var b []string
		for _, at := range ticks {
			b = append(b, at.Label)
		}
		return strings.Join(b, " ")
	}
	for got, want := range map[string]string{
		labels(Whole(5)):                         "0 1 2 3 4 5",
		labels(Whole(23)):                        "0 5 10 15 20",
		labels(Every(0, 1, 0.25)):                "0 0.25 0.5 0.75 1",
		labels(At([]int{8, 2, 4, 2})):            "2 4 8",
		labels(OneTwoFive(0.5, 10)):              "0.5 1 2 5 10",
		labels(PowersOfTen(1, 1e4)):              "1 10 10² 10³ 10⁴",
		labels(Tenths(100)(0.00001, 1e9)):        "1e-5 1e-4 0.001 0.01 0.1 1 10 100",
		labels(At([]int{1, 2, 100, 101, 10000})): " 2  101 10000",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A chart is written in each of its formats, and the first error of its lines comes out.
func TestWriteGrowth(t *testing.T) {
	all := []Series{{"parity", []Point{{2, 2, 3, 8}, {4, 2, 5, 24}}}, {"one", []Point{{1, 1, 0, 0}}}}
	for _, format := range Formats {
		var b bytes.Buffer
		if err := WriteGrowth(&b, format[1:], all, "n", "standard", true); err != nil || b.Len() == 0 {
			t.Errorf("%s: %d bytes, error %v", format, b.Len(), err)
		}
		dates := regexp.MustCompile(`Date \(D:(\d+)`).FindAllStringSubmatch(b.String(), -1)
		for _, date := range dates { // else a plot would be another one each time
			if date[1] != "19700101000000" {
				t.Errorf("%s: date %s", format, date[1])
			}
		}
		if (len(dates) > 0) != (format == ".pdf") {
			t.Errorf("%s: dates %v", format, dates)
		}
	}
	if err := WriteGrowth(&bytes.Buffer{}, "gif", all, "n", "standard", false); err == nil {
		t.Error("a format that there is not was written")
	}
}
