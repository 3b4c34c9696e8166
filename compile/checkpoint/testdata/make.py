"""Makes the files of this folder: small untrained networks, each saved as its project saves them.

    python3 make.py

torch 1.13 and numpy 1.24 made the files that are committed. expected.json has the logits of the
last position by the textbook formula in torch, in float64.
"""
import collections, json, struct
import numpy as np, torch
import torch.nn.functional as F

torch.manual_seed(1)
V, T, D, H, L, I = 7, 6, 8, 2, 2, 12
TOKENS = [1, 5, 0, 6, 2, 3]
expected = {"tokens": TOKENS}


def rand(*shape):
    return torch.randn(*shape) * 0.4


def causal(q, k, v):
    n, e = q.shape[-2], q.shape[-1]
    s = q @ k.transpose(-1, -2) / e**0.5
    s = s.masked_fill(torch.triu(torch.ones(n, n, dtype=torch.bool), 1), float("-inf"))
    return s.softmax(-1) @ v


def split(x, h):
    return x.view(x.shape[0], h, -1).transpose(0, 1)


def join(x):
    return x.transpose(0, 1).reshape(x.shape[1], -1)


def nanogpt(s):
    s = {k: v.double() for k, v in s.items()}
    get = lambda n: s.get("transformer." + n)
    x = get("wte.weight")[TOKENS] + get("wpe.weight")[: len(TOKENS)]
    norm = lambda x, n: F.layer_norm(x, (D,), get(n + ".weight"), get(n + ".bias"), 1e-5)
    lin = lambda x, n: F.linear(x, get(n + ".weight"), get(n + ".bias"))
    for l in range(L):
        h = f"h.{l}."
        q, k, v = lin(norm(x, h + "ln_1"), h + "attn.c_attn").split(D, 1)
        x = x + lin(join(causal(split(q, H), split(k, H), split(v, H))), h + "attn.c_proj")
        x = x + lin(F.gelu(lin(norm(x, h + "ln_2"), h + "mlp.c_fc")), h + "mlp.c_proj")
    return (norm(x, "ln_f")[-1] @ s["lm_head.weight"].T).tolist()


def make_nanogpt(name, bias, prefix=""):
    s = collections.OrderedDict()
    p = "transformer."
    s[p + "wte.weight"], s[p + "wpe.weight"] = rand(V, D), rand(T, D)

    def add(n, *shape):
        s[p + n + ".weight"] = rand(*shape) + (1 if len(shape) == 1 else 0)
        if bias:
            s[p + n + ".bias"] = rand(shape[0])

    for l in range(L):
        h = f"h.{l}."
        add(h + "ln_1", D)
        add(h + "attn.c_attn", 3 * D, D)
        s[p + h + "attn.bias"] = torch.tril(torch.ones(1, 1, T, T))
        add(h + "attn.c_proj", D, D)
        add(h + "ln_2", D)
        add(h + "mlp.c_fc", 4 * D, D)
        add(h + "mlp.c_proj", D, 4 * D)
    add("ln_f", D)
    s["lm_head.weight"] = s[p + "wte.weight"]
    args = dict(n_layer=L, n_head=H, n_embd=D, block_size=T, bias=bias, vocab_size=V, dropout=0.0)
    state = collections.OrderedDict((prefix + k, v) for k, v in s.items())
    torch.save({"model": state, "optimizer": {"state": {0: {"step": 3, "exp_avg": rand(2)}}, "param_groups": [{"lr": 1e-3}]},
                "model_args": args, "iter_num": 10, "best_val_loss": torch.tensor(1.5), "config": {"out_dir": "out"}}, name)
    expected[name] = nanogpt(s)


def llama(s, heads, kv):
    s = {k: v.double() for k, v in s.items()}
    e = D // heads
    x = s["tok_embeddings.weight"][TOKENS]
    norm = lambda x, n: x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * s[n + ".weight"]
    angle = torch.outer(torch.arange(len(TOKENS)).double(), 1 / 10000 ** (torch.arange(0, e, 2).double() / e))
    turn = torch.polar(torch.ones_like(angle), angle)
    rotate = lambda q: torch.view_as_real(torch.view_as_complex(q.reshape(*q.shape[:-1], -1, 2)) * turn).flatten(-2)
    for l in range(L):
        w = lambda n: s[f"layers.{l}.{n}.weight"]
        y = norm(x, f"layers.{l}.attention_norm")
        q, k, v = (split(y @ w("attention." + n).T, h) for n, h in [("wq", heads), ("wk", kv), ("wv", kv)])
        k, v = (t.repeat_interleave(heads // kv, 0) for t in (k, v))
        x = x + join(causal(rotate(q), rotate(k), v)) @ w("attention.wo").T
        y = norm(x, f"layers.{l}.ffn_norm")
        x = x + (F.silu(y @ w("feed_forward.w1").T) * (y @ w("feed_forward.w3").T)) @ w("feed_forward.w2").T
    return (norm(x, "norm")[-1] @ s["output.weight"].T).tolist()


def make_llama():
    heads, kv = 2, 1
    e = D // heads
    s = collections.OrderedDict()
    s["tok_embeddings.weight"] = rand(V, D)
    shapes = [("attention.wq", (D, D)), ("attention.wk", (kv * e, D)), ("attention.wv", (kv * e, D)), ("attention.wo", (D, D)),
              ("feed_forward.w1", (I, D)), ("feed_forward.w2", (D, I)), ("feed_forward.w3", (I, D)),
              ("attention_norm", (D,)), ("ffn_norm", (D,))]
    for l in range(L):
        for n, shape in shapes:
            s[f"layers.{l}.{n}.weight"] = rand(*shape) + (1 if len(shape) == 1 else 0)
    s["norm.weight"] = 1 + rand(D)
    s["output.weight"] = s["tok_embeddings.weight"]
    args = dict(dim=D, n_layers=L, n_heads=heads, n_kv_heads=kv, vocab_size=V, multiple_of=4, max_seq_len=T, dropout=0.0)
    torch.save({"model": collections.OrderedDict(("_orig_mod." + k, v) for k, v in s.items()), "model_args": args}, "llama2c.pt")
    expected["llama2c.pt"] = expected["llama2c.bin"] = llama(s, heads, kv)
    with open("llama2c.bin", "wb") as f:
        f.write(struct.pack("7i", D, I, L, heads, kv, V, T))
        out = lambda t: f.write(t.float().contiguous().numpy().tobytes())
        out(s["tok_embeddings.weight"])
        for n in ["attention_norm", "attention.wq", "attention.wk", "attention.wv", "attention.wo", "ffn_norm",
                  "feed_forward.w1", "feed_forward.w2", "feed_forward.w3"]:
            for l in range(L):
                out(s[f"layers.{l}.{n}.weight"])
        out(s["norm.weight"])
        out(torch.zeros(2, T, e // 2))  # the cosines and sines, which readers skip


def make_sequential():
    net = torch.nn.Sequential(torch.nn.Linear(3, 5), torch.nn.ReLU(), torch.nn.Linear(5, 4))
    torch.save(net.state_dict(), "sequential.pth")
    torch.save({"state_dict": {k: v.half() for k, v in net.state_dict().items()}}, "half.pth")
    x = torch.tensor([1.0, 0.0, 3.0]).double()
    expected["sequential.pth"] = net.double()(x).tolist()
    expected["half.pth"] = net.half().double()(x).tolist()
    w = [p.detach().double().numpy() for p in net.half().parameters()]
    np.savez_compressed("columns.npz", W1=np.asfortranarray(w[0].T), b1=w[1].astype(">f4"), W2=w[2].T.astype("f2"), b2=w[3])


def make_kinds():
    base = torch.arange(24)
    state = collections.OrderedDict()
    for kind in ["float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool"]:
        state[kind] = base[:6].to(getattr(torch, kind)).view(2, 3)
    state["turned"] = base.view(4, 6).T
    state["part"] = base.view(4, 6)[1:3, 2:4]
    state["spread"] = base[5:6].expand(3)
    state["parameter"] = torch.nn.Parameter(torch.tensor([1.5]))
    torch.save(state, "kinds.pt")


make_nanogpt("nanogpt.pt", True)
make_nanogpt("nanogpt-no-bias.pt", False, "_orig_mod.")
make_llama()
make_sequential()
make_kinds()
json.dump(expected, open("expected.json", "w"), indent=1)
