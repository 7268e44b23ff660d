"""Times two kernels in turn: started to ready, and to the first chart.

Usage: kernel.py FOLDER ROUNDS CELL KERNEL …; prints seconds by kernel as JSON.
"""

import json
import random
import subprocess
import sys
import time

from jupyter_client.manager import KernelManager

folder, rounds, cell, *kernels = sys.argv[1:]


def once(kernel):
    manager = KernelManager(kernel_name=kernel)
    began = time.perf_counter()
    # Node makes a pipe that it inherits non-blocking, for this program as well.
    manager.start_kernel(cwd=folder, stdout=subprocess.DEVNULL)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=120)
        ready = time.perf_counter()
        sent = client.execute(cell)
        while True:
            message = client.get_iopub_msg(timeout=120)
            kind, content = message["header"]["msg_type"], message["content"]
            if message["parent_header"].get("msg_id") != sent:
                continue
            if kind == "display_data" and "image/svg+xml" in content["data"]:
                return {"ready": ready - began, "chart": time.perf_counter() - ready}
            if kind in ("error", "stream") or (kind == "status" and content["execution_state"] == "idle"):
                sys.exit(f"kernel.py: the cell must show a chart under {kernel}, got {kind}: {content}")
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


seconds = {kernel: [] for kernel in kernels}
for _ in range(int(rounds)):
    for kernel in random.sample(kernels, len(kernels)):
        seconds[kernel].append(once(kernel))
json.dump(seconds, sys.stdout)
