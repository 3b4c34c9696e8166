package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"github.com/tc0lab/tc0/internal/queue"
)

// meter shows how far a job is on standard error, if that is a terminal. Its methods may be called on nil.
type meter struct {
	lock     sync.Mutex
	state    queue.Progress
	start    time.Time
	before   int // shards that were done already
	known    bool
	progress *mpb.Progress
	bar      *mpb.Bar
}

func (a *app) meter(quiet bool) *meter {
	f, ok := a.stderr.(*os.File)
	if !ok || quiet || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	m := &meter{start: time.Now(), progress: mpb.New(mpb.WithOutput(f), mpb.WithAutoRefresh())}
	m.bar = m.progress.New(1, mpb.NopStyle(), mpb.BarRemoveOnComplete(), mpb.PrependDecorators(decor.Any(
		func(s decor.Statistics) string {
			m.lock.Lock()
			defer m.lock.Unlock()
			return line(m.state, m.before, s.AvailableWidth, time.Since(m.start))
		})))
	return m
}

// line is what is shown, in so many columns: how far the work is, how fast, and who does what.
func line(p queue.Progress, before, columns int, since time.Duration) string {
	if p.Count == 0 {
		return "waiting for the server"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d of %d shards", p.Done, p.Count)
	if p.Aside > 0 {
		fmt.Fprintf(&b, ", %d set aside", p.Aside)
	}
	if s := since.Seconds(); s > 1 && p.Done > before {
		fmt.Fprintf(&b, ", %.3g a second", float64(p.Done-before)/s)
	}
	fmt.Fprintf(&b, "; workers: %d", len(p.Workers))
	for i, w := range p.Workers {
		what := "waits"
		switch {
		case w.Trouble != "":
			what = "in trouble"
		case w.Shard != 0:
			what = fmt.Sprint("shard ", w.Shard)
		}
		text := fmt.Sprintf(", %s %s", w.Worker, what)
		if i == 0 {
			text = " (" + text[2:]
		}
		if b.Len()+len(text)+3 > columns {
			b.WriteString(" …")
			break
		}
		b.WriteString(text)
		if i == len(p.Workers)-1 {
			b.WriteString(")")
		}
	}
	return b.String()
}

// set says how far the job is.
func (m *meter) set(p queue.Progress) {
	if m == nil {
		return
	}
	m.lock.Lock()
	defer m.lock.Unlock()
	if !m.known {
		m.known, m.before = true, p.Done
	}
	m.state = p
}

// above is where to write notes, so that they do not run into the line.
func (m *meter) above(w io.Writer) io.Writer {
	if m == nil {
		return w
	}
	return m.progress
}

// end takes the line away.
func (m *meter) end() {
	if m == nil {
		return
	}
	m.bar.Abort(true)
	m.progress.Wait()
}
