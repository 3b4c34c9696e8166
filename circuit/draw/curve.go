package draw

import "math"

// beside returns the index of the point of a curve that is beside p: above or below it where depth
// grows to the right, else left or right of it.
func beside(curve []point, p point, dir Direction) int {
	axis := 1
	if dir == LeftRight {
		axis = 0
	}
	best, distance := 0, math.Inf(1)
	for i, q := range curve {
		if along := math.Abs(q[axis] - p[axis]); along < distance {
			best, distance = i, along
		}
	}
	return best
}

// sample returns points along the cubic curves through the given control points.
func sample(at []point) []point {
	const steps = 64
	var curve []point
	for i := 0; i+3 < len(at); i += 3 {
		for k := range steps + 1 {
			t := float64(k) / steps
			u := 1 - t
			var p point
			for j := range p {
				p[j] = u*u*u*at[i][j] + 3*u*u*t*at[i+1][j] + 3*u*t*t*at[i+2][j] + t*t*t*at[i+3][j]
			}
			curve = append(curve, p)
		}
	}
	return curve
}
