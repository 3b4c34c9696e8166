package press

import "fmt"

// Ink is the colours of one kind of shape, as #rrggbb.
type Ink struct {
	Fill string
	Line string
}

// Palette is the colours of a figure.
type Palette struct {
	Port      Ink // inputs and outputs
	Constant  Ink
	Logic     Ink // AND, OR and their complements
	Parity    Ink // XOR and MOD
	Threshold Ink // THRESHOLD and MAJORITY
	Sum       Ink
	Stage     Ink
	Inner     Ink    // every second depth of nested stages
	Text      string // labels
	Wire      string
	Negative  string // wires of negative weight, which are dashed as well
	Path      string // a highlighted path, which is heavier as well
	Beside    string // all other wires where there is one
	Faint     string // ruler, caption
}

// Paper is the default: tints of the colours that Okabe and Ito chose to be told
// apart by colour-blind readers. Shapes differ too, and the tints differ in grey.
func Paper() Palette {
	return Palette{
		Port:      Ink{"#ffffff", "#4d4d4d"},
		Constant:  Ink{"#ffffff", "#4d4d4d"},
		Logic:     Ink{"#d4e8f7", "#0072b2"},
		Parity:    Ink{"#faf0a8", "#8a7600"},
		Threshold: Ink{"#f5bd8c", "#a34700"},
		Sum:       Ink{"#ffffff", "#000000"},
		Stage:     Ink{"#f5f5f5", "#b3b3b3"},
		Inner:     Ink{"#ebebeb", "#a0a0a0"},
		Text:      "#000000",
		Wire:      "#333333",
		Negative:  "#b2001d",
		Path:      "#6a1b9a",
		Beside:    "#9a9a9a",
		Faint:     "#6b6b6b",
	}
}

// Grey is a palette for journals that print in black only.
func Grey() Palette {
	return Palette{
		Port:      Ink{"#ffffff", "#404040"},
		Constant:  Ink{"#ffffff", "#404040"},
		Logic:     Ink{"#e6e6e6", "#000000"},
		Parity:    Ink{"#d8d8d8", "#000000"},
		Threshold: Ink{"#c4c4c4", "#000000"},
		Sum:       Ink{"#ffffff", "#000000"},
		Stage:     Ink{"#f7f7f7", "#a6a6a6"},
		Inner:     Ink{"#efefef", "#999999"},
		Text:      "#000000",
		Wire:      "#1a1a1a",
		Negative:  "#1a1a1a",
		Path:      "#000000",
		Beside:    "#999999",
		Faint:     "#595959",
	}
}

// ParsePalette finds a palette by its name, "paper" or "grey".
func ParsePalette(name string) (Palette, error) {
	switch name {
	case "paper":
		return Paper(), nil
	case "grey":
		return Grey(), nil
	}
	return Palette{}, fmt.Errorf("draw: unknown palette %q; known: paper grey", name)
}
