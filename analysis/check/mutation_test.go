package check_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/check"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/internal/longtest"
)

// free are the fields whose numbers are no part of what is proved: the format, the seal, the names of what a proof
// is about, quotations from the literature, and words.
var free = []string{
	"format", "digest", "subject", "strategy", "depth_model", "depth_note", "stage", "operation", "shape", "why", "source",
	"facts", "published", "gate_name", "live_state", "advice", "notion", "scope",
	"assumptions", "same_at", "unchecked",
}

var digits, classes = regexp.MustCompile(`\d+`), regexp.MustCompile(`[TAN]C$`)

// mutate calls f with a changed value in each place of a JSON value that has a number, and with the path there.
func mutate(v any, path string, set func(any), f func(path string)) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if !slices.Contains(free, key) {
				mutate(v[key], path+"."+key, func(x any) { v[key] = x }, f)
			}
		}
	case []any:
		for i := range v {
			mutate(v[i], fmt.Sprintf("%s[%d]", path, i), func(x any) { v[i] = x }, f)
		}
	case json.Number:
		if number, ok := new(big.Int).SetString(v.String(), 10); ok {
			set(json.Number(number.Add(number, big.NewInt(1)).String()))
			f(path)
			set(v)
		}
	case string:
		for _, changed := range changes(v) {
			set(changed)
			f(path)
			set(v)
		}
	}
}

// changes returns what a formula or a sentence becomes with one of its numbers one greater. A formula is also
// returned with one more of each of its terms.
func changes(text string) (out []string) {
	p, err := poly.Parse(text)
	sentence := err != nil
	for _, at := range digits.FindAllStringIndex(text, -1) {
		if sentence && classes.MatchString(text[:at[0]]) {
			continue
		}
		v, _ := new(big.Int).SetString(text[at[0]:at[1]], 10)
		changed := text[:at[0]] + v.Add(v, big.NewInt(1)).String() + text[at[1]:]
		if _, err := poly.Parse(changed); err == nil || sentence {
			out = append(out, changed)
		}
	}
	if sentence {
		return out
	}
	for _, term := range append(strings.Split(strings.ReplaceAll(text, " - ", " + "), " + "), "1") {
		if q, err := poly.Parse(term); err == nil {
			out = append(out, p.Plus(q).String())
		}
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == text })
}

// mutations changes every number of a proof one at a time, and asserts that the checker refuses each, with
// the place.
func mutations(t *testing.T, name string, ns ...int) {
	t.Helper()
	text, of := proofOf(t, name, ns...)
	if err := checked(text, of, true); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	var all map[string]any
	if err := d.Decode(&all); err != nil {
		t.Fatal(err)
	}
	count, unread := 0, 0
	mutate(all, "", nil, func(path string) {
		changed, err := json.Marshal(all)
		if err != nil {
			t.Fatal(err)
		}
		count++
		if _, err := analysis.ReadProof(changed); err != nil {
			unread++
			return
		}
		var wrong *check.Error
		switch err := checked(changed, of, true); {
		case err == nil:
			t.Errorf("%s: accepted with another number at %s", name, path)
		case !errors.As(err, &wrong):
			t.Errorf("%s: error %v at %s, want one that names the place", name, err, path)
		default:
			place := strings.FieldsFunc(path, func(r rune) bool { return strings.ContainsRune(".[]", r) })
			if !strings.Contains(wrong.Where, place[0]) || place[0] == "derivation" &&
				!strings.HasPrefix(wrong.Where, "derivation["+place[1]+"] ") || strings.Contains(wrong.Where, ": ") &&
				!strings.Contains(wrong.Where, ": "+place[2]) {
				t.Errorf("%s: %v is told of a change at %s", name, err, path)
			}
		}
	})
	if unread > count/50 {
		t.Errorf("%s: %d of %d changed proofs are none that can be read", name, unread, count)
	}
	t.Logf("%s: %d numbers were changed", name, count)
}

func TestEveryNumberIsDerived(t *testing.T) {
	for _, name := range []string{
		"attention:d=2,bits=2", "layer:d=2,bits=2", "attention:d=2,kind=unique-hard,causal=1", "rnn", "mlp:strategy=min-size",
		"rmsnorm",
	} {
		mutations(t, name, 3, 4)
	}
}

func TestLongEveryNumberIsDerived(t *testing.T) {
	longtest.Need(t)
	for _, name := range []string{
		"attention", "layer:d=2", "attention:kind=unique-hard,causal=1", "attention:strategy=thermometer+select,kind=unique-hard",
		"rnn", "lstm", "gru", "mlp:strategy=min-size", "mamba", "mamba:kind=block", "s4", "rmsnorm", "layernorm", "denoiser",
		"glu", "transformer:d=2,bits=2", "looped:d=2", "diffusion",
	} {
		mutations(t, name)
	}
}
