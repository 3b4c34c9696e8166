package analysis_test

import (
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/paper"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
)

// proofOf proves a family without building circuits to compare with.
func proofOf(t *testing.T, f analysis.Family, fixed bool) *analysis.Proof {
	t.Helper()
	c := analysis.Claim{Name: "a family", Family: f, Strategy: lower.MinDepth, Fixed: fixed, Wires: 1}
	p, err := analysis.Prove(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A proof claims the uniformity that its generator is evidence of: FO where no number depends on n, L where
// numbers are sums over n, none where they are sines.
func TestUniformityClaimsNoMore(t *testing.T) {
	for text, want := range map[string]struct{ numbers, notion string }{
		"attention":                  {"no number depends on n", "FO = DLOGTIME uniformity ("},
		"layernorm":                  {"no number depends on n", "FO = DLOGTIME uniformity ("},
		"gru":                        {"no number depends on n", "FO = DLOGTIME uniformity ("},
		"mlp":                        {"made of sums of n hashed weights", "L-uniformity: "},
		"glu":                        {"of the least or the greatest of them", "L-uniformity: "},
		"denoiser":                   {"made of sums of n hashed weights", "L-uniformity: "},
		"diffusion":                  {"made of sums of n hashed weights", "L-uniformity: "},
		"transformer:d=2":            {"a hash of the digits of its number", "L-uniformity: "},
		"cot:d=2":                    {"a hash of the digits of its number", "L-uniformity: "},
		"attention:positions=rotary": {"sines and cosines", "no notion of uniformity is claimed: "},
	} {
		s, err := compile.ParseSpec(text)
		if err != nil {
			t.Fatal(err)
		}
		p := proofOf(t, s, false)
		printed := strings.Join(strings.Fields(paper.Text(p)), " ")
		u := p.Uniformity
		if !strings.HasPrefix(u.Notion, want.notion) || !strings.Contains(u.Advice, want.numbers) ||
			!strings.Contains(printed, want.notion) || !strings.Contains(printed, want.numbers) {
			t.Errorf("%s: advice %q; %q", text, u.Advice, u.Notion)
		}
	}
	// A network of one size has no uniformity, and a family that says nothing of its numbers none that is claimed.
	s, _ := compile.ParseSpec("mlp:n=2")
	one, err := s.Program(2)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []*analysis.Proof{
		proofOf(t, fixedFamily{one}, true), proofOf(t, compile.Attention{Features: 2, Bits: 2}, false),
	} {
		if !strings.HasPrefix(p.Uniformity.Notion, "no notion of uniformity is claimed: ") {
			t.Errorf("%q", p.Uniformity.Notion)
		}
	}
}
