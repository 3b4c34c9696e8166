package aiger_test

import (
	"testing"

	"github.com/tc0lab/tc0/circuit/format/aiger"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

func BenchmarkRead(b *testing.B) {
	c := formattest.Large(b, aiger.Repertoire(), 1<<20)
	for _, f := range forms {
		b.Run(f.kind, func(b *testing.B) { format(f.write).BenchmarkRead(b, c) })
	}
}

func BenchmarkWrite(b *testing.B) {
	c := formattest.Large(b, aiger.Repertoire(), 1<<20)
	for _, f := range forms {
		b.Run(f.kind, func(b *testing.B) { format(f.write).BenchmarkWrite(b, c) })
	}
}
