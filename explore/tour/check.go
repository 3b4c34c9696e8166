package tour

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/explore"
)

// Check is one claim of a step: a word, what it is about if it is about a part of the circuit, and the value.
//
// Of the circuit: depth, gates, wires, inputs, outputs, ones (how many inputs are 1) and path (how deep a longest path
// is). Of a kind of gates, such as AND: kind (how many there are). Of a gate: value, level, sum, threshold, margin,
// terms, readers, type, flips (how many inputs flip it, each alone). Of an item: size (gates), levels (as 2-3, or 2),
// on (how many of its gates are 1). Of a port: number.
type Check struct {
	What, Of, Want string
	line           int
}

// asked has what is looked at in the answers of a session.
type asked struct {
	session *explore.Session
	about   explore.About
	change  explore.Change
}

// measure finds a value.
type measure func(a *asked, of string) (string, error)

// whole are the measures of the whole circuit, and parts those of a part.
var whole = map[string]measure{
	"depth":   func(a *asked, _ string) (string, error) { return strconv.Itoa(a.about.Depth), nil },
	"gates":   func(a *asked, _ string) (string, error) { return strconv.Itoa(a.about.Gates), nil },
	"wires":   func(a *asked, _ string) (string, error) { return strconv.FormatInt(a.about.Wires, 10), nil },
	"inputs":  func(a *asked, _ string) (string, error) { return strconv.Itoa(a.about.Inputs), nil },
	"outputs": func(a *asked, _ string) (string, error) { return strconv.Itoa(a.about.Outputs), nil },
	"ones":    func(a *asked, _ string) (string, error) { return strconv.Itoa(strings.Count(a.change.Bits, "1")), nil },
	"path": func(a *asked, _ string) (string, error) {
		p, err := ask[explore.Path](a, "path", map[string]any{"output": -1})
		return strconv.Itoa(p.Depth), err
	},
}

var parts = map[string]measure{
	"value":     ofGate(func(g explore.Gate) string { return strconv.Itoa(bit(g.Value)) }),
	"level":     ofGate(func(g explore.Gate) string { return strconv.Itoa(g.Level) }),
	"sum":       ofGate(func(g explore.Gate) string { return g.Sum }),
	"threshold": ofGate(func(g explore.Gate) string { return g.Bound }),
	"margin":    ofGate(func(g explore.Gate) string { return g.Margin }),
	"terms":     ofGate(func(g explore.Gate) string { return strconv.Itoa(g.Count) }),
	"readers":   ofGate(func(g explore.Gate) string { return strconv.Itoa(g.ReaderCount) }),
	"type":      ofGate(func(g explore.Gate) string { return g.Kind }),
	"flips": func(a *asked, of string) (string, error) {
		n, err := gateNumber(of)
		if err != nil {
			return "", err
		}
		f, err := ask[explore.Flips](a, "flips", map[string]any{"gate": n})
		return strconv.Itoa(len(f.Inputs)), err
	},
	"size": ofItem(func(i explore.Info) string { return strconv.Itoa(i.Gates) }),
	"on":   ofItem(func(i explore.Info) string { return strconv.Itoa(i.Ones) }),
	"levels": ofItem(func(i explore.Info) string {
		if i.Levels[0] == i.Levels[1] {
			return strconv.Itoa(i.Levels[0])
		}
		return fmt.Sprintf("%d-%d", i.Levels[0], i.Levels[1])
	}),
	"kind": func(a *asked, of string) (string, error) { return strconv.Itoa(a.about.Kinds[of]), nil },
	"number": func(a *asked, of string) (string, error) {
		for _, ports := range []map[string]string{a.change.Ports, a.change.Inputs} {
			if v, ok := ports[of]; ok {
				return v, nil
			}
		}
		return "", fmt.Errorf("the circuit has no port %.40q", of)
	},
}

func bit(one bool) int {
	if one {
		return 1
	}
	return 0
}

func gateNumber(of string) (int, error) {
	n, err := strconv.Atoi(strings.TrimPrefix(of, "g"))
	if err != nil || of != fmt.Sprintf("g%d", n) {
		return 0, fmt.Errorf("%.40q is no gate, as g17 is", of)
	}
	return n, nil
}

func ofGate(f func(explore.Gate) string) measure {
	return func(a *asked, of string) (string, error) {
		n, err := gateNumber(of)
		if err != nil {
			return "", err
		}
		g, err := ask[explore.Gate](a, "gate", map[string]any{"gate": n})
		return f(g), err
	}
}

func ofItem(f func(explore.Info) string) measure {
	return func(a *asked, of string) (string, error) {
		i, err := ask[explore.Info](a, "item", map[string]any{"item": of})
		return f(i), err
	}
}

// ask asks a session.
func ask[T any](a *asked, method string, args any) (result T, err error) {
	text, err := json.Marshal(args)
	if err != nil {
		return result, err
	}
	answer, err := a.session.Do(method, text)
	if err != nil {
		return result, err
	}
	return result, json.Unmarshal(answer, &result)
}

func parseCheck(text string) (Check, error) {
	words := strings.Fields(text)
	switch {
	case len(words) == 2 && whole[words[0]] != nil:
		return Check{What: words[0], Want: words[1]}, nil
	case len(words) == 3 && parts[words[0]] != nil:
		return Check{What: words[0], Of: words[1], Want: words[2]}, nil
	}
	return Check{}, fmt.Errorf("check %.60q is neither WORD VALUE with a word of %s nor WORD PART VALUE with one of %s", text,
		strings.Join(slices.Sorted(maps.Keys(whole)), " "), strings.Join(slices.Sorted(maps.Keys(parts)), " "))
}

// Verify walks through the tour on its circuit: each state is one that the circuit has and can show, and all that is
// claimed is so. The error names the line.
func (t *Tour) Verify(session *explore.Session) error {
	for _, step := range t.Steps {
		a, err := t.look(session, step)
		if err != nil {
			return t.errorf(step.line, "step %q: %w", step.Title, err)
		}
		for _, c := range step.Checks {
			find := whole[c.What]
			if find == nil {
				find = parts[c.What]
			}
			got, err := find(a, c.Of)
			if err == nil && got != c.Want {
				err = fmt.Errorf("it is %q", got)
			}
			if err != nil {
				return t.errorf(c.line, "check %q: %w", strings.Join(strings.Fields(c.What+" "+c.Of+" "+c.Want), " "), err)
			}
		}
	}
	return nil
}

// look takes a session to a step.
func (t *Tour) look(session *explore.Session, step Step) (*asked, error) {
	a := &asked{session: session}
	start, err := ask[struct {
		About  explore.About
		View   explore.View
		Change explore.Change
	}](a, "start", step.State)
	if err != nil {
		return nil, err
	}
	a.about, a.change = start.About, start.Change
	ids := step.State.Open
	if step.State.Select != "" {
		ids = append(slices.Clone(ids), step.State.Select)
	}
	for _, id := range ids {
		if _, err := ask[explore.Info](a, "item", map[string]any{"item": id}); err != nil {
			return nil, err
		}
	}
	if len(start.View.Full) > 0 {
		return nil, fmt.Errorf("it does not fit: %s", start.View.Full[0])
	}
	id := step.State.Select
	seen := func(i explore.Item) bool { return i.ID == id }
	framed := func(f explore.Frame) bool { return f.ID == id }
	if id != "" && !slices.ContainsFunc(start.View.Items, seen) && !slices.ContainsFunc(start.View.Frames, framed) {
		return nil, fmt.Errorf("%s is selected and not in view", id)
	}
	return a, nil
}
