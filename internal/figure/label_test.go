package figure

import "testing"

func TestCount(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 9999: "9999", 10000: "10\u202f000", 1234567: "1\u202f234\u202f567"} {
		if got := Count(n); got != want {
			t.Errorf("count(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestQuote(t *testing.T) {
	if got, want := Quote("a\\N\n\"<&>"), `"a\\N\n&quot;&lt;&amp;&gt;"`; string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
