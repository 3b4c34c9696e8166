package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/explore"
	"github.com/tc0lab/tc0/explore/sketch"
	"github.com/tc0lab/tc0/gates"
)

// The page is there under the address that is printed first, for who has its token, until the command is interrupted.
func TestViewServesUntilInterrupted(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	out, in := io.Pipe()
	a := &app{ctx: ctx, stdin: strings.NewReader(""), stdout: in, stderr: io.Discard}
	status := make(chan int, 1)
	go func() { status <- a.main([]string{"view", "attention:n=2,d=1,bits=2", "--no-open"}) }()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	go io.Copy(io.Discard, out)
	address := strings.TrimSpace(line)
	at, err := url.Parse(address)
	if err != nil || at.Hostname() != "127.0.0.1" || len(strings.Trim(at.Path, "/")) < 26 {
		t.Fatalf("the address is %q", address)
	}
	response, err := http.Post(address+"do/about", "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var about struct {
		Name                string
		Gates, Wires, Depth int
	}
	if err := json.NewDecoder(response.Body).Decode(&about); err != nil {
		t.Fatal(err)
	}
	if about.Name != "attention:n=2,d=1,bits=2" || about.Gates != 45 || about.Wires != 268 || about.Depth != 3 {
		t.Errorf("the session answers %+v", about)
	}
	other, err := http.Get("http://" + at.Host + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Body.Close()
	if other.StatusCode != http.StatusNotFound {
		t.Errorf("without the token the status is %d", other.StatusCode)
	}
	interrupt()
	if s := <-status; s != statusHolds {
		t.Errorf("interrupted, the command ends with status %d", s)
	}
	if _, err := http.Get(address); err == nil {
		t.Error("the page is served after the command has ended")
	}
}

// The command draws a view to the byte as the page saves it: by the session that the page asks.
func TestDrawnViewIsThatOfThePage(t *testing.T) {
	const hash = "open=in0,s2,s3&select=g12&bits=4.6&level=2"
	subject := "attention:n=2,d=1,bits=2"
	var stdout, stderr bytes.Buffer
	a := &app{ctx: t.Context(), stdout: &stdout, stderr: &stderr}
	page := filepath.Join(t.TempDir(), "x.html")
	if status := a.main([]string{"draw", subject, "-o", page}); status != statusHolds {
		t.Fatalf("status %d: %s", status, &stderr)
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`id="circuit">([^<]*)<`).FindSubmatch(text)
	if found == nil {
		t.Fatal("the page has no circuit")
	}
	packed, err := base64.StdEncoding.DecodeString(string(found[1]))
	if err != nil {
		t.Fatal(err)
	}
	opened, err := explore.Unpack(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	state, err := explore.ParseHash(hash)
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"svg", "tex"} {
		path := filepath.Join(t.TempDir(), "view."+format)
		a := &app{ctx: t.Context(), stdout: &stdout, stderr: &stderr}
		if status := a.main([]string{"draw", subject, "--view", "#" + hash, "-o", path}); status != statusHolds {
			t.Fatalf("status %d: %s", status, &stderr)
		}
		drawn, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		args, err := json.Marshal(map[string]any{"state": state, "format": format})
		if err != nil {
			t.Fatal(err)
		}
		answer, err := sketch.Session{Session: opened}.Do("draw", args)
		if err != nil {
			t.Fatal(err)
		}
		var saved struct{ Text string }
		if err := json.Unmarshal(answer, &saved); err != nil {
			t.Fatal(err)
		}
		if saved.Text != string(drawn) || !strings.Contains(saved.Text, hash[:12]) {
			t.Errorf("the page saves another %s than the command draws", format)
		}
	}
}

// A problem that has a picture of its inputs begins with it, and the explorer takes it.
func TestProblemsHavePicturesOfTheirInputs(t *testing.T) {
	tape := explore.Codec{Kind: "tape", Rows: 1, Columns: 5}
	for _, want := range []struct {
		subject string
		codecs  map[string]explore.Codec
	}{
		{"majority:n=3", map[string]explore.Codec{"x": {Kind: "lamps", Rows: 1, Columns: 3}}},
		{"mod:n=3,m=3", map[string]explore.Codec{"x": {Kind: "lamps", Rows: 1, Columns: 3}}},
		{"rule110:n=5", map[string]explore.Codec{"cell": tape, "after": tape}},
		{"billiard:n=4", map[string]explore.Codec{
			"ball": {Kind: "tape", Rows: 4, Columns: 4}, "after": {Kind: "tape", Rows: 4, Columns: 4},
		}},
		{"sudoku:n=1", map[string]explore.Codec{
			"cell": {Kind: "board", Rows: 9, Columns: 9}, "after": {Kind: "board", Rows: 9, Columns: 9},
		}},
		{"dyck1:n=4", map[string]explore.Codec{"x": {Kind: "tokens", Vocabulary: []string{")", "("}}}},
		{"dyck:n=4,k=5", map[string]explore.Codec{"x": {Kind: "tokens", Vocabulary: []string{
			"(", "[", "{", "⟨", "(5", ")", "]", "}", "⟩", ")5",
		}}}},
		{"addition:n=4", nil},
	} {
		a := &app{ctx: t.Context(), stderr: io.Discard}
		a.model = gates.Standard()
		s, c, err := a.openBuilt(target{Subject: want.subject, basisFlag: basisFlag{"TC0"}})
		if err != nil {
			t.Fatal(err)
		}
		opt, err := a.explored(s, c)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(opt.Codecs, want.codecs) {
			t.Errorf("%s has the codecs %v, want %v", want.subject, opt.Codecs, want.codecs)
		}
		if _, err := explore.Open(c, opt); err != nil {
			t.Errorf("%s: %v", want.subject, err)
		}
		if sampled := strings.Contains(opt.Input, "1"); sampled != (c.InputPorts()[0].Name == "cell[0,0]" || want.codecs["x"].Kind == "tokens") {
			t.Errorf("%s begins with %q", want.subject, opt.Input)
		}
	}
}
