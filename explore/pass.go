package explore

import (
	"fmt"

	"github.com/tc0lab/tc0/circuit"
)

// Text says how a language model goes on with a text. Each token is one pass through the circuit: the answer to
// the last token that is read goes into the next position of the input.
type Text struct {
	Input  string   `json:"input"`  // group of the ports of the tokens, in order
	Output string   `json:"output"` // group of the ports of the answers
	First  int      `json:"first"`  // answer k is to the token at position First + k
	Labels []string `json:"labels"` // the text of each token
	End    int      `json:"end"`    // the token that ends a text; −1 for none
	Most   int      `json:"most"`   // a text ends after so many answers; 0: with the last position
}

// Step is one denoising step of a diffusion model, in one circuit with all steps.
type Step struct {
	Stage  string `json:"stage"`  // path
	Output string `json:"output"` // group of the ports that have the numbers after it
	Black  int    `json:"black"`  // number that a picture of them shows black; up to White it gets lighter
	White  int    `json:"white"`
}

// checkTokens says which number of tokens is none of a text of the circuit; 0 is the first alone.
func (x *Circuit) checkTokens(n int) error {
	t := x.opt.Text
	if n == 0 {
		return nil
	}
	if t == nil {
		return fmt.Errorf("explore: tokens %d, and the circuit is no language model", n)
	}
	least, most := t.First+1, t.First
	for _, p := range x.c.OutputPorts() {
		if baseName(p.Name) == t.Output {
			most++
		}
	}
	if n < least || n > most {
		return fmt.Errorf("explore: tokens %d; a text of this circuit has %d to %d", n, least, most)
	}
	return nil
}

// checkPasses says which text or steps are unlike the circuit.
func (opt *Options) checkPasses(c *circuit.Circuit) error {
	ports := func(list []circuit.Port, group string) int {
		n := 0
		for _, p := range list {
			if baseName(p.Name) == group {
				n++
			}
		}
		return n
	}
	if t := opt.Text; t != nil {
		in, out := ports(c.InputPorts(), t.Input), ports(c.OutputPorts(), t.Output)
		if in == 0 || out == 0 || t.First < 0 || t.First+out > in {
			return fmt.Errorf("explore: a text of %d ports %q with %d answers %q from position %d on", in, t.Input, out,
				t.Output, t.First)
		}
	}
	stages := map[string]bool{}
	for s := range c.StageCount() {
		stages[c.StagePath(circuit.StageID(s))] = true
	}
	for _, s := range opt.Steps {
		if !stages[s.Stage] || ports(c.OutputPorts(), s.Output) == 0 {
			return fmt.Errorf("explore: a step of stage %q with outputs %q, one of which the circuit has not", s.Stage,
				s.Output)
		}
	}
	return nil
}
