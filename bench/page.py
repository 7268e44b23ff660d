"""What bench/page.bench.mjs needs of Python.

Usage: page.py sites WHOLE SHORT NAME … (the pages of notebooks as they are stored, and of their cells that do not
measure); page.py cells NAME (seconds of those cells under the kernel, once it is ready).
"""

import subprocess
import sys
import time
from pathlib import Path

import nbformat
from jupyter_client.manager import KernelManager

root = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(root / "scripts"))


def place(name):
    return root / "notebooks" / f"{name}.ipynb"


def stored(path, short):
    notebook = nbformat.read(path, as_version=4)
    if short:
        notebook.cells = [cell for cell in notebook.cells if "measured" not in cell.metadata.get("tags", [])]
    return notebook


def sites(whole, short, *names):
    from export import export_site

    for folder, cut in ((whole, False), (short, True)):
        export_site([(place(name), stored(place(name), cut)) for name in names], Path(folder))


def run(client, source):
    sent = client.execute(source)
    while True:
        message = client.get_iopub_msg(timeout=120)
        kind, content = message["header"]["msg_type"], message["content"]
        if message["parent_header"].get("msg_id") != sent:
            continue
        if kind == "error":
            sys.exit(f"page.py: every cell must run under the kernel, got {content['ename']}: {content['evalue']}")
        if kind == "status" and content["execution_state"] == "idle":
            return


def cells(name):
    sources = [cell.source for cell in stored(place(name), True).cells if cell.cell_type == "code"]
    manager = KernelManager(kernel_name="tslab")
    # Node makes a pipe that it inherits non-blocking, for this program as well.
    manager.start_kernel(cwd=root / "notebooks", stdout=subprocess.DEVNULL)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=120)
        began = time.perf_counter()
        for source in sources:
            run(client, source)
        print(time.perf_counter() - began)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


{"sites": sites, "cells": cells}[sys.argv[1]](*sys.argv[2:])
