package explore_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/explore"
)

func packed(t testing.TB, c *circuit.Circuit, opt explore.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := explore.Pack(&b, c, opt); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What is unpacked answers as the circuit that was packed does.
func TestPack(t *testing.T) {
	for name, c := range circuits(t) {
		opt := explore.Options{
			Name: name, Input: strings.Repeat("1", len(c.Inputs())), Origins: map[string]string{"": "a test"},
			Codecs: map[string]explore.Codec{"x": {Kind: "int", Labels: []string{"none", "one"}}},
		}
		before, err := explore.Open(c, opt)
		if err != nil {
			t.Fatal(err)
		}
		after, err := explore.Unpack(bytes.NewReader(packed(t, c, opt)))
		if err != nil {
			t.Fatal(err)
		}
		want, err := before.Do("start", nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := after.Do("start", nil)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: unpacked, start answers %s, %v; want %s", name, got, err, want)
		}
		if !bytes.Contains(got, []byte(`"labels":["none","one"]`)) || !bytes.Contains(got, []byte(`"origin":"a test"`)) {
			t.Errorf("%s: the options are lost: %s", name, got)
		}
	}
}

func zipped(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestBadPacks(t *testing.T) {
	good := packed(t, parity(t, 3), explore.Options{})
	for want, data := range map[string][]byte{
		"explore: a packed circuit: EOF":                                                                nil,
		"explore: a packed circuit: gzip: invalid header":                                               []byte("0123456789abcdef"),
		"explore: not a packed circuit: it does not begin with tc0view1":                                zipped(t, "tc0view2____"),
		"explore: a packed circuit: its options are cut off":                                            zipped(t, "tc0view1\x05\x00\x00\x00{}"),
		"explore: a packed circuit: 4294967295 bytes of options; at most 16777216 are read":             zipped(t, "tc0view1\xff\xff\xff\xff"),
		"explore: the options of a packed circuit: unexpected end of JSON input":                        zipped(t, "tc0view1\x01\x00\x00\x00{"),
		"explore: a packed circuit: circuit: header, at byte 7: not a file in the native format of tc0": zipped(t, "tc0view1\x02\x00\x00\x00{}nothing"),
	} {
		_, err := explore.Unpack(bytes.NewReader(data))
		if err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
	for n := range len(good) {
		if _, err := explore.Unpack(bytes.NewReader(good[:n])); err == nil {
			t.Fatalf("the first %d of %d bytes are read as a circuit", n, len(good))
		}
	}
}

// Any bytes are refused, or open as a circuit that can be looked at.
func FuzzUnpack(f *testing.F) {
	f.Add([]byte("tc0view1\x02\x00\x00\x00{}"))
	var b bytes.Buffer
	if err := parity(f, 3).Write(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(append([]byte("tc0view1\x02\x00\x00\x00{}"), b.Bytes()...))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := explore.Unpack(bytes.NewReader(zipped(t, string(data))))
		if err != nil {
			return
		}
		if answer, err := s.Do("start", nil); err != nil || !json.Valid(answer) {
			t.Fatalf("start answers %s, %v", answer, err)
		}
	})
}
