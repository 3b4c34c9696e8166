"""Makes the files of this folder: small untrained networks in several formats, and elements of all types.

    python3 make.py

torch 1.13 and numpy 1.24 made the files that are committed. expected.json has what the networks
answer in torch, in float64. layouts/make.py makes networks of published layouts.
"""
import collections, json
import numpy as np, torch

torch.manual_seed(1)
expected = {}


def make_sequential():
    net = torch.nn.Sequential(torch.nn.Linear(3, 5), torch.nn.ReLU(), torch.nn.Linear(5, 4))
    torch.save(net.state_dict(), "sequential.pth")
    torch.save({"state_dict": {k: v.half() for k, v in net.state_dict().items()}}, "half.pth")
    torch.save(net.state_dict(), "legacy.pth", _use_new_zipfile_serialization=False)  # as before torch 1.6
    x = torch.tensor([1.0, 0.0, 3.0]).double()
    expected["sequential.pth"] = net.double()(x).tolist()
    expected["half.pth"] = net.half().double()(x).tolist()
    w = [p.detach().double().numpy() for p in net.half().parameters()]
    np.savez_compressed("columns.npz", W1=np.asfortranarray(w[0].T), b1=w[1].astype(">f4"), W2=w[2].T.astype("f2"), b2=w[3])


def make_kinds():
    base = torch.arange(24)
    state = collections.OrderedDict()
    for kind in ["float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool"]:
        state[kind] = base[:6].to(getattr(torch, kind)).view(2, 3)
    state["turned"] = base.view(4, 6).T
    state["part"] = base.view(4, 6)[1:3, 2:4]
    state["spread"] = base[5:6].expand(3)
    state["parameter"] = torch.nn.Parameter(torch.tensor([1.5]))
    torch.save(state, "kinds.pt")


make_sequential()
make_kinds()
json.dump(expected, open("expected.json", "w"), indent=1)
