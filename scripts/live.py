"""What makes an exported lecture run its own cells: the programs of page/dist, and the policy that lets them run."""

import base64
import hashlib
import json
import os
import re
import subprocess
from pathlib import Path

here = Path(__file__).resolve().parent
dist = here.parent / "page" / "dist"
records = here.parent / "lib" / "lesson" / "records"

# What stands in the page for its policy until all its scripts are known.
policy = "page-policy"


def scripts(name, notebook):
    """The scripts of one lecture: its data and the packed programs as text, and the few lines that run at once."""
    own = f"worker-{name}.txt"
    worker = own if (dist / own).exists() else "worker.txt"
    built("boot.js", "lecture.txt", worker, "measuring.txt")
    source = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    data = {"name": name, "records": recorded(source)}
    # Only where a cell measures: it is a program more, and a policy that allows WebAssembly.
    measuring = [inert("live-measuring", "text/plain", (dist / "measuring.txt").read_text("utf8"))]
    return "\n".join(
        [
            inert("live-lecture", "application/json", json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")),
            inert("live-page", "text/plain", (dist / "lecture.txt").read_text("utf8")),
            inert("live-worker", "text/plain", (dist / worker).read_text("utf8")),
            *(measuring if data["records"] else []),
            f"<script>{(dist / 'boot.js').read_text('utf8')}</script>",
        ]
    )


def explorer():
    """The scripts of explore.html."""
    built("explore.js", "explore.txt", "machine.txt")
    worker = inert("live-worker", "text/plain", (dist / "explore.txt").read_text("utf8"))
    machine = inert("live-machine", "text/plain", (dist / "machine.txt").read_text("utf8"))
    return f"{worker}\n{machine}\n<script>{(dist / 'explore.js').read_text('utf8')}</script>"


def built(*files):
    missing = [file for file in files if not (dist / file).exists()]
    if missing:
        raise SystemExit(f"lectures: page/dist must hold {', '.join(missing)}, got none; run npm run build")


def chart_styles():
    """The colours of charts on a light, a dark and a reader's own page; made of the library's by page/build.mjs."""
    built("charts.css")
    return (dist / "charts.css").read_text("utf8")


def words(svg):
    """What tells a chart from others: its title, and the sentence with its main numbers.

    The numbers to three digits: a record keeps five, so that those of a recorded run may print otherwise.
    """
    found = re.findall(r"<(?:title|desc)>(.*?)</", svg, re.S)[:2]
    return tuple(re.sub(r"\d+\.\d+", lambda number: f"{float(number.group()):.3g}", text) for text in found)


def narrow_charts(notebook):
    """The charts that a lecture's cells show, as a phone gets them, by the words of each.

    Drawn by the library (page/narrow.ts): the cells run as in the page, and a chart that comes out with other numbers
    than the notebook has finds no match here.
    """
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    order = {"sources": sources, "records": recorded("\n".join(sources))}
    return {words(svg): svg for svg in json.loads(narrow_program([], json.dumps(order)))}


def narrow_order():
    """What RIDGEPOINT_NARROW must be for charts to come as a phone gets them, too."""
    return narrow_program(["--form"])


def take_narrow(notebook):
    """Takes the charts that a phone gets out of a notebook that ran with RIDGEPOINT_NARROW, by the words of each."""
    form = os.environ.get("RIDGEPOINT_NARROW", "").partition(" ")[2]
    datas = [output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", [])]
    return {words(data[form]): data.pop(form) for data in datas if form in data}


def narrow_program(options, text=""):
    built("narrow.mjs")
    command = [os.environ.get("npm_node_execpath", "node"), dist / "narrow.mjs", *options]
    done = subprocess.run(command, input=text, capture_output=True, text=True, encoding="utf8")
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["no reason"])[-1]
        raise SystemExit(f"lectures: page/dist/narrow.mjs must draw charts for a phone, got {reason}")
    return done.stdout


def inert(name, kind, text):
    return f'<script type="{kind}" id="{name}">{text}</script>'


def recorded(source):
    """The recorded machines, with the runs that a lecture's cells name."""
    titles = set(re.findall(r'\bmeasured\(\s*"([^"]+)"', source))
    found = []
    for path in sorted(records.glob("*.json")):
        record = json.loads(path.read_text("utf8"))
        record["runs"] = {title: run for title, run in record["runs"].items() if title in titles}
        if record["runs"]:
            found.append(record)
    return found


def with_policy(page):
    """The page with a Content-Security-Policy of what it ships, and of nothing from anywhere else.

    Scripts by their hashes, so that nothing which came into the page as text can run; modules and workers made from
    blobs, which is how the reader's own code runs (no evaluation of text); style attributes, which charts and tables
    have. A page that measures runs kernels in WebAssembly, which 'wasm-unsafe-eval' allows: modules that it ships, and
    that a reader's own code could make; they compute, and reach nothing that the page does not hand them.
    """
    sources = re.findall(r"<script>(.*?)</script>", page, re.S)
    hashes = sorted({base64.b64encode(hashlib.sha256(text.encode("utf8")).digest()).decode() for text in sources})
    measures = any(f'id="{program}"' in page for program in ("live-measuring", "live-machine"))
    live = ["blob:"] if measures or 'id="live-page"' in page else []
    allowed = " ".join([f"'sha256-{each}'" for each in hashes] + live + ["'wasm-unsafe-eval'"] * measures) or "'none'"
    parts = ["default-src 'none'", "style-src 'unsafe-inline'", "img-src data:", f"script-src {allowed}"]
    parts += ["worker-src blob:"] if 'id="live-worker"' in page else []
    parts += ["base-uri 'none'", "form-action 'none'"]
    return page.replace(policy, "; ".join(parts), 1)
