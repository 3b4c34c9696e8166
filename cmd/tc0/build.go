package main

type buildCmd struct {
	target
	Output string   `short:"o" required:"" placeholder:"FILE" help:"The file to write; its extension names the format: ${formats}."`
	Assert []string `placeholder:"WIRE" sep:"none" help:"For .opb, .cnf and .smt2: an output wire that is to be 1 (may be given again). The only output wire unless given."`
}

func (buildCmd) Help() string {
	return `The file is written whole or not at all. Formats other than .tc0 may have no words for some
gates: see tc0 convert --help.

Examples:

  tc0 build attention:n=8,d=4,bits=3 -o head.tc0
  tc0 build digits -o digits.tc0
  tc0 build majority:n=9 -o majority.th
`
}

func (cmd *buildCmd) Run(a *app) error {
	return (&convertCmd{cmd.target, cmd.Output, cmd.Assert}).Run(a)
}
