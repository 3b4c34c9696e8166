package sketch

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/explore"
	"github.com/tc0lab/tc0/internal/press"
)

const mostPorts = 8 // whose integers are in the caption

// describe writes the caption: the numbers of the circuit, what is left out, and the input.
func (f *figure) describe() {
	a, s := f.About, &f.View.State
	parts := []string{fmt.Sprintf("depth %d (standard depth model)", a.Depth), press.Plural(int64(a.Gates), "gate")}
	if a.Wires > 0 {
		parts = append(parts, press.Plural(a.Wires, "wire"))
	}
	f.caption = strings.Join(parts, ", ")
	if filter := s.Filter; filter != nil {
		deep := ""
		if filter.Depth > 0 {
			deep = ", to depth " + press.Count(int64(filter.Depth))
		}
		f.caption += "; only " + map[string]string{
			"cone": fmt.Sprintf("what g%d depends on", filter.Gate),
			"fan":  fmt.Sprintf("what g%d feeds", filter.Gate),
			"path": "what is on a longest path",
		}[filter.Kind] + deep
	}
	if n := s.Tokens; n > 0 && a.Text != nil {
		f.caption += "; text: the first " + press.Plural(int64(n), "token")
	}
	if !f.known {
		return
	}
	f.caption += "; input " + integers(a.InputPorts, f.Change.Inputs, f.Change.Bits)
	if s.Level != nil && *s.Level < a.Depth {
		f.caption += fmt.Sprintf("; values up to level %d", *s.Level)
		return
	}
	f.caption += "; output " + integers(a.OutputPorts, f.Change.Ports, f.Change.Outputs)
}

// integers lists the integers of ports, if they are few, and else counts their bits.
func integers(ports []explore.Port, values map[string]string, bits string) string {
	if len(ports) > mostPorts {
		ones := strings.Count(bits, "1")
		return fmt.Sprintf("of %s, %s of them 1", press.Plural(int64(len(bits)), "bit"), press.Count(int64(ones)))
	}
	var list []string
	for _, p := range ports {
		value := "no code"
		if values[p.Name] != "" {
			value = minus(short(values[p.Name]))
			labels := p.Codec.Labels
			if i, err := strconv.Atoi(values[p.Name]); err == nil && i >= 0 && i < len(labels) && labels[i] != value {
				value += " (" + press.Clean(labels[i]) + ")"
			}
		}
		list = append(list, press.Clean(p.Name)+" = "+value)
	}
	return strings.Join(list, ", ")
}

// explain writes the legend: the signs that occur.
func (f *figure) explain() {
	var folded, bound, count, weight, negative, ring, path, selected, sum, nested, carries bool
	kinds := map[string]bool{} // of gates, by the shape that they have
	for _, i := range f.View.Items {
		folded = folded || i.Fold
		sum = sum || f.known && i.Kind == "sum"
		bound = bound || i.Kind == "gate" && strings.HasPrefix(i.Label, "≥")
		if i.Kind == "gate" {
			kinds[shapeOf(i.Type)] = true
		}
		selected = selected || i.ID == f.View.State.Select
	}
	for i, e := range f.View.Edges {
		count = count || e.Wires > 1
		weight = weight || e.Wires == 1 && e.Weight != ""
		negative = negative || f.wires[i].dashed
		carries = carries || f.wires[i].dashed && f.wires[i].colour == f.colours.one
		ring = ring || e.Not
	}
	for _, frame := range f.View.Frames {
		nested = nested || frame.Depth%2 == 1
	}
	grey := f.cfg.Palette == press.Grey()
	filter := f.View.State.Filter
	path = filter != nil && filter.Kind == "path"
	level := f.View.State.Level != nil && *f.View.State.Level < f.About.Depth
	parts := []string{}
	for _, part := range []struct {
		occurs bool
		text   string
	}{
		{folded, "a box that counts gates or bits is folded"},
		{len(f.View.Frames) > 0, "dashed frame: unfolded"},
		{nested, "darker frame: inside another"},
		{kinds["stadium"], "round: AND, OR, NOT"},
		{kinds["hexagon"], "hexagon: XOR, MOD"},
		{kinds["box"], "square corners: THRESHOLD, MAJORITY"},
		{kinds["constant"], "square and white: constant"},
		{bound, "≥ t: 1 where the sum is at least t"},
		{sum, "number in a circle: the sum"},
		{count && len(f.numbers) > 0, "× n: n wires"},
		{weight && f.dropped == 0, "no number: weight 1"},
		{f.dropped > 0, fmt.Sprintf("%s left out for want of room", isAre(f.dropped, "number"))},
		{negative && !(carries && !grey), "dashed line: negative weight"},
		{carries && !grey, "dashed line: negative weight, green where it carries a 1"},
		{ring, "ring: complement"},
		{f.known && grey, "dark and heavy: 1"},
		{f.known && !grey, "green and heavy: 1"},
		{level, "dashed box: no value yet"},
		{path, "heavy: on a longest path"},
		{selected, "heaviest: selected"},
	} {
		if part.occurs {
			parts = append(parts, part.text)
		}
	}
	for _, full := range f.View.Full {
		parts = append(parts, press.Clean(full))
	}
	f.legend = parts
}

// shapeOf names the shape that gates of a kind have.
func shapeOf(kind string) string {
	switch kind {
	case "INPUT":
		return "port"
	case "CONST":
		return "constant"
	case "XOR", "XNOR", "MOD":
		return "hexagon"
	case "THRESHOLD", "MAJORITY":
		return "box"
	}
	return "stadium"
}

// isAre writes "1 number is" or "2 numbers are".
func isAre(n int, noun string) string {
	if n == 1 {
		return "1 " + noun + " is"
	}
	return press.Plural(int64(n), noun) + " are"
}

// wrapped breaks words into lines that have room.
func wrapped(words string, room, size float64, bold bool) []string {
	var lines []string
	for word := range strings.SplitSeq(words, " ") { // and not at the narrow spaces in numbers
		if last := len(lines) - 1; last >= 0 && wide(lines[last]+" "+word, size, bold) <= room {
			lines[last] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return lines
}
