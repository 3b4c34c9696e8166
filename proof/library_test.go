package proof_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/proof"
)

// required are the modules of the library that a file needs.
var required = regexp.MustCompile(`(?m)^From TC0 Require (?:Import )?([\w ]+)\.$`)

// TestDefinitionsAreApart asserts that textbook definitions know nothing of circuits and programs: they need the files
// about integers, and each other. They prove nothing.
func TestDefinitionsAreApart(t *testing.T) {
	found := 0
	for _, name := range proof.Modules() {
		if !strings.HasSuffix(name, "Definitions.v") {
			continue
		}
		found++
		text, err := proof.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range required.FindAllStringSubmatch(string(text), -1) {
			for _, module := range strings.Fields(line[1]) {
				if module != "Integers" && !strings.HasSuffix(module, "Definitions") {
					t.Errorf("%s needs %s", name, module)
				}
			}
		}
		if strings.Count(string(text), "TC0 ") != len(required.FindAll(text, -1)) {
			t.Errorf("%s needs modules in another way", name)
		}
		if regexp.MustCompile(`(?m)^\s*(Lemma|Theorem|Proof)\b`).Match(text) {
			t.Errorf("%s proves something", name)
		}
	}
	if found < 2 {
		t.Errorf("%d files of definitions", found)
	}
}

// TestModules asserts that each file stands behind those that it needs.
func TestModules(t *testing.T) {
	names := proof.Modules()
	for i, name := range names {
		text, err := proof.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range required.FindAllStringSubmatch(string(text), -1) {
			for _, module := range strings.Fields(line[1]) {
				if !slices.Contains(names[:i], module+".v") {
					t.Errorf("%s needs %s, which is not before it", name, module)
				}
			}
		}
	}
}
