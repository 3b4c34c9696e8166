package check_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/check"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// subject is a family whose proofs are checked.
type subject struct {
	open   *program.Program
	member analysis.Member
}

// proofOf returns a proof as JSON and what it is about.
func proofOf(t testing.TB, name string, ns ...int) ([]byte, subject) {
	t.Helper()
	s, err := compile.ParseSpec(name)
	if err != nil {
		t.Fatal(err)
	}
	strategy, _ := s.Strategy()
	p, err := analysis.Prove(
		context.Background(),
		analysis.Claim{Name: name, Family: s, Strategy: strategy, Kind: s.Family.Name, Layers: 1, N: ns},
	)
	if err != nil {
		t.Fatal(name, err)
	}
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	open, err := s.OpenProgram()
	if err != nil {
		t.Fatal(err)
	}
	built := map[int]*circuit.Circuit{}
	return text, subject{open, func(ctx context.Context, n int) (*circuit.Circuit, error) {
		if c := built[n]; c != nil {
			return c, nil
		}
		p, err := s.Program(n)
		if err != nil {
			return nil, err
		}
		c, err := lower.ProgramContext(ctx, p, strategy, nil)
		built[n] = c
		return c, err
	}}
}

func checked(text []byte, of subject, reseal bool, ns ...int) error {
	p, err := analysis.ReadProof(text)
	if err != nil {
		return err
	}
	if reseal {
		if err := p.Seal(); err != nil {
			return err
		}
	}
	_, err = check.Proof(context.Background(), p, of.open, of.member, ns...)
	return err
}

func TestProofsHold(t *testing.T) {
	for _, name := range []string{"attention:d=2", "attention:d=2,kind=unique-hard", "mlp", "rmsnorm", "rnn", "gru", "s4:d=1", "mamba:kind=block", "denoiser", "glu", "layer:d=2,bits=2"} {
		text, member := proofOf(t, name)
		if err := checked(text, member, false); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	text, member := proofOf(t, "attention:d=2")
	if err := checked(text, member, false, 7, 9); err != nil {
		t.Errorf("at n=7 and 9: %v", err)
	}
}

// TestEveryDigitCounts changes each digit of a proof, one after another: each time it is
// rejected.
func TestEveryDigitCounts(t *testing.T) {
	for _, name := range []string{"rmsnorm", "rnn", "layer:d=2,bits=2"} {
		text, member := proofOf(t, name)
		for i, b := range text {
			if b < '0' || b > '9' {
				continue
			}
			wrong := append([]byte{}, text...)
			wrong[i] = '0' + (b-'0'+1)%10
			if err := checked(wrong, member, false); err == nil {
				t.Errorf("%s: accepted with another digit at %d: …%s…", name, i, wrong[max(0, i-30):i+10])
			}
		}
	}
}

func TestOtherLies(t *testing.T) {
	text, member := proofOf(t, "attention")
	for _, test := range []struct{ from, to, where string }{
		{`"depth_met":[2,`, `"depth_met":[`, "depth_met"},
		{`"size_met":[]`, `"size_met":[2]`, "size_met"},
		{`"verdict":"proved"`, `"verdict":"certain"`, "verdict"},
		{`"checked_n":[2,`, `"checked_n":[`, "checked_n"},
		{`"fixed_by":[2,3,4]`, `"fixed_by":[2]`, "interpolated.size"},
		{`"agree":[5,6]`, `"agree":[5]`, "interpolated.fixed_by"},
		{`"strategy":"min-depth"`, `"strategy":"thermometer"`, "derivation["},
		{`"strategy":"min-depth"`, `"strategy":"deepest"`, "strategy"},
		{`"args":[0]`, `"args":[99]`, "args"},
		{`"format":"tc0 proof 2"`, `"format":"tc0 proof 3 "`, ""},
	} {
		if !strings.Contains(string(text), test.from) {
			t.Fatalf("no %s in the proof", test.from)
		}
		err := checked([]byte(strings.Replace(string(text), test.from, test.to, 1)), member, true)
		var wrong *check.Error
		if err == nil || test.where != "" && (!errors.As(err, &wrong) || !strings.Contains(wrong.Where, test.where)) {
			t.Errorf("%s: error %v, want one about %s", test.to, err, test.where)
		}
	}
	// The circuits of another family.
	_, other := proofOf(t, "attention:d=1")
	if err := checked(text, other, false); err == nil {
		t.Error("accepted with the circuits of another family")
	}
}

// The depth is counted gate by gate, through sums of sums, and NOT and BUF are free.
func TestDepthIsCountedByItself(t *testing.T) {
	for _, name := range []string{"attention:d=2", "rnn", "layer:d=2,bits=2"} {
		text, member := proofOf(t, name, 3)
		p, err := analysis.ReadProof(text)
		if err != nil {
			t.Fatal(err)
		}
		c, err := member.member(t.Context(), 3)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Depth(); p.Checked[0].Depth != got {
			t.Fatalf("%s: the proof has depth %d at n=3, and the circuit %d", name, p.Checked[0].Depth, got)
		}
		p.Checked[0].Depth++
		var wrong *check.Error
		if err := resealed(t, p, member); !errors.As(err, &wrong) || wrong.Where != "checked" {
			t.Errorf("%s: a depth that is 1 more: %v", name, err)
		}
	}
}

// Of two things that are wrong the same one is told each time.
func TestFirstErrorIsTheSame(t *testing.T) {
	text, member := proofOf(t, "attention")
	lies := strings.Replace(string(text), `"depth_met":[2,`, `"depth_met":[`, 1)
	lies = strings.Replace(lies, `"size_met":[]`, `"size_met":[2]`, 1)
	for range 20 {
		var wrong *check.Error
		if err := checked([]byte(lies), member, true); !errors.As(err, &wrong) || wrong.Where != "depth_met" {
			t.Fatalf("error %v, want one about depth_met", err)
		}
	}
}
