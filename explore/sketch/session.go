package sketch

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/tc0lab/tc0/explore"
	"github.com/tc0lab/tc0/internal/press"
)

// Session is a session that also answers "draw".
type Session struct{ *explore.Session }

// Do calls a method; see the documentation of this package and of explore. Its error is one line.
func (s Session) Do(method string, args json.RawMessage) (json.RawMessage, error) {
	if method != "draw" {
		return s.Session.Do(method, args)
	}
	var asked struct {
		State  explore.State
		Format string
	}
	d := json.NewDecoder(bytes.NewReader(args))
	d.DisallowUnknownFields()
	if err := d.Decode(&asked); err != nil {
		return nil, fmt.Errorf("sketch: arguments: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("sketch: arguments: there is more than one JSON object")
	}
	text, err := Write(s.Session, asked.State, asked.Format, Config{})
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string]string{"text": string(text)})
}

// Fork returns a session of the same circuit that also answers "draw", for somebody else; see [explore.Session.Fork].
func (s Session) Fork() (Session, error) {
	other, err := s.Session.Fork()
	return Session{other}, err
}

// Answer calls a method and returns {"ok": result} or {"error": "one line"}.
func (s Session) Answer(method string, args json.RawMessage) []byte {
	return explore.Reply(s.Do(method, args))
}

// Config says how a view is drawn. The zero value is what the page asks for.
type Config struct {
	Palette   press.Palette // zero: that of [press.Paper]
	Width     float64       // of TikZ, in centimetres; 0: 17, which a page has room for
	NoCaption bool          // leave title, numbers and legend to the text around the figure
}

// Widths of TikZ figures, in centimetres.
const (
	usualWidth = 17.0
	leastWidth = 1.0
	mostWidth  = 500.0 // what TeX can typeset
)

// start is what a session answers to "start".
type start struct {
	About  *explore.About
	View   *explore.View
	Paint  *explore.Paint
	Change *explore.Change
}

// Write draws what is seen of a session in a state, in the format "svg" or "tex". It sets the
// input of the session to that of the state.
//
// Error: the format is another one, the width is outside 1 to 500 cm, the circuit does not have what
// the state names, or TikZ is asked for of a crowd.
func Write(s *explore.Session, state explore.State, format string, cfg Config) ([]byte, error) {
	write, ok := map[string]func(*figure) []byte{"svg": (*figure).svg, "tex": (*figure).tikz}[format]
	if !ok {
		return nil, fmt.Errorf("sketch: unknown format %.40q of a view; known: svg tex", format)
	}
	if cfg.Palette == (press.Palette{}) {
		cfg.Palette = press.Paper()
	}
	if cfg.Width == 0 {
		cfg.Width = usualWidth
	}
	if !(cfg.Width >= leastWidth && cfg.Width <= mostWidth) {
		return nil, fmt.Errorf("sketch: a width of %v cm is outside %v to %v", cfg.Width, leastWidth, mostWidth)
	}
	args, err := json.Marshal(state)
	if err != nil {
		return nil, err
	}
	answer, err := s.Do("start", args)
	if err != nil {
		return nil, err
	}
	var seen start
	if err := json.Unmarshal(answer, &seen); err != nil {
		return nil, err
	}
	if n := len(seen.View.Items); format == "tex" && seen.View.Crowd {
		return nil, fmt.Errorf("sketch: this view has %d items; TikZ is written of %d at most, which is a limit of this program: "+
			"fold some, or write SVG", n, explore.MostStacked)
	}
	return write(newFigure(&seen, cfg)), nil
}
