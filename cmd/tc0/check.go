package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	proofs "github.com/tc0lab/tc0/analysis/check"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/equiv/drat"
	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/problem"
)

type checkCmd struct {
	Proof   string `arg:"" help:"A proof that tc0 prove -o FILE.json wrote, or --coq FILE.v, or tc0 equiv --proof FILE.drat or --proof FILE.cubes."`
	Coq     bool   `help:"Have Coq check a file that tc0 prove --coq wrote. Its library is compiled once, into your cache."`
	N       string `name:"n" placeholder:"LIST" help:"More n to build circuits for and compare, as in tc0 sweep --n."`
	Formula string `placeholder:"CNF" help:"The clauses that a file in DRAT form is about; those in FILE.drat.cnf unless given."`
}

func (checkCmd) Help() string {
	return `The checker has rules of its own for what each operation costs, and shares no code with those of
tc0 prove. With them it derives every row of the proof again from the program of the subject, for every n. It
builds the circuits that the proof names and those for --n, counts them gate by gate, and compares. Whatever
differs is an error with status 1, and names the row. What both take as it is are the program of the subject and
how its circuits are built. The assumptions, the uniformity, what is cited and for which n there is a circuit are
not derived again: they are compared with what tc0 prove says. A proof that is refuted is no proof.

A file in DRAT form is gone through clause by clause: whether each follows from those before it, up to
a contradiction. That its clauses say that two circuits differ is not checked here. A list of cubes is
gone through cube by cube, each with its proof, once it is seen that they cover all inputs.

Examples:

  tc0 prove attention -o attention.json && tc0 check attention.json --n 7..9
  tc0 prove attention --coq attention.v && tc0 check --coq attention.v
  tc0 equiv c499.bench c1355.bench --proof same.drat && tc0 check same.drat
  tc0 equiv c6288.bench other.bench --cubes 6 --proof same.cubes && tc0 check same.cubes
`
}

// checkedFormula is the JSON of a proof that a formula cannot be satisfied.
type checkedFormula struct {
	File    string       `json:"file"`
	Formula string       `json:"formula"`
	Holds   bool         `json:"holds"`
	Problem string       `json:"problem,omitempty"`
	Checked *drat.Report `json:"checked,omitempty"`
}

// checkedProof is the JSON of a proof about circuits.
type checkedProof struct {
	File     string `json:"file"`
	Subject  string `json:"subject"`
	Holds    bool   `json:"holds"`
	Problem  string `json:"problem,omitempty"`
	Rows     int    `json:"rows"`      // derived again
	CheckedN []int  `json:"checked_n"` // of the circuits that were built
}

// checkDRAT checks that clauses have a contradiction, as a proof in DRAT form says.
func (cmd *checkCmd) checkDRAT(a *app) error {
	if cmd.Coq || cmd.N != "" {
		return errf("%s: --coq and --n have no meaning for a file in DRAT form", cmd.Proof)
	}
	paths := []string{cmp.Or(cmd.Formula, cmd.Proof+".cnf"), cmd.Proof}
	var files [2]io.Reader
	for i, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		files[i] = interruptible{a, f}
	}
	m := a.meter("checking " + cmd.Proof)
	report, err := drat.Check(a.ctx, files[0], files[1])
	m.end()
	var step *drat.StepError
	wrong := errors.As(err, &step) || errors.Is(err, drat.ErrOpen)
	because := ""
	switch {
	case wrong:
		because = plain(err)
	case err != nil:
		return errf("%s, %s: %w", paths[0], paths[1], err)
	}
	return a.show(checkedFormula{cmd.Proof, paths[0], !wrong, because, report}, func() {
		if wrong {
			a.Printf("%s: REJECTED: %s\n", cmd.Proof, because)
			return
		}
		a.Printf("%s: the %s of %s cannot be satisfied\n", cmd.Proof, plural(report.Clauses, "clause"), paths[0])
		a.Indented(fmt.Sprintf("%s added, and each follows, %d of them as definitions.", plural(report.Added, "clause"), report.Defined))
	}, !wrong)
}

// checkedCover is the JSON of a list of cubes with their proofs.
type checkedCover struct {
	File    string            `json:"file"`              // its path
	Formula string            `json:"formula"`           // the name of the file of the clauses, in the same folder
	Holds   bool              `json:"holds"`             // whether the cubes cover all inputs and each proof holds
	Problem string            `json:"problem,omitempty"` // why not
	Checked *drat.CoverReport `json:"checked,omitempty"` // what was gone through
}

// checkCubes checks a list of cubes and the proof of each.
func (cmd *checkCmd) checkCubes(a *app) error {
	if cmd.Coq || cmd.N != "" || cmd.Formula != "" {
		return errf("%s: --coq, --n and --formula have no meaning for a list of cubes", cmd.Proof)
	}
	text, err := a.readText(cmd.Proof)
	if err != nil {
		return err
	}
	cover, err := drat.ReadCover([]byte(text))
	if err != nil {
		return errf("%s: %w", cmd.Proof, err)
	}
	m := a.meter("checking " + cmd.Proof)
	report, err := drat.CheckCover(a.ctx, cover, func(name string) (io.ReadCloser, error) {
		return os.Open(filepath.Join(filepath.Dir(cmd.Proof), name))
	}, m.set)
	m.end()
	var wrong *drat.CoverError
	var missing *fs.PathError
	because := ""
	switch {
	case errors.As(err, &missing) || err != nil && !errors.As(err, &wrong):
		return errf("%s: %w", cmd.Proof, err)
	case err != nil:
		because = plain(err)
	}
	return a.show(checkedCover{cmd.Proof, cover.Formula, wrong == nil, because, report}, func() {
		if wrong != nil {
			a.Printf("%s: REJECTED: %s\n", cmd.Proof, because)
			return
		}
		a.Printf("%s: the %s of %s cannot be satisfied\n", cmd.Proof, plural(report.Clauses, "clause"), cover.Formula)
		a.Indented(fmt.Sprintf("%s, which cover all inputs; %s added by their proofs, and each follows.",
			plural(report.Cubes, "cube"), plural(report.Added, "clause")))
	}, wrong == nil)
}

// Run checks a proof in a file.
func (cmd *checkCmd) Run(a *app) error {
	switch ext := filepath.Ext(cmd.Proof); {
	case ext == cubesExtension:
		return cmd.checkCubes(a)
	case cmd.Formula != "" || ext == ".drat" && !cmd.Coq:
		return cmd.checkDRAT(a)
	}
	return cmd.checkProof(a)
}

// checkProof checks a proof about a subject, for every n.
func (cmd *checkCmd) checkProof(a *app) error {
	text, err := a.readText(cmd.Proof)
	if err != nil {
		return err
	}
	if cmd.Coq {
		return cmd.checkCoq(a, text)
	}
	p, err := analysis.ReadProof(text)
	if err != nil {
		return errf("%s: %w", cmd.Proof, err)
	}
	var ns []int
	if cmd.N != "" {
		if ns, err = parseN("n", cmd.N); err != nil {
			return err
		}
	}
	strategy := p.Strategy
	name, _, _ := strings.Cut(p.Subject, ":")
	if _, err := problem.Find(name); err == nil || strings.Contains(p.Subject, "strategy=") {
		strategy = "" // the subject says it, or has only one
	}
	s, claim, err := cmd.claim(a, p.Subject, strategy)
	if err != nil {
		return err
	}
	open, err := claim.Family.OpenProgram()
	if err != nil {
		return errf("%s: %w", cmd.Proof, err)
	}
	m := a.meter("checking " + cmd.Proof)
	var report proofs.Report
	if want := claim.Strategy.String(); p.Sealed() && p.Strategy != want {
		err = &proofs.Error{Where: "strategy", What: fmt.Sprintf("%q, and the circuits are built by %s", p.Strategy, want)}
	} else {
		report, err = proofs.Proof(a.ctx, p, open, func(ctx context.Context, n int) (*circuit.Circuit, error) {
			p, err := claim.Family.Program(n)
			if err != nil {
				return nil, err
			}
			return lower.ProgramContext(ctx, p, claim.Strategy, nil)
		}, ns...)
	}
	if err == nil {
		err = sameWords(a.ctx, p, s.name(), claim)
	}
	m.end()
	var wrong *proofs.Error
	because := ""
	if errors.As(err, &wrong) {
		because = plain(wrong)
	} else if err != nil {
		return err
	}
	return a.show(checkedProof{
		cmd.Proof, p.Subject, wrong == nil, because, report.Rows, append([]int{}, report.Circuits...),
	}, func() {
		if wrong != nil {
			a.Printf("%s: REJECTED: %s\n", cmd.Proof, because)
			return
		}
		a.Printf("%s: the proof about %s holds\n", cmd.Proof, p.Subject)
		line := plural(report.Rows, "row") + " derived again from the program"
		if p.Fixed && len(report.Circuits) > 0 {
			line += "; its circuit counted gate by gate"
		} else if len(report.Circuits) > 0 {
			line += "; circuits at " + analysis.NSet(report.Circuits) + " counted gate by gate"
		}
		a.Printf("%s\n", line)
	}, wrong == nil)
}

// claim is what is to be proved of the subject of a file.
func (cmd *checkCmd) claim(a *app, name, strategy string) (subject, analysis.Claim, error) {
	s, err := a.openClaimed(target{Subject: name, Strategy: strategy})
	if err != nil {
		return nil, analysis.Claim{}, errf("%s: %w", cmd.Proof, err)
	}
	claim, err := claimOf(s)
	if err != nil {
		err = errf("%s: %w", cmd.Proof, err)
	}
	return s, claim, err
}

// sameWords compares what the checker does not derive with what tc0 prove says of the same claim. What is published
// stands beside the depth of the last circuit, so only then is this circuit built once more.
func sameWords(ctx context.Context, p *analysis.Proof, name string, claim analysis.Claim) error {
	if p.LogPrecision != nil {
		if err := (&proveCmd{LogBits: p.LogPrecision.C}).precisions(name, &claim); err != nil {
			return err
		}
	}
	claim.N = []int{}
	if len(p.Published) > 0 && len(p.Checked) > 0 {
		claim.N = []int{p.Checked[len(p.Checked)-1].N}
	}
	want, err := analysis.Prove(ctx, claim)
	if err != nil {
		return err
	}
	type word struct {
		where      string
		have, want any
	}
	unchecked := p.Unchecked // there are several reasons
	possible := unchecked == analysis.NoneAsked || analysis.TooWide.MatchString(unchecked)
	if claim.Unbuilt {
		possible = unchecked == analysis.NoWeights && claim.Trained || unchecked == analysis.TooLarge && !claim.Trained
	}
	if len(p.Checked) == 0 && possible {
		unchecked = ""
	}
	var because, expected string
	if p.Interpolated != nil {
		open, err := claim.Family.OpenProgram()
		if err != nil {
			return err
		}
		because, expected = p.Interpolated.Reason, formula.SymmetryOf(open).String()
	}
	all := []word{
		{"members", p.Members, want.Members},
		{"depth_model", p.DepthModel, want.DepthModel},
		{"values", p.Values, want.Values},
		{"unchecked", unchecked, ""},
		{"interpolated.reason", because, expected},
		{"class", p.Class, want.Class},
		{"class_means", p.ClassMeans, want.ClassMeans},
		{"assumptions", p.Assumptions, want.Assumptions},
		{"scope", p.Scope, want.Scope},
		{"depth_note", p.DepthNote, want.DepthNote},
		{"weight_growth", p.WeightGrowth, want.WeightGrowth},
		{"not_proved", p.NotProved, want.NotProved},
		{"uniformity", p.Uniformity, want.Uniformity},
		{"facts", p.Facts, want.Facts},
		{"published", p.Published, want.Published},
		{"log_precision", p.LogPrecision, want.LogPrecision}, // at bits that the subject does not have
	}
	for i, row := range p.Derivation {
		where := fmt.Sprintf("derivation[%d]: ", i)
		all = append(all, word{where + "why", row.Why, want.Derivation[i].Why},
			word{where + "source", row.Source, want.Derivation[i].Source})
	}
	for _, w := range all {
		if have, want := fmt.Sprintf("%v", w.have), fmt.Sprintf("%v", w.want); have != want {
			return &proofs.Error{Where: w.where, What: fmt.Sprintf("%q, and tc0 prove says %q", have, want)}
		}
	}
	return nil
}
