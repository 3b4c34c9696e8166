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
// there before the core is ready. The title is that of the window.
func Write(w io.Writer, title string, circuit []byte, first json.RawMessage) error {
	shell, err := files.ReadFile("index.html")
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
	var answer bytes.Buffer
	json.HTMLEscape(&answer, first)
	data := func(id, text string) string {
		return fmt.Sprintf("<script type=\"text/plain\" id=%q>%s</script>\n", id, text)
	}
	text := string(shell)
	for _, part := range [][2]string{
		{
			`<meta name="referrer" content="no-referrer">`,
			`<meta http-equiv="Content-Security-Policy" content="` + alone + `">`,
		},
		{"<title>tc0: a circuit</title>", "<title>" + html.EscapeString(title) + "</title>"},
		{`<link rel="stylesheet" href="page.css">`, "<style>\n" + string(style) + "</style>"},
		{
			`<script src="page.js"></script>`,
			data("first", answer.String()) + data("worker", inScript(worker)) +
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

// inScript returns a script so that it does not end the element that it is in. The signs stand in its strings alone.
func inScript(text string) string { return strings.ReplaceAll(text, "</script", `<\/script`) }
