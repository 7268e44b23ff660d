#!/usr/bin/env python3
"""What other counting tools print, run here: writes test/golden/tools.json.

A case is data: a name of the table below, or a module of torch.nn with its options and the shape of its input. Every
case is run by every tool, each in a process of its own, since tools patch torch and do not mend it all. A figure is
the tool's own number, before it is rounded for the eye; deepspeed and calflops print [FLOPs, MACs], torch prints FLOPs,
the others multiply-adds. null: the tool stops with an error.

  pip install torch torchvision transformers fvcore thop ptflops torchinfo deepspeed calflops
  python scripts/oracle/tools.py                           # every row again, in place
  python scripts/oracle/tools.py --only LSTM --tools thop  # some of them, on stdout

torchinfo's rule for linear layers after 1.8.0 is in no release: --torchinfo names a checkout of its repository.
"""

import argparse
import contextlib
import importlib
import importlib.metadata
import io
import json
import logging
import os
import pickle
import sys
import warnings
from functools import partial
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent))
from toolCases import GROUPS  # noqa: E402
from toolModules import build  # noqa: E402

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
TABLE = Path(__file__).parents[2] / "test/golden/tools.json"


def flop_counter(model, inputs, case):
    """Forward, and the backward pass of its sum where the case asks for it."""
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(model, display=False) as counter:
        y = model(*inputs)
        if case.get("backward"):
            first = y[0] if isinstance(y, tuple) else y
            first.sum().backward()
    return counter.get_total_flops()


def fvcore(model, inputs, case):
    from fvcore.nn import FlopCountAnalysis

    return FlopCountAnalysis(model, tuple(inputs)).total()


def thop(model, inputs, case):
    from thop import profile

    return profile(model, inputs=tuple(inputs), verbose=False)[0]


def ptflops(backend):
    def run(model, inputs, case):
        """It makes an input of one sample; where it cannot, the first sample of ours stands for it."""
        from inspect import signature
        from ptflops import get_model_complexity_info

        names = list(signature(model.forward).parameters)
        one = {name: x if "call" in case else x[:1] for name, x in zip(names, inputs)}
        size = tuple(inputs[0].shape[1:])
        own = "call" not in case and inputs[0].is_floating_point() and len(inputs) == 1
        made = get_model_complexity_info(
            model, size, backend=backend, as_strings=False, print_per_layer_stat=False,
            input_constructor=None if own else lambda _: one,
        )
        return made[0]

    return run


def torchinfo(model, inputs, case, home=None):
    """The installed release, or the one in the folder `home`."""
    if home:
        sys.path.insert(0, home)
    from torchinfo import summary

    return summary(model, input_data=list(inputs), verbose=0, mode=case.get("mode", "eval")).total_mult_adds


def deepspeed(model, inputs, case):
    from deepspeed.profiling.flops_profiler import FlopsProfiler

    profiler = FlopsProfiler(model)
    profiler.start_profile()
    model(*inputs)
    figures = [int(profiler.get_total_flops()), int(profiler.get_total_macs())]
    profiler.end_profile()
    return figures


def calflops(model, inputs, case):
    from calflops import calculate_flops

    made = calculate_flops(model, args=list(inputs), print_results=False, print_detailed=False, output_as_string=False)
    return [int(made[0]), int(made[1])]


TOOLS = {
    "torch": flop_counter,
    "fvcore": fvcore,
    "thop": thop,
    "ptflops-pytorch": ptflops("pytorch"),
    "ptflops-aten": ptflops("aten"),
    "torchinfo": torchinfo,
    "torchinfo-1.8.0": torchinfo,
    "deepspeed": deepspeed,
    "calflops": calflops,
}


def figure(tool, case):
    """What the tool prints, by a child of this process, and the error where there is none."""
    end, start = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(end)
        try:
            torch.manual_seed(0)
            model, inputs = build(case)
            model.train(case.get("mode") == "train")
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                answer = TOOLS[tool](model, inputs, case)
            answer = (answer if isinstance(answer, list) else int(answer), None)
        except Exception as error:
            answer = (None, f"{type(error).__name__}: {error}".splitlines()[0][:160])
        with os.fdopen(start, "wb") as out:
            pickle.dump(answer, out)
        os._exit(0)
    os.close(start)
    with os.fdopen(end, "rb") as sent:
        answer = pickle.loads(sent.read() or pickle.dumps((None, "the process ended")))
    os.waitpid(child, 0)
    return answer


def later_batch(case):
    """Whether the samples are not the first dimension, where ptflops has its one."""
    return case.get("module") in ("LSTM", "GRU", "MultiheadAttention") and not case["options"].get("batch_first")


def row(case, tools, log):
    figures = {}
    for tool in tools:
        if case.get("backward") and tool != "torch":
            continue
        if tool.startswith("ptflops") and later_batch(case):
            continue
        if tool == "calflops" and "call" in case:
            continue  # It takes the device from a parameter, and a function has none.
        figures[tool], error = figure(tool, case)
        if error:
            print(f"{case.get('case') or case}, {tool}: {error}", file=log, flush=True)
    return {**case, **figures}


def with_torchvision(rows):
    """torchvision gives its weights half of what torch counts, before it rounds."""
    return [{**r, "torchvision": r["torch"] // 2} if "torch" in r else r for r in rows]


def versions():
    names = ["torch", "torchvision", "transformers", "fvcore", "thop", "ptflops", "torchinfo", "deepspeed", "calflops"]
    return {name: importlib.metadata.version(name) for name in names}


def write(groups, path):
    about = (
        "What each counting tool prints for the same case, in its own unit: torch FLOPs (2 per MAC); deepspeed and "
        "calflops [FLOPs, MACs]; the others MACs. null: it stops with an error. On a CPU, in eval mode where a row "
        "names no other. ptflops runs one sample. torchvision: half of torch's, before rounding. "
        "torchinfo: its repository at commit 5c4164f, whose rule for linear layers is in no release."
    )
    with open(path, "w") as out:
        out.write(f'{{\n "about": {json.dumps(about)},\n "command": "python scripts/oracle/tools.py",\n')
        out.write(f' "versions": {json.dumps(versions())}')
        for name, rows in groups.items():
            out.write(f',\n "{name}": [\n  ' + ",\n  ".join(json.dumps(row) for row in rows) + "\n ]")
        out.write("\n}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="TEXT", help="the cases that hold this text, on stdout")
    parser.add_argument("--group", choices=list(GROUPS), help="the cases of one group, on stdout")
    parser.add_argument("--tools", nargs="*", choices=list(TOOLS), default=list(TOOLS))
    parser.add_argument("--torchinfo", metavar="DIR", help="a checkout of torchinfo's repository")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    for name in ("fvcore.nn", "thop", "ptflops", "deepspeed.profiling.flops_profiler", "calflops"):
        importlib.import_module(name)
    TOOLS["torchinfo"] = partial(torchinfo, home=asked.torchinfo)
    made = {}
    for name, cases in GROUPS.items():
        if asked.group not in (None, name):
            continue
        chosen = [case for case in cases if asked.only is None or asked.only in json.dumps(case)]
        made[name] = []
        for case in chosen:
            made[name].append(row(case, asked.tools, sys.stderr))
            if asked.only or asked.group:
                print(json.dumps(made[name][-1]), flush=True)
    if not (asked.only or asked.group):
        write({**made, "cases": with_torchvision(made["cases"])}, TABLE)


if __name__ == "__main__":
    main()
