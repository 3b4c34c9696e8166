package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	proofs "github.com/tc0lab/tc0/analysis/check"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/gates"
)

type proveCmd struct {
	target
	Check    string `default:"auto" placeholder:"LIST" help:"The n of the flat circuits to compare the formulas with, as in tc0 sweep --n; none for none; auto for small ones of at most ${defaultWires} wires by formula."`
	LogBits  int    `placeholder:"C" help:"Also the formulas for numbers of C·log₂ n bits, so that 2^p is n^C."`
	LaTeX    bool   `name:"latex" xor:"format" help:"Print a LaTeX document, which compiles as it is."`
	Markdown bool   `xor:"format" help:"Print Markdown."`
	Output   string `short:"o" placeholder:"FILE.json" help:"Write the proof as JSON, too, for tc0 check."`
}

func (proveCmd) Help() string {
	return `The program of the family is read once, with n as a symbol: operation by operation the levels it adds and polynomials for its gates and wires. That bounds depth and size for every n, by construction. Then flat circuits are built for some n, counted and compared: where formula and circuits are the same, the table says "=", else "≤".

The verdict is about this family of circuits and never about the function it computes. For trained networks that read a sequence, n is its length.

Examples:

  tc0 prove attention
  tc0 prove attention:d=64,heads=8,bits=8
  tc0 prove attention --log-bits 1
  tc0 prove adder --check none
  tc0 prove layer --check 2,3,4,5 -o layer.json && tc0 check layer.json
  tc0 prove mamba --latex > mamba.tex && pdflatex mamba.tex
`
}

// Run makes the proof and prints it.
func (cmd *proveCmd) Run(a *app) error {
	s, err := a.open(cmd.target)
	if err != nil {
		return err
	}
	claim, err := s.claim()
	if err != nil {
		return err
	}
	switch cmd.Check {
	case "auto":
	case "none":
		claim.N = []int{}
	default:
		if claim.N, err = parseN(cmd.Check); err != nil {
			return errors.New(strings.ReplaceAll(err.Error(), "--n=", "--check="))
		}
	}
	if err := cmd.precisions(s, &claim); err != nil {
		return err
	}
	if a.model.Name != gates.Standard().Name {
		return fmt.Errorf("--depth-model=%s: formulas are in the standard model; tc0 stat measures a circuit in others", a.model.Name)
	}
	m := a.meter("building circuits for n")
	claim.Progress = func(n int) { m.set(n, max(n, 1)) }
	proof, err := analysis.Prove(a.ctx, claim)
	m.end()
	if err != nil {
		return err
	}
	if cmd.Check == "none" {
		proof.Unchecked = "none were asked for"
		if err := proof.Seal(); err != nil {
			return err
		}
	}
	if cmd.Output != "" {
		if _, err := a.writeFile(cmd.Output, func(w io.Writer) error {
			e := json.NewEncoder(w)
			e.SetEscapeHTML(false)
			e.SetIndent("", "  ")
			return e.Encode(proof)
		}); err != nil {
			return err
		}
	}
	switch {
	case a.flags.JSON:
		err = a.emit(proof)
	case cmd.LaTeX:
		writeProofLaTeX(&a.out, proof)
	case cmd.Markdown:
		writeProofMarkdown(&a.out, proof)
	default:
		a.title(s)
		a.printProof(proof)
		if cmd.Output != "" {
			a.printf("\nwritten: %s\n", cmd.Output)
		}
	}
	return errors.Join(err, judged(proof.Verdict))
}

// precisions adds the same family with other numbers of bits.
func (cmd *proveCmd) precisions(s *subject, claim *analysis.Claim) error {
	switch {
	case cmd.LogBits == 0:
		return nil
	case cmd.LogBits < 0 || cmd.LogBits > 8:
		return fmt.Errorf("--log-bits=%d is outside 1..8", cmd.LogBits)
	case s.kind != isFamily || s.spec.Args["bits"] == "":
		return fmt.Errorf("--log-bits=%d: %s has no parameter bits", cmd.LogBits, s.name)
	}
	claim.LogBits, claim.Precisions = cmd.LogBits, map[int]analysis.Family{}
	for bits := 3; bits <= 6; bits++ {
		claim.Precisions[bits] = s.spec.With("bits", bits)
	}
	return nil
}

// claim is what is to be proved of s.
func (s *subject) claim() (analysis.Claim, error) {
	c := analysis.Claim{Name: s.name, Strategy: s.strategy}
	switch {
	case s.basis != basis.TC0:
		return c, fmt.Errorf("formulas are of threshold circuits, basis TC0; circuits in basis %v are measured by tc0 sweep", s.basis)
	case s.kind == isProblem:
		return c, fmt.Errorf("%s is a problem: formulas are read of programs, and a problem has circuits only; tc0 sweep measures them over n", s.name)
	case s.kind == isFile:
		return c, fmt.Errorf("%s is one circuit; what is proved here is of families and of networks; tc0 stat measures a circuit", s.name)
	case s.kind == isFamily:
		// The name leaves n out, which is proved for all.
		if s.spec.HasN() {
			return c, fmt.Errorf("%s: a proof is for every n, so leave n out; --check %s builds the circuit for that n", s.spec.Short(), s.spec.Args["n"])
		}
		c.Name, c.Family, c.Kind = s.spec.Short(), s.spec, s.spec.Family.Name
		if s.spec.Args["kind"] == string(compile.UniqueHard) {
			c.Kind = string(compile.UniqueHard)
		}
		c.Layers = 1
		if l := s.spec.Args.Int("layers"); l > 0 && c.Kind == "transformer" {
			c.Layers = l
		}
		return c, nil
	}
	c.Trained = true
	if s.kind == isSampler {
		c.Fixed, c.Family = true, one{s.program}
		return c, nil
	}
	lengths, ok := s.quantised.Lengths()
	if !ok {
		c.Fixed, c.Family = true, one{s.program}
		return c, nil
	}
	c.Family, c.LeastN, c.MostN = lengths, lengths.Least(), lengths.Most()
	config := &s.quantised.Model.Config
	switch {
	case config.Decoder != nil:
		c.Kind, c.Layers = "transformer", config.Decoder.Layers
		if config.Decoder.Learned {
			c.Advice = fmt.Sprintf("%d·n numbers: the learned positions, up to n = %d", config.Decoder.Hidden, c.MostN)
		}
	case config.Selective != nil:
		c.Kind = "mamba"
	case config.ModelType == "attention-classifier":
		c.Kind = "attention"
	}
	return c, nil
}

// one is the family of one network without n.
type one struct{ p *program.Program }

func (o one) Program(int) (*program.Program, error)  { return o.p, nil }
func (o one) OpenProgram() (*program.Program, error) { return o.p, nil }
func relationSign(r analysis.Relation) string {
	return map[analysis.Relation]string{analysis.Equal: "=", analysis.AtMost: "≤"}[r]
}
func pretty(p poly.Poly) string          { return groupedDigits(p.Pretty()) }
func sizeSign(p *analysis.Proof) string  { return relationSign(p.SizeRelation) }
func depthSign(p *analysis.Proof) string { return relationSign(p.DepthRelation) }
func (a *app) memberOf(c analysis.Claim) analysis.Member {
	return func(ctx context.Context, n int) (*circuit.Circuit, error) {
		p, err := c.Family.Program(n)
		if err != nil {
			return nil, err
		}
		return lower.ProgramContext(ctx, p, c.Strategy, nil)
	}
}

// groupedDigits puts the long numbers of a text in groups of three digits.
func groupedDigits(text string) string {
	var b strings.Builder
	run := ""
	flush := func() {
		if len(run) > 3 {
			run = groups(run)
		}
		b.WriteString(run)
		run = ""
	}
	for _, r := range text {
		if r >= '0' && r <= '9' {
			run += string(r)
			continue
		}
		flush()
		b.WriteRune(r)
	}
	flush()
	return b.String()
}

type checkCmd struct {
	Proof string `arg:"" help:"A proof that tc0 prove -o FILE.json wrote."`
	N     string `name:"n" placeholder:"LIST" help:"More n to build circuits for and compare, as in tc0 sweep --n."`
}

func (checkCmd) Help() string {
	return `The checker shares no code with what makes proofs. It does the sums of the derivation again, builds the circuits that the proof names and those for --n, counts them, and compares. Whatever differs is an error with status 1.

Example:

  tc0 prove attention -o attention.json && tc0 check attention.json --n 7..9
`
}

// Run checks a proof in a file.
func (cmd *checkCmd) Run(a *app) error {
	p, err := readProof(cmd.Proof)
	if err != nil {
		return err
	}
	var ns []int
	if cmd.N != "" {
		if ns, err = parseN(cmd.N); err != nil {
			return err
		}
	}
	strategy := p.Strategy
	if strings.Contains(p.Subject, "strategy=") {
		strategy = "" // the subject says it
	}
	s, err := a.open(target{Subject: p.Subject, Strategy: strategy})
	if err != nil {
		return fmt.Errorf("%s: %w", cmd.Proof, err)
	}
	claim, err := s.claim()
	if err != nil {
		return fmt.Errorf("%s: %w", cmd.Proof, err)
	}
	m := a.meter("checking " + cmd.Proof)
	err = proofs.Proof(a.ctx, p, a.memberOf(claim), ns...)
	m.end()
	var wrong *proofs.Error
	if err != nil && !errors.As(err, &wrong) {
		return err
	}
	checked := slices.Concat([]int{}, p.CheckedN, ns)
	slices.Sort(checked)
	checked = slices.Compact(checked)
	if a.flags.JSON {
		problem := ""
		if wrong != nil {
			problem = plain(wrong)
		}
		err = a.emit(struct {
			File     string `json:"file"`
			Subject  string `json:"subject"`
			Holds    bool   `json:"holds"`
			Problem  string `json:"problem,omitempty"`
			CheckedN []int  `json:"checked_n"`
		}{cmd.Proof, p.Subject, wrong == nil, problem, checked})
	} else if wrong != nil {
		a.printf("%s: REJECTED: %s\n", cmd.Proof, plain(wrong))
		err = nil
	} else {
		a.printf("%s: the proof about %s holds\n", cmd.Proof, p.Subject)
		a.printf("its sums and values were computed again, and %s built again: %s\n", plural(len(checked), "circuit"), analysis.NSet(checked))
		err = nil
	}
	if wrong != nil {
		return errors.Join(err, errFalse)
	}
	return err
}
