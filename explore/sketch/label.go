package sketch

import (
	"fmt"
	"strings"

	"github.com/tc0lab/tc0/explore"
	"github.com/tc0lab/tc0/internal/press"
)

const flat = 40 // what is less high than this has one line of text

// item draws an item with what is written on it.
func (f *figure) item(i int) shape {
	v, k := &f.View.Items[i], &f.colours
	s := shape{
		frame: frame{float64(v.X), float64(v.Y), float64(v.W), float64(v.H)}, form: rounded, width: 1,
		fill: k.port, line: k.portLine,
	}
	switch v.Kind {
	case "sum":
		s.form, s.fill, s.line, s.width = stadium, k.sum, k.sumLine, 1.4
	case "stage", "row", "block":
		s.fill, s.line = k.stage, k.stageLine
	case "gate":
		switch shapeOf(v.Type) {
		case "port":
		case "constant":
			s.form, s.fill, s.line = box, k.constant, k.constantLine
		case "hexagon":
			s.form, s.fill, s.line = hexagon, k.parity, k.parityLine
		case "box":
			s.form, s.fill, s.line = box, k.threshold, k.thresholdLine
		default:
			s.form, s.fill, s.line = stadium, k.logic, k.logicLine
		}
	}
	switch one, single := f.bit(i); {
	case f.known && f.later(i):
		s.fill, s.dashed = k.ground, true
	case single && one:
		s.fill, s.line, s.width = k.oneFill, k.one, 2.2
	}
	if filter := f.View.State.Filter; filter != nil && filter.Kind == "path" {
		s.line, s.width = k.path, 2.6
	}
	if v.ID == f.View.State.Select {
		s.line, s.width = k.selected, 3
	}
	value := f.value(i)
	s.title = strings.Join(present(press.Clean(v.Label), v.Type, v.Note, value), ", ")
	if v.H < flat {
		s.texts = f.sign(v, s.frame, value)
	} else {
		s.texts = f.lines(v, s.frame, value)
	}
	return s
}

// present leaves out what is empty.
func present(words ...string) []string {
	var list []string
	for _, w := range words {
		if w != "" {
			list = append(list, w)
		}
	}
	return list
}

// value says what an item is for the input: a bit, a number of a sum or of a port, or how many gates
// are 1.
func (f *figure) value(i int) string {
	v := &f.View.Items[i]
	if !f.known || f.later(i) {
		return ""
	}
	ones, level := f.Paint.Ones[i], f.View.State.Level
	whole := level == nil || v.Levels[1] <= *level
	switch v.Kind {
	case "sum":
		return minus(short(f.Paint.Sums[v.ID]))
	case "gate", "output":
		return fmt.Sprint(ones)
	case "port", "oport":
		number, ok := f.Change.Inputs[v.Label]
		if v.Kind == "oport" {
			number, ok = f.Change.Ports[v.Label]
		}
		if ok && number != "" && whole {
			return "= " + minus(short(number))
		}
	}
	all := v.In // what a filter leaves
	if v.Gates > 0 {
		all = min(all, v.Gates)
	}
	are := "are"
	if ones == 1 {
		are = "is"
	}
	text := fmt.Sprintf("%s of %s %s 1", press.Count(int64(ones)), press.Count(int64(all)), are)
	if !whole {
		text += " so far"
	}
	return text
}

func minus(number string) string { return strings.Replace(number, "-", "−", 1) }

// base is where a line of text stands whose middle is at y.
func base(y, size float64) float64 { return tenth(y + 0.35*size) }

// sign writes what is in a gate: its sign or its name, and its bit.
func (f *figure) sign(v *explore.Item, at frame, value string) []text {
	words, maths := press.Clean(v.Label), v.Kind == "sum" || v.Kind == "gate" && v.Type != "INPUT"
	if maths {
		words = minus(words)
	}
	line := func(words string, x, y, size float64) text {
		return text{at: point{x, base(y, size)}, size: size, words: words, colour: f.colours.text}
	}
	room, x, y := at.w-6, at.x+at.w/2, at.middle()
	var list []text
	switch {
	case v.Kind == "sum":
		sum := line(words, x, y, largeSize)
		if value != "" && wide(value, smallSize, false) < at.w-2 {
			sum = line(value, x, y, smallSize)
		}
		sum.maths = true
		return []text{sum}
	case value != "":
		const bit = 11 // the room for one
		if bound, ok := strings.CutPrefix(words, "≥ "); ok && wide(words, smallSize, false) > room-bit {
			words = "≥" + bound
		}
		list = []text{line(value, at.right()-9.5, y, 12)}
		if maths && wide(words, smallSize, false) > room-bit { // the bit stands under the bound
			list[0] = line(value, x, at.y+19.5, smallSize)
			y = at.y + 8.5
		} else {
			room, x = room-bit, x-bit/2.0
		}
		list[0].bold = true
	}
	size := 12.0
	switch {
	case len([]rune(words)) == 1:
		size = largeSize
	case wide(words, size, false) > room || y < at.middle():
		size = smallSize
	}
	if !maths {
		words = tail(words, room, size)
	}
	own := line(cut(words, room, size, false), x, y, size)
	own.maths = maths
	return append(list, own)
}

// tail leaves of a wire of a port that has no room, such as y[0,0].1, the number: it tells it from its
// neighbours.
func tail(words string, room, size float64) string {
	i := strings.LastIndexByte(words, '.')
	if i < 0 || strings.Trim(words[i+1:], "0123456789") != "" || wide(words, size, false) <= room {
		return words
	}
	return words[i:]
}

// lines writes what is in a box: its name in up to two lines, what it is, and its value.
func (f *figure) lines(v *explore.Item, at frame, value string) []text {
	rest := present(v.Note, value)
	room, size, name := at.w-8, 12.0, press.Clean(v.Label)
	if wide(name, size, true) > room {
		size = smallSize
	}
	names := []string{name}
	if wide(name, size, true) > room && len(rest) < 2 {
		names = halves(name, room, size)
	}
	const step = 16
	y := at.middle() - step*float64(len(names)+len(rest)-1)/2
	var list []text
	for _, n := range names {
		list = append(list, text{
			at: point{at.x + at.w/2, base(y, size)}, size: size, words: cut(n, room, size, true), bold: true,
			colour: f.colours.text,
		})
		y += step
	}
	for _, r := range rest {
		list = append(list, text{
			at: point{at.x + at.w/2, base(y, smallSize)}, size: smallSize, words: cut(r, room, smallSize, false),
			colour: f.colours.faint,
		})
		y += step
	}
	return list
}

// halves breaks a name into two lines behind a blank, a slash or an ellipsis, where the first line is
// the longest that has room.
func halves(name string, room, size float64) []string {
	best := -1
	for i, r := range name {
		end := i + len(string(r))
		if strings.ContainsRune(" /…", r) && end < len(name) && wide(strings.TrimSpace(name[:end]), size, true) <= room {
			best = end
		}
	}
	if best < 0 {
		return []string{name}
	}
	return []string{strings.TrimSpace(name[:best]), strings.TrimSpace(name[best:])}
}

// wide is how much room a line of text takes at most in the common fonts without serifs.
func wide(words string, size float64, bold bool) float64 {
	em := 0.0
	for _, r := range words {
		switch {
		case strings.ContainsRune("ijl.,:;|'![]() \u202f", r):
			em += 0.4
		case strings.ContainsRune("mwMW—…@%", r):
			em += 0.98
		case r >= 'A' && r <= 'Z' || r > 0x7f:
			em += 0.77
		default:
			em += 0.64
		}
	}
	if bold {
		em *= 1.1
	}
	return em * size
}

// cut shortens a text to what has room.
func cut(words string, room, size float64, bold bool) string {
	if wide(words, size, bold) <= room {
		return words
	}
	list := []rune(words)
	for len(list) > 1 && wide(string(list)+"…", size, bold) > room {
		list = list[:len(list)-1]
	}
	return strings.TrimSpace(string(list)) + "…"
}
