package formattest

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// What Hostile goes on with after reading: larger circuits would only make it slow.
const (
	mostFuzzNodes = 2000
	mostFuzzTerms = 20000
)

// Hostile is the body of a fuzz target: it asserts that a file is refused with an error of
// the file, or gives a circuit that passes its check, can be written and comes back the
// same.
func (f Format) Hostile(t *testing.T, file []byte) {
	t.Helper()
	d, ok := f.Accepted(t, file)
	if !ok {
		return
	}
	c := d.Circuit
	if st := c.Stats(); c.Len() > mostFuzzNodes || st.Terms > mostFuzzTerms || st.MaxWeight.BitLen() > 300 {
		return
	}
	var out bytes.Buffer
	err := f.Write(&out, d)
	var unfit *netlist.UnfitError
	if errors.As(err, &unfit) {
		if d.Circuit, err = basis.Express(context.Background(), c, f.Repertoire); err != nil {
			return
		}
		d.Signals = nil
		out.Reset()
		err = f.Write(&out, d)
	}
	if err != nil {
		t.Fatal(err)
	}
	Same(t, c, f.Parsed(t, out.Bytes()).Circuit)
}
