package explore_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tc0lab/tc0/explore"
)

func level(n int) *int { return &n }

func TestHashes(t *testing.T) {
	for _, test := range []struct {
		state explore.State
		hash  string
	}{
		{explore.State{}, ""},
		{explore.State{Open: []string{"in0", "s3"}}, "open=in0,s3"},
		{explore.State{Filter: &explore.Filter{Kind: "cone", Gate: 17, Depth: 3}}, "filter=cone.17.3"},
		{explore.State{Filter: &explore.Filter{Kind: "path"}, Select: "b17-90"}, "filter=path.0.0&select=b17-90"},
		{explore.State{Bits: "0110111", Level: level(2)}, "bits=7.6e&level=2"},
		{explore.State{Open: []string{"in0"}, Step: 3}, "open=in0&step=3"},
		{explore.State{Step: 3, Tokens: 5}, "step=3&tokens=5"},
	} {
		if got := test.state.Hash(); got != test.hash {
			t.Errorf("%+v has hash %q, want %q", test.state, got, test.hash)
		}
		for _, hash := range []string{test.hash, "#" + test.hash} {
			got, err := explore.ParseHash(hash)
			if err != nil || !cmp.Equal(got, test.state) {
				t.Errorf("hash %q is read as %+v, %v; want %+v", hash, got, err, test.state)
			}
		}
	}
	a := explore.State{Open: []string{"s3", "in0", "s3"}}
	if got := a.Hash(); got != "open=in0,s3" {
		t.Errorf("the order and repetition of what is open is in the hash: %q", got)
	}
}

func TestBadHashes(t *testing.T) {
	for hash, want := range map[string]string{
		"open":                       `explore: "open" in an address is not KEY=VALUE, once for each key`,
		"open=s1&open=s2":            `explore: "open=s2" in an address is not KEY=VALUE, once for each key`,
		"open=s1,":                   `explore: "" in an address is no item`,
		"open=%3Cb%3E":               `explore: "%3Cb%3E" in an address is no item`,
		"select=":                    `explore: "" in an address is no item`,
		"filter=cone.1":              `explore: filter "cone.1" in an address is not KIND.GATE.DEPTH`,
		"filter=cone.1.x":            `explore: filter "cone.1.x" in an address is not KIND.GATE.DEPTH`,
		"filter=ball.1.2":            `explore: unknown filter "ball"; known: cone, fan, path`,
		"filter=cone.-1.2":           `explore: filter cone of gate -1 to depth 2: neither may be below 0`,
		"bits=7.6":                   `explore: "7.6" in an address is no input: a number of bits, a dot, hexadecimal digits`,
		"bits=99999999999.":          `explore: "99999999999." in an address is no input: a number of bits, a dot, hexadecimal digits`,
		"bits=7.6g":                  `explore: "g" in an address is no hexadecimal digit`,
		"bits=7.6f":                  `explore: the input in an address has a 1 behind its 7 bits`,
		"step=0":                     `explore: step "0" in an address is no number from 1 on`,
		"tokens=0":                   `explore: tokens "0" in an address is no number from 1 on`,
		"level=x":                    `explore: level "x" in an address is no number`,
		"zoom=2":                     `explore: unknown key "zoom" in an address; known: open, filter, select, bits, level, step, tokens`,
		"bits=9223372036854775807.6": `explore: "9223372036854775807.6" in an address is no input: a number of bits, a dot, hexadecimal digits`,
	} {
		if _, err := explore.ParseHash(hash); err == nil || err.Error() != want {
			t.Errorf("hash %q: error %v, want %s", hash, err, want)
		}
	}
}

// What is read is written the same way again, and read as the same.
func FuzzParseHash(f *testing.F) {
	for _, hash := range []string{"", "open=in0,s3&filter=cone.17.3", "bits=7.6e&level=2", "#select=b17-90", "bits=1.8", "step=2&tokens=5"} {
		f.Add(hash)
	}
	f.Fuzz(func(t *testing.T, hash string) {
		s, err := explore.ParseHash(hash)
		if err != nil {
			return
		}
		again, err := explore.ParseHash(s.Hash())
		if err != nil || !cmp.Equal(s, again) || !slices.IsSorted(s.Open) {
			t.Fatalf("%q is read as %+v, and that as %+v, %v", hash, s, again, err)
		}
	})
}
