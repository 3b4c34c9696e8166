package tour

import (
	"embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed shipped/*.md
var shipped embed.FS

// Names returns the names of the tours that come with the program, in alphabetical order.
func Names() []string {
	entries, err := shipped.ReadDir("shipped")
	if err != nil {
		panic("tour: " + err.Error())
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".md"))
	}
	return names
}

// Find returns a tour that comes with the program.
func Find(name string) (*Tour, error) {
	if !slices.Contains(Names(), name) {
		return nil, fmt.Errorf("tour: no tour %.40q; known: %s", name, strings.Join(Names(), " "))
	}
	f, err := shipped.Open("shipped/" + name + ".md")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return Read(f, name+".md")
}
