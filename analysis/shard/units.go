package shard

// Units are the units of a stage that one process does: every Step-th from First on.
type Units struct {
	First, Step int
	Len         int // how many
}

// All are n units from 0 on.
func All(n int) Units { return Units{0, 1, n} }

// At returns the number of the k-th of them.
func (u Units) At(k int) int { return u.First + k*u.Step }

// share returns the units of n that shard i of `of` does, counted from 0. The first unit of the stage
// falls to another shard in each stage, so that stages of one unit do not all fall to one.
func share(n, stage, i, of int) Units {
	first := ((i-stage)%of + of) % of
	if first >= n {
		return Units{first, of, 0}
	}
	return Units{first, of, (n - first + of - 1) / of}
}
