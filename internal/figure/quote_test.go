package figure

import "testing"

func TestQuote(t *testing.T) {
	if got, want := Quote("a\\N\n\"<&>"), `"a\\N\n&quot;&lt;&amp;&gt;"`; string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
