"""Runs the notebooks in the TypeScript kernel.

`site`: export them to site/; `store`: write outputs into the notebooks; `json`: print outputs; `slides`: decks of the
stored outputs, to slides/.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

import live
from glossary import write_glossary
from recording import keep_records, write_whole

root = Path(__file__).resolve().parent.parent


def read(path):
    return nbformat.read(path, as_version=4)


def execute(path, kernel="tslab", skip_measured=False, timeout=180):
    """The notebook with fresh outputs, and what went wrong, or None.

    Its folder is the kernel's working folder, as in JupyterLab.
    """
    notebook = read(path)
    if skip_measured:
        notebook.cells = [cell for cell in notebook.cells if "measured" not in cell.metadata.get("tags", [])]
    began = time.time()
    client = NotebookClient(
        notebook,
        kernel_name=kernel,
        timeout=timeout,
        startup_timeout=120,
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        # Node makes a pipe that it inherits non-blocking, for us as well: a kernel gets none of ours, or long output
        # would be cut.
        client.execute(stdout=subprocess.DEVNULL)
        problem = None
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        problem = failure(notebook, error)
    clean(notebook)
    return notebook, problem, time.time() - began


def failure(notebook, error):
    """Which cell failed, and how, in two lines."""
    for number, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", []):
            if output["output_type"] == "error":
                trace = "".join(f"\n    {line.strip()}" for line in output["traceback"][1:4])
                return f"cell {number} ({first_line(cell)}): {output['ename']}: {output['evalue']}{trace}"
    ran = [n for n, cell in enumerate(notebook.cells, 1) if cell.cell_type == "code" and cell.get("execution_count")]
    number = ran[-1] if ran else 1
    detail = getattr(error, "evalue", "") or str(error).strip().splitlines()[-1]
    return f"cell {number} ({first_line(notebook.cells[number - 1])}): {detail}"


def first_line(cell):
    return next((line.strip() for line in cell.source.splitlines() if line.strip()), "")[:80]


def clean(notebook):
    """Takes out what differs between two runs of the same code: timestamps, the kernel's version, split streams."""
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type != "code":
            continue
        joined = []
        for output in cell.outputs:
            last = joined[-1] if joined else None
            streams = last and last["output_type"] == output["output_type"] == "stream"
            if streams and last["name"] == output["name"]:
                last["text"] += output["text"]
            else:
                joined.append(output)
        cell.outputs = joined
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"name": "tslab", "display_name": "TypeScript", "language": "typescript"},
            "language_info": {
                "name": "typescript",
                "file_extension": ".ts",
                "mimetype": "text/typescript",
                "codemirror_mode": {"mode": "typescript", "name": "javascript", "typescript": True},
            },
        }
    )


def keep_measured(notebook, stored):
    """Puts the stored outputs of `measured` cells back where the cell has not changed.

    So they are one recorded run, not a new one each time.
    """
    before = {cell.id: cell for cell in stored.cells if cell.cell_type == "code" and cell.outputs}
    for cell in notebook.cells:
        old = before.get(cell.id)
        if "measured" in cell.metadata.get("tags", []) and old and old.source == cell.source:
            cell.outputs = old.outputs


def recorded_runs(notebook):
    """How many measurements of an executed notebook were refused, so that it shows a recorded run."""
    texts = [
        output.get("data", {}).get("text/plain", "")
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    ]
    return sum(": recorded run. " in text for text in texts)


def measures(path):
    """Whether the notebook measures this machine, rather than showing recorded runs only."""
    cells = read(path).cells
    return os.environ.get("RIDGEPOINT_MEASURE") != "off" and any(
        "measured" in cell.metadata.get("tags", []) for cell in cells
    )


def run_all(paths, kernel, jobs, skip_measured=False):
    """Runs the notebooks and yields each as it is done.

    They share `jobs` kernels, but those that measure run one at a time, or they would measure each other.
    """
    alone = [] if skip_measured else [path for path in paths if measures(path)]
    with ThreadPoolExecutor(jobs) as pool:
        together = {path: pool.submit(execute, path, kernel, skip_measured) for path in paths if path not in alone}
    for path in paths:
        notebook, problem, seconds = execute(path, kernel) if path in alone else together[path].result()
        yield path, notebook, problem, seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=["site", "store", "json", "slides"])
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all in notebooks/")
    parser.add_argument("--kernel", default="tslab")
    parser.add_argument("--measured", action="store_true", help="with store: record the measured cells anew, too")
    parser.add_argument("--skip-measured", action="store_true", help="leave out the cells that depend on the machine")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--output", type=Path, help="default: site/ or slides/")
    parser.add_argument("--json", type=Path, help="also write the notebooks as they ran to this file")
    options = parser.parse_intermixed_args()
    paths = [p.resolve() for p in options.notebooks] or sorted((root / "notebooks").glob("*.ipynb"))
    if not paths:
        sys.exit("lectures: notebooks/ must hold at least one .ipynb, got none")
    if options.action == "slides":
        from export import export_slides

        return export_slides([(path, read(path)) for path in paths], options.output or root / "slides")
    recording = options.measured and options.action == "store"
    if recording:
        os.environ["RIDGEPOINT_RECORD"] = tempfile.mkdtemp(prefix="ridgepoint-records-")
    narrow = {}
    if options.action == "site":
        os.environ["RIDGEPOINT_NARROW"] = live.narrow_order()
    failed, results = [], []
    for path, notebook, problem, seconds in run_all(paths, options.kernel, options.jobs, options.skip_measured):
        narrow.update(live.take_narrow(notebook))
        shown = recorded_runs(notebook)
        note = f"  ({shown} recorded run{'s' if shown > 1 else ''} shown: the page says why)" if shown else ""
        print(
            f"{'failed' if problem else 'ran   '}  {path.name:<28} {seconds:5.1f} s{note}",
            file=sys.stderr if options.action == "json" else sys.stdout,
            flush=True,
        )
        if problem:
            failed.append(f"{path.name}, {problem}")
        else:
            results.append((path, notebook))
    if options.json:
        write_whole(options.json, json.dumps({path.name: notebook for path, notebook in results}))
    # What ran is worth having, whatever became of the others.
    if options.action == "json":
        json.dump({path.name: notebook for path, notebook in results}, sys.stdout)
    elif options.action == "store":
        for path, notebook in results:
            if not options.measured:
                keep_measured(notebook, read(path))
            write_whole(path, nbformat.writes(notebook) + "\n")
        write_glossary([(path, read(path)) for path in sorted((root / "notebooks").glob("*.ipynb"))], root)
        if recording:
            failed += keep_records(os.environ["RIDGEPOINT_RECORD"])
            shutil.rmtree(os.environ["RIDGEPOINT_RECORD"], ignore_errors=True)
    elif results:
        from export import export_site

        export_site(results, options.output or root / "site", narrow)
    if failed:
        done = "stored" if options.action == "store" else "exported"
        left = "" if options.action == "json" else f"\n{len(results)} of {len(paths)} lectures are {done}."
        sys.exit("\n" + "\n".join(failed) + left)


if __name__ == "__main__":
    main()
