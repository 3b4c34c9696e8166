package token

import "container/heap"

// symbol is a part of a word. It is joined with its neighbours.
type symbol struct {
	from, to   int // in bytes
	id         int // −1: none
	prev, next int // neighbours; −1: none
	fixed      bool
	gone       bool
}

// joint says whether two neighbours may be joined. The joint of the least rank comes first, the leftmost of equals.
type joint func(left, right *symbol) (rank, id int, ok bool)

// candidate is a pair of neighbours that may be joined, as they were when it was found.
type candidate struct {
	rank, left, right int
	middle, to        int // ends of both parts
	id                int
}

// candidates is a heap.
type candidates []candidate

func (c candidates) Len() int { return len(c) }
func (c candidates) Less(i, k int) bool {
	return c[i].rank < c[k].rank || c[i].rank == c[k].rank && c[i].left < c[k].left
}
func (c candidates) Swap(i, k int) { c[i], c[k] = c[k], c[i] }
func (c *candidates) Push(x any)   { *c = append(*c, x.(candidate)) }
func (c *candidates) Pop() any {
	last := (*c)[len(*c)-1]
	*c = (*c)[:len(*c)-1]
	return last
}

// merge joins neighbours as long as any may be joined, and returns what remains.
func merge(word []symbol, may joint) []symbol {
	for i := range word {
		word[i].prev, word[i].next = i-1, i+1
	}
	if len(word) > 0 {
		word[len(word)-1].next = -1
	}
	var queue candidates
	try := func(left, right int) {
		if left < 0 || right < 0 || word[left].fixed || word[right].fixed {
			return
		}
		if rank, id, ok := may(&word[left], &word[right]); ok {
			heap.Push(&queue, candidate{rank, left, right, word[left].to, word[right].to, id})
		}
	}
	for i := 1; i < len(word); i++ {
		try(i-1, i)
	}
	for len(queue) > 0 {
		c := heap.Pop(&queue).(candidate)
		l, r := &word[c.left], &word[c.right]
		if l.gone || r.gone || l.to != c.middle || r.to != c.to {
			continue // one of them is joined already
		}
		l.to, l.id, l.next = r.to, c.id, r.next
		r.gone = true
		if r.next >= 0 {
			word[r.next].prev = c.left
		}
		try(l.prev, c.left)
		try(c.left, l.next)
	}
	rest := word[:0]
	for _, s := range word {
		if !s.gone {
			rest = append(rest, s)
		}
	}
	return rest
}
