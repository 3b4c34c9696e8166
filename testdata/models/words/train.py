"""Train the words model: a Llama that continues English words, letter by letter.

    python3 train.py --words /usr/share/dict/american-english

It needs Python 3 with numpy and PyTorch, and the word list of Debian's package
wamerican.  --out is the folder to write to (default: the one holding this
script).
"""

import argparse
import math
import os
import re
import sys

import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "training"))
import llama  # noqa: E402

SEED = 1848
TOKENS = list(".abcdefghijklmnopqrstuvwxyz")  # the point begins and ends a word
LENGTH = 12  # the point and up to 11 letters
TEST_SIZE, CALIBRATION_SIZE = 2000, 512
STEPS, BATCH, RATE = 12000, 256, 4e-3


def encode(words):
    """Return tokens [N, LENGTH] and labels [N, LENGTH] of words."""
    tokens = np.zeros((len(words), LENGTH), dtype=np.int64)
    labels = np.full((len(words), LENGTH), llama.NOT_ASKED)
    for i, word in enumerate(words):
        codes = [ord(letter) - ord("a") + 1 for letter in word]
        tokens[i, 1 : len(word) + 1] = codes
        labels[i, : len(word) + 1] = codes + [0]
    return tokens, labels


def main():
    parser = argparse.ArgumentParser(description="Train the words model.")
    parser.add_argument("--out", default=HERE)
    parser.add_argument("--words", default="/usr/share/dict/american-english")
    args = parser.parse_args()
    rng = llama.prepare(SEED)

    with open(args.words, encoding="utf-8") as f:
        lines = sorted(set(line.strip() for line in f))
    words = [w for w in lines if re.fullmatch("[a-z]{2,%d}" % (LENGTH - 1), w)]
    words = [words[i] for i in rng.permutation(len(words))]
    print("%d words" % len(words))
    test = encode(words[:TEST_SIZE])
    rest = encode(words[TEST_SIZE:])
    calibration = tuple(x[:CALIBRATION_SIZE] for x in rest)

    c = llama.Config(
        vocab=len(TOKENS), hidden=32, intermediate=64, layers=2,
        heads=4, kv_heads=2, head_dim=8, bits=6, exp_levels=32, score_limit=4.0,
    )
    model = llama.Llama(c)
    rest_tokens, rest_labels = (torch.from_numpy(x) for x in rest)
    test_tokens, test_labels = (torch.from_numpy(x) for x in test)

    def draw():
        index = torch.from_numpy(rng.integers(len(rest_tokens), size=BATCH))
        return rest_tokens[index], rest_labels[index]

    def perplexity():
        with torch.no_grad():
            return math.exp(llama.loss_of(model, test_tokens, test_labels).item())

    llama.train(model, draw, STEPS, RATE, 0.5, report=lambda: print("  perplexity %.3f" % perplexity()))
    rounded = perplexity()
    model.simulate(False)
    plain = perplexity()
    print("held-out perplexity: float %.4f, with simulated rounding %.4f" % (plain, rounded))
    tc0 = {
        "name": "words",
        "description": "Continues an English word, letter by letter.",
        "tokens": TOKENS,
        "length": LENGTH,
        "outputs": LENGTH,
        "prefix": ".",
        "end": ".",
        "example": "capt",
        # Finer than was simulated, where that costs few gates.
        "quantization": dict(llama.quantisation(c), weight_bits=10, exp_levels=48),
        "accuracy": {"float_perplexity": round(plain, 4), "test_size": TEST_SIZE},
    }
    llama.save(args.out, model, tc0, [("test", *test), ("calibration", *calibration)])


if __name__ == "__main__":
    main()
