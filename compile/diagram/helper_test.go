package diagram

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/program"
)

func programOf(t testing.TB, text string) *program.Program {
	t.Helper()
	s, err := compile.ParseSpec(text)
	if err != nil {
		t.Fatal(err)
	}
	if !s.HasN() {
		p, err := s.OpenProgram()
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	i, err := s.Instance()
	if err != nil {
		t.Fatal(err)
	}
	return i.Program
}

func drawn(t testing.TB, p *program.Program, cfg Config) string {
	t.Helper()
	var b strings.Builder
	if err := DOT(&b, p, cfg); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var (
	nodePattern  = regexp.MustCompile(`(?m)^\s*(n\d+)\[.*?\bid="([a-z]+\d+)"`)
	arrowPattern = regexp.MustCompile(`(?m)^\s*(n\d+)->(n\d+)\[.*?label="((?:[^"\\]|\\.)*)"`)
)

// read returns the ids of the boxes of a figure, in order, and its arrows by ids with
// their labels.
func read(t testing.TB, text string) (ids []string, arrows []string) {
	t.Helper()
	name := map[string]string{}
	for _, m := range nodePattern.FindAllStringSubmatch(text, -1) {
		name[m[1]] = m[2]
		ids = append(ids, m[2])
	}
	for _, m := range arrowPattern.FindAllStringSubmatch(text, -1) {
		from, to := name[m[1]], name[m[2]]
		if from == "" || to == "" {
			t.Fatalf("an arrow from %q to %q", m[1], m[2])
		}
		arrows = append(arrows, from+" → "+to+":"+strings.ReplaceAll(m[3], `\n`, " "))
	}
	if n := strings.Count(text, "->n"); n != len(arrows) {
		t.Fatalf("%d arrows, of which %d can be read", n, len(arrows))
	}
	slices.Sort(ids)
	slices.Sort(arrows)
	return ids, arrows
}

// specs are all families, at small n and with n open, some of them in several forms.
func specs() []string {
	list := []string{
		"attention:n=3,kind=unique-hard", "attention:n=3,kind=stable,heads=2", "attention:n=2,causal=1",
		"looped:n=2,steps=4", "cot:n=2,steps=3", "diffusion:n=2,steps=3", "mamba:n=3,kind=block", "layer:n=2,norm=layer,place=post",
	}
	for _, f := range compile.Families() {
		list = append(list, f.Name+":n=3", f.Name)
	}
	return list
}
