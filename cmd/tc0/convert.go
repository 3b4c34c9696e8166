package main

type convertCmd struct {
	target
	Output string   `arg:"" name:"file" help:"The file to write; its extension names the format: ${formats}."`
	Assert []string `placeholder:"WIRE" sep:"none" help:"For .opb, .cnf and .smt2: an output wire that is to be 1 (may be given again). The only output wire unless given."`
}

func (convertCmd) Help() string {
	return `A format that has no threshold gates (.aig .aag .blif .bench .bristol .cnf) gets
adder trees for them, and what that costs in depth is printed; .th, .opb, .smt2, .v and
.graphml have them as they are. Ports of several bits become bits. In .aig, .aag, .blif,
.bench and .th a comment keeps what they mean, so that reading the file gives the same
ports back; .bristol has no comments and no names, only the widths of ports.

Examples:

  tc0 convert voter.aig voter.blif
  tc0 convert majority:n=9 majority.th
  tc0 convert attention:n=2,d=1,bits=2 head.v
  tc0 convert parity:n=16 parity.cnf
`
}

func (cmd *convertCmd) Run(a *app) error {
	format, err := circuitFormat(cmd.Output)
	if err != nil {
		return err
	}
	s, m, err := a.openMeasured(cmd.target)
	if err != nil {
		return err
	}
	e, err := a.export(cmd.Output, format, s, m, cmd.Assert)
	if err != nil {
		return err
	}
	if a.flags.JSON {
		return a.emit(e)
	}
	a.printExport(s.short(), e)
	a.printBasis(s)
	return nil
}
