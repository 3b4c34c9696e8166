package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tc0lab/tc0/analysis/shard"
	"github.com/tc0lab/tc0/compile/model"
	"github.com/tc0lab/tc0/internal/table"
)

// continued is the JSON of one text.
type continued struct {
	From      string   `json:"from"`
	Text      string   `json:"text"`
	Circuit   string   `json:"circuit"` // what follows, in the order in which a person writes it
	Reference string   `json:"reference"`
	Float     string   `json:"float"`
	Tokens    []string `json:"tokens"` // of the circuit, in the order in which they came

	// For each token in the order in which they came, the logits that it was chosen from; for JSON alone.
	CircuitLogits [][]float64 `json:"circuit_logits,omitempty"`
	FloatLogits   [][]float64 `json:"float_logits,omitempty"`

	between, answer string // as the person reads it
	equal, same     bool   // the circuit to the network in integers, and to that in floating point
}

// generated is the JSON of texts that a model continued.
type generated struct {
	Subject string `json:"subject"`
	outline
	Passes  int         `json:"passes"`
	Seconds float64     `json:"seconds,omitempty"`
	Answers []continued `json:"answers"`
}

// continuedRecord is a text that was continued, with what its JSON leaves out.
type continuedRecord struct {
	continued
	Between string  `json:"between"`
	Answer  string  `json:"answer"`
	Equal   bool    `json:"equal"`
	Same    bool    `json:"same"`
	Seconds float64 `json:"seconds"` // of the passes
}

// continueAll continues texts; the record of one that another shard continues is nil.
func (a *app) continueAll(s *modelSubject, prompts []task) ([]*continuedRecord, error) {
	q := s.quantised
	m := q.Model
	e := s.evaluator()
	circuit := func(in []int64) (answers []int, logits []float64, err error) {
		out, err := e.Evaluate(a.ctx, [][]int64{in})
		if err == nil {
			answers, logits = q.Split(out[0])
		}
		return answers, logits, err
	}
	float := func(in []int64) ([]int, []float64, error) { return m.Predict(in), m.Forward(in), nil }
	integers := func(in []int64) ([]int, []float64, error) {
		answers, err := q.Predict(in)
		return answers, nil, err
	}
	about := func(w io.Writer) error {
		for _, p := range prompts {
			fmt.Fprintln(w, p.from, p.in)
		}
		return nil
	}
	if err := shard.Of(a.ctx).About("texts", about); err != nil {
		return nil, err
	}
	return shard.Each(a.ctx, "texts", len(prompts), func(_ context.Context, i int) (r continuedRecord, err error) {
		p, start := prompts[i], time.Now()
		next, logits, err := extend(m, p.in, circuit)
		if err != nil {
			return r, err
		}
		r.Seconds = a.took(start)
		r.continued = continued{
			From: p.from, Text: shown(m, p.in), Circuit: written(m, p.in, next), Tokens: labels(m, next),
			CircuitLogits: logits,
		}
		r.Answer = readable(m, p.in, next)
		if m.Config.Text.Answers > 0 { // it does not go on with the text, but says something of it
			r.Between = " → "
		}
		reference, _, err := extend(m, p.in, integers)
		if err != nil {
			return r, err
		}
		real, floats, err := extend(m, p.in, float)
		r.FloatLogits = floats
		r.Reference, r.Equal = written(m, p.in, reference), slices.Equal(next, reference)
		r.Float, r.Same = written(m, p.in, real), slices.Equal(next, real)
		return r, err
	})
}

// generate lets the circuit continue texts. Each token is one pass through the
// circuit, whose input is what came before it.
func (cmd *runCmd) generate(a *app, s *modelSubject) error {
	q := s.quantised
	m := q.Model
	prompts, err := cmd.given(a, "texts", func(line string, n int) ([]int64, error) { return cmd.prompt(m, line, n) })
	if err != nil {
		return err
	}
	o, err := a.outline(s)
	if err != nil {
		return err
	}
	records, err := a.continueAll(s, prompts)
	if err != nil {
		return err
	}
	var all []continued
	differ, passes, seconds := false, 0, 0.0
	for _, r := range records {
		if r == nil { // of another shard
			continue
		}
		x := r.continued
		x.between, x.answer, x.equal, x.same = r.Between, r.Answer, r.Equal, r.Same
		seconds += r.Seconds
		passes += len(x.Tokens)
		differ = differ || !x.equal
		if !a.flags.JSON {
			x.CircuitLogits, x.FloatLogits = nil, nil
		}
		all = append(all, x)
	}
	if a.flags.Deterministic {
		seconds = 0
	}
	return a.show(generated{s.path, o, passes, seconds, all}, func() {
		a.printOutline(s, o)
		a.printContinued(all)
		noun := map[bool]string{true: "pass", false: "passes"}[passes == 1]
		each := ""
		if seconds > 0 {
			each = fmt.Sprintf(": %.2g s a pass", seconds/float64(passes))
		}
		a.Printf("\n%s %s through the circuit, one for each token%s. The passes follow one another: "+
			"unrolled, T tokens\nare T times as deep as the circuit.\n", count(passes), noun, each)
	}, !differ)
}

func (a *app) printContinued(all []continued) {
	equal, same := 0, 0
	if len(all) > mostPictures {
		t := table.New("text | answer | circuit | floating point")
		for _, x := range all {
			t.Row(inLine(x.Text), inLine(x.answer), inLine(x.Circuit), inLine(x.Float))
		}
		a.Printf("\n")
		a.Table(t)
	}
	for _, x := range all {
		equal += btoi(x.equal)
		same += btoi(x.same)
		if len(all) <= mostPictures {
			a.Printf("\n  %s%s%s\n  circuit         %s\n  floating point  %s\n", inLine(x.Text), x.between, inLine(x.answer),
				inLine(x.Circuit), inLine(x.Float))
		}
	}
	a.Printf(
		"\nThe circuit gives the tokens of the network in integers on %d of %d, those of the network in floating "+
			"point on %d.\n", equal, len(all), same)
}

// extend lets a network name the next token until a text ends: with the token that
// ends it, or when the circuit has no more positions. It returns the tokens and for each the logits that it was
// chosen from, if predict returns some.
func extend(
	m *model.Model, text []int64, predict func(in []int64) (answers []int, logits []float64, err error),
) (tokens []int, rows [][]float64, err error) {
	c := &m.Config
	in := make([]int64, c.Input.Length)
	n := copy(in, text)
	first := c.Input.Length - c.Outputs
	for {
		answers, logits, err := predict(in)
		if err != nil {
			return nil, nil, err
		}
		next := answers[n-1-first]
		tokens = append(tokens, next)
		if logits != nil {
			rows = append(rows, logits[(n-1-first)*len(c.Labels):][:len(c.Labels)])
		}
		if c.Labels[next] == c.Text.End || n == c.Input.Length || len(tokens) == c.Text.Answers {
			return tokens, rows, nil
		}
		in[n] = int64(next)
		n++
	}
}

// labels returns the names of tokens.
func labels(m *model.Model, tokens []int) []string {
	var names []string
	for _, v := range tokens {
		names = append(names, m.Config.Labels[v])
	}
	return names
}

// written returns what follows a text, in the order in which a person writes it.
func written(m *model.Model, text []int64, tokens []int) string {
	if m.Config.Text.Reversed {
		tokens = slices.Clone(tokens)
		slices.Reverse(tokens)
	}
	t := m.Config.Tokenizer
	if t == nil {
		return joinTokens(labels(m, tokens))
	}
	before := numbers(text)
	// A token can mean less without what stands before it: the blank before the first word, bytes of a character.
	if after, ok := strings.CutPrefix(t.Decode(slices.Concat(before, tokens)), t.Decode(before)); ok {
		return after
	}
	return t.Decode(tokens)
}

// numbers returns the inputs of a circuit as tokens.
func numbers(in []int64) []int {
	var tokens []int
	for _, v := range in {
		tokens = append(tokens, int(v))
	}
	return tokens
}

// readable returns the answer as a person reads it: without the token that ends it,
// and front to back.
func readable(m *model.Model, text []int64, tokens []int) string {
	if n := len(tokens); n > 0 && m.Config.Labels[tokens[n-1]] == m.Config.Text.End {
		tokens = tokens[:n-1]
	}
	return written(m, text, tokens)
}

// inLine writes a text on one line.
func inLine(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return !strconv.IsPrint(r) }) {
		return s
	}
	q := strconv.Quote(s)
	return q[1 : len(q)-1]
}

// joinTokens writes tokens one after another, with blanks if any has several letters.
func joinTokens(names []string) string {
	if slices.ContainsFunc(names, func(s string) bool { return utf8.RuneCountInString(s) > 1 }) {
		return strings.Join(names, " ")
	}
	return strings.Join(names, "")
}

// prompt reads a line of a file, or what stands on the command line, which is line 0.
func (cmd *runCmd) prompt(m *model.Model, line string, n int) ([]int64, error) {
	where := fmt.Sprintf("%q", short(line))
	if n > 0 {
		where = fmt.Sprintf("%s:%d", cmd.In, n)
		if strings.TrimSpace(line) == "" {
			return nil, nil
		}
		if m.Config.Tokenizer == nil { // which knows blanks
			line = strings.TrimSpace(line)
		}
	}
	in, err := readPrompt(m, line)
	if err != nil {
		err = errf("%s: %w", where, err)
	}
	return in, err
}

// shown writes the tokens of a prompt.
func shown(m *model.Model, in []int64) string {
	text := joinTokens(labels(m, numbers(in)))
	if t := m.Config.Tokenizer; t != nil {
		text = t.Decode(numbers(in))
	}
	return asRead(&m.Config, text)
}

// asRead turns a text that a person writes into the one that the network reads, and back: each run of digits is
// reversed if the network reads numbers like this.
func asRead(c *model.Config, text string) string {
	if !c.Text.ReversedNumbers {
		return text
	}
	b := []byte(text)
	for i := 0; i < len(b); i++ {
		j := i
		for j < len(b) && '0' <= b[j] && b[j] <= '9' {
			j++
		}
		slices.Reverse(b[i:j])
		i = max(i, j-1)
	}
	return string(b)
}

// readPrompt cuts a text into tokens, as many as the circuit reads.
func readPrompt(m *model.Model, text string) ([]int64, error) {
	c := &m.Config
	plain := text
	if !strings.HasPrefix(text, c.Text.Prefix) {
		text = c.Text.Prefix + text
	}
	if !strings.HasSuffix(text, c.Text.Suffix) {
		text += c.Text.Suffix
	}
	added := ""
	if text != plain {
		added = " with what the model adds"
	}
	text = asRead(c, text)
	cut := cutWords
	if c.Tokenizer != nil {
		cut = cutText
	}
	in, err := cut(c, text)
	if err != nil {
		return nil, err
	}
	if c.Tokenizer != nil {
		if ids, err := c.Tokenizer.Encode(text); err == nil && len(ids) < len(in) {
			added = " with what the model adds"
		}
	}
	least := c.Input.Length - c.Outputs + 1
	if len(in) < least || len(in) > c.Input.Length {
		example := ""
		if c.Text.Example != "" {
			example = ", such as " + c.Text.Example
		}
		reads := fmt.Sprint(least)
		if least < c.Input.Length {
			reads += fmt.Sprintf(" to %d", c.Input.Length)
		}
		return nil, errf("%s%s; it reads %s%s", plural(len(in), "token"), added, reads, example)
	}
	return in, nil
}

// cutWords cuts a text into tokens: letters if all tokens have one letter, else words. Tokens that are numbers are
// words, too, if there are blanks between them: 11 is not 1 and 1.
func cutWords(c *model.Config, text string) ([]int64, error) {
	letters := !slices.ContainsFunc(c.Labels, func(s string) bool { return utf8.RuneCountInString(s) > 1 })
	numbers := true
	for i, name := range c.Labels {
		numbers = numbers && name == strconv.Itoa(i)
	}
	words := strings.Fields(text)
	switch {
	case letters && slices.Contains(c.Labels, " "):
		words = strings.Split(text, "")
	case letters && !(numbers && len(words) > 1):
		words = strings.Split(strings.Join(words, ""), "")
	}
	var in []int64
	for _, w := range words {
		k := slices.Index(c.Labels, w)
		if k < 0 && numbers {
			return nil, errf("%q is no token of the model; known: the numbers 0..%d", short(w), len(c.Labels)-1)
		}
		if k < 0 {
			known := c.Labels
			if len(known) > 40 {
				known = append(slices.Clone(known[:40]), "...")
			}
			return nil, errf("%q is no token of the model; known: %s", short(w), strings.Join(known, " "))
		}
		in = append(in, int64(k))
	}
	return in, nil
}

// cutText cuts a text with the tokenizer of the model.
func cutText(c *model.Config, text string) ([]int64, error) {
	ids, err := c.Tokenizer.Prompt(text)
	if err != nil {
		return nil, err
	}
	var in []int64
	for _, id := range ids {
		if id > int(c.Input.Top()) {
			return nil, errf("token %d, %q, is outside the vocabulary of %d of the model", id, c.Tokenizer.Token(id), c.Input.Vocab)
		}
		in = append(in, int64(id))
	}
	return in, nil
}
