"""What measured cells recorded, kept as one file for this machine; and files written whole."""

import datetime
import json
import os
import re
from pathlib import Path

root = Path(__file__).resolve().parent.parent
records = root / "lib" / "lesson" / "records"


def keep_records(folder):
    """Collects what the cells wrote into `folder` (lib/lesson/records.ts) into one file for this machine.

    A record is of one day: it is left as it is, and a sentence comes back, where only some runs of another day's record
    were repeated.
    """
    runs = [json.loads(path.read_text("utf8")) for path in sorted(Path(folder).glob("*.json"))]
    if not runs:
        return []
    machine = runs[0]["machine"]
    path = records / (re.sub(r"[^a-z0-9.]+", "-", machine.lower()) + ".json")
    today = datetime.date.today().isoformat()
    before = json.loads(path.read_text("utf8")) if path.exists() else {"date": today, "runs": {}}
    kept = before["runs"]
    left = set(kept) - {run["title"] for run in runs}
    if left and before["date"] != today:
        names = ", ".join(sorted(left))
        return [f"{path.name}, not written: its runs are of {before['date']}; run all lectures, to repeat {names}, too"]
    kept.update({run["title"]: run["result"] for run in runs})
    # A run a line, so that a difference shows which one changed.
    lines = ",\n".join(
        f"{json.dumps(title, ensure_ascii=False)}: {json.dumps(kept[title], ensure_ascii=False, separators=(',', ':'))}"
        for title in sorted(kept)
    )
    head = json.dumps({"machine": machine, "date": today}, ensure_ascii=False)[:-1]
    records.mkdir(exist_ok=True)
    write_whole(path, f'{head}, "runs": {{\n{lines}\n}}}}\n')
    print(f"recorded {len(runs)} runs in {path.relative_to(root)}; the next build takes them along")
    return []


def write_whole(path, text):
    """The whole text, or what was there before: whoever is interrupted leaves no half of it."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_text(text, "utf8")
    part.replace(path)
