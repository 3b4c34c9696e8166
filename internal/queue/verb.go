package queue

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// kind says what a flag has behind its name.
type kind int

const (
	nothing kind = iota // --full
	value               // --seed=7: a text that is no path
	name                // --beside=s4: a subject that is a name
)

// verb says what a job may ask of a verb. A flag that is not here is refused: those that write files, or name
// programs, libraries or inputs on the disk of the worker.
type verb struct {
	subjects int
	flags    map[string]kind
}

// common are flags of every verb, lowered of those that build circuits.
var (
	common = map[string]kind{
		"json": nothing, "seed": value, "depth-model": value, "deterministic": nothing, "full": nothing,
		"no-cache": nothing, "quiet": nothing, "no-progress": nothing,
	}
	lowered = map[string]kind{"strategy": value, "basis": value, "comb": nothing, "group": nothing}
	page    = map[string]kind{"latex": nothing, "standalone": nothing, "markdown": nothing}
)

var verbs = map[string]*verb{
	"sweep":    {1, flags(common, lowered, page, map[string]kind{"n": value, "beside": name})},
	"verify":   {1, flags(common, lowered, map[string]kind{"inputs": value, "exhaustive": nothing, "against": name})},
	"restrict": {1, flags(common, lowered, map[string]kind{"free": value, "trials": value})},
	"fourier":  {1, flags(common, lowered, map[string]kind{"output": value, "samples": value})},
	"prove":    {1, flags(common, lowered, page, map[string]kind{"check": value, "log-bits": value})},
	"quantise": {1, flags(common, map[string]kind{
		"target": value, "settings": value, "uniform": nothing, "strategy": value, "dry-run": nothing,
	})},
	"run": {1, flags(common, map[string]kind{
		"index": value, "count": value, "noise": value, "strategy": value, "basis": value,
	})},
	"equiv": {2, flags(common, lowered, map[string]kind{
		"method": value, "inputs": value, "timeout": value, "solver": value, "input-order": value, "output-order": value,
	})},
}

// flags joins tables.
func flags(tables ...map[string]kind) map[string]kind {
	all := map[string]kind{}
	for _, t := range tables {
		maps.Copy(all, t)
	}
	return all
}

// Verbs returns the verbs that have shards, in alphabetical order.
func Verbs() []string { return slices.Sorted(maps.Keys(verbs)) }

// check says what is wrong with one argument.
func (v *verb) check(arg string) error {
	flag, text, has := strings.Cut(strings.TrimPrefix(arg, "--"), "=")
	kind, known := v.flags[flag]
	switch {
	case len(arg) > mostText:
		return fmt.Errorf("%.40q… has %d bytes; the limit is %d", arg, len(arg), mostText)
	case !strings.HasPrefix(arg, "--") || !known:
		return fmt.Errorf("%.40q is no flag that a shard may have: %s", arg, v.names())
	case kind == nothing && has:
		return fmt.Errorf("--%s takes no value", flag)
	case kind == nothing:
		return nil
	case !has || text == "":
		return fmt.Errorf("--%s needs a value", flag)
	case kind == name && !nameText.MatchString(text):
		return fmt.Errorf("--%s=%.40q is no name of a family, a problem or a shipped model", flag, text)
	case kind == value && (!plainText.MatchString(text) || strings.ContainsAny(text, `/\`)):
		return fmt.Errorf("--%s=%.40q could be a path; a shard has none but its subject", flag, text)
	}
	return nil
}

// names lists the flags.
func (v *verb) names() string {
	return "--" + strings.Join(slices.Sorted(maps.Keys(v.flags)), " --")
}

// Parse reads the command line of a job, without the name of the program: the verb, its subjects and flags. Of a
// subject it knows the name only; [Job.Locate] finds which are paths.
func Parse(args []string) (*Job, error) {
	if len(args) == 0 {
		return nil, fmt.Errorf("there is no verb; those that have shards: %s", strings.Join(Verbs(), ", "))
	}
	j := &Job{Verb: args[0], Args: []string{}, Subjects: []Subject{}}
	if alias, ok := map[string]string{"quantize": "quantise"}[j.Verb]; ok {
		j.Verb = alias
	}
	v := verbs[j.Verb]
	if v == nil {
		return nil, fmt.Errorf("%q is no verb that has shards: %s", j.Verb, strings.Join(Verbs(), ", "))
	}
	for i := 1; i < len(args); i++ {
		arg := args[i]
		if arg == "-q" {
			arg = "--quiet"
		}
		if !strings.HasPrefix(arg, "-") {
			j.Subjects = append(j.Subjects, Subject{Name: arg})
			continue
		}
		flag, _, has := strings.Cut(strings.TrimPrefix(arg, "--"), "=")
		if kind, known := v.flags[flag]; known && kind != nothing && !has && i+1 < len(args) {
			i++
			arg += "=" + args[i]
		}
		if err := v.check(arg); err != nil {
			return nil, fmt.Errorf("%s: %w", j.Verb, err)
		}
		j.Args = append(j.Args, arg)
	}
	if len(j.Subjects) != v.subjects {
		return nil, fmt.Errorf("%s: there are %d subjects, and it takes %d", j.Verb, len(j.Subjects), v.subjects)
	}
	return j, nil
}
