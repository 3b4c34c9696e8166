package checkpoint

import (
	"fmt"
	"io"
)

// llamaHeader is how many bytes the sizes take.
const llamaHeader = 28

// openLlama reads version 0 of the files of llama2.c: seven integers of 32 bits and the weights in order, F32.
// Its tensors get the names of the state dicts that the same project trains.
func (c *Checkpoint) openLlama(r io.ReaderAt, size int64) error {
	c.Format = "llama2.c"
	var begin [llamaHeader]byte
	if _, err := r.ReadAt(begin[:], 0); err != nil {
		return c.fail("", "is no PyTorch archive, and too short for a file of llama2.c: it has %d bytes", size)
	}
	const magic = 0x616b3432
	if little.Uint32(begin[:]) == magic {
		return c.fail("", "is a file of llama2.c of version %d; version 0 is read, and the .pt it was made from",
			little.Uint32(begin[4:]))
	}
	names := []string{"dim", "hidden_dim", "n_layers", "n_heads", "n_kv_heads", "vocab_size", "max_seq_len"}
	sizes := make([]int64, len(names))
	shared := true // a negative vocabulary means an unembedding of its own
	for i, name := range names {
		sizes[i] = int64(int32(little.Uint32(begin[4*i:])))
		if name == "vocab_size" && sizes[i] < 0 {
			sizes[i], shared = -sizes[i], false
		}
		if sizes[i] < 1 || sizes[i] > maxTensor || name == "n_layers" && sizes[i] > maxTensors/10 {
			return c.fail("", "is neither a PyTorch archive nor a file of llama2.c: %s would be %d", name, sizes[i])
		}
		c.Metadata[name] = sizes[i]
	}
	return c.llamaWeights(r, size, [7]int64(sizes), shared)
}

// llamaWeights adds the weights that stand behind a header of seven sizes.
func (c *Checkpoint) llamaWeights(r io.ReaderAt, size int64, header [7]int64, shared bool) error {
	d, hidden, layers, heads := header[0], header[1], header[2], header[3]
	kv, vocabulary, length := header[4], header[5], header[6]
	if d%heads != 0 || heads%kv != 0 {
		return c.fail("", "is neither a PyTorch archive nor a file of llama2.c: %d features, %d heads, %d heads of keys",
			d, heads, kv)
	}
	e := d / heads
	k, _ := findKind("F32")
	at := int64(llamaHeader)
	add := func(name string, shape ...uint64) error {
		n, err := c.count(name, shape)
		if err != nil {
			return err
		}
		if end := at + 4*int64(n); end > size {
			return c.fail(name, "is truncated: it ends at byte %d, and the file has %d", end, size)
		}
		err = c.add(name, k, shape, c.section(name, r, at, k, n))
		at += 4 * int64(n)
		return err
	}
	if err := add("tok_embeddings.weight", uint64(vocabulary), uint64(d)); err != nil {
		return err
	}
	for _, m := range []struct {
		name    string
		out, in int64
	}{
		{"attention_norm", d, 0},
		{"attention.wq", d, d},
		{"attention.wk", kv * e, d},
		{"attention.wv", kv * e, d},
		{"attention.wo", d, d},
		{"ffn_norm", d, 0},
		{"feed_forward.w1", hidden, d},
		{"feed_forward.w2", d, hidden},
		{"feed_forward.w3", hidden, d},
	} {
		for l := range layers {
			shape := []uint64{uint64(m.out), uint64(m.in)}
			if m.in == 0 {
				shape = shape[:1]
			}
			if err := add(fmt.Sprintf("layers.%d.%s.weight", l, m.name), shape...); err != nil {
				return err
			}
		}
	}
	if err := add("norm.weight", uint64(d)); err != nil {
		return err
	}
	at += 4 * length * (e / 2) * 2 // the cosines and sines of rotary positions, which follow from the sizes
	if !shared {
		if err := add("output.weight", uint64(vocabulary), uint64(d)); err != nil {
			return err
		}
	}
	if at != size {
		return c.fail("", "by its header a file of llama2.c of %d bytes, and has %d", at, size)
	}
	return nil
}
