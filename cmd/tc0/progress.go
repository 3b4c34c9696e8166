package main

import (
	"os"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// patience is how long work goes on before its progress is shown.
const patience = time.Second

// meter shows the progress of one piece of work on standard error, if that is a
// terminal and the work takes longer than patience. Its methods may be called from
// any goroutine, and on nil.
type meter struct {
	lock      sync.Mutex
	name      string
	done, all int64
	start     time.Time
	timer     *time.Timer
	progress  *mpb.Progress
	bar       *mpb.Bar
	ended     bool
}

// meter starts a meter; nil if nothing is to be shown.
func (a *app) meter(name string) *meter {
	f, ok := a.stderr.(*os.File)
	if !ok || a.flags.Quiet || !isTerminal(f) {
		return nil
	}
	m := &meter{name: name, all: 1, start: time.Now()}
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
	m.progress = mpb.New(mpb.WithOutput(f), mpb.WithWidth(40))
	m.bar = m.progress.AddBar(m.all, mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Name(m.name+" ")),
		mpb.AppendDecorators(decor.Percentage(), decor.NewElapsed(decor.ET_STYLE_GO, m.start, decor.WC{W: 6})),
	)
	m.bar.SetCurrent(min(m.done, m.all-1))
}

// set says how much of the work is done.
func (m *meter) set(done, all int) {
	if m == nil {
		return
	}
	m.lock.Lock()
	defer m.lock.Unlock()
	m.done, m.all = int64(done), max(int64(all), 1)
	if m.bar != nil && !m.ended {
		m.bar.SetTotal(m.all, false)
		m.bar.SetCurrent(min(m.done, m.all-1)) // the last step is end's
	}
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
	m.lock.Unlock()
	if bar != nil {
		bar.Abort(true)
		progress.Wait()
	}
}
