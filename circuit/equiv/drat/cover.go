package drat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/tc0lab/tc0/internal/brief"
)

// A Cover is a proof in cubes: a formula cannot be satisfied, since it cannot be within any cube of a list, and
// the cubes cover everything. A cube is where some literals are all true.
type Cover struct {
	Form    string `json:"form"`    // [CoverForm]
	Formula string `json:"formula"` // the name of a file in DIMACS form, in the folder of the list
	Cubes   []Cube `json:"cubes"`
}

// Cube is one of them, with its proof.
type Cube struct {
	Literals []int  `json:"cube"`
	Proof    string `json:"proof"` // the name of a file in DRAT form, in the same folder
}

// CoverForm is the form of a cover in a file.
const CoverForm = "tc0 cubes 1"

// Bounds on what is read.
const (
	mostCubes    = 1 << 20
	mostLiterals = 64 // of a cube
)

// CoverError says what is wrong with a cover: of which cube, by its number in the list, or of the whole.
type CoverError struct {
	Cube int // −1: of the whole
	Err  error
}

func (e *CoverError) Error() string {
	if e.Cube < 0 {
		return e.Err.Error()
	}
	return fmt.Sprintf("cube %d: %v", e.Cube, e.Err)
}

// Unwrap returns what is wrong.
func (e *CoverError) Unwrap() error { return e.Err }

// ReadCover reads a cover from JSON. It does not check that the cubes cover everything. The error is a
// [*CoverError] if the text is none.
func ReadCover(text []byte) (*Cover, error) {
	var c Cover
	bad := func(cube int, format string, args ...any) (*Cover, error) {
		return nil, &CoverError{cube, fmt.Errorf(format, args...)}
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return bad(-1, "%s", brief.Error(err))
	}
	switch _, err := d.Token(); {
	case !errors.Is(err, io.EOF):
		return bad(-1, "there is more behind the list")
	case c.Form != CoverForm:
		return bad(-1, "its form is %s, not %q", brief.Quote(c.Form), CoverForm)
	case len(c.Cubes) > mostCubes:
		return bad(-1, "%d cubes; at most %d are read", len(c.Cubes), mostCubes)
	case !isName(c.Formula):
		return bad(-1, "formula %s is no name of a file in the same folder", brief.Quote(c.Formula))
	}
	for i, cube := range c.Cubes {
		if !isName(cube.Proof) {
			return bad(i, "proof %s is no name of a file in the same folder", brief.Quote(cube.Proof))
		}
		if len(cube.Literals) > mostLiterals {
			return bad(i, "%d literals; at most %d are read", len(cube.Literals), mostLiterals)
		}
		for _, n := range cube.Literals {
			if _, ok := literalOf(int64(n)); !ok {
				return bad(i, "%d is no literal", n)
			}
		}
	}
	return &c, nil
}

func isName(name string) bool {
	return filepath.IsLocal(name) && name != "." && !strings.ContainsAny(name, `/\`)
}

// Complete returns nil if cubes cover everything in a way that can be seen: their first literals are of one
// variable, and so it goes on with the rest of those that have it as it is, and of those that have it
// complemented. Otherwise the error names what is not covered.
func Complete(cubes [][]int) error { return complete(cubes, nil) }

func complete(cubes [][]int, at []int) error {
	if len(cubes) == 0 {
		return fmt.Errorf("no cube has what is in %v", at)
	}
	for _, c := range cubes {
		if len(c) == 0 {
			return nil
		}
	}
	variable := max(cubes[0][0], -cubes[0][0])
	var halves [2][][]int
	for _, c := range cubes {
		switch c[0] {
		case variable:
			halves[0] = append(halves[0], c[1:])
		case -variable:
			halves[1] = append(halves[1], c[1:])
		default:
			return fmt.Errorf("in %v some cubes go on with variable %d, and others with %d", at, variable, max(c[0], -c[0]))
		}
	}
	for i, half := range halves {
		if err := complete(half, append(at[:len(at):len(at)], variable*(1-2*i))); err != nil {
			return err
		}
	}
	return nil
}

// CoverReport counts what was checked.
type CoverReport struct {
	Cubes   int `json:"cubes"`   // of the list
	Clauses int `json:"clauses"` // of the formula
	Added   int `json:"added"`   // by all proofs
}

// CheckCover checks that the cubes cover everything, and the proof of each. Files are opened by their names.
// The error is a [*CoverError], unless ctx ends.
func CheckCover(
	ctx context.Context, c *Cover, open func(name string) (io.ReadCloser, error), progress func(done, all int),
) (*CoverReport, error) {
	all := make([][]int, len(c.Cubes))
	for i := range c.Cubes {
		all[i] = c.Cubes[i].Literals
	}
	if err := Complete(all); err != nil {
		return nil, &CoverError{-1, fmt.Errorf("the cubes do not cover everything: %w", err)}
	}
	r := &CoverReport{Cubes: len(all)}
	for i, cube := range c.Cubes {
		progress(i, len(c.Cubes))
		one, err := checkCube(ctx, c.Formula, cube, open)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			return nil, &CoverError{i, fmt.Errorf("%s: %w", cube.Proof, err)}
		}
		r.Clauses = one.Clauses
		r.Added += one.Added
	}
	return r, nil
}

func checkCube(
	ctx context.Context, name string, cube Cube, open func(name string) (io.ReadCloser, error),
) (*Report, error) {
	formula, err := open(name)
	if err != nil {
		return nil, err
	}
	defer formula.Close()
	proof, err := open(cube.Proof)
	if err != nil {
		return nil, err
	}
	defer proof.Close()
	return Check(ctx, formula, proof, cube.Literals...)
}
