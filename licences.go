package tc0

import _ "embed" // of the page

//go:generate go run ./internal/licences

//go:embed THIRD_PARTY.md
var licences string

// Licences returns a page of Markdown: what is in the program tc0 that others wrote, and under which licences.
func Licences() string { return licences }
