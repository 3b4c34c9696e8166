package main

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/forecast"
	"github.com/tc0lab/tc0/analysis/paper"
	"github.com/tc0lab/tc0/internal/room"
	"github.com/tc0lab/tc0/internal/table"
)

// estimateFlag has a verb say what the circuit would be like, and stop.
type estimateFlag struct {
	Estimate bool `help:"Build nothing of that size: print about how many gates and wires the circuit would have, and what memory and time building it would take."`
}

// errEstimated ends a verb that was asked for a forecast, which is on the page.
var errEstimated = errors.New("an estimate was asked for")

// estimate is the JSON of a forecast.
type estimate struct {
	Gates   float64         `json:"gates"`
	Wires   float64         `json:"wires"`
	Bytes   float64         `json:"bytes"`   // of data in use at the peak
	Seconds float64         `json:"seconds"` // to build
	Method  forecast.Method `json:"method"`
	Members []int           `json:"members,omitempty"` // smaller ones that were built for it
}

func newEstimate(f *forecast.Forecast) *estimate {
	return &estimate{
		math.Round(f.Gates), math.Round(f.Wires), math.Round(f.Bytes()), f.Seconds(), f.Method, f.Members,
	}
}

// forecast is that of a subject of which something is known.
func (a *app) forecast(s subject) (*forecast.Forecast, error) {
	m := a.meter("estimating " + s.name())
	defer m.end()
	f, err := s.forecast(a.ctx)
	if err == nil && f == nil {
		err = errf("%s: nothing is known of its circuit before it is built", s.name())
	}
	return f, err
}

// foreseen is the JSON of the forecast of one circuit.
type foreseen struct {
	Subject  string    `json:"subject"`
	Estimate *estimate `json:"estimate"`
}

// foresee answers --estimate, if it was given.
func (a *app) foresee(s subject) error {
	if !a.estimating {
		return nil
	}
	f, err := a.forecast(s)
	if err != nil {
		return err
	}
	err = a.show(foreseen{s.name(), newEstimate(f)}, func() {
		a.title(s)
		a.printForecast(f)
	}, true)
	if err != nil {
		return err
	}
	return errEstimated
}

// foreseenMember is the JSON of the forecast of one circuit of several.
type foreseenMember struct {
	N     int `json:"n,omitempty"`
	Steps int `json:"steps,omitempty"`
	*estimate
}

// foreseenFamily is the JSON of the forecasts of the circuits of one subject.
type foreseenFamily struct {
	Subject   string           `json:"subject"`
	Estimates []foreseenMember `json:"estimates"`
}

// foreseeAll answers --estimate for several n of several families.
func (a *app) foreseeAll(subjects []subject, ns []int) error {
	var all []foreseenFamily
	for _, s := range subjects {
		f := foreseenFamily{Subject: s.name()}
		for _, n := range ns {
			of, ok := s.(interface{ setN(n int) })
			if !ok {
				return errf("--estimate: %s is a %s; the n of families and problems are estimated", s.name(), s.its().kind)
			}
			of.setN(n)
			e, err := a.forecast(s)
			if err != nil {
				return err
			}
			f.Estimates = append(f.Estimates, foreseenMember{N: n, estimate: newEstimate(e)})
		}
		all = append(all, f)
	}
	return a.showForeseen("n", all)
}

// foreseeSteps answers --estimate for several numbers of steps of several models.
func (a *app) foreseeSteps(models []*unrolled, counts []int) error {
	var all []foreseenFamily
	for _, u := range models {
		f := foreseenFamily{Subject: u.Subject}
		for _, steps := range counts {
			e, err := u.forecast(a.ctx, steps)
			if err == nil && e == nil {
				err = errf("%s: nothing is known of its circuit before it is built", u.Subject)
			}
			if err != nil {
				return err
			}
			f.Estimates = append(f.Estimates, foreseenMember{Steps: steps, estimate: newEstimate(e)})
		}
		all = append(all, f)
	}
	return a.showForeseen("T", all)
}

// foreseeEach answers --estimate for several subjects of one circuit each.
func (a *app) foreseeEach(targets ...target) error {
	var all []foreseenFamily
	for _, t := range targets {
		s, err := a.open(t)
		if err != nil {
			return err
		}
		e, err := a.forecast(s)
		if err != nil {
			return err
		}
		all = append(all, foreseenFamily{s.name(), []foreseenMember{{estimate: newEstimate(e)}}})
	}
	return a.showForeseen("", all)
}

// showForeseen shows forecasts over what is named, or of one circuit each.
func (a *app) showForeseen(over string, all []foreseenFamily) error {
	return a.show(all, func() {
		for _, f := range all {
			a.Heading("Forecast for %s", f.Subject)
			header, of := "#gates | #wires | #memory | #time | by", []any(nil)
			if over != "" {
				header = "#" + over + " | " + header
			}
			t := table.New(header)
			for _, e := range f.Estimates {
				if over != "" {
					of = []any{e.N + e.Steps}
				}
				t.Row(append(of, large(e.Gates), large(e.Wires), room.Text(whole(e.Bytes)),
					lasting(max(e.Seconds, 0.001)), e.Method)...)
			}
			a.Table(t)
		}
		a.Printf("  Nothing of these sizes was built, but where the circuits were counted.\n")
	}, true)
}

// printForecast prints what a circuit would be like.
func (a *app) printForecast(f *forecast.Forecast) {
	about := "about "
	switch f.Method {
	case forecast.Counted, forecast.Exact:
		about = ""
	case forecast.Bound:
		about = "at most "
	}
	a.Heading("Forecast (nothing of this size was built)")
	a.Field("gates", "%s%s", about, large(f.Gates))
	a.Field("wires", "%s%s", about, large(f.Wires))
	bound := room.Bound()
	a.Field("memory", "about %s at the peak, up to twice that where there is room; there are %s, %s",
		room.Text(whole(f.Bytes())), room.Text(bound.Bytes), bound.By)
	a.Field("time", "about %s to build, on one core of 2.6 GHz", lasting(max(f.Seconds(), 0.001)))
	a.Text("from", f.Note())
	if n := f.Most(float64(bound.Bytes)); f.Bytes() > float64(bound.Bytes) && n > 0 {
		a.Field("would fit", "n <= %s", count(n))
	}
}

// whole is a number as an integer, the greatest if it is beyond.
func whole(v float64) int64 {
	if v >= math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(math.Round(v))
}

// warn says on standard error what will take long, or may not fit. A refusal came before, if one is due.
func (a *app) warn(s subject) error {
	of := s.its()
	if of.kind != "family" { // whose member has looked
		f, err := s.forecast(a.ctx)
		if err != nil || f == nil {
			return nil // building says what is wrong
		}
		of.foreseen = f
		if err := f.Refusal(s.name()); err != nil {
			return err
		}
	}
	f := of.foreseen
	if f == nil {
		return nil
	}
	if bound := room.Bound(); f.Bytes() > float64(bound.Bytes) && f.Method != forecast.Bound {
		a.note("tc0: %s needs about %s of memory and may have %s: it may not fit", s.short(), room.Text(whole(f.Bytes())),
			room.Text(bound.Bytes))
	}
	if f.Seconds() > 60 {
		about := map[bool]string{true: "at most", false: "about"}[f.Method == forecast.Bound]
		a.note("tc0: building %s takes %s %s", s.short(), about, lasting(f.Seconds()))
	}
	return nil
}

// large writes a count that may be beyond all integers.
func large(v float64) string {
	if v < 1<<53 {
		return count(int64(math.Round(v)))
	}
	return fmt.Sprintf("%.3g", v)
}

// lasting writes how long something takes, roughly.
func lasting(s float64) string {
	for _, unit := range []struct {
		seconds float64
		name    string
	}{{86400, "day"}, {3600, "hour"}, {60, "minute"}} {
		if n := whole(s / unit.seconds); n > 1 {
			return plural(n, unit.name)
		}
	}
	return seconds(s)
}

// bounded is the JSON of bounds for all circuits of a family.
type bounded struct {
	Subject  string      `json:"subject"`
	Strategy string      `json:"strategy"`
	N        []int       `json:"n"`
	Bounds   []estimated `json:"bounds"`
	Assuming []string    `json:"assuming"`
}

func (a *app) showEstimate(s subject, claim analysis.Claim, ns []int, rows []estimated) error {
	strategy := s.its().strategy
	if claim.Fixed {
		ns = []int{}
	}
	return a.show(bounded{claim.Name, strategy.String(), ns, rows, append([]string{}, claim.Assuming...)}, func() {
		a.title(s)
		if claim.Trained {
			a.Heading("Upper bounds for every set of weights (%v)", strategy)
		} else {
			a.Heading("Upper bounds (%v)", strategy)
		}
		for _, r := range rows {
			if claim.Fixed {
				a.Field(r.Quantity, "at most %s", table.Big(r.At[0]))
				continue
			}
			a.Text(r.Quantity, paper.Long(r.Formula))
			for i, n := range ns {
				a.Field("", "at most %s at n = %s", table.Big(r.At[i]), count(n))
			}
		}
		if len(claim.Assuming) > 0 {
			a.Text("assuming", strings.Join(claim.Assuming, ". ")+".")
		}
	}, true)
}
