package main

import (
	"fmt"
	"io"
	"path/filepath"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/paper"
	"github.com/tc0lab/tc0/analysis/shard"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/gates"
)

type proveCmd struct {
	target
	Check    string `default:"auto" placeholder:"LIST" help:"The n of the flat circuits to compare the formulas with, as in tc0 sweep --n; none for none; auto for small ones of at most ${defaultWires} wires by formula."`
	LogBits  int    `placeholder:"C" help:"Also the formulas for numbers of C·log₂ n bits, so that 2^p is n^C."`
	LaTeX    bool   `name:"latex" xor:"format" help:"Print a part of a LaTeX paper: the theorem, a sketch of its proof with a table, and what it cites."`
	Alone    bool   `name:"standalone" help:"With --latex: a document of its own, which compiles as it is and has all there is."`
	Markdown bool   `xor:"format" help:"Print Markdown."`
	Coq      string `placeholder:"FILE.v" help:"Write a theorem with its proof for the Coq proof assistant, for tc0 check --coq."`
	Bundle   string `placeholder:"FOLDER" help:"Write this file and the library that it needs into a folder, with a Makefile."`
	Output   string `short:"o" placeholder:"FILE.json" help:"Write the proof as JSON, too, for tc0 check."`
	shardFlags
}

func (proveCmd) Help() string {
	return `The program of the family is read once, with n as a symbol: operation by operation the levels it
adds and polynomials for its gates and wires. That bounds depth and size for every n, by construction. Then flat
circuits are built for some n, and each operation is compared with the gates that it asked for. The page says
which of these circuits have just what a bound says; other circuits may have less.

The verdict is about this family of circuits and never about the function it computes. For trained networks that
read a sequence, n is its length.

With --coq the theorem and its proof are written for Coq, which needs to trust this program in nothing: that the
circuits of the family are well formed and keep to the bounds for every n, and compute what the program says. For
attention, perceptrons, gated units, state-space models and samplers it also says that this is the textbook
definition. Numbers that are others for each n are chosen freely there: the theorem holds for all.

Of a language model whose folder has config.json and no weights, the formulas bound the circuits of every set of
weights. The bits are those of tc0.json, or the usual ones. No circuit is built.

Of the problems, those that tc0 list marks are proved: their circuits are made by programs, too.

Examples:

  tc0 prove attention
  tc0 prove attention:d=64,heads=8,bits=8
  tc0 prove attention --log-bits 1
  tc0 prove adder --check none
  tc0 prove parity
  tc0 prove layer --check 2,3,4,5 -o layer.json && tc0 check layer.json
  tc0 prove attention --coq attention.v && tc0 check --coq attention.v
  tc0 prove mamba --latex > theorem.tex
  tc0 prove mamba --latex --standalone > mamba.tex && pdflatex mamba.tex
`
}

// Run makes the proof and prints it.
func (cmd *proveCmd) Run(a *app) error {
	if cmd.Estimate {
		return errf("--estimate: the formulas of tc0 prove are bounds already, and --check none builds nothing")
	}
	s, err := a.openClaimed(cmd.target)
	if err != nil {
		return err
	}
	claim, err := claimOf(s)
	if err != nil {
		return err
	}
	switch cmd.Check {
	case "auto":
	case "none":
		claim.N = []int{}
	default:
		if claim.N, err = parseN("check", cmd.Check); err != nil {
			return err
		}
		if claim.Fixed {
			return errf("--check=%s: %s is one network, which has no n", cmd.Check, s.name())
		}
		if claim.Unbuilt && !claim.Trained {
			return errf("--check=%s: the circuits of %s are too large to build", cmd.Check, s.name())
		}
		if claim.Unbuilt {
			return errf("--check=%s: %s has no weights, so it has no circuits", cmd.Check, s.name())
		}
	}
	if cmd.Alone && !cmd.LaTeX {
		return errf("--standalone is of --latex")
	}
	if a.flags.JSON && (cmd.LaTeX || cmd.Markdown) {
		return errf("--json and --latex or --markdown can't be used together")
	}
	if ext := filepath.Ext(cmd.Output); cmd.Output != "" && ext != ".json" {
		return errf("--output=%s: a proof is written as .json; --latex and --markdown print to standard output", cmd.Output)
	}
	if err := cmd.precisions(s.name(), &claim); err != nil {
		return err
	}
	if a.model.Name != gates.Standard().Name {
		return errf("--depth-model=%s: formulas are in the standard model; tc0 stat measures a circuit in others",
			a.model.Name)
	}
	m := a.meter("building circuits for n")
	claim.Progress = func(n int) { m.set(n, max(n, 1)) }
	proof, err := analysis.Prove(a.ctx, claim)
	m.end()
	if err != nil {
		return err
	}
	if shard.Of(a.ctx).Partial() {
		return nil
	}
	theorem, err := cmd.saveCertificate(a, claim, proof)
	if err != nil {
		return err
	}
	a.save(cmd.Output, func(w io.Writer) error { return writeJSON(w, proof) })
	return a.show(proof, func() {
		switch {
		case cmd.LaTeX && cmd.Alone:
			a.WriteString(paper.LaTeX(proof))
		case cmd.LaTeX:
			a.WriteString(paper.Fragment(proof))
		case cmd.Markdown:
			a.WriteString(paper.Markdown(proof))
		default:
			a.title(s)
			paper.Print(&a.Page, proof)
			theorem()
			a.printSaved(cmd.Output)
		}
	}, proof.Verdict.Verdict != analysis.Refuted)
}

// precisions adds the same family with other numbers of bits.
func (cmd *proveCmd) precisions(name string, claim *analysis.Claim) error {
	spec, ok := claim.Family.(compile.Spec)
	switch {
	case cmd.LogBits == 0:
		return nil
	case cmd.LogBits < 0 || cmd.LogBits > 8:
		return errf("--log-bits=%d is outside 1..8", cmd.LogBits)
	case !ok || spec.Args["bits"] == "":
		return errf("--log-bits=%d: %s has no parameter bits of a network", cmd.LogBits, name)
	}
	claim.LogBits, claim.Precisions = cmd.LogBits, map[int]analysis.Family{}
	for bits := 3; bits <= 6; bits++ {
		claim.Precisions[bits] = spec.With("bits", bits)
	}
	return nil
}

// measuring is the command that measures s, for which there is no proof.
func measuring(s subject) string {
	command, basis := "tc0 sweep ", s.inBasis(" --basis ")
	if !s.grows() || s.named() != "" {
		return "tc0 stat " + s.short() + basis
	}
	var ns []int
	for n := 2; n <= 16; n++ {
		ns = append(ns, n)
	}
	ns = s.possible(ns)
	if len(ns) < 2 {
		return command + s.short() + basis
	}
	list := fmt.Sprintf("%d..%d", ns[0], ns[len(ns)-1])
	if step := ns[1] - ns[0]; step > 1 {
		list += fmt.Sprintf("+%d", step)
	}
	return command + s.short() + basis + " --n " + list
}

// claimOf is what is to be proved of s, for every n.
func claimOf(s subject) (analysis.Claim, error) {
	if b := s.its().basis; b != basis.TC0 {
		return analysis.Claim{}, errf(
			"formulas are of threshold circuits, basis TC0; circuits in basis %v are measured by %s", b, measuring(s))
	}
	claim, err := s.claim()
	if n := s.named(); err == nil && n != "" {
		err = errf("%s: a proof is for every n, so leave n out; --check %s builds the circuit for that n", s.short(), n)
	}
	return claim, err
}
