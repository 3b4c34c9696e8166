package page

import (
	"crypto/rand"
	"crypto/subtle"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
)

//go:embed index.html page.js page.css
var files embed.FS

// mostAsked is the greatest length of a question in bytes: the bits of the inputs of a large circuit fit.
const mostAsked = 4 << 20

// Session answers the questions of a page. Both sides are JSON. Package explore has one. It may be asked from several
// goroutines at a time.
type Session interface {
	Do(method string, args json.RawMessage) (json.RawMessage, error)
}

// served are the files of the page by their name in the address, with their type.
var served = map[string]struct{ file, kind string }{
	"":         {"index.html", "text/html; charset=utf-8"},
	"page.js":  {"page.js", "text/javascript; charset=utf-8"},
	"page.css": {"page.css", "text/css; charset=utf-8"},
}

// policy lets the page load its own files and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; " +
	"img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Token returns a secret for an address: 128 random bits in letters and digits.
func Token() string { return rand.Text() }

// forker is a session that has sessions of the same circuit for other pages, of its own type: one that wraps another
// says itself how it is forked, or else is not.
type forker[S Session] interface {
	Fork() (S, error)
}

// mostPages is how many pages have a session of their own at a time. It is a limit of ours. Beyond it the page that has
// asked nothing for the longest time begins anew when it asks, with the input of the circuit; pages send theirs when
// somebody comes back to them.
const mostPages = 16

// pageHeader says which page asks: what the page has made up when it was opened, in letters and digits.
const pageHeader = "Tc0-Page"

// server is the page of one circuit.
type server struct {
	session     Session
	host, token string
	tour        json.RawMessage
	fork        func() (Session, error) // nil: all pages share the session

	mu     sync.Mutex
	pages  map[string]Session
	recent []string // pages, the one that asked last at the end
}

// of returns the session of the page that asks. Who names no page, and a session that cannot be forked, has the first.
func (s *server) of(r *http.Request) (Session, error) {
	id := r.Header.Get(pageHeader)
	if id == "" || s.fork == nil {
		return s.session, nil
	}
	if len(id) > 64 {
		return nil, fmt.Errorf("the header %s has %d bytes, want at most 64", pageHeader, len(id))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.recent, id); i >= 0 {
		s.recent = append(slices.Delete(s.recent, i, i+1), id)
		return s.pages[id], nil
	}
	made, err := s.fork()
	if err != nil {
		return nil, err
	}
	if len(s.recent) == mostPages {
		delete(s.pages, s.recent[0])
		s.recent = slices.Delete(s.recent, 0, 1)
	}
	s.pages[id], s.recent = made, append(s.recent, id)
	return made, nil
}

// NewServer returns what answers the requests for a page at http://HOST/TOKEN/. The host is that of the listener with
// its port, such as 127.0.0.1:8080.
//
// Refused, without a word on what there is: a request under another host name (403: a page of another site whose name
// was bound to this machine), from another origin (403), and without the token (404). A question is a POST of JSON to
// do/METHOD. Its header Tc0-Page says which page asks: each has a session of its own, if the session can be forked into
// others of its own type. The session's errors are answered by 400 and {"error": TEXT}. A tour is as in [Write], and
// may be nil.
func NewServer[S Session](session S, host, token string, tour json.RawMessage) http.Handler {
	s := &server{session: session, host: host, token: token, tour: tour, pages: map[string]Session{}}
	if f, ok := any(session).(forker[S]); ok {
		s.fork = func() (Session, error) { return f.Fork() }
	}
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for key, value := range map[string]string{
		"Content-Security-Policy":      policy,
		"X-Content-Type-Options":       "nosniff",
		"Referrer-Policy":              "no-referrer",
		"Cache-Control":                "no-store",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Cross-Origin-Opener-Policy":   "same-origin",
	} {
		w.Header().Set(key, value)
	}
	if !s.own(r) {
		http.Error(w, "refused: not from the page itself", http.StatusForbidden)
		return
	}
	token, name, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if !ok || subtle.ConstantTimeCompare([]byte(token), []byte(s.token)) != 1 {
		http.Error(w, "not found: the address that tc0 view printed has a token in it", http.StatusNotFound)
		return
	}
	if method, ok := strings.CutPrefix(name, "do/"); ok {
		s.answer(w, r, method)
		return
	}
	f, ok := served[name]
	switch {
	case !ok:
		http.Error(w, "not found", http.StatusNotFound)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only GET", http.StatusMethodNotAllowed)
	default:
		text, err := files.ReadFile(f.file)
		if name == "" {
			var shell string
			shell, err = shellWith(s.tour)
			text = []byte(shell)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", f.kind)
		_, _ = w.Write(text) // or the browser has gone
	}
}

// own reports whether a request comes from the page itself or from a person.
func (s *server) own(r *http.Request) bool {
	if r.Host != s.host {
		return false
	}
	if origin := r.Header.Get("Origin"); origin != "" && origin != "http://"+s.host {
		return false
	}
	site := r.Header.Get("Sec-Fetch-Site")
	// A link somewhere else to the address without its token tells nothing; one with it was made by who knows it.
	top := r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate"
	return site == "" || site == "same-origin" || site == "none" || top
}

// answer hands a question to the session.
func (s *server) answer(w http.ResponseWriter, r *http.Request, method string) {
	w.Header().Set("Content-Type", "application/json")
	if r.Method != http.MethodPost || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		refuse(w, http.StatusMethodNotAllowed, errors.New("a question is a POST of application/json"))
		return
	}
	args, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostAsked))
	if err != nil {
		refuse(w, http.StatusRequestEntityTooLarge, err)
		return
	}
	session, err := s.of(r)
	if err != nil {
		refuse(w, http.StatusBadRequest, err)
		return
	}
	result, err := session.Do(method, args)
	if err != nil {
		refuse(w, http.StatusBadRequest, err)
		return
	}
	_, _ = w.Write(result) // or the browser has gone
}

// refuse answers that something is wrong.
func refuse(w http.ResponseWriter, status int, err error) {
	text, _ := json.Marshal(map[string]string{"error": err.Error()})
	w.WriteHeader(status)
	_, _ = w.Write(text) // or the browser has gone
}
