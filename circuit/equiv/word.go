package equiv

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/internal/child"
)

// language is how solvers print their answer.
type language struct {
	answers map[string]string // the lines that are one; of no answer: ""
	plain   func(out string) string
	known   *regexp.Regexp // every other line
	fault   *regexp.Regexp // lines that tell of an error
	inputs  func(out string, n int) ([]bool, error)
}

// competition is the language of the competitions of solvers of clauses and of inequalities. Its
// lines begin with a letter: c for a comment, o for a value, s for the answer, v for the model.
var competition = &language{
	answers: map[string]string{
		"s SATISFIABLE": answerSat, "s OPTIMUM FOUND": answerSat, "s UNSATISFIABLE": answerUnsat,
		"s UNKNOWN": "", "s UNSUPPORTED": "",
	},
	plain:  func(out string) string { return out },
	known:  regexp.MustCompile(`^$|^c$|^[cov]\s`),
	fault:  regexp.MustCompile(`(?i)^(c\s+)?\W*(\w+ )?error\b`),
	inputs: competitionModel,
}

// smt is the language of SMT-LIB. A name that is quoted may hold anything, even lines.
var smt = &language{
	answers: map[string]string{"sat": answerSat, "unsat": answerUnsat, "unknown": "", "timeout": ""},
	plain:   func(out string) string { return quotedName.ReplaceAllString(out, " name ") },
	known:   regexp.MustCompile(`^$|^\s*[()]`),
	fault:   regexp.MustCompile(`^\s*\(error\b`),
	inputs:  smtModel,
}

// complaint is a line by which a program tells on standard error that it did not end well.
var complaint = regexp.MustCompile(`(?i)\b(error|fatal|assertion|abort(ed)?|exception|fault|killed|out of memory)\b`)

// noModel is what z3 prints of what has no model, with exit status 1, since it is asked for one.
var noModel = regexp.MustCompile(`^\(error "line \d+ column \d+: model is not available"\)$`)

// judge takes a solver at its word if it ended well: one line that answers, the exit status of that
// answer, no error, and nothing that has no place there. The error is why it is not taken at its
// word, and what was seen.
func (s *solver) judge(r *child.Result, n int) (*solverAnswer, error) {
	out := s.language.plain(string(r.Out))
	answers, faults := s.language.read(out)
	status := r.Status
	if status == 1 && slices.Equal(answers, []string{"unsat"}) && len(faults) == 1 && noModel.MatchString(faults[0]) {
		status, faults = 0, nil
	}
	for line := range strings.Lines(string(r.Err)) {
		if line = strings.TrimSpace(line); s.language.isAnswer(line) || complaint.MatchString(line) {
			faults = append(faults, line)
		}
	}
	switch {
	case len(answers) == 0:
		return nil, fmt.Errorf("it printed no answer%s", seen(r))
	case len(answers) > 1:
		return nil, fmt.Errorf("it printed %d answers%s", len(answers), seen(r))
	case len(faults) > 0:
		return nil, fmt.Errorf("it printed %q besides its answer%s", faults[0], seen(r))
	}
	answer, documented := s.language.answers[answers[0]], s.unsat
	switch answer {
	case answerSat:
		documented = s.sat
	case "":
		return nil, fmt.Errorf("it does not know%s", seen(r))
	}
	if !slices.Contains(documented, status) {
		return nil, fmt.Errorf("its exit status is not that of its answer%s", seen(r))
	}
	if answer == answerUnsat {
		return &solverAnswer{}, nil
	}
	in, err := s.language.inputs(string(r.Out), n)
	if err != nil {
		return nil, fmt.Errorf("%w%s", err, seen(r))
	}
	return &solverAnswer{true, in}, nil
}

func (l *language) isAnswer(line string) bool {
	_, ok := l.answers[line]
	return ok
}

// read returns the lines that are answers, and those that tell of an error or have no place there.
func (l *language) read(out string) (answers, faults []string) {
	for line := range strings.Lines(out) {
		line = strings.TrimRight(line, " \r\n")
		switch {
		case l.isAnswer(line):
			answers = append(answers, line)
		case l.fault.MatchString(line), !l.known.MatchString(line):
			faults = append(faults, line)
		}
	}
	return answers, faults
}

// seen tells in one line how a solver ended and the beginning of what it printed, what it
// complained of first.
func seen(r *child.Result) string {
	const most = 120
	status := ""
	if r.Status >= 0 {
		status = fmt.Sprintf(" (exit status %d)", r.Status)
	}
	part := func(text []byte) string { return string(text[:min(len(text), 4*most)]) }
	words := []rune(strings.Join(strings.Fields(part(r.Err)+" "+part(r.Out)), " "))
	switch {
	case len(words) == 0:
		return status
	case len(words) > most:
		words = append(words[:most], '…')
	}
	return status + ": " + string(words)
}

// competitionModel reads the lines that begin with v, in which the literal of variable k
// is k, −k, xk or −xk. A variable that is not named is 0.
func competitionModel(out string, n int) ([]bool, error) {
	in, given, found := make([]bool, n), make([]bool, n), false
	for line := range strings.Lines(out) {
		text, ok := strings.CutPrefix(line, "v ")
		if !ok {
			continue
		}
		found = true
		for _, word := range strings.Fields(text) {
			positive, negative := strings.CutPrefix(word, "-")
			k, err := strconv.Atoi(strings.TrimPrefix(positive, "x"))
			if err != nil || k < 0 {
				return nil, fmt.Errorf("%q in the solver's model is no literal", word)
			}
			if k < 1 || k > n {
				continue
			}
			if given[k-1] && in[k-1] == negative {
				return nil, fmt.Errorf("variable %d in the solver's model is both 0 and 1", k)
			}
			in[k-1], given[k-1] = !negative, true
		}
	}
	if !found {
		return nil, errors.New("it gave no model")
	}
	return in, nil
}

// quotedName is a name of SMT-LIB that may hold blanks and parentheses.
var quotedName = regexp.MustCompile(`\|[^|]*\|`)

// smtModel reads the answer to get-value: a list of pairs of a name and its value, in
// the order of the inputs.
func smtModel(out string, n int) ([]bool, error) {
	_, text, _ := strings.Cut(out, "\n")
	plain := quotedName.ReplaceAllString(text, " name ")
	if strings.Contains(plain, "|") {
		return nil, errors.New("a name in the solver's model does not end")
	}
	words := strings.FieldsFunc(plain, func(r rune) bool { return strings.ContainsRune(" \n\r\t()", r) })
	if len(words) < 2*n {
		return nil, fmt.Errorf("the solver's model has %d values of %d", len(words)/2, n)
	}
	in := make([]bool, n)
	for i := range in {
		value := words[2*i+1]
		if value != "true" && value != "false" {
			return nil, fmt.Errorf("%q in the solver's model is no value", value)
		}
		in[i] = value == "true"
	}
	return in, nil
}
