package cubes_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tc0lab/tc0/analysis/cubes"
	"github.com/tc0lab/tc0/analysis/shard"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/equiv"
	"github.com/tc0lab/tc0/circuit/equiv/drat"
)

// majorities are the majority of 12 inputs as one gate and by cases: at least 7 − k of the last half are 1
// where k of the first half are. With a difference, the second is 0 where all inputs are 1.
func majorities(t *testing.T, differ bool) (a, b *circuit.Circuit) {
	t.Helper()
	const n = 12
	one, two := circuit.NewBuilder(), circuit.NewBuilder()
	one.Output("y", one.Majority(one.Inputs("x", n)...))
	x := two.Inputs("x", n)
	var cases []circuit.Lit
	for k := 1; k <= n/2; k++ {
		cases = append(cases, two.And(two.AtLeast(k, x[:n/2]...), two.AtLeast(n/2+1-k, x[n/2:]...)))
	}
	y := two.Or(cases...)
	if differ {
		y = two.And(y, two.And(x...).Not())
	}
	two.Output("y", y)
	a, errA := one.Circuit()
	b, errB := two.Circuit()
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	return a, b
}

// config compares with the solver that is always there, after one random input.
func config(proofs string) equiv.Config {
	return equiv.Config{
		Method: equiv.Solve, Inputs: 1, Timeout: time.Hour, Solvers: []string{"gophersat"}, ProofFolder: proofs,
	}
}

// inShards does each of some shards, and gathers them.
func inShards(t *testing.T, a, b *circuit.Circuit, count int, proofs bool, change func(text string) string) (
	*equiv.Result, *cubes.Proofs, error,
) {
	t.Helper()
	into := t.TempDir()
	folder := func() string {
		if proofs {
			return t.TempDir()
		}
		return ""
	}
	for i := range count {
		h := shard.Header{Version: "1", Args: []string{"equiv"}, Index: i + 1, Count: count}
		j, err := shard.Begin(h)
		if err != nil {
			t.Fatal(err)
		}
		r, p, err := cubes.Compare(shard.With(t.Context(), j), a, b, config(folder()), 3, 0, "p")
		if err != nil || r != nil || p != nil {
			t.Fatalf("shard %d: %+v, %+v, %v", i, r, p, err)
		}
		text, err := j.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		body, _, _ := strings.Cut(string(text), `{"sha256"`)
		if change != nil {
			body = change(body)
		}
		sum := sha256.Sum256([]byte(body))
		if _, err := shard.Store(into, h, fmt.Appendf(nil, "%s{\"sha256\":\"%x\"}\n", body, sum)); err != nil {
			t.Fatal(err)
		}
	}
	j, _, err := shard.Folder(into)
	if err != nil {
		t.Fatal(err)
	}
	return cubes.Compare(shard.With(t.Context(), j), a, b, config(folder()), 3, 0, "p")
}

// TestShards asserts that cubes in shards have the result of one process, and its proofs.
func TestShards(t *testing.T) {
	for _, differ := range []bool{false, true} {
		for _, proofs := range []bool{false, true} {
			a, b := majorities(t, differ)
			folder := ""
			if proofs {
				folder = t.TempDir()
			}
			want, whole, err := cubes.Compare(t.Context(), a, b, config(folder), 3, 0, "p")
			if err != nil {
				t.Fatal(err)
			}
			verdict := map[bool]equiv.Judgement{false: equiv.Proved, true: equiv.Refuted}[differ]
			if want.Verdict != verdict {
				t.Fatalf("%+v", want)
			}
			for _, count := range []int{2, 9} {
				got, parts, err := inShards(t, a, b, count, proofs, nil)
				if err != nil || text(t, got) != text(t, want) {
					t.Errorf("in %d shards: %v\n%s, want\n%s", count, err, text(t, got), text(t, want))
				}
				if (parts != nil) != (proofs && !differ) || (whole != nil) != (parts != nil) {
					t.Fatalf("in %d shards: proofs %v", count, parts)
				}
				if parts != nil {
					sameProofs(t, parts, whole)
				}
			}
		}
	}
}

// TestOneDifferenceIsEnough asserts that the shard that has a difference is enough, that no other one is alone, and
// that a shard that says so without one is not believed.
func TestOneDifferenceIsEnough(t *testing.T) {
	a, b := majorities(t, true)
	decided := 0
	for i := range 4 {
		into := t.TempDir()
		h := shard.Header{Version: "1", Args: []string{"equiv"}, Index: i + 1, Count: 4}
		j, err := shard.Begin(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := cubes.Compare(shard.With(t.Context(), j), a, b, config(""), 3, 0, "p"); err != nil {
			t.Fatal(err)
		}
		if _, err := j.Write(into); err != nil {
			t.Fatal(err)
		}
		gather := func() (*equiv.Result, error) {
			j, _, err := shard.Folder(into)
			if err != nil {
				return nil, err
			}
			r, _, err := cubes.Compare(shard.With(t.Context(), j), a, b, config(""), 3, 0, "p")
			return r, err
		}
		r, err := gather()
		path, e := shard.Decided(into, h)
		if e != nil {
			t.Fatal(e)
		}
		if path != "" {
			decided++
			if err != nil || r.Verdict != equiv.Refuted {
				t.Errorf("shard %d: %+v, %v", i+1, r, err)
			}
			continue
		}
		var missing *shard.MissingError
		if !errors.As(err, &missing) || len(missing.Missing) != 3 {
			t.Errorf("shard %d: %+v, %v", i+1, r, err)
		}
		text, err := j.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		body, _, _ := strings.Cut(string(text), "{\"sha256\"")
		body = strings.Replace(body, "}]}\n", "}],\"enough\":true}\n", 1)
		sum := sha256.Sum256([]byte(body))
		if _, err := shard.Store(into, h, fmt.Appendf(nil, "%s{\"sha256\":\"%x\"}\n", body, sum)); err != nil {
			t.Fatal(err)
		}
		if path, err := shard.Decided(into, h); path == "" || err != nil {
			t.Fatalf("%q, %v", path, err)
		}
		if r, err := gather(); err == nil || !strings.Contains(err.Error(), shard.Name(i+1, 4)+": it says") {
			t.Errorf("shard %d lies: %+v, %v", i+1, r, err)
		}
	}
	if decided != 1 {
		t.Errorf("%d of 4 shards decide", decided)
	}
}

// text is a result without times.
func text(t *testing.T, r *equiv.Result) string {
	t.Helper()
	if r != nil && r.Cubes != nil {
		r.Cubes.Slowest = 0
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func sameProofs(t *testing.T, a, b *cubes.Proofs) {
	t.Helper()
	x, _ := json.Marshal(a.Cover)
	y, _ := json.Marshal(b.Cover)
	if string(x) != string(y) || !slices.Equal(a.Names(), b.Names()) || len(a.Names()) != 9 {
		t.Fatalf("%s, want %s", x, y)
	}
	for _, name := range a.Names() {
		x, errA := os.ReadFile(a.Path(name))
		y, errB := os.ReadFile(b.Path(name))
		if errA != nil || errB != nil || string(x) != string(y) {
			t.Errorf("%s: %v, %v", name, errA, errB)
		}
	}
	r, err := drat.CheckCover(context.Background(), a.Cover, func(name string) (io.ReadCloser, error) {
		return os.Open(a.Path(name))
	}, func(int, int) {})
	if err != nil || r.Cubes != 8 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestShardsRefused asserts that nobody is taken at their word whose result has a proof, or a difference, that is
// none.
func TestShardsRefused(t *testing.T) {
	replace := func(from, to string) func(string) string {
		return func(text string) string { return strings.ReplaceAll(text, from, to) }
	}
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	if _, err := w.Write([]byte("0\n")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	short := regexp.MustCompile(`("0.drat":)"[^"]*"`)
	for name, tc := range map[string]struct {
		differ bool
		change func(text string) string
		want   string
	}{
		"a proof that is none": {
			false, func(text string) string {
				return short.ReplaceAllString(text, `$1"`+base64.StdEncoding.EncodeToString(z.Bytes())+`"`)
			}, "cube 0: p.0.drat: line 1 of the proof: the clause () does not follow",
		},
		"no proof":          {false, replace(`"files":{"2.drat"`, `"files":{"22.drat"`), "p.2.drat: file does not exist"},
		"a proof elsewhere": {false, replace(`"files":{"2.drat"`, `"files":{"../2.drat"`), "no name of the proof of a cube"},
		"another formula":   {false, replace(`"files":{"2.drat"`, `"files":{"miter.cnf"`), "no name of the proof of a cube"},
		"a proof not packed": {
			false, func(text string) string { return short.ReplaceAllString(text, `$1"aGVsbG8="`) },
			`cube 0: the proof "0.drat": `,
		},
		"a cube that is twice": {false, replace(`"index":3`, `"index":2`), "cube 2 is there twice"},
		"a verdict of its own": {false, replace(`"verdict":"proved"`, `"verdict":"fine"`), "nothing that a comparison says"},
		"a page of its own": {
			false, func(text string) string {
				return regexp.MustCompile(`"by":"[^"]*"`).ReplaceAllString(text, `"by":"a\nDIFFERENT"`)
			}, "nothing that a comparison says",
		},
		"no difference": {true, replace(`"111111111111"`, `"011111111111"`), "do not differ on its input; remove it"},
	} {
		a, b := majorities(t, tc.differ)
		r, p, err := inShards(t, a, b, 2, true, tc.change)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %+v, %+v, %v", name, r, p, err)
		}
	}
}
