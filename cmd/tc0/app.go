package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/term"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/shard"
	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/brief"
	"github.com/tc0lab/tc0/internal/command"
	"github.com/tc0lab/tc0/internal/table"
)

// The exit statuses.
const (
	statusHolds       = 0
	statusFalse       = 1 // a check found a mismatch, or a claim is false
	statusBad         = 2 // bad use or bad input
	statusInterrupted = command.Interrupted
)

// errFalse ends a command whose result, already printed, is that a check failed.
var errFalse = errors.New("a check failed")

// app is one run of the command.
type app struct {
	table.Page     // to stdout, once the command has ended well
	ctx            context.Context
	stdin          io.Reader
	stdout, stderr io.Writer
	partial        bool  // it has not, but what there is is to be printed
	unsaved        error // why a file was not written

	flags      flags
	model      gates.DepthModel
	estimating bool // nothing is to be built, and a forecast is to be shown

	lock   sync.Mutex
	rescue func(w io.Writer) // prints what has been measured when a command is cut off
}

// main runs the command line and returns the exit status.
func (a *app) main(args []string) int {
	a.onTerminal()
	err := a.runArgs(args)
	if err == nil || errors.Is(err, errFalse) || a.partial {
		if _, e := a.stdout.Write(a.page()); e != nil && !a.partial {
			err = errf("standard output: %w", e)
		}
	}
	switch {
	case err == nil:
		return statusHolds
	case errors.Is(err, errFalse):
		return statusFalse
	case a.ctx.Err() != nil && errors.Is(err, a.ctx.Err()):
		fmt.Fprintln(a.stderr, "tc0: interrupted")
		return statusInterrupted
	}
	text := visible([]byte(brief.Message("tc0: " + plain(err))))
	fmt.Fprintf(a.stderr, "%s\n", text)
	if slices.Contains(args, "--json") && !a.partial { // whoever reads JSON reads the error there, too
		_ = writeJSON(a.stdout, failure{strings.TrimPrefix(string(text), "tc0: "), statusBad})
	}
	return statusBad
}

// failure is the JSON of an error.
type failure struct {
	Error  string `json:"error"`
	Status int    `json:"status"` // the exit status
}

// firstPage is how many lines a command prints, unless all of them are asked for.
const firstPage = 40

// page is what is printed: all of it, or what a person wants to know first.
func (a *app) page() []byte {
	if a.flags.JSON {
		return visible(a.Bytes())
	}
	page := a.Bytes()
	if !a.flags.Full {
		short, left := a.Short(firstPage)
		if page = short; len(left) > 0 {
			more := &table.Page{Width: a.Width}
			more.Printf("\n")
			more.Paragraph("--full prints more: " + strings.Join(left, "; ") + ".")
			page = append(page, more.Bytes()...)
		}
	}
	return a.Fitted(visible(page))
}

// onTerminal asks a terminal for its width, and for its letters: those of the locale.
func (a *app) onTerminal() {
	f, ok := a.stdout.(*os.File)
	if !ok || !isTerminal(f) {
		return
	}
	if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
		a.Width = width
	}
	a.Plain = !utf8Locale(os.Getenv)
}

// utf8Locale tells whether the locale has all letters. One that is not set is taken to have them.
func utf8Locale(env func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := strings.ToLower(env(name)); locale != "" {
			return strings.Contains(locale, "utf-8") || strings.Contains(locale, "utf8")
		}
	}
	return true
}

// visible returns a text as a terminal can be given it. Names come from files, and one with
// control characters would move the cursor or set the title of the window.
func visible(text []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// keep says how to print what has been measured so far; nil for no more.
func (a *app) keep(rescue func(w io.Writer)) {
	a.lock.Lock()
	defer a.lock.Unlock()
	a.rescue = rescue
}

// cutOff prints what has been measured.
func (a *app) cutOff() {
	a.lock.Lock()
	defer a.lock.Unlock()
	if a.rescue != nil && !a.flags.JSON {
		a.rescue(a.stdout)
	}
}

// ownError is an error of the command itself. Its text may begin with what a person wrote.
type ownError struct{ error }

func (e *ownError) Unwrap() error { return e.error }

// errf is fmt.Errorf for an error of the command itself.
func errf(format string, args ...any) error { return &ownError{fmt.Errorf(format, args...)} }

// unknown says that a name is not one of those known.
func unknown(what, name string, known []string) error {
	return errf("%w", &gates.UnknownError{What: what, Name: name, Known: known})
}

// packages are those of ours that begin their errors with their name.
var packages = regexp.MustCompile(`^(explore|sketch|model|compile|circuit|gates|analysis|proof|draw|check|graph|tune): `)

// plain returns the message of err without the names of the packages that it, or an error
// in it, comes from. What the command itself says is left as it is: a file may have the name
// "circuit: a.tc0".
func plain(err error) string {
	if joined, ok := err.(interface{ Unwrap() []error }); ok { // by the library of the command line, for one
		var lines []string
		for _, e := range joined.Unwrap() {
			lines = append(lines, plain(e))
		}
		return strings.Join(lines, "\n")
	}
	own, isOwn := err.(*ownError)
	if isOwn {
		err = own.error
	}
	head, tail := err.Error(), ""
	if inner := errors.Unwrap(err); inner != nil {
		if before, ok := strings.CutSuffix(head, inner.Error()); ok {
			head, tail = before, plain(inner)
		}
	}
	if !isOwn {
		head = packages.ReplaceAllString(head, "")
	}
	return head + tail
}

// note writes a line to standard error, unless --quiet.
func (a *app) note(format string, args ...any) {
	if !a.flags.Quiet {
		fmt.Fprintln(a.stderr, brief.Message(fmt.Sprintf(format, args...)))
	}
}

// emit writes v as the one JSON object of the command. Lists in it are never null; but a proof is sealed as it is.
func (a *app) emit(v any) error {
	if _, sealed := v.(*analysis.Proof); sealed {
		return writeJSON(&a.Page, v)
	}
	own := reflect.New(reflect.TypeOf(v))
	own.Elem().Set(reflect.ValueOf(v))
	withLists(own.Elem())
	return writeJSON(&a.Page, own.Interface())
}

// withLists puts an empty list or map wherever a value that becomes JSON has none.
func withLists(v reflect.Value) {
	if reflect.PointerTo(v.Type()).Implements(reflect.TypeFor[json.Marshaler]()) { // it writes itself
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			withLists(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.Tag.Get("json") != "-" && (f.IsExported() || f.Anonymous) {
				withLists(v.Field(i))
			}
		}
	case reflect.Slice:
		if v.IsNil() && v.CanSet() {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		for i := range v.Len() {
			withLists(v.Index(i))
		}
	case reflect.Map:
		if v.IsNil() && v.CanSet() {
			v.Set(reflect.MakeMap(v.Type()))
		}
		for _, key := range v.MapKeys() {
			value := reflect.New(v.Type().Elem()).Elem()
			value.Set(v.MapIndex(key))
			withLists(value)
			v.SetMapIndex(key, value)
		}
	}
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// show ends a verb: it writes v as JSON, if that was asked for, or else prints it. What was
// shown may be that a check failed.
func (a *app) show(v any, print func(), holds bool) error {
	switch {
	case shard.Of(a.ctx).Partial(): // a part is no result
		return nil
	case a.unsaved != nil:
		return a.unsaved
	case !a.flags.JSON:
		print()
	default:
		if err := a.emit(v); err != nil {
			return err
		}
	}
	return falseUnless(holds)
}

// falseUnless is what a verb returns when it has shown whether a claim holds.
func falseUnless(holds bool) error {
	if holds {
		return nil
	}
	return errFalse
}

// count writes an integer with its digits in groups of three.
func count[T int | int64 | uint64](n T) string { return table.Grouped(fmt.Sprint(n)) }

// plural writes a count with its noun.
func plural[T int | int64 | uint64](n T, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return count(n) + " " + noun + "s"
}

// took is the time in seconds since the start of some work, and 0 where times are left out. JSON has no 0.
func (a *app) took(start time.Time) float64 {
	if a.flags.Deterministic {
		return 0
	}
	return max(time.Since(start).Seconds(), math.SmallestNonzeroFloat64)
}

// seconds writes a duration.
func seconds(s float64) string {
	switch {
	case s < 0.001:
		return "under 1 ms"
	case s < 1:
		return strconv.Itoa(int(s*1000+0.5)) + " ms"
	}
	return fmt.Sprintf("%.1f s", s)
}

// after says when a solver answered, unless times are left out.
func after(s float64) string {
	if s == 0 {
		return ""
	}
	return ", after " + seconds(s)
}

// printTook prints how long a comparison took, unless times are left out.
func (a *app) printTook(s float64) {
	if s > 0 {
		a.Printf("\n  took %s\n", seconds(s))
	}
}

// commas joins names.
func commas(names []string) string { return strings.Join(names, ", ") }

// joined writes values one after another.
func joined[T any](values []T, between string) string {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = fmt.Sprint(v)
	}
	return strings.Join(parts, between)
}

// short cuts a word that would make a message too long.
func short(word string) string {
	if len(word) > 40 {
		return word[:40] + "..."
	}
	return word
}
