package model_test

import (
	"math/big"
	"os"
	"testing"

	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/model"
)

func TestTry(t *testing.T) {
	for _, name := range []string{"config-only-gpt2-124m", "config-llama3-8b"} {
		m, err := model.LoadShape(os.DirFS("/work/shared/cases/models"), name)
		if err != nil {
			t.Error(err)
			continue
		}
		l, err := m.Bounds(model.Quantisation{})
		if err != nil {
			t.Fatal(err)
		}
		p, err := l.OpenProgram()
		if err != nil {
			t.Error(err)
			continue
		}
		f, err := formula.Of(p, lower.Balanced)
		if err != nil {
			t.Error(err)
			continue
		}
		n := big.NewInt(1024)
		g, _ := f.At(f.Gates, n)
		w, _ := f.At(f.Wires, n)
		d, _ := f.At(f.Depth, n)
		t.Log(name, f.InN(f.Gates).Pretty(), g, w, d, f.Weight.Pretty())
	}
}
