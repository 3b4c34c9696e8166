package model

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
)

// Amplification is a choice of draws with a vote that is right on every question.
type Amplification struct {
	Draws [][]int64 // as Sampler.Amplified takes them
	Tried int       // draws that the lead is measured on
	Sets  int       // sets of draws that were tried until a set was always right
	// Least and Mean are shares of draws, of the first thousand, that are right on a question.
	// Least is the share on the hardest question, and Mean is the average. The lead of the right
	// answer is 2·Least − 1.
	Least, Mean float64
}

// leadDraws is the least number of draws that the lead is measured on.
const leadDraws = 1000

// mostContext bounds the questions that are tried exhaustively.
const mostContext = 16

// NoDrawsError says that the search found no draws with a vote that is always right.
type NoDrawsError struct {
	Votes, Tried int
	Least        float64 // share of right draws on the hardest question
}

// Error says what was tried.
func (e *NoDrawsError) Error() string {
	return fmt.Sprintf("model: no %d draws were found whose vote is right on every question, among %d "+
		"that were tried; on the hardest question %.3f of the draws are right", e.Votes, e.Tried, e.Least)
}

// Amplify finds an odd number of draws of noise. With them the vote of the sampler is right on all
// 2^context questions. Amplify tries all questions on the integer reference. It draws fresh sets of
// draws, at most the given number of sets, and takes the first set that is always right. It tries
// at least a thousand draws in all, to tell how often a single draw is right.
//
// Errors: a [*NoDrawsError] after the given number of sets.
func (s Sampler) Amplify(
	ctx context.Context, votes, sets int, right func(question []int64) bool, rng *rand.Rand,
) (*Amplification, error) {
	n := s.Config.Context
	switch {
	case n == 0 || n > mostContext:
		return nil, fmt.Errorf("model: %s: a context of %d bits; 1 to %d are tried exhaustively",
			s.Config.Name, n, mostContext)
	case votes < 1 || votes%2 == 0:
		return nil, fmt.Errorf("model: %s: %d votes; an odd number makes no ties", s.Config.Name, votes)
	}
	p, err := s.Program()
	if err != nil {
		return nil, err
	}
	correct := make([]int, 1<<n) // draws that are right, by question
	a := &Amplification{Tried: leadDraws}
	tried := 0
	question := make([]int64, n)
	for set := 0; set < sets || tried < leadDraws; set++ {
		var draws [][]int64
		yes := make([]int, 1<<n)
		for range votes {
			draws = append(draws, s.Draw(rng))
		}
		for q := range yes {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			for i := range question {
				question[i] = int64(q >> i & 1)
			}
			for k, draw := range draws {
				out, err := p.Reference(append(question[:n:n], draw...))
				if err != nil {
					return nil, err
				}
				if (out[0] >= 0) == right(question) {
					yes[q]++
					if tried+k < leadDraws {
						correct[q]++
					}
				}
			}
		}
		tried += votes
		if a.Draws == nil && set < sets && 2*slices.Min(yes) > votes {
			a.Draws, a.Sets = draws, set+1
		}
		// More draws than needed tell how often a single one is right.
		if a.Draws != nil && tried >= leadDraws {
			break
		}
	}
	a.Least = 1
	for _, k := range correct {
		share := float64(k) / float64(a.Tried)
		a.Least = min(a.Least, share)
		a.Mean += share / float64(len(correct))
	}
	if a.Draws == nil {
		return nil, &NoDrawsError{votes, tried, a.Least}
	}
	return a, nil
}
