package handwritten_test

import (
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/tc0lab/tc0/circuit/format/handwritten"
)

// A vote of three, of which one counts twice, and whether it was close.
func Example() {
	d, err := handwritten.Read(strings.NewReader(`
input a b chair
sum votes = a + b + 2chair
carried = [votes >= 3]
close = mod 5 (votes) in {2, 3}
output carried close
`))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("depth", d.Circuit.Depth(), "size", d.Circuit.Size())
	if err := handwritten.Write(os.Stdout, d); err != nil {
		log.Fatal(err)
	}
	_, err = handwritten.Read(strings.NewReader("input a\ny = and(a, b)\n"))
	fmt.Println(err)
	// Output:
	// depth 1 size 2
	// input a
	// input b
	// input chair
	// sum g_s1 = a + b + 2chair
	// carried = [g_s1 >= 3]
	// close = mod 5 (g_s1) in {2, 3}
	// output carried
	// output close
	// line 2:12: "b": is defined nowhere; a name is an input, or stands left of = in a line above
}
