package main

import (
	"embed"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	mangokong "github.com/alecthomas/mango-kong"
	"github.com/muesli/roff"

	"github.com/tc0lab/tc0"
	"github.com/tc0lab/tc0/internal/command"
)

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"The shell: bash, zsh or fish."`
}

func (completionCmd) Help() string {
	return `Prints code for the shell, after which the tab key completes verbs, flags, subjects and files.

Examples:

  source <(tc0 completion bash)
  tc0 completion zsh >> ~/.zshrc
  tc0 completion fish > ~/.config/fish/completions/tc0.fish
`
}

// completion is the code for a shell, with the path of this program. Each has the program called with the line
// that is written in the variable COMP_LINE, as bash has it.
var completion = map[string]string{
	"bash": "complete -o default -o bashdefault -C %q tc0\n",
	"zsh":  "autoload -U +X bashcompinit && bashcompinit\ncomplete -o default -o bashdefault -C %q tc0\n",
	"fish": `function __complete_tc0
    set -lx COMP_LINE (commandline -cp)
    %q
end
complete -c tc0 -a "(__complete_tc0)"
`,
}

// completionCode is the JSON of the code for a shell.
type completionCode struct {
	Shell string `json:"shell"`
	Code  string `json:"code"`
}

func (cmd *completionCmd) Run(a *app) error {
	program, err := os.Executable()
	if err != nil {
		return errf("the path of this program is not known: %w", err)
	}
	code := fmt.Sprintf(completion[cmd.Shell], program)
	return a.show(completionCode{cmd.Shell, code}, func() { a.Printf("%s", code) }, true)
}

// completions are the words that may stand at the end of a line.
func completions(model *kong.Application, line string) []string {
	words := strings.Fields(line)
	last := ""
	if line != "" && !strings.HasSuffix(line, " ") {
		last, words = words[len(words)-1], words[:len(words)-1]
	}
	node := model.Node
	for _, word := range words[min(1, len(words)):] {
		for _, verb := range model.Children {
			if node == model.Node && (verb.Name == word || slices.Contains(verb.Aliases, word)) {
				node = verb
			}
		}
	}
	var all []string
	switch {
	case strings.HasPrefix(last, "-"):
		for _, group := range node.AllFlags(true) {
			for _, flag := range group {
				all = append(all, "--"+flag.Name)
			}
		}
	case node == model.Node:
		for _, verb := range model.Children {
			all = append(all, verb.Name)
		}
	default:
		all = subjectNames()
	}
	all = slices.DeleteFunc(all, func(word string) bool { return !strings.HasPrefix(word, last) })
	slices.Sort(all)
	return slices.Compact(all)
}

// schemas are those of what each verb prints with --json. A test writes them, of the types.
//
//go:embed schemas/*.json
var schemas embed.FS

// schemaFlag has a verb print its schema, and do without what it otherwise needs.
type schemaFlag bool

// BeforeReset is called before anything is asked for that is missing, as by --help.
func (schemaFlag) BeforeReset(a *app, k *kong.Context) error {
	if k.Selected() == nil {
		return errf("--json-schema is of a verb: tc0 stat --json-schema")
	}
	text, err := schemas.ReadFile("schemas/" + k.Selected().Name + ".json")
	if err != nil {
		return err
	}
	a.flags.JSON = true // nothing else is printed
	a.WriteString(string(text))
	k.Exit(statusHolds)
	return nil
}

type versionCmd struct {
	Licences bool `aliases:"licenses" xor:"what" help:"What is in the program that others wrote, and under which licences, with their texts, as Markdown."`
	Man      bool `xor:"what" help:"The manual page: tc0 version --man > tc0.1."`
}

func (versionCmd) Help() string {
	return `The version is that which go install took, or the revision of the source.

Examples:

  tc0 version
  tc0 version --licences
  tc0 version --man | man -l -
`
}

// today is a date in quotes, at the top.
var today = regexp.MustCompile(`"\d{4}-\d\d-\d\d"`)

// versionInfo is the JSON of a version.
type versionInfo struct {
	Version  string `json:"version"`
	Licences string `json:"licences,omitempty"`
	Man      string `json:"man,omitempty"`
}

func (cmd *versionCmd) Run(a *app, k *kong.Context) error {
	v := versionInfo{Version: command.Version("tc0")}
	if cmd.Licences {
		v.Licences = tc0.Licences()
	}
	if cmd.Man {
		// The library puts the date of today in the first line.
		v.Man = today.ReplaceAllString(mangokong.NewManPage(1, k.Model).Build(roff.NewDocument()), `""`)
	}
	return a.show(v, func() {
		switch {
		case cmd.Licences:
			a.Printf("%s", v.Licences)
		case cmd.Man:
			a.Printf("%s", v.Man)
		default:
			a.Printf("%s\n", v.Version)
		}
	}, true)
}
