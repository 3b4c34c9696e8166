package cubes_test

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tc0lab/tc0/analysis/cubes"
	"github.com/tc0lab/tc0/analysis/shard"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/equiv"
	"github.com/tc0lab/tc0/circuit/equiv/drat"
)

// majorities are the majority of 14 inputs as one gate and by cases: at least 8 − k of the last half are 1
// where k of the first half are. With a difference, the second is 0 where all inputs are 1.
func majorities(t *testing.T, differ bool) (a, b *circuit.Circuit) {
	t.Helper()
	const n = 14
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
		if _, err := j.Write(into); err != nil {
			t.Fatal(err)
		}
		if change == nil {
			continue
		}
		text, err := j.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(text), "\n")
		var stage map[string]json.RawMessage
		if err := json.Unmarshal([]byte(lines[1]), &stage); err != nil {
			t.Fatal(err)
		}
		if got := change(string(stage["result"])); got != string(stage["result"]) {
			if err := rewrite(into, h, lines[1], string(stage["result"]), got, j); err != nil {
				t.Fatal(err)
			}
		}
	}
	j, _, err := shard.Folder(into)
	if err != nil {
		t.Fatal(err)
	}
	return cubes.Compare(shard.With(t.Context(), j), a, b, config(folder()), 3, 0, "p")
}
