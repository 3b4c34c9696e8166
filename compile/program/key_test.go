package program

import (
	"bufio"
	"bytes"
	"reflect"
	"testing"
)

// Each field that a reader sees is in the key: a change of it changes the key.
func TestKeyHasAllFields(t *testing.T) {
	key := func(n *Node) string {
		var text bytes.Buffer
		b := bufio.NewWriter(&text)
		n.writeKey(b)
		if err := b.Flush(); err != nil {
			t.Fatal(err)
		}
		return text.String()
	}
	p := New("p")
	x := p.Input("x", Shape{NewDim("d", 2)}, 2, false)
	first := p.Nodes()[x.id]
	fields := reflect.TypeFor[Node]()
	changed := 0
	for i := range fields.NumField() {
		f := fields.Field(i)
		if !f.IsExported() || f.Name == "ID" { // which is its place
			continue
		}
		n := first
		change(reflect.ValueOf(&n).Elem().Field(i))
		changed++
		if key(&n) == key(&first) {
			t.Errorf("%s is not in the key", f.Name)
		}
	}
	if changed < 30 {
		t.Errorf("%d fields", changed)
	}
}

// change makes another value.
func change(v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.String:
		v.SetString(v.String() + "x")
	case reflect.Slice:
		v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
	case reflect.Struct:
		change(v.Field(0))
	case reflect.Uint8:
		v.SetUint(v.Uint() + 1)
	default:
		v.SetInt(v.Int() + 1)
	}
}

// Numbers of a matrix are in the key of the program, and the same program has the same key.
func TestKeyOfPrograms(t *testing.T) {
	key := func(weight int64) string {
		p := New("p")
		x := p.Input("x", Shape{NewDim("d", 2)}, 2, false)
		y := p.Linear(x, NewMatrix(2, 2, func(i, j int) int64 { return weight + int64(i-j) }), nil, "y")
		p.Output("y", y)
		if p.Err() != nil {
			t.Fatal(p.Err())
		}
		var b bytes.Buffer
		if err := p.WriteKey(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if one, again := key(1), key(1); one != again || one == key(2) {
		t.Error("keys of programs")
	}
}
