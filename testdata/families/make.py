"""Make tiny networks of every family with random weights, and their logits by PyTorch.

    python3 make.py

It needs Python 3 with numpy and PyTorch.  For each family a folder is written:
config.json and model.safetensors as Hugging Face would name and shape them, tc0.json,
and logits.json with inputs and the logits that PyTorch's functions give, written from
the published definitions and apart from the Go code that they test.
"""

import json
import os
import struct

import torch
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
VOCAB, LENGTH, INPUTS = 5, 4, 12
torch.set_num_threads(1)
KINDS = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16"}


def save(family, config, tensors, kind, forward):
    folder = os.path.join(HERE, family)
    os.makedirs(folder, exist_ok=True)
    # What the file holds is what the reference computes with.
    stored = {name: t.to(kind) for name, t in tensors.items()}
    header, data = {}, b""
    for name in sorted(stored):
        t = stored[name].contiguous()
        raw = (t.view(torch.int16) if kind != torch.float32 else t).numpy().tobytes()
        header[name] = {"dtype": KINDS[kind], "shape": list(t.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(os.path.join(folder, "model.safetensors"), "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)
    w = {name: t.double() for name, t in stored.items()}
    inputs = torch.randint(VOCAB, (INPUTS, LENGTH))
    logits = [forward(w, row).tolist() for row in inputs]
    dump = lambda name, value, **kw: open(os.path.join(folder, name), "w").write(json.dumps(value, **kw) + "\n")
    dump("config.json", config, indent=2)
    dump("tc0.json", {"name": "tiny " + family, "length": LENGTH, "outputs": LENGTH}, indent=2)
    dump("logits.json", {"inputs": inputs.tolist(), "logits": logits})


def random(*shape, scale=None):
    return torch.randn(*shape) * (scale if scale is not None else shape[-1] ** -0.5)


def gain(n):
    return 1 + 0.3 * torch.randn(n)


def gpt2():
    d, heads, inner, layers = 8, 2, 12, 2
    t = {"transformer.wte.weight": random(VOCAB, d, scale=1), "transformer.wpe.weight": random(LENGTH + 2, d, scale=0.5)}
    for k in range(layers):
        p = "transformer.h.%d." % k
        for name in ("ln_1", "ln_2"):
            t[p + name + ".weight"], t[p + name + ".bias"] = gain(d), random(d, scale=0.2)
        for name, n_in, n_out in (("attn.c_attn", d, 3 * d), ("attn.c_proj", d, d), ("mlp.c_fc", d, inner), ("mlp.c_proj", inner, d)):
            t[p + name + ".weight"], t[p + name + ".bias"] = random(n_in, n_out, scale=n_in**-0.5), random(n_out, scale=0.2)
        # The causal mask, which old files hold.
        t[p + "attn.bias"] = torch.ones(1, 1, LENGTH + 2, LENGTH + 2).tril()
    t["transformer.ln_f.weight"], t["transformer.ln_f.bias"] = gain(d), random(d, scale=0.2)
    t["lm_head.weight"] = t["transformer.wte.weight"].clone()

    def forward(w, tokens):
        g = lambda name: w["transformer." + name]
        norm = lambda x, name: F.layer_norm(x, (d,), g(name + ".weight"), g(name + ".bias"), 1e-5)
        conv1d = lambda x, name: x @ g(name + ".weight") + g(name + ".bias")
        n = len(tokens)
        x = F.embedding(tokens, g("wte.weight")) + g("wpe.weight")[:n]
        mask = torch.full((n, n), float("-inf")).triu(1).double()
        for k in range(layers):
            p = "h.%d." % k
            q, key, v = conv1d(norm(x, p + "ln_1"), p + "attn.c_attn").split(d, -1)
            out = []
            for q, key, v in zip(q.chunk(heads, -1), key.chunk(heads, -1), v.chunk(heads, -1)):
                out.append(F.softmax(q @ key.T / (d // heads) ** 0.5 + mask, -1) @ v)
            x = x + conv1d(torch.cat(out, -1), p + "attn.c_proj")
            hidden = F.gelu(conv1d(norm(x, p + "ln_2"), p + "mlp.c_fc"), approximate="tanh")
            x = x + conv1d(hidden, p + "mlp.c_proj")
        return norm(x, "ln_f") @ g("wte.weight").T

    config = {
        "architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "vocab_size": VOCAB, "n_positions": LENGTH + 2, "n_ctx": LENGTH + 2, "n_embd": d,
        "n_layer": layers, "n_head": heads, "n_inner": inner, "activation_function": "gelu_new", "layer_norm_epsilon": 1e-5, "attn_pdrop": 0.1,
    }
    save("gpt2", config, t, torch.float16, forward)


def rotary(family, head_norm, bias, tied, kind):
    d, heads, groups, e, inner, layers = 8, 4, 2, 4, 10, 2
    t = {"model.embed_tokens.weight": random(VOCAB, d, scale=1), "model.norm.weight": gain(d)}
    linear = {"self_attn.q_proj": (heads * e, d), "self_attn.k_proj": (groups * e, d), "self_attn.v_proj": (groups * e, d),
              "self_attn.o_proj": (d, heads * e), "mlp.gate_proj": (inner, d), "mlp.up_proj": (inner, d), "mlp.down_proj": (d, inner)}
    for k in range(layers):
        p = "model.layers.%d." % k
        t[p + "input_layernorm.weight"], t[p + "post_attention_layernorm.weight"] = gain(d), gain(d)
        for name, shape in linear.items():
            t[p + name + ".weight"] = random(*shape)
            if bias:
                t[p + name + ".bias"] = random(shape[0], scale=0.2)
        if head_norm:
            t[p + "self_attn.q_norm.weight"], t[p + "self_attn.k_norm.weight"] = gain(e), gain(e)
    if not tied:
        t["lm_head.weight"] = random(VOCAB, d)
    base, eps = 100.0, 1e-6

    def forward(w, tokens):
        norm = lambda x, name: w[name + ".weight"] * x / torch.sqrt((x * x).mean(-1, keepdim=True) + eps)
        apply = lambda x, name: F.linear(x, w[name + ".weight"], w.get(name + ".bias"))
        n = len(tokens)
        # Pairs of features as complex numbers, turned by multiplication.
        angle = torch.outer(torch.arange(n).double(), base ** (-torch.arange(0, e, 2).double() / e))
        turn = torch.polar(torch.ones_like(angle), angle)

        def rotate(x):
            z = torch.complex(x[:, : e // 2], x[:, e // 2 :]) * turn
            return torch.cat([z.real, z.imag], -1)

        x = w["model.embed_tokens.weight"][tokens]
        mask = torch.ones(n, n).tril().bool()
        for k in range(layers):
            p = "model.layers.%d." % k
            h = norm(x, p + "input_layernorm")
            q, key, v = (apply(h, p + "self_attn.%s_proj" % c).split(e, -1) for c in "qkv")
            if head_norm:
                q = [norm(a, p + "self_attn.q_norm") for a in q]
                key = [norm(a, p + "self_attn.k_norm") for a in key]
            out = []
            for i in range(heads):
                g = i * groups // heads
                scores = rotate(q[i]) @ rotate(key[g]).T / e**0.5
                out.append(F.softmax(scores.masked_fill(~mask, float("-inf")), -1) @ v[g])
            x = x + apply(torch.cat(out, -1), p + "self_attn.o_proj")
            h = norm(x, p + "post_attention_layernorm")
            x = x + apply(F.silu(apply(h, p + "mlp.gate_proj")) * apply(h, p + "mlp.up_proj"), p + "mlp.down_proj")
        return norm(x, "model.norm") @ w["model.embed_tokens.weight" if tied else "lm_head.weight"].T

    config = {
        "architectures": ["%sForCausalLM" % family.capitalize()], "model_type": family, "vocab_size": VOCAB, "hidden_size": d, "intermediate_size": inner,
        "num_hidden_layers": layers, "num_attention_heads": heads, "num_key_value_heads": groups, "head_dim": e, "hidden_act": "silu",
        "rms_norm_eps": eps, "rope_theta": base, "max_position_embeddings": 64, "tie_word_embeddings": tied, "attention_bias": bias,
    }
    if family == "llama":
        config["mlp_bias"] = bias
    save(family, config, t, kind, forward)


def mamba():
    d, inner, state, kernel, rank, layers = 6, 8, 2, 3, 2, 2
    t = {"backbone.embeddings.weight": random(VOCAB, d, scale=1), "backbone.norm_f.weight": gain(d)}
    for k in range(layers):
        p = "backbone.layers.%d." % k
        t[p + "norm.weight"] = gain(d)
        p += "mixer."
        t[p + "A_log"] = torch.log(torch.arange(1, state + 1).float()).repeat(inner, 1) + random(inner, state, scale=0.2)
        t[p + "D"] = gain(inner)
        t[p + "conv1d.weight"], t[p + "conv1d.bias"] = random(inner, 1, kernel), random(inner, scale=0.2)
        t[p + "dt_proj.weight"], t[p + "dt_proj.bias"] = random(inner, rank), random(inner, scale=0.5)
        t[p + "in_proj.weight"], t[p + "in_proj.bias"] = random(2 * inner, d), random(2 * inner, scale=0.2)
        t[p + "out_proj.weight"], t[p + "out_proj.bias"] = random(d, inner), random(d, scale=0.2)
        t[p + "x_proj.weight"] = random(rank + 2 * state, inner)

    def forward(w, tokens):
        norm = lambda x, name: w[name] * x / torch.sqrt((x * x).mean(-1, keepdim=True) + 1e-5)
        x = w["backbone.embeddings.weight"][tokens]
        n = len(tokens)
        for k in range(layers):
            g = lambda name: w["backbone.layers.%d.mixer.%s" % (k, name)]
            h = norm(x, "backbone.layers.%d.norm.weight" % k)
            u, z = F.linear(h, g("in_proj.weight"), g("in_proj.bias")).chunk(2, -1)
            conv = F.conv1d(u.T[None], g("conv1d.weight"), g("conv1d.bias"), padding=kernel - 1, groups=inner)
            u = F.silu(conv[0, :, :n].T)
            dt, b, c = F.linear(u, g("x_proj.weight")).split([rank, state, state], -1)
            delta = F.softplus(F.linear(dt, g("dt_proj.weight"), g("dt_proj.bias")))
            s, rows = torch.zeros(inner, state).double(), []
            for i in range(n):
                s = torch.exp(-torch.exp(g("A_log")) * delta[i][:, None]) * s + (delta[i] * u[i])[:, None] * b[i]
                rows.append(s @ c[i] + g("D") * u[i])
            x = x + F.linear(torch.stack(rows) * F.silu(z), g("out_proj.weight"), g("out_proj.bias"))
        return norm(x, "backbone.norm_f.weight") @ w["backbone.embeddings.weight"].T

    config = {
        "architectures": ["MambaForCausalLM"], "model_type": "mamba", "vocab_size": VOCAB, "hidden_size": d, "intermediate_size": inner,
        "state_size": state, "num_hidden_layers": layers, "conv_kernel": kernel, "time_step_rank": rank, "layer_norm_epsilon": 1e-5,
        "use_bias": True, "use_conv_bias": True, "hidden_act": "silu", "time_step_min": 0.001,
    }
    save("mamba", config, t, torch.float32, forward)


torch.manual_seed(11)
gpt2()
rotary("llama", False, True, False, torch.bfloat16)
rotary("qwen3", True, False, True, torch.float32)
mamba()
