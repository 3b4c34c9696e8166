package equiv

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/tc0lab/tc0/circuit/equiv/drat"
	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// CubeReport sums up the cubes of a comparison.
type CubeReport struct {
	Inputs    []string    `json:"inputs"`              // the wires that were split on, by their names in the first circuit
	Cubes     int         `json:"cubes"`               // 2 to the number of them
	Leaves    int         `json:"leaves"`              // more, if some were split again; 0 if the circuits differ
	By        []CubeCount `json:"by"`                  // what decided the leaves
	Undecided []int       `json:"undecided,omitempty"` // the indices of cubes
	Slowest   float64     `json:"slowest,omitempty"`   // seconds of a leaf
}

// CubeCount says how many leaves one thing decided.
type CubeCount struct {
	By     string `json:"by"`     // a solver, folding and merging, all inputs, or why it is not decided
	Leaves int    `json:"leaves"` // how many
}

// Some compares the circuits in n cubes, of which at gives the indices, several at a time. Once they differ in one,
// the later ones are not begun: their results are nil. So the first difference of those in order is the
// same at every run. It fails as [Cubes.Cube] does.
func (c *Cubes) Some(ctx context.Context, n int, at func(k int) int) ([]*CubeResult, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var lock sync.Mutex
	var failed error
	results := make([]*CubeResult, n)
	next, done, end := 0, 0, n // end: the first after which none is wanted
	work := func() {
		for {
			lock.Lock()
			k := next
			next++
			stop := k >= end || failed != nil
			if !stop {
				c.e.progress("comparing in cubes", done, n)
			}
			lock.Unlock()
			if stop {
				return
			}
			r, err := c.Cube(ctx, at(k))
			lock.Lock()
			done++
			switch {
			case err != nil && failed == nil:
				failed = err
				cancel()
			case err == nil:
				results[k] = r
				if r.Verdict == Refuted {
					end = min(end, k+1)
				}
			}
			lock.Unlock()
		}
	}
	var all sync.WaitGroup
	for range c.e.atOnce() {
		all.Go(work)
	}
	all.Wait()
	clear(results[end:])
	return results, failed
}

// atOnce is how many cubes are compared at a time: one, if a solver takes one at a time.
func (e *comparison) atOnce() int {
	if slices.ContainsFunc(e.solvers, func(s *solver) bool { return s.args == nil }) {
		return 1
	}
	return runtime.GOMAXPROCS(0)
}

// Join makes the result of the whole from those of the cubes. Proved needs each cube once, decided, with all its
// parts. One difference is enough for refuted: it is tried again, and the one with the lowest index counts.
func (c *Cubes) Join(results []*CubeResult) (*Result, error) {
	found := c.e.found
	if c.Len() == 0 {
		return found, nil
	}
	byIndex := make([]*CubeResult, c.Len())
	for _, r := range results {
		switch {
		case r == nil:
			continue
		case r.Index < 0 || r.Index >= len(byIndex):
			return nil, fmt.Errorf("cube %d of %d", r.Index, len(byIndex))
		case byIndex[r.Index] != nil:
			return nil, fmt.Errorf("cube %d is there twice", r.Index)
		}
		if err := r.check(); err != nil {
			return nil, err
		}
		byIndex[r.Index] = r
	}
	report := &CubeReport{Cubes: c.Len(), Inputs: c.names(), By: []CubeCount{}}
	found.Cubes = report
	for i, r := range byIndex {
		if r != nil && r.Verdict == Refuted {
			return found, c.refuted(i, r)
		}
	}
	counts := map[string]int{}
	for i, r := range byIndex {
		if err := c.checkLeaves(i, r); err != nil {
			return nil, err
		}
		report.Leaves += len(r.Leaves)
		decided := true
		for _, l := range r.Leaves {
			counts[l.By]++
			report.Slowest = max(report.Slowest, l.Seconds)
			decided = decided && l.Verdict == Proved
		}
		if !decided {
			report.Undecided = append(report.Undecided, i)
		}
	}
	for by, n := range counts {
		report.By = append(report.By, CubeCount{by, n})
	}
	slices.SortFunc(report.By, func(x, y CubeCount) int {
		if x.Leaves != y.Leaves {
			return y.Leaves - x.Leaves
		}
		return slices.Compare([]byte(x.By), []byte(y.By))
	})
	if n := len(report.Undecided); n > 0 {
		found.How = fmt.Sprintf("%d of %d cubes are not decided", n, report.Cubes)
		return found, nil
	}
	found.Verdict, found.How = Proved, fmt.Sprintf("in each of %d cubes, which cover all inputs", report.Cubes)
	if c.logic != nil {
		found.How += "; by proofs that were checked"
	} else if slices.ContainsFunc(report.By, func(n CubeCount) bool { return solverNamed(n.By) != nil }) {
		found.How += "; the solver is taken at its word"
	}
	return found, nil
}

// check checks what is only told: verdicts, and a short line on what decided a part.
func (r *CubeResult) check() error {
	known := []Judgement{Proved, Refuted, Consistent}
	ok := slices.Contains(known, r.Verdict)
	for _, l := range r.Leaves {
		ok = ok && slices.Contains(known, l.Verdict) && len(l.By) <= 1000 &&
			!strings.ContainsFunc(l.By, func(c rune) bool { return !strconv.IsPrint(c) })
	}
	if !ok {
		return fmt.Errorf("cube %d: its verdict, or what decided it, is nothing that a comparison says", r.Index)
	}
	return nil
}

// refuted tries the difference of a cube.
func (c *Cubes) refuted(index int, r *CubeResult) error {
	for _, l := range r.Leaves {
		if l.Verdict != Refuted {
			continue
		}
		if len(l.Input) != c.e.inputs.Wires {
			return fmt.Errorf("cube %d: its input has %d bits, not %d", index, len(l.Input), c.e.inputs.Wires)
		}
		in := make([]bool, len(l.Input))
		for i := range in {
			in[i] = l.Input[i] == '1'
		}
		if ok, err := c.e.witness(in); err != nil || ok {
			c.e.found.Verdict, c.e.found.How = Refuted, fmt.Sprintf("an input in cube %d, by %s", index, l.By)
			return err
		}
	}
	return fmt.Errorf("cube %d: the circuits do not differ on its input", index)
}

// checkLeaves checks that the parts of a cube are parts of it and cover it.
func (c *Cubes) checkLeaves(index int, r *CubeResult) error {
	if r == nil {
		return fmt.Errorf("cube %d of %d is missing", index, c.Len())
	}
	own := c.literals(index)
	var rest [][]int
	for _, l := range r.Leaves {
		if len(l.Cube) < len(own) || !slices.Equal(l.Cube[:len(own)], own) {
			return fmt.Errorf("cube %d has a part %v, which is none of %v", index, l.Cube, own)
		}
		proof := ""
		if c.logic != nil && l.Verdict == Proved {
			proof = c.proofName(index, l.Cube)
		}
		if l.Proof != proof {
			return fmt.Errorf("cube %d: the proof of a part is %q, not %q", index, l.Proof, proof)
		}
		rest = append(rest, l.Cube[len(own):])
	}
	if err := drat.Complete(rest); err != nil {
		return fmt.Errorf("cube %d is not covered by its parts: %w", index, err)
	}
	return nil
}

// names are those of the wires that are split on.
func (c *Cubes) names() []string {
	names := make([]string, len(c.wires))
	for i, w := range c.wires {
		side := c.e.pairing.insA
		port := side.owner[w]
		names[i] = netlist.WireName(&side.ports[port], w-side.first[port])
	}
	return names
}

// Cover lists the proofs of cubes that [Cubes.Join] has proved, for the file names that they are to have: file
// gives those of the formula, for "", and of a proof.
func (c *Cubes) Cover(results []*CubeResult, file func(name string) string) *drat.Cover {
	cover := &drat.Cover{Form: drat.CoverForm, Formula: file("")}
	byIndex := make([]*CubeResult, c.Len())
	for _, r := range results {
		byIndex[r.Index] = r
	}
	var leaves func(index, bit int)
	leaves = func(index, bit int) { // so that the first input is split on first
		if bit == len(c.wires) {
			for _, l := range byIndex[index].Leaves {
				cover.Cubes = append(cover.Cubes, drat.Cube{Literals: l.Cube, Proof: file(l.Proof)})
			}
			return
		}
		leaves(index, bit+1)
		leaves(index|1<<bit, bit+1)
	}
	leaves(0, 0)
	return cover
}
