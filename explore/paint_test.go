package explore_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tc0lab/tc0/explore"
)

// ask calls a method and reads its answer.
func ask[T any](t testing.TB, s *explore.Session, method, args string) (answer T) {
	t.Helper()
	text, err := s.Do(method, json.RawMessage(args))
	if err != nil {
		t.Fatalf("%s %s: %v", method, args, err)
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		t.Fatalf("%s %s: %v", method, args, err)
	}
	return answer
}

// What has changed, put into the paint before it, is the paint of now.
func TestRepaintIsWhatChanged(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for seed := range uint64(20) {
		c := random(t, seed)
		s, other := open(t, c), open(t, c)
		all := everything(t, explore.New(c, explore.Options{})).State
		states := []string{`{}`, string(must(json.Marshal(all))), `{"level":1}`}
		have := ask[*explore.Paint](t, s, "paint", states[0])
		at, parts := 0, 0
		for range 30 {
			before := at
			if r.IntN(4) == 0 {
				at = r.IntN(len(states))
			}
			toggle := fmt.Sprintf(`{"input":%d}`, r.IntN(len(c.Inputs())))
			ask[explore.Change](t, s, "toggle", toggle)
			ask[explore.Change](t, other, "toggle", toggle)
			got := ask[explore.Repaint](t, s, "repaint", fmt.Sprintf(`{"state":%s,"turn":%d}`, states[at], have.Turn))
			if (got.Paint == nil) != (at == before) {
				t.Fatalf("seed %d: after state %s, %s is answered by a part: %v", seed, states[before], states[at], got.Paint == nil)
			}
			if got.Paint != nil {
				have = got.Paint
			} else {
				parts++
				for k, item := range got.Items {
					have.Ones[item], have.Differ[item] = got.Ones[k], got.Differ[k]
				}
				maps.Copy(have.Sums, got.Sums)
				have.Turn = got.Turn
			}
			want := ask[*explore.Paint](t, other, "paint", states[at])
			want.Turn = have.Turn
			if diff := cmp.Diff(want, have); diff != "" {
				t.Fatalf("seed %d, state %s: %s", seed, states[at], diff)
			}
		}
		if parts < 10 {
			t.Errorf("seed %d: %d of 30 answers were parts", seed, parts)
		}
		// Who has another paint gets the whole.
		if got := ask[explore.Repaint](t, s, "repaint", fmt.Sprintf(`{"state":%s,"turn":%d}`, states[at], have.Turn-1)); got.Paint == nil {
			t.Errorf("seed %d: an old paint is answered by a part", seed)
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Under a filter no more is 1, or differs, of an item than what the filter leaves of it, and its note says how
// much that is.
func TestFilteredCounts(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	parts := 0
	for seed := range uint64(30) {
		c := random(t, seed)
		s := open(t, c)
		gate := r.IntN(c.Len())
		for range 3 {
			ask[explore.Change](t, s, "toggle", fmt.Sprintf(`{"input":%d}`, r.IntN(len(c.Inputs()))))
		}
		for _, kind := range []string{"cone", "fan", "path"} {
			state := fmt.Sprintf(`{"filter":{"kind":%q,"gate":%d}}`, kind, gate)
			if kind == "path" {
				state = `{"filter":{"kind":"path"}}`
			}
			view := ask[explore.View](t, s, "view", state)
			paint := ask[explore.Paint](t, s, "paint", state)
			for i, item := range view.Items {
				if item.Kind == "sum" {
					continue
				}
				if paint.Ones[i] > item.In || paint.Differ[i] > item.In {
					t.Errorf("seed %d, %s of g%d: of %d in %s %d are 1 and %d differ", seed, kind, gate, item.In, item.ID, paint.Ones[i],
						paint.Differ[i])
				}
				if of := fmt.Sprintf("%d of ", item.In); strings.Contains(item.Note, " of ") {
					parts++
					if !strings.HasPrefix(item.Note, of) {
						t.Errorf("seed %d: %s has %d and says %q", seed, item.ID, item.In, item.Note)
					}
				}
			}
		}
	}
	if parts < 20 {
		t.Errorf("%d items were left in part", parts)
	}
}
