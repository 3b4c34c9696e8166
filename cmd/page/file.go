package page

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"strings"
)

// core is package explore as WebAssembly, gzipped.
//
//go:embed core.wasm.gz
var core []byte

// worker is the script that runs it.
//
//go:embed worker.js
var worker string

// alone lets the file load nothing at all: what it needs is in it.
const alone = "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval' blob:; worker-src blob:; " +
	"style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'"

// Write writes one HTML file that has the page and all that it needs, and that opens from the file system with no
// network. The circuit is what the core loads, and the first is what a session answers to "start": the picture that is
// there before the core is ready. The title is that of the window. A tour, which may be nil, stands beside the circuit:
// {title, steps: [{title, text: [paragraph], hash}]}.
func Write(w io.Writer, title string, circuit []byte, first, tour json.RawMessage) error {
	shell, err := shellWith(tour)
	if err != nil {
		return err
	}
	style, err := files.ReadFile("page.css")
	if err != nil {
		return err
	}
	script, err := files.ReadFile("page.js")
	if err != nil {
		return err
	}
	if !json.Valid(first) {
		return errors.New("page: the first answer is no JSON")
	}
	text := shell
	for _, part := range [][2]string{
		{
			`<meta name="referrer" content="no-referrer">`,
			`<meta http-equiv="Content-Security-Policy" content="` + alone + `">`,
		},
		{"<title>tc0: a circuit</title>", "<title>" + html.EscapeString(title) + "</title>"},
		{`<link rel="stylesheet" href="page.css">`, "<style>\n" + string(style) + "</style>"},
		{
			pageScript,
			data("first", escaped(first)) + data("worker", inScript(worker)) +
				data("core", base64.StdEncoding.EncodeToString(core)) +
				data("circuit", base64.StdEncoding.EncodeToString(circuit)) +
				"<script>\n" + inScript(string(script)) + "</script>",
		},
	} {
		before, after, ok := strings.Cut(text, part[0])
		if !ok {
			return fmt.Errorf("page: index.html lacks %s", part[0])
		}
		if _, err := io.WriteString(w, before+part[1]); err != nil {
			return err
		}
		text = after
	}
	_, err = io.WriteString(w, text)
	return err
}

// pageScript is where index.html loads the program of the page.
const pageScript = `<script src="page.js"></script>`

// shellWith returns index.html, with a tour unless that is nil.
func shellWith(tour json.RawMessage) (string, error) {
	text, err := files.ReadFile("index.html")
	switch {
	case err != nil || tour == nil:
		return string(text), err
	case !json.Valid(tour):
		return "", errors.New("page: the tour is no JSON")
	}
	return strings.Replace(string(text), pageScript, data("tour", escaped(tour))+pageScript, 1), nil
}

// data is a text in the page that its program reads.
func data(id, text string) string {
	return fmt.Sprintf("<script type=\"text/plain\" id=%q>%s</script>\n", id, text)
}

// escaped returns JSON without the signs that HTML gives a meaning.
func escaped(text json.RawMessage) string {
	var b bytes.Buffer
	json.HTMLEscape(&b, text)
	return b.String()
}

// inScript returns a script so that it does not end the element that it is in. The signs stand in its strings alone.
func inScript(text string) string { return strings.ReplaceAll(text, "</script", `<\/script`) }
