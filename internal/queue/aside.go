package queue

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Fault is why a shard failed on one worker.
type Fault struct {
	Shard  int    `json:"shard"`
	Worker string `json:"worker"`
	Why    string `json:"why"`
}

// AsideError says which shards failed too often.
type AsideError struct {
	Count  int     // of the job
	Faults []Fault // the last of each shard, by shard
}

func (e *AsideError) Error() string {
	const most = 5
	var whys []string
	shards := map[string][]string{}
	for _, f := range e.Faults {
		if shards[f.Why] == nil {
			whys = append(whys, f.Why)
		}
		shards[f.Why] = append(shards[f.Why], strconv.Itoa(f.Shard))
	}
	var b strings.Builder
	those := "each and are"
	if len(e.Faults) == 1 {
		those = "and is"
	}
	fmt.Fprintf(&b, "%d of %d shards failed %d times %s set aside", len(e.Faults), e.Count, Failures, those)
	for i, why := range whys {
		if i == most {
			fmt.Fprintf(&b, "; and for %d more reasons", len(whys)-most)
			break
		}
		word, list, more := "shard", shards[why], ""
		if len(list) > 1 {
			word = "shards"
		}
		if len(list) > 2*most {
			list, more = list[:2*most], ", …"
		}
		fmt.Fprintf(&b, "; %s %s%s: %s", word, strings.Join(list, ", "), more, printable(why))
	}
	return b.String()
}

// UseError is that no shard can be done, whoever tries: the command line or what it is about is wrong.
type UseError struct{ Why string }

func (e *UseError) Error() string { return "each shard that was tried fails: " + printable(e.Why) }

// badUse begins the reason of a shard whose program says that it was used badly.
const badUse = "exit status 2: tc0: "

// hopeless is a *UseError once several shards are set aside because of the same bad use, before any is done.
func (c *Coordinator) hopeless() error {
	const several = 3
	aside := c.set()
	if len(c.done) > 0 || len(aside) < min(several, c.Job.Count) {
		return nil
	}
	why := ""
	for _, shard := range aside {
		for _, f := range c.faults[shard] {
			if !strings.HasPrefix(f.Why, badUse) || why != "" && f.Why != why {
				return nil
			}
			why = f.Why
		}
	}
	return &UseError{strings.TrimPrefix(why, badUse)}
}

// set lists the shards that are set aside.
func (c *Coordinator) set() []int {
	var shards []int
	for shard, faults := range c.faults {
		if len(faults) >= Failures && !c.done[shard] {
			shards = append(shards, shard)
		}
	}
	slices.Sort(shards)
	return shards
}

// aside is the error of them; nil for none.
func (c *Coordinator) aside() error {
	e := &AsideError{Count: c.Job.Count}
	for _, shard := range c.set() {
		faults := c.faults[shard]
		e.Faults = append(e.Faults, faults[len(faults)-1])
	}
	if len(e.Faults) == 0 {
		return nil
	}
	return e
}
