package handwritten

import "github.com/tc0lab/tc0/circuit/internal/formattest"

func format() formattest.Format {
	return formattest.Format{Read: Read, Write: Write, Repertoire: Repertoire()}
}
