"""Train the flip-flop model: a Mamba that remembers the last a or b of a string.

    python3 train.py

It needs Python 3 with numpy and PyTorch, and no data: the strings are drawn here.
--out is the folder to write to (default: the one holding this script).

The network is that of Gu and Dao (2023), with the tensor names of Hugging Face's
MambaForCausalLM.  In the last part of the training every value that the circuit
rounds is rounded here, too; gradients pass as if it were not.
"""

import argparse
import math
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "training"))
import llama  # noqa: E402
from llama import Linear, Norm, Round  # noqa: E402

SEED = 1919
TOKENS = list("abc")  # c changes nothing
LENGTH = 16
TEST_SIZE, CALIBRATION_SIZE = 2000, 512
STEPS, BATCH, RATE = 6000, 128, 5e-3
HIDDEN, INNER, STATE, KERNEL, RANK = 8, 8, 2, 2, 1
WEIGHT_BITS, BITS, RESIDUAL_BITS, EXP_LEVELS = 8, 5, 7, 31


def draw_strings(rng, size):
    """Return strings [N, LENGTH]; how often c occurs is drawn for each."""
    often = rng.uniform(0.2, 0.98, (size, 1))
    letters = rng.integers(2, size=(size, LENGTH))
    return np.where(rng.random((size, LENGTH)) < often, 2, letters)


def remembered(tokens):
    """Return the last a or b up to each position; c where there is none yet."""
    labels = tokens.copy()
    for t in range(1, LENGTH):
        labels[:, t] = np.where(tokens[:, t] == 2, labels[:, t - 1], tokens[:, t])
    return labels


class Unsigned(Round):
    def __init__(self, bits):
        super().__init__(bits)
        self.top = 2**bits - 1


class Mixer(torch.nn.Module):
    def __init__(self):
        super().__init__()
        linear = lambda n_in, n_out: Linear(n_in, n_out, WEIGHT_BITS)
        self.in_proj = linear(HIDDEN, 2 * INNER)
        self.conv1d_weight = torch.nn.Parameter(torch.randn(INNER, 1, KERNEL) / math.sqrt(KERNEL))
        self.conv1d_bias = torch.nn.Parameter(torch.zeros(INNER))
        self.x_proj = linear(INNER, RANK + 2 * STATE)
        self.dt_proj = linear(RANK, INNER)
        self.dt_bias = torch.nn.Parameter(torch.full((INNER,), -1.0))
        rates = torch.arange(1, STATE + 1).float() / STATE
        self.A_log = torch.nn.Parameter(rates.log().repeat(INNER, 1))
        self.D = torch.nn.Parameter(torch.ones(INNER))
        self.out_proj = linear(INNER, HIDDEN)
        for name in ("u", "z", "b", "c", "drive", "input", "state", "y"):
            setattr(self, "round_" + name, Round(BITS))
        self.round_delta = Unsigned(BITS)
        self.active = False

    def forward(self, h):
        n = h.shape[1]
        x, z = self.in_proj(h).chunk(2, -1)
        padded = F.pad(x, (0, 0, KERNEL - 1, 0))
        conv = self.conv1d_bias
        for k in range(KERNEL):
            conv = conv + padded[:, k : k + n] * self.conv1d_weight[:, 0, k]
        u = self.round_u(F.silu(conv))
        z = self.round_z(F.silu(z))
        dt, b, c = self.x_proj(u).split([RANK, STATE, STATE], -1)
        delta = self.round_delta(F.softplus(self.dt_proj(dt) + self.dt_bias))
        b, c = self.round_b(b), self.round_c(c)
        drive = self.round_drive(delta * u)
        # The state is the sum over all earlier positions s of what came in there,
        # times its decay since then.
        entered = self.round_input(drive[..., None] * b[:, :, None, :])  # [N,s,f,k]
        total = delta.cumsum(1)
        since = total[:, :, None] - total[:, None]  # [N,t,s,f]
        decay = torch.exp(-since[..., None].clamp_min(0) * self.A_log.exp())
        if self.active:
            decay = decay + (torch.floor(EXP_LEVELS * decay + 0.5) / EXP_LEVELS - decay).detach()
        causal = torch.ones(n, n).tril()[None, :, :, None, None]
        state = self.round_state((decay * causal * entered[:, None]).sum(2))
        y = self.round_y((c[:, :, None, :] * state).sum(-1) + self.D * u)
        return self.out_proj(y * z)


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = torch.nn.Parameter(torch.randn(len(TOKENS), HIDDEN) / math.sqrt(HIDDEN))
        self.norm = Norm(HIDDEN, BITS)
        self.mixer = Mixer()
        self.norm_f = Norm(HIDDEN, BITS)
        self.round_residual = Round(RESIDUAL_BITS)

    def simulate(self, active):
        for m in self.modules():
            if hasattr(m, "active"):
                m.active = active

    def penalty(self):
        return torch.zeros(())

    def forward(self, tokens):
        x = self.embed[tokens]
        x = self.round_residual(x + self.mixer(self.norm(x)))
        return self.norm_f(x) @ self.embed.T

    def tensors(self):
        """Return the weights by their published names."""
        m, layer = self.mixer, "backbone.layers.0."
        out = {
            "backbone.embeddings.weight": self.embed,
            layer + "norm.weight": self.norm.weight,
            layer + "mixer.in_proj.weight": m.in_proj.weight,
            layer + "mixer.conv1d.weight": m.conv1d_weight,
            layer + "mixer.conv1d.bias": m.conv1d_bias,
            layer + "mixer.x_proj.weight": m.x_proj.weight,
            layer + "mixer.dt_proj.weight": m.dt_proj.weight,
            layer + "mixer.dt_proj.bias": m.dt_bias,
            layer + "mixer.A_log": m.A_log,
            layer + "mixer.D": m.D,
            layer + "mixer.out_proj.weight": m.out_proj.weight,
            "backbone.norm_f.weight": self.norm_f.weight,
        }
        return {name: p.detach().numpy() for name, p in out.items()}


def main():
    parser = argparse.ArgumentParser(description="Train the flip-flop model.")
    parser.add_argument("--out", default=HERE)
    args = parser.parse_args()
    rng = llama.prepare(SEED)

    test = draw_strings(rng, TEST_SIZE)
    held_out = {row.tobytes() for row in test}
    calibration = draw_strings(rng, 2 * CALIBRATION_SIZE)
    new = [row.tobytes() not in held_out for row in calibration]
    calibration = calibration[new][:CALIBRATION_SIZE]
    model = Model()

    def draw():
        tokens = draw_strings(rng, BATCH)
        tokens = tokens[[row.tobytes() not in held_out for row in tokens]]
        return torch.from_numpy(tokens), torch.from_numpy(remembered(tokens))

    def right():
        """Return the part of held-out strings that are labelled rightly throughout."""
        with torch.no_grad():
            answer = model(torch.from_numpy(test)).argmax(-1).numpy()
        return (answer == remembered(test)).all(1).mean()

    llama.train(model, draw, STEPS, RATE, 0.5, report=lambda: print("  right %.4f" % right()), alternate=True)
    rounded = right()
    model.simulate(False)
    plain = right()
    print("held-out strings right: float %.4f, with simulated rounding %.4f" % (plain, rounded))

    os.makedirs(args.out, exist_ok=True)
    path = lambda name: os.path.join(args.out, name)
    llama.save_safetensors(path("model.safetensors"), model.tensors())
    for name, tokens in (("test", test), ("calibration", calibration)):
        data = {"inputs": tokens.astype(np.uint8), "labels": remembered(tokens).astype(np.uint8)}
        llama.save_safetensors(path(name + ".safetensors"), data)
    config = {
        "architectures": ["MambaForCausalLM"],
        "model_type": "mamba",
        "vocab_size": len(TOKENS),
        "hidden_size": HIDDEN,
        "intermediate_size": INNER,
        "expand": INNER // HIDDEN,
        "state_size": STATE,
        "num_hidden_layers": 1,
        "conv_kernel": KERNEL,
        "time_step_rank": RANK,
        "layer_norm_epsilon": llama.EPSILON,
        "hidden_act": "silu",
        "use_bias": False,
        "use_conv_bias": True,
        "tie_word_embeddings": True,
        "torch_dtype": "float32",
    }
    llama.save_json(path("config.json"), config)
    tc0 = {
        "name": "flip-flop",
        "description": "Remembers the last a or b of a string of a, b and c.",
        "tokens": TOKENS,
        "length": LENGTH,
        "outputs": LENGTH,
        "answers": 1,
        "example": "ccaccbcc",
        "quantization": {
            "weight_bits": WEIGHT_BITS,
            "activation_bits": BITS,
            "residual_bits": RESIDUAL_BITS,
            "exp_levels": EXP_LEVELS,
        },
        "accuracy": {"float_test": round(float(plain), 4), "test_size": TEST_SIZE},
    }
    llama.save_json(path("tc0.json"), tc0)


if __name__ == "__main__":
    main()
