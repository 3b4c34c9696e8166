package netlist

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

var lexis = Lexis{Comment: '#', Signs: "()=", Continue: true}

// tokens writes every token as text@line:column.
func tokens(t *testing.T, text string) []string {
	t.Helper()
	s := NewScanner(iotest.OneByteReader(strings.NewReader(text)), lexis)
	var got []string
	for {
		line, ok := s.Next()
		if !ok {
			if s.Err() != nil {
				t.Error(s.Err())
			}
			return got
		}
		for _, tok := range line {
			got = append(got, fmt.Sprintf("%s@%d:%d", tok.Text, tok.Pos.Line, tok.Pos.Col))
		}
		got = append(got, ";")
	}
}

func TestScanner(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "",
		"\n\r\n  \t\n":           "",
		"a b":                    "a@1:1 b@1:3 ;",
		"a b\r\n\r\n c\r\n":      "a@1:1 b@1:3 ; c@3:2 ;",
		"x=AND(a,b)#c\n":         "x@1:1 =@1:2 AND@1:3 (@1:6 a,b@1:7 )@1:10 ;",
		"a \\\n b\\\r\nc\nd":     "a@1:1 b@2:2 c@3:1 ; d@4:1 ;",
		"a \\":                   "a@1:1 ;",
		"a # no \\\nb":           "a@1:1 ; b@2:1 ;",
		"a \\\n# all comment\nb": "a@1:1 ; b@3:1 ;",
		"\x00 \xff":              "\x00@1:1 \xff@1:3 ;",
	} {
		if got := strings.Join(tokens(t, text), " "); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestScannerComments(t *testing.T) {
	s := NewScanner(strings.NewReader("# one\nx # two \n\n#three"), lexis)
	for {
		if _, ok := s.Next(); !ok {
			break
		}
	}
	if got := strings.Join(s.comments, "|"); got != "one|two|three" {
		t.Errorf("comments %q", got)
	}
	if got := fmt.Sprint(s.places); got != "[1 2 4]" {
		t.Errorf("lines %s", got)
	}
}

// Nothing beyond the lines asked for is taken from a reader that is shared.
func TestScannerTakesNoMore(t *testing.T) {
	r := bufio.NewReader(strings.NewReader("header 1\nraw\x00bytes"))
	s := NewScanner(r, Lexis{})
	if line, ok := s.Line(); !ok || string(line) != "header 1" {
		t.Fatalf("line %q", line)
	}
	if rest, err := io.ReadAll(r); err != nil || string(rest) != "raw\x00bytes" {
		t.Errorf("the rest is %q, %v", rest, err)
	}
}

func TestScannerLongLine(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	s := NewScanner(strings.NewReader(long+" y\nz"), lexis)
	line, _ := s.Next()
	if len(line) != 2 || len(line[0].Text) != 1<<20 || line[1].Pos.Col != 1<<20+2 {
		t.Fatalf("%d tokens", len(line))
	}
	if line, ok := s.Next(); !ok || line[0].Pos != (Pos{2, 1}) {
		t.Error("the next line is lost")
	}
}

func TestScannerError(t *testing.T) {
	boom := errors.New("boom")
	s := NewScanner(io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(boom)), lexis)
	for {
		if _, ok := s.Next(); !ok {
			break
		}
	}
	if !errors.Is(s.Err(), boom) {
		t.Errorf("error %v", s.Err())
	}
}

func TestTokenInt(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "12": "12", "13": "more than 12", "99999999999999999999": "more than 12",
		"-1": "not negative", "x": "not negative", "1.5": "not negative", "+3": "not negative", "": "not negative",
	} {
		v, err := Token{[]byte(text), Pos{3, 4}}.Int(12)
		switch {
		case err == nil && fmt.Sprint(v) != want:
			t.Errorf("%q is %d, want %s", text, v, want)
		case err != nil && !strings.Contains(err.Error(), want):
			t.Errorf("%q: %v, want %s", text, err, want)
		case err != nil && text != "" && !strings.HasPrefix(err.Error(), "line 3:4: \""+text+"\": "):
			t.Errorf("%q: the error %q does not begin with the place and the token", text, err)
		}
	}
}

func TestError(t *testing.T) {
	wrong := errors.New("is wrong")
	for want, e := range map[string]*Error{
		"is wrong":                        {Err: wrong},
		`"t": is wrong`:                   {Token: "t", Err: wrong},
		"line 3: is wrong":                {Line: 3, Err: wrong},
		`line 3:7: "a\x00": is wrong`:     {Line: 3, Col: 7, Token: "a\x00", Err: wrong},
		`f.bench:3:7: "t": is wrong`:      {File: "f.bench", Line: 3, Col: 7, Token: "t", Err: wrong},
		"f.bench: is wrong":               {File: "f.bench", Err: wrong},
		strings.Repeat("x", 60) + "…\": ": {Token: strings.Repeat("x", 99), Err: wrong},
	} {
		if got := e.Error(); got != want && !(len(want) > 60 && strings.Contains(got, want)) {
			t.Errorf("%q, want %q", got, want)
		}
		if !errors.Is(e, wrong) {
			t.Error("the cause is lost")
		}
	}
}
