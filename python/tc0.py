"""tc0 in Python and in notebooks: each function calls the command and returns what it prints as JSON.

    import tc0
    tc0.stat("attention:n=4,d=2,bits=2")["depth"]            # 3
    tc0.eval("majority:n=3", [[1, 0, 1], [0, 0, 1]])         # [[1], [0]]
    tc0.draw("mlp:n=3,hidden=2,out=1,bits=2")                # a figure, in a notebook
    tc0.Circuit.from_text("input a b\\ny = xor(a, b)\\noutput y")

It is one file of the standard library: copy it beside your notebook, or put its folder on PYTHONPATH. The command is `tc0` on the
path, or what the environment variable TC0 names.
"""

import json
import os
import subprocess
import tempfile


class Error(Exception):
    """What the command says when it does not understand something, or cannot do it: its status is 2."""


def command(*args, stdin=""):
    """Run the command and return (status, standard output). Raise Error if it fails; status 1 is a check that failed."""
    program = os.environ.get("TC0", "tc0")
    try:
        done = subprocess.run([program, *map(str, args)], input=stdin, capture_output=True, text=True, encoding="utf-8", check=False)
    except FileNotFoundError:
        raise Error(f"{program} is not on the path; name it in the environment variable TC0") from None
    if done.returncode not in (0, 1):
        raise Error(done.stderr.strip().removeprefix("tc0: "))
    return done.returncode, done.stdout


def flags(options):
    """The flags of keyword arguments: n="2..8" is --n=2..8, exhaustive=True is --exhaustive."""
    out = []
    for name, value in options.items():
        name = "--" + name.replace("_", "-")
        if value is True:
            out.append(name)
        elif value is not None and value is not False:
            out.append(f"{name}={value}")
    return out


def call(verb, *args, stdin="", **options):
    """Call any verb and return its JSON object; options are its flags."""
    return json.loads(command(verb, *args, "--json", *flags(options), stdin=stdin)[1])


def stat(subject, **options):
    """Depth, size, wires, weights, gates by kind, and the ledger by stage."""
    return call("stat", subject, **options)


def verify(subject, **options):
    """The circuit against the integer reference; ["verified"]["mismatches"] counts the inputs on which they differ."""
    return call("verify", subject, **options)


def prove(subject, **options):
    """Bounds on depth and size for every n, with the derivation and the verdict."""
    return call("prove", subject, **options)


def sweep(subject, n, **options):
    """A family measured over n, such as n="2,4,8": a list of rows, as pandas.DataFrame takes them."""
    return call("sweep", subject, n=n, **options)["points"]


def equiv(a, b, **options):
    """Whether two circuits compute the same."""
    return call("equiv", a, b, **options)


def eval(subject, vectors, **options):  # as the verb is called
    """The outputs of a circuit on vectors, each a list of one integer for each input port."""
    lines = "".join(" ".join(map(str, v)) + "\n" for v in vectors)
    text = command("eval", subject, *flags(options), stdin=lines)[1]
    return [[int(word) for word in line.split("#")[0].split()] for line in text.splitlines()]


class Figure:
    """A figure that a notebook shows. str() is its SVG."""

    def __init__(self, svg):
        self.svg = svg

    def __str__(self):
        return self.svg

    def _repr_svg_(self):
        return self.svg

    def save(self, path):
        """Write the SVG to a file."""
        with open(path, "w", encoding="utf-8") as f:
            f.write(self.svg)


def draw(subject, **options):
    """A figure of a circuit."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "figure.svg")
        command("draw", subject, "-o", path, *flags(options))
        with open(path, encoding="utf-8") as f:
            return Figure(f.read())


class Circuit:
    """A circuit in a file of its own, which is deleted with it. Its methods are the functions above."""

    def __init__(self, subject, **options):
        self._folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self._folder.name, "circuit.tc0")
        command("build", subject, "-o", self.path, *flags(options))

    @classmethod
    def from_text(cls, text):
        """A circuit from a text, a gate a line, as tc0 list .gates explains."""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "circuit.gates")
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
            return cls(path)

    def close(self):
        """Delete the file."""
        self._folder.cleanup()

    def stat(self, **options):
        """See stat."""
        return stat(self.path, **options)

    def eval(self, vectors, **options):
        """See eval."""
        return eval(self.path, vectors, **options)

    def draw(self, **options):
        """See draw."""
        return draw(self.path, **options)

    def convert(self, path, **options):
        """Write the circuit in the format of the file's extension."""
        command("convert", self.path, path, *flags(options))

    def equals(self, other):
        """Whether it is proved that another circuit or subject computes the same; None if that is not decided."""
        verdict = equiv(self.path, getattr(other, "path", other))["verdict"]
        return {"proved": True, "refuted": False}.get(verdict)

    def _repr_svg_(self):
        return self.draw().svg
