package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/explore/tour"
)

// Every state of the tours that come with the program is one that their circuits have, and all that they claim is so:
// the command opens no other.
func TestShippedToursHold(t *testing.T) {
	for _, name := range tour.Names() {
		file := filepath.Join(t.TempDir(), name+".html")
		var out, err bytes.Buffer
		a := &app{ctx: t.Context(), stdin: strings.NewReader(""), stdout: &out, stderr: &err}
		if s := a.main([]string{"tour", name, "-o", file, "-q"}); s != statusHolds {
			t.Errorf("tour %s ends with status %d: %s", name, s, err.String())
			continue
		}
		text, e := os.ReadFile(file)
		if e != nil {
			t.Fatal(e)
		}
		walk, e := tour.Find(name)
		if e != nil {
			t.Fatal(e)
		}
		for _, want := range []string{"<title>" + walk.Title + "</title>", `id="tour">{"title":"` + walk.Title} {
			if !bytes.Contains(text, []byte(want)) {
				t.Errorf("the page of %s lacks %s", name, want)
			}
		}
	}
}
