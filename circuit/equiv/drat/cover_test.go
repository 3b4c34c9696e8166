package drat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/internal/brief/brieftest"
)

// files opens texts by their names.
type files map[string]string

func (f files) open(name string) (io.ReadCloser, error) {
	text, ok := f[name]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return io.NopCloser(strings.NewReader(text)), nil
}

// TestCoverChecked asserts that a proof in cubes holds, and that each change of it is refused.
func TestCoverChecked(t *testing.T) {
	all := files{"f.cnf": pigeons, "one": "0\n", "two": "c the second pigeon\n0\n", "wrong": "7 0\n8 0\n"}
	cover := func() *Cover {
		return &Cover{CoverForm, "f.cnf", []Cube{{[]int{-1, 3}, "one"}, {[]int{-1, -3}, "two"}, {[]int{1}, "one"}}}
	}
	check := func(c *Cover) (*CoverReport, error) {
		return CheckCover(context.Background(), c, all.open, func(int, int) {})
	}
	if r, err := check(cover()); err != nil || *r != (CoverReport{Cubes: 3, Clauses: 9}) {
		t.Errorf("%+v, %v", r, err)
	}
	for name, tc := range map[string]struct {
		change func(c *Cover)
		want   string
	}{
		"no cubes":    {func(c *Cover) { c.Cubes = nil }, "cover everything: no cube has what is in []"},
		"one is gone": {func(c *Cover) { c.Cubes = c.Cubes[1:] }, "cover everything: no cube has what is in [-1 3]"},
		"no tree": {
			func(c *Cover) { slices.Reverse(c.Cubes[0].Literals) },
			"cover everything: in [] some cubes go on with variable 3, and others with 1",
		},
		"another proof": {func(c *Cover) { c.Cubes = []Cube{{nil, "wrong"}} }, "cube 0: wrong: the proof ends before"},
		"no such file":  {func(c *Cover) { c.Cubes[2].Proof = "three" }, "cube 2: three: file does not exist"},
		"one cube that is everything, of which the proof says too little": {
			func(c *Cover) { c.Cubes = []Cube{{nil, "one"}} }, "cube 0: one: line 1 of the proof: the clause () does not follow",
		},
	} {
		c := cover()
		tc.change(c)
		var wrong *CoverError
		if _, err := check(c); !errors.As(err, &wrong) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestComplete asserts that cubes of each tree of 3 variables are complete, and without any one are not.
func TestComplete(t *testing.T) {
	for tree := range 1 << 3 {
		var cubes [][]int
		var grow func(at []int)
		grow = func(at []int) {
			if len(at) == 3 || len(at) > 0 && tree>>(len(at)-1)&1 != 0 && at[len(at)-1] > 0 {
				cubes = append(cubes, slices.Clone(at))
				return
			}
			v := 5 - len(at)
			grow(append(slices.Clone(at), v))
			grow(append(slices.Clone(at), -v))
		}
		grow(nil)
		if err := Complete(cubes); err != nil {
			t.Errorf("%v: %v", cubes, err)
		}
		for i, c := range cubes {
			if err := Complete(slices.Delete(slices.Clone(cubes), i, i+1)); err == nil ||
				err.Error() != fmt.Sprintf("no cube has what is in %v", c) {
				t.Errorf("%v without %v: %v", cubes, c, err)
			}
		}
	}
}

// TestAssumed asserts that literals are assumed as if they were clauses.
func TestAssumed(t *testing.T) {
	formula := "p cnf 2 2\n1 2 0\n1 -2 0\n"
	for _, tc := range []struct {
		assumed []int
		want    string
	}{
		{[]int{-1}, ""},
		{[]int{1}, "line 1 of the proof: the clause () does not follow from those before it"},
		{[]int{2}, "line 1 of the proof: the clause () does not follow from those before it"},
		{[]int{2, -2}, ""}, // there is nothing in this cube
		{[]int{-1, 7}, ""},
		{[]int{0}, "0 is no literal to be assumed"},
	} {
		_, err := Check(context.Background(), strings.NewReader(formula), strings.NewReader("0\n"), tc.assumed...)
		if err == nil && tc.want != "" || err != nil && err.Error() != tc.want {
			t.Errorf("%v: %v", tc.assumed, err)
		}
	}
	// A contradiction in the formula stays one, whatever comes behind it.
	if _, err := check("p cnf 2 3\n1 0\n-1 0\n2 0\n", ""); err != nil {
		t.Error(err)
	}
}

// FuzzCover reads lists of cubes. What is read is within its bounds, and is read again as it is.
func FuzzCover(f *testing.F) {
	for _, text := range []string{
		`{"form":"tc0 cubes 1","formula":"a.cnf","cubes":[{"cube":[1,-2],"proof":"0.drat"},{"cube":[],"proof":"x"}]}`,
		`{"form":"tc0 cubes 1","formula":"../a.cnf","cubes":[]}`, `{"form":"tc0 cubes 2"}`, `[]`,
		`{"form":"tc0 cubes 1","formula":"a","cubes":[{"cube":[0],"proof":"x"}]}`, `{"form":"tc0 cubes 1","formula":"a"}{}`,
		`{"form":"tc0 cubes 1","formula":"a","cubes":[{"cube":[99999999999],"proof":"x"}],"more":1}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ReadCover([]byte(text))
		if err != nil {
			var wrong *CoverError
			if !errors.As(err, &wrong) || wrong.Error() == "" {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		cubes := make([][]int, len(c.Cubes))
		for i, cube := range c.Cubes {
			if cubes[i] = cube.Literals; len(cube.Literals) > mostLiterals || slices.Contains(cube.Literals, 0) ||
				strings.ContainsAny(cube.Proof, `/\`) || cube.Proof == "" || cube.Proof == ".." {
				t.Fatalf("%+v", cube)
			}
		}
		_ = Complete(cubes)
		again, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		d, err := ReadCover(again)
		if err != nil || fmt.Sprint(c) != fmt.Sprint(d) {
			t.Fatalf("%v, then %v: %v", c, d, err)
		}
	})
}

// Whatever a file says, an error about it is short.
func TestErrorsAreShort(t *testing.T) {
	text, err := json.Marshal(&Cover{CoverForm, "f.cnf", []Cube{{[]int{-1, 3}, "one"}, {[]int{1}, "one"}}})
	if err != nil {
		t.Fatal(err)
	}
	open := files{"f.cnf": pigeons, "one": "0\n"}.open
	refused := 0
	for text := range brieftest.Long(text) {
		c, err := ReadCover(text)
		if err == nil {
			_, err = CheckCover(context.Background(), c, open, func(int, int) {})
		}
		if brieftest.Check(t, err) {
			refused++
		}
	}
	if refused < 30 {
		t.Errorf("%d were refused", refused)
	}
}
