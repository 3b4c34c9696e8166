package analysis

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/gates"
)

// What is known of kinds of models and of functions, from the literature. None of it is measured here.

var onePass = proof.Fact{
	Statement: "transformers with one pass and numbers of O(log n) bits decide languages in uniform TC0",
	Source:    "Merrill and Sabharwal, arXiv 2207.00729 and 2210.02671; Chiang, arXiv 2409.13629",
}

var constantBits = proof.Fact{
	Statement: "transformers whose numbers have a constant number of bits, every partial sum rounded, decide languages in " +
		"AC0; here sums over all positions are exact, so that they count, and the circuit is one of threshold gates",
	Source: "Li, Liu, Zhou and Ma, arXiv 2402.12875",
}

// accumulator says which of the two the circuits here are.
var accumulator = proof.Fact{
	Statement: "L-uniform transformers with padding decide exactly L-uniform AC0 with constant precision, and exactly L-uniform " +
		"TC0 with growing precision: the accumulator decides. Here numbers have a constant number of bits, and the " +
		"accumulator, an exact sum over all positions, grows with n",
	Source:     "Svete, Merrill, Cotterell and Sabharwal, arXiv 2605.30523",
	Hypothesis: "polynomially many padding tokens; here there are none",
}

var insideAttention = proof.Fact{
	Statement: "transformers that round to fixed precision except inside attention are as strong as programs in C-RASP of the " +
		"same depth, and deeper ones are strictly stronger",
	Source:     "Yang, Cadilhac and Chiang, arXiv 2506.16055",
	Hypothesis: "attention is causal, by softmax",
}

// recurrent is about networks over n steps. What grows with n as unrolled need not grow so.
var recurrent = proof.Fact{
	Statement: "as unrolled here the depth is linear in n; with few states, whose number n does not change, the recurrence is a " +
		"finite automaton and in NC1, by re-association in depth O(log n): the depth of the unrolled circuit is no " +
		"lower bound",
	Source: "regular languages are in NC1: Barrington 1989",
}

var stateSpace = proof.Fact{
	Statement: "S4 and diagonal selective state-space models in convolutional form are in L-uniform TC0; the step-by-step " +
		"recurrence that rounds is a different function",
	Source: "Merrill, Petty and Sabharwal, arXiv 2404.08819",
}

var symmetric = proof.Fact{
	Statement: "every symmetric function has threshold circuits of depth 2 with at most n + 1 gates",
	Source:    "Muroga 1959",
}

var diagonal = proof.Fact{
	Statement: "k layers of diagonal state-space models whose transitions depend on the input track the states of a group " +
		"exactly if it has a subnormal series of length k with Abelian factors, and so is solvable",
	Source:     "Shakerinava, Khavari, Ravanbakhsh and Chandar, arXiv 2603.01959",
	Hypothesis: "finite precision, complex transitions",
}

// unconditional is what is proved of threshold circuits without a hypothesis, and little it is.
var unconditional = []proof.Fact{
	{
		Statement: "without a hypothesis: parity in depth d ≥ 2 takes at least (n/2)^(1/(2(d − 1))) threshold gates, and " +
			"more than linearly many wires",
		Source: "Impagliazzo, Paturi and Saks 1997",
	},
	{
		Statement: "without a hypothesis: Andreev's function, which takes linear time, has no circuits of " +
			"o(n^(3/2)/log³ n) threshold gates in depth 2, whatever their weights", Source: "Kane and Williams, arXiv 1511.07860",
	},
}

func notAC0(name string) proof.Fact {
	return proof.Fact{
		Statement: name + " is not in AC0",
		Source:    "Furst, Saxe and Sipser 1984; Ajtai 1983; Håstad 1986",
	}
}

var factsByKind = map[string][]proof.Fact{
	"attention": onePassFacts,
	"unique-hard": {
		{
			Statement: "languages that unique-hard attention transformers decide are in AC0",
			Source:    "Hao, Angluin and Frank, arXiv 2204.06618",
		},
	},
	"layer":       onePassFacts,
	"transformer": onePassFacts,
	"parity":      append([]proof.Fact{notAC0("parity"), symmetric}, unconditional...),
	"majority":    {notAC0("majority"), symmetric},
	"s5":          unconditional,
	"formula":     unconditional,
	"cvp":         unconditional,
	"rnn":         {recurrent},
	"gru":         {recurrent},
	"lstm":        {recurrent},
	"s4":          {stateSpace},
	"mamba":       {stateSpace, diagonal},
	"ssm":         {stateSpace},
	"recurrence":  {stateSpace, recurrent},
	"denoiser": {
		{
			Statement: "the theorem about diffusion models is not about a family of denoisers whose n is the dimension of what " +
				"is diffused: its hypothesis H3 asks for a dimension that does not depend on n",
			Source: "Liu, arXiv 2507.12469",
		},
	},
	"diffusion": diffusion,
	"ddim": append(
		[]proof.Fact{
			{
				Statement: "the deterministic sampler (DDIM) is none of those that the theorem about diffusion models is about: its " +
					"hypothesis H6 asks for fresh noise",
				Source: "Liu, arXiv 2507.12469",
			},
		},
		diffusion...),
	"masked": {
		{
			Statement: "masked diffusion over a whole sequence is as strong as padded looped transformers; the theorem about " +
				"diffusion models is not about it, since the dimension of what is diffused grows with n",
			Source: "Svete and Sabharwal, arXiv 2510.13117",
		},
	},
	"cot": append([]proof.Fact{
		{
			Statement:  "chains of thought of poly(n) tokens decide exactly P",
			Source:     "Merrill and Sabharwal, arXiv 2310.07923",
			Hypothesis: "numbers of O(log n) bits, and generalised pre-norm; the numbers here have a constant number of bits",
		},
		{
			Statement: "chains of thought of T(n) tokens, T a polynomial, simulate circuits of size T(n)",
			Source:    "Li, Liu, Zhou and Ma, arXiv 2402.12875",
			Hypothesis: "an embedding of O(log n) features, and parameters that may be others for each n; the features here are as " +
				"many for every n",
		},
	}, onePassFacts...),
	"looped": append(
		[]proof.Fact{
			{
				Statement: "with padding, transformers with log^d n loops decide exactly FO-uniform TC^d, and FO-uniform AC^d if their " +
					"precision is constant",
				Source:     "Merrill and Sabharwal, arXiv 2505.18948; Svete, Merrill, Cotterell and Sabharwal, arXiv 2605.30523",
				Hypothesis: "polynomially many padding tokens; for TC^d, numbers of O(log n) bits",
			},
		},
		onePassFacts...),
}

// onePassFacts are about transformers with one pass, of which the others are made.
var onePassFacts = []proof.Fact{onePass, constantBits, accumulator, insideAttention}

// diffusion is the theorem about diffusion models.
var diffusion = []proof.Fact{
	{
		Statement: "if a diffusion model with a TC0 backbone solves a problem with high probability, even in the limit of " +
			"infinitely many steps, the problem is in TC0",
		Source:     "Liu, Preechakul, Kuwaranancharoen and Bai, arXiv 2507.12549; proof: Liu, arXiv 2507.12469",
		Hypothesis: hypothesesLine(),
	},
	{
		Statement: "under these hypotheses another family, of constant depth and non-uniform, decides the same problem, however " +
			"many steps the sampler takes: T* steps, k seeds wired in, and a majority vote, with depth T*·(D_backbone " +
			"+ D_update) + 1",
		Source: "Liu, arXiv 2507.12469, with Li and Yan, arXiv 2409.18959, for T*",
	},
}

// FactsOf returns the known facts about a kind of model (attention, unique-hard, layer,
// transformer, rnn, gru, lstm, s4, ssm, recurrence, mamba, denoiser, diffusion, masked, cot,
// looped) or about a problem (parity, majority, s5, formula, cvp). It returns no facts for others.
func FactsOf(kind string) []proof.Fact { return append([]proof.Fact{}, factsByKind[kind]...) }

// FactKinds lists what there are facts about.
func FactKinds() []string { return slices.Sorted(maps.Keys(factsByKind)) }

// sources says where the construction of an operation comes from.
var sources = map[program.Op]string{
	program.OpStep:   "a threshold for each jump: Muroga 1959, for symmetric functions",
	program.OpLookup: "a threshold for each row: Muroga 1959",
	program.OpContract: "x·y over literals: a conjunction for each pair; a threshold gate takes a literal in " +
		"with a weight that decides",
	program.OpQuotient:     "[num − t·den ≥ 0], one threshold a level",
	program.OpRootQuotient: "x ≥ τ·√y by squares, with the sign as a deciding weight",
	program.OpMaxStep:      "x_j − max x ≥ t as a conjunction over pairs",
	program.OpArgMax:       "the leftmost maximum as a conjunction over pairs",
}

// literalDepth is the depth of adding n numbers of O(log n) bits, d_⊕ of Merrill and
// Sabharwal, with the best circuits in the literature that they name.
const literalDepth = 8

// perLayer is the only fully explicit depth of a transformer layer in the literature:
// 9 + 2·d_⊕ with complements not counted.
const perLayer = 9 + 2*literalDepth

// published returns the published bounds for a kind of model, beside the depth of our
// circuit in the same model.
func published(c Claim, flat *circuit.Circuit, n int) []proof.Published {
	out := []proof.Published{}
	if c.Kind != "layer" && c.Kind != "transformer" || c.Layers == 0 {
		return out
	}
	model := gates.NotCounted()
	return append(out, proof.Published{
		Source:     "Merrill and Sabharwal 2023 (TACL), per layer",
		Expression: "layers·(9 + 2·d_⊕), d_⊕ = 8", Value: c.Layers * perLayer,
		DepthModel: model.Name, Ours: flat.Levels(model).Depth, N: n,
		Note: "an upper bound on paper for average-hard or softmax attention with O(log n)-bit floats, of which no " +
			"circuit was built; ours is a circuit for quantised integers, so that the two compute different functions",
	})
}

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
