"""Train the most-frequent model: one attention layer that finds the mode.

It needs Python 3 with numpy and PyTorch (made with PyTorch 1.13 on a CPU) and
no data: the sequences are drawn here.

    python3 train.py

--out is the folder to write to (default: the one holding this script).
Written are config.json, model.safetensors, test.safetensors and
calibration.safetensors.  With the same PyTorch and processor, two runs write
the same bytes.
"""

import argparse
import json
import math
import os
import struct

import numpy as np
import torch
import torch.nn.functional as F

SEED = 20241
VOCAB = 8
LENGTH = 16
HIDDEN = 8
INTERMEDIATE = 16
TRAIN_SIZE = 200000
TEST_SIZE = 2000
CALIBRATION_SIZE = 512
EPOCHS = 10
BATCH = 256
LEARNING_RATE = 4e-3
WEIGHT_DECAY = 0.02
NOISE = 1 / 63  # half a step of 6 bits, signed, in parts of the largest value
SCORE_LIMIT = 1.5  # scores beyond this are penalised
SCORE_PENALTY = 0.1


# --- data -------------------------------------------------------------------


def count_symbols(tokens):
    """Return how often each symbol occurs: [N, VOCAB]."""
    return (tokens[:, :, None] == np.arange(VOCAB)).sum(axis=1)


def margins(tokens):
    """Return the highest count less the second highest, per sequence."""
    counts = np.sort(count_symbols(tokens), axis=1)
    return counts[:, -1] - counts[:, -2]


def draw(rng, size):
    """Return tokens and labels of `size` sequences, half of them with margin 1.

    Each sequence has its own symbol probabilities, from a Dirichlet
    distribution whose concentration is random too.  Ties are left out.
    """
    parts = {True: [], False: []}  # by "is the margin 1"
    while any(sum(map(len, p)) < size // 2 for p in parts.values()):
        alpha = np.exp(rng.uniform(np.log(0.3), np.log(10), 4096))
        gamma = rng.standard_gamma(np.repeat(alpha[:, None], VOCAB, 1)) + 1e-12
        edges = np.cumsum(gamma / gamma.sum(axis=1, keepdims=True), axis=1)
        u = rng.random((len(alpha), LENGTH))
        tokens = (u[:, :, None] > edges[:, None, :-1]).sum(axis=2).astype(np.uint8)
        margin = margins(tokens)
        parts[True].append(tokens[margin == 1])
        parts[False].append(tokens[margin > 1])
    halves = [np.concatenate(p)[: size // 2] for p in parts.values()]
    tokens = rng.permutation(np.concatenate(halves))
    return tokens, count_symbols(tokens).argmax(axis=1).astype(np.uint8)


def without(tokens, labels, held_out):
    """Drop the sequences that occur among the held-out ones."""
    known = {row.tobytes() for row in held_out}
    keep = np.array([row.tobytes() not in known for row in tokens])
    return tokens[keep], labels[keep]


# --- model ------------------------------------------------------------------


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()

        def linear(n_in, n_out, bias=True):
            return torch.nn.Linear(n_in, n_out, bias=bias)

        self.embed = torch.nn.Embedding(VOCAB, HIDDEN)
        self.query = linear(HIDDEN, HIDDEN, False)
        self.key = linear(HIDDEN, HIDDEN, False)
        self.value = linear(HIDDEN, HIDDEN, False)
        self.output = linear(HIDDEN, HIDDEN, False)
        self.up = linear(HIDDEN, INTERMEDIATE)
        self.down = linear(INTERMEDIATE, HIDDEN)
        self.head = linear(HIDDEN, VOCAB)
        # Orthogonal embeddings and matrices: with so few features, random ones
        # are often close to singular and training then stays near 95 %.
        for p in self.parameters():
            if p.dim() == 2:
                torch.nn.init.orthogonal_(p)

    def forward(self, tokens, noise=0.0):
        """Return logits [N, VOCAB] and attention scores [N, LENGTH].

        With noise, the attention output and the hidden units of the MLP are
        disturbed about as much as rounding them to 6 bits will do.
        """

        def disturb(x):
            if not noise:
                return x
            return x + (torch.rand_like(x) * 2 - 1) * noise * x.detach().abs().max()

        e = self.embed(tokens)
        last = e[:, -1]
        # q.k_j / sqrt(d), from the query of the last position.
        scores = (self.key(e) @ self.query(last)[:, :, None])[:, :, 0] / math.sqrt(HIDDEN)
        weights = torch.softmax(scores, dim=1)
        a = disturb((weights[:, None, :] @ self.value(e))[:, 0])
        r = last + self.output(a)
        m = F.relu(disturb(F.relu(self.up(r))))
        r = r + self.down(m)
        return self.head(r), scores


def train(model, tokens, labels):
    matrices = [p for p in model.parameters() if p.dim() == 2]
    biases = [p for p in model.parameters() if p.dim() == 1]
    optimizer = torch.optim.AdamW(
        [
            {"params": matrices, "weight_decay": WEIGHT_DECAY},
            {"params": biases, "weight_decay": 0.0},
        ],
        lr=LEARNING_RATE,
    )
    steps = (len(labels) + BATCH - 1) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, LEARNING_RATE, total_steps=EPOCHS * steps, pct_start=0.1
    )
    for epoch in range(EPOCHS):
        total = 0.0
        for index in torch.randperm(len(labels)).split(BATCH):
            logits, scores = model(tokens[index], NOISE)
            large = F.relu(scores.abs() - SCORE_LIMIT)
            loss = F.cross_entropy(logits, labels[index])
            loss = loss + SCORE_PENALTY * large.square().sum(1).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * len(index)
        print("epoch %2d  loss %.4f" % (epoch + 1, total / len(labels)), flush=True)


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


def save_config(path, accuracy):
    config = {
        "model_type": "attention-classifier",
        "name": "most-frequent",
        "description": "Names the most frequent of 8 symbols in a sequence of 16.",
        "input": {"kind": "tokens", "length": LENGTH, "vocab": VOCAB},
        "hidden_size": HIDDEN,
        "intermediate_size": INTERMEDIATE,
        "activation": "relu",
        "labels": list("abcdefgh"),
        "quantization": {"weight_bits": 8, "activation_bits": 6, "exp_levels": 24},
        "accuracy": accuracy,
    }
    with open(path, "w") as f:
        f.write(json.dumps(config, indent=2) + "\n")


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description="Train the most-frequent model.")
    parser.add_argument("--out", default=here)
    args = parser.parse_args()

    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    torch.use_deterministic_algorithms(True)
    rng = np.random.default_rng(SEED)

    # The held-out sequences are drawn first and kept out of all the others.
    test, test_labels = draw(rng, TEST_SIZE)
    calibration, calibration_labels = without(*draw(rng, 2 * CALIBRATION_SIZE), test)
    calibration = calibration[:CALIBRATION_SIZE]
    calibration_labels = calibration_labels[:CALIBRATION_SIZE]
    tokens, labels = without(*draw(rng, TRAIN_SIZE), np.concatenate([test, calibration]))

    model = Model()
    train(model, torch.from_numpy(tokens).long(), torch.from_numpy(labels).long())

    with torch.no_grad():
        logits, scores = model(torch.from_numpy(test).long())
    right = logits.argmax(1).numpy() == test_labels
    narrow = margins(test) == 1
    print("largest score: %.3f" % scores.abs().max().item())
    print("accuracy: test %.4f, margin 1 %.4f" % (right.mean(), right[narrow].mean()))

    tensors = {
        "embed.weight": model.embed.weight,
        "attention.query.weight": model.query.weight,
        "attention.key.weight": model.key.weight,
        "attention.value.weight": model.value.weight,
        "attention.output.weight": model.output.weight,
        "mlp.up.weight": model.up.weight,
        "mlp.up.bias": model.up.bias,
        "mlp.down.weight": model.down.weight,
        "mlp.down.bias": model.down.bias,
        "head.weight": model.head.weight,
        "head.bias": model.head.bias,
    }
    tensors = {name: t.detach().numpy() for name, t in tensors.items()}
    os.makedirs(args.out, exist_ok=True)
    save_safetensors(os.path.join(args.out, "model.safetensors"), tensors)
    save_safetensors(
        os.path.join(args.out, "test.safetensors"), {"inputs": test, "labels": test_labels}
    )
    save_safetensors(
        os.path.join(args.out, "calibration.safetensors"),
        {"inputs": calibration, "labels": calibration_labels},
    )
    accuracy = {
        "float_test": round(float(right.mean()), 4),
        "float_test_margin_1": round(float(right[narrow].mean()), 4),
        "test_size": TEST_SIZE,
    }
    save_config(os.path.join(args.out, "config.json"), accuracy)


if __name__ == "__main__":
    main()
