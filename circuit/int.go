package circuit

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/big"
	"math/bits"
	"strconv"
	"strings"
)

// Int is an exact integer of any size. The zero value is 0. It holds an int64 in
// place and goes over to math/big only where an int64 would overflow.
//
// Int values are immutable and == is not equality: use [Int.Cmp].
type Int struct {
	small int64
	big   *big.Int // nil if the value is small; otherwise it does not fit int64
}

// NewInt returns v as an Int.
func NewInt(v int64) Int { return Int{small: v} }

// BigInt returns v as an Int. It keeps no reference to v.
func BigInt(v *big.Int) Int { return normal(new(big.Int).Set(v)) }

// Pow2 returns 2^k for k ≥ 0.
func Pow2(k int) Int {
	if k < 63 {
		return NewInt(1 << k)
	}
	return normal(new(big.Int).Lsh(big.NewInt(1), uint(k)))
}

// ParseInt returns the integer written in decimal, with a sign or without. It is refused
// if it has more bits than a circuit can hold.
func ParseInt(text string) (Int, error) {
	if v, err := strconv.ParseInt(text, 10, 64); err == nil {
		return NewInt(v), nil
	}
	const mostDigits = maxBits * 302 / 1000 // log₁₀ 2 ≈ 0.301
	digits := strings.TrimLeft(strings.TrimLeft(text, "+-"), "0")
	if len(text) > 0 && len(digits) > mostDigits {
		return Int{}, fmt.Errorf("circuit: a number of %d digits, more than %d", len(digits), mostDigits)
	}
	for i, d := range text {
		if (d < '0' || d > '9') && (i > 0 || d != '-' && d != '+') {
			return Int{}, fmt.Errorf("circuit: %.40q is not an integer", text)
		}
	}
	v, ok := new(big.Int).SetString(text, 10)
	if !ok {
		return Int{}, fmt.Errorf("circuit: %.40q is not an integer", text)
	}
	return normal(v), nil
}

// normal takes ownership of v.
func normal(v *big.Int) Int {
	if v.IsInt64() {
		return NewInt(v.Int64())
	}
	return Int{big: v}
}

// Int64 returns x and whether it fits.
func (x Int) Int64() (int64, bool) { return x.small, x.big == nil }

// Big returns x as a new big.Int.
func (x Int) Big() *big.Int {
	return new(big.Int).Set(x.shared())
}

// shared returns x as a big.Int that must not be written to.
func (x Int) shared() *big.Int {
	if x.big != nil {
		return x.big
	}
	return big.NewInt(x.small)
}

// Add returns x + y.
func (x Int) Add(y Int) Int {
	if x.big == nil && y.big == nil {
		s := x.small + y.small
		if (s > x.small) == (y.small > 0) {
			return NewInt(s)
		}
	}
	return normal(new(big.Int).Add(x.shared(), y.shared()))
}

// Sub returns x − y.
func (x Int) Sub(y Int) Int {
	if x.big == nil && y.big == nil {
		d := x.small - y.small
		if (d < x.small) == (y.small > 0) {
			return NewInt(d)
		}
	}
	return normal(new(big.Int).Sub(x.shared(), y.shared()))
}

// Neg returns −x.
func (x Int) Neg() Int { return Int{}.Sub(x) }

// Abs returns |x|.
func (x Int) Abs() Int {
	if x.Sign() < 0 {
		return x.Neg()
	}
	return x
}

// Mul returns x·y.
func (x Int) Mul(y Int) Int {
	if x.big == nil && y.big == nil {
		hi, lo := bits.Mul64(magnitude(x.small), magnitude(y.small))
		if hi == 0 && lo < 1<<63 {
			if (x.small < 0) != (y.small < 0) {
				return NewInt(-int64(lo))
			}
			return NewInt(int64(lo))
		}
	}
	return normal(new(big.Int).Mul(x.shared(), y.shared()))
}

func magnitude(v int64) uint64 {
	if v < 0 {
		return -uint64(v)
	}
	return uint64(v)
}

// FloorDiv returns ⌊x/y⌋ for y > 0.
func (x Int) FloorDiv(y Int) Int {
	if x.big == nil && y.big == nil {
		q := x.small / y.small
		if x.small%y.small < 0 {
			q--
		}
		return NewInt(q)
	}
	return normal(new(big.Int).Div(x.shared(), y.shared())) // Euclidean; floor for y > 0
}

// CeilDiv returns ⌈x/y⌉ for y > 0.
func (x Int) CeilDiv(y Int) Int { return x.Neg().FloorDiv(y).Neg() }

// Mod returns x mod y in 0..y−1 for y > 0.
func (x Int) Mod(y Int) Int { return x.Sub(x.FloorDiv(y).Mul(y)) }

// Residue returns x mod m in 0..m−1 for m > 0.
func (x Int) Residue(m int64) int64 { return x.Mod(NewInt(m)).small }

// Near returns the number next to 0 that is x modulo m > 0; of two, the positive one.
func (x Int) Near(m int64) Int {
	v := x.Residue(m)
	if v > m-v {
		v -= m
	}
	return NewInt(v)
}

// Cmp returns −1, 0 or 1 as x is less than, equal to or greater than y.
func (x Int) Cmp(y Int) int {
	if x.big == nil && y.big == nil {
		return cmp.Compare(x.small, y.small)
	}
	return x.shared().Cmp(y.shared())
}

// Sign returns −1, 0 or 1.
func (x Int) Sign() int {
	if x.big != nil {
		return x.big.Sign()
	}
	return cmp.Compare(x.small, 0)
}

// is reports whether x is v.
func (x Int) is(v int64) bool { return x.big == nil && x.small == v }

// IsZero reports whether x is 0.
func (x Int) IsZero() bool { return x.is(0) }

// BitLen returns the number of bits of |x|; 0 has none.
func (x Int) BitLen() int {
	if x.big != nil {
		return x.big.BitLen()
	}
	return bits.Len64(magnitude(x.small))
}

// Bit returns bit k of x ≥ 0.
func (x Int) Bit(k int) uint {
	if x.big != nil {
		return x.big.Bit(k)
	}
	if k > 63 {
		return 0
	}
	return uint(x.small>>uint(k)) & 1
}

// String returns x in decimal.
func (x Int) String() string {
	return x.shared().String()
}

// MarshalJSON implements json.Marshaler: x is a number from −2^53 to 2^53, which every
// reader of JSON keeps exactly, and a string of decimal digits beyond.
func (x Int) MarshalJSON() ([]byte, error) {
	if x.Abs().Cmp(Pow2(53)) > 0 {
		return strconv.AppendQuote(nil, x.String()), nil
	}
	return []byte(x.String()), nil
}

// UnmarshalJSON implements json.Unmarshaler.
func (x *Int) UnmarshalJSON(text []byte) error {
	var digits json.Number
	err := json.Unmarshal(text, &digits)
	if err == nil {
		*x, err = ParseInt(digits.String())
	}
	return err
}

// Min returns the smaller of x and y.
func (x Int) Min(y Int) Int {
	if x.Cmp(y) <= 0 {
		return x
	}
	return y
}

// Max returns the greater of x and y.
func (x Int) Max(y Int) Int {
	if x.Cmp(y) >= 0 {
		return x
	}
	return y
}

// GCD returns the greatest common divisor of |x| and |y|.
func (x Int) GCD(y Int) Int {
	if x.big == nil && y.big == nil {
		a, b := magnitude(x.small), magnitude(y.small)
		for b != 0 {
			a, b = b, a%b
		}
		if a < 1<<63 {
			return NewInt(int64(a))
		}
	}
	return normal(new(big.Int).GCD(nil, nil, new(big.Int).Abs(x.shared()), new(big.Int).Abs(y.shared())))
}

// Quo returns x/y where y divides x.
func (x Int) Quo(y Int) Int {
	if x.big == nil && y.big == nil {
		if y.small == -1 { // the one quotient that can overflow
			return x.Neg()
		}
		return NewInt(x.small / y.small)
	}
	return normal(new(big.Int).Quo(x.shared(), y.shared()))
}
