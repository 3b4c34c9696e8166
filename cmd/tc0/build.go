package main

import (
	"path/filepath"
	"strings"
)

type buildCmd struct {
	target
	Output string `short:"o" required:"" placeholder:"FILE" help:"The file to write; its extension names the format (.tc0)."`
}

func (buildCmd) Help() string {
	return `The file is written whole or not at all.

Examples:

  tc0 build attention:n=8,d=4,bits=3 -o head.tc0
  tc0 build digits -o digits.tc0
`
}

func (cmd *buildCmd) Run(a *app) error {
	if err := checkFormat(cmd.Output); err != nil {
		return err
	}
	s, m, err := a.openMeasured(cmd.target)
	if err != nil {
		return err
	}
	n, err := a.writeFile(cmd.Output, s.circuit.Write)
	if err != nil {
		return err
	}
	if a.flags.JSON {
		return a.emit(writtenFile{cmd.Output, strings.TrimPrefix(filepath.Ext(cmd.Output), "."), n, m})
	}
	a.printf("%s: %s, %s, %s\ndepth %s\n", cmd.Output, plural(m.Size, "gate"), plural(m.Wires, "wire"), plural(n, "byte"), m.depthText())
	a.printBasis(s)
	return nil
}
