package gates

import (
	"strings"
	"testing"
)

// TestDepthModels pins down every cost of every model.
func TestDepthModels(t *testing.T) {
	free := map[string][]Kind{
		"standard":       {Const, Input, Buf, Not},
		"not-counted":    {Const, Input},
		"free-xor":       {Const, Input, Buf, Not, Xor, Xnor},
		"majority-depth": {Const, Input, Buf, Not, And, Or, Nand, Nor, Xor, Xnor, Mod},
	}
	models := DepthModels()
	if len(models) != len(free) || models[0].Name != Standard().Name {
		t.Fatalf("%d models, the first is %s", len(models), models[0].Name)
	}
	for _, m := range models {
		want := [NumKinds]int{}
		for k := range want {
			want[k] = 1
		}
		for _, k := range free[m.Name] {
			want[k] = 0
		}
		if m.Cost != want {
			t.Errorf("%s: costs %v, want %v", m.Name, m.Cost, want)
		}
		if counted := m.Name == "not-counted"; (m.Complement == 1) != counted || m.Complement > 1 {
			t.Errorf("%s: a complement costs %d", m.Name, m.Complement)
		}
		if m.FreeParity != (m.Cost[Xor] == 0 && m.Cost[Mod] != 0) {
			t.Errorf("%s: a parity as a MOD gate is free: %v", m.Name, m.FreeParity)
		}
		if m.Note == "" || strings.Contains(m.Note, "\n") {
			t.Errorf("%s: note %q is not one line", m.Name, m.Note)
		}
		if got, err := ParseDepthModel(m.Name); err != nil || got != m {
			t.Errorf("ParseDepthModel(%q) is %v, %v", m.Name, got, err)
		}
	}
	if _, err := ParseDepthModel("Standard"); err == nil ||
		!strings.Contains(err.Error(), "known: standard, not-counted, free-xor, majority-depth") {
		t.Errorf("an unknown model gives error %v, which does not list the known ones", err)
	}
}
