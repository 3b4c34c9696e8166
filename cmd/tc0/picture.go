package main

import (
	"fmt"
	"strings"

	"github.com/tc0lab/tc0/compile/model"
)

// inks are signs of rising darkness.
const inks = " .:-=+*#%@"

// picture draws an image with a frame, two signs a pixel, since signs are about
// twice as high as wide. top is the value of full ink.
func picture(pixels []int64, columns int, top int64) string {
	var b strings.Builder
	edge := "  +" + strings.Repeat("-", 2*columns) + "+\n"
	b.WriteString(edge)
	for len(pixels) >= columns {
		b.WriteString("  |")
		for _, v := range pixels[:columns] {
			ink := inks[(v*int64(len(inks)-1)+top/2)/top]
			b.Write([]byte{ink, ink})
		}
		b.WriteString("|\n")
		pixels = pixels[columns:]
	}
	b.WriteString(edge)
	return b.String()
}

// inputText writes an input in one line: letters where tokens have them, nothing for
// an image, whose integers say little.
func inputText(config *model.Config, in []int64) string {
	if config.Input.Kind == "image" {
		return ""
	}
	names := letters(config)
	var b strings.Builder
	for i, v := range in {
		switch {
		case names != "":
			b.WriteByte(names[v])
		case i == 24:
			return b.String() + " …"
		default:
			if i > 0 {
				b.WriteByte(' ')
			}
			fmt.Fprint(&b, v)
		}
	}
	return b.String()
}
