"""What a notebook says of itself: its title, its summary, what a reader will be able to do, how long it takes."""

import re

# What a reader is taken to need: words of prose a minute, and minutes for a cell of code and for an exercise.
words_a_minute = 180
minutes_a_cell = 0.5
minutes_an_exercise = 3


def title_of(notebook):
    for cell in notebook.cells:
        title = re.search(r"^# (.+)$", cell.source, re.M)
        if cell.cell_type == "markdown" and title:
            return title.group(1).strip()
    return "Untitled"


def paragraphs_of(notebook):
    return [p.strip() for cell in notebook.cells[:1] for p in cell.source.split("\n\n")]


def summary_of(notebook):
    """The first paragraph below the title."""
    return next((p for p in paragraphs_of(notebook) if p and not p.startswith(("#", "-", "*"))), "")


def aims_of(notebook):
    """The list of what a reader will be able to do."""
    return next((p for p in paragraphs_of(notebook) if p.startswith("- ")), "")


def exercises_of(notebook):
    """How many answers the notebook asks for."""
    return sum(
        len(re.findall(r"\bcheck\(\s*\"", cell.source)) for cell in notebook.cells if cell.cell_type == "code"
    )


def minutes_of(notebook):
    """How long the lecture takes, to five minutes."""
    words = sum(len(cell.source.split()) for cell in notebook.cells if cell.cell_type == "markdown")
    cells = sum(cell.cell_type == "code" for cell in notebook.cells)
    exercises = exercises_of(notebook)
    minutes = words / words_a_minute + (cells - exercises) * minutes_a_cell + exercises * minutes_an_exercise
    return max(5, 5 * round(minutes / 5))


def explorable_of(notebook, code):
    """The markup of the first thing to move that a cell with `code` in it shows, or None."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            markup = output.get("data", {}).get("text/html", "")
            if 'role="group"' in markup and code in cell.source:
                return markup
    return None
