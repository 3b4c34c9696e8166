// Package tune finds how finely a trained network has to be rounded.
//
// A [Search] tries settings of [model.Quantisation]. Each setting is judged by the network in integers alone, which is
// what the circuit computes, and by the formulas of package formula for the depth and the gates. No circuit is built.
//
//	setting   kept answers: of the inputs that the network in floating point answers rightly
//	          depth and gates: upper bounds for the length of the model, under a strategy of lowering
//
// For a regression R² takes the place of the share of answers, see [Measure].
//
// The search has three parts. First it climbs a ladder of settings from coarse to fine, until one keeps as many answers
// as are wanted, and a standard deviation more. Then it goes down again: of all knobs it turns the one that saves most
// gates while enough answers are kept, and starts over until none does. Last, it takes choices that cost no gates and
// keep more answers, and turns the bits of kinds of roundings, and then of single ones, down: always those that save
// most gates for each answer lost. That is a greedy search; a better setting may exist. What it found is confirmed on
// inputs that it did not look at, if the data have more than it looks at.
//
// A search wants some more answers than the target; see [Needed]. If no setting of the ladder keeps so many, the bare
// target is enough.
//
// The inputs of the search are not those that a final figure should be measured on; see [Split].
package tune
