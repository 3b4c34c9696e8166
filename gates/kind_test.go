package gates

import (
	"strings"
	"testing"
)

func TestKindNames(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range Kinds() {
		name := k.String()
		if seen[name] || name != strings.ToUpper(name) || !k.Valid() {
			t.Errorf("kind %d is called %q", k, name)
		}
		seen[name] = true
		for _, spelling := range []string{name, strings.ToLower(name)} {
			if got, err := ParseKind(spelling); err != nil || got != k {
				t.Errorf("ParseKind(%q) is %v, %v", spelling, got, err)
			}
		}
	}
	for spelling, want := range map[string]Kind{"BUFF": Buf, "buff": Buf, "inv": Not, "Majority": Majority} {
		if got, err := ParseKind(spelling); err != nil || got != want {
			t.Errorf("ParseKind(%q) is %v, %v", spelling, got, err)
		}
	}
	for _, spelling := range []string{"", "DFF", "AND2", " AND"} {
		if got, err := ParseKind(spelling); err == nil {
			t.Errorf("ParseKind(%q) is %v", spelling, got)
		}
	}
	if k := Kind(NumKinds); k.Valid() || k.String() != "Kind(13)" {
		t.Errorf("kind %d is valid and called %v", NumKinds, k)
	}
}

// TestKindGroups asserts that each kind is a source, reads literals or reads a sum,
// and that what has a definite fan-in is said.
func TestKindGroups(t *testing.T) {
	groups := map[Kind]string{
		Const: "source 0", Input: "source 0", Buf: "logic 1", Not: "logic 1",
		And: "logic -1", Or: "logic -1", Nand: "logic -1", Nor: "logic -1", Xor: "logic -1", Xnor: "logic -1",
		Mod: "sum -1", Majority: "sum -1", Threshold: "sum -1",
	}
	for _, k := range Kinds() {
		got := ""
		if k.IsSource() {
			got += "source"
		}
		if k.IsLogic() {
			got += "logic"
		}
		if k.ReadsSum() {
			got += "sum"
		}
		switch k.FanIn() {
		case -1:
			got += " -1"
		case 0:
			got += " 0"
		case 1:
			got += " 1"
		}
		if got != groups[k] {
			t.Errorf("%v is %q, want %q", k, got, groups[k])
		}
	}
}

func TestSymbols(t *testing.T) {
	seen := map[string]Kind{}
	for _, k := range Kinds() {
		s := k.Symbol()
		if other, ok := seen[s]; ok || s == "" {
			t.Errorf("%v and %v have the symbol %q", k, other, s)
		}
		seen[s] = k
	}
}

func TestClasses(t *testing.T) {
	for _, test := range []struct {
		kind  Kind
		fanIn int
		want  Class
	}{
		{Const, 0, AC0},
		{Input, 0, AC0},
		{Not, 1, AC0},
		{Buf, 1, AC0},
		{And, 1000, AC0},
		{Or, 1000, AC0},
		{Nand, 1000, AC0},
		{Nor, 1000, AC0},
		{Xor, 0, AC0},
		{Xor, 2, AC0}, // a constant-size circuit
		{Xor, 3, ACC0},
		{Xnor, 2, AC0},
		{Xnor, 3, ACC0},
		{Mod, 2, ACC0},
		{Majority, 3, TC0},
		{Threshold, 1000, TC0},
	} {
		if got := test.kind.Class(test.fanIn); got != test.want {
			t.Errorf("%v of fan-in %d is in %v, want %v", test.kind, test.fanIn, got, test.want)
		}
	}
	if !(AC0 < ACC0 && ACC0 < TC0) {
		t.Error("the classes are not in the order of inclusion")
	}
	for c, want := range map[Class]string{AC0: "AC0", ACC0: "ACC0", TC0: "TC0", 9: "Class(9)"} {
		if c.String() != want {
			t.Errorf("class %d is called %v, want %s", uint8(c), c, want)
		}
	}
}
