"""Runs scenarios in one kernel and prints what came back, as JSON.

Usage: driver.py KERNEL FOLDER; FOLDER becomes the kernel's working folder.
"""

import json
import os
import queue
import subprocess
import sys
import tempfile
import time

from jupyter_client.manager import KernelManager

kernel, folder = sys.argv[1:]
# Node makes a pipe that it inherits non-blocking, for this program as well, whose own output would then be cut.
quiet = {"stdout": subprocess.DEVNULL}


def drained(client, channel):
    while True:
        try:
            yield getattr(client, f"get_{channel}_msg")(timeout=0.02)
        except queue.Empty:
            return


def collect(client, ids, patience=20, until=None):
    """Outputs and replies of the requests `ids`.

    Until each is idle and answered, `until` is in an output, or nothing comes for `patience` seconds.
    """
    seen = {i: {"outputs": [], "reply": None, "idle": False} for i in ids}
    last = time.time()
    while not all(s["idle"] and s["reply"] for s in seen.values()) and time.time() - last < patience:
        for channel in ("iopub", "shell"):
            for message in drained(client, channel):
                entry = seen.get(message["parent_header"].get("msg_id"))
                if entry is None:
                    continue
                last = time.time()
                kind, content = message["header"]["msg_type"], message["content"]
                if kind == "execute_reply":
                    entry["reply"] = content
                elif kind == "status":
                    entry["idle"] = entry["idle"] or content["execution_state"] == "idle"
                elif kind in ("stream", "display_data", "update_display_data", "error"):
                    entry["outputs"].append({"type": kind, **content})
                    if until and until in content.get("text", ""):
                        return [seen[i] for i in ids]
    return [seen[i] for i in ids]


def pause():
    """So that an earlier failure of a plain kernel, which then drops requests, does not swallow the next scenario's."""
    time.sleep(0.5)


def run(client, *cells, stop_on_error=True, patience=20, deaf=0):
    """Sends all cells at once, as "Run All" does; reads nothing for the first `deaf` seconds, as a busy client does."""
    pause()
    sent = [client.execute(c, stop_on_error=stop_on_error) for c in cells]
    time.sleep(deaf)
    return collect(client, sent, patience)


def one_by_one(client, *cells):
    """Sends each cell as soon as the one before is answered."""
    pause()
    return [collect(client, [client.execute(c)])[0] for c in cells]


def interrupted(manager, client, cell, after):
    """Interrupts `cell` once it has printed "started", then runs `after`."""
    pause()
    began = client.execute(cell)
    before = collect(client, [began], until="started")
    # A signal in the instant in which Node hands signals back from its vm to JavaScript is lost until the next cell; a
    # reader is not that quick.
    time.sleep(0.5)
    manager.interrupt_kernel()
    rest = collect(client, [began])[0]
    rest["outputs"] = before[0]["outputs"] + rest["outputs"]
    return [rest, *run(client, after)]


def scenarios(manager, client):
    yield from printing(client)
    yield from failing(client)
    yield from interrupting(manager, client)


def printing(client):
    yield "ready", run(client, "1 + 1")
    yield "manyLines", run(client, "for (let i = 0; i < 3000; i++) console.log('line', i)", patience=5)
    displays = "for (let i = 0; i < 1200; i++) t.display.text('d' + i)"
    yield "manyDisplays", run(client, "import * as t from 'tslab';", displays, patience=5)
    large = "for (let i = 0; i < 4000; i++) t.display.text('-'.repeat(2000) + i)"
    slow = run(client, large, patience=5, deaf=3)
    yield "slowClient", [{**cell, "outputs": len(cell["outputs"])} for cell in slow]
    mixed = "console.log('a'); console.error('b'); console.log('c'); t.display.text('d'); console.log('e')"
    yield "order", run(client, mixed)
    busy = (
        "function busy(ms: number) { const end = Date.now() + ms; while (Date.now() < end); }\n"
        "for (let i = 0; i < 100; i++) console.log(i);\n"
        "for (let i = 0; i < 4; i++) { busy(120); console.log('slow', i); }"
    )
    yield "slowPrints", run(client, busy)
    yield "ownStderr", run(client, "console.error('mine'); console.log('fine')")


def failing(client):
    fails = "function fails(x: { y?: { z: number } }) {\n  return x.y!.z;\n}"
    yield "runtimeError", run(client, f"const before: number = 1;\n\n{fails}\nfails({{}});")
    yield "typeError", run(client, "const n: number = 1;\nconst s: string = 2;")
    yield "thrownText", run(client, "throw 'only text'")
    yield "asyncError", run(client, "await Promise.resolve();\nthrow new RangeError('late')")
    first, second = "throw new Error('first')", "console.log('second ran')"
    yield "nextAfterFailure", one_by_one(client, first, second)
    yield "runAllStops", run(client, first, second)
    yield "runAllGoesOn", run(client, first, second, stop_on_error=False)
    earlier = "const flops = 10; const twice = (x: { flops: number }) => 2 * x.flops;"
    later = (
        "const o = { flops };\n"
        "let other = 0; ({ other } = { other: 5 });\n"
        "console.log(twice({ flops }), o.flops, other)"
    )
    yield "shorthand", run(client, earlier, later)


def interrupting(manager, client):
    started, usable = "console.log('started');", "console.log('usable')"
    pause_100 = "await new Promise((go) => setTimeout(go, 100));"
    yield "interruptLoop", interrupted(manager, client, f"{started}\nwhile (true) {{}}", usable)
    awaiting = f"{started}\nfor (let i = 0; i < 200; i++) {pause_100}"
    yield "interruptAsync", interrupted(manager, client, awaiting, usable)
    rejected = "setTimeout(() => Promise.reject(new Error('nobody waits')), 0);"
    yield "rejectedLater", run(client, f"{rejected} {pause_100} console.log('alive')")


def over_ipc():
    """As a host does that starts kernels over ipc.

    Waits for the kernel's five sockets first, so that a slow machine is no failure.
    """
    with tempfile.TemporaryDirectory() as sockets:
        manager = KernelManager(kernel_name=kernel, transport="ipc", ip=os.path.join(sockets, "kernel"))
        manager.start_kernel(cwd=folder, **quiet)
        client = manager.client()
        client.start_channels()
        end = time.time() + 90
        while len(os.listdir(sockets)) < 5 and time.time() < end:
            time.sleep(0.1)
        bound = sorted(os.listdir(sockets))
        try:
            client.wait_for_ready(timeout=5)
            cells = run(client, "console.log('over ipc')")
        except RuntimeError as error:
            cells = str(error)
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        return {"bound": bound, "cells": cells}


manager = KernelManager(kernel_name=kernel)
manager.start_kernel(cwd=folder, **quiet)
client = manager.client()
client.start_channels()
try:
    client.wait_for_ready(timeout=120)
    result = dict(scenarios(manager, client))
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
result["ipc"] = over_ipc()
json.dump(result, sys.stdout)
