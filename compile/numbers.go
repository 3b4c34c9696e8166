package compile

// Numbers says what it takes to make the weights, biases and thresholds of a family for an n.
// What is said of uniformity depends on it: an induction over the operations says nothing of the numbers.
type Numbers string

// What numbers take.
const (
	// SameNumbers do not depend on n.
	SameNumbers Numbers = "same"
	// HashedPositions are hashes of the number of a position, digit by digit. Thresholds are made for the
	// ranges over all positions.
	HashedPositions Numbers = "positions"
	// RowSums are hashed weights, and units and biases that are made of sums of n of them.
	RowSums Numbers = "sums"
	// Sines are sines and cosines of angles that grow with the position.
	Sines Numbers = "sines"
	// TableNumbers are learned for each position, as far as their table goes.
	TableNumbers Numbers = "table"
)

// Numbers says what the numbers of the family take that s names.
func (s Spec) Numbers() Numbers {
	switch s.Family.Name {
	case "mlp", "glu", "denoiser":
		return RowSums
	case "diffusion":
		if s.Args["kind"] != string(Masked) {
			return RowSums // over the condition
		}
		return HashedPositions
	case "transformer", "cot":
		return HashedPositions
	}
	switch PositionKind(s.Args["positions"]) {
	case LearnedPositions:
		return HashedPositions
	case SinusoidalPositions, RotaryPositions:
		return Sines
	}
	return SameNumbers
}
