"""Train the adder model: a Llama that adds two numbers of three digits.

    python3 train.py

It needs Python 3 with numpy and PyTorch, and no data: the sums are drawn here.
--out is the folder to write to (default: the one holding this script).
"""

import argparse
import os
import sys

import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "training"))
import llama  # noqa: E402

SEED = 4711
TOKENS = list("0123456789+=")
PROMPT, ANSWER = 8, 4  # "abc+def=", and the digits of the sum, last one first
LENGTH = PROMPT + ANSWER - 1  # the last digit is never read
TEST_SIZE, CALIBRATION_SIZE = 2000, 512
STEPS, BATCH, RATE = 12000, 256, 4e-3


def encode(pairs):
    """Return tokens [N, LENGTH] and the labels [N, ANSWER] of pairs [N, 2].

    The labels are those of the last ANSWER positions.
    """
    a, b = pairs[:, 0], pairs[:, 1]
    digits = lambda x, places: [x // 10**p % 10 for p in places]
    plus, equals = np.full_like(a, 10), np.full_like(a, 11)
    answer = digits(a + b, range(ANSWER))
    whole = digits(a, (2, 1, 0)) + [plus] + digits(b, (2, 1, 0)) + [equals] + answer
    whole = np.stack(whole, axis=1)
    return whole[:, :-1], whole[:, PROMPT:]


def main():
    parser = argparse.ArgumentParser(description="Train the adder model.")
    parser.add_argument("--out", default=HERE)
    parser.add_argument("--layers", type=int, default=1)
    args = parser.parse_args()
    rng = llama.prepare(SEED)

    every = rng.permutation(1000 * 1000)
    pairs = np.stack([every // 1000, every % 1000], axis=1)
    test = encode(pairs[:TEST_SIZE])
    calibration = encode(pairs[TEST_SIZE : TEST_SIZE + CALIBRATION_SIZE])
    rest = pairs[TEST_SIZE + CALIBRATION_SIZE :]

    c = llama.Config(
        vocab=len(TOKENS), hidden=32, intermediate=64, layers=args.layers,
        heads=4, kv_heads=2, head_dim=8, bits=6,
    )
    model = llama.Llama(c)

    def tensor(data):
        return torch.from_numpy(data[0]).long(), torch.from_numpy(data[1]).long()

    test_tokens, test_labels = tensor(test)

    def draw():
        return tensor(encode(rest[rng.integers(len(rest), size=BATCH)]))

    def exact():
        """Return the part of held-out sums with every digit right."""
        with torch.no_grad():
            answer = model(test_tokens).argmax(-1)[:, -ANSWER:]
        return (answer == test_labels).all(1).float().mean().item()

    llama.train(model, draw, STEPS, RATE, 0.5, report=lambda: print("  exact %.4f" % exact()))
    rounded = exact()
    model.simulate(False)
    plain = exact()
    print("held-out sums exact: float %.4f, with simulated rounding %.4f" % (plain, rounded))
    tc0 = {
        "name": "adder",
        "description": "Adds two numbers of three digits, digit by digit.",
        "tokens": TOKENS,
        "length": LENGTH,
        "outputs": ANSWER,
        "suffix": "=",
        "reversed": True,
        "example": "123+989",
        "quantization": llama.quantisation(c),
        "accuracy": {"float_test": round(plain, 4), "test_size": TEST_SIZE},
    }
    llama.save(args.out, model, tc0, [("test", *test), ("calibration", *calibration)])


if __name__ == "__main__":
    main()
