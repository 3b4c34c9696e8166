// Package tooltest runs other programs in tests. A program that hangs, or a machine that is
// busy, must not use up the time that go test gives to a package: one tool gets half of what
// is left, and then its test is skipped. Only tests import this package.
package tooltest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/tc0lab/tc0/internal/child"
)

// Limit is half of the time that is left to the tests of a package, and ten minutes for a
// test that does not know its deadline.
func Limit(t any) time.Duration {
	if limited, ok := t.(interface{ Deadline() (time.Time, bool) }); ok {
		if end, ok := limited.Deadline(); ok {
			return time.Until(end) / 2
		}
	}
	return 10 * time.Minute
}

// Context ends after the Limit.
func Context(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), Limit(t))
	t.Cleanup(cancel)
	return ctx
}

// SkipIf skips the test if a tool was too late.
func SkipIf(t interface {
	Helper()
	Skipf(format string, args ...any)
}, late bool, tool string,
) {
	t.Helper()
	if late {
		t.Skipf("the tool %s did not end in time on this machine", tool)
	}
}

// Output runs a tool in a folder with a text on its standard input, and returns all that it
// prints, and how it ended. It skips the test if the tool takes too long.
func Output(t testing.TB, dir, input, tool string, args ...string) (string, error) {
	t.Helper()
	ctx := Context(t)
	ended, err := child.Run(ctx, child.Command{
		Name: tool, Args: args, Dir: dir, Input: strings.NewReader(input),
	})
	SkipIf(t, ctx.Err() != nil, tool)
	if err == nil {
		err = ended.Failed
	}
	return string(ended.Out) + string(ended.Err), err
}
