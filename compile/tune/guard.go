package tune

import "math"

// confidence is how many standard errors more than the target a setting keeps: one that keeps less than the target of
// all inputs does so with a chance of about 5 % (normal approximation of the binomial distribution).
const confidence = 1.645

// Needed returns how many of the answers that are asked for a setting has to keep in a search, so that it keeps the
// target of other answers, too. Among many settings some keep more by chance, and a search looks for just these.
func Needed(target float64, asked int) int {
	n := float64(asked)
	return min(asked, plain(target*n+confidence*math.Sqrt(n*target*(1-target))))
}

// plain returns the least whole number that is not below v.
func plain(v float64) int { return int(math.Ceil(v - 1e-9)) }
