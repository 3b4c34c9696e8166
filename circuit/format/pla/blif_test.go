package pla

import (
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/blif"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

// blifOf writes a circuit as BLIF.
func blifOf(t *testing.T, c *circuit.Circuit) []byte {
	t.Helper()
	f := formattest.Format{Read: blif.Read, Write: blif.Write, Repertoire: blif.Repertoire()}
	return f.Expressed(t, c)
}
