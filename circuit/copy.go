package circuit

// Copy makes a gate of the circuit as it is, on the literals and on the copy of the sum that it reads, and returns its
// literal. It does not unpack any number. It makes nothing and reports false if there is no copy of the sum.
//
// The builder must keep gates.
func (f *Follower) Copy(g Gate) (Lit, bool) {
	c, b, k := &f.c.Nodes, f.b, f.c.kind[g]
	args := c.args[c.first[g]:c.first[g+1]]
	switch {
	case k.IsLogic() && len(args) == 2:
		x, y := Lit(args[0]), Lit(args[1])
		return b.add(k, uint32(f.Lits[x.Gate()]^x&1), uint32(f.Lits[y.Gate()]^y&1)).Lit(), true
	case k.IsLogic():
		return b.raw(k, f.Fanin(g)), true
	case !k.HasBound() || int(args[0]) >= len(f.copies) || f.copies[args[0]] == 0:
		return 0, false
	}
	return b.add(k, uint32(f.copies[args[0]]), args[1], args[2]).Lit(), true
}

// CopySum makes the next sum of the circuit with the same weights, if what it reads has become as many gates, not
// complemented, and copies of sums, in the same order. Otherwise, or if it has numbers beyond int64, it returns sum 0.
// It reports true for fresh if there was no such sum before. For each sum, one after another, there must be a call of it or
// of [Follower.SkipSum].
func (f *Follower) CopySum() (node SumID, fresh bool) {
	s := SumID(len(f.copies))
	if s == 0 {
		f.copies = make([]SumID, 0, f.c.SumCount())
	}
	node, fresh = f.copySum(s)
	f.copies = append(f.copies, node)
	return node, fresh
}

// Copied returns the copy of a sum of the circuit, or sum 0.
func (f *Follower) Copied(s SumID) SumID { return f.copies[s] }

// SkipSum makes no copy of the next sum of the circuit.
func (f *Follower) SkipSum() { f.copies = append(f.copies, 0) }

func (f *Follower) copySum(s SumID) (node SumID, fresh bool) {
	c, b := &f.c.Nodes, f.b
	m := &b.c
	weights, small := c.SmallWeights(s)
	if !small || len(weights) == 0 {
		return 0, false
	}
	refs, hash := f.refs[:0], uint32(len(weights))
	for i, r := range c.Refs(s) {
		if r.IsSum() {
			t := f.copies[r.Sum()]
			if t == 0 {
				return 0, false
			}
			r = sumRef(t)
		} else {
			l := f.Lits[r.Gate()]
			if l.IsComplement() || l == False {
				return 0, false
			}
			r = gateRef(l.Gate())
		}
		if i > 0 && refs[i-1] >= r {
			return 0, false
		}
		refs = append(refs, r)
		hash = hashTerm(hash, r, weights[i])
	}
	f.refs = refs
	p := b.sums.find(hash, nearTerm(refs[len(refs)-1]), func(id uint32) bool {
		from, to := m.sumFirst[id], m.sumFirst[id+1]
		if int(to-from) != len(refs) || m.sumFlag[id]&sumBig != 0 {
			return false
		}
		for i, r := range m.termRef[from:to] {
			if r != refs[i] || m.termWeight[int(from)+i] != weights[i] {
				return false
			}
		}
		return true
	})
	if p.id != 0 {
		return SumID(p.id), false
	}
	if !b.sumRoom(len(refs)) {
		return 0, false
	}
	id := SumID(len(m.sumFlag))
	m.sumFlag = append(m.sumFlag, c.sumFlag[s])
	m.termRef, m.termWeight = append(m.termRef, refs...), append(m.termWeight, weights...)
	m.sumFirst = append(m.sumFirst, uint32(len(m.termRef)))
	m.sumLo, m.sumHi = append(m.sumLo, c.sumLo[s]), append(m.sumHi, c.sumHi[s])
	b.sums.put(p, uint32(id))
	return id, true
}
