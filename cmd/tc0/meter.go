package main

import (
	"fmt"
	"math"
	"os"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// patience is how long work goes on before its progress is shown.
const patience = time.Second

// meter shows the progress of one piece of work on standard error, if that is a
// terminal and the work takes longer than patience. Its methods may be called from
// any goroutine, and on nil.
type meter struct {
	lock     sync.Mutex
	state    progress
	timer    *time.Timer
	progress *mpb.Progress
	bar      *mpb.Bar
	ended    bool
}

// progress is how far a piece of work is.
type progress struct {
	name  string
	unit  string  // of what is done, such as "gates"; "" if it is not worth a word
	done  int     // of these
	all   int     // 0 if nobody knows
	part  float64 // of the work, which may be known where all is not
	start time.Time
}

// meter starts a meter; nil if nothing is to be shown.
func (a *app) meter(name string) *meter {
	f, ok := a.stderr.(*os.File)
	if !ok || a.flags.Quiet || !isTerminal(f) {
		return nil
	}
	m := &meter{state: progress{name: name, start: time.Now()}}
	m.timer = time.AfterFunc(patience, func() { m.show(f) })
	return m
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func (m *meter) show(f *os.File) {
	m.lock.Lock()
	defer m.lock.Unlock()
	if m.ended {
		return
	}
	line := func(s decor.Statistics) string {
		m.lock.Lock()
		defer m.lock.Unlock()
		return m.state.line(s.AvailableWidth, time.Now())
	}
	m.progress = mpb.New(mpb.WithOutput(f), mpb.WithAutoRefresh())
	m.bar = m.progress.New(1, mpb.NopStyle(), mpb.BarRemoveOnComplete(), mpb.PrependDecorators(decor.Any(line)))
}

// set says how much of the work is done.
func (m *meter) set(done, all int) { m.work("", done, all, float64(done)/float64(max(all, 1))) }

// vectors is set for vectors that run through a circuit.
func (m *meter) vectors(done, all int) {
	m.work("vectors", done, all, float64(done)/float64(max(all, 1)))
}

// work says how much of the work is done, in a unit, and which part of the whole that is.
func (m *meter) work(unit string, done, all int, part float64) {
	if m == nil {
		return
	}
	m.lock.Lock()
	defer m.lock.Unlock()
	m.state.unit, m.state.done, m.state.all, m.state.part = unit, done, all, min(part, 0.99)
}

// end takes the meter away.
func (m *meter) end() {
	if m == nil {
		return
	}
	m.timer.Stop()
	m.lock.Lock()
	m.ended = true
	bar, progress := m.bar, m.progress
	m.bar = nil
	m.lock.Unlock()
	if bar != nil {
		bar.Abort(true)
		progress.Wait()
	}
}

// leastName is how much of the name of a piece of work is always shown, and longestBar how long its bar becomes.
const (
	leastName  = 16
	longestBar = 24
)

// line is the progress in so many columns: the name, as much of it as there is room for, the part that is done, the
// time that is left, and where there is room for it what is done and a bar.
func (p progress) line(width int, now time.Time) string {
	took := now.Sub(p.start)
	left := clock(took)
	if p.part > 0 {
		left = fmt.Sprintf("%.0f %%, %s left", 100*p.part, clock(time.Duration(float64(took)*(1/p.part-1))))
	}
	done := ""
	if p.unit != "" && p.done > 0 {
		done = rounded(p.done) + " " + p.unit
		if p.all > 0 {
			done = rounded(p.done) + " of " + rounded(p.all) + " " + p.unit
		}
		done += ", "
	}
	width-- // a line that fills the last column may become two
	columns := utf8.RuneCountInString
	if leastName+1+columns(done+left) > width {
		done = ""
	}
	name := p.name
	if room := max(width-1-columns(done+left), 0); columns(name) > room {
		name = string([]rune(name)[:max(room-1, 0)]) + "…"
	}
	text := name + " " + done + left
	if bar := min(width-columns(text)-1, longestBar); bar >= 8 && p.part > 0 {
		full := int(math.Round(p.part * float64(bar)))
		text = name + " " + strings.Repeat("█", full) + strings.Repeat("░", bar-full) + " " + done + left
	}
	return string([]rune(text)[:min(columns(text), max(width, 0))])
}

// clock writes a duration as minutes and seconds, or hours and minutes.
func clock(d time.Duration) string {
	s := int(math.Round(d.Seconds()))
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d h", s/3600, s/60%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// rounded writes a count in few characters.
func rounded(n int) string {
	for _, unit := range []struct {
		of   float64
		name string
	}{{1e9, " G"}, {1e6, " M"}, {1e3, " k"}} {
		if v := float64(n) / unit.of; v >= 1 {
			return fmt.Sprintf("%.3g", v) + unit.name
		}
	}
	return fmt.Sprint(n)
}
