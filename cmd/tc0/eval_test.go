package main

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tc0lab/tc0/circuit"
)

// testPorts are an unsigned, a signed and a one-hot port, 3 + 2 + 4 wires.
func testPorts(t *testing.T) []circuit.Port {
	t.Helper()
	b := circuit.NewBuilder()
	b.InputPort("u", circuit.Format{Kind: circuit.Unsigned}, 3)
	b.InputPort("s", circuit.Format{Kind: circuit.TwosComplement}, 2)
	b.InputPort("h", circuit.Format{Kind: circuit.OneHot}, 4)
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	return c.InputPorts()
}

func TestReadVectors(t *testing.T) {
	ports := testPorts(t)
	const text = `
# a comment
6 -2 3
  6,-2,3   # the same
011 01 0001
011010001
	7 1	0
`
	r := &vectorReader{file: "v.txt", ports: ports}
	vectors, err := allVectors(r, text)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range vectors {
		values, err := decodePorts(ports, v)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, joined(values, " ")+" = "+writeBits(ports, v))
	}
	same := "6 -2 3 = 011 01 0001"
	if diff := cmp.Diff([]string{same, same, same, same, "7 1 0 = 111 10 1000"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReadVectorsNamesThePlace(t *testing.T) {
	for text, want := range map[string]string{
		"1 0 0\n8 0 0":                "v.txt:2:1: port u: 8 is outside 0..7",
		"1 -3 0":                      "v.txt:1:3: port s: -3 is outside -2..1",
		"1 0 4":                       "v.txt:1:5: port h: 4 is outside 0..3",
		"\n\n1 0":                     "v.txt:3:4: the line ends before port h: 2 of 3 integers (or 9 bits)",
		"1 0 0 5":                     `v.txt:1:7: "5" is too many: there are 3 ports (9 bits)`,
		"1 zero 0":                    `v.txt:1:3: port s: "zero" is not an integer`,
		"1 0x1 0":                     `v.txt:1:3: port s: "0x1" is not an integer`,
		"1 1.5 0":                     `v.txt:1:3: port s: "1.5" is not an integer`,
		"000 00 0110":                 "v.txt:1:1: port h: 2 of the 4 wires of a one-hot value are 1",
		"0000000000":                  "v.txt:1:11: the line ends before port s",
		"1 0 99999999999999999999999": "v.txt:1:5: port h: 99999999999999999999999 is outside 0..3",
	} {
		r := &vectorReader{file: "v.txt", ports: testPorts(t)}
		if _, err := allVectors(r, text); err == nil || !strings.Contains(plain(err), want) {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
	}
}

func TestParseN(t *testing.T) {
	for text, want := range map[string][]int{
		"2,4,8":     {2, 4, 8},
		"8,2,2":     {2, 8},
		"3..6":      {3, 4, 5, 6},
		"2..64*2":   {2, 4, 8, 16, 32, 64},
		"2..11+4":   {2, 6, 10},
		"1,3..4,9":  {1, 3, 4, 9},
		"5..5":      {5},
		"2..20*3,7": {2, 6, 7, 18},
	} {
		got, err := parseN("n", text)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%q: %v\n%s", text, err, diff)
		}
	}
	for text, want := range map[string]string{
		"":         `"" in ""`,
		"2,":       `"" in ""`,
		"0":        `"0" in "0"`,
		"-4":       `"-4"`,
		"4..2":     "is empty",
		"2..":      `"" in "2.."`,
		"2..9*1":   "must be at least 2",
		"2..9+0":   `"0" in "2..9+0"`,
		"1..99999": "more than 10000 values",
		"two":      `"two"`,
	} {
		if got, err := parseN("n", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, error %v, want %q", text, got, err, want)
		}
	}
}

func TestGrowthN(t *testing.T) {
	if diff := cmp.Diff([]int{2, 4, 8, 16, 32}, growthN(8, 40_000)); diff != "" {
		t.Errorf("a quick family (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{2, 4, 7}, growthN(7, 40_000_000)); diff != "" {
		t.Errorf("a slow family (-want +got):\n%s", diff)
	}
}

func TestPicture(t *testing.T) {
	got := picture([]int64{0, 15, 7, 1}, 2, 15)
	want := "  +----+\n  |  @@|\n  |==..|\n  +----+\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// FuzzReadVectors checks that no text makes the reader fail otherwise than with an
// error that names a place, and that what it reads is written back the same.
func FuzzReadVectors(f *testing.F) {
	for _, text := range []string{"6 -2 3", "011 01 0001\n# no more", "011010001", "1,2,3,4", "x", "\x00\n\n9999999999999999999999 0 0", "7 1\t0\r\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ports := testPorts(t)
		vectors, err := allVectors(&vectorReader{file: "v.txt", ports: ports}, text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "v.txt:") {
				t.Fatalf("an error without a place: %v", err)
			}
			return
		}
		for _, v := range vectors {
			again, err := allVectors(&vectorReader{file: "v.txt", ports: ports}, writeBits(ports, v))
			if err != nil || len(again) != 1 || !cmp.Equal(again[0], v) {
				t.Fatalf("%v is written %q, which reads as %v, %v", v, writeBits(ports, v), again, err)
			}
		}
	})
}

func allVectors(r *vectorReader, text string) (list [][]bool, err error) {
	err = r.each(strings.NewReader(text), func(v []bool) error {
		list = append(list, v)
		return nil
	})
	return list, err
}

// endless is input that never ends; what reads it is done for once it has had enough.
type endless struct{ reads int }

func (e *endless) Read(b []byte) (int, error) {
	e.reads++
	return copy(b, "101\n011\n"), nil
}

// enough fails once some lines have been written.
type enough struct{ lines int }

var errEnough = errors.New("enough")

func (e *enough) Write(b []byte) (int, error) {
	if e.lines += bytes.Count(b, []byte("\n")); e.lines >= 3 {
		return 0, errEnough
	}
	return len(b), nil
}

// TestEvalOfEndlessInput asserts that outputs come while there is input, and that what cannot be written ends it.
func TestEvalOfEndlessInput(t *testing.T) {
	a := &app{ctx: t.Context(), stdin: &endless{}, stdout: &enough{}, stderr: io.Discard}
	if status := a.main([]string{"eval", "majority:n=3"}); status == 0 {
		t.Errorf("exit status %d", status)
	}
	if in := a.stdin.(*endless); in.reads > 10 {
		t.Errorf("%d reads", in.reads)
	}
}
