"""A small Llama with simulated quantisation, and the files a trained one is kept in.

The scripts train.py of the models adder and words use it.  It needs Python 3
with numpy and PyTorch (1.13 on a CPU is what the models were made with).

The network is that of Touvron et al. (2023): RMS norms, rotary positions, grouped
queries, SiLU-gated units, tied embedding, no biases.  The tensors have the names
that Hugging Face's LlamaForCausalLM gives them.

In the last part of a training run every value that the circuit rounds is rounded
here, too, as far as float arithmetic allows; gradients pass as if it were not.
"""

import json
import math
import os
import struct

import numpy as np
import torch
import torch.nn.functional as F

EPSILON = 1e-5
ROPE_BASE = 16.0  # frequencies 1, 1/2, 1/4, 1/8 for short sequences
NOT_ASKED = 255  # a label that is no label


class Round(torch.nn.Module):
    """Rounds to `bits` signed bits; the largest level is a measured peak.

    The peak is a moving average of a percentile of the absolute values.
    """

    def __init__(self, bits, percentile=0.999):
        super().__init__()
        self.top = 2 ** (bits - 1) - 1
        self.percentile = percentile
        self.active = False
        self.calls = 0
        self.register_buffer("peak", torch.zeros(()))

    def forward(self, x):
        if self.training and self.calls % 20 == 0:
            with torch.no_grad():
                a = x.abs().flatten()
                k = max(1, math.ceil(self.percentile * a.numel()))
                now = a.kthvalue(k).values
                self.peak.copy_(now if self.calls == 0 else 0.9 * self.peak + 0.1 * now)
        if self.training:
            self.calls += 1
        if not self.active:
            return x
        unit = (self.peak / self.top).clamp_min(1e-12)
        x = torch.maximum(torch.minimum(x, self.peak), -self.peak)
        return x + (torch.floor(x / unit + 0.5) * unit - x).detach()


def round_weight(w, bits):
    unit = w.detach().abs().max() / (2 ** (bits - 1) - 1)
    return w + (torch.round(w / unit) * unit - w).detach()


class Linear(torch.nn.Module):
    def __init__(self, n_in, n_out, bits):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.randn(n_out, n_in) / math.sqrt(n_in))
        self.bits, self.active = bits, False

    def forward(self, x):
        w = round_weight(self.weight, self.bits) if self.active else self.weight
        return x @ w.T


class Norm(torch.nn.Module):
    def __init__(self, size, bits):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(size))
        self.round = Round(bits)

    def forward(self, x):
        y = x * torch.rsqrt(x.square().mean(-1, keepdim=True) + EPSILON)
        return self.round(self.weight * y)


def rotate(x):
    """Turn the pairs of features (i, i + e/2) of x [..., n, e] by position."""
    n, e = x.shape[-2:]
    angle = torch.arange(n)[:, None] * ROPE_BASE ** (-2.0 * torch.arange(e // 2) / e)
    cos, sin = angle.cos(), angle.sin()
    a, b = x[..., : e // 2], x[..., e // 2 :]
    return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)


class Attention(torch.nn.Module):
    def __init__(self, c):
        super().__init__()
        d, e = c.hidden, c.head_dim
        self.c = c
        self.q_proj = Linear(d, c.heads * e, c.weight_bits)
        self.k_proj = Linear(d, c.kv_heads * e, c.weight_bits)
        self.v_proj = Linear(d, c.kv_heads * e, c.weight_bits)
        self.o_proj = Linear(c.heads * e, d, c.weight_bits)
        self.round_q, self.round_k = Round(c.bits), Round(c.bits)
        self.round_v, self.round_out = Round(c.bits), Round(c.bits)
        self.active = False
        self.penalty = 0.0

    def forward(self, x):
        c = self.c
        batch, n, _ = x.shape

        def split(y, heads):
            return y.view(batch, n, heads, c.head_dim).transpose(1, 2)

        q = self.round_q(rotate(split(self.q_proj(x), c.heads)))
        k = self.round_k(rotate(split(self.k_proj(x), c.kv_heads)))
        v = self.round_v(split(self.v_proj(x), c.kv_heads))
        group = c.heads // c.kv_heads
        k, v = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)
        scores = q @ k.transpose(-1, -2) / math.sqrt(c.head_dim)
        causal = torch.ones(n, n).tril().bool()
        self.penalty = (F.relu(scores.abs() - c.score_limit).square() * causal).mean()
        if self.active:
            # The exponential has `exp_levels` steps of one ratio.
            unit = 2 * c.score_limit / c.exp_levels
            cut = scores.clamp(-c.score_limit, c.score_limit)
            scores = cut + (torch.round(cut / unit) * unit - cut).detach()
        weights = scores.masked_fill(~causal, -1e9).softmax(-1)
        a = self.round_out(weights @ v).transpose(1, 2).reshape(batch, n, -1)
        return self.o_proj(a)


class MLP(torch.nn.Module):
    def __init__(self, c):
        super().__init__()
        self.gate_proj = Linear(c.hidden, c.intermediate, c.weight_bits)
        self.up_proj = Linear(c.hidden, c.intermediate, c.weight_bits)
        self.down_proj = Linear(c.intermediate, c.hidden, c.weight_bits)
        self.round_gate, self.round_up = Round(c.bits), Round(c.bits)

    def forward(self, x):
        gate = self.round_gate(F.silu(self.gate_proj(x)))
        return self.down_proj(gate * self.round_up(self.up_proj(x)))


class Layer(torch.nn.Module):
    def __init__(self, c):
        super().__init__()
        self.input_layernorm = Norm(c.hidden, c.bits)
        self.self_attn = Attention(c)
        self.post_attention_layernorm = Norm(c.hidden, c.bits)
        self.mlp = MLP(c)
        self.round_1, self.round_2 = Round(c.residual_bits), Round(c.residual_bits)

    def forward(self, x):
        x = self.round_1(x + self.self_attn(self.input_layernorm(x)))
        return self.round_2(x + self.mlp(self.post_attention_layernorm(x)))


class Config:
    """The sizes of a network and how finely it is to be rounded."""

    def __init__(self, **fields):
        self.weight_bits, self.bits, self.residual_bits = 8, 6, 8
        self.exp_levels, self.score_limit = 32, 5.0
        self.__dict__.update(fields)


class Llama(torch.nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        self.embed = torch.nn.Parameter(torch.randn(c.vocab, c.hidden) / math.sqrt(c.hidden))
        self.layers = torch.nn.ModuleList(Layer(c) for _ in range(c.layers))
        self.norm = Norm(c.hidden, c.bits)
        self.active = False

    def simulate(self, active):
        """Switch the rounding on or off."""
        for m in self.modules():
            if hasattr(m, "active"):
                m.active = active

    def forward(self, tokens):
        """Return logits [N, n, vocab] of tokens [N, n]."""
        table = round_weight(self.embed, self.c.weight_bits) if self.active else self.embed
        x = table[tokens]
        for layer in self.layers:
            x = layer(x)
        return self.norm(x) @ table.T

    def penalty(self):
        return sum(layer.self_attn.penalty for layer in self.layers)

    def tensors(self):
        """Return the weights by their published names."""
        out = {"model.embed_tokens.weight": self.embed, "model.norm.weight": self.norm.weight}
        for k, layer in enumerate(self.layers):
            for name, p in layer.named_parameters():
                out["model.layers.%d.%s" % (k, name)] = p
        return {name: p.detach().numpy() for name, p in out.items()}


def loss_of(model, tokens, labels):
    """Return the mean cross-entropy; the labels are of the last positions."""
    logits = model(tokens)[:, -labels.shape[1] :]
    return F.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=NOT_ASKED)


def train(model, draw, steps, rate, simulate_from, decay=0.01, report=None, alternate=False):
    """Train on draw(), which returns a batch of tokens and labels [N, n].

    After the part simulate_from of the steps, rounding is simulated; with alternate
    only in every other step, so that the network works without it, too.
    """
    matrices = [p for p in model.parameters() if p.dim() == 2]
    others = [p for p in model.parameters() if p.dim() != 2]
    optimizer = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}],
        lr=rate, betas=(0.9, 0.98),
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, rate, total_steps=steps, pct_start=0.05
    )
    model.train()
    total = 0.0
    for step in range(steps):
        if step >= int(simulate_from * steps):
            model.simulate(not alternate or step % 2 == 0 or step % 500 == 499)
        loss = loss_of(model, *draw())
        optimizer.zero_grad()
        (loss + 0.1 * model.penalty()).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        total += loss.item()
        if (step + 1) % 500 == 0:
            print("step %5d  loss %.5f" % (step + 1, total / 500), flush=True)
            total = 0.0
            if report:
                model.eval()
                report()
                model.train()
    model.eval()


# --- files ------------------------------------------------------------------


def save_safetensors(path, tensors):
    """Write numpy arrays (float32 or uint8) in the safetensors format."""
    header, data = {}, b""
    for name in sorted(tensors):
        array = tensors[name]
        kind = {"float32": ("F32", "<f4"), "uint8": ("U8", "u1")}[array.dtype.name]
        raw = np.ascontiguousarray(array).astype(kind[1]).tobytes()
        header[name] = {
            "dtype": kind[0],
            "shape": list(array.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


def save_json(path, value):
    with open(path, "w") as f:
        f.write(json.dumps(value, indent=2) + "\n")


def hugging_face(c, length):
    """Return what config.json says of the network."""
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "vocab_size": c.vocab,
        "hidden_size": c.hidden,
        "intermediate_size": c.intermediate,
        "num_hidden_layers": c.layers,
        "num_attention_heads": c.heads,
        "num_key_value_heads": c.kv_heads,
        "head_dim": c.head_dim,
        "hidden_act": "silu",
        "rms_norm_eps": EPSILON,
        "rope_theta": ROPE_BASE,
        "max_position_embeddings": length,
        "tie_word_embeddings": True,
        "attention_bias": False,
        "mlp_bias": False,
        "torch_dtype": "float32",
    }


def quantisation(c):
    """Return the settings of the circuit that the training simulated."""
    return {
        "weight_bits": c.weight_bits,
        "activation_bits": c.bits,
        "residual_bits": c.residual_bits,
        "exp_levels": c.exp_levels,
    }


def save(folder, model, tc0, data):
    """Write the folder of a model; data is (name, inputs, labels) of each set."""
    os.makedirs(folder, exist_ok=True)
    save_safetensors(os.path.join(folder, "model.safetensors"), model.tensors())
    for name, inputs, labels in data:
        save_safetensors(
            os.path.join(folder, name + ".safetensors"),
            {"inputs": inputs.astype(np.uint8), "labels": labels.astype(np.uint8)},
        )
    save_json(os.path.join(folder, "config.json"), hugging_face(model.c, tc0["length"]))
    save_json(os.path.join(folder, "tc0.json"), tc0)


def prepare(seed):
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
    return np.random.default_rng(seed)
