package tune

import "github.com/tc0lab/tc0/compile/model"

// ladder are settings from coarse to fine: what the model's own files say, and then finer ones.
func ladder(m *model.Model) []model.Quantisation {
	rungs := []model.Quantisation{m.Config.Quantisation}
	for _, r := range []struct{ weight, activation, residual, levels int }{
		{8, 6, 8, 24}, {10, 8, 10, 48}, {12, 10, 12, 96}, {14, 11, 14, 192}, {16, 12, 16, 384},
	} {
		for _, percentile := range []float64{99.9, 100} {
			q := model.Quantisation{
				WeightBits: r.weight, ActivationBits: r.activation, WeightScale: "tensor", Percentile: percentile,
			}
			if m.Config.Language() || m.Config.Regression() {
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

// down is a knob that takes a bit away.
func down(name string, field func(*model.Quantisation) *int) knob {
	return knob{name, func(q model.Quantisation) (model.Quantisation, bool) {
		*field(&q)--
		return q, *field(&q) >= 2
	}}
}

// weights takes a bit of all matrices away.
var weights = down("weight_bits", func(q *model.Quantisation) *int { return &q.WeightBits })

// knobs are the choices of a setting that save gates, for all roundings at once. The bits of weights save none.
func knobs(m *model.Model) []knob {
	list := []knob{down("activation_bits", func(q *model.Quantisation) *int { return &q.ActivationBits })}
	if m.Config.Language() || m.Config.Regression() {
		list = append(list, down("residual_bits", func(q *model.Quantisation) *int { return &q.ResidualBits }))
	}
	list = append(list, shared(m)...)
	return append(list, knob{"percentile", func(q model.Quantisation) (model.Quantisation, bool) {
		fine := q.Percentile >= 100
		q.Percentile = 99.9
		return q, fine
	}})
}

// shared are the knobs that no rounding has by name.
func shared(m *model.Model) []knob {
	if !attends(m) && m.Config.Selective == nil {
		return nil
	}
	return []knob{{"exp_levels", func(q model.Quantisation) (model.Quantisation, bool) {
		q.ExpLevels = q.ExpLevels * 3 / 4
		return q, q.ExpLevels >= 2
	}}}
}

// lifts returns settings that differ from one in a choice that costs no gates.
func lifts(m *model.Model, q model.Quantisation) (list []model.Quantisation) {
	add := func(change func(q *model.Quantisation)) {
		next := q
		change(&next)
		list = append(list, next)
	}
	if q.WeightBits < 10 {
		add(func(q *model.Quantisation) { q.WeightBits = min(q.WeightBits+2, 16) })
	}
	if q.WeightScale == "tensor" {
		add(func(q *model.Quantisation) { q.WeightScale = "channel" })
	}
	for _, percentile := range []float64{99, 99.9, 100} {
		if q.Percentile != percentile {
			add(func(q *model.Quantisation) { q.Percentile = percentile })
		}
	}
	if !q.Equalise && m.Equalises() {
		add(func(q *model.Quantisation) { q.Equalise = true })
		add(func(q *model.Quantisation) { q.Equalise, q.WeightBits = true, max(q.WeightBits, 12) })
	}
	if attends(m) {
		for _, span := range []float64{6, 8, 10, 12} {
			if q.ScoreSpan != span {
				add(func(q *model.Quantisation) { q.ScoreSpan = span })
			}
		}
	}
	return list
}
