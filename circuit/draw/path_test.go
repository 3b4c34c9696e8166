package draw_test

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/draw"
	"github.com/tc0lab/tc0/gates"
)

// named reads which shape each node of the text is: by id, and the label of it where
// the id is of a port.
func named(text string) map[string]string {
	ids := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^\s*(n\d+)\[.*\bid="([^"]+)"`).FindAllStringSubmatch(text, -1) {
		ids[m[1]] = m[2]
	}
	return ids
}

// linesWith returns the lines between shapes whose attributes hold the given text, such
// as "in0 g3".
func linesWith(text, attribute string) []string {
	ids := named(text)
	var lines []string
	pattern := regexp.MustCompile(`(?m)^\s*(n\d+)(?::[^-]*)?->(n\d+)(?::[^\[]*)?\[(.*)\];`)
	for _, m := range pattern.FindAllStringSubmatch(text, -1) {
		if strings.Contains(m[3], attribute) {
			lines = append(lines, ids[m[1]]+" "+ids[m[2]])
		}
	}
	slices.Sort(lines)
	return lines
}

func TestPath(t *testing.T) {
	// g4 is the carry on the shared sum s1; the sum bit g5 reads s1 and the carry.
	for _, test := range []struct {
		path   []circuit.Gate
		lines  string
		shapes string
		legend string
	}{
		{[]circuit.Gate{1, 4, 5}, "g4 g5, g5 out1, in0 s1, s1 g4", "g4 g5 in0 out1 s1", "heavy: a longest path"},
		{[]circuit.Gate{2, 5}, "g5 out1, in1 s1, s1 g5", "g5 in1 out1 s1", "heavy: a longest path"},
		{[]circuit.Gate{4}, "g4 out0", "g4 out0", "heavy: a path"},
		{nil, "", "", ""},
	} {
		p := draw.Paper()
		text := dotText(t, fullAdder(t), draw.Config{Path: test.path})
		if got := strings.Join(linesWith(text, `color="`+p.Path+`"`), ", "); got != test.lines {
			t.Errorf("%v: lines %s, want %s", test.path, got, test.lines)
		}
		var shapes []string
		for n, id := range named(text) {
			if m := regexp.MustCompile(`(?m)^\s*` + n + `\[.*\bcolor="` + p.Path +
				`".*penwidth="2.4"`).FindString(text); m != "" {
				shapes = append(shapes, id)
			}
		}
		slices.Sort(shapes)
		if got := strings.Join(shapes, " "); got != test.shapes {
			t.Errorf("%v: shapes %s, want %s", test.path, got, test.shapes)
		}
		beside := len(linesWith(text, `color="`+p.Beside+`"`))
		if all := len(linesWith(text, `id="e`)); test.path != nil && beside != all-strings.Count(test.lines, ",")-1 ||
			test.path == nil && beside != 0 {
			t.Errorf("%v: %d of %d lines are beside the path", test.path, beside, all)
		}
		if legend := strings.Contains(text, "heavy"); legend != (test.path != nil) ||
			!strings.Contains(text, test.legend) {
			t.Errorf("%v: the legend does not say %q", test.path, test.legend)
		}
	}
}

// On a path of a wire, only the cell of that wire is left by a heavy line.
func TestPathFromCell(t *testing.T) {
	c := attention(t, 2)
	var and circuit.Gate
	for g := range circuit.Gate(c.Len()) {
		if c.Kind(g) == gates.And {
			and = g
			break
		}
	}
	from := c.Fanin(and)[1].Gate()
	text := dotText(t, c, draw.Config{Path: []circuit.Gate{from, and}})
	if n := len(linesWith(text, `color="`+draw.Paper().Path+`"`)); n != 1 {
		t.Errorf("%d heavy lines, want 1", n)
	}
}

func TestPathThroughBoxes(t *testing.T) {
	c := attention(t, 2)
	path := longest(c)
	if len(path) != 5 {
		t.Fatalf("a longest path has %d gates", len(path))
	}
	text := dotText(t, c, draw.Config{Fold: true, Path: path})
	lines := linesWith(text, `color="`+draw.Paper().Path+`"`)
	want := "box0 box1, box1 box2, box2 box3, box3 out0, in0 box0"
	if got := strings.Join(lines, ", "); got != want {
		t.Errorf("heavy lines %s, want %s", got, want)
	}
}

// longest walks back from the output along gates that give it its level.
func longest(c *circuit.Circuit) []circuit.Gate {
	levels := c.Levels(gates.Standard())
	at := c.Outputs()[0].Gate()
	path := []circuit.Gate{at}
	for !c.Kind(at).IsSource() {
		from := []circuit.Gate{}
		if s, ok := c.ReadsSum(at); ok {
			from, _ = c.Flatten(s)
		}
		for _, x := range c.Fanin(at) {
			from = append(from, x.Gate())
		}
		for _, g := range from {
			if levels.Gate[g]+1 == levels.Gate[at] {
				path = append(path, g)
				at = g
				break
			}
		}
	}
	slices.Reverse(path)
	return path
}

func TestPathThatIsNone(t *testing.T) {
	for _, test := range []struct {
		path []circuit.Gate
		want string
	}{
		{[]circuit.Gate{1, 99}, "draw: a path through gate 99 of a circuit of 6"},
		{[]circuit.Gate{5, 4}, "draw: a path through gates 5 and 4, but the second does not read the first"},
		{[]circuit.Gate{1, 2}, "draw: a path through gates 1 and 2, but the second does not read the first"},
	} {
		for _, fold := range []bool{false, true} {
			err := draw.DOT(&bytes.Buffer{}, fullAdder(t), draw.Config{Path: test.path, Fold: fold})
			if err == nil || err.Error() != test.want {
				t.Errorf("%v: %v, want %s", test.path, err, test.want)
			}
		}
	}
}
