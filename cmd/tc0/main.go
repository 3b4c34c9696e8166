// Command tc0 turns trained neural networks into TC0 threshold circuits, checks them
// bit for bit and measures them.
//
//	tc0 report SUBJECT      the whole story on one page
//	tc0 list                the families, problems, models and file formats there are
//	tc0 stat SUBJECT        depth, size, wires, weights, ledger by stage
//	tc0 build SUBJECT       the circuit in a file
//	tc0 convert SUBJECT F   the circuit in another format, and what that costs
//	tc0 equiv A B           whether two circuits compute the same
//	tc0 optimise SUBJECT    a smaller circuit that computes the same
//	tc0 eval SUBJECT        the circuit on inputs
//	tc0 verify SUBJECT      the circuit against the integer reference
//	tc0 prove SUBJECT       depth and size for every n, and a verdict
//	tc0 check PROOF         a proof, checked
//	tc0 sweep SUBJECT       a family measured over n
//	tc0 gather FOLDER       the shards of a job that many processes have done, joined
//	tc0 unroll SUBJECT      depth of every step and of the whole
//	tc0 recurrence NETWORK  what serial steps cost when they are trained
//	tc0 fourier SUBJECT     an output as a Boolean function
//	tc0 restrict SUBJECT    what random restrictions leave
//	tc0 speedup SUBJECT     time and speed-up on P processors
//	tc0 amplify MODEL       a diffusion model cut, with draws wired in and a vote
//	tc0 sudoku              rounds of propagation as a circuit
//	tc0 frontier SUBJECT    depth against size over strategies
//	tc0 quantise MODEL      how finely a model has to be rounded
//	tc0 draw SUBJECT        a figure, or a page in one file
//	tc0 view SUBJECT        the circuit on a page in the browser
//	tc0 tour NAME           a guided tour of a circuit
//	tc0 run MODEL           use a trained model through its circuit
//	tc0 import WEIGHTS      a model folder of a checkpoint
//	tc0 completion SHELL    what lets the tab key complete commands
//	tc0 cache               the cache of built circuits
//	tc0 version             the version, and whose work is in the program
//
// A SUBJECT is a family with parameters (attention:n=8,d=4), a problem (parity:n=8), a
// shipped model (digits), a model folder, or a circuit file (head.tc0). A text with a
// separator of folders or the extension of a circuit file is a path. Every verb has --help.
//
// The exit status is 0 if all that was checked holds, 1 if a check found a mismatch
// or a claim is false, 2 for bad use or bad input, and 130 after an interrupt.
package main

import (
	"context"
	"errors"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/equiv"
	"github.com/tc0lab/tc0/circuit/format/exchange"
	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/command"
	"github.com/tc0lab/tc0/internal/room"
)

// grace is how long an interrupted command may take to end by itself.
const grace = 600 * time.Millisecond

func main() {
	room.Tame()
	a := &app{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}
	command.Main("tc0", grace, func(ctx context.Context) int {
		a.ctx = ctx
		return a.main(os.Args[1:])
	}, a.cutOff)
}

// flags are what every verb understands.
type flags struct {
	JSON       bool       `name:"json" help:"Print one JSON object and nothing else."`
	Schema     schemaFlag `name:"json-schema" help:"Print the JSON Schema of what --json prints, and do nothing else."`
	Seed       uint64     `default:"1" placeholder:"N" help:"Seed of random inputs (${default}); the seed used is printed. The weights of a family have a seed of their own, a parameter."`
	DepthModel string     `default:"standard" placeholder:"NAME" help:"What counts as depth: ${depthModels}."`
	// Times differ from run to run; nothing else that is printed or written may.
	Deterministic bool `help:"Leave out how long things took: the same command then prints and writes the same bytes. So does the environment variable SOURCE_DATE_EPOCH."`
	Full          bool `env:"TC0_FULL" help:"All that is known, where a page would have more than 40 lines."`
	NoCache       bool `help:"Build each circuit again: neither read nor write the cache of tc0 cache."`
	Quiet         bool `short:"q" aliases:"no-progress" help:"No progress and no notes on standard error. Also --no-progress."`
}

// grammar is the command line.
type grammar struct {
	flags

	Report     reportCmd     `cmd:"" help:"The whole story of a model or a family on one page, with a figure."`
	List       listCmd       `cmd:"" help:"The families, problems, models and file formats there are, or what one of them is."`
	Stat       statCmd       `cmd:"" help:"Depth, size, wires, weights, gates by kind, ledger by stage."`
	Build      buildCmd      `cmd:"" help:"Write the circuit to a file."`
	Convert    convertCmd    `cmd:"" help:"Write a circuit in another file format, and tell what that costs in depth."`
	Equiv      equivCmd      `cmd:"" help:"Whether two circuits compute the same: proof, an input on which they differ, or undecided."`
	Optimise   optimiseCmd   `cmd:"" aliases:"optimize" help:"Make a circuit smaller that computes the same, and tell what each pass saved."`
	Eval       evalCmd       `cmd:"" help:"Compute the circuit on inputs, one vector a line."`
	Verify     verifyCmd     `cmd:"" help:"Compare the circuit with the integer reference."`
	Prove      proveCmd      `cmd:"" help:"What a family costs for every n: formulas, derivation, verdict, and the circuits that agree."`
	Check      checkCmd      `cmd:"" help:"Check a proof that tc0 prove wrote: each row, derived again, and circuits, built again and counted."`
	Sweep      sweepCmd      `cmd:"" help:"Measure a family over n."`
	Gather     gatherCmd     `cmd:"" help:"Join the shards of a job that many processes have done."`
	Unroll     unrollCmd     `cmd:"" help:"Depth of every step and of the whole, over the number of steps: diffusion, chain of thought, recurrence."`
	Recurrence recurrenceCmd `cmd:"" help:"What serial steps cost: Lipschitz bound, Jacobian norm and gradient variance over T."`
	Fourier    fourierCmd    `cmd:"" help:"An output as a Boolean function: influences, average sensitivity, Fourier weight by level."`
	Restrict   restrictCmd   `cmd:"" help:"What random restrictions leave of a circuit."`
	Speedup    speedupCmd    `cmd:"" help:"Serial against total compute: time and speed-up on P processors."`
	Amplify    amplifyCmd    `cmd:"" help:"The theorem about diffusion models as a circuit: steps cut, draws wired in, and a vote."`
	Sudoku     sudokuCmd     `cmd:"" help:"How many rounds of propagation a Sudoku takes, as a circuit."`
	Frontier   frontierCmd   `cmd:"" help:"Depth against size over the ways to lower a program."`
	Quantise   quantiseCmd   `cmd:"" aliases:"quantize" help:"Search how finely a trained model has to be rounded to keep its answers."`
	Draw       drawCmd       `cmd:"" help:"Draw the circuit."`
	View       viewCmd       `cmd:"" help:"Walk through the circuit on a page in the browser."`
	Tour       tourCmd       `cmd:"" help:"Guided tours: a story in steps on the page of a circuit; without a name, which there are."`
	Run        runCmd        `cmd:"" help:"Use a trained model through its circuit."`
	Import     importCmd     `cmd:"" help:"Make a model folder of a checkpoint: safetensors, PyTorch, NumPy, JSON, llama2.c."`

	Completion  completionCmd    `cmd:"" help:"Code by which the tab key of a shell completes commands."`
	Cache       cacheCmd         `cmd:"" help:"The cache of built circuits: where it is and what is in it, or clear it."`
	Version     versionCmd       `cmd:"" help:"The version, and what is in the program that others wrote."`
	ShowVersion kong.VersionFlag `name:"version" help:"Print the version."`
}

// target is the subject of a verb.
type target struct {
	Subject  string `arg:"" help:"A family (attention:n=8,d=4), a problem (parity:n=8), a shipped model (digits), a model folder, or a circuit file (head.tc0, c17.bench). tc0 list shows what there is."`
	Strategy string `placeholder:"NAME" help:"How values are encoded: min-depth, balanced, min-size, or parts joined by +. A family may also have it as a parameter."`
	basisFlag
	fileFlags
	estimateFlag
}

// fileFlags say how a circuit file is read.
type fileFlags struct {
	Comb    bool   `help:"Cut the latches of a circuit file (AIGER, BLIF, bench): each becomes an input, and its next value an output, behind the others. A file with latches is refused unless given."`
	Library string `placeholder:"FILE" help:"A library of cells in genlib format, which says what the gates compute that .gate names in a BLIF file."`
	Group   bool   `help:"Make one integer of the ports a[0], a[1], ... of a circuit file, the low bit first, where they are single bits."`
}

// basisFlag is the basis of the circuit of a verb.
type basisFlag struct {
	Basis string `placeholder:"NAME" help:"What gates the circuit is made of: ${bases}. TC0 is every gate, AC0 is AND and OR, MAJ is unweighted majority, NC1 is gates of two inputs. TC0 unless given, or the basis of the family."`
}

const description = `Turn trained neural networks into TC0 threshold circuits, check them bit for bit and measure them.

tc0 report digits shows it all; tc0 list shows what there is, and tc0 help VERB what a verb does.

Exit status: 0 all that was checked holds; 1 a check found a mismatch or a claim is false; 2 bad use or bad input.`

// leave is thrown by kong's exits, such as that of --help.
type leave int

// runArgs parses the command line and runs the verb.
func (a *app) runArgs(args []string) error {
	return a.runWith(args, func(*kong.Context, *flags) error { return nil })
}

// runWith is runArgs with a look at the command line before the verb runs, which may change its flags.
func (a *app) runWith(args []string, look func(k *kong.Context, f *flags) error) (err error) {
	var g grammar
	parser, err := a.parser(&g)
	if err != nil {
		return err
	}
	defer func() {
		switch code := recover().(type) {
		case nil:
		case leave:
			if code != 0 {
				err = errf("exit %d", code)
			}
		case *room.Error: // from where no error is returned
			err = code
		default:
			panic(code)
		}
	}()
	switch {
	case len(args) == 0:
		args = []string{"--help"}
	case args[0] == "help":
		args = append(args[1:], "--help")
	}
	if line := os.Getenv("COMP_LINE"); line != "" { // a shell asks
		for _, word := range completions(parser.Model, line) {
			a.Printf("%s\n", word)
		}
		return nil
	}
	k, err := parser.Parse(args)
	if err != nil {
		var parse *kong.ParseError
		if errors.As(err, &parse) && parse.Context != nil && parse.Context.Selected() != nil {
			return errf("%w (tc0 %s --help tells more)", err, parse.Context.Selected().Name)
		}
		var verbs []string
		for _, verb := range parser.Model.Children {
			verbs = append(verbs, verb.Name)
		}
		if !strings.HasPrefix(args[0], "-") {
			return unknown("verb", args[0], verbs)
		}
		return errf("%w; verbs: %s (tc0 --help tells more)", err, commas(verbs))
	}
	a.flags = g.flags
	if err := look(k, &a.flags); err != nil {
		return err
	}
	a.flags.Deterministic = a.flags.Deterministic || os.Getenv("SOURCE_DATE_EPOCH") != ""
	if a.model, err = gates.ParseDepthModel(a.flags.DepthModel); err != nil {
		return unknown("depth model", a.flags.DepthModel, depthModels())
	}
	if v, ok := verbOf(k); ok && v.shards().Shard != nil {
		return a.runShard(k, v.shards())
	}
	if err = k.Run(a); errors.Is(err, errEstimated) {
		return nil
	}
	return err
}

// parser reads the command line into g.
func (a *app) parser(g *grammar) (*kong.Kong, error) {
	return kong.New(g,
		kong.Name("tc0"),
		kong.Description(description),
		kong.Writers(&a.Page, a.stderr),
		kong.Exit(func(code int) { panic(leave(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true, WrapUpperBound: 100}),
		kong.Vars{ // that texts of help name
			"passes":       commas(passNames()),
			"formats":      strings.Join(exchange.Extensions(false), " "),
			"solvers":      commas(equiv.Solvers()),
			"methods":      commas(equiv.Methods()),
			"mostCubes":    strconv.Itoa(equiv.MostCubeInputs),
			"defaultWires": count(int64(analysis.DefaultWires)),
			"depthModels":  commas(depthModels()),
			"bases":        commas(basis.Names()),
			"compared":     commas(compared),
			"unrolled":     commas(unrolledByDefault),
			"version":      command.Version("tc0"),
		},
		kong.Bind(a),
	)
}

func depthModels() []string {
	var names []string
	for _, m := range gates.DepthModels() {
		names = append(names, m.Name)
	}
	return names
}
