package figure

import "testing"

const drawn = `<svg width="8pt" height="9pt"
 viewBox="0 0 8 9">
<!-- a remark -->
<g id="graph0" class="graph">
<title>G</title>
<g id="s1" class="cluster">
<title>cluster_1</title>
<text x="1">stage</text>
</g>
<g id="a" class="node">
<title>n1</title>
<text x="2">A</text>
</g>
<g id="e0" class="edge">
<title>n1&#45;&gt;n2</title>
<path fill="none" d="M0,0C1,1 2,2 3,3"/>
<text x="3">7</text>
</g>
</g>
</svg>
`

func TestPolish(t *testing.T) {
	const rest = `<svg viewBox="0 0 8 9">
<g id="graph0" class="graph">
<g id="s1" class="cluster">
</g>
<g id="a" class="node">
<title>x &lt; y</title>
<text x="2">A</text>
</g>
<g id="e0" class="edge">
<path fill="none" d="M0,0C1,1 2,2 3,3"/>
</g>
<g class="labels" stroke="red" stroke-width="3" stroke-linejoin="round" paint-order="stroke">
`
	notes := map[string]string{"a": "x < y"}
	for _, test := range []struct {
		order []string
		edge  func(id, text, path string) string
		want  string
	}{
		{[]string{"cluster", "edge"}, nil, "<text x=\"1\">stage</text>\n<text x=\"3\">7</text>\n"},
		{[]string{"edge", "cluster"}, func(id, text, path string) string {
			return id + " " + path + " " + text
		}, "e0 M0,0C1,1 2,2 3,3 <text x=\"3\">7</text>\n<text x=\"1\">stage</text>\n"},
	} {
		p := Polisher{Notes: notes, Order: test.order, Halo: `stroke="red"`, Edge: test.edge}
		if got, want := string(p.Polish([]byte(drawn))), rest+test.want+"</g>\n</g>\n</svg>\n"; got != want {
			t.Errorf("%v: got\n%s\nwant\n%s", test.order, got, want)
		}
	}
}
