package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/internal/longtest"
	"github.com/tc0lab/tc0/internal/room"
)

// withMemory sets the limit of the runtime for a test, as GOMEMLIMIT does.
func withMemory(t *testing.T, bytes int64) {
	t.Helper()
	before := debug.SetMemoryLimit(bytes)
	t.Cleanup(func() {
		debug.SetMemoryLimit(before)
		debug.FreeOSMemory()
	})
}

// mostRounds bounds the steps and layers that are tried. More of them take no new way into memory, and many minutes.
const mostRounds = 16

// values are tried from the greatest on, until a family allows one.
func values() []int {
	list := []int{math.MaxInt64}
	for k := 61; k >= 0; k-- {
		list = append(list, 1<<k)
		for _, usual := range []int{1000, 81, 12, 10} {
			if usual < 1<<k && usual > 1<<(k-1) {
				list = append(list, usual)
			}
		}
	}
	return list
}

// greatest makes the circuit of a family with a parameter at the greatest of the values that it allows, and n = 2
// unless the parameter is n. It returns the subject and what became of it: nil, or the error that refused it.
func greatest(t *testing.T, f compile.Family, parameter string) (name string, err error) {
	t.Helper()
	for _, v := range values() {
		if v > mostRounds && (parameter == "steps" || parameter == "layers") {
			continue
		}
		name = fmt.Sprintf("%s:n=2,%s=%d", f.Name, parameter, v)
		if parameter == "n" {
			name = fmt.Sprintf("%s:n=%d", f.Name, v)
		}
		s, err := openFamily(target{Subject: name})
		if err != nil {
			t.Fatal(err)
		}
		short := (*room.Error)(nil)
		if err = s.member(); errors.As(err, &short) {
			return name, err
		} else if err != nil {
			continue // beyond what the family allows
		}
		_, err = s.construct(t.Context(), nil)
		return name, err
	}
	t.Fatalf("%s: no value of %s is allowed", f.Name, parameter)
	return name, nil
}

// allAtTheirGreatest goes through the numeric parameters of all families. What does not fit into memory is refused by
// an error that says so.
func allAtTheirGreatest(t *testing.T, wanted func(parameter string) bool) {
	t.Helper()
	withMemory(t, 128<<20)
	fitting, refused := 0, 0
	for _, f := range compile.Families() {
		for _, p := range f.Params {
			if p.Choices != nil || p.Name == "seed" || p.Name == "strategy" || !wanted(p.Name) {
				continue
			}
			name, err := greatest(t, f, p.Name)
			short := (*room.Error)(nil)
			switch {
			case err == nil:
				fitting++
			case errors.As(err, &short):
				refused++
			default:
				t.Errorf("%s: %v", name, err)
			}
			t.Logf("%s: %v", name, err)
		}
	}
	if refused == 0 {
		t.Error("none was refused")
	}
	t.Logf("%d fit, %d are refused", fitting, refused)
}

func TestGreatestFamiliesKeepToTheMemory(t *testing.T) {
	allAtTheirGreatest(t, func(parameter string) bool { return parameter == "hidden" || parameter == "d" || parameter == "n" })
}

func TestLongGreatestFamiliesKeepToTheMemory(t *testing.T) {
	longtest.Need(t)
	allAtTheirGreatest(t, func(string) bool { return true })
}

// What is too large is refused before it is made, with what it needs and what limits it.
func TestTooLargeIsRefusedBeforeItIsMade(t *testing.T) {
	withMemory(t, 1<<30)
	for subject, want := range map[string]string{
		"mlp:n=16384,hidden=16384,layers=10": "mlp: 2684354560 weights: this needs 21.5 GB",
		"attention:n=500,d=8,bits=4":         "attention:n=500,d=8,bits=4, with about ",
		"attention:n=2000":                   "attention:n=2000, with about 6e+08 gates: this needs 57.1 GB",
		"attention:n=10000000":               "attention: n=10000000 is outside 1..1048576",
		"cot:n=1048576":                      "cot:n=1048576, with about ",
		"layer:n=300,d=8,bits=4":             "layer:n=300,d=8,bits=4, with about ",
		"transformer:n=4,layers=1000,d=1024": "transformer: 6291456000 weights: this needs 50.3 GB",
	} {
		for _, verb := range []string{"stat", "build"} {
			args := []string{verb, subject}
			if verb == "build" {
				args = append(args, "-o", t.TempDir()+"/c.tc0")
			}
			status, text, notes := try(t, args...)
			if status != statusBad || text != "" || !strings.Contains(notes, want) ||
				!strings.Contains(notes, "70 % of the 1.07 GB of GOMEMLIMIT") && !strings.Contains(want, "outside") {
				t.Errorf("%s %s: status %d, %q %s, want %q", verb, subject, status, text, notes, want)
			}
		}
	}
}

// What verbs of several circuits foresee is what they build, where it was counted.
func TestEstimatesOfSeveral(t *testing.T) {
	type told []struct {
		Subject   string
		Estimates []struct {
			N, Steps     int
			Gates, Wires float64
		}
	}
	estimates := func(line string) (all told) {
		t.Helper()
		status, text, notes := try(t, append(strings.Fields(line), "--estimate", "--json")...)
		if err := json.Unmarshal([]byte(text), &all); err != nil || status != statusHolds {
			t.Fatalf("%s: status %d, %v: %s%s", line, status, err, text, notes)
		}
		return all
	}
	const steps = "unroll rnn ssm:kind=recurrence --steps 1,2,4 --n steps"
	foreseen := estimates(steps)
	status, text, notes := try(t, append(strings.Fields(steps), "--json", "--deterministic")...)
	var built unrolled
	if err := json.Unmarshal([]byte(text), &built); err != nil || status != statusHolds {
		t.Fatalf("status %d, %v: %s", status, err, notes)
	}
	for k, u := range append([]*unrolled{&built}, built.Beside...) {
		f := foreseen[k]
		if f.Subject != u.Subject || len(f.Estimates) != len(u.Runs) {
			t.Fatalf("%+v, want that of %s", f, u.Subject)
		}
		for i, r := range u.Runs {
			e := f.Estimates[i]
			if e.Steps != r.Count || e.Gates != float64(r.Size) || e.Wires != float64(r.Wires) || e.N != 0 {
				t.Errorf("%s, %d steps: %+v, want %d gates and %d wires", u.Subject, r.Count, e, r.Size, r.Wires)
			}
		}
	}
	if f := estimates("recurrence rnn:d=2 --steps 1,4"); len(f) != 1 || len(f[0].Estimates) != 2 || f[0].Estimates[1].N != 4 ||
		f[0].Estimates[1].Gates != foreseen[0].Estimates[2].Gates {
		t.Errorf("recurrence: %+v", f)
	}
	pair := estimates("equiv rnn:d=2,n=4 majority:n=9")
	if len(pair) != 2 || pair[0].Estimates[0].Gates != foreseen[0].Estimates[2].Gates ||
		pair[1].Estimates[0].Gates != 1 || pair[1].Estimates[0].Wires != 9 {
		t.Errorf("equiv: %+v", pair)
	}
}
