package analysis

import (
	"slices"

	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/gates"
)

// What is known of kinds of models, from the literature. None of it is measured here.

var onePass = proof.Fact{
	Statement: "transformers with one pass and numbers of O(log n) bits decide languages in uniform TC0",
	Source:    "Merrill and Sabharwal, arXiv 2207.00729 and 2210.02671; Chiang, arXiv 2409.13629",
}

var constantBits = proof.Fact{
	Statement: "transformers whose numbers have a constant number of bits, every partial sum rounded, decide languages in " +
		"AC0; here sums over all positions are exact, so that they count, and the circuit is one of threshold gates",
	Source: "Li, Liu, Zhou and Ma, arXiv 2402.12875",
}

var recurrent = proof.Fact{
	Statement: "a finite-state recurrence is in NC1, by re-association in depth O(log n): the depth of the unrolled circuit " +
		"is no lower bound",
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

func notAC0(name string) proof.Fact {
	return proof.Fact{Statement: name + " is not in AC0", Source: "Furst, Saxe and Sipser 1984; Ajtai 1983; Håstad 1986"}
}

var factsByKind = map[string][]proof.Fact{
	"attention": {onePass, constantBits},
	"unique-hard": {{
		Statement: "languages that unique-hard attention transformers decide are in AC0",
		Source:    "Hao, Angluin and Frank, arXiv 2204.06618",
	}},
	"layer":       {onePass, constantBits},
	"transformer": {onePass, constantBits},
	"parity":      {notAC0("parity"), symmetric},
	"majority":    {notAC0("majority"), symmetric},
	"rnn":         {recurrent},
	"gru":         {recurrent},
	"lstm":        {recurrent},
	"s4":          {stateSpace},
	"mamba":       {stateSpace},
	"ssm":         {stateSpace},
	"recurrence":  {stateSpace, recurrent},
	"denoiser": {{
		Statement: "the theorem about diffusion models is not about a family of denoisers whose n is the dimension of what " +
			"is diffused: its hypothesis H3 asks for a dimension that does not depend on n",
		Source: "Liu, arXiv 2507.12469",
	}},
	"diffusion": diffusion,
	"ddim": append([]proof.Fact{{
		Statement: "the deterministic sampler (DDIM) is none of those that the theorem about diffusion models is about: its " +
			"hypothesis H6 asks for fresh noise",
		Source: "Liu, arXiv 2507.12469",
	}}, diffusion...),
	"masked": {{
		Statement: "masked diffusion over a whole sequence is as strong as padded looped transformers; the theorem about " +
			"diffusion models is not about it, since the dimension of what is diffused grows with n",
		Source: "Svete and Sabharwal, arXiv 2510.13117",
	}},
	"cot": {
		{Statement: "chains of thought of poly(n) tokens decide exactly P", Source: "Merrill and Sabharwal, arXiv 2310.07923"},
		{Statement: "chains of thought of T tokens simulate circuits of size T", Source: "Li, Liu, Zhou and Ma, arXiv 2402.12875"},
		onePass, constantBits,
	},
	"looped": {{
		Statement: "with padding, transformers with log^d n loops decide exactly FO-uniform TC^d",
		Source:    "Merrill and Sabharwal, arXiv 2505.18948",
	}, onePass, constantBits},
}

// diffusion is the theorem about diffusion models.
var diffusion = []proof.Fact{{
	Statement: "if a diffusion model with a TC0 backbone solves a problem with high probability, even in the limit of " +
		"infinitely many steps, the problem is in TC0",
	Source:     "Liu, Preechakul, Kuwaranancharoen and Bai, arXiv 2507.12549; proof: Liu, arXiv 2507.12469",
	Hypothesis: hypothesesLine(),
}, {
	Statement: "under these hypotheses another family, of constant depth and non-uniform, decides the same problem, however " +
		"many steps the sampler takes: T* steps, k seeds wired in, and a majority vote, with depth T*·(D_backbone " +
		"+ D_update) + 1",
	Source: "Liu, arXiv 2507.12469, with Li and Yan, arXiv 2409.18959, for T*",
}}

// FactsOf returns the known facts about a kind of model (attention, unique-hard, layer,
// transformer, rnn, gru, lstm, s4, ssm, recurrence, mamba, denoiser, diffusion, masked, cot,
// looped) or about a function (parity, majority). It returns no facts for others.
func FactsOf(kind string) []proof.Fact { return slices.Concat([]proof.Fact{}, factsByKind[kind]) }

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
