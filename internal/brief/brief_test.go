package brief

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
)

func TestBrief(t *testing.T) {
	long := strings.Repeat("a", 119) + "é" + strings.Repeat("b", 2000)
	tail := strings.Repeat("b", 880)
	as := long[:119]
	for _, c := range []struct{ got, want string }{
		{Clip([]int{1, 2}), "[1 2]"},
		{Clip(long), as + "..."}, // not half an é
		{Clip(long[1:]), as[1:] + "é..."},
		{Clip(strings.Repeat("\x80", 130)), strings.Repeat("\x80", 116) + "..."},
		{Clip(long[:119] + "b"), as + "b"},
		{Quote("a\n\"b\""), `"a\n\"b\""`},
		{Quote(long), `"` + as + `"...`},
		{Sentence("plain \"é\""), "plain \"é\""},
		{Sentence("two\nlines \"and\" \xff"), `two\nlines "and" \xff`},
		{Message("a\nb"), "a\nb"},
		{Message(strings.Repeat("b", 5000)), strings.Repeat("b", 4000) + "..."},
		{Sentence(long), as + "é" + tail[:879] + "..."},
		{Sentence(strings.Repeat("\x97", 999)), strings.Repeat(`\x97`, 250) + "..."}, // as it is written
		{Error(errors.New("a\r" + long)), `a\r` + as[:117] + "..."},
		{Error(fmt.Errorf("x: %w", &fs.PathError{Op: "open", Path: "p", Err: fs.ErrNotExist})), "file does not exist"},
	} {
		if c.got != c.want {
			t.Errorf("%s\nwant %s", c.got, c.want)
		}
	}
}
