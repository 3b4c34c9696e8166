"""Make the long adder: a Qwen3 that adds two numbers of ten digits, with weights set by hand.

    python3 make.py

It needs Python 3 and nothing else. --out is the folder to write to (default: the one
holding this script). What each weight is for is said beside it.
"""

import argparse
import json
import math
import os
import random
import struct

HERE = os.path.dirname(os.path.abspath(__file__))
SEED = 4711
TOKENS = list("0123456789+=")
DIGITS = 10
PERIOD = DIGITS + 1  # from a digit of one number to that of the other
PROMPT, ANSWER = 2 * PERIOD, DIGITS + 1  # both numbers and their signs; the sum, last digit first
LENGTH = PROMPT + ANSWER - 1  # the last digit is never read
TEST_SIZE, CALIBRATION_SIZE = 1000, 512

# The features of the residual stream.
CONST, TOTAL, REST, ODD, EVEN = range(5)
HIDDEN, HEADS, HEAD_SIZE = 5, 2, 4
QUERY_GAIN, KEY_GAIN = 8.0, 6.0
STEEP, OUT = 8.0, 10.0  # how steep hidden units are, and how large the waves are


def zeros(rows, columns):
    return [[0.0] * columns for _ in range(rows)]


def weights():
    """Return all tensors by their published names.

    With y = a_i + b_i, and z = a_(i-1) + b_(i-1) - o_(i-1), which is 9 or 10 if the step
    before carries and -1 or 0 if it does not, y + z/10 is within 0.1 below the next digit
    of the sum, or that and 10. The attention makes t = y + z/10 - 9.45, which lies within
    0.05 of -9.5, -8.5, ..., 9.5. The hidden units make two triangle waves of period 10 of
    t, which are the digit as a point of a square. The head takes the nearest direction.
    """
    t = {}
    embedding = zeros(len(TOKENS), HIDDEN)
    for row, name in zip(embedding, TOKENS):
        # A sign is a 0. The token is a part of t already: -2/10 of the digit before. All rows
        # have the same length, so that the first norm changes nothing.
        d = (int(name) if name.isdigit() else 0) - 4.5
        row[CONST] = 1.0
        row[TOTAL] = -0.2 * d
        row[REST] = math.sqrt(max(0.0, 0.9**2 - row[TOTAL] ** 2))
    t["model.embed_tokens.weight"] = embedding
    norm = math.sqrt((1 + 0.9**2) / HIDDEN)

    # Features 1 and 3 of a head turn by a full turn in PERIOD positions, 0 and 2 are not used.
    # The keys are all alike. Queries of head 0 are turned back by 10 positions: they find
    # a_i and b_i alike. Those of head 1 find a_(i-1), b_(i-1) and the position itself.
    query, key = zeros(HEADS * HEAD_SIZE, HIDDEN), zeros(HEAD_SIZE, HIDDEN)
    for head, back in enumerate((DIGITS, 0)):
        angle = -2 * math.pi * back / PERIOD
        query[head * HEAD_SIZE + 1][CONST] = math.cos(angle)
        query[head * HEAD_SIZE + 3][CONST] = math.sin(angle)
    key[1][CONST] = 1.0
    # A value is the digit less 4.5, and a constant.
    value = zeros(HEAD_SIZE, HIDDEN)
    value[0][TOTAL] = -5 * norm
    value[1][CONST] = 4 * norm
    # t = 2*(mean of a_i and b_i) + 3/10*(mean of the other three) - 2/10*o_(i-1), all less 4.5.
    output = zeros(HIDDEN, HEADS * HEAD_SIZE)
    output[TOTAL][0], output[TOTAL][HEAD_SIZE] = 2.0, 0.3
    output[CONST][1] = 2.0
    big = 1 + 4 * 2.0  # the constant is large now, and the second norm changes less

    # The hidden units bend at these t. Both sides of a norm shrink alike, so the bends stay
    # where they are. A unit that sees less of t is steeper, so that all are rounded alike.
    gain = 0.8
    bends = [(side, at) for at in (0.0, 2.5, 5.0, 7.5) for side in (1, -1)]
    units = len(bends) + 1
    gate, up, down = zeros(units, HIDDEN), zeros(units, HIDDEN), zeros(HIDDEN, units)
    end = 10.0
    for unit, (side, at) in enumerate(bends):
        steep = STEEP * end / (end - at)
        gate[unit][TOTAL] = side * steep
        gate[unit][CONST] = -steep * at / (big * gain)
        up[unit][CONST] = 1.0
        # The odd wave is t up to 2.5, then falls to 7.5, then rises. The even one is 2.5 - |t| up to 5.
        wave, slope = {0.0: (ODD, side), 2.5: (ODD, -2 * side), 5.0: (EVEN, 2), 7.5: (ODD, 2 * side)}[at]
        down[wave][unit] = OUT * slope / steep
        if at == 0:
            down[EVEN][unit] = -OUT / steep
    # The last unit is the 2.5. Its gate is open wide, where silu(x) is x.
    gate[-1][CONST] = 2 * STEEP * 2.5 / (big * gain)
    up[-1][CONST] = 1.0
    down[EVEN][-1] = OUT / (2 * STEEP)

    # Digit d is the direction of t = d - 9.5, and of t = d + 0.5.
    head = zeros(len(TOKENS), HIDDEN)
    for d in range(10):
        odd, even = waves(d + 0.5)
        head[d][ODD], head[d][EVEN] = odd / math.hypot(odd, even), even / math.hypot(odd, even)

    p = "model.layers.0."
    t[p + "input_layernorm.weight"] = [1.0] * HIDDEN
    t[p + "self_attn.q_proj.weight"] = query
    t[p + "self_attn.k_proj.weight"] = key
    t[p + "self_attn.v_proj.weight"] = value
    t[p + "self_attn.o_proj.weight"] = output
    t[p + "self_attn.q_norm.weight"] = [QUERY_GAIN] * HEAD_SIZE
    t[p + "self_attn.k_norm.weight"] = [KEY_GAIN] * HEAD_SIZE
    t[p + "post_attention_layernorm.weight"] = [gain, 1.0, 0.0, 0.0, 0.0]
    t[p + "mlp.gate_proj.weight"] = gate
    t[p + "mlp.up_proj.weight"] = up
    t[p + "mlp.down_proj.weight"] = down
    t["model.norm.weight"] = [0.0, 0.0, 0.0, 16.0, 16.0]
    t["lm_head.weight"] = head
    return t, units


def waves(t):
    """Return the two triangle waves at t, one odd and one even."""

    def triangle(x):  # 2.5 at 0, and -2.5 at 5
        return 2.5 - abs((x + 5) % 10 - 5)

    return triangle(t - 2.5), triangle(t)


def encode(pairs):
    """Return tokens and the labels of the last ANSWER positions of pairs of numbers.

    All numbers have the last digit first.
    """
    digits = lambda x, places: [x // 10**p % 10 for p in range(places)]
    inputs, labels = [], []
    for a, b in pairs:
        answer = digits(a + b, ANSWER)
        whole = digits(a, DIGITS) + [10] + digits(b, DIGITS) + [11] + answer
        inputs.append(whole[:-1])
        labels.append(answer)
    return inputs, labels


def safetensors(path, tensors):
    """Write tensors: name -> (type, shape, bytes)."""
    header, data = {}, b""
    for name, (kind, shape, raw) in tensors.items():
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


def floats(v):
    """Return a vector or a matrix as F32."""
    shape = [len(v)] if isinstance(v[0], float) else [len(v), len(v[0])]
    flat = v if len(shape) == 1 else [x for row in v for x in row]
    return "F32", shape, struct.pack("<%df" % len(flat), *flat)


def bytes_of(rows):
    return "U8", [len(rows), len(rows[0])], bytes(x for row in rows for x in row)


def main():
    parser = argparse.ArgumentParser(description="Make the long adder.")
    parser.add_argument("--out", default=HERE)
    out = parser.parse_args().out

    # Among so many pairs none comes twice; that is checked.
    rng = random.Random(SEED)
    pairs = [(rng.randrange(10**DIGITS), rng.randrange(10**DIGITS)) for _ in range(TEST_SIZE + CALIBRATION_SIZE)]
    assert len(set(pairs)) == len(pairs)
    for name, part in ("test", pairs[:TEST_SIZE]), ("calibration", pairs[TEST_SIZE:]):
        inputs, labels = encode(part)
        safetensors(
            os.path.join(out, name + ".safetensors"), {"inputs": bytes_of(inputs), "labels": bytes_of(labels)}
        )

    tensors, units = weights()
    safetensors(os.path.join(out, "model.safetensors"), {k: floats(v) for k, v in tensors.items()})
    print("%d parameters" % sum(len(floats(v)[2]) // 4 for v in tensors.values()))
    config = {
        "architectures": ["Qwen3ForCausalLM"],
        "model_type": "qwen3",
        "vocab_size": len(TOKENS),
        "hidden_size": HIDDEN,
        "intermediate_size": units,
        "num_hidden_layers": 1,
        "num_attention_heads": HEADS,
        "num_key_value_heads": 1,
        "head_dim": HEAD_SIZE,
        "hidden_act": "silu",
        "rms_norm_eps": 1e-06,
        # Pair 1 of 2 turns by theta^(-1/2), which is 2*pi/PERIOD.
        "rope_theta": (PERIOD / (2 * math.pi)) ** 2,
        "max_position_embeddings": LENGTH,
        "tie_word_embeddings": False,
        "attention_bias": False,
        "torch_dtype": "float32",
    }
    settings = {
        "name": "long-adder",
        "description": "Adds two numbers of ten digits, digit by digit.",
        "tokens": TOKENS,
        "length": LENGTH,
        "outputs": ANSWER,
        "suffix": "=",
        "reversed": True,
        "reversed_numbers": True,
        "example": "0987654321+0123456789",
        # As tc0 quantise chooses, from nothing.
        "quantization": {
            "weight_bits": 8,
            "activation_bits": 7,
            "residual_bits": 6,
            "exp_levels": 2,
            "weight_scale": "tensor",
            "percentile": 99.9,
        },
        "accuracy": {"float_test": 1.0, "test_size": TEST_SIZE},
    }
    for name, value in ("config", config), ("tc0", settings):
        with open(os.path.join(out, name + ".json"), "w") as f:
            f.write(json.dumps(value, indent=2) + "\n")


if __name__ == "__main__":
    main()
