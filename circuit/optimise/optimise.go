package optimise

import (
	"context"
	"fmt"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// Config says how to optimise. Its zero value runs every pass until no pass changes the circuit.
type Config struct {
	Model  gates.DepthModel // the depth of which must not rise; zero: the standard model
	Passes []string         // names, in the order to run them; nil: all, in the order of Passes
	Rounds int              // at most this many times through the passes; 0: until no change, at most 64 times

	// Class is a class of gates that may be made although c has none of them: ACC0 allows XOR gates
	// of more than two inputs. Zero: AC0, which allows only the gates of the class of c.
	Class gates.Class

	// Progress, if there is one, is told from time to time how many of all gates the
	// pass at work has done.
	Progress func(round int, pass string, done, all int)
}

// mostRounds bounds the rounds if the Config does not. Each round changes something, and a later
// one never undoes it. So few are needed: a second for the results of the last passes, and a third
// that finds nothing.
const mostRounds = 64

// In a circuit of at least fading gates, a pass that fades is not run again once it has saved less than
// one gate in faded. A smaller circuit is quick to go through, and its passes run until none finds
// anything.
const (
	fading = 1 << 16
	faded  = 256
)

// PassError says that a Config asks for a pass that does not exist, or twice for one.
type PassError struct {
	Name     string
	Repeated bool
}

func (e *PassError) Error() string {
	if e.Repeated {
		return fmt.Sprintf("optimise: pass %q is named twice", e.Name)
	}
	var known []string
	for _, p := range Passes() {
		known = append(known, p.Name)
	}
	return fmt.Sprintf("optimise: no pass %q; passes: %s", e.Name, strings.Join(known, " "))
}

// Optimise returns a circuit with the same ports and stages that computes the same function without
// more depth, size or wires. It also returns the savings of each pass. If nothing can be saved, the
// circuit is c itself.
//
// Depth: at most that of c, under cfg.Model.
// Size:  at most that of c; wires likewise. The weight may rise, by the pass takein.
// Class: that of the gates of c, or cfg.Class.
//
// It fails with a [*PassError] for passes that do not exist, and with the error of ctx
// once that has ended.
func Optimise(ctx context.Context, c *circuit.Circuit, cfg Config) (*circuit.Circuit, *Report, error) {
	chosen, err := choose(cfg.Passes)
	if err != nil {
		return nil, nil, err
	}
	model := cfg.Model
	if model == (gates.DepthModel{}) {
		model = gates.Standard()
	}
	rounds := cfg.Rounds
	if rounds <= 0 {
		rounds = mostRounds
	}
	t := follow(c, c.Levels(model), 1)
	report := &Report{Model: model.Name, Before: t.count}
	done := make([]*tracked, len(chosen)) // in which the pass has found nothing
	last := make([]uint32, len(chosen))   // the run before that in which the pass was at work last
	retired := make([]bool, len(chosen))  // it is not run again
	run := uint32(1)                      // that has made the circuit as it is given
	for !report.Stable && report.Rounds < rounds {
		report.Rounds++
		report.Stable = true
		for i, p := range chosen {
			if done[i] == t || retired[i] {
				continue
			}
			run += 2 // the one between is for changes that the pass need not see again
			var progress func(done, all int)
			if cfg.Progress != nil {
				progress = func(done, all int) { cfg.Progress(report.Rounds, p.Name, done, all) }
			}
			next, changed, err := p.run(ctx, t, model, cfg.Class, run, last[i], progress)
			if err != nil {
				return nil, nil, err
			}
			last[i] = run - 1
			if changed == 0 {
				done[i], retired[i] = t, p.fades && t.tally.there >= fading
				continue
			}
			s := Saving{Pass: p.Name, Round: report.Rounds, Changed: changed, Before: t.count, After: next.count}
			retired[i] = p.fades && t.tally.there >= fading && (s.Before.Size-s.After.Size)*faded < s.Before.Size
			if s.Dropped = s.After.worse(s.Before); !s.Dropped {
				t.drop()
				t, report.Stable = next, false
			} else {
				next.drop()
				done[i] = t
			}
			report.Savings = append(report.Savings, s)
		}
	}
	report.After = t.count
	left := t.circuit()
	if left == c {
		return c, report, nil
	}
	return left, report, left.Check()
}

func choose(names []string) ([]pass, error) {
	if names == nil {
		return passes(), nil
	}
	var chosen []pass
	seen := map[string]bool{}
	for _, name := range names {
		found := false
		for _, p := range passes() {
			if p.Name == name {
				chosen, found = append(chosen, p), true
			}
		}
		if !found || seen[name] {
			return nil, &PassError{name, found}
		}
		seen[name] = true
	}
	return chosen, nil
}
