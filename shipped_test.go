package tc0_test

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0"
)

func TestModelNames(t *testing.T) {
	if got, want := tc0.ModelNames(), []string{"adder", "digits", "flip-flop", "long-adder", "most-frequent", "words"}; !slices.Equal(
		got,
		want,
	) {
		t.Errorf("the shipped models are %v, want %v", got, want)
	}
}

// Each shipped model has all its files, and says where it comes from and under
// which licence.
func TestModelsAreWhole(t *testing.T) {
	for _, name := range tc0.ModelNames() {
		for _, file := range []string{"config.json", "model.safetensors", "test.safetensors", "calibration.safetensors"} {
			if data, err := fs.ReadFile(tc0.Models(), name+"/"+file); err != nil || len(data) == 0 {
				t.Errorf("%s/%s: %d bytes, %v", name, file, len(data), err)
			}
		}
		readme, err := fs.ReadFile(tc0.Models(), name+"/README.md")
		if err != nil || !strings.Contains(string(readme), "## Licence") ||
			!strings.Contains(string(readme), "## Data") {
			t.Errorf("%s/README.md lacks its sections on data and licence (%v)", name, err)
		}
	}
}

func ExampleModelNames() {
	fmt.Println(tc0.ModelNames())
	// Output: [adder digits flip-flop long-adder most-frequent words]
}
