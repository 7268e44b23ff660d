"""Runs scenarios in one kernel session and prints what came back, as JSON. Usage: driver.py KERNEL FOLDER SECONDS-TO-WAIT-FOR-IPC"""
import json
import os
import queue
import sys
import tempfile
import time

from jupyter_client.manager import KernelManager

kernel, folder, ipc_seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])


def drained(client, channel):
    while True:
        try:
            yield getattr(client, f"get_{channel}_msg")(timeout=0.02)
        except queue.Empty:
            return


def collect(client, ids, patience=8):
    """Outputs and replies of the requests `ids`, until each is idle and answered, or nothing comes for `patience` seconds."""
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
    return [seen[i] for i in ids]


def run(client, *cells, stop_on_error=True, patience=8):
    """Sends all cells at once, as "Run All" does; after a pause, so that an earlier failure of a plain kernel does not swallow them."""
    time.sleep(0.3)
    return collect(client, [client.execute(c, stop_on_error=stop_on_error) for c in cells], patience)


def one_by_one(client, *cells):
    """Sends each cell as soon as the one before is answered."""
    time.sleep(0.3)
    return [collect(client, [client.execute(c)])[0] for c in cells]


manager = KernelManager(kernel_name=kernel)
manager.start_kernel(cwd=folder)
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=60)
result = {
    "ready": run(client, "1 + 1"),
    "manyLines": run(client, "for (let i = 0; i < 3000; i++) console.log('line', i)", patience=3),
    "manyDisplays": run(client, "import * as t from 'tslab';", "for (let i = 0; i < 1200; i++) t.display.text('d' + i)", patience=3),
    "liveUpdates": run(client, "console.log('a'); console.error('b'); console.log('c')"),
    "runtimeError": run(client, "const before: number = 1;\n\nfunction fails(x: { y?: { z: number } }) {\n  return x.y!.z;\n}\nfails({});"),
    "typeError": run(client, "const n: number = 1;\nconst s: string = 2;"),
    "thrownText": run(client, "throw 'only text'"),
    "asyncError": run(client, "await Promise.resolve();\nthrow new RangeError('late')"),
    "nextAfterFailure": one_by_one(client, "throw new Error('first')", "console.log('second ran')"),
    "runAllStops": run(client, "throw new Error('first')", "console.log('second ran')"),
    "runAllGoesOn": run(client, "throw new Error('first')", "console.log('second ran')", stop_on_error=False),
    "shorthand": run(client, "const flops = 10; const twice = (x: { flops: number }) => 2 * x.flops;", "const o = { flops };\nlet other = 0; ({ other } = { other: 5 });\nconsole.log(twice({ flops }), o.flops, other)"),
    "ownStderr": run(client, "console.error('mine'); console.log('fine')"),
}
manager.shutdown_kernel(now=True)

ipc = KernelManager(kernel_name=kernel, transport="ipc", ip=os.path.join(tempfile.mkdtemp(), "kernel"))
ipc.start_kernel(cwd=folder)
client = ipc.client()
client.start_channels()
try:
    client.wait_for_ready(timeout=ipc_seconds)
    result["ipc"] = run(client, "console.log('over ipc')")
except RuntimeError as error:
    result["ipc"] = str(error)
ipc.shutdown_kernel(now=True)
json.dump(result, sys.stdout)
