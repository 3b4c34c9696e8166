package command

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"
)

func TestVersion(t *testing.T) {
	build := func(version string, settings ...debug.BuildSetting) *debug.BuildInfo {
		return &debug.BuildInfo{Main: debug.Module{Version: version}, Settings: settings}
	}
	revision := debug.BuildSetting{Key: "vcs.revision", Value: "c50f117"}
	changed := debug.BuildSetting{Key: "vcs.modified", Value: "true"}
	path := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(path, []byte("abc"), 0o666); err != nil {
		t.Fatal(err)
	}
	const digest = " ba7816bf8f01cfea"
	for want, tc := range map[string]struct {
		info *debug.BuildInfo
		more string
	}{
		"tc0 v1.2.3": {build("v1.2.3", revision), ""},
		"tc0 v0.0.0-20260101000000-c50f117+dirty":    {build("v0.0.0-20260101000000-c50f117+dirty", revision), digest},
		"tc0 (development version c50f117)":          {build("(devel)", revision), ""},
		"tc0 (development version c50f117, changed)": {build("", revision, changed), digest},
		"tc0 (development version)":                  {build(""), digest},
	} {
		got := versionOf("tc0", tc.info)
		exact, err := Exact(got, path)
		if got != want || exact != want+tc.more || err != nil {
			t.Errorf("%q, want %q; exact %q, %v", got, want, exact, err)
		}
	}
	if _, err := Exact("tc0 (development version)", path+"x"); err == nil {
		t.Error("a program that is not there has a digest")
	}
}
