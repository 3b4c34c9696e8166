package draw_test

import (
	"bytes"
	"errors"
	"image/color"
	"image/png"
	"regexp"
	"testing"

	"github.com/tc0lab/tc0/circuit/draw"
)

// pages counts the pages of a PDF whose page objects are not compressed.
func pages(pdf []byte) int {
	return len(regexp.MustCompile(`/Type\s*/Page[^s]`).FindAll(pdf, -1))
}

func TestFiguresAreNotBlank(t *testing.T) {
	var w bytes.Buffer
	err := draw.PNG(t.Context(), &w, mlp(t), draw.Config{Pixels: 700})
	var missing *draw.NoRasteriserError
	if errors.As(err, &missing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&w)
	if err != nil {
		t.Fatal(err)
	}
	b := img.Bounds()
	if b.Dx() != 700 || b.Dy() < 300 || b.Dy() > 1500 {
		t.Errorf("the picture has %v pixels", b)
	}
	pixels := map[color.Color]int{}
	for y := range b.Dy() {
		for x := range b.Dx() {
			pixels[color.RGBAModel.Convert(img.At(x, y))]++
		}
	}
	threshold := color.RGBA{0xf5, 0xbd, 0x8c, 255} // of the nine gates
	white := color.RGBA{255, 255, 255, 255}
	if pixels[threshold] < 9*300 || pixels[white] < b.Dx()*b.Dy()/4 {
		t.Errorf("%d pixels have the colour of gates, %d are white", pixels[threshold], pixels[white])
	}

	w.Reset()
	if err := draw.PDF(t.Context(), &w, mlp(t), draw.Config{}); err != nil || pages(w.Bytes()) != 1 {
		t.Errorf("PDF: %v, %d pages", err, pages(w.Bytes()))
	}
	first := bytes.Clone(w.Bytes())
	w.Reset()
	if err := draw.PDF(t.Context(), &w, mlp(t), draw.Config{}); err != nil || !bytes.Equal(first, w.Bytes()) {
		t.Errorf("PDF: %v, or another file", err)
	}
}
