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
	nothing kind = iota // --exhaustive
	value               // --seed=7: a text that is no path
	file                // --in=texts.txt: a file that the job has a digest of
	either              // --against=mlp, --against=head.tc0: the name of a subject, or such a file
	free                // --plot=out/left.svg: whatever it is; never for a worker
)

// verb says what a job may ask of a verb. Any other flag is refused.
type verb struct {
	subjects int
	input    bool            // it may have a text behind them
	flags    map[string]kind // what the work is: for workers
	shown    map[string]kind // how the result is shown, and where it is written: for tc0 gather, which runs at home
	// A flag of both goes to both.
}

var (
	common  = map[string]kind{"seed": value, "depth-model": value, "deterministic": nothing, "no-cache": nothing}
	lowered = map[string]kind{"strategy": value, "basis": value}
	circuit = map[string]kind{"comb": nothing, "group": nothing, "library": file}
	view    = map[string]kind{"json": nothing, "deterministic": nothing, "full": nothing, "no-cache": nothing, "quiet": nothing}
	page    = map[string]kind{"latex": nothing, "standalone": nothing, "markdown": nothing}
	plot    = map[string]kind{"plot": free}
)

// decidable is the verb of which one shard may decide the whole, by a difference that tc0 gather tries again. Of others
// no worker is believed that says so.
const decidable = "equiv"

var verbs = map[string]*verb{
	"sweep": {
		1, false, flags(common, lowered, circuit, map[string]kind{"n": value, "beside": either}),
		flags(view, page, plot, map[string]kind{"csv": free}),
	},
	"verify": {
		1, false,
		flags(common, lowered, circuit, map[string]kind{"inputs": value, "exhaustive": nothing, "against": either}), view,
	},
	"restrict": {
		1, false, flags(common, lowered, circuit, map[string]kind{"free": value, "trials": value, "beside": either}), flags(view, plot),
	},
	"fourier": {
		1, false, flags(common, lowered, circuit, map[string]kind{"output": value, "samples": value, "beside": either}), flags(view, plot),
	},
	"prove": {
		1, false, flags(common, lowered, circuit, map[string]kind{"check": value, "log-bits": value}),
		flags(view, page, map[string]kind{"coq": free, "bundle": free, "output": free}),
	},
	"run": {
		1, true, flags(common, lowered, map[string]kind{"index": value, "count": value, "noise": value, "in": file}), view,
	},
	"equiv": {
		2, false, flags(common, lowered, circuit, map[string]kind{
			"method": value, "inputs": value, "timeout": value, "solver": value, "input-order": value, "output-order": value,
			"cubes": value, "deeper": value,
			"proof": value, // a shard has its proofs in its file; tc0 gather writes them under this name, which has no folder
		}), flags(view, map[string]kind{"miter": free, "proof": value}),
	},
}

// flags joins tables.
func flags(tables ...map[string]kind) map[string]kind {
	all := map[string]kind{}
	for _, t := range tables {
		maps.Copy(all, t)
	}
	return all
}

// names lists flags.
func names(flags map[string]kind) string {
	return "--" + strings.Join(slices.Sorted(maps.Keys(flags)), " --")
}

// Verbs returns the verbs that have shards, in alphabetical order.
func Verbs() []string { return slices.Sorted(maps.Keys(verbs)) }

// check says what is wrong with an argument of a job that has some files.
func (v *verb) check(arg string, files []Subject) error {
	flag, text, has := strings.Cut(strings.TrimPrefix(arg, "--"), "=")
	kind, known := v.flags[flag]
	here := slices.ContainsFunc(files, func(s Subject) bool { return s.Name == text })
	switch {
	case len(arg) > mostText:
		return fmt.Errorf("%.40q… has %d bytes; the limit is %d", arg, len(arg), mostText)
	case !strings.HasPrefix(arg, "--") || !known:
		return fmt.Errorf("%.40q is no flag that a shard may have: %s", arg, names(v.flags))
	case needs(flag, kind, text, has) != nil || kind == nothing:
		return needs(flag, kind, text, has)
	case kind == value && (!plainText.MatchString(text) || strings.ContainsAny(text, `/\`)):
		return fmt.Errorf("--%s=%.40q could be a path", flag, text)
	case kind == file && !here:
		return fmt.Errorf("--%s=%.40q is no file that the job has a digest of", flag, text)
	case kind == either && !here && !nameText.MatchString(text):
		return fmt.Errorf("--%s=%.40q is no name of a family, a problem or a shipped model, and no file that the job has a digest of",
			flag, text)
	}
	return nil
}

// needs says whether a flag lacks its value, or has one that it does not take.
func needs(flag string, k kind, text string, has bool) error {
	switch {
	case k == nothing && has:
		return fmt.Errorf("--%s takes no value", flag)
	case k != nothing && text == "":
		return fmt.Errorf("--%s needs a value", flag)
	}
	return nil
}

// Flags returns the flags of a verb that may be given: those of the work, and those of how it is shown, each with
// whether it takes a value.
func Flags(verb string) (work, shown map[string]bool) {
	takes := func(flags map[string]kind) map[string]bool {
		all := map[string]bool{}
		for name, k := range flags {
			all[name] = k != nothing
		}
		return all
	}
	v := verbs[verb]
	if v == nil {
		return nil, nil
	}
	return takes(v.flags), takes(v.shown)
}
