package analysis_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/compile"
)

func TestDumpProofs(t *testing.T) {
	for _, name := range []string{"attention", "attention:kind=unique-hard", "attention:kind=stable", "attention:kind=average-hard", "attention:causal=1", "mlp", "glu", "s4", "mamba", "mamba:kind=block", "layernorm", "rmsnorm", "denoiser", "rnn", "layer", "transformer:d=2", "transformer", "attention:d=64,heads=8,bits=8"} {
		s, err := compile.ParseSpec(name)
		if err != nil {
			t.Fatal(err)
		}
		st, _ := s.Strategy()
		p, err := analysis.Prove(context.Background(), analysis.Claim{Name: name, Family: s, Strategy: st})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Printf("%s: %s %s  depth %s %v size %s %v  checked %v unchecked %s\n", name, p.Verdict.Verdict, p.Class, p.DepthRelation, p.DepthFormula, p.SizeRelation, p.SizeInN, p.CheckedN, p.Unchecked)
		if p.Exact != nil {
			fmt.Printf("    exact %v from %d fixed by %v\n", p.Exact.Size, p.Exact.From, p.Exact.FixedBy)
		}
	}
}
