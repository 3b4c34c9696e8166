package explore

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
)

// handler is a method with the JSON of its arguments.
type handler func(s *Session, args json.RawMessage) (any, error)

// methods are what [Session.Do] knows.
var methods map[string]handler

// Methods returns the names of the methods of [Session.Do].
func Methods() []string { return slices.Sorted(maps.Keys(methods)) }

// method makes a handler of a function of typed arguments. Fields that they do not have are refused.
func method[A any](f func(s *Session, args A) (any, error)) handler {
	return func(s *Session, raw json.RawMessage) (any, error) {
		var args A
		if len(bytes.TrimSpace(raw)) == 0 {
			raw = json.RawMessage("{}")
		}
		d := json.NewDecoder(bytes.NewReader(raw))
		d.DisallowUnknownFields()
		if err := d.Decode(&args); err != nil {
			return nil, fmt.Errorf("explore: arguments: %w", err)
		}
		if _, err := d.Token(); !errors.Is(err, io.EOF) {
			return nil, errors.New("explore: arguments: there is more than one JSON object")
		}
		return f(s, args)
	}
}

type none struct{}

func init() {
	methods = map[string]handler{
		"about":   method(func(s *Session, _ none) (any, error) { return s.x.About(), nil }),
		"view":    method(func(s *Session, a State) (any, error) { return s.viewOf(a) }),
		"paint":   method(func(s *Session, a State) (any, error) { return s.paint(a) }),
		"repaint": method((*Session).repaint),
		"start":   method((*Session).start),
		"set":     method((*Session).doSet),
		"reset":   method(func(s *Session, _ none) (any, error) { return s.set("") }),
		"values":  method(func(s *Session, _ none) (any, error) { return map[string]string{"bits": s.packed()}, nil }),
		"hash": method(func(_ *Session, a State) (any, error) {
			if err := a.check(); err != nil {
				return nil, err
			}
			return map[string]string{"hash": a.Hash()}, nil
		}),
		"item": method(func(s *Session, a struct{ Item string }) (any, error) { return s.values.Inspect(a.Item) }),
		"path": method(func(s *Session, a struct{ Output int }) (any, error) { return s.x.Path(a.Output) }),
		"toggle": method(func(s *Session, a struct{ Input int }) (any, error) {
			moved, err := s.values.Toggle(a.Input)
			if err != nil {
				return nil, err
			}
			return s.change(moved), nil
		}),
		"gate": method(func(s *Session, a struct{ Gate int }) (any, error) {
			g, err := s.x.gate(a.Gate)
			if err != nil {
				return nil, err
			}
			return s.values.Describe(g), nil
		}),
		"flips": method((*Session).doFlips),
		"wires": method((*Session).doWires),
		"cone":  method((*Session).doCone),
		"search": method(func(s *Session, a struct {
			Text string
			Most int
		},
		) (any, error) {
			return map[string]any{"hits": s.x.Search(a.Text, orElse(a.Most, 20, mostListed))}, nil
		}),
		"tiles": method(func(s *Session, a struct {
			Bands    int
			From, To float64
		},
		) (any, error) {
			return s.values.Tiles(a.Bands, a.From, a.To)
		}),
		"state": method(func(_ *Session, a struct{ Hash string }) (any, error) { return ParseHash(a.Hash) }),
	}
}

// orElse returns n, or what is usual if it is 0, and at most the limit.
func orElse(n, usual, limit int) int {
	if n == 0 {
		n = usual
	}
	return min(n, limit)
}

// start gives all that a page shows first.
func (s *Session) start(state State) (any, error) {
	change, err := s.set(state.Bits)
	if err != nil {
		return nil, err
	}
	view, err := s.viewOf(state)
	if err != nil {
		return nil, err
	}
	paint, err := s.paint(state)
	if err != nil {
		return nil, err
	}
	return map[string]any{"about": s.x.About(), "view": view, "paint": paint, "change": change}, nil
}

func (s *Session) doSet(a struct {
	Bits   string
	Values map[string]string
},
) (any, error) {
	if a.Bits != "" && a.Values != nil {
		return nil, errors.New("explore: set takes bits or values, not both")
	}
	if a.Values != nil {
		return s.setPorts(a.Values)
	}
	return s.set(a.Bits)
}

// Flips is the inputs that flip a gate.
type Flips struct {
	Inputs []int    `json:"inputs"` // each flips it alone
	Gates  []int    `json:"gates"`  // of those inputs
	Names  []string `json:"names"`
	Tried  int      `json:"tried"` // inputs that it depends on

	Items map[string]int `json:"items"` // by item that has some of those inputs in it, folded or not: how many
}

func (s *Session) doFlips(a struct{ Gate int }) (any, error) {
	g, err := s.x.gate(a.Gate)
	if err != nil {
		return nil, err
	}
	list, tried := s.values.Flips(g)
	f := &Flips{list, []int{}, []string{}, tried, map[string]int{}}
	for _, i := range list {
		f.Gates = append(f.Gates, int(s.x.c.Inputs()[i]))
		f.Names = append(f.Names, s.x.inputName(i))
		n, err := s.x.tree.find(fmt.Sprintf("g%d", s.x.c.Inputs()[i]))
		if err != nil {
			return nil, err
		}
		for _, id := range append(n.above(), n.id) {
			f.Items[id]++
		}
	}
	return f, nil
}

func (s *Session) doWires(a struct {
	From, To string
	Most     int
},
) (any, error) {
	list, more, err := s.x.Wires(a.From, a.To, orElse(a.Most, 200, mostListed))
	if err != nil {
		return nil, err
	}
	return map[string]any{"wires": list, "more": more}, nil
}

func (s *Session) doCone(a struct {
	Gate, Depth int
	Out         bool
},
) (any, error) {
	g, err := s.x.gate(a.Gate)
	if err != nil {
		return nil, err
	}
	if a.Depth < 0 {
		return nil, fmt.Errorf("explore: depth %d of a cone; 0 is all of it", a.Depth)
	}
	return map[string]any{"gates": s.x.gatesIn(s.x.cone(g, a.Depth, a.Out))}, nil
}
