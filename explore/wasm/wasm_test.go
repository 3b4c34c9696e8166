package main_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/explore"
	"github.com/tc0lab/tc0/explore/sketch"
	"github.com/tc0lab/tc0/internal/tooltest"
)

// mostBytes is what the program may have, compressed. A page carries it.
const mostBytes = 1_600_000

// script runs the program in Node. It prints the answers to what a page would ask.
const script = `
globalThis.fs = require("fs");
globalThis.path = require("path");
require(process.argv[2]);
globalThis.tc0Ready = () => {
	const say = (text) => console.log(text);
	say(tc0Core.do("about", "{}"));
	say(tc0Core.load("no bytes"));
	say(tc0Core.load(new Uint8Array([1, 2, 3])));
	say(tc0Core.load(new Uint8Array(fs.readFileSync(process.argv[4]))));
	for (const call of process.argv.slice(5)) {
		const at = call.indexOf(" ");
		say(tc0Core.do(call.slice(0, at), call.slice(at + 1)));
	}
	say(tc0Core.do("about"));
	process.exit(0);
};
const go = new Go();
WebAssembly.instantiate(fs.readFileSync(process.argv[3]), go.importObject).then((r) => go.run(r.instance));
`

// The program is small, and in Node it answers what the package itself answers.
func TestWebAssembly(t *testing.T) {
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("there is no go on this machine")
	}
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	t.Setenv("GOOS", "js")
	t.Setenv("GOARCH", "wasm")
	out, err := tooltest.Output(t, "", "", goTool, "build", "-ldflags=-s -w", "-trimpath", "-o", file("core.wasm"), ".")
	if err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	core, err := os.ReadFile(file("core.wasm"))
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(core); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil || packed.Len() > mostBytes {
		t.Errorf("the program has %d bytes compressed, %v; at most %d are wanted", packed.Len(), err, mostBytes)
	}

	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("there is no node on this machine; the program was built and not run")
	}
	root, err := tooltest.Output(t, "", "", goTool, "env", "GOROOT")
	if err != nil {
		t.Fatal(err)
	}
	starter := filepath.Join(strings.TrimSpace(root), "lib", "wasm", "wasm_exec.js")
	b := circuit.NewBuilder()
	b.Begin("stage")
	b.Output("y", b.AtLeast(2, b.Inputs("x", 4)...))
	b.End()
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	var data bytes.Buffer
	if err := explore.Pack(&data, c, explore.Options{Name: "two of four"}); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"run.js": []byte(script), "circuit": data.Bytes()} {
		if err := os.WriteFile(file(name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	calls := []string{
		`toggle {"input":1}`, `toggle {"input":2}`, `view {"open":["s1","in0"]}`, `paint {"open":["s1","in0"]}`,
		`gate {"gate":5}`, `flips {"gate":5}`, `gate {"gate":6}`, `values {}`,
		`draw {"state":{"open":["s1"],"bits":"0110"},"format":"svg"}`, `draw {"state":{"open":["s1"]},"format":"tex"}`,
	}
	got, err := tooltest.Output(t, dir, "", node,
		append([]string{file("run.js"), starter, file("core.wasm"), file("circuit")}, calls...)...)
	if err != nil {
		t.Fatalf("node: %v\n%s", err, got)
	}
	opened, err := explore.Unpack(bytes.NewReader(data.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	s := sketch.Session{Session: opened}
	want := []string{
		`{"error":"tc0: no circuit is loaded"}`, `{"error":"tc0: load takes a Uint8Array"}`,
		`{"error":"explore: a packed circuit: unexpected EOF"}`, string(s.Answer("about", nil)),
	}
	for _, call := range calls {
		method, args, _ := strings.Cut(call, " ")
		want = append(want, string(s.Answer(method, json.RawMessage(args))))
	}
	want = append(want, `{"error":"tc0: do takes two strings, a method and its arguments"}`)
	lines := strings.Split(strings.TrimSpace(got), "\n")
	for i := range max(len(want), len(lines)) {
		if i >= len(want) || i >= len(lines) || lines[i] != want[i] {
			t.Fatalf("answer %d differs:\n%s\nwant\n%s", i, got, strings.Join(want, "\n"))
		}
	}
}
