package main

import (
	"runtime/debug"

	"github.com/tc0lab/tc0"
)

type versionCmd struct {
	Licences bool `aliases:"licenses" help:"What is in the program that others wrote, and under which licences, with their texts, as Markdown."`
}

func (versionCmd) Help() string {
	return `The version is that which go install took, or the revision of the source.

Examples:

  tc0 version
  tc0 version --licences
`
}

// versionInfo is the JSON of a version.
type versionInfo struct {
	Version  string `json:"version"`
	Licences string `json:"licences,omitempty"`
}

func (cmd *versionCmd) Run(a *app) error {
	v := versionInfo{Version: version()}
	if cmd.Licences {
		v.Licences = tc0.Licences()
	}
	return a.show(v, func() {
		if cmd.Licences {
			a.Printf("%s", v.Licences)
			return
		}
		a.Printf("%s\n", v.Version)
	}, true)
}

// version is that of the module, as go install sets it; without one it is the revision of
// the source.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "tc0 (development version)"
	}
	return versionOf(info)
}

func versionOf(info *debug.BuildInfo) string {
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return "tc0 " + v
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	revision := settings["vcs.revision"]
	if revision == "" {
		return "tc0 (development version)"
	}
	if settings["vcs.modified"] == "true" {
		revision += ", changed"
	}
	return "tc0 (development version " + revision + ")"
}
