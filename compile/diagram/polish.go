package diagram

import (
	"bytes"
	"regexp"
	"strings"
)

// groupPattern is how Graphviz begins a shape; its SVG is regular enough to be read line
// by line.
var groupPattern = regexp.MustCompile(`^<g id="[^"]*" class="([a-z]+)"`)

// polish moves the labels of frames and arrows to the end, with a halo, so that no arrow
// crosses them.
func polish(svg []byte) []byte {
	var out, labels bytes.Buffer
	class := ""
	lines := strings.SplitAfter(string(svg), "\n")
	for i, line := range lines {
		if m := groupPattern.FindStringSubmatch(line); m != nil {
			class = m[1]
		}
		switch {
		case (class == "edge" || class == "cluster") && strings.HasPrefix(line, "<text "):
			labels.WriteString(line)
			continue
		case line == "</g>\n" && i+1 < len(lines) && strings.HasPrefix(lines[i+1], "</svg>") && labels.Len() > 0:
			out.WriteString(`<g class="labels" stroke="white" stroke-opacity="0.85" stroke-width="3" stroke-linejoin="round" paint-order="stroke">` + "\n")
			out.Write(labels.Bytes())
			out.WriteString("</g>\n")
		}
		out.WriteString(line)
	}
	return out.Bytes()
}
