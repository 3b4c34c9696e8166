"""Train the parity denoiser: a diffusion model of one number that answers a question.

The question is the parity of six bits, and the answer is a number near +1 for odd and
-1 for even. The distribution that the model learns gives the right answer with
probability 0.9. It needs Python 3 with numpy and PyTorch (made with PyTorch 1.13 on a
CPU), and makes its data itself:

    python3 train.py

--out is the folder to write to (default: the one holding this script).  Written are
config.json and model.safetensors.  With the same PyTorch and processor, two runs write
the same bytes.
"""

import argparse
import copy
import itertools
import json
import math
import os
import struct

import numpy as np
import torch
import torch.nn.functional as F

SEED = 20242
BITS = 6
RIGHT = 0.9  # probability of the right answer
HIDDEN = 24
WAVES = 4
TIME = 16
UPDATES = 40_000
BATCH = 1024
LEARNING_RATE = 5e-3
AVERAGE = 0.999
NOISE = 1 / 60  # on hidden activations, in parts of the batch maximum


class Denoiser(torch.nn.Module):
    """The answer that is expected, given a noisy one, the six bits and the time."""

    def __init__(self):
        super().__init__()
        sizes = [1 + BITS, HIDDEN, 1]
        self.layers = torch.nn.ModuleList(torch.nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
        self.times = torch.nn.ModuleList(torch.nn.Linear(TIME, b, bias=False) for b in sizes[1:])
        self.time = torch.nn.Linear(2 * WAVES, TIME)
        self.skip = torch.nn.Linear(TIME, 1)

    def forward(self, x, c, t, jitter=0.0):
        angles = t[:, None] * (math.pi * torch.arange(1, WAVES + 1))
        e = F.silu(self.time(torch.cat([torch.sin(angles), torch.cos(angles)], 1)))
        h = F.relu(self.layers[0](torch.cat([x, c], 1)) + self.times[0](e))
        if jitter:
            h = F.relu(h + (torch.rand_like(h) * 2 - 1) * (jitter * h.detach().max()))
        return self.layers[1](h) + self.times[1](e) + self.skip(e) * x


def train(model):
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=UPDATES, pct_start=0.1)
    average = copy.deepcopy(model)
    total = 0.0
    for update in range(UPDATES):
        c = (torch.rand(BATCH, BITS) < 0.5).float()
        answer = 2 * (c.sum(1, keepdim=True) % 2) - 1
        x0 = torch.where(torch.rand(BATCH, 1) < RIGHT, answer, -answer)
        t = 0.01 + 0.99 * torch.rand(BATCH)
        a, s = torch.cos(t * math.pi / 2)[:, None], torch.sin(t * math.pi / 2)[:, None]
        x = a * x0 + s * torch.randn_like(x0)
        loss = ((model(x, c, t, NOISE) - x0) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        total += loss.item()
        with torch.no_grad():
            rate = min(AVERAGE, (1 + update) / (10 + update))
            for old, new in zip(average.parameters(), model.parameters()):
                old.lerp_(new, 1 - rate)
        if update % 5000 == 4999:
            print("update %6d  loss %.4f" % (update + 1, total / 5000), flush=True)
            total = 0.0
    return average


def right(model, steps, count=500):
    """The least and the mean probability of the right answer over all questions."""
    rates = []
    for bits in itertools.product([0.0, 1.0], repeat=BITS):
        c = torch.tensor(bits).expand(count, BITS)
        x = torch.randn(count, 1)
        for i in range(steps):
            t, u = torch.tensor(1 - i / steps), torch.tensor(1 - (i + 1) / steps)
            a, s = torch.cos(t * math.pi / 2), torch.sin(t * math.pi / 2)
            b, r = torch.cos(u * math.pi / 2), torch.sin(u * math.pi / 2)
            with torch.no_grad():
                x0 = model(x, c, t.expand(count))
            tau = r / s * torch.sqrt(torch.clamp(1 - (a / b) ** 2, min=0)) if i + 1 < steps else torch.tensor(0.0)
            x = b * x0 + torch.sqrt(torch.clamp(r**2 - tau**2, min=0)) * (x - a * x0) / s + tau * torch.randn_like(x)
        odd = sum(bits) % 2 == 1
        rates.append(((x >= 0) == odd).float().mean().item())
    return min(rates), sum(rates) / len(rates)


def save_safetensors(path, tensors):
    """Write numpy arrays of float32 in the safetensors format."""
    header, data = {}, b""
    for name, array in tensors.items():
        raw = np.ascontiguousarray(array).astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description="Train the parity denoiser.")
    parser.add_argument("--out", default=here)
    args = parser.parse_args()

    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    torch.use_deterministic_algorithms(True)
    average = train(Denoiser())
    for steps in 1, 2, 4, 8, 16, 64:
        print("%2d steps: right with probability at least %.3f, %.3f on average" % (steps, *right(average, steps)))

    tensors = {}
    for i, (layer, time) in enumerate(zip(average.layers, average.times)):
        tensors["layers.%d.weight" % i] = layer.weight.detach().numpy()
        tensors["layers.%d.bias" % i] = layer.bias.detach().numpy()
        tensors["layers.%d.time.weight" % i] = time.weight.detach().numpy()
    tensors["time.weight"] = average.time.weight.detach().numpy()
    tensors["time.bias"] = average.time.bias.detach().numpy()
    tensors["skip.weight"] = average.skip.weight.detach().numpy()
    tensors["skip.bias"] = average.skip.bias.detach().numpy()
    os.makedirs(args.out, exist_ok=True)
    save_safetensors(os.path.join(args.out, "model.safetensors"), tensors)
    config = {
        "model_type": "denoiser",
        "name": "parity-denoiser",
        "description": "Answers, by diffusion, whether an odd number of six bits is 1.",
        "context": BITS,
        "problem": "parity:n=%d" % BITS,
        "target_lead": round(2 * RIGHT - 1, 6),
        "layer_sizes": [1 + BITS, HIDDEN, 1],
        "time_waves": WAVES,
        "time_size": TIME,
        "schedule": "cosine",
        "bits": 5,
        "reach": 3,
        "noise_bits": 4,
        "noise_reach": 4,
        "quantization": {"weight_bits": 8, "activation_bits": 5},
    }
    with open(os.path.join(args.out, "config.json"), "w") as f:
        f.write(json.dumps(config, indent=2) + "\n")


if __name__ == "__main__":
    main()
