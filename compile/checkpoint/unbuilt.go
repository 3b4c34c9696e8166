package checkpoint

import (
	"slices"
	"strings"
)

// unbuilt are modules that are not built where no config.json says what the network is, and what a person can do. The
// name of a tensor tells them by its end, or by how many dimensions the tensor has, too.
var unbuilt = []struct {
	end      string
	rank     int
	what, do string
}{
	{".running_mean", 0, "a batch norm", "; fold it into the layer before it"},
	{".weight_g", 0, "a weight norm", "; take it off with torch.nn.utils.remove_weight_norm"},
	{".original0", 0, "a parametrization", "; take it off with torch.nn.utils.parametrize.remove_parametrizations"},
	{".weight_orig", 0, "a spectral norm or a pruned matrix", "; take it off with the remove of torch.nn.utils"},
	{"weight_hr_l0", 0, "a recurrent cell with a projection", ""},
	{"_reverse", 0, "a recurrent network of both directions", ""},
	{"in_proj_weight", 0, "an attention of torch.nn.MultiheadAttention", ""},
	{".weight", 3, "a convolution", " but in a mamba, whose config.json must stand beside it"},
	{".weight", 4, "a convolution", ""},
	{".weight", 5, "a convolution", ""},
	{".weight", 1, "a norm or a PReLU", " but in a decoder: put a config.json with a model_type beside it, or name its tensors in a map"},
}

// missingPart names a tensor of a module that is not built.
func (v *conversion) missingPart() error {
	names := v.Names()
	for _, u := range unbuilt {
		i := slices.IndexFunc(names, func(name string) bool {
			return strings.HasSuffix(name, u.end) && (u.rank == 0 || len(v.Tensors[name].Shape) == u.rank)
		})
		if i >= 0 {
			return v.fail(names[i], "belongs to %s, which is not built%s", u.what, u.do)
		}
	}
	return nil
}

// unknown says that the layout is not known: because of a module that is not built, if there is one.
func (v *conversion) unknown() error {
	if err := v.missingPart(); err != nil {
		return err
	}
	return v.fail("", "the layout is not known: it has %s; put a config.json with a model_type beside it, or name the "+
		"tensors in a map", v.found())
}
