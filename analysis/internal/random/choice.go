package random

// width is how many bytes choose an operation.
const width = 16

// choice is what chooses one operation: which one, of which values, with which numbers.
type choice []byte

// of returns one of 0 to k−1, by byte i.
func (c choice) of(i, k int) int { return int(c[i%width]) % k }

// flag reports a choice of two.
func (c choice) flag(i int) bool { return c.of(i, 2) == 1 }

// number returns a number from −3 to 3, by byte i.
func (c choice) number(i int) int64 { return int64(c.of(i, 7)) - 3 }

// numbers returns as many numbers. Some are 0 in a row, since byte i may clear a part of them.
func (c choice) numbers(i, count, row int) []int64 {
	data := make([]int64, count)
	for k := range data {
		data[k] = c.number(i + 1 + k%(width-1))
	}
	switch at := c.of(i, 12); {
	case at == 0:
		clear(data)
	case at < 4:
		clear(data[:min(row, count)])
	case at == 4:
		for k := range data {
			data[k] = -max(data[k], -data[k])
		}
	}
	return data
}
