package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/circuit/vector"
	"github.com/tc0lab/tc0/cmd/page"
	"github.com/tc0lab/tc0/explore"
	"github.com/tc0lab/tc0/explore/origin"
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
	s, c, err := a.openBuilt(cmd.target)
	if err != nil {
		return err
	}
	opt, err := a.explored(s, c)
	if err != nil {
		return err
	}
	session, err := explore.Open(c, opt)
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(a.ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	host, token := listener.Addr().String(), page.Token()
	address := fmt.Sprintf("http://%s/%s/", host, token)
	server := &http.Server{Handler: page.NewServer(session, host, token), ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	defer server.Close()
	// The address is needed while the command runs.
	if err := a.show(viewed{s.name(), address}, func() { a.Printf("%s\n", address) }, true); err != nil {
		return err
	}
	if _, err := a.stdout.Write(visible(a.Bytes())); err != nil {
		return err
	}
	a.Reset()
	a.note("tc0: %s is at this address until Ctrl-C", s.name())
	if !cmd.NoOpen {
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
	if cmd.Fold || cmd.Path || len(cmd.Unfold)+len(cmd.Cone) > 0 || cmd.Width != 0 || cmd.Direction != "" ||
		cmd.NoCaption || cmd.Palette != "paper" {
		return errf("%s: a page folds, filters and colours by itself; of the flags of figures it takes only --title",
			cmd.Output)
	}
	s, c, err := a.openBuilt(cmd.target)
	if err != nil {
		return err
	}
	if n := c.Size(); n > mostInFile {
		return errf("%s: %s has %s; a page in one file may have %s at most, which is a limit of this program; "+
			"tc0 view shows larger circuits", cmd.Output, s.name(), plural(n, "gate"), count(mostInFile))
	}
	opt, err := a.explored(s, c)
	if err != nil {
		return err
	}
	opt.Name = cmp.Or(cmd.Title, opt.Name)
	m := a.measureAs(s, c)
	session, err := explore.Open(c, opt)
	if err != nil {
		return err
	}
	first, err := session.Do("start", json.RawMessage("{}"))
	if err != nil {
		return err
	}
	var packed bytes.Buffer
	if err := explore.Pack(&packed, c, opt); err != nil {
		return err
	}
	written, err := a.writeFile(cmd.Output, func(w io.Writer) error {
		return page.Write(w, opt.Name, packed.Bytes(), first)
	})
	if err != nil {
		return err
	}
	return a.showFigure(s, writtenFile{cmd.Output, "html", written, m})
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
	m, ok := s.(*modelSubject)
	if !ok {
		return opt, nil
	}
	q := m.quantised.Model
	codec := explore.Codec{Kind: "int"}
	switch q.Config.Input.Kind {
	case "image":
		codec = explore.Codec{Kind: "image", Rows: q.Config.Input.Rows, Columns: q.Config.Input.Columns}
	case "tokens":
		codec = explore.Codec{Kind: "tokens", Vocabulary: q.Config.Labels}
	}
	opt.Codecs = map[string]explore.Codec{}
	for _, p := range c.InputPorts() {
		opt.Codecs[groupOf(p.Name)] = codec
	}
	if len(q.Config.Labels) > 0 {
		for _, p := range c.OutputPorts() {
			opt.Codecs[groupOf(p.Name)] = explore.Codec{Kind: "int", Labels: q.Config.Labels}
		}
	}
	// A held-out input says more than zeros do.
	if q.Test == nil || q.Test.Len() == 0 || len(q.Test.Inputs[0]) != len(c.InputPorts()) {
		return opt, nil
	}
	err := begin(&opt, c, q.Test.Inputs[0])
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

// groupOf returns the name of a port without its indices.
func groupOf(port string) string {
	name, _, _ := strings.Cut(port, "[")
	return name
}
