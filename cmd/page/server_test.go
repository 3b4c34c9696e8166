package page_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/cmd/page"
	"github.com/tc0lab/tc0/explore"
	"github.com/tc0lab/tc0/explore/sketch"
)

// echo answers with what it is asked.
type echo struct{}

func (echo) Do(method string, args json.RawMessage) (json.RawMessage, error) {
	if method != "echo" {
		return nil, errors.New("unknown method " + method)
	}
	return args, nil
}

const token = "TOKEN"

// asked is one request and what it has to be answered.
type asked struct {
	name, method, path, body string
	header                   map[string]string
	status                   int
	answer                   string // begins with this
}

func TestServerAnswersOnlyItsOwnPage(t *testing.T) {
	listening := httptest.NewUnstartedServer(nil)
	host := listening.Listener.Addr().String()
	listening.Config.Handler = page.NewServer(echo{}, host, token, nil)
	listening.Start()
	defer listening.Close()
	ours := map[string]string{"Content-Type": "application/json", "Origin": "http://" + host, "Sec-Fetch-Site": "same-origin"}
	with := func(key, value string) map[string]string {
		h := map[string]string{"Content-Type": "application/json", key: value}
		return h
	}
	for _, a := range []asked{
		{"page", "GET", "/TOKEN/", "", nil, 200, "<!doctype html>"},
		{"head", "HEAD", "/TOKEN/", "", nil, 200, ""},
		{"script", "GET", "/TOKEN/page.js", "", nil, 200, "/* Made by go generate"},
		{"style", "GET", "/TOKEN/page.css", "", nil, 200, ":root"},
		{"question", "POST", "/TOKEN/do/echo", `{"a":1}`, ours, 200, `{"a":1}`},
		{"from a person's address bar", "GET", "/TOKEN/", "", map[string]string{"Sec-Fetch-Site": "none"}, 200, "<!doctype"},
		{"session's error", "POST", "/TOKEN/do/other", `{}`, ours, 400, `{"error":"unknown method other"}`},
		{"another token", "GET", "/OTHER/", "", nil, 404, "not found"},
		{"no token", "GET", "/", "", nil, 404, "not found"},
		{"part of the token", "GET", "/TOKE/", "", nil, 404, "not found"},
		{"no token, question", "POST", "/do/echo", `{}`, ours, 404, "not found"},
		{"no such file", "GET", "/TOKEN/server.go", "", nil, 404, "not found"},
		{"path up", "GET", "/TOKEN/../../go.mod", "", nil, 404, "not found"},
		{"path up, encoded", "GET", "/TOKEN/%2e%2e%2f%2e%2e%2fgo.mod", "", nil, 404, "not found"},
		{"path up, other slash", "GET", `/TOKEN/..%5c..%5cgo.mod`, "", nil, 404, "not found"},
		{"absolute path", "GET", "/TOKEN//etc/passwd", "", nil, 404, "not found"},
		{"other origin", "POST", "/TOKEN/do/echo", `{}`, with("Origin", "https://example.org"), 403, "refused"},
		{"origin null", "POST", "/TOKEN/do/echo", `{}`, with("Origin", "null"), 403, "refused"},
		{"origin on another port", "POST", "/TOKEN/do/echo", `{}`, with("Origin", "http://127.0.0.1:1"), 403, "refused"},
		{"other site", "POST", "/TOKEN/do/echo", `{}`, with("Sec-Fetch-Site", "cross-site"), 403, "refused"},
		{"other site's script", "GET", "/TOKEN/page.js", "", with("Sec-Fetch-Site", "cross-site"), 403, "refused"},
		{"name bound to this machine", "GET", "/TOKEN/", "", with("Host", "evil.example"), 403, "refused"},
		{"localhost", "GET", "/TOKEN/", "", with("Host", strings.Replace(host, "127.0.0.1", "localhost", 1)), 403, "refused"},
		{"question by GET", "GET", "/TOKEN/do/echo", "", nil, 405, `{"error"`},
		{"question as a form", "POST", "/TOKEN/do/echo", "a=1", map[string]string{"Content-Type": "text/plain"}, 405, `{"error"`},
		{"page by POST", "POST", "/TOKEN/", "", ours, 405, "only GET"},
		{"too long", "POST", "/TOKEN/do/echo", strings.Repeat(" ", 5<<20), ours, 413, `{"error"`},
	} {
		t.Run(a.name, func(t *testing.T) {
			r, err := http.NewRequest(a.method, "http://"+host, strings.NewReader(a.body))
			if err != nil {
				t.Fatal(err)
			}
			r.URL.Opaque = a.path // as it stands, with its dots
			for key, value := range a.header {
				r.Header.Set(key, value)
			}
			if h := a.header["Host"]; h != "" {
				r.Host = h
			}
			response, err := http.DefaultTransport.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			text, err := io.ReadAll(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			if response.StatusCode != a.status || !strings.HasPrefix(string(text), a.answer) {
				t.Errorf("%s %s: %d %.80q, want %d %q", a.method, a.path, response.StatusCode, text, a.status, a.answer)
			}
			for key, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"} {
				if got := response.Header.Get(key); got != want {
					t.Errorf("%s is %q, want %q", key, got, want)
				}
			}
			if got := response.Header.Get("Access-Control-Allow-Origin"); got != "" {
				t.Errorf("another origin is allowed: %q", got)
			}
			if got := response.Header.Get("Content-Security-Policy"); !strings.HasPrefix(got, "default-src 'none'") {
				t.Errorf("the policy is %q", got)
			}
		})
	}
}

func TestTokensDiffer(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		s := page.Token()
		if len(s) < 26 || seen[s] {
			t.Fatalf("token %q is short or there twice", s)
		}
		seen[s] = true
	}
}

// Each page has inputs of its own. Of more pages than there is room for, the one that asked last of all begins anew.
func TestEachPageHasItsOwnSession(t *testing.T) {
	b := circuit.NewBuilder()
	b.Output("y", b.And(b.Inputs("x", 2)...))
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	session, err := explore.Open(c, explore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	handler := page.NewServer(sketch.Session{Session: session}, "host", token, nil)
	ask := func(id, method, args string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", "http://host/TOKEN/do/"+method, strings.NewReader(args))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Tc0-Page", id)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w
	}
	toggled := func(id string, input int) string {
		t.Helper()
		w := ask(id, "toggle", fmt.Sprintf(`{"input":%d}`, input))
		var change explore.Change
		if err := json.Unmarshal(w.Body.Bytes(), &change); err != nil || w.Code != http.StatusOK {
			return w.Body.String()
		}
		return change.Bits
	}
	for _, step := range []struct {
		id    string
		input int
		want  string
	}{{"a", 0, "10"}, {"b", 1, "01"}, {"a", 1, "11"}, {"", 0, "10"}, {"b", 0, "11"}} {
		if got := toggled(step.id, step.input); got != step.want {
			t.Errorf("page %q toggles input %d: %s, want %s", step.id, step.input, got, step.want)
		}
	}
	// What a page asks is drawn as well, and changes its own input alone.
	if w := ask("a", "draw", `{"state":{"bits":"0110"},"format":"svg"}`); w.Code == http.StatusOK {
		t.Error("a figure is drawn with four bits of two inputs")
	}
	if w := ask("a", "draw", `{"state":{"bits":"01"},"format":"svg"}`); !strings.Contains(w.Body.String(), "/svg") {
		t.Errorf("page a saves %.200s", w.Body)
	}
	if got := toggled("b", 0); got != "01" {
		t.Errorf("page b is at %s after page a was drawn, want 01", got)
	}
	for i := range 15 { // b and these are sixteen
		toggled(fmt.Sprintf("c%d", i), 0)
	}
	if got := toggled("b", 0); got != "11" {
		t.Errorf("page b is at %s, want 11", got)
	}
	if got := toggled("a", 0); got != "10" {
		t.Errorf("page a is at %s, want 10: it has begun anew", got)
	}
	if got := toggled(strings.Repeat("x", 65), 0); !strings.Contains(got, "65 bytes, want at most 64") {
		t.Errorf("of a long name the server says %q", got)
	}
}
