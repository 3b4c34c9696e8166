package formattest

import (
	"bytes"
	"errors"
	"reflect"
	"runtime"
	"testing"
	"testing/iotest"

	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/internal/brief/brieftest"
)

// Bad is a file that must be refused, and the error that says so. It is a type without a
// name so that tables need not repeat the names of its fields.
type Bad = struct {
	Name      string
	File      string
	Line, Col int
	Token     string
	Message   string // the whole text of the error about the token
}

// Refuse asserts that each file is refused as it should be.
func (f Format) Refuse(t *testing.T, files []Bad) {
	for _, b := range files {
		t.Run(b.Name, func(t *testing.T) {
			d, err := f.Read(bytes.NewReader([]byte(b.File)))
			var e *netlist.Error
			if d != nil || !errors.As(err, &e) {
				t.Fatalf("design %v, error %v", d, err)
			}
			if e.Line != b.Line || e.Col != b.Col || e.Token != b.Token || e.Err.Error() != b.Message {
				t.Errorf("refused with\n%d:%d %q %s\nwant\n%d:%d %q %s",
					e.Line, e.Col, e.Token, e.Err, b.Line, b.Col, b.Token, b.Message)
			}
		})
	}
}

// Slowly reads a file byte by byte, so that no reader sees more of it than the line that it asked for. It asserts that
// the outcome is the same as it was when all of the file was at hand: the same design to the byte, or the same error.
func (f Format) Slowly(t testing.TB, file []byte, d *netlist.Design, err error) {
	t.Helper()
	slow, slowErr := f.Read(iotest.OneByteReader(bytes.NewReader(file)))
	if err != nil || slowErr != nil {
		if err == nil || slowErr == nil || err.Error() != slowErr.Error() {
			t.Fatalf("%d bytes: the error is %v, and %v if it is read byte by byte", len(file), err, slowErr)
		}
		return
	}
	if Text(t, d.Circuit.Write) != Text(t, slow.Circuit.Write) {
		t.Fatalf("%d bytes: another circuit if it is read byte by byte", len(file))
	}
	a, b := *d, *slow
	a.Circuit, b.Circuit = nil, nil
	if !reflect.DeepEqual(a, b) {
		t.Fatalf("%d bytes: %+v, and %+v if it is read byte by byte", len(file), a, b)
	}
}

// Accepted reads any file. It asserts that the circuit passes its check, or that the error is
// one of the file, and reports which. Read slowly, the file gives the same.
func (f Format) Accepted(t *testing.T, file []byte) (*netlist.Design, bool) {
	t.Helper()
	d, err := f.Read(bytes.NewReader(file))
	f.Slowly(t, file, d, err)
	if err != nil {
		var e *netlist.Error
		if !errors.As(err, &e) {
			t.Fatalf("%d bytes: the error %v is none of a file", len(file), err)
		}
		brieftest.Check(t, err)
		return nil, false
	}
	if err := d.Circuit.Check(); err != nil {
		t.Fatalf("%d bytes: %v", len(file), err)
	}
	return d, true
}

// Promises asserts that files that announce much and contain little are refused, and take little
// memory.
func (f Format) Promises(t *testing.T, files ...string) {
	t.Helper()
	for _, file := range files {
		if got, err := f.Allocated(t, []byte(file)); err == nil || got > 1<<20 {
			t.Errorf("%q: %d bytes, %v", file, got, err)
		}
	}
}

// Allocated returns how many bytes reading a file allocates altogether.
func (f Format) Allocated(t *testing.T, file []byte) (uint64, error) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := f.Read(bytes.NewReader(file))
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc, err
}
