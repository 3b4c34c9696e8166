package checkpoint

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/internal/brief"
)

// Limits of ours on pickles.
const (
	maxPickle = 1 << 24 // bytes
	maxSteps  = 1 << 22 // operations
)

// These are the values that a pickle may make, next to int64, float64, string, bool and nil.
type (
	global string // a name that it asks for
	tuple  []any
	list   struct{ items []any }
	dict   struct {
		keys   []any // in order
		values map[any]any
	}
	storage struct {
		key   string
		kind  kind
		count int64
	}
	view struct { // of a storage
		storage        *storage
		at             int64
		shape, strides []int64
	}
	mark struct{}
)

// storages are the kinds of elements, by the names of their classes in torch.
var storages = map[global]string{
	"torch.DoubleStorage": "F64", "torch.FloatStorage": "F32", "torch.HalfStorage": "F16",
	"torch.BFloat16Storage": "BF16", "torch.LongStorage": "I64", "torch.IntStorage": "I32",
	"torch.ShortStorage": "I16", "torch.CharStorage": "I8", "torch.ByteStorage": "U8", "torch.BoolStorage": "BOOL",
}

// The other names that a state dict asks for. What they stand for is done here; nothing is called.
const (
	orderedDict      global = "collections.OrderedDict"
	rebuildTensor    global = "torch._utils._rebuild_tensor_v2"
	rebuildParameter global = "torch._utils._rebuild_parameter"
	torchSize        global = "torch.Size"
)

// unpickler is a machine with a stack for the operations that state dicts have.
type unpickler struct {
	data  []byte
	at    int
	stack []any
	memo  map[uint32]any
	kinds map[string]kind // of storages, by their keys
}

// failure ends an unpickler.
type failure string

func stop(format string, args ...any) { panic(failure(fmt.Sprintf(format, args...))) }

// unpickle reads a pickle. It returns what is wrong with it, or "".
func unpickle(data []byte) (v any, what string) {
	if len(data) > maxPickle {
		return nil, fmt.Sprintf("the pickle has %d bytes; at most %d are read", len(data), maxPickle)
	}
	return newUnpickler(data).next()
}

func newUnpickler(data []byte) *unpickler { return &unpickler{data: data, kinds: map[string]kind{}} }

// next reads the pickle that begins where the one before ended.
func (u *unpickler) next() (v any, what string) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case failure:
			v, what = nil, string(r)
		default:
			panic(r)
		}
	}()
	u.stack, u.memo = nil, map[uint32]any{}
	for range maxSteps {
		if op := u.take(1)[0]; op == '.' {
			return u.pop(), ""
		} else if !u.constant(op) && !u.container(op) {
			u.object(op)
		}
	}
	stop("the pickle has more than %d operations, the most that are done", maxSteps)
	return nil, ""
}

func (u *unpickler) take(n int) []byte {
	if n < 0 || n > len(u.data)-u.at {
		stop("the pickle is truncated at byte %d", len(u.data))
	}
	u.at += n
	return u.data[u.at-n : u.at]
}

func (u *unpickler) push(v any) { u.stack = append(u.stack, v) }

func (u *unpickler) pop() any {
	if len(u.stack) == 0 {
		stop("the pickle takes a value that is not there, at byte %d", u.at)
	}
	v := u.stack[len(u.stack)-1]
	u.stack = u.stack[:len(u.stack)-1]
	return v
}

// since pops what stands above the last mark, and the mark.
func (u *unpickler) since() []any {
	i := len(u.stack) - 1
	for ; i >= 0; i-- {
		if u.stack[i] == (mark{}) {
			break
		}
	}
	if i < 0 {
		stop("the pickle has no mark, at byte %d", u.at)
	}
	items := slices.Clone(u.stack[i+1:])
	u.stack = u.stack[:i]
	return items
}

// length takes a number of bytes.
func (u *unpickler) length(n int) int {
	v := uint64(0)
	for i, b := range u.take(n) {
		v |= uint64(b) << (8 * i)
	}
	if v > maxPickle {
		stop("the pickle is truncated: a text has %d bytes", v)
	}
	return int(v)
}

func (u *unpickler) line() string {
	end := slices.Index(u.data[u.at:], '\n')
	if end < 0 {
		stop("the pickle is truncated at byte %d", len(u.data))
	}
	return strings.TrimSuffix(string(u.take(end+1)), "\n")
}

// constant does an operation that pushes a constant or goes through the memo. It reports whether op is one.
func (u *unpickler) constant(op byte) bool {
	switch op {
	case 0x80: // PROTO
		u.take(1)
	case 0x95: // FRAME
		u.take(8)
	case 'N':
		u.push(nil)
	case 0x88, 0x89: // NEWTRUE, NEWFALSE
		u.push(op == 0x88)
	case 'J': // BININT
		u.push(int64(int32(little.Uint32(u.take(4)))))
	case 'K': // BININT1
		u.push(int64(u.take(1)[0]))
	case 'M': // BININT2
		u.push(int64(little.Uint16(u.take(2))))
	case 0x8a: // LONG1
		b := u.take(int(u.take(1)[0]))
		if len(b) > 8 {
			stop("a number of the pickle has more than 64 bits")
		}
		v := int64(0)
		for i, x := range b {
			v |= int64(x) << (8 * i)
		}
		if n := len(b); n > 0 && n < 8 && b[n-1] >= 0x80 {
			v -= 1 << (8 * n)
		}
		u.push(v)
	case 'G': // BINFLOAT
		v := uint64(0)
		for _, b := range u.take(8) {
			v = v<<8 | uint64(b)
		}
		u.push(math.Float64frombits(v))
	case 'X', 'T', 'B': // BINUNICODE, BINSTRING, BINBYTES
		u.push(string(u.take(u.length(4))))
	case 0x8c, 'U', 'C': // the short ones
		u.push(string(u.take(u.length(1))))
	case 0x8d: // BINUNICODE8
		u.push(string(u.take(u.length(8))))
	case 'q': // BINPUT
		u.remember(uint32(u.take(1)[0]))
	case 'r': // LONG_BINPUT
		u.remember(little.Uint32(u.take(4)))
	case 0x94: // MEMOIZE
		u.remember(uint32(len(u.memo)))
	case 'h': // BINGET
		u.recall(uint32(u.take(1)[0]))
	case 'j': // LONG_BINGET
		u.recall(little.Uint32(u.take(4)))
	default:
		return false
	}
	return true
}

func (u *unpickler) remember(i uint32) {
	v := u.pop()
	u.memo[i] = v
	u.push(v)
}

func (u *unpickler) recall(i uint32) {
	v, ok := u.memo[i]
	if !ok {
		stop("the pickle recalls value %d, which it has not stored", i)
	}
	u.push(v)
}

// container does an operation on tuples, lists and dicts. It reports whether op is one.
func (u *unpickler) container(op byte) bool {
	switch op {
	case '(':
		u.push(mark{})
	case ')':
		u.push(tuple{})
	case 't':
		u.push(tuple(u.since()))
	case 0x85, 0x86, 0x87: // TUPLE1 to TUPLE3
		n := int(op) - 0x84
		t := make(tuple, n)
		for i := range t {
			t[n-1-i] = u.pop()
		}
		u.push(t)
	case ']':
		u.push(&list{})
	case 'a', 'e': // APPEND, APPENDS
		items := u.items(op == 'e', 1)
		l, ok := u.pop().(*list)
		if !ok {
			stop("the pickle appends to what is no list, at byte %d", u.at)
		}
		l.items = append(l.items, items...)
		u.push(l)
	case '}':
		u.push(newDict())
	case 's', 'u': // SETITEM, SETITEMS
		items := u.items(op == 'u', 2)
		d, ok := u.pop().(*dict)
		if !ok || len(items)%2 != 0 {
			stop("the pickle sets items of what is no dict, at byte %d", u.at)
		}
		for i := 0; i < len(items); i += 2 {
			d.set(items[i], items[i+1])
		}
		u.push(d)
	case '0':
		u.pop()
	default:
		return false
	}
	return true
}

// items pops the items for a list or a dict: all since the mark, or some.
func (u *unpickler) items(marked bool, n int) []any {
	if marked {
		return u.since()
	}
	items := make([]any, n)
	for i := range items {
		items[n-1-i] = u.pop()
	}
	return items
}

func newDict() *dict { return &dict{values: map[any]any{}} }

func (d *dict) set(key, value any) {
	switch key.(type) {
	case string, int64:
	default:
		stop("a dict of the pickle has a key that is neither text nor number")
	}
	if _, ok := d.values[key]; !ok {
		d.keys = append(d.keys, key)
	}
	d.values[key] = value
}

// object does an operation that asks for a name, or for what a name makes.
func (u *unpickler) object(op byte) {
	switch op {
	case 'c': // GLOBAL
		module := u.line()
		u.global(module, u.line())
	case 0x93: // STACK_GLOBAL
		name, _ := u.pop().(string)
		module, _ := u.pop().(string)
		u.global(module, name)
	case 'Q': // BINPERSID
		u.push(u.storage())
	case 'R': // REDUCE
		args, ok := u.pop().(tuple)
		name, isName := u.pop().(global)
		if !ok || !isName {
			stop("the pickle calls what is no name, at byte %d", u.at)
		}
		u.push(made(name, args))
	case 'b': // BUILD: a dict of torch keeps versions in an attribute
		u.pop()
		d, ok := u.pop().(*dict)
		if !ok {
			stop("the pickle sets attributes of what is no dict, at byte %d", u.at)
		}
		u.push(d)
	default:
		stop("the pickle has operation %#02x at byte %d, which no state dict needs; save model.state_dict()", op, u.at-1)
	}
}

func (u *unpickler) global(module, name string) {
	g := global(module + "." + name)
	_, ok := storages[g]
	if !ok && !slices.Contains([]global{orderedDict, rebuildTensor, rebuildParameter, torchSize}, g) {
		stop("the pickle asks for %s, which is not read, and no code is run; save model.state_dict()", brief.Quote(string(g)))
	}
	u.push(g)
}

// storage makes a storage of ("storage", class, key, device, count). Before torch 1.6 what it is a view of followed.
func (u *unpickler) storage() *storage {
	id, _ := u.pop().(tuple)
	if (len(id) == 5 || len(id) == 6 && id[5] == nil) && id[0] == "storage" {
		class, _ := id[1].(global)
		key, isText := id[2].(string)
		n, isNumber := id[4].(int64)
		k, ok := findKind(storages[class])
		if ok && isText && isNumber && n >= 0 {
			u.kinds[key] = k
			return &storage{key, k, n}
		}
	}
	stop("the pickle has a storage that is not (storage, class, key, device, count), at byte %d", u.at)
	return nil
}

// made returns what a name makes of arguments.
func made(name global, args tuple) any {
	switch name {
	case orderedDict:
		if len(args) == 0 {
			return newDict()
		}
	case torchSize:
		if len(args) == 1 {
			return args[0]
		}
	case rebuildParameter:
		if len(args) > 0 {
			if v, ok := args[0].(*view); ok {
				return v
			}
		}
	case rebuildTensor:
		if len(args) < 4 {
			break
		}
		s, ok := args[0].(*storage)
		at, isNumber := args[1].(int64)
		shape, strides := integers(args[2]), integers(args[3])
		if ok && isNumber && shape != nil && strides != nil && len(shape) == len(strides) {
			return &view{s, at, shape, strides}
		}
	}
	stop("the pickle gives %s other arguments than a state dict has", name)
	return nil
}

// integers returns a tuple of integers; nil if it is none.
func integers(v any) []int64 {
	t, ok := v.(tuple)
	if !ok {
		return nil
	}
	list := make([]int64, 0, len(t))
	for _, x := range t {
		i, ok := x.(int64)
		if !ok {
			return nil
		}
		list = append(list, i)
	}
	return list
}
