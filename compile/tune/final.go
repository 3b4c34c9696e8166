package tune

import (
	"context"

	"github.com/tc0lab/tc0/compile/model"
)

// Final measures a setting on other inputs than those of the search: of how many the network in floating point answers
// rightly, and how many of these answers the network in integers keeps.
func Final(ctx context.Context, q *model.Quantised, d *model.Dataset) (inputs, right, keeps int, err error) {
	asked, inputs := questions(q.Model, d, d.Len())
	keeps, err = kept(ctx, q, asked)
	return inputs, len(asked), keeps, err
}
