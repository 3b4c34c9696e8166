package bristol_test

import (
	"testing"

	"github.com/tc0lab/tc0/circuit/format/bristol"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

func BenchmarkRead(b *testing.B) {
	format().BenchmarkRead(b, formattest.Large(b, bristol.Repertoire(), 1<<20))
}

func BenchmarkWrite(b *testing.B) {
	format().BenchmarkWrite(b, formattest.Large(b, bristol.Repertoire(), 1<<20))
}
