// Package tour reads guided tours: a story in steps, each with a state in which a circuit is looked at. A tour is a
// Markdown file:
//
//	# Parity in depth 2
//
//	subject: parity:n=6
//	input: 6.ac
//
//	## The circuit
//
//	Six inputs, `x[0]` to `x[5]`. The circuit is 1 where an *odd* number of them is.
//
//	view: open=in0&select=g7
//	check: depth 2
//	check: sum g7 4
//
// The title comes first, then the subject, as the command names one, and the input that the circuit has at first, as
// bits= in an address of the page; all 0 without one. Each heading of the second rank begins a step: paragraphs, apart
// by blank lines, in which `code` and *stress* have their signs, one line "view:" with what stands behind # in the
// address of the page, and lines "check:" with what the text claims. See [Check] for what can be. All of Markdown else
// is text, which is a limit of ours. A tour that claims what is not so is refused by [Tour.Verify].
package tour

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/tc0lab/tc0/explore"
)

// The greatest tour. Both are limits of ours.
const (
	mostSteps = 100
	mostBytes = 1 << 20
)

// Tour is a story on a circuit.
type Tour struct {
	File    string // for errors
	Title   string
	Subject string
	Input   string // bits, "0110…"; "" for all 0
	Steps   []Step
}

// Step is a state of the circuit with what is to be seen in it.
type Step struct {
	Title  string
	Text   []string // paragraphs
	State  explore.State
	Checks []Check

	line   int
	viewed bool
}

// reader is a tour that is being read.
type reader struct {
	tour      *Tour
	line      int
	paragraph []string
}

func (r *reader) errorf(format string, args ...any) error {
	return r.tour.errorf(r.line, format, args...)
}

func (t *Tour) errorf(line int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %w", t.File, line, fmt.Errorf(format, args...))
}

// Read reads a tour. Its errors begin with the name of the file and the line.
func Read(from io.Reader, file string) (*Tour, error) {
	r := &reader{tour: &Tour{File: file}}
	limited := &io.LimitedReader{R: from, N: mostBytes + 1}
	lines := bufio.NewScanner(limited)
	lines.Buffer(nil, mostBytes+1)
	for lines.Scan() {
		r.line++
		if !utf8.Valid(lines.Bytes()) {
			return nil, r.errorf("it is no text in UTF-8")
		}
		if err := r.read(strings.TrimRight(lines.Text(), " \t\r")); err != nil {
			return nil, err
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if limited.N == 0 {
		return nil, fmt.Errorf("%s: a tour has at most %d bytes, which is a limit of this program", file, mostBytes)
	}
	if err := r.endStep(); err != nil {
		return nil, err
	}
	switch t := r.tour; {
	case t.Title == "":
		return nil, r.errorf("a tour begins with its title, a line # TITLE")
	case t.Subject == "":
		return nil, r.errorf("a tour names its circuit before its first step, in a line subject: SUBJECT")
	case len(t.Steps) == 0:
		return nil, r.errorf("a tour has a step, which begins with a line ## TITLE")
	}
	return r.tour, nil
}

// step is the one that is being read; nil before the first.
func (r *reader) step() *Step {
	if n := len(r.tour.Steps); n > 0 {
		return &r.tour.Steps[n-1]
	}
	return nil
}

// read reads a line.
func (r *reader) read(line string) error {
	step := r.step()
	if title, ok := strings.CutPrefix(line, "## "); ok {
		if err := r.endStep(); err != nil {
			return err
		}
		if len(r.tour.Steps) == mostSteps {
			return r.errorf("a tour has at most %d steps, which is a limit of this program", mostSteps)
		}
		r.tour.Steps = append(r.tour.Steps, Step{Title: strings.TrimSpace(title), line: r.line})
		return nil
	}
	key, value, ok := strings.Cut(line, ":")
	value = strings.TrimSpace(value)
	switch {
	case line == "":
		r.endParagraph()
		return nil
	case step == nil && strings.HasPrefix(line, "# "):
		return r.once(&r.tour.Title, strings.TrimSpace(line[2:]), "title")
	case step == nil && ok && key == "subject":
		return r.once(&r.tour.Subject, value, "subject")
	case step == nil && ok && key == "input":
		s, err := explore.ParseHash("bits=" + value)
		if err != nil {
			return r.errorf("%w", err)
		}
		return r.once(&r.tour.Input, s.Bits, "input")
	case step == nil:
		return r.errorf("%.40q is neither # TITLE, subject: SUBJECT, input: BITS nor ## TITLE OF A STEP", line)
	case ok && key == "view":
		return r.view(step, value)
	case ok && key == "check":
		c, err := parseCheck(value)
		if err != nil {
			return r.errorf("%w", err)
		}
		c.line = r.line
		step.Checks = append(step.Checks, c)
		r.endParagraph()
		return nil
	case strings.HasPrefix(line, "#"):
		return r.errorf("%.40q: in a tour only # TITLE and ## TITLE OF A STEP are headings", line)
	}
	r.paragraph = append(r.paragraph, strings.TrimSpace(line))
	return nil
}

// once sets what a tour has one of.
func (r *reader) once(to *string, value, what string) error {
	switch {
	case value == "":
		return r.errorf("the %s is empty", what)
	case *to != "":
		return r.errorf("a second %s", what)
	}
	*to = value
	return nil
}

// view reads the state of a step.
func (r *reader) view(step *Step, hash string) error {
	if step.viewed {
		return r.errorf("a second view in a step")
	}
	s, err := explore.ParseHash(hash)
	if err != nil {
		return r.errorf("view: %w", err)
	}
	s.Step = len(r.tour.Steps)
	step.State, step.viewed = s, true
	r.endParagraph()
	return nil
}

func (r *reader) endParagraph() {
	if len(r.paragraph) > 0 {
		step := r.step()
		step.Text = append(step.Text, strings.Join(r.paragraph, " "))
		r.paragraph = nil
	}
}

// endStep refuses a step that lacks something.
func (r *reader) endStep() error {
	step := r.step()
	if step == nil {
		return nil
	}
	r.endParagraph()
	switch {
	case step.Title == "":
		return r.tour.errorf(step.line, "a step without a title")
	case len(step.Text) == 0:
		return r.tour.errorf(step.line, "step %q says nothing", step.Title)
	case !step.viewed:
		return r.tour.errorf(step.line, "step %q has no line view: STATE, as behind # in the address of the page", step.Title)
	}
	return nil
}

// JSON returns the tour as the page reads it: {title, steps: [{title, text, hash}]}.
func (t *Tour) JSON() (json.RawMessage, error) {
	type step struct {
		Title string   `json:"title"`
		Text  []string `json:"text"`
		Hash  string   `json:"hash"`
	}
	out := struct {
		Title string `json:"title"`
		Steps []step `json:"steps"`
	}{Title: t.Title}
	for _, s := range t.Steps {
		out.Steps = append(out.Steps, step{s.Title, s.Text, s.State.Hash()})
	}
	return json.Marshal(out)
}
