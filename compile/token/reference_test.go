package token

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tiktoken-go/tokenizer/codec"
)

// llama3Pattern is that of Llama 3, and of cl100k.
const llama3Pattern = `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}` +
	`| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`

// fileOfRanks writes a tokenizer.json with the vocabulary of a reference. It has as merges all pairs that
// are a token together, in the order of these, which is how ranks are used.
func fileOfRanks(t *testing.T, c *codec.Codec, size int, pattern string) []byte {
	t.Helper()
	vocab := map[string]int{}
	tokens := make([]string, size)
	for id := range size {
		s, err := c.Decode([]uint{uint(id)})
		if err != nil {
			t.Fatal(err)
		}
		tokens[id] = s
		vocab[spell(s)] = id
	}
	var merges [][2]string
	for _, s := range tokens {
		var pairs [][2]int
		for i := 1; i < len(s); i++ {
			left, ok := vocab[spell(s[:i])]
			right, also := vocab[spell(s[i:])]
			if ok && also {
				pairs = append(pairs, [2]int{left, right})
			}
		}
		slices.SortFunc(pairs, func(x, y [2]int) int { return slices.Compare(x[:], y[:]) })
		for _, p := range pairs {
			merges = append(merges, [2]string{spell(tokens[p[0]]), spell(tokens[p[1]])})
		}
	}
	words := any(map[string]any{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true})
	if pattern != "" {
		words = map[string]any{"type": "Sequence", "pretokenizers": []any{
			map[string]any{"type": "Split", "pattern": map[string]any{"Regex": pattern}, "behavior": "Isolated", "invert": false},
			map[string]any{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false},
		}}
	}
	text, err := json.Marshal(map[string]any{
		"version": "1.0", "pre_tokenizer": words, "decoder": map[string]any{"type": "ByteLevel"},
		"model": map[string]any{"type": "BPE", "ignore_merges": true, "vocab": vocab, "merges": merges},
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func mustRead(t testing.TB, files map[string]string) *Tokenizer {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	tok, err := Read(fsys, ".")
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

// words of the texts that are made.
var words = []string{
	"the", "Hello", "world", "I", "we", "they", "don", "can", "it", "'s", "'S", "'t", "'re", "'ve", "'m", "'ll", "'LL", "'d",
	"'", "''", "’s", "…", "—", "(", ")", "{}", "==", "!=", "->", "://", "/", "\\", "#", "0", "7", "12", "123", "1234", "20261129",
	"3.14", "½", "²", "Ⅷ", "٣", "é", "e\u0301", "naïve", "Straße", "ǅ", "ʰ", "Привет", "мир", "你好", "世界", "日本語", "こんにちは",
	"한국어", "\u1112\u1161\u11ab", "مرحبا", "שלום", "हिन्दी", "ไทย", "😀", "👩‍👩‍👧", "🇩🇪", "\u200d", "\ufeff", "\u00ad", "\U0010FFFF", "\x00",
	"function", "return", "_name", "camelCase", "SHOUT", "antidisestablishmentarianism", "aaaaaaaaaaaaaaaa", "<|endoftext|>",
}

var gaps = []string{"", "", "", " ", " ", " ", "  ", "   ", "\n", "\r\n", "\n\n ", "\t", " \t ", "\u00a0", "\u2003", "\u3000", "\u0085", " \n"}

// text makes a text of up to 12 words, and in one of four some runes of any kind.
func text(r *rand.Rand) string {
	var b strings.Builder
	b.WriteString(gaps[r.IntN(len(gaps))])
	for range r.IntN(12) {
		b.WriteString(words[r.IntN(len(words))])
		b.WriteString(gaps[r.IntN(len(gaps))])
		if r.IntN(4) == 0 {
			top := []int{0x80, 0x800, 0xD800}[r.IntN(3)]
			b.WriteRune(rune(r.IntN(top)))
			b.WriteRune(rune(0x10000 + r.IntN(0x10000)))
		}
	}
	return b.String()
}

// The reference has the vocabularies of GPT-2 and of GPT-4, whose expression is that of Llama 3.
func TestTokensAreThoseOfTiktoken(t *testing.T) {
	for _, c := range []struct {
		name, pattern string
		reference     *codec.Codec
		size          int
	}{
		{"GPT-2", "", codec.NewR50kBase(), 50256},
		{"GPT-4", llama3Pattern, codec.NewCl100kBase(), 100256},
	} {
		tok := mustRead(t, map[string]string{"tokenizer.json": string(fileOfRanks(t, c.reference, c.size, c.pattern))})
		r := rand.New(rand.NewPCG(6, 19))
		const texts = 10000
		tokens := 0
		for range texts {
			s := strings.ReplaceAll(text(r), "\x7f", "") // which the reference leaves out
			want, _, err := c.reference.Encode(s)
			if err != nil {
				t.Fatal(err)
			}
			got, err := tok.Encode(s)
			if err != nil {
				t.Fatal(err)
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("%s: %q: %v, and %v by the reference", c.name, s, got, want)
			}
			if back := tok.Decode(got); back != s {
				t.Fatalf("%s: %q: read back as %q", c.name, s, back)
			}
			tokens += len(got)
		}
		if tokens < 10*texts {
			t.Errorf("%s: only %d tokens in %d texts", c.name, tokens, texts)
		}
	}
}
