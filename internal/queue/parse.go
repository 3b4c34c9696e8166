package queue

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Parse reads the command line of a job, without the name of the program, in the folder where it would run. The job
// lacks its version and count. Show are the flags that tell how the result is shown: they are for tc0 gather.
func Parse(args []string) (j *Job, show []string, err error) {
	if len(args) == 0 {
		return nil, nil, fmt.Errorf("there is no verb; those that have shards: %s", strings.Join(Verbs(), ", "))
	}
	j = &Job{Verb: args[0], Args: []string{}, Subjects: []Subject{}}
	v := verbs[j.Verb]
	if v == nil {
		return nil, nil, fmt.Errorf("%.40q is no verb that has shards: %s", j.Verb, strings.Join(Verbs(), ", "))
	}
	for i := 1; i < len(args); i++ {
		arg := args[i]
		if !strings.HasPrefix(arg, "-") {
			err = j.word(v, arg)
		} else {
			arg = long(arg)
			flag, _, has := strings.Cut(strings.TrimPrefix(arg, "--"), "=")
			_, shown := v.shown[flag]
			if v.flags[flag]+v.shown[flag] != nothing && !has && i+1 < len(args) {
				i++
				arg += "=" + args[i]
			}
			if shown {
				show = append(show, arg)
				_, text, has := strings.Cut(arg, "=")
				err = needs(flag, v.shown[flag], text, has)
			}
			if _, work := v.flags[flag]; err == nil && (work || !shown) {
				err = j.flag(v, arg)
			}
		}
		if err != nil {
			return nil, nil, fmt.Errorf("tc0 %s: %w", j.Verb, err)
		}
	}
	if len(j.Subjects) != v.subjects {
		return nil, nil, fmt.Errorf("tc0 %s: there are %d subjects, and it takes %d", j.Verb, len(j.Subjects), v.subjects)
	}
	return j, show, nil
}

// long writes a flag in full.
func long(arg string) string {
	for short, full := range map[string]string{"-q": "--quiet", "--no-progress": "--quiet", "-o": "--output"} {
		if arg == short {
			return full
		}
	}
	return arg
}

// word takes what is no flag: a subject, or the text behind them.
func (j *Job) word(v *verb, arg string) error {
	if len(j.Subjects) == v.subjects && v.input && j.Input == "" {
		j.Input = arg
		return nil
	}
	s, err := locate(arg)
	j.Subjects = append(j.Subjects, s)
	return err
}

// flag takes a flag of the work.
func (j *Job) flag(v *verb, arg string) error {
	flag, text, has := strings.Cut(strings.TrimPrefix(arg, "--"), "=")
	if kind := v.flags[flag]; has && (kind == file || kind == either) {
		s, err := locate(text)
		if err != nil {
			return fmt.Errorf("--%s: %w", flag, err)
		}
		if s.Digest != "" {
			arg = "--" + flag + "=" + s.Name
			if !slices.Contains(j.Files, s) {
				j.Files = append(j.Files, s)
			}
		}
	}
	if err := v.check(arg, j.Files); err != nil {
		name := "--" + strings.TrimPrefix(flag, "--")
		if _, known := v.flags[flag]; !known && strings.HasPrefix(arg, "-") {
			return fmt.Errorf("%s is no flag that can be given here: %s; and of what is shown: %s", name, names(v.flags), names(v.shown))
		}
		return err
	}
	j.Args = append(j.Args, arg)
	return nil
}

// locate finds whether a subject is a path, and notes its digest then.
func locate(name string) (s Subject, err error) {
	s.Name = name
	if _, err := os.Stat(name); err != nil {
		if nameText.MatchString(name) && filepath.Ext(name) == "" {
			return s, s.check()
		}
		return s, err
	}
	if s.Digest, err = Digest(name); err != nil {
		return s, err
	}
	s.Name = strings.TrimPrefix(filepath.ToSlash(filepath.Clean(name)), "./")
	return s, s.check()
}

// Paths lists the model folders and files that the job is about: what a worker has to be given.
func (j *Job) Paths() []string {
	var paths []string
	for _, s := range slices.Concat(j.Subjects, j.Files) {
		if s.Digest != "" {
			paths = append(paths, filepath.FromSlash(s.Name))
		}
	}
	return paths
}
