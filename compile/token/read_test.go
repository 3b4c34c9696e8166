package token

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tc0lab/tc0/internal/brief/brieftest"
	"pgregory.net/rapid"
)

// characters are the 256 of byte-level BPE as a JSON object, and the next numbers for more.
func characters(more ...string) string {
	var list []string
	for i, r := range alphabet {
		list = append(list, fmt.Sprintf("%q:%d", string(r), i))
	}
	for i, s := range more {
		list = append(list, fmt.Sprintf("%q:%d", s, 256+i))
	}
	return "{" + strings.Join(list, ",") + "}"
}

// small is a byte-level tokenizer.json with a few merges, and with more fields.
func small(fields string) string {
	return `{"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false},"decoder":{"type":"ByteLevel"},` + fields +
		`"model":{"type":"BPE","vocab":` + characters("he", "ll", "llo", "hello", "Ġh", "<|end|>", "12") +
		`,"merges":["h e","l l",["ll","o"],"he llo","Ġ h","1 2"]}}`
}

func TestSmallVocabulary(t *testing.T) {
	end := `"added_tokens":[{"id":261,"content":"<|end|>","special":true,"lstrip":true,"rstrip":false}],`
	bpe := map[string]string{
		"vocab.json": characters("he", "ll", "llo", "hello", "Ġh", "<|end|>", "12"),
		"merges.txt": "#version: 0.2\nh e\nl l\nll o\nhe llo\nĠ h\n1 2\n",
	}
	digits := strings.Replace(small(""), `"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false}`,
		`"pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Digits","individual_digits":true},`+
			`{"type":"ByteLevel","add_prefix_space":true,"use_regex":true}]}`, 1)
	for _, c := range []struct {
		files map[string]string
		text  string
		want  string // names
		back  string
	}{
		{map[string]string{"tokenizer.json": small("")}, "hello hello", "hello Ġ hello", "hello hello"},
		{map[string]string{"tokenizer.json": small("")}, "<|end|>", "< | e n d | >", "<|end|>"},
		{map[string]string{"tokenizer.json": small(end)}, "a <|end|> b", "a <|end|> Ġ b", "a<|end|> b"},
		{map[string]string{"tokenizer.json": small(end)}, "é12", "Ã © 12", "é12"},
		{map[string]string{"tokenizer.json": digits}, "12", "Ġ 1 Ġ 2", " 1 2"},
		{bpe, "hello<|end|>12", "hello <|end|> 12", "hello<|end|>12"},
		{bpe, "", "", ""},
	} {
		tok := mustRead(t, c.files)
		ids, err := tok.Encode(c.text)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
		}
		var names []string
		for _, id := range ids {
			names = append(names, tok.Token(id))
		}
		if got := strings.Join(names, " "); got != c.want || tok.Decode(ids) != c.back {
			t.Errorf("%q: %s, want %s; read back as %q", c.text, got, c.want, tok.Decode(ids))
		}
	}
	tok := mustRead(t, bpe)
	if got := tok.Decode([]int{0xE2, 0x82, 'a', 999}); got != "\uFFFDa⟨999⟩" || tok.Size() != 263 {
		t.Errorf("%q, %d tokens", got, tok.Size())
	}
	if _, err := tok.Encode("\xff"); err == nil {
		t.Error("a text that is no UTF-8 is taken")
	}
}

func TestBehaviours(t *testing.T) {
	for behaviour, want := range map[string]string{
		"Removed":            "the final countdown",
		"Isolated":           "the - final - - countdown",
		"Contiguous":         "the - final -- countdown",
		"MergedWithPrevious": "the- final- - countdown",
		"MergedWithNext":     "the -final - -countdown",
	} {
		list, err := splitAt(literal("-"), behaviours[behaviour], false)([]piece{{"the-final--countdown", true}})
		var got []string
		for _, p := range list {
			got = append(got, p.text)
		}
		if strings.Join(got, " ") != want || err != nil {
			t.Errorf("%s: %q, want %s; %v", behaviour, got, want, err)
		}
	}
}

func TestMetaspace(t *testing.T) {
	in := []piece{{"a b", true}, {" c", false}, {"d", false}}
	for scheme, want := range map[string]string{"always": "[▁a▁b ▁c ▁d]", "first": "[▁a▁b ▁c d]", "never": "[a▁b ▁c d]"} {
		list, err := metaspace(mark, scheme)(in)
		var got []string
		for _, p := range list {
			got = append(got, p.text)
		}
		if fmt.Sprint(got) != want || err != nil {
			t.Errorf("%s: %v, want %s; %v", scheme, got, want, err)
		}
	}
}

// What is cut by byte-level BPE is read back as it was, whatever the text.
func TestRoundTrip(t *testing.T) {
	tok := mustRead(t, map[string]string{"tokenizer.json": small("")})
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		ids, err := tok.Encode(s)
		if err != nil || tok.Decode(ids) != s {
			t.Fatalf("%q: %v, read back as %q, %v", s, ids, tok.Decode(ids), err)
		}
	})
}

func TestRefused(t *testing.T) {
	ok := `{"model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":["a b"]}}`
	mustRead(t, map[string]string{"tokenizer.json": ok})
	change := func(old, with string) map[string]string {
		return map[string]string{"tokenizer.json": strings.Replace(ok, old, with, 1)}
	}
	pieces := func(f func(p *pieceFile)) map[string]string {
		p := &pieceFile{model: 2, pieces: []testPiece{{"<unk>", 0, 2}, {"a", 0, 1}}}
		f(p)
		return map[string]string{"tokenizer.model": p.marshal()}
	}
	for _, c := range []struct {
		files map[string]string
		want  string
	}{
		{change("BPE", "Unigram"), `tokenizer.json: field "model.type": "Unigram" is not built here; known: BPE`},
		{change("BPE", "WordPiece"), `tokenizer.json: field "model.type": "WordPiece" is not built here; known: BPE`},
		{change(`"a b"`, `"a c"`), `tokenizer.json: field "model.merges[0]": "a" and "c": "c" is not in the vocabulary`},
		{change(`"a b"`, `"ab"`), `tokenizer.json: field "model.merges[0]": "ab" is not a merge: two tokens with a blank between them`},
		{change(`"b":1`, `"b":0`), `tokenizer.json: field "model.vocab": "a" and "b" are both number 0`},
		{change(`"b":1`, `"b":-1`), `tokenizer.json: field "model.vocab": token "b" is number -1; 0..1048575 are possible`},
		{change(`"b":1`, `"b":1000000000000`), `token "b" is number 1000000000000; 0..1048575 are possible`},
		{change(`{"model"`, `{"normalizer":{"type":"BertNormalizer"},"model"`), `field "normalizer.type": "BertNormalizer" is not built here; known: NFC`},
		{
			change(`{"model"`, `{"pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Whitespace"}]},"model"`),
			`field "pre_tokenizer[0].type": "Whitespace" is not built here; known: ByteLevel`,
		},
		{change(`{"model"`, `{"decoder":{"type":"WordPiece"},"model"`), `field "decoder.type": "WordPiece" is not built here`},
		{change(`{"model"`, `{"extra":1,"model"`), `field "extra": is not known, and it may change the tokens`},
		{change(`"vocab":{`, `"dropout":0.1,"vocab":{`), `field "model.dropout": 0.1 draws lots; only 0 is built here`},
		{map[string]string{"tokenizer.json": "{"}, "tokenizer.json: is not JSON: unexpected EOF"},
		{map[string]string{"vocab.json": `{"a":0}`}, "merges.txt: cannot be read"},
		{map[string]string{"vocab.json": `{"a":0}`, "merges.txt": "a b\n"}, `merges.txt: line 1: "a" and "b": "b" is not in the vocabulary`},
		{map[string]string{}, "tokenizer.json: is missing; so are vocab.json with merges.txt, and tokenizer.model"},
		{pieces(func(p *pieceFile) { p.model = 1 }), `tokenizer.model: field "trainer_spec.model_type": "Unigram" is not built here; known: BPE`},
		{pieces(func(p *pieceFile) { p.charsMap = []byte("x") }), `field "normalizer_spec.precompiled_charsmap": a map of characters is not built here`},
		{pieces(func(p *pieceFile) { p.pieces[1].kind = 5 }), `field "pieces[1]": type 5 is not built here`},
		{pieces(func(p *pieceFile) { p.bytes = true }), `field "pieces": not all 256 bytes are there, and byte_fallback is set`},
		{map[string]string{"tokenizer.model": "\xff"}, "tokenizer.model: is not a model of SentencePiece"},
	} {
		fsys := fstest.MapFS{}
		for name, text := range c.files {
			fsys[name] = &fstest.MapFile{Data: []byte(text)}
		}
		if _, err := Read(fsys, "."); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v\nwant %s", err, c.want)
		}
	}
	tok := mustRead(t, map[string]string{"tokenizer.json": ok})
	if _, err := tok.Encode("abc"); err == nil || !strings.Contains(err.Error(), "no token for 'c'") {
		t.Errorf("a character that is not in the vocabulary: %v", err)
	}
}

// fuzz checks that a file is read or refused with an error of one line, and that what it reads cuts texts.
func fuzz(t *testing.T, name string, data []byte, more fstest.MapFS, text string) {
	t.Helper()
	fsys := fstest.MapFS{name: {Data: data}}
	for name, file := range more {
		fsys[name] = file
	}
	tok, err := Read(fsys, ".")
	if err != nil {
		var e *Error
		if !errors.As(err, &e) {
			t.Fatalf("%T: %v", err, err)
		}
		brieftest.Check(t, err)
		return
	}
	ids, err := tok.Prompt(text[:min(len(text), 1000)])
	if err != nil {
		return
	}
	for _, id := range ids {
		if id < 0 || id >= tok.Size() {
			t.Fatalf("token %d of %d", id, tok.Size())
		}
	}
	tok.Decode(ids)
}

func FuzzTokenizer(f *testing.F) {
	f.Add([]byte(small("")), "hello 12")
	f.Add([]byte(small(`"normalizer":{"type":"NFC"},"added_tokens":[{"id":261,"content":"<|end|>"}],`)), "a<|end|>")
	f.Add([]byte(`{"model":{"vocab":{"a":0,"<0x62>":1,"u":2},"merges":[],"unk_token":"u","byte_fallback":true}}`), "abc")
	f.Fuzz(func(t *testing.T, data []byte, text string) { fuzz(t, "tokenizer.json", data, nil, text) })
}

func FuzzVocabulary(f *testing.F) {
	f.Add([]byte(`{"a":0,"b":1,"ab":2}`), []byte("a b\n"), []byte(`{"<x>":3}`), "ab<x>")
	f.Fuzz(func(t *testing.T, vocab, merges, added []byte, text string) {
		fuzz(t, "vocab.json", vocab, fstest.MapFS{"merges.txt": {Data: merges}, "added_tokens.json": {Data: added}}, text)
	})
}

// Whatever a file says, an error about it is short.
func TestErrorsAreShort(t *testing.T) {
	refused := 0
	for text := range brieftest.Long([]byte(`{"added_tokens":[{"id":2,"content":"<x>"}],"normalizer":{"type":"NFC"},` +
		`"model":{"vocab":{"a":0,"b":1,"ab":3},"merges":["a b"],"unk_token":"a"}}`)) {
		if _, err := Read(fstest.MapFS{"tokenizer.json": {Data: text}}, "."); brieftest.Check(t, err) {
			refused++
		}
	}
	for text := range brieftest.Long([]byte(`{"a":0,"b":1,"ab":2}`)) {
		for _, merges := range []string{"a b\n", string(text) + "\n", string(text) + " b\n"} {
			_, err := Read(fstest.MapFS{"vocab.json": {Data: text}, "merges.txt": {Data: []byte(merges)}}, ".")
			if brieftest.Check(t, err) {
				refused++
			}
		}
	}
	if refused < 100 {
		t.Errorf("%d were refused", refused)
	}
}
