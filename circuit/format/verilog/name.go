package verilog

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// names has the names of the one name space of a module. An escaped name is the same as
// the simple one, so that they are told apart before they are escaped.
type names struct {
	inputs  []string // by port
	outputs []string // by port
	gates   []string // by gate: the name to read it by, if it is an input or has a name
	prefix  string   // of gates without a name
}

func newNames(d *netlist.Design) *names {
	c := d.Circuit
	taken := netlist.NewNameSet(spelling())
	take := func(name string) string { return escaped(taken.Take(name)) }
	n := &names{gates: make([]string, c.Len())}
	for _, p := range c.InputPorts() {
		name := take(p.Name)
		n.inputs = append(n.inputs, name)
		for i, l := range p.Wires {
			n.gates[l.Gate()] = bit(&p, name, i)
		}
	}
	for _, p := range c.OutputPorts() {
		n.outputs = append(n.outputs, take(p.Name))
	}
	if len(d.Signals) == c.Len() {
		for g, name := range d.Signals {
			if name != "" && n.gates[g] == "" {
				n.gates[g] = take(name)
			}
		}
	}
	n.prefix = taken.Prefix()
	return n
}

// isVector reports whether a port is written as a vector.
func isVector(p *circuit.Port) bool {
	return len(p.Wires) != 1 || p.Format.Kind != circuit.Unsigned
}

// bit returns wire i of a port.
func bit(p *circuit.Port, name string, i int) string {
	if isVector(p) {
		return name + "[" + strconv.Itoa(i) + "]"
	}
	return name
}

// gate returns the name of a gate.
func (n *names) gate(g circuit.Gate) string {
	return cmp.Or(n.gates[g], n.prefix+strconv.Itoa(int(g)))
}

// sum returns the name of a sum.
func (n *names) sum(s circuit.SumID) string { return n.prefix + "_s" + strconv.Itoa(int(s)) }

// spelling says which signs an escaped name can have. Quotes, slashes, backslashes and
// backquotes would be legal, too, but mean something to preprocessors; a dollar sign in
// front marks names of the system, and of tools.
func spelling() netlist.Spelling {
	return netlist.Spelling{
		Legal: func(r rune, first bool) bool {
			return r > ' ' && r <= '~' && !strings.ContainsRune("\"/\\`", r) && !(first && r == '$')
		},
	}
}

// escaped writes a legal name.
func escaped(name string) string {
	if !simple.MatchString(name) || slices.Contains(keywords, name) {
		return `\` + name + " "
	}
	return name
}

// simple are the names that need not be escaped, unless they are keywords.
var simple = regexp.MustCompile(`^[A-Za-z_][A-Za-z_0-9$]*$`)

// keywords are the keywords of IEEE 1364-2005, and of IEEE 1800-2017, since tools may read a file
// as either.
var keywords = strings.Fields(`
	accept_on alias always always_comb always_ff always_latch and assert assign assume automatic before
	begin bind bins binsof bit break buf bufif0 bufif1 byte case casex casez cell chandle checker class
	clocking cmos config const constraint context continue cover covergroup coverpoint cross deassign
	default defparam design disable dist do edge else end endcase endchecker endclass endclocking
	endconfig endfunction endgenerate endgroup endinterface endmodule endpackage endprimitive
	endprogram endproperty endsequence endspecify endtable endtask enum event eventually expect export
	extends extern final first_match for force foreach forever fork forkjoin function generate genvar
	global highz0 highz1 if iff ifnone ignore_bins illegal_bins implements implies import incdir
	include initial inout input inside instance int integer interconnect interface intersect join
	join_any join_none large let liblist library local localparam logic longint macromodule matches
	medium modport module nand negedge nettype new nexttime nmos nor noshowcancelled not notif0 notif1
	null or output package packed parameter pmos posedge primitive priority program property protected
	pull0 pull1 pulldown pullup pulsestyle_ondetect pulsestyle_onevent pure rand randc randcase
	randsequence rcmos real realtime ref reg reject_on release repeat restrict return rnmos rpmos rtran
	rtranif0 rtranif1 s_always s_eventually s_nexttime s_until s_until_with scalared sequence shortint
	shortreal showcancelled signed small soft solve specify specparam static string strong strong0
	strong1 struct super supply0 supply1 sync_accept_on sync_reject_on table tagged task this
	throughout time timeprecision timeunit tran tranif0 tranif1 tri tri0 tri1 triand trior trireg type
	typedef union unique unique0 unsigned until until_with untyped use uwire var vectored virtual void
	wait wait_order wand weak weak0 weak1 while wildcard wire with within wor xnor xor
`)
