package main

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
)

// notice is one text that goes with a module.
type notice struct {
	file string // its name in the module
	kind string // the licence, as SPDX abbreviates it, or what else the text is
	text string
}

// kinds has words of each text that no other has, the longer texts before those that are part of them.
var kinds = []struct {
	name  string
	words []string
}{
	{"EPL-1.0", []string{"Eclipse Public License - v 1.0"}},
	{"Apache-2.0", []string{"Apache License", "Version 2.0, January 2004"}},
	{"CC-BY-4.0", []string{"Creative Commons Attribution 4.0 International"}},
	{"OFL-1.1", []string{"SIL OPEN FONT LICENSE", "Version 1.1"}},
	{"FTL", []string{"The FreeType Project LICENSE"}},
	{"a choice of licences", []string{"your choice of exactly one of the following two licenses"}},
	{"Unlicense", []string{"This is free and unencumbered software released into the public domain"}},
	{"BSL-1.0", []string{"Boost Software License - Version 1.0"}},
	{"a grant of patents", []string{"Additional IP Rights Grant (Patents)"}},
	{"BSD-3-Clause", []string{
		"Redistribution and use in source and binary forms", "documentation and/or other materials provided", "endorse or promote products",
	}},
	{"BSD-2-Clause", []string{"Redistribution and use in source and binary forms", "documentation and/or other materials provided"}},
	{"MIT", []string{"Permission is hereby granted, free of charge, to any person obtaining a copy", "WITHOUT WARRANTY OF ANY KIND"}},
}

// others are files with words of their own, by module and file.
var others = map[string]string{
	"github.com/tetratelabs/wazero NOTICE":                    "a notice",
	"gonum.org/v1/gonum THIRD_PARTY_LICENSES/Bogaert-LICENSE": "a disclaimer of its own",
	"gonum.org/v1/gonum THIRD_PARTY_LICENSES/Sun-LICENSE":     "a permission of its own",
}

// left are files that do not go with the command, by module and file, and why.
var left = map[string]string{
	"github.com/golang/freetype licenses/gpl.txt":                   "of the two licences that may be chosen from, the FTL is",
	"gonum.org/v1/gonum THIRD_PARTY_LICENSES/W3C-TestSuite-LICENSE": "only tests have what it is of",
}

// named are the names of files with licences and notices, and of folders with them.
var (
	named   = regexp.MustCompile(`(?i)^(un)?(licen[cs]e|copying|notice|patents)([-.][-.\w]*)?$`)
	folders = regexp.MustCompile(`(?i)^(third[-_]party[-_])?licen[cs]es$`)
)

// spaces are what texts are wrapped at.
var spaces = regexp.MustCompile(`\s+`)

// kindOf returns the licence of a text, "" if it is none that is known.
func kindOf(text string) string {
	flat := spaces.ReplaceAllString(text, " ")
next:
	for _, k := range kinds {
		for _, words := range k.words {
			if !strings.Contains(flat, words) {
				continue next
			}
		}
		return k.name
	}
	return ""
}

// noticesOf reads the licences and notices of a module. One without a licence, or with a text of
// no known kind, is an error: a person has to look at it.
func noticesOf(m *module) ([]notice, error) {
	files := os.DirFS(m.folder)
	var found []notice
	read := func(dir string, want *regexp.Regexp) error {
		entries, err := fs.ReadDir(files, dir)
		if err != nil {
			return err
		}
		for _, e := range entries {
			name := path.Join(dir, e.Name())
			if e.IsDir() || !want.MatchString(e.Name()) || left[m.path+" "+name] != "" {
				continue
			}
			text, err := fs.ReadFile(files, name)
			if err != nil {
				return err
			}
			kind := kindOf(string(text))
			if own, ok := others[m.path+" "+name]; ok {
				kind = own
			}
			if kind == "" {
				return fmt.Errorf("%s: %s is of no licence that is known", m.path, name)
			}
			found = append(found, notice{name, kind, tidy(string(text))})
		}
		return nil
	}
	if err := read(".", named); err != nil {
		return nil, err
	}
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.IsDir() && folders.MatchString(e.Name()) {
			if err := read(e.Name(), regexp.MustCompile(`.`)); err != nil {
				return nil, err
			}
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s has no licence in %s", m.path, m.folder)
	}
	return found, nil
}

// tidy returns a text without spaces at ends of lines, and with tabs as spaces.
func tidy(text string) string {
	var lines []string
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		lines = append(lines, strings.TrimRight(strings.ReplaceAll(line, "\t", "        "), " \f"))
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n") + "\n"
}
