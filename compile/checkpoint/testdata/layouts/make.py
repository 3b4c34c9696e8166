"""Makes the files of this folder: small untrained networks in the formats and under the names in which they are published.

    OMP_NUM_THREADS=1 python3 make.py

torch 1.13 and numpy 1.24 made the files that are committed. expected.json has inputs, and what the networks answer
to them: the logits of all positions, by the published formulas in torch, in float64. The formulas read the weights
under the published names.
"""
import collections, json, math, os, shutil, struct
import numpy as np, torch
import torch.nn.functional as F

torch.set_num_threads(1)
V, T, D, H, L, I = 11, 6, 8, 2, 2, 12  # vocabulary, positions, features, heads, layers, hidden units
gen = None
expected = {}


def seed(n):
    global gen
    gen = torch.Generator().manual_seed(n)


def rand(*shape, scale=0.4, kind=torch.float32):
    return (torch.randn(*shape, generator=gen, dtype=torch.float64) * scale).to(kind)


def gain(*shape):
    return rand(*shape) * 0.5 + 1


def inputs(top, length, count=4):
    return torch.randint(0, top, (count, length), generator=gen).tolist()


def add(name, forward, ins, relative=1e-6, **options):
    """Notes what a network answers; options are what the command is told."""
    with torch.no_grad():
        out = [forward(x).double().flatten().tolist() for x in ins]
    expected[name] = {"options": options, "relative": relative, "inputs": ins, "logits": out}


def write_json(path, value):
    with open(path, "w") as f:
        json.dump(value, f, indent=1)
        f.write("\n")


def safetensors(path, tensors, metadata={"format": "pt"}):
    """The format of Hugging Face: the length of the header, the header, the numbers."""
    kinds = {torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.bool: "BOOL"}
    header, body = {"__metadata__": metadata}, b""
    for name, t in tensors.items():
        t = t.contiguous()
        raw = (t.view(torch.int16) if t.dtype == torch.bfloat16 else t).numpy().tobytes()
        header[name] = {"dtype": kinds[t.dtype], "shape": list(t.shape), "data_offsets": [len(body), len(body) + len(raw)]}
        body += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + body)


def doubles(s):
    return {k: v.double() for k, v in s.items() if v.is_floating_point()}


# --- what the formulas share

def causal(q, k, v):
    """softmax(q·kᵀ/√e + mask)·v for [heads, n, e]; a head of keys serves several of queries."""
    k, v = (t.repeat_interleave(q.shape[0] // k.shape[0], 0) for t in (k, v))
    n = q.shape[1]
    scores = torch.einsum("hie,hje->hij", q, k) / math.sqrt(q.shape[-1])
    scores = scores + torch.full((n, n), float("-inf")).triu(1)
    return torch.einsum("hij,hje->hie", scores.softmax(-1), v)


def split(x, heads):
    return x.reshape(len(x), heads, -1).permute(1, 0, 2)


def join(x):
    return x.permute(1, 0, 2).reshape(x.shape[1], -1)


def rms(x, gain, eps=1e-5):
    return x / torch.sqrt((x * x).mean(-1, keepdim=True) + eps) * gain


def rotate_half(x, frequencies):
    """Rotary positions as Hugging Face turns them: feature i with feature i + e/2."""
    angles = torch.arange(x.shape[-2]).double()[:, None] * frequencies[None]
    angles = torch.cat([angles, angles], -1)
    a, b = x.chunk(2, -1)
    return x * angles.cos() + torch.cat([-b, a], -1) * angles.sin()


def frequencies(e, base=10000.0):
    return base ** (-torch.arange(0, e, 2).double() / e)


# --- GPT-2 (openai/gpt-2, transformers/models/gpt2) and nanoGPT (karpathy/nanoGPT)

def gpt2_state(linear, bias=True, prefix="transformer.", kind=torch.float32):
    s = collections.OrderedDict()
    s[prefix + "wte.weight"], s[prefix + "wpe.weight"] = rand(V, D, kind=kind), rand(T, D, kind=kind)

    def part(name, *shape):  # [out, in]
        w = gain(*shape).to(kind) if len(shape) == 1 else rand(*shape, kind=kind)
        s[prefix + name + ".weight"] = w if linear or len(shape) == 1 else w.T.contiguous()
        if bias:
            s[prefix + name + ".bias"] = rand(shape[0], kind=kind)

    for l in range(L):
        h = f"h.{l}."
        part(h + "ln_1", D)
        part(h + "attn.c_attn", 3 * D, D)
        part(h + "attn.c_proj", D, D)
        part(h + "ln_2", D)
        part(h + "mlp.c_fc", 4 * D, D)
        part(h + "mlp.c_proj", D, 4 * D)
    part("ln_f", D)
    return s


def gpt2(state, linear, prefix="transformer.", head=None):
    s = doubles(state)

    def forward(tokens):
        def affine(x, name):
            w, b = s[prefix + name + ".weight"], s.get(prefix + name + ".bias")
            x = x @ (w.T if linear else w)
            return x if b is None else x + b

        def norm(x, name):
            x = x - x.mean(-1, keepdim=True)
            x = x / torch.sqrt((x * x).mean(-1, keepdim=True) + 1e-5) * s[prefix + name + ".weight"]
            return x + s.get(prefix + name + ".bias", 0)

        # gelu_new of OpenAI, and the exact one of nanoGPT
        gelu = F.gelu if linear else lambda x: 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
        x = s[prefix + "wte.weight"][tokens] + s[prefix + "wpe.weight"][: len(tokens)]
        for l in range(L):
            h = f"h.{l}."
            q, k, v = affine(norm(x, h + "ln_1"), h + "attn.c_attn").split(D, -1)
            x = x + affine(join(causal(split(q, H), split(k, H), split(v, H))), h + "attn.c_proj")
            x = x + affine(gelu(affine(norm(x, h + "ln_2"), h + "mlp.c_fc")), h + "mlp.c_proj")
        return norm(x, "ln_f") @ s[head or prefix + "wte.weight"].T

    return forward


GPT2 = dict(model_type="gpt2", architectures=["GPT2LMHeadModel"], activation_function="gelu_new", attn_pdrop=0.1, bos_token_id=0,
            embd_pdrop=0.1, eos_token_id=0, initializer_range=0.02, layer_norm_epsilon=1e-05, n_ctx=T, n_embd=D, n_head=H,
            n_layer=L, n_positions=T, resid_pdrop=0.1, summary_activation=None, summary_first_dropout=0.1,
            summary_proj_to_labels=True, summary_type="cls_index", summary_use_proj=True, vocab_size=V)


def make_gpt2():
    s = gpt2_state(False, prefix="")  # as openai-community/gpt2 on the hub: no prefix, masks
    folder("gpt2-safetensors")
    write_json("gpt2-safetensors/config.json", GPT2)
    with_masks = collections.OrderedDict(s)
    for l in range(L):
        with_masks[f"h.{l}.attn.bias"] = torch.ones(T, T).tril().view(1, 1, T, T)
    safetensors("gpt2-safetensors/model.safetensors", with_masks)
    add("gpt2-safetensors", gpt2(s, False, ""), inputs(V, T))

    s = gpt2_state(False)
    folder("gpt2-bin")
    write_json("gpt2-bin/config.json", GPT2)
    for l in range(L):
        s[f"transformer.h.{l}.attn.bias"] = torch.ones(T, T, dtype=torch.uint8).tril().view(1, 1, T, T)
        s[f"transformer.h.{l}.attn.masked_bias"] = torch.tensor(-1e4)
    s["lm_head.weight"] = s["transformer.wte.weight"]
    torch.save(s, "gpt2-bin/pytorch_model.bin")
    add("gpt2-bin", gpt2(s, False), inputs(V, T))


def make_nanogpt(name, bias, compiled, linear=True, tied=True, kind=torch.float32):
    s = gpt2_state(linear, bias, kind=kind)
    head = "lm_head.weight"
    s[head] = s["transformer.wte.weight"] if tied else rand(V, D, kind=kind)
    args = dict(n_layer=L, n_head=H, n_embd=D, block_size=T, bias=bias, vocab_size=V, dropout=0.0)
    saved = collections.OrderedDict(("_orig_mod." * compiled + k, v) for k, v in s.items())
    folder(name)
    torch.save({"model": saved, "optimizer": {"state": {0: {"step": torch.tensor(3.0), "exp_avg": rand(2)}}, "param_groups":
                [{"lr": 6e-4, "betas": (0.9, 0.95), "params": [0]}]}, "model_args": args, "iter_num": 10,
                "best_val_loss": torch.tensor(1.5), "config": {"out_dir": "out", "batch_size": 12}}, name + "/ckpt.pt")
    add(name, gpt2(s, linear, head=head), inputs(V, T))


# --- Llama and its kin (transformers/models/llama, qwen2, qwen3, mistral, gemma)

def llama_state(heads, kv, e, qkv_bias=False, head_norm=False, tied=False, kind=torch.float32, gains=gain):
    s = collections.OrderedDict()
    s["model.embed_tokens.weight"] = rand(V, D)
    for l in range(L):
        p = f"model.layers.{l}."
        for name, out, into in [("q", heads * e, D), ("k", kv * e, D), ("v", kv * e, D), ("o", D, heads * e)]:
            s[p + f"self_attn.{name}_proj.weight"] = rand(out, into)
            if qkv_bias and name != "o":
                s[p + f"self_attn.{name}_proj.bias"] = rand(out)
        if head_norm:
            s[p + "self_attn.q_norm.weight"], s[p + "self_attn.k_norm.weight"] = gains(e), gains(e)
        for name, out, into in [("gate", I, D), ("up", I, D), ("down", D, I)]:
            s[p + f"mlp.{name}_proj.weight"] = rand(out, into)
        s[p + "input_layernorm.weight"], s[p + "post_attention_layernorm.weight"] = gains(D), gains(D)
    s["model.norm.weight"] = gains(D)
    if not tied:
        s["lm_head.weight"] = rand(V, D)
    return collections.OrderedDict((k, v.to(kind)) for k, v in s.items())


def llama(state, heads, kv, e, freq, eps=1e-6, activation=F.silu, scale=1.0, unit=0.0):
    s = doubles(state)

    def forward(tokens):
        x = s["model.embed_tokens.weight"][tokens] * scale
        for l in range(L):
            p = f"model.layers.{l}."
            norm = lambda x, name: rms(x, s[p + name + ".weight"] + unit, eps)
            h = norm(x, "input_layernorm")
            q, k, v = (split(F.linear(h, s[p + f"self_attn.{n}_proj.weight"], s.get(p + f"self_attn.{n}_proj.bias")), m)
                       for n, m in [("q", heads), ("k", kv), ("v", kv)])
            if p + "self_attn.q_norm.weight" in s:
                q, k = norm(q, "self_attn.q_norm"), norm(k, "self_attn.k_norm")
            y = join(causal(rotate_half(q, freq), rotate_half(k, freq), v))
            x = x + y @ s[p + "self_attn.o_proj.weight"].T
            h = norm(x, "post_attention_layernorm")
            gate, up, down = (s[p + f"mlp.{n}_proj.weight"] for n in ("gate", "up", "down"))
            x = x + (activation(h @ gate.T) * (h @ up.T)) @ down.T
        return rms(x, s["model.norm.weight"] + unit, eps) @ s.get("lm_head.weight", s["model.embed_tokens.weight"]).T

    return forward


def rotary_config(kind, heads, kv, **more):
    return dict(model_type=kind, architectures=[kind.capitalize() + "ForCausalLM"], attention_dropout=0.0, bos_token_id=1,
                eos_token_id=2, hidden_act="silu", hidden_size=D, initializer_range=0.02, intermediate_size=I,
                max_position_embeddings=T, num_attention_heads=heads, num_hidden_layers=L, num_key_value_heads=kv,
                rms_norm_eps=1e-06, torch_dtype="float32", transformers_version="4.45.0", use_cache=True, vocab_size=V) | more


def folder(name):
    shutil.rmtree(name, ignore_errors=True)
    os.mkdir(name)


def save_model(name, config, state):
    folder(name)
    write_json(name + "/config.json", config)
    safetensors(name + "/model.safetensors", state)


def make_llamas():
    s = llama_state(2, 1, 4)
    folder("llama-sharded")
    write_json("llama-sharded/config.json", rotary_config("llama", 2, 1, rope_theta=10000.0, rope_scaling=None,
                                                          tie_word_embeddings=False, pretraining_tp=1))
    names, index = list(s), {}
    for i, part in enumerate([names[: len(names) // 2], names[len(names) // 2:]]):
        file = f"model-{i + 1:05}-of-00002.safetensors"
        safetensors("llama-sharded/" + file, {n: s[n] for n in part})
        index |= {n: file for n in part}
    size = sum(v.numel() * 4 for v in s.values())
    write_json("llama-sharded/model.safetensors.index.json", {"metadata": {"total_size": size}, "weight_map": index})
    add("llama-sharded", llama(s, 2, 1, 4, frequencies(4)), inputs(V, T))

    # Llama 3.1: what is slow turns slower (rope type llama3, as meta-llama/llama-models has it)
    e, scaling = 8, dict(factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=64)
    freq = []
    for f in frequencies(e, 500.0).tolist():
        length = 2 * math.pi / f
        if length < 64 / 4.0:
            freq.append(f)
        elif length > 64 / 1.0:
            freq.append(f / 8.0)
        else:
            smooth = (64 / length - 1.0) / (4.0 - 1.0)
            freq.append((1 - smooth) * f / 8.0 + smooth * f)
    s = llama_state(2, 2, e)
    save_model("llama-3.1", rotary_config("llama", 2, 2, head_dim=e, rope_theta=500.0, tie_word_embeddings=False,
                                          rope_scaling=scaling | {"rope_type": "llama3"}, attention_bias=False,
                                          mlp_bias=False), s)
    add("llama-3.1", llama(s, 2, 2, e, torch.tensor(freq, dtype=torch.float64)), inputs(V, T))

    s = llama_state(2, 1, 4, qkv_bias=True, tied=True, kind=torch.bfloat16)
    save_model("qwen2", rotary_config("qwen2", 2, 1, rope_theta=1000000.0, tie_word_embeddings=True, max_window_layers=21,
                                      sliding_window=32768, use_sliding_window=False, torch_dtype="bfloat16"), s)
    add("qwen2", llama(s, 2, 1, 4, frequencies(4, 1e6)), inputs(V, T))

    s = llama_state(2, 1, 6, head_norm=True, tied=True)  # heads of a size of their own
    save_model("qwen3", rotary_config("qwen3", 2, 1, head_dim=6, rope_theta=1000000, tie_word_embeddings=True,
                                      attention_bias=False, max_window_layers=28, rope_scaling=None, sliding_window=None,
                                      use_sliding_window=False), s)
    add("qwen3", llama(s, 2, 1, 6, frequencies(6, 1e6)), inputs(V, T))

    s = llama_state(4, 2, 2, kind=torch.float16)
    save_model("mistral", rotary_config("mistral", 4, 2, rope_theta=10000.0, sliding_window=4096, tie_word_embeddings=False), s)
    add("mistral", llama(s, 4, 2, 2, frequencies(2)), inputs(V, T))

    s = llama_state(2, 1, 6, tied=True, gains=lambda *n: rand(*n))  # gains less 1
    save_model("gemma", rotary_config("gemma", 2, 1, head_dim=6, hidden_act="gelu", hidden_activation="gelu_pytorch_tanh",
                                      rope_theta=10000.0, attention_bias=False, pad_token_id=0), s)
    tanh_gelu = lambda x: 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    add("gemma", llama(s, 2, 1, 6, frequencies(6), activation=tanh_gelu, scale=math.sqrt(D), unit=1.0), inputs(V, T))


# --- GPT-NeoX (transformers/models/gpt_neox), as EleutherAI/pythia has it

def make_neox():
    heads, e, d, turned = 2, 8, 16, 2
    s = collections.OrderedDict()
    s["gpt_neox.embed_in.weight"] = rand(V, d)

    def part(name, *shape):
        s[name + ".weight"] = gain(*shape) if len(shape) == 1 else rand(*shape)
        s[name + ".bias"] = rand(shape[0])

    for l in range(L):
        p = f"gpt_neox.layers.{l}."
        part(p + "input_layernorm", d)
        part(p + "post_attention_layernorm", d)
        s[p + "attention.bias"] = torch.ones(T, T, dtype=torch.bool).tril().view(1, 1, T, T)
        s[p + "attention.masked_bias"] = torch.tensor(-1e9)
        s[p + "attention.rotary_emb.inv_freq"] = frequencies(turned).float()
        part(p + "attention.query_key_value", 3 * d, d)
        part(p + "attention.dense", d, d)
        part(p + "mlp.dense_h_to_4h", 4 * d, d)
        part(p + "mlp.dense_4h_to_h", d, 4 * d)
    part("gpt_neox.final_layer_norm", d)
    s["embed_out.weight"] = rand(V, d)
    folder("pythia")
    write_json("pythia/config.json", dict(
        model_type="gpt_neox", architectures=["GPTNeoXForCausalLM"], bos_token_id=0, eos_token_id=0, hidden_act="gelu",
        hidden_size=d, initializer_range=0.02, intermediate_size=4 * d, layer_norm_eps=1e-05, max_position_embeddings=T,
        num_attention_heads=heads, num_hidden_layers=L, rotary_emb_base=10000, rotary_pct=0.25, tie_word_embeddings=False,
        torch_dtype="float32", use_cache=True, use_parallel_residual=True, vocab_size=V))
    torch.save(s, "pythia/pytorch_model.bin")
    w = doubles(s)

    def forward(tokens):
        affine = lambda x, n: x @ w[n + ".weight"].T + w[n + ".bias"]

        def norm(x, n):
            x = x - x.mean(-1, keepdim=True)
            return x / torch.sqrt((x * x).mean(-1, keepdim=True) + 1e-5) * w[n + ".weight"] + w[n + ".bias"]

        def turn(x):
            return torch.cat([rotate_half(x[..., :turned], frequencies(turned)), x[..., turned:]], -1)

        x = w["gpt_neox.embed_in.weight"][tokens]
        for l in range(L):
            p = f"gpt_neox.layers.{l}."
            qkv = affine(norm(x, p + "input_layernorm"), p + "attention.query_key_value")
            q, k, v = qkv.view(len(tokens), heads, 3 * e).permute(1, 0, 2).split(e, -1)  # three parts of each head
            a = affine(join(causal(turn(q), turn(k), v)), p + "attention.dense")
            h = F.gelu(affine(norm(x, p + "post_attention_layernorm"), p + "mlp.dense_h_to_4h"))
            x = x + a + affine(h, p + "mlp.dense_4h_to_h")
        return norm(x, "gpt_neox.final_layer_norm") @ w["embed_out.weight"].T

    add("pythia", forward, inputs(V, T))


# --- Mamba (transformers/models/mamba, state-spaces/mamba-130m-hf)

def make_mamba():
    d, inner, n, rank, taps = 4, 8, 3, 1, 4
    s = collections.OrderedDict()
    s["backbone.embeddings.weight"] = rand(V, d, scale=1)
    for l in range(L):
        p = f"backbone.layers.{l}."
        s[p + "norm.weight"] = gain(d)
        p += "mixer."
        s[p + "A_log"], s[p + "D"] = torch.arange(1.0, n + 1).repeat(inner, 1).log(), gain(inner)
        s[p + "conv1d.weight"], s[p + "conv1d.bias"] = rand(inner, 1, taps), rand(inner)
        s[p + "in_proj.weight"], s[p + "x_proj.weight"] = rand(2 * inner, d), rand(rank + 2 * n, inner)
        s[p + "dt_proj.weight"], s[p + "dt_proj.bias"] = rand(inner, rank), rand(inner)
        s[p + "out_proj.weight"] = rand(d, inner)
    s["backbone.norm_f.weight"] = gain(d)
    save_model("mamba", dict(
        model_type="mamba", architectures=["MambaForCausalLM"], bos_token_id=0, conv_kernel=taps, d_inner=inner, d_model=d,
        eos_token_id=0, expand=2, fused_add_norm=True, hidden_act="silu", hidden_size=d, initializer_range=0.1,
        intermediate_size=inner, layer_norm_epsilon=1e-05, n_layer=L, num_hidden_layers=L, pad_token_id=0,
        rescale_prenorm_residual=False, residual_in_fp32=True, rms_norm=True, ssm_cfg={}, state_size=n, time_step_floor=0.0001,
        time_step_init_scheme="random", time_step_max=0.1, time_step_min=0.001, time_step_rank=rank, time_step_scale=1.0,
        torch_dtype="float32", use_bias=False, use_cache=True, use_conv_bias=True, vocab_size=V), s)
    w = doubles(s)

    def forward(tokens):
        x = w["backbone.embeddings.weight"][tokens]
        for l in range(L):
            m = lambda name: w[f"backbone.layers.{l}.mixer.{name}"]
            h = rms(x, w[f"backbone.layers.{l}.norm.weight"])
            u, z = (h @ m("in_proj.weight").T).T.chunk(2)
            u = F.silu(F.conv1d(u[None], m("conv1d.weight"), m("conv1d.bias"), padding=taps - 1, groups=inner)[0, :, : len(x)])
            step, B, C = (u.T @ m("x_proj.weight").T).split([rank, n, n], -1)
            step = F.softplus(step @ m("dt_proj.weight").T + m("dt_proj.bias"))
            A = -torch.exp(m("A_log"))
            state, out = torch.zeros(inner, n).double(), []
            for t in range(len(x)):
                state = torch.exp(step[t][:, None] * A) * state + step[t][:, None] * B[t] * u[:, t][:, None]
                out.append(state @ C[t] + m("D") * u[:, t])
            x = x + (torch.stack(out) * F.silu(z.T)) @ m("out_proj.weight").T
        return rms(x, w["backbone.norm_f.weight"]) @ w["backbone.embeddings.weight"].T

    add("mamba", forward, inputs(V, T))


# --- llama2.c (karpathy/llama2.c): train.py writes ckpt.pt, export.py version 0 the .bin

def make_llama2c(name, tied, binary):
    heads, kv, e = 2, 1, 4
    s = collections.OrderedDict()
    s["tok_embeddings.weight"] = rand(V, D)
    shapes = [("attention.wq", heads * e, D), ("attention.wk", kv * e, D), ("attention.wv", kv * e, D),
              ("attention.wo", D, heads * e), ("feed_forward.w1", I, D), ("feed_forward.w2", D, I), ("feed_forward.w3", I, D)]
    for l in range(L):
        for n, out, into in shapes:
            s[f"layers.{l}.{n}.weight"] = rand(out, into)
        s[f"layers.{l}.attention_norm.weight"], s[f"layers.{l}.ffn_norm.weight"] = gain(D), gain(D)
    s["norm.weight"] = gain(D)
    s["output.weight"] = s["tok_embeddings.weight"] if tied else rand(V, D)
    folder(name)
    if binary:
        with open(name + "/model.bin", "wb") as f:
            f.write(struct.pack("iiiiiii", D, I, L, heads, kv, V if tied else -V, T))
            out = lambda t: f.write(t.numpy().astype("<f4").tobytes())
            out(s["tok_embeddings.weight"])
            for n in ["attention_norm", "attention.wq", "attention.wk", "attention.wv", "attention.wo", "ffn_norm",
                      "feed_forward.w1", "feed_forward.w2", "feed_forward.w3"]:
                for l in range(L):
                    out(s[f"layers.{l}.{n}.weight"])
            out(s["norm.weight"])
            angles = torch.outer(torch.arange(T).double(), frequencies(e))
            out(angles.cos())
            out(angles.sin())
            if not tied:
                out(s["output.weight"])
    else:
        args = dict(dim=D, n_layers=L, n_heads=heads, n_kv_heads=kv, vocab_size=V, multiple_of=4, max_seq_len=T, dropout=0.0)
        torch.save({"model": collections.OrderedDict(("_orig_mod." + k, v) for k, v in s.items()), "optimizer": {},
                    "model_args": args, "iter_num": 1, "best_val_loss": torch.tensor(1.0), "config": {}}, name + "/ckpt.pt")
    w = doubles(s)

    def forward(tokens):
        turn = torch.polar(torch.ones(len(tokens), e // 2).double(), torch.outer(torch.arange(len(tokens)).double(), frequencies(e)))
        pairs = lambda x: torch.view_as_real(torch.view_as_complex(x.reshape(*x.shape[:-1], -1, 2).contiguous()) * turn).flatten(-2)
        x = w["tok_embeddings.weight"][tokens]
        for l in range(L):
            m = lambda n: w[f"layers.{l}.{n}.weight"]
            h = rms(x, m("attention_norm"))
            q, k, v = (split(h @ m("attention." + n).T, c) for n, c in [("wq", heads), ("wk", kv), ("wv", kv)])
            x = x + join(causal(pairs(q), pairs(k), v)) @ m("attention.wo").T
            h = rms(x, m("ffn_norm"))
            x = x + (F.silu(h @ m("feed_forward.w1").T) * (h @ m("feed_forward.w3").T)) @ m("feed_forward.w2").T
        return rms(x, w["norm.weight"]) @ w["output.weight"].T

    add(name, forward, inputs(V, T))


# --- microgpt (karpathy, 2026): lists of numbers

def make_microgpt():
    s = collections.OrderedDict(wte=rand(V, D), wpe=rand(T, D), lm_head=rand(V, D))
    for l in range(L):
        for n in "qkvo":
            s[f"layer{l}.attn_w{n}"] = rand(D, D)
        s[f"layer{l}.mlp_fc1"], s[f"layer{l}.mlp_fc2"] = rand(4 * D, D), rand(D, 4 * D)
    s = {k: v.double() for k, v in s.items()}
    folder("microgpt")
    with open("microgpt/weights.json", "w") as f:
        json.dump({k: v.tolist() for k, v in s.items()}, f)

    def forward(tokens):
        norm = lambda x: rms(x, 1.0)
        x = norm(s["wte"][tokens] + s["wpe"][: len(tokens)])
        for l in range(L):
            p = f"layer{l}."
            h = norm(x)
            q, k, v = (split(h @ s[p + "attn_w" + n].T, H) for n in "qkv")
            x = x + join(causal(q, k, v)) @ s[p + "attn_wo"].T
            x = x + F.relu(norm(x) @ s[p + "mlp_fc1"].T) @ s[p + "mlp_fc2"].T
        return x @ s["lm_head"].T

    add("microgpt", forward, inputs(V, T), file="weights.json", heads=H)


# --- recurrent networks of torch.nn

class Recurrent(torch.nn.Module):
    def __init__(self, cell, layers):
        super().__init__()
        self.embedding = torch.nn.Embedding(V, 5)
        self.rnn = cell(5, 6, layers, batch_first=True)
        self.fc = torch.nn.Linear(6, V)

    def forward(self, tokens):
        return self.fc(self.rnn(self.embedding(torch.tensor([tokens])))[0])


def make_recurrent():
    for name, cell, layers in [("rnn", torch.nn.RNN, 1), ("gru", torch.nn.GRU, 2), ("lstm", torch.nn.LSTM, 1)]:
        torch.manual_seed(7)
        net = Recurrent(cell, layers)
        folder(name)
        torch.save(net.state_dict(), name + "/model.pt")
        add(name, net.double(), inputs(V, T))


# --- perceptrons

def make_perceptrons():
    activations = dict(relu=torch.nn.ReLU(), leaky_relu=torch.nn.LeakyReLU(), gelu=torch.nn.GELU(), silu=torch.nn.SiLU(),
                       tanh=torch.nn.Tanh(), sigmoid=torch.nn.Sigmoid(), softplus=torch.nn.Softplus())
    for name, f in activations.items():
        torch.manual_seed(8)
        net = torch.nn.Sequential(torch.nn.Linear(4, 6), f, torch.nn.Dropout(0.1), torch.nn.Linear(6, 5), f, torch.nn.Linear(5, 3))
        with torch.no_grad():  # so that all labels are answers
            for layer in net[0], net[3], net[5]:
                layer.weight.mul_(3)
            net[5].bias.sub_(net(torch.arange(128).view(32, 4) % 8 * 0.25).mean(0))
        folder("sequential-" + name)
        torch.save(net.state_dict(), f"sequential-{name}/model.pth")
        net.double().eval()
        add("sequential-" + name, lambda x: net(torch.tensor(x).double() * 0.25), inputs(8, 4), activation=name, input_bits=3,
            input_scale=0.25)

    # tinygrad: safe_save(get_state_dict(model)) of a class with l1 and l2
    s = {"l1.weight": rand(6, 4), "l1.bias": rand(6), "l2.weight": rand(3, 6), "l2.bias": rand(3)}
    folder("tinygrad")
    safetensors("tinygrad/mnist.safetensors", s, {})
    w = doubles(s)
    add("tinygrad", lambda x: (torch.tensor(x).double() @ w["l1.weight"].T + w["l1.bias"]).relu() @ w["l2.weight"].T + w["l2.bias"],
        inputs(8, 4), file="mnist.safetensors", activation="relu", input_bits=3, input_scale=1)

    # numpy: matrices [in, out] under names of one's own, and a map
    a = [rand(4, 6).double().numpy(), rand(6).double().numpy(), rand(6, 3).double().numpy(), rand(3).double().numpy()]
    folder("numpy")
    np.savez("numpy/weights.npz", W1=a[0], b1=a[1], W2=np.asfortranarray(a[2]), b2=a[3])
    write_json("numpy/map.json", {"layers.0.weight": "W1.T", "layers.0.bias": "b1", "layers.1.weight": "W2.T", "layers.1.bias": "b2"})
    add("numpy", lambda x: torch.from_numpy(np.tanh(np.array(x) @ a[0] + a[1]) @ a[2] + a[3]), inputs(8, 4), activation="tanh",
        input_bits=3, input_scale=1)


for i, make in enumerate([
    make_gpt2,
    lambda: make_nanogpt("nanogpt", True, False),
    lambda: make_nanogpt("nanogpt-no-bias", False, True, kind=torch.float64),
    lambda: make_nanogpt("nanogpt-conv1d", True, False, linear=False),
    lambda: make_nanogpt("nanogpt-untied", True, False, tied=False),
    make_llamas, make_neox, make_mamba,
    lambda: make_llama2c("llama2c", True, False),
    lambda: make_llama2c("llama2c-bin", True, True),
    lambda: make_llama2c("llama2c-bin-untied", False, True),
    make_microgpt, make_recurrent, make_perceptrons,
]):
    seed(i + 1)
    make()
with open("expected.json", "w") as f:
    f.write("{\n" + ",\n".join(f" {json.dumps(k)}: {json.dumps(v)}" for k, v in expected.items()) + "\n}\n")
