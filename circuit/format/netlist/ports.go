package netlist

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/circuit"
)

// portMark begins a comment that describes a port.
const portMark = "tc0 "

// PortComments returns the comments that describe the ports of c. There are none if every port is
// one bit, which does not need a description.
func PortComments(c *circuit.Circuit) []string { return portComments(c, nil) }

// PortComments returns the comments that describe the ports of c, the circuit that n names,
// or none if every port is one bit whose signal has the name of the port.
func (n *Names) PortComments(c *circuit.Circuit) []string { return portComments(c, n) }

// portComments describes the ports of c unless each is one bit with a name that comes back,
// and that a signal has if n is not nil.
func portComments(c *circuit.Circuit, n *Names) []string {
	var lines []string
	plain := true
	for side, ports := range [][]circuit.Port{c.InputPorts(), c.OutputPorts()} {
		for i, p := range ports {
			name := p.Name
			plain = plain && p.Format.Kind == circuit.Unsigned && len(p.Wires) == 1 && isPlain(name) &&
				(n == nil || name == [2][]string{n.Inputs, n.Outputs}[side][i])
			if !isPlain(name) || strings.HasPrefix(name, `"`) {
				name = strconv.QuoteToASCII(name)
			}
			line := fmt.Sprintf("%s%s %d %s %s", portMark, sides[side], len(p.Wires), formatText(p.Format), name)
			lines = append(lines, line)
		}
	}
	if plain {
		return nil
	}
	return lines
}

var sides = [2]string{"input", "output"}

// isPlain reports whether a name comes back as it is from the end of a line.
func isPlain(name string) bool {
	if name == "" || strings.TrimSpace(name) != name {
		return false
	}
	for _, r := range name {
		if r == '\uFFFD' || !strconv.IsPrint(r) || r == '\\' {
			return false
		}
	}
	return true
}

var formatNames = []string{
	circuit.Unsigned: "unsigned", circuit.TwosComplement: "signed", // the others have offsets
	circuit.Thermometer: "thermometer", circuit.OneHot: "one-hot", circuit.Weighted: "weighted",
}

func formatText(f circuit.Format) string {
	text := formatNames[f.Kind]
	if f.Kind > circuit.TwosComplement {
		text += "+" + f.Offset.String()
	}
	if f.Kind == circuit.Weighted {
		text += ":" + strings.ReplaceAll(strings.Trim(fmt.Sprint(f.Weights), "[]"), " ", ",")
	}
	return text
}

func parseFormat(text string) (circuit.Format, error) {
	name, rest, hasOffset := strings.Cut(text, "+")
	kind := circuit.FormatKind(max(slices.Index(formatNames, name), 0))
	f := circuit.Format{Kind: kind}
	offset, weights, hasWeights := strings.Cut(rest, ":")
	if formatNames[kind] != name || hasOffset != (kind > circuit.TwosComplement) ||
		hasWeights != (kind == circuit.Weighted) {
		return f, fmt.Errorf("%s is no format of a port", quoted(text))
	}
	if !hasOffset {
		return f, nil
	}
	var err error
	if f.Offset, err = circuit.ParseInt(offset); err != nil {
		return f, err
	}
	if weights == "" {
		return f, nil
	}
	for w := range strings.SplitSeq(weights, ",") {
		v, err := circuit.ParseInt(w)
		if err != nil {
			return f, err
		}
		f.Weights = append(f.Weights, v)
	}
	return f, nil
}

// TakePorts takes the comments that describe ports out of d.Comments, and gives the circuit the
// ports that they describe. Without such comments it changes nothing. The numbers of the comments'
// lines are for errors; they may be nil.
func (d *Design) TakePorts(lines []int) error {
	var shapes [2][]circuit.PortShape
	var rest []string
	found := false
	last := 0
	for i, line := range d.Comments {
		side, at := -1, 0
		if i < len(lines) {
			at = lines[i]
		}
		text, ok := strings.CutPrefix(line, portMark)
		for k, name := range sides {
			if after, is := strings.CutPrefix(text, name+" "); ok && is {
				side, text = k, after
			}
		}
		if side < 0 {
			rest = append(rest, line)
			continue
		}
		shape, err := parseShape(text)
		if err != nil {
			return &Error{Line: at, Token: line, Err: fmt.Errorf("a comment that describes a port: %w", err)}
		}
		shapes[side] = append(shapes[side], shape)
		found, last = true, at
	}
	if !found {
		return nil
	}
	c, err := d.Circuit.Regroup(shapes[0], shapes[1])
	if err != nil {
		return &Error{Line: last, Err: fmt.Errorf("the ports that the comments describe: %w", err)}
	}
	d.Circuit, d.Comments = c, rest
	return nil
}

func parseShape(text string) (circuit.PortShape, error) {
	var s circuit.PortShape
	fields := strings.SplitN(text, " ", 3)
	if len(fields) < 3 {
		return s, fmt.Errorf("it has %d parts instead of 3", len(fields))
	}
	wires, err := strconv.ParseUint(fields[0], 10, 31)
	if err != nil {
		return s, fmt.Errorf("%s wires", quoted(fields[0]))
	}
	s.Wires = int(wires)
	if s.Format, err = parseFormat(fields[1]); err != nil {
		return s, err
	}
	s.Name = fields[2]
	if strings.HasPrefix(s.Name, `"`) {
		if s.Name, err = strconv.Unquote(s.Name); err != nil {
			return s, fmt.Errorf("%s is no name", quoted(fields[2]))
		}
	}
	return s, nil
}

// oneLine returns a comment as it can stand in one line: with spaces for the ends of lines, and for
// other control characters except the tab, since some readers stop there.
func oneLine(comment string) string {
	text := []byte(strings.ReplaceAll(comment, "\r\n", " "))
	for i, b := range text {
		if b < ' ' && b != '\t' || b == 0x7f {
			text[i] = ' '
		}
	}
	return string(text)
}

// Remarks returns the comments, each as [Remark] writes it.
func (d *Design) Remarks() []string {
	lines := make([]string, len(d.Comments))
	for i, comment := range d.Comments {
		lines[i] = Remark(comment)
	}
	return lines
}

// Remark returns a comment that does not describe a port, as it can stand in one line: with spaces
// for the ends of lines and other control characters except the tab. It never looks like a comment
// that describes a port.
func Remark(comment string) string {
	line := oneLine(comment)
	if DescribesPort(line) {
		rest := strings.TrimPrefix(strings.TrimSpace(line), portMark)
		return strings.TrimSpace(portMark) + ": " + strings.TrimSpace(rest)
	}
	return line
}

// DescribesPort reports whether a reader would take a comment for the description of a port,
// right or wrong, also one that leaves out the spaces around it.
func DescribesPort(comment string) bool {
	rest, ok := strings.CutPrefix(strings.TrimSpace(comment)+" ", portMark)
	return ok && (strings.HasPrefix(rest, sides[0]+" ") || strings.HasPrefix(rest, sides[1]+" "))
}
