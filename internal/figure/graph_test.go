package figure

import (
	"testing"

	"github.com/emicklei/dot"

	"github.com/tc0lab/tc0/internal/press"
)

func TestText(t *testing.T) {
	root := dot.NewGraph(dot.Directed)
	p := press.Grey()
	inner := Frame(root, "one", 2, &p, Quote("a\nb"))
	Set(inner.Node("x").AttributesMap, "label=X margin=0.1,%d style=", 2)
	got := Text(root, Look{
		Palette: &p, Direction: BottomTop, Graph: "nodesep=1", Nodes: "width=2", Edges: "arrowsize=3", Caption: "<b>c</b>",
	})
	const want = `digraph  {
	graph [rankdir=BT nodesep=1 bgcolor=white fontname="Helvetica" fontsize=11 fontcolor="#000000"]
	node [fontname="Helvetica" fontsize=11 fontcolor="#000000" shape=box style=filled width=2]
	edge [fontname="Helvetica" fontsize=9 fontcolor="#000000" color="#1a1a1a" arrowsize=3]
	label=<<b>c</b>>; labelloc=b; labeljust=c;
	subgraph cluster_s1 {
		color="#999999";fillcolor="#efefef";fontsize="10";label="a\nb";labeljust="l";labelloc="t";margin="8";penwidth="0.8";style="rounded,filled";
		n2[label="X",margin="0.1,2",style=""];
	}
}
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestDirection(t *testing.T) {
	for _, d := range []Direction{LeftRight, BottomTop, TopBottom} {
		if err := d.Check("draw"); err != nil {
			t.Error(err)
		}
	}
	const want = `diagram: unknown direction "up"; known: LR BT TB`
	if err := Direction("up").Check("diagram"); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
