package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/draw"
	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/circuit/vector"
	"github.com/tc0lab/tc0/cmd/page"
	"github.com/tc0lab/tc0/explore"
	"github.com/tc0lab/tc0/explore/origin"
	"github.com/tc0lab/tc0/explore/sketch"
	"github.com/tc0lab/tc0/explore/tour"
	"github.com/tc0lab/tc0/internal/figure"
)

type viewCmd struct {
	target
	NoOpen bool `help:"Print the address and open no browser."`
}

func (viewCmd) Help() string {
	return `Shows the circuit on a page in the browser: its stages, folded and unfolded,
its gates with their sums, thresholds and margins, and their values for inputs
that can be toggled. The page comes from this program, on this machine only,
at a port that is free and under a secret in the address. Ctrl-C ends it.

A language model goes on with its text token by token, each of them one pass
through the circuit. Of a diffusion model the page shows what each step makes,
with its depth; the noise is that of --seed.

Depth is that of the circuit that was built, in the standard model: inputs and
constants 0, complement and buffers free, every other gate 1 at any fan-in. The
button ? of the page says what else is on it.

  tc0 view attention:n=2,d=1,bits=2
  tc0 view digits --no-open

tc0 draw SUBJECT -o x.html writes the page as one file, which needs no program.
`
}

// viewed is the JSON of a page that is served.
type viewed struct {
	Subject string `json:"subject"`
	Address string `json:"address"`
}

func (cmd *viewCmd) Run(a *app) error {
	s, c, opt, err := a.openViewed(cmd.target)
	if err != nil {
		return err
	}
	session, err := explore.Open(c, opt)
	if err != nil {
		return err
	}
	return a.serve(session, s.name(), nil, cmd.NoOpen)
}

// serve serves the page of a session until an interrupt, with a tour unless that is nil.
func (a *app) serve(session *explore.Session, name string, tour json.RawMessage, noOpen bool) error {
	listener, err := (&net.ListenConfig{}).Listen(a.ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	host, token := listener.Addr().String(), page.Token()
	address := fmt.Sprintf("http://%s/%s/", host, token)
	handler := page.NewServer(sketch.Session{Session: session}, host, token, tour)
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	defer server.Close()
	// The address is needed while the command runs.
	if err := a.show(viewed{name, address}, func() { a.Printf("%s\n", address) }, true); err != nil {
		return err
	}
	if _, err := a.stdout.Write(visible(a.Bytes())); err != nil {
		return err
	}
	a.Reset()
	a.note("tc0: %s is at this address until Ctrl-C", name)
	if !noOpen {
		if err := browse(address); err != nil {
			a.note("tc0: no browser could be opened (%v); open the address in one", err)
		}
	}
	select {
	case <-a.ctx.Done():
		return nil
	case err := <-served:
		if errors.Is(err, http.ErrServerClosed) {
			return nil
		}
		return err
	}
}

// browse opens an address in the browser of the person who runs the program.
func browse(address string) error {
	name, args := "xdg-open", []string{address}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", address}
	}
	cmd := exec.Command(name, args...)
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { _ = cmd.Wait() }() // how the browser ends is its own matter
	return nil
}

// mostInFile is how many gates the circuit of a page in one file may have. It is a limit of ours: beyond it a browser
// is slow to read the file.
const mostInFile = 1_000_000

// drawPage writes the page as one file.
func (a *app) drawPage(cmd *drawCmd) error {
	if cmd.Fold || cmd.Path || len(cmd.Unfold)+len(cmd.Cone) > 0 || cmd.Width.Given() || cmd.Direction != "" ||
		cmd.NoCaption || cmd.Palette != "paper" {
		return errf("%s: a page folds, filters and colours by itself; of the flags of figures it takes only --title",
			cmd.Output)
	}
	s, c, opt, err := a.openViewed(cmd.target)
	if err != nil {
		return err
	}
	opt.Name = cmp.Or(cmd.Title, opt.Name)
	if err := fitsInFile(s, c, cmd.Output); err != nil {
		return err
	}
	session, err := explore.Open(c, opt)
	if err != nil {
		return err
	}
	return a.writePage(s, session, c, opt, cmd.Output, nil)
}

// fitsInFile refuses a circuit that is too large for a page in one file, before anything is made of it.
func fitsInFile(s subject, c *circuit.Circuit, file string) error {
	if n := c.Size(); n > mostInFile {
		return errf("%s: %s has %s; a page in one file may have %s at most, which is a limit of this program; "+
			"tc0 view shows larger circuits", file, s.name(), plural(n, "gate"), count(mostInFile))
	}
	return nil
}

// writePage writes the page of a session of a circuit into a file, with a tour unless that is nil.
func (a *app) writePage(s subject, session *explore.Session, c *circuit.Circuit, opt explore.Options, file string,
	walk *tour.Tour,
) error {
	var err error
	state, text := json.RawMessage("{}"), json.RawMessage(nil)
	if walk != nil {
		if state, err = json.Marshal(walk.Steps[0].State); err != nil {
			return err
		}
		if text, err = walk.JSON(); err != nil {
			return err
		}
	}
	first, err := session.Do("start", state)
	if err != nil {
		return err
	}
	var packed bytes.Buffer
	if err := explore.Pack(&packed, c, opt); err != nil {
		return err
	}
	m := a.measureAs(s, c)
	written, err := a.writeFile(file, func(w io.Writer) error {
		return page.Write(w, opt.Name, packed.Bytes(), first, text)
	})
	if err != nil {
		return err
	}
	return a.showFigure(s, writtenFile{file, "html", written, m})
}

// explored returns a circuit as it is looked at, with what its subject knows of it.
func (a *app) explored(s subject, c *circuit.Circuit) (explore.Options, error) {
	opt := explore.Options{Name: title(s)}
	if c.Size() <= mostInFile { // in a larger circuit counting takes long
		opt.Wires = c.Stats().Wires
	}
	if p := s.its().program; p != nil && !p.Open() {
		opt.Origins, opt.Reasons = origin.Of(p), origin.Reasons(p)
	}
	if p, ok := s.(*problemSubject); ok {
		err := a.pictured(&opt, p, c)
		return opt, err
	}
	var in []int64
	switch s := s.(type) {
	case *modelSubject:
		in = s.explored(c, &opt)
	case *diffusionSubject:
		in = s.explored(a.flags.Seed, c, &opt)
	}
	if in == nil {
		return opt, nil
	}
	err := begin(&opt, c, in)
	return opt, err
}

// begin makes integers of the input ports the input that one looks at first.
func begin(opt *explore.Options, c *circuit.Circuit, input []int64) error {
	ports := vector.NewCodec(c.InputPorts())
	rows := eval.NewVectors(ports.Wires, 1)
	if err := ports.Encode([][]int64{input}, rows); err != nil {
		return err
	}
	bits := make([]byte, ports.Wires)
	for i, one := range rows.Lane(0) {
		bits[i] = '0'
		if one {
			bits[i] = '1'
		}
	}
	opt.Input = string(bits)
	return nil
}

// pictured gives a problem that has a picture of its inputs that picture, and one of the inputs that it is tried on.
func (a *app) pictured(opt *explore.Options, s *problemSubject, c *circuit.Circuit) error {
	spec := s.spec
	var codec explore.Codec
	switch ports := len(c.InputPorts()); spec.Problem.Name {
	case "and", "or", "majority", "parity", "mod":
		codec = explore.Codec{Kind: "lamps", Rows: 1, Columns: ports}
	case "rule110":
		codec = explore.Codec{Kind: "tape", Rows: 1, Columns: ports}
	case "billiard":
		n := spec.Args.Int("n")
		codec = explore.Codec{Kind: "tape", Rows: n, Columns: n}
	case "sudoku":
		codec = explore.Codec{Kind: "board", Rows: 9, Columns: 9}
	case "dyck1":
		codec = explore.Codec{Kind: "tokens", Vocabulary: []string{")", "("}}
	case "dyck":
		codec = explore.Codec{Kind: "tokens", Vocabulary: brackets(spec.Args.Int("k"))}
	default:
		return nil
	}
	opt.Codecs = map[string]explore.Codec{groupOf(c.InputPorts()[0].Name): codec}
	if out := c.OutputPorts(); codec.Rows > 0 && len(out) == len(c.InputPorts()) {
		opt.Codecs[groupOf(out[0].Name)] = codec
	}
	if input := spec.Sample(rand.New(rand.NewPCG(a.flags.Seed, 0))); input != nil {
		return begin(opt, c, input)
	}
	return nil
}

// brackets are k kinds of opening and then closing brackets, the ones after the fourth kind with numbers.
func brackets(k int) []string {
	var words []string
	for _, signs := range [][]string{{"(", "[", "{", "⟨"}, {")", "]", "}", "⟩"}} {
		for kind := range k {
			if kind < len(signs) {
				words = append(words, signs[kind])
				continue
			}
			words = append(words, fmt.Sprintf("%s%d", signs[0], kind+1))
		}
	}
	return words
}

// openViewed is openBuilt for a page, with how the circuit is looked at. The circuit of a sampler then has the numbers
// after each step as outputs.
func (a *app) openViewed(t target) (s subject, c *circuit.Circuit, opt explore.Options, err error) {
	if s, err = a.openMember(t); err != nil {
		return nil, nil, opt, err
	}
	if d, ok := s.(*diffusionSubject); ok {
		by := d.sampler
		by.Trace = true
		if err := d.use(by); err != nil {
			return nil, nil, opt, err
		}
	}
	if c, err = a.build(s); err != nil {
		return nil, nil, opt, err
	}
	opt, err = a.explored(s, c)
	return s, c, opt, err
}

// groupOf returns the name of a port without its indices.
func groupOf(port string) string {
	name, _, _ := strings.Cut(port, "[")
	return name
}

// viewFormats are the formats of a view, by the extension of a file.
var viewFormats = []string{"svg", "pdf", "png", "tex"}

// drawView draws a state of the page where the page shows it.
func (a *app) drawView(cmd *drawCmd) error {
	format, state, pixels, cfg, err := cmd.viewConfig()
	if err != nil {
		return err
	}
	s, c, opt, err := a.openViewed(cmd.target)
	if err != nil {
		return err
	}
	opt.Name = cmp.Or(cmd.Title, opt.Name)
	m := a.measureAs(s, c)
	session, err := explore.Open(c, opt)
	if err != nil {
		return err
	}
	kind := "svg"
	if format == "tex" {
		kind = "tex"
	}
	text, err := sketch.Write(session, state, kind, cfg)
	if err != nil {
		return errf("--view: %w", err)
	}
	defer a.meter("drawing " + cmd.Output).end()
	written, err := a.writeFile(cmd.Output, func(w io.Writer) error {
		return figure.Write(a.ctx, w, text, format, pixels)
	})
	if err != nil {
		return err
	}
	return a.showFigure(s, writtenFile{cmd.Output, format, written, m})
}

// viewConfig returns what the flags say of the figure of a view: its format, its state and the rest.
func (cmd *drawCmd) viewConfig() (
	format string, state explore.State, pixels int, cfg sketch.Config, err error,
) {
	format = strings.ToLower(strings.TrimPrefix(filepath.Ext(cmd.Output), "."))
	hash := *cmd.View
	if _, behind, ok := strings.Cut(hash, "#"); ok {
		hash = behind
	}
	cfg.NoCaption = cmd.NoCaption
	switch {
	case !slices.Contains(viewFormats, format):
		err = errf("%s: unknown format %q of a view; known: .%s", cmd.Output, filepath.Ext(cmd.Output),
			strings.Join(viewFormats, " ."))
	case cmd.Fold || cmd.Path || len(cmd.Unfold)+len(cmd.Cone) > 0 || cmd.Direction != "":
		err = errf("--view says itself what is folded and left out; with it go --palette, --title, --width and --no-caption")
	case cmd.Width.Given() && format != "tex" && (format != "png" || cmd.Width.Unit == "cm"):
		err = errf("--width: of views a .tex has one in centimetres, and a .png in whole pixels")
	default:
		if cfg.Width, pixels, err = cmd.Width.Of(format); err != nil {
			err = errf("%w", err)
		}
	}
	if err != nil {
		return format, state, pixels, cfg, err
	}
	if cfg.Palette, err = draw.ParsePalette(cmd.Palette); err != nil {
		return format, state, pixels, cfg, errf("--palette: %w", err)
	}
	if state, err = explore.ParseHash(hash); err != nil {
		return format, state, pixels, cfg, errf("--view: %w", err)
	}
	return format, state, pixels, cfg, nil
}

// explored says how the ports of a trained model are read, and returns the input to begin with: a held-out one, which
// says more than zeros do; nil if there is none.
func (s *modelSubject) explored(c *circuit.Circuit, opt *explore.Options) []int64 {
	q := s.quantised.Model
	config := &q.Config
	codec := explore.Codec{Kind: "int"}
	switch config.Input.Kind {
	case "image":
		codec = explore.Codec{Kind: "image", Rows: config.Input.Rows, Columns: config.Input.Columns}
	case "tokens":
		codec = explore.Codec{Kind: "tokens", Vocabulary: config.Labels}
	}
	opt.Codecs = map[string]explore.Codec{}
	for _, p := range c.InputPorts() {
		opt.Codecs[groupOf(p.Name)] = codec
	}
	if len(config.Labels) > 0 {
		for _, p := range c.OutputPorts() {
			opt.Codecs[groupOf(p.Name)] = explore.Codec{Kind: "int", Labels: config.Labels}
		}
	}
	if config.Language() {
		delete(opt.Codecs, "logit")
		opt.Text = &explore.Text{
			Input: groupOf(c.InputPorts()[0].Name), Output: groupOf(c.OutputPorts()[0].Name),
			First: config.Input.Length - config.Outputs, Labels: config.Labels,
			End: slices.Index(config.Labels, config.Text.End), Most: config.Text.Answers,
		}
	}
	if q.Test == nil || q.Test.Len() == 0 || len(q.Test.Inputs[0]) != len(c.InputPorts()) {
		return nil
	}
	return q.Test.Inputs[0]
}

// explored says how the ports of a sampler are read and which its steps are, and returns an input to begin with: noise
// from the seed, and a question of zeros if the model reads one.
func (s *diffusionSubject) explored(seed uint64, c *circuit.Circuit, opt *explore.Options) []int64 {
	config := &s.sampler.Config
	opt.Codecs = map[string]explore.Codec{}
	if config.Rows > 0 {
		image := explore.Codec{Kind: "image", Rows: config.Rows, Columns: config.Columns}
		for _, p := range slices.Concat(c.InputPorts(), c.OutputPorts()) {
			opt.Codecs[groupOf(p.Name)] = image
		}
	}
	one := int(math.Round(1 / s.sampler.Unit())) // pictures are of −1 to 1
	for i := range s.sampler.Steps {
		step := explore.Step{
			Stage: fmt.Sprintf("step %d", i+1), Output: fmt.Sprintf("x%d", i+1), Black: -one, White: one,
		}
		if i == s.sampler.Steps-1 {
			step.Output = "y"
		}
		opt.Steps = append(opt.Steps, step)
	}
	noise := s.sampler.Draw(rand.New(rand.NewPCG(seed, 3)))
	return slices.Concat(make([]int64, config.Context), noise)
}
