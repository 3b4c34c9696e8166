package analysis

import (
	"fmt"
	"math"
	"sort"
	"strings"
)

// Hypothesis is one of the things that the theorem about diffusion models takes for
// granted.
type Hypothesis struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// Hypotheses returns H1 to H6 of the theorem that a problem which a diffusion model with
// a TC0 backbone solves with high probability is in TC0.
//
// Source: Liu, Preechakul, Kuwaranancharoen and Bai, arXiv 2507.12549; Liu, arXiv
// 2507.12469.
func Hypotheses() []Hypothesis {
	return []Hypothesis{
		{"H1", "the backbone is a TC0 family"},
		{"H2", "the score is exact for some distribution"},
		{"H3", "the dimension d of the diffused output does not depend on n: one token, not a sequence"},
		{"H4", "the first moment is bounded"},
		{"H5", "the right answer leads by a constant ε"},
		{"H6", "the sampler is a continuous SMLD or DDPM sampler, and the noise is input"},
	}
}

// hypothesesLine has all hypotheses in one line.
func hypothesesLine() string {
	var all []string
	for _, h := range Hypotheses() {
		all = append(all, h.Name+" "+h.Text)
	}
	return strings.Join(all, "; ")
}

// mostTruncation is where StepsFor gives up.
const mostTruncation = 1_000_000_000_000_000

// StepsFor returns T*, the least number of steps from which on c·d·log³T/T, which bounds the total
// variation between what a sampler with an exact score draws after T steps and its target, is at
// most tv. The constant c is universal, and its value is not known. So a number holds for a
// supposed c, such as 1.
//
// Errors: d and c must be positive, tv in (0, 1]; and T* may not fit 10^15.
// Source: Li and Yan, arXiv 2409.18959 (JMLR 26, 2025).
func StepsFor(d int, tv, c float64) (int, error) {
	if d < 1 || !(c > 0) || !(tv > 0) || tv > 1 {
		return 0, fmt.Errorf("analysis: dimension %d, total variation %v and constant %v: the first and the last "+
			"must be positive, and the second in (0, 1]", d, tv, c)
	}
	bound := func(t float64) float64 {
		l := math.Log(t)
		return c * float64(d) * l * l * l / t
	}
	// log³T/T rises up to e³, which is between 20 and 21, and falls from there on.
	if bound(20) <= tv && bound(21) <= tv {
		return 1, nil
	}
	steps := 21 + sort.Search(mostTruncation, func(k int) bool { return bound(float64(21+k)) <= tv })
	if steps > mostTruncation {
		return 0, fmt.Errorf("analysis: for dimension %d, total variation %v and constant %v more than 10^15 "+
			"steps are asked for", d, tv, c)
	}
	return steps, nil
}

// SeedsFor returns k, a number of independent seeds with which some choice of them, hard wired,
// makes a majority vote right on all inputs of length n over an alphabet, if on each the right
// answer leads by gap: k ≥ (2/g²)·(n+1)·ln|Σ| suffices. The number returned is odd, so that a vote
// between two answers cannot be a tie.
//
// Errors: n and the alphabet must be at least 1 and 2, the gap in (0, 1].
// Source: Hoeffding's inequality and a union bound over the |Σ|^n inputs.
func SeedsFor(n, alphabet int, gap float64) (int, error) {
	if n < 1 || alphabet < 2 || !(gap > 0) || gap > 1 {
		return 0, fmt.Errorf("analysis: n=%d, alphabet %d, gap %v: n must be at least 1, the alphabet 2, and the "+
			"gap in (0, 1]", n, alphabet, gap)
	}
	k := math.Ceil(2 / (gap * gap) * float64(n+1) * math.Log(float64(alphabet)))
	if !(k < 1e15) {
		return 0, fmt.Errorf("analysis: n=%d, alphabet %d, gap %v: more than 10^15 seeds are asked for",
			n, alphabet, gap)
	}
	if int(k)%2 == 0 {
		k++
	}
	return int(k), nil
}
