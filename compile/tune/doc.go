// Package tune finds how finely a trained network has to be rounded.
//
// A [Search] tries settings of [model.Quantisation]. Each setting is judged by the network in integers alone, which is
// what the circuit computes, and by the formulas of package formula for the depth and the gates. No circuit is built.
//
//	setting   kept answers: of the inputs that the network in floating point answers rightly
//	          depth and gates: upper bounds for the length of the model, under a strategy of lowering
//
// The search has two parts. First it climbs a ladder of settings from coarse to fine, until one keeps as many answers
// as are wanted. Then it goes down again: of all knobs it turns the one that saves most gates while enough answers are
// kept, and starts over until none does. That is a greedy search; a better setting may exist.
//
// A search wants some more answers than the target; see [Needed]. If no setting of the ladder keeps so many, the bare
// target is enough.
//
// The inputs of the search are not those that a final figure should be measured on; see [Split].
package tune
