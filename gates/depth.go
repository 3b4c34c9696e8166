package gates

// DepthModel says what a gate of each kind adds to the depth of a path. Inputs
// and constants always have depth 0, and integer sums cost nothing: they are
// bundles of wires, not gates.
type DepthModel struct {
	Name       string        // short name, used by the command and in JSON
	Note       string        // one line that is printed beside a depth
	Cost       [NumKinds]int // cost of a gate, by kind
	Complement int           // cost of reading a literal complemented by a gate that is not a sum
	FreeParity bool          // a MOD gate with modulus 2 costs 0, whatever a MOD gate costs
}

// gatesCost returns a cost table with 1 for every gate and 0 for sources.
func gatesCost() [NumKinds]int {
	var cost [NumKinds]int
	for k := range cost {
		if !Kind(k).IsSource() {
			cost[k] = 1
		}
	}
	return cost
}

// with returns a copy of cost in which the given kinds cost c.
func with(cost [NumKinds]int, c int, kinds ...Kind) [NumKinds]int {
	for _, k := range kinds {
		cost[k] = c
	}
	return cost
}

// Standard is the convention of this project: complement and buffers are free,
// every other gate costs 1 whatever its fan-in.
func Standard() DepthModel {
	return DepthModel{
		Name: "standard",
		Note: "inputs and constants 0, complement and buffers free, every other gate 1 at any fan-in",
		Cost: with(gatesCost(), 0, Buf, Not),
	}
}

// NotCounted charges 1 for NOT and BUF gates and for a complemented literal, as
// Merrill and Sabharwal (TACL 2023) and the published ISCAS-85 tables do.
func NotCounted() DepthModel {
	return DepthModel{
		Name:       "not-counted",
		Note:       "as standard, but a NOT, a BUF and a complemented literal cost 1 each",
		Cost:       gatesCost(),
		Complement: 1,
	}
}

// FreeXor makes XOR and XNOR free, and so parities as MOD gates, the cost of secure computation (Kolesnikov and
// Schneider, ICALP 2008).
func FreeXor() DepthModel {
	return DepthModel{
		Name: "free-xor",
		Note: "as standard, but XOR, XNOR and MOD 2 are free",
		Cost: with(gatesCost(), 0, Buf, Not, Xor, Xnor),

		FreeParity: true,
	}
}

// MajorityDepth counts MAJORITY and THRESHOLD gates only.
func MajorityDepth() DepthModel {
	return DepthModel{
		Name: "majority-depth",
		Note: "only MAJORITY and THRESHOLD gates cost 1",
		Cost: with([NumKinds]int{}, 1, Majority, Threshold),
	}
}

// DepthModels returns every model there is, the standard one first.
func DepthModels() []DepthModel {
	return []DepthModel{Standard(), NotCounted(), FreeXor(), MajorityDepth()}
}

// ParseDepthModel finds a model by its name.
//
// Error: *UnknownError.
func ParseDepthModel(name string) (DepthModel, error) {
	return Find("depth model", name, DepthModels(), func(m DepthModel) string { return m.Name })
}
