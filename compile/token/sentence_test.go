package token

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/eliben/go-sentencepiece"
	"google.golang.org/protobuf/encoding/protowire"
)

// pieceFile is what a test says of a tokenizer.model.
type pieceFile struct {
	model        uint64
	prefix, trim bool
	bytes        bool
	pieces       []testPiece
	charsMap     []byte
}

type testPiece struct {
	text  string
	score float32
	kind  uint64
}

func (f *pieceFile) marshal() string {
	field := func(b []byte, n protowire.Number, part []byte) []byte {
		return protowire.AppendBytes(protowire.AppendTag(b, n, protowire.BytesType), part)
	}
	number := func(b []byte, n protowire.Number, v uint64) []byte {
		return protowire.AppendVarint(protowire.AppendTag(b, n, protowire.VarintType), v)
	}
	var out []byte
	for _, p := range f.pieces {
		b := field(nil, 1, []byte(p.text))
		b = protowire.AppendFixed32(protowire.AppendTag(b, 2, protowire.Fixed32Type), math.Float32bits(p.score))
		out = field(out, 1, number(b, 3, p.kind))
	}
	out = field(out, 2, number(number(nil, 3, f.model), 35, protowire.EncodeBool(f.bytes)))
	norm := field(field(nil, 1, []byte("identity")), 2, f.charsMap)
	norm = number(number(norm, 3, protowire.EncodeBool(f.prefix)), 4, protowire.EncodeBool(f.trim))
	return string(field(out, 3, norm))
}

// llamaPieces has control pieces, bytes, characters and pieces that are joined by chance from smaller ones.
func llamaPieces(r *rand.Rand) *pieceFile {
	f := &pieceFile{model: 2, bytes: true, pieces: []testPiece{{"<unk>", 0, 2}, {"<s>", 0, 3}, {"</s>", 0, 3}}}
	for i := range 256 {
		f.pieces = append(f.pieces, testPiece{fmt.Sprintf("<0x%02X>", i), 0, 6})
	}
	f.pieces = append(f.pieces, testPiece{"<code>", 0, 4}, testPiece{"▁▁▁▁", 0, 4})
	seen := map[string]bool{"▁▁▁▁": true}
	var parts []string
	for _, c := range "▁abcdeélmnopstHIW0123'(=世界П😀" {
		parts = append(parts, string(c))
	}
	add := func(s string) {
		if !seen[s] && len(s) <= 48 {
			seen[s] = true
			f.pieces = append(f.pieces, testPiece{s, -float32(len(f.pieces) / 2), 1}) // some scores are equal
			parts = append(parts, s)
		}
	}
	for _, s := range parts {
		add(s)
	}
	for len(f.pieces) < 1500 {
		add(parts[r.IntN(min(len(parts), 200))] + parts[r.IntN(min(len(parts), 200))])
	}
	// The reference fails if two neighbours have more bytes than the longest piece.
	f.pieces = append(f.pieces, testPiece{strings.Repeat("Z", 200), -1e6, 1})
	return f
}

// pieceText makes a text of pieces and others.
func pieceText(r *rand.Rand, f *pieceFile) string {
	var b strings.Builder
	for range r.IntN(10) {
		if r.IntN(4) == 0 {
			b.WriteString(text(r))
			continue
		}
		b.WriteString(strings.ReplaceAll(f.pieces[259+r.IntN(len(f.pieces)-260)].text, mark, " "))
	}
	return b.String()
}

func TestPiecesAreThoseOfSentencePiece(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 7))
	f := llamaPieces(r)
	file := f.marshal()
	reference, err := sentencepiece.NewProcessor(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	tok := mustRead(t, map[string]string{"tokenizer.model": file})
	joined := 0
	for range 10000 {
		s := pieceText(r, f)
		if s == "" {
			continue // which the reference takes for an unknown piece
		}
		var want []int
		for _, x := range reference.Encode(s) {
			want = append(want, x.ID)
		}
		got, err := tok.Encode(s)
		if err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%q: %v, and %v by the reference", s, got, want)
		}
		// The mark itself is read as a blank.
		if back := tok.Decode(got); back != reference.Decode(want) || back != strings.ReplaceAll(s, mark, " ") {
			t.Fatalf("%q: read back as %q, and as %q by the reference", s, back, reference.Decode(want))
		}
		for _, id := range got {
			joined += btoi(len([]rune(tok.Token(id))) > 1 && id > 260)
		}
	}
	if joined < 10000 {
		t.Errorf("only %d pieces of several characters", joined)
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Llama 2 has both files. A list of merges has the pairs of each piece, in the order of the scores.
func TestPiecesAreThoseOfMerges(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 7))
	f := llamaPieces(r)
	f.prefix = true
	for i := range f.pieces { // lists have no equal ranks, and no pieces that are never joined
		f.pieces[i].score = -float32(i)
		if f.pieces[i].kind == 4 {
			f.pieces[i] = testPiece{fmt.Sprint("<unused", i, ">"), 0, 3}
		}
	}
	vocab := map[string]int{}
	for i, p := range f.pieces {
		vocab[p.text] = i
	}
	merges := [][2]string{}
	for _, p := range f.pieces[259:] {
		for i := range p.text {
			_, left := vocab[p.text[:i]]
			_, right := vocab[p.text[i:]]
			if left && right && p.kind == 1 {
				merges = append(merges, [2]string{p.text[:i], p.text[i:]})
			}
		}
	}
	raw := func(s string) any { return json.RawMessage(s) }
	text, err := json.Marshal(map[string]any{
		"normalizer": raw(`{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},` +
			`{"type":"Replace","pattern":{"String":" "},"content":"▁"}]}`),
		"post_processor": raw(`{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}},` +
			`{"Sequence":{"id":"A","type_id":0}}],"pair":[],"special_tokens":{"<s>":{"id":"<s>","ids":[1],"tokens":["<s>"]}}}`),
		"decoder": raw(`{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},` +
			`{"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]}`),
		"model": map[string]any{
			"type": "BPE", "unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true, "vocab": vocab, "merges": merges,
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	pieces := mustRead(t, map[string]string{"tokenizer.model": f.marshal()})
	list := mustRead(t, map[string]string{"tokenizer.json": string(text)})
	for range 10000 {
		s := pieceText(r, f)
		want, err := pieces.Prompt(s)
		if err != nil {
			t.Fatal(err)
		}
		got, err := list.Prompt(s)
		if err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) || got[0] != 1 {
			t.Fatalf("%q: %v by merges, and %v by scores", s, got, want)
		}
		a, b := list.Decode(got[1:]), pieces.Decode(want)
		if back := strings.ReplaceAll(s, mark, " "); a != back || b != back {
			t.Fatalf("%q: read back as %q and %q", s, a, b)
		}
	}
}

func TestBlanksOfSentencePiece(t *testing.T) {
	f := llamaPieces(rand.New(rand.NewPCG(4, 7)))
	f.prefix, f.trim = true, true
	tok := mustRead(t, map[string]string{"tokenizer.model": f.marshal()})
	x, _ := tok.Encode("  a   b ")
	y, _ := tok.Encode("a b")
	if len(x) == 0 || fmt.Sprint(x) != fmt.Sprint(y) || tok.Decode(x) != "a b" {
		t.Errorf("%v and %v, read back as %q", x, y, tok.Decode(x))
	}
	if none, err := tok.Encode("   "); len(none) != 0 || err != nil {
		t.Errorf("blanks have the tokens %v, %v", none, err)
	}
	tok = mustRead(t, map[string]string{
		"tokenizer.model":       f.marshal(),
		"tokenizer_config.json": `{"add_bos_token": false, "add_eos_token": true}`,
	})
	if x, err := tok.Prompt("a"); err != nil || len(x) == 0 || x[0] == 1 || x[len(x)-1] != 2 {
		t.Errorf("%v %v", x, err)
	}
}

func FuzzPieces(f *testing.F) {
	seed := llamaPieces(rand.New(rand.NewPCG(5, 7)))
	f.Add([]byte(seed.marshal()), "Hello world 世界")
	seed.pieces = seed.pieces[:300]
	seed.bytes = false
	f.Add([]byte(seed.marshal()), " a  b")
	f.Add(bytes.Repeat([]byte{0x0A, 0xFF, 0xFF}, 9), "a")
	f.Fuzz(func(t *testing.T, data []byte, text string) { fuzz(t, "tokenizer.model", data, nil, text) })
}
