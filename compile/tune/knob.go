package tune

import "github.com/tc0lab/tc0/compile/model"

// ladder are settings from coarse to fine: what the model's own files say, and then finer ones.
func ladder(m *model.Model) []model.Quantisation {
	rungs := []model.Quantisation{{}}
	for _, r := range []struct{ weight, activation, residual, levels int }{
		{8, 6, 8, 24}, {10, 8, 10, 48}, {12, 10, 12, 96}, {14, 11, 14, 192}, {16, 12, 16, 384},
	} {
		for _, percentile := range []float64{99.9, 100} {
			q := model.Quantisation{
				WeightBits: r.weight, ActivationBits: r.activation, WeightScale: "tensor", Percentile: percentile,
			}
			if m.Config.Language() {
				q.ResidualBits = r.residual
			}
			if attends(m) {
				q.ExpLevels = r.levels
			}
			rungs = append(rungs, q)
		}
	}
	return rungs
}

// attends reports whether a model has an exponential.
func attends(m *model.Model) bool {
	return m.Config.Decoder != nil || m.Config.ModelType == "attention-classifier"
}

// knob makes a setting coarser by a step. It reports false at its end.
type knob struct {
	name string
	turn func(q model.Quantisation) (model.Quantisation, bool)
}

// knobs are the choices of a setting that save gates.
func knobs(m *model.Model) []knob {
	bits := func(name string, field func(*model.Quantisation) *int, least int) knob {
		return knob{name, func(q model.Quantisation) (model.Quantisation, bool) {
			*field(&q)--
			return q, *field(&q) >= least
		}}
	}
	list := []knob{
		bits("weight_bits", func(q *model.Quantisation) *int { return &q.WeightBits }, 2),
		bits("activation_bits", func(q *model.Quantisation) *int { return &q.ActivationBits }, 2),
	}
	if m.Config.Language() {
		list = append(list, bits("residual_bits", func(q *model.Quantisation) *int { return &q.ResidualBits }, 2))
	}
	if attends(m) {
		list = append(list, knob{"exp_levels", func(q model.Quantisation) (model.Quantisation, bool) {
			q.ExpLevels = q.ExpLevels * 3 / 4
			return q, q.ExpLevels >= 2
		}})
	}
	return append(list, knob{"percentile", func(q model.Quantisation) (model.Quantisation, bool) {
		fine := q.Percentile >= 100
		q.Percentile = 99.9
		return q, fine
	}})
}
