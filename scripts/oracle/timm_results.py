"""Packs timm's tables of measured inference into lib/comparing/timm (all but rows.ts): one text a column.

python scripts/oracle/timm_results.py <git directory of huggingface/pytorch-image-models> [<commit>]
"""

import csv
import io
import math
import subprocess
import sys
from pathlib import Path

here = Path(__file__).resolve().parents[2]
target = here / "lib" / "comparing" / "timm"
digits = "0123456789abcdefghijklmnopqrstuvwxyz"

# Of each run that is kept: its name in the library, and its file in results/ without "benchmark-infer-".
first = "RTX 4090"
files = {
    "RTX 4090": "amp-nhwc-pt240-cu124-rtx4090",
    "RTX 4090, NCHW": "amp-nchw-pt240-cu124-rtx4090",
    "RTX 4090, compiled": "amp-nchw-pt240-cu124-rtx4090-dynamo",
    "RTX 3090": "amp-nhwc-pt240-cu124-rtx3090",
    "RTX 3090, NCHW": "amp-nchw-pt240-cu124-rtx3090",
    "RTX 5090, NCHW": "amp-nchw-pt291-cu130-5090",
    "Core i9, batch 1": "fp32-nchw-pt240-cpu-i9_10940x-dynamo",
}
# Other runs are kept as their ratio to the first, in steps of 1/250 of a natural logarithm: to 0.2 %.
steps = 250
columns_a_line = 120


def main(repository, commit="HEAD"):
    git = ["git", f"--git-dir={repository}"]
    made = subprocess.run([*git, "log", "-1", "--format=%H %as", commit], capture_output=True, text=True, check=True)
    commit, date = made.stdout.split()
    runs = {name: rows_of(git, commit, file) for name, file in files.items()}
    keys = sorted(runs[first], key=lambda key: (key[0], int(key[1])))
    rows = [runs[first][key] for key in keys]
    columns = {
        "names": front_coded([name for name, _ in keys]),
        "sizes": [size for _, size in keys],
        "params": [hundredths(row["param_count"]) for row in rows],
        "macs": [hundredths(row["infer_gmacs"]) for row in rows],
        "activations": [hundredths(row["infer_macts"]) for row in rows],
        "rates": [plain(row["infer_samples_per_sec"]) for row in rows],
    }
    ratios = {name: [ratio(runs[name].get(key), runs[first][key]) for key in keys] for name in files if name != first}
    source = [constant(name, text) for name, text in (("commit", commit), ("date", date), ("first", first))]
    source.append(f"export const steps = {steps};")
    column = {name: constant(name, ",".join(values)) for name, values in columns.items()}
    write("names.ts", [*source, column["names"], column["sizes"]])
    write("counts.ts", [column[name] for name in ("params", "macs", "activations", "rates")])
    others = [f"  {quoted(name)}:\n{wrapped(','.join(values), 4)}," for name, values in ratios.items()]
    write("ratios.ts", ["export const ratios = {", *others[:4], "};"])
    write("otherRatios.ts", ["export const otherRatios = {", *others[4:], "};"])


def rows_of(git, commit, file):
    path = f"{commit}:results/benchmark-infer-{file}.csv"
    text = subprocess.run([*git, "show", path], capture_output=True, text=True, check=True).stdout
    return {(row["model"], row["infer_img_size"]): row for row in csv.DictReader(io.StringIO(text))}


def base36(number):
    sign, number = ("-", -number) if number < 0 else ("", number)
    text = ""
    while number or not text:
        number, digit = divmod(number, 36)
        text = digits[digit] + text
    return sign + text


def front_coded(names):
    """Each name as the number of letters that it shares with the one before, and the rest."""
    coded, before = [], ""
    for name in names:
        shared = 0
        while shared < min(len(name), len(before), 35) and name[shared] == before[shared]:
            shared += 1
        coded.append(digits[shared] + name[shared:])
        before = name
    return coded


def hundredths(figure):
    return base36(round(float(figure) * 100))


def plain(rate):
    """Four digits, without an exponent."""
    value = float(f"{float(rate):.4g}")
    return str(int(value)) if value >= 1000 else f"{value:g}"


def ratio(row, base):
    if row is None:
        return ""
    return base36(round(math.log(float(row["infer_samples_per_sec"]) / float(base["infer_samples_per_sec"])) * steps))


def write(file, statements):
    preface = [
        "// timm's tables of measured inference, packed by scripts/oracle/timm_results.py; rows.ts unpacks them.",
        "// Copyright Ross Wightman, Apache-2.0: https://github.com/huggingface/pytorch-image-models, results/.",
    ]
    (target / file).write_text("\n".join([*preface, *statements, ""]), "utf8")


def constant(name, text):
    short = f"export const {name} = {quoted(text)};"
    return short if len(short) <= columns_a_line else f"export const {name} =\n{wrapped(text, 2)};"


def wrapped(text, indent):
    """The text as a sum of texts, each on a line."""
    width = columns_a_line - indent - len('"" +')
    parts = [text[i : i + width] for i in range(0, len(text), width)]
    return " +\n".join(" " * indent + quoted(part) for part in parts)


def quoted(text):
    return f'"{text}"'


main(*sys.argv[1:])
