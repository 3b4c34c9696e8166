// Package graphviz lays out graphs by Graphviz, which is part of this program as WebAssembly.
//
// Nothing is done before the first use: importing the package has no effect. The first use
// compiles Graphviz, which takes about a second, and keeps the result in the user's cache
// folder for other processes. A cache that cannot be used is done without.
package graphviz

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// Layout places a graph in the language of Graphviz by its program dot, and returns it in one of
// Graphviz's formats, such as "svg" or "json". It may be called from any goroutine.
func Layout(text, format string) ([]byte, error) {
	if strings.ContainsRune(text, 0) {
		return nil, errors.New("a graph with a character 0")
	}
	e, err := started()
	if err != nil {
		return nil, err
	}
	// The state of Graphviz is global. So each graph has an instance of its own.
	ctx := context.Background()
	var complaint bytes.Buffer
	module, err := e.runtime.InstantiateModule(ctx, e.code, wazero.NewModuleConfig().WithName("").WithStderr(&complaint))
	if err != nil {
		return nil, err
	}
	defer module.Close(ctx)
	in := &instance{ctx: ctx, module: module}
	out := in.layout(text, format)
	if in.err != nil {
		return nil, in.because(complaint.String())
	}
	return out, nil
}

// instance is Graphviz with a memory of its own. After an error it does nothing.
type instance struct {
	ctx    context.Context
	module api.Module
	err    error
}

// call calls a function of C and returns its first result.
func (in *instance) call(name string, args ...uint64) uint64 {
	if in.err != nil {
		return 0
	}
	function := in.module.ExportedFunction(name)
	if function == nil {
		in.err = fmt.Errorf("there is no function %s", name)
		return 0
	}
	results, err := function.Call(in.ctx, args...)
	if err != nil {
		in.err = fmt.Errorf("%s: %w", name, err)
		return 0
	}
	if len(results) == 0 {
		return 0
	}
	return results[0]
}

// store puts bytes into memory that it allocates, and returns their address.
func (in *instance) store(data []byte) uint64 {
	at := in.call("malloc", uint64(len(data)))
	if in.err == nil && (at == 0 || !in.module.Memory().Write(uint32(at), data)) {
		in.err = errors.New("out of memory")
	}
	return at
}

// text stores a string as C has it.
func (in *instance) text(s string) uint64 { return in.store(append([]byte(s), 0)) }

// load returns so many bytes at an address.
func (in *instance) load(at uint64, n uint32) []byte {
	if in.err != nil {
		return nil
	}
	data, ok := in.module.Memory().Read(uint32(at), n)
	if !ok {
		in.err = errors.New("an address outside of the memory")
	}
	return data
}

// word returns the 32 bits at an address.
func (in *instance) word(at uint64) uint32 {
	data := in.load(at, 4)
	if in.err != nil {
		return 0
	}
	return uint32(data[0]) | uint32(data[1])<<8 | uint32(data[2])<<16 | uint32(data[3])<<24
}

// A plug-in is named by two words, and there are three: the layout by dot, other layouts, and the
// formats. Two words of 0 end the list.
const pluginWords, plugins = 2, 3

// layout does the work. What it allocates goes with the instance.
func (in *instance) layout(text, format string) []byte {
	var list []byte
	if built := in.module.ExportedGlobal("lt_preloaded_symbols"); built != nil {
		list = bytes.Clone(in.load(built.Get(), 4*pluginWords*plugins))
	} else {
		in.err = errors.New("there are no plug-ins")
	}
	gvc := in.call("gvContextPlugins", in.store(append(list, make([]byte, 4*pluginWords)...)), 1)
	graph := in.call("agmemread", in.text(text))
	if in.err == nil && graph == 0 {
		in.err = errors.New("the graph cannot be read")
	}
	if status := in.call("gvLayout", gvc, graph, in.text("dot")); in.err == nil && status != 0 {
		in.err = errors.New("the graph cannot be laid out")
	}
	result := in.store(make([]byte, 8)) // the address of the text and its length
	status := in.call("gvRenderData", gvc, graph, in.text(format), result, result+4)
	at, n := in.word(result), in.word(result+4)
	if in.err == nil && (status != 0 || at == 0 || n == 0) {
		in.err = fmt.Errorf("the graph cannot be written as %s", format)
	}
	return bytes.Clone(in.load(uint64(at), n))
}

// because returns the error with what Graphviz said about it, in one line.
func (in *instance) because(complaint string) error {
	const most = 300
	words := []rune(strings.Join(strings.Fields(complaint), " "))
	if len(words) == 0 {
		return in.err
	}
	if len(words) > most {
		words = append(words[:most], '…')
	}
	return fmt.Errorf("%w: %s", in.err, string(words))
}
