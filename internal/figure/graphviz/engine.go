package graphviz

import (
	"context"
	_ "embed" // for the program
	"errors"
	"fmt"
	"path/filepath"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

//go:embed graphviz.wasm
var program []byte

// engine is Graphviz, compiled.
type engine struct {
	runtime wazero.Runtime
	code    wazero.CompiledModule
}

// started is the engine, which the first call compiles.
var started = sync.OnceValues(func() (*engine, error) {
	dir, err := cacheFolder()
	if err != nil {
		return compile("")
	}
	e, err := compile(dir)
	if err != nil { // the disk is full, or the cache is in use by something else
		discard(dir)
		return compile("")
	}
	// What cannot be marked as sound is thrown away by the next process.
	_ = mark(filepath.Join(dir, "*", "*"))
	return e, nil
})

// compile compiles Graphviz, or takes it from a cache in a folder, unless that is "".
func compile(dir string) (*engine, error) {
	ctx := context.Background()
	config := wazero.NewRuntimeConfig()
	if dir != "" {
		cache, err := wazero.NewCompilationCacheWithDir(dir)
		if err != nil {
			return nil, err
		}
		config = config.WithCompilationCache(cache)
	}
	e := &engine{runtime: wazero.NewRuntimeWithConfig(ctx, config)}
	if err := e.prepare(ctx); err != nil {
		return nil, errors.Join(err, e.runtime.Close(ctx))
	}
	return e, nil
}

// prepare compiles the program, and makes the functions that it calls.
func (e *engine) prepare(ctx context.Context) (err error) {
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, e.runtime); err != nil {
		return err
	}
	if e.code, err = e.runtime.CompileModule(ctx, program); err != nil {
		return err
	}
	return e.link(ctx)
}

// link gives Graphviz the functions by which it would call plug-ins in Go. There are none.
func (e *engine) link(ctx context.Context) error {
	const module = "env"
	host := e.runtime.NewHostModuleBuilder(module)
	for _, f := range e.code.ImportedFunctions() {
		from, name, _ := f.Import()
		if from != module {
			continue
		}
		missing := api.GoModuleFunc(func(context.Context, api.Module, []uint64) {
			panic(fmt.Errorf("there is no plug-in for %s", name)) // becomes the error of the call
		})
		host.NewFunctionBuilder().WithGoModuleFunction(missing, f.ParamTypes(), f.ResultTypes()).Export(name)
	}
	_, err := host.Instantiate(ctx)
	return err
}
