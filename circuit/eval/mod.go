package eval

// run tells whether the number with the planes, low first, is congruent to a residue, on values of the given words.
// It goes from the high plane down, doubling the residue and taking m away where it is reached.
func (s *modStep) run(v []uint64, words int) {
	m, width := s.of.M, 0
	for 1<<width < 2*m {
		width++
	}
	for w := range words {
		var r [18]uint64 // 2·m is at most 2^17
		for k := len(s.planes) - 1; k >= 0; k-- {
			copy(r[1:width], r[:width-1])
			r[0] = v[int(s.planes[k])*words+w]
			// borrow ends as 1 where r < m.
			var less [18]uint64
			borrow := uint64(0)
			for b := range width {
				t := -uint64(m >> b & 1)
				less[b] = r[b] ^ t ^ borrow
				borrow = ^r[b]&t | ^(r[b]^t)&borrow
			}
			for b := range width {
				r[b] = r[b]&borrow | less[b]&^borrow
			}
		}
		hit := uint64(0)
		for _, residue := range s.of.Residues {
			equal := ^uint64(0)
			for b := range width {
				equal &= r[b] ^ ^-uint64(residue>>b&1)
			}
			hit |= equal
		}
		v[int(s.d)*words+w] = hit
	}
}
