package queue

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/internal/brief/brieftest"
)

const goodDigest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// A message is read in one way only.
func TestDecode(t *testing.T) {
	good := Task{Job{
		Version: "tc0 v1.0", Verb: "equiv", Subjects: []Subject{{"models/mine", goodDigest}, {"adder:n=4", ""}},
		Args: []string{"--timeout=5s", "--comb"}, Count: 7,
	}, 3}
	data, err := good.Encode()
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"version":"tc0 v1.0","verb":"equiv","subjects":[{"name":"models/mine","digest":"` + goodDigest +
		`"},{"name":"adder:n=4"}],"args":["--timeout=5s","--comb"],"count":7,"shard":3}`
	if string(data) != want {
		t.Errorf("encoded as %s", data)
	}
	back, err := Decode(data)
	if err != nil || !reflect.DeepEqual(back, &good) {
		t.Errorf("decoded as %+v, %v", back, err)
	}
	change := func(old, new string) string { return strings.Replace(want, old, new, 1) }
	for name, test := range map[string]struct{ text, says string }{
		"nothing":                 {"", "no task"},
		"a list":                  {"[]", "no task"},
		"null":                    {"null", "as it would be written"},
		"an unknown field":        {change(`"count"`, `"code":"x","count"`), `unknown field "code"`},
		"another case":            {change(`"verb"`, `"Verb"`), "as it would be written"},
		"a field twice":           {change(`"count":7`, `"count":7,"count":7`), "as it would be written"},
		"what follows":            {want + " ", "as it would be written"},
		"another order":           {`{"shard":3,` + strings.Replace(want[1:], `,"shard":3`, "", 1), "as it would be written"},
		"too long":                {change("tc0 v1.0", strings.Repeat("x", 16<<10)), "the limit is 16384"},
		"another verb":            {change(`"equiv"`, `"build"`), `"build" is none of those that have shards`},
		"one subject":             {change(`,{"name":"adder:n=4"}`, ""), "there are 1, and tc0 equiv takes 2"},
		"no args":                 {change(`["--timeout=5s","--comb"]`, "null"), "they are missing"},
		"shard 0":                 {change(`"shard":3`, `"shard":0`), "0 is not from 1 to 7"},
		"shard beyond":            {change(`"shard":3`, `"shard":8`), "8 is not from 1 to 7"},
		"no shards":               {change(`"count":7`, `"count":0`), "0 is not from 1 to 100000"},
		"a number too large":      {change(`"count":7`, `"count":1e99`), "no task"},
		"a path without digest":   {change(`,"digest":"`+goodDigest+`"`, ""), "a path needs a digest"},
		"an absolute path":        {change("models/mine", "/etc"), "no path that lies in the folder"},
		"a path upwards":          {change("models/mine", "../mine"), "no path that lies in the folder"},
		"a path like a flag":      {change("models/mine", "-o"), "no path that lies in the folder"},
		"another digest":          {change("0123", "xyz-"), "is no digest"},
		"a file that is written":  {change("--comb", "--miter=x"), "no flag that a shard may have"},
		"a subject like a flag":   {change("adder:n=4", "--proof=x"), "no name of a family"},
		"how it is shown":         {change("--comb", "--json"), "no flag that a shard may have"},
		"where the shard goes":    {change("--comb", "--into=x"), "no flag that a shard may have"},
		"a short flag":            {change("--comb", "-o"), "no flag that a shard may have"},
		"a word":                  {change("--comb", "json"), "no flag that a shard may have"},
		"a value that is a path":  {change("--timeout=5s", "--solver=/bin/sh"), "could be a path"},
		"a value of two lines":    {change("5s", `5s\n`), "could be a path"},
		"a flag without a value":  {change("--timeout=5s", "--timeout"), "needs a value"},
		"a switch with a value":   {change("--comb", "--comb=x"), "takes no value"},
		"a version of two lines":  {change("v1.0", `v1\n`), "is not the text that tc0 version prints"},
		"subjects in each other":  {change(`{"name":"adder:n=4"}`, `{"name":"models","digest":"`+goodDigest+`"}`), "lie in each other"},
		"a subject of that name":  {change(`"adder:n=4"`, `"models/mine","digest":"`+strings.Repeat("f", 64)+`"`), "lie in each other"},
		"an input":                {change(`"args"`, `"input":"x","args"`), "tc0 equiv takes none"},
		"a file without a flag":   {change(`"args"`, `"files":[{"name":"f","digest":"`+goodDigest+`"}],"args"`), `no flag names "f"`},
		"a file without a digest": {change(`"args"`, `"files":[{"name":"f"}],"args"`), `"f" has no digest`},
		"a flag without a file":   {change("--comb", "--library=f"), "is no file that the job has a digest of"},
		"a name with a separator": {change("adder:n=4", "adder:n=4/5"), "no name of a family"},
	} {
		if got, err := Decode([]byte(test.text)); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %+v, %v; want an error with %q", name, got, err, test.says)
		}
	}
}

// What a worker decodes it could have encoded, and its command line is the verb, subjects, flags of the list and a
// shard.
func FuzzDecode(f *testing.F) {
	for _, task := range []Task{
		{sweepJob(7), 3},
		{Job{
			Version: "tc0 v1.0", Verb: "run", Subjects: []Subject{{"models/mine", goodDigest}}, Input: "123+989",
			Args: []string{"--index=3", "--count=9"}, Count: 2,
		}, 1},
		{Job{
			Version: "tc0 v1.0", Verb: "verify", Subjects: []Subject{{"head.tc0", goodDigest}},
			Files: []Subject{{"a/mlp.tc0", goodDigest}}, Args: []string{"--against=a/mlp.tc0", "--seed=1"}, Count: 2,
		}, 2},
		{Job{
			Version: "tc0 v1.0", Verb: "equiv", Subjects: []Subject{{"a", ""}, {"b:n=2,m=3", ""}}, Args: []string{}, Count: 1,
		}, 1},
	} {
		data, err := task.Encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
		f.Add(data[:len(data)/2])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		task, err := Decode(data)
		if err != nil {
			return
		}
		again, err := task.Encode()
		if err != nil || string(again) != string(data) {
			t.Fatalf("%q is encoded as %q, %v", data, again, err)
		}
		v := verbs[task.Verb]
		args := task.command("INTO")
		words := 1 + v.subjects
		if task.Input != "" {
			words++
		}
		if len(args) != words+len(task.Args)+2 || args[0] != task.Verb || args[len(args)-1] != "--into=INTO" {
			t.Fatalf("%q", args)
		}
		for i, arg := range args {
			if flag := strings.HasPrefix(arg, "-"); flag != (i >= words) {
				t.Fatalf("argument %d of %q", i, args)
			}
			name, _, _ := strings.Cut(strings.TrimPrefix(arg, "--"), "=")
			if _, known := v.flags[name]; i >= words && !known && name != "shard" && name != "into" {
				t.Fatalf("%q is no flag of a shard", arg)
			}
		}
	})
}

func TestParse(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.MkdirAll("models/mine", 0o777); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"models/mine/config.json", "texts.txt", "head.tc0"} {
		if err := os.WriteFile(name, []byte("{}"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	folder, err := Digest("models/mine")
	if err != nil {
		t.Fatal(err)
	}
	text, err := Digest("texts.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]struct {
		job   Job
		show  string
		paths string
	}{
		"sweep --n 2..9 attention:d=4 --beside=s4 -q --seed=3 --json --csv out/a.csv": {
			Job{
				Verb: "sweep", Subjects: []Subject{{Name: "attention:d=4"}},
				Args: []string{"--n=2..9", "--beside=s4", "--seed=3"},
			}, "--quiet --json --csv=out/a.csv", "",
		},
		"restrict ./models/mine/ --beside parity:n=4 --beside head.tc0": {
			Job{
				Verb: "restrict", Subjects: []Subject{{"models/mine", folder}}, Files: []Subject{{"head.tc0", text}},
				Args: []string{"--beside=parity:n=4", "--beside=head.tc0"},
			}, "", "models/mine head.tc0",
		},
		"run models/mine --in ./texts.txt --deterministic": {
			Job{
				Verb: "run", Subjects: []Subject{{"models/mine", folder}}, Files: []Subject{{"texts.txt", text}},
				Args: []string{"--in=texts.txt", "--deterministic"},
			}, "--deterministic", "models/mine texts.txt",
		},
		"equiv a b --cubes 3 --proof p.cubes --miter out/m.aig": {
			Job{Verb: "equiv", Subjects: []Subject{{Name: "a"}, {Name: "b"}}, Args: []string{"--cubes=3", "--proof=p.cubes"}},
			"--proof=p.cubes --miter=out/m.aig", "",
		},
		"run adder 123+989": {
			Job{Verb: "run", Subjects: []Subject{{Name: "adder"}}, Input: "123+989", Args: []string{}}, "", "",
		},
		"verify head.tc0 --against mlp:n=3": {
			Job{Verb: "verify", Subjects: []Subject{{"head.tc0", text}}, Args: []string{"--against=mlp:n=3"}}, "", "head.tc0",
		},
		"fourier rule110 --output after[5] --plot x.svg": {
			Job{Verb: "fourier", Subjects: []Subject{{Name: "rule110"}}, Args: []string{"--output=after[5]"}}, "--plot=x.svg", "",
		},
	} {
		j, show, err := Parse(strings.Fields(line))
		if err != nil || !reflect.DeepEqual(j, &want.job) || strings.Join(show, " ") != want.show ||
			strings.Join(j.Paths(), " ") != want.paths {
			t.Errorf("%s: %+v, %q, %v", line, j, show, err)
			continue
		}
		j.Version, j.Count = "tc0 v1", 3
		if err := j.Check(); err != nil {
			t.Errorf("%s: a worker would refuse it: %v", line, err)
		}
	}
	absolute, err := filepath.Abs("texts.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line, says := range map[string]string{
		"":                              "there is no verb",
		"draw x":                        `"draw" is no verb`,
		"sweep":                         "there are 0 subjects",
		"sweep a b":                     "there are 2 subjects",
		"run a b c":                     "there are 2 subjects",
		"sweep a --estimate":            "--estimate is no flag that can be given here",
		"sweep a --n":                   "--n needs a value",
		"sweep a --csv":                 "--csv needs a value",
		"sweep a --json=x":              "--json takes no value",
		"sweep a --shard=1/3":           "--shard is no flag",
		"sweep a -o f.json":             "--output is no flag",
		"verify a --against x/y":        "no such file",
		"equiv a b --solver ./x":        `--solver="./x" could be a path`,
		"equiv a b --proof out/p.cubes": `--proof="out/p.cubes" could be a path`,
		"sweep none/of/that":            "no such file",
		"sweep none.tc0":                "no such file",
		"run adder --in " + absolute:    "no path that lies in the folder",
		"run adder --in ../x":           "no such file",
		"sweep " + absolute:             "no path that lies in the folder",
		"verify head.tc0 --library mlp": "is no file that the job has a digest of",
	} {
		if _, _, err := Parse(strings.Fields(line)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", line, err, says)
		}
	}
}

// A digest is of names and contents, and of nothing else.
func TestDigest(t *testing.T) {
	make := func(files ...string) string {
		dir := t.TempDir()
		for i := 0; i < len(files); i += 2 {
			path := filepath.Join(dir, files[i])
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(files[i+1]), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	seen := map[string]int{}
	for i, dir := range []string{
		make("a", "x", "b/c", "y"), make("a", "y", "b/c", "x"), make("a", "x", "b/d", "y"), make("a", "x"), make("a", "xx"),
		make(), filepath.Join(make("a", "x"), "a"),
	} {
		d, err := Digest(dir)
		if err != nil || !digestText.MatchString(d) {
			t.Fatalf("%q, %v", d, err)
		}
		if j, ok := seen[d]; ok {
			t.Errorf("%d and %d have the same digest", i, j)
		}
		seen[d] = i
	}
	d, err := Digest(make("b/c", "y", "a", "x"))
	if err != nil || seen[d] != 0 {
		t.Errorf("the same files have another digest")
	}
	dir := make("a", "x")
	if err := os.Symlink("a", filepath.Join(dir, "link")); err != nil {
		t.Skip(err)
	}
	if _, err := Digest(dir); err == nil || !strings.Contains(err.Error(), "link is neither a file nor a folder") {
		t.Errorf("with a link: %v", err)
	}
	if _, err := Digest(filepath.Join(dir, "none")); err == nil {
		t.Error("of nothing there is a digest")
	}
}

// Whatever a message says, an error about it is short.
func TestErrorsAreShort(t *testing.T) {
	task := Task{Job{
		Version: "tc0 v1.0", Verb: "equiv", Subjects: []Subject{{"models/mine", goodDigest}, {"adder:n=4", ""}},
		Args: []string{"--timeout=5s", "--comb"}, Count: 7,
	}, 3}
	text, err := task.Encode()
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for text := range brieftest.Long(text) {
		if _, err := Decode(text); brieftest.Check(t, err) {
			refused++
		}
	}
	if refused < 50 {
		t.Errorf("%d were refused", refused)
	}
}
