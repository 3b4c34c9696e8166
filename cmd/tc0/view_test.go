package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
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
