//go:build js && wasm

// The program wasm is package explore for a page, as WebAssembly. It sets the global object tc0Core with
//
//	load(bytes)         opens what explore.Pack wrote, a Uint8Array
//	do(method, args)    calls a method of sketch.Session.Do; args is the text of a JSON object
//
// Both return the text of {"ok": result} or {"error": "one line"}; the result of load is that of
// about. The program calls the global function tc0Ready, if there is one, when the object is there.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"syscall/js"

	"github.com/tc0lab/tc0/explore"
	"github.com/tc0lab/tc0/explore/sketch"
)

func main() {
	var session *sketch.Session
	core := js.Global().Get("Object").New()
	core.Set("load", js.FuncOf(func(_ js.Value, args []js.Value) any {
		if len(args) != 1 || !args[0].InstanceOf(js.Global().Get("Uint8Array")) {
			return string(explore.Reply(nil, errors.New("tc0: load takes a Uint8Array")))
		}
		data := make([]byte, args[0].Length())
		js.CopyBytesToGo(data, args[0])
		opened, err := explore.Unpack(bytes.NewReader(data))
		if err != nil {
			return string(explore.Reply(nil, err))
		}
		session = &sketch.Session{Session: opened}
		return string(session.Answer("about", nil))
	}))
	core.Set("do", js.FuncOf(func(_ js.Value, args []js.Value) any {
		switch {
		case session == nil:
			return string(explore.Reply(nil, errors.New("tc0: no circuit is loaded")))
		case len(args) != 2 || args[0].Type() != js.TypeString || args[1].Type() != js.TypeString:
			return string(explore.Reply(nil, errors.New("tc0: do takes two strings, a method and its arguments")))
		}
		return string(session.Answer(args[0].String(), json.RawMessage(args[1].String())))
	}))
	js.Global().Set("tc0Core", core)
	if ready := js.Global().Get("tc0Ready"); ready.Type() == js.TypeFunction {
		ready.Invoke()
	}
	select {} // the functions are called for as long as the page is there
}
