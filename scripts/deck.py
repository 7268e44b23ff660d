"""Cells as slides of 1280 × 720: where one ends and the next begins."""

import re

# Pixels of a slide that cells may fill, by an estimate; what is a little more is drawn smaller by the deck itself.
room = 640
line_of_text = 100  # letters


def is_note(cell):
    """Whether a cell is for the teacher: in a deck a speaker's note, in a page nothing."""
    return cell.metadata.get("slideshow", {}).get("slide_type") == "notes"


def lines_of(text, width):
    return sum(-(-max(1, len(line)) // width) for line in text.split("\n"))


def height_of_source(cell):
    if cell.cell_type == "code":
        return 40 + 22 * lines_of(cell.source, 130)
    paragraphs = [p for p in cell.source.split("\n\n") if p.strip()]
    headings = len(re.findall(r"^#", cell.source, re.M))
    return 16 * len(paragraphs) + 35 * (sum(lines_of(p, line_of_text) for p in paragraphs) + headings)


def height_of_output(output):
    data = output.get("data", {})
    if "image/svg+xml" in data:
        return 560
    if 'role="group"' in data.get("text/html", ""):
        return 700
    if "<table" in data.get("text/html", ""):
        return 30 + 36 * data["text/html"].count("<tr")
    if "text/html" in data:
        return 30 + 35 * lines_of(data.get("text/plain", ""), line_of_text)
    return 20 + 22 * lines_of(output.get("text", data.get("text/plain", "")), 130)


def height_of_outputs(cell):
    return sum(height_of_output(output) for output in cell.get("outputs", []))


def gives_way(cell):
    """Whether a cell's code makes room for what it gives, once that is shown."""
    return cell.cell_type == "code" and height_of_source(cell) + height_of_outputs(cell) > room


def height_of(cell):
    if is_note(cell):
        return 0
    both = height_of_source(cell) + height_of_outputs(cell)
    return max(height_of_source(cell), height_of_outputs(cell)) if gives_way(cell) else both


def deal(cells):
    """Cells as columns of slides: a `slide` opens a column; a `subslide`, and what has no room left, opens a slide.

    A note goes to the slide that it follows.
    """
    columns, used, last = [], 0, None
    for cell in cells:
        kind = cell.metadata.get("slideshow", {}).get("slide_type", "-")
        if kind == "skip" or (is_note(cell) and last is None):
            continue
        height = height_of(cell)
        full = last is not None and (last.cell_type == "code" or used + height > room)
        if last is None or kind == "slide":
            columns.append([[]])
            used = 0
        elif not is_note(cell) and (kind == "subslide" or full):
            columns[-1].append([])
            used = 0
        columns[-1][-1].append(cell)
        used += height
        last = last if is_note(cell) else cell
    return columns
