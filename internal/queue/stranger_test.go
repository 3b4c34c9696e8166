package queue

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/tc0lab/tc0/internal/tooltest"
)

// Nobody is let in without the token, and neither waits for long.
func TestStrangerIsNotLetIn(t *testing.T) {
	s := serve(t, t.TempDir())
	for _, token := range []string{"", "x", s.Token[1:], s.Token + "x", strings.ToLower(s.Token), "*", ">"} {
		link := Link{URL: "nats://" + s.Address, Token: token}
		if _, _, err := link.dial(tooltest.Context(t), "stranger"); !errors.Is(err, nats.ErrAuthorization) {
			t.Errorf("with the token %q: %v", token, err)
		}
	}
	w := &Worker{Link: Link{URL: "nats://" + s.Address}, Program: program(t, "ok")}
	if err := w.Run(tooltest.Context(t)); !errors.Is(err, nats.ErrAuthorization) {
		t.Errorf("a worker: %v", err)
	}
}

// What a stranger writes to the port before it shows a token has one answer: an error, and the end.
func TestStrangerGetsNothing(t *testing.T) {
	s := serve(t, t.TempDir())
	for name, text := range map[string]string{
		"a subscription": "CONNECT {}\r\nSUB > 1\r\nPING\r\n",
		"a publication":  "PUB tc0.work.x.1 2\r\nhi\r\n",
		"no protocol":    "GET / HTTP/1.1\r\n\r\n",
		"a long line":    "CONNECT {\"x\":\"" + strings.Repeat("x", 1<<20) + "\"}\r\n",
		"a long message": "PUB x 999999999999999\r\n",
		"noughts":        strings.Repeat("\x00", 1<<16),
		"silence":        "",
	} {
		conn, err := net.Dial("tcp", s.Address)
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.SetDeadline(time.Now().Add(tooltest.Limit(t))); err != nil {
			t.Fatal(err)
		}
		_, _ = conn.Write([]byte(text)) // it may be closed at once
		var lines []string
		for in := bufio.NewScanner(conn); in.Scan(); { // until the server ends it
			lines = append(lines, in.Text())
		}
		for _, line := range lines {
			if !strings.HasPrefix(line, "INFO ") && !strings.HasPrefix(line, "-ERR ") && line != "PING" {
				t.Errorf("%s: it is told %q", name, line)
			}
		}
		conn.Close()
	}
	// And the server serves.
	link := s.Link()
	conn, _, err := link.dial(t.Context(), "friend")
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
}

// Messages that are no tasks are removed and not run, and those that are too large are not taken.
func TestMessagesThatAreNoTasks(t *testing.T) {
	s := serve(t, t.TempDir())
	link := s.Link()
	js := dialled(t, link)
	work, err := prepareWork(t.Context(), js)
	if err != nil {
		t.Fatal(err)
	}
	if err := prepareConsumer(t.Context(), work, "stranger", time.Second); err != nil {
		t.Fatal(err)
	}
	good := Task{sweepJob(1), 1}
	text, err := good.Encode()
	if err != nil {
		t.Fatal(err)
	}
	evil := strings.Replace(string(text), `"args":["--n=1..9"`, `"args":["--csv=/tmp/evil"`, 1)
	for i, message := range []string{"", "{", "null", evil, string(text) + "\n", strings.Repeat("x", mostTask), string(text)} {
		if _, err := js.Publish(t.Context(), fmt.Sprintf("tc0.work.stranger.%d", i), []byte(message)); err != nil {
			t.Errorf("%.20q: %v", message, err)
		}
	}
	if _, err := js.Publish(t.Context(), "tc0.work.stranger.large", make([]byte, mostTask+1)); err == nil {
		t.Error("the queue takes a message that is too large")
	}
	if _, err := js.Publish(t.Context(), "tc0.work.stranger.huge", make([]byte, 2*mostMessage)); !errors.Is(err, nats.ErrMaxPayload) {
		t.Errorf("the server takes a message that is too large: %v", err)
	}
	var w team
	w.start(t, link, program(t, "panic=all"))
	until(t, func() bool {
		stream, err := js.Stream(t.Context(), workStream)
		if err != nil {
			t.Fatal(err)
		}
		return stream.CachedInfo().State.Msgs == 0
	})
	if n := strings.Count(w.says(), "refused: "); n != 7 || strings.Contains(w.says(), "poisoned") {
		t.Errorf("%d messages are refused, want 7: %s", n, w.says())
	}
	if _, err := js.Stream(t.Context(), resultStream(good.ID())); !errors.Is(err, jetstream.ErrStreamNotFound) {
		t.Errorf("there are results: %v", err)
	}
}

// The token is its owner's, and stays.
func TestToken(t *testing.T) {
	store := t.TempDir()
	s, err := Serve(Serving{Store: store})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	path := filepath.Join(store, tokenFile)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if link, err := Here(store); err != nil || link != s.Link() || len(link.Token) < 40 {
		t.Errorf("%+v, %v", link, err)
	}
	if runtime.GOOS != "windows" {
		if info.Mode().Perm() != 0o600 {
			t.Errorf("the token has the permissions %v", info.Mode())
		}
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Serve(Serving{Store: store}); err == nil || !strings.Contains(err.Error(), "others can read the token") {
			t.Errorf("a token that others can read: %v", err)
		}
	}
	if err := os.WriteFile(path, []byte("short\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Serve(Serving{Store: store}); err == nil || !strings.Contains(err.Error(), "it holds no token") {
		t.Errorf("a short token: %v", err)
	}
}

// A server listens on this machine only, unless it is told to and encrypts, or is told that nobody listens.
func TestListen(t *testing.T) {
	for listen, says := range map[string]string{
		"0.0.0.0:0":       "other machines can read what is sent there",
		":4222":           "other machines can read what is sent there",
		"[::]:0":          "other machines can read what is sent there",
		"example.org:1":   "other machines can read what is sent there",
		"127.0.0.1":       "it is no HOST:PORT",
		"127.0.0.1:70000": `the port "70000" is not from 0 to 65535`,
	} {
		s, err := Serve(Serving{Store: t.TempDir(), Listen: listen})
		if err == nil {
			s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", listen, err)
		}
	}
	s := serve(t, t.TempDir())
	if host, _, err := net.SplitHostPort(s.Address); err != nil || host != "127.0.0.1" {
		t.Errorf("it listens on %s, %v", s.Address, err)
	}
	if _, err := Serve(Serving{Store: t.TempDir(), Listen: s.Address}); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("two on one address: %v", err)
	}
	store := t.TempDir()
	open, err := Serve(Serving{Store: store, Listen: "0.0.0.0:0", Clear: true})
	if err != nil {
		t.Fatal(err)
	}
	open.Close()
	_, port, err := net.SplitHostPort(open.Address)
	if err != nil {
		t.Fatal(err)
	}
	if s := serve(t, store); s.Address != "127.0.0.1:"+port {
		t.Errorf("after %s it listens on %s, though it is not told to", open.Address, s.Address)
	}
}

// A worker waits for a server that is not there yet.
func TestWorkerWaitsForServer(t *testing.T) {
	store := t.TempDir()
	s, err := Serve(Serving{Store: store})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	var w team
	w.start(t, s.Link(), program(t, "ok"))
	again := serve(t, store)
	j, into := sweepJob(3), t.TempDir()
	if err := coordinate(t, again.Link(), j, into); err != nil {
		t.Fatal(err)
	}
	expect(t, j, into, nil)
	w.stop()

	ctx, stop := context.WithCancel(t.Context())
	again.Close()
	stop()
	worker := &Worker{Link: s.Link(), Program: program(t, "ok")}
	if err := worker.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("a worker that is stopped before there is a server: %v", err)
	}
}

// A worker ends when there is nothing to do.
func TestIdle(t *testing.T) {
	s := serve(t, t.TempDir())
	worker := &Worker{Link: s.Link(), Program: program(t, "ok"), Idle: time.Millisecond}
	if err := worker.Run(tooltest.Context(t)); err != nil {
		t.Error(err)
	}
}
