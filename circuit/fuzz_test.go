package circuit

import (
	"encoding/json"
	"math/big"
	"testing"
)

// FuzzParseInt compares integers with those of math/big, written as text and as JSON.
func FuzzParseInt(f *testing.F) {
	for _, text := range []string{"0", "-0", "+7", "9223372036854775807", "-9223372036854775809", "00018446744073709551616", "1_0", "0x10", "--1", "٣"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		x, err := ParseInt(text)
		if err != nil {
			return
		}
		want, ok := new(big.Int).SetString(text, 10)
		if !ok || x.String() != want.String() || x.Sign() != want.Sign() {
			t.Fatalf("%q is %v, want %v", text, x, want)
		}
		written, err := json.Marshal(x)
		if err != nil {
			t.Fatal(err)
		}
		var back Int
		if err := json.Unmarshal(written, &back); err != nil || back.Cmp(x) != 0 {
			t.Fatalf("%v is %s, which reads as %v, %v", x, written, back, err)
		}
	})
}
