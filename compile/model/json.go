package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/brief"
)

// Bounds on the sizes of files, in bytes.
const (
	maxFile = 1 << 30
	maxText = 1 << 26 // of a JSON file
)

// openFile opens a regular file of bounded size, and returns its size.
func openFile(fsys fs.FS, name string, most int64) (fs.File, int64, error) {
	info, err := fs.Stat(fsys, name)
	switch {
	case err != nil:
		return nil, 0, &LoadError{File: name, What: "cannot be read", Err: err}
	case !info.Mode().IsRegular():
		return nil, 0, &LoadError{File: name, What: "is not a file"}
	case info.Size() > most:
		return nil, 0, tooLong(name, info.Size(), most)
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, 0, &LoadError{File: name, What: "cannot be read", Err: err}
	}
	return f, info.Size(), nil
}

func tooLong(name string, size, most int64) error {
	return &LoadError{File: name, What: fmt.Sprintf("has %d bytes; at most %d are read", size, most)}
}

// readRest reads on to the end of a file that may be longer than it says, behind the bytes before.
func readRest(f io.Reader, name string, before []byte, most int64) ([]byte, error) {
	data := bytes.NewBuffer(before)
	_, err := data.ReadFrom(io.LimitReader(f, most+1-int64(len(before))))
	switch {
	case err != nil:
		return nil, &LoadError{File: name, What: "cannot be read", Err: err}
	case int64(data.Len()) > most:
		return nil, tooLong(name, int64(data.Len()), most)
	}
	return data.Bytes(), nil
}

// readText reads a text, without a byte-order mark.
func readText(fsys fs.FS, name string) ([]byte, error) {
	f, _, err := openFile(fsys, name, maxText)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := readRest(f, name, nil, maxText)
	return bytes.TrimPrefix(text, []byte("\uFEFF")), err
}

// document is a JSON file of a model. It reads all JSON files, so every error in them is a
// [*LoadError] with the file. If the line and column are known, the error has them, too.
type document struct {
	name string
	text []byte
}

// readDocument reads a file, which is not parsed yet.
func readDocument(fsys fs.FS, name string) (document, error) {
	text, err := readText(fsys, name)
	return document{name, text}, err
}

// decode reads the document into v, and then checks it. The document must be one object, and must
// have only fields of v. Nothing may follow the object.
func (d document) decode(v any, check func() *fieldError) error {
	dec := json.NewDecoder(bytes.NewReader(d.text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return d.jsonError(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return d.at(dec.InputOffset(), &LoadError{What: "something follows the end of the object"})
	}
	err := check()
	if err == nil {
		err = d.explicitZero()
	}
	return d.place(err)
}

// explicitZero refuses a field of the quantisation that is given as 0 or null. 0 bits have no
// meaning. To choose a default, leave the field out.
func (d document) explicitZero() *fieldError {
	var given struct {
		Quantization map[string]json.RawMessage `json:"quantization"`
	}
	if err := json.Unmarshal(d.text, &given); err != nil {
		return badField("quantization", "%v", err)
	}
	for _, name := range sortedKeys(given.Quantization) {
		raw := given.Quantization[name]
		var v any
		if err := json.Unmarshal(raw, &v); err != nil || v == nil || v == 0.0 {
			return badField("quantization."+name, "%s is out of range; leave the field out for its default", raw)
		}
	}
	return nil
}

// jsonError finds the place and the field of an error of package json.
func (d document) jsonError(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	name, unknown := strings.CutPrefix(err.Error(), "json: unknown field ")
	switch {
	case errors.As(err, &syntax):
		// The offset is behind the byte that is wrong.
		return d.at(syntax.Offset-1, &LoadError{What: "is not JSON", Err: err})
	case errors.As(err, &kind):
		wanted := kind.Type.String()
		if kind.Type.Kind() == reflect.Map {
			wanted = "an object"
		}
		what := fmt.Sprintf("%s where %s is wanted", kind.Value, wanted)
		return d.at(kind.Offset-1, &LoadError{Name: kind.Field, What: what})
	case unknown:
		return d.place(badField(strings.Trim(name, `"`), "is not known"))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return d.at(int64(len(d.text)), &LoadError{What: "ends in the middle of the object"})
	}
	return &LoadError{File: d.name, What: "cannot be read", Err: err}
}

// at fills in the file, and the line and column of an offset.
func (d document) at(offset int64, e *LoadError) error {
	before := d.text[:min(max(offset, 0), int64(len(d.text)))]
	e.File = d.name
	e.Line = 1 + bytes.Count(before, []byte{'\n'})
	e.Column = len(before) - bytes.LastIndexByte(before, '\n')
	return e
}

// place turns what is wrong with a field into an error with its place; nil if nothing is.
func (d document) place(f *fieldError) error {
	if f == nil {
		return nil
	}
	e := &LoadError{File: d.name, Name: f.name, What: f.what}
	if i := d.key(f.name); i >= 0 {
		return d.at(int64(i), e)
	}
	return e
}

// key returns where the last part of a dotted name stands as a key, or −1.
func (d document) key(name string) int {
	key := []byte(`"` + name[strings.LastIndexByte(name, '.')+1:] + `"`)
	for from := 0; ; {
		i := bytes.Index(d.text[from:], key)
		if i < 0 {
			return -1
		}
		from += i + len(key)
		if bytes.HasPrefix(bytes.TrimLeft(d.text[from:], " \t\r\n"), []byte{':'}) {
			return from - len(key)
		}
	}
}

// fieldError is what is wrong with one field, before its place is known.
type fieldError struct{ name, what string }

func badField(name, format string, args ...any) *fieldError {
	return &fieldError{name, fmt.Sprintf(format, args...)}
}

// limited is an integer field and its limits. The limits are 0 and 0 if the field must be absent.
type limited struct {
	name      string
	v, lo, hi int
}

// within checks integer fields against their limits.
func within(fields ...limited) *fieldError {
	for _, f := range fields {
		switch {
		case f.hi == 0 && f.v != 0:
			return badField(f.name, "has no meaning in this type of model or input")
		case f.v < f.lo || f.v > f.hi:
			return badField(f.name, "%d is outside %d..%d", f.v, f.lo, f.hi)
		}
	}
	return nil
}

// fields are the fields of config.json in a family of networks. Each has a function that reads it.
// The function is nil if the field does not change what the network computes.
type fields map[string]func(raw json.RawMessage) error

// read reads an object. Every field must be known, and some fields must be there.
func (f fields) read(d document, needed ...string) error {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(d.text, &object); err != nil {
		return d.jsonError(err)
	}
	for _, name := range sortedKeys(object) {
		read, known := f[name]
		if strings.HasPrefix(name, "_") {
			continue // of the loader
		}
		if !known {
			matter := maps.Clone(f)
			maps.DeleteFunc(matter, func(_ string, read func(json.RawMessage) error) bool { return read == nil })
			return d.place(badField(name, "is not known, and it may change what is computed;%s known: %s",
				gates.Meant(name, sortedKeys(f)), list(sortedKeys(matter))))
		}
		if read == nil {
			continue
		}
		if err := read(object[name]); err != nil {
			var inner *LoadError
			if errors.As(err, &inner) {
				return d.inside(name, inner)
			}
			return d.place(badField(name, "%s: %v", brief.Clip(string(object[name])), err))
		}
	}
	for _, name := range needed {
		if raw, ok := object[name]; !ok || string(raw) == "null" {
			return &LoadError{File: d.name, Name: name, What: "is missing"}
		}
	}
	return nil
}

// inside places an error of a document that is the value of a field.
func (d document) inside(outer string, e *LoadError) error {
	inner := e.Name
	e.Name = strings.TrimSuffix(outer+"."+inner, ".")
	from := max(d.key(outer), 0)
	if i := (document{text: d.text[from:]}).key(inner); inner != "" && i >= 0 {
		from += i
	}
	return d.at(int64(from), e)
}

// into reads a number, a string or a truth value.
func into[T any](to *T) func(json.RawMessage) error {
	return func(raw json.RawMessage) error {
		var v *T
		if err := json.Unmarshal(raw, &v); err != nil {
			return fmt.Errorf("a %T is wanted", *to)
		}
		if v != nil { // null means the default
			*to = *v
		}
		return nil
	}
}

// checked reads a value that must be right.
func checked[T any](to *T, check func(v T) error) func(json.RawMessage) error {
	return func(raw json.RawMessage) error {
		if err := into(to)(raw); err != nil || string(raw) == "null" {
			return err
		}
		return check(*to)
	}
}

// sizeInto reads an integer of at least 1.
func sizeInto(to *int) func(json.RawMessage) error { return fromOne(to, most) }

// mostLayers is the greatest number of layers, which are read one by one: formulas for so many take seconds.
const mostLayers = 1024

// layersInto reads a number of layers.
func layersInto(to *int) func(json.RawMessage) error {
	return checked(to, func(v int) error {
		if v < 1 || v > mostLayers {
			return fmt.Errorf("is outside 1..%d; the greatest is a limit of tc0", mostLayers)
		}
		return nil
	})
}

// tokensInto reads a vocabulary, or a number of positions.
func tokensInto(to *int) func(json.RawMessage) error { return fromOne(to, mostTokens) }

// fromOne reads an integer from 1 to hi.
func fromOne(to *int, hi int) func(json.RawMessage) error {
	return checked(to, func(v int) error {
		if v < 1 || v > hi {
			return fmt.Errorf("is outside 1..%d", hi)
		}
		return nil
	})
}

// positive reads a real number above 0.
func positive(to *float64) func(json.RawMessage) error {
	return checked(to, func(v float64) error {
		if !(v > 0 && v < 1e300) {
			return errors.New("must be positive")
		}
		return nil
	})
}

// among reads one of some words.
func among[T ~string](to *T, words ...T) func(json.RawMessage) error {
	return checked(to, func(word T) error {
		if !slices.Contains(words, word) {
			return fmt.Errorf("is not known; known: %s", fmt.Sprint(words))
		}
		return nil
	})
}

// only accepts the one value that asks for what is built here, and null.
func only(why, value string) func(json.RawMessage) error {
	return func(raw json.RawMessage) error {
		var compact bytes.Buffer
		if err := json.Compact(&compact, raw); err != nil {
			return err
		}
		if compact.String() != value && compact.String() != "null" {
			return fmt.Errorf("%s is not built here; known: %s", why, value)
		}
		return nil
	}
}

// with returns the fields together with fields that do not change the function of a trained
// network. These are the given fields, and fields that most families have.
func (f fields) with(inert ...string) fields {
	all := maps.Clone(f)
	for _, name := range slices.Concat(inertFields, inert) {
		all[name] = nil
	}
	for name, why := range offFields {
		if _, own := all[name]; !own {
			all[name] = only(why, "false")
		}
	}
	all["pruned_heads"] = only("a network without some heads", "{}")
	return all
}

// offFields are flags of some families that change the function, each with what it asks for. If a family does not
// have the flag, only false is taken.
var offFields = map[string]string{
	"add_cross_attention": "cross attention", "attn_logit_softcapping": "a limit of scores",
	"final_logit_softcapping": "a limit of logits", "is_encoder_decoder": "an encoder", "mlp_bias": "a bias of the units",
	"quantization_config": "a checkpoint that is quantised already",
	"rope_interleaved":    "rotary positions of interleaved pairs", "tie_encoder_decoder": "an encoder",
	"use_bidirectional_attention": "attention to later positions", "use_mrope": "rotary positions of several axes",
}

// inertFields do not change the function of a network in any family.
var inertFields = strings.Fields(`
	architectures attention_dropout attention_probs_dropout_prob attn_implementation attn_pdrop auto_map
	bad_words_ids begin_suppress_tokens bos_token_id chunk_size_feed_forward classifier_dropout diversity_penalty
	do_sample dropout dtype early_stopping embd_pdrop encoder_no_repeat_ngram_size eos_token_id
	exponential_decay_length_penalty finetuning_task forced_bos_token_id forced_eos_token_id
	gradient_checkpointing hidden_dropout hidden_dropout_prob id2label initializer_range is_decoder
	is_llama_config keys_to_ignore_at_inference label2id length_penalty loss_type max_length max_new_tokens
	min_length model_type n_special no_repeat_ngram_size num_beam_groups num_beams num_labels num_return_sequences
	output_attentions output_hidden_states output_past output_scores pad_token_id predict_special_tokens prefix
	pretraining_tp problem_type remove_invalid_values reorder_and_upcast_attn repetition_penalty resid_pdrop
	return_dict return_dict_in_generate sep_token_id summary_activation summary_first_dropout
	summary_proj_to_labels summary_type summary_use_proj suppress_tokens task_specific_params temperature
	tf_legacy_loss tokenizer_class top_k top_p torch_dtype torchscript transformers_version typical_p
	unsloth_version use_bfloat16 use_cache
`)
