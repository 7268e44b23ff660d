"""Executed notebooks to pages and slides that need nothing else: nbconvert with the templates in template/."""

import os
import shutil
import time
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter
from traitlets.config import Config

import live
from about import aims_of, exercises_of, explorable_of, minutes_of, summary_of, title_of
from deck import deal, gives_way, is_note
from glossary import entry, glossary
from markup import Pictures, code, code_styles, contents, fold, markdown

here = Path(__file__).resolve().parent
templates = here / "template"
reveal = here.parent / "node_modules" / "reveal.js" / "dist"


# What stands in a page for its list of contents until all its headings are known.
listed = "page-contents"


def styles(more=()):
    names = ("lecture.css", "around.css", "live.css", "explorer.css", "media.css", *more)
    own = "\n".join((templates / "lecture" / name).read_text("utf8") for name in names)
    return f"{own}\n{live.chart_styles()}\n{code_styles()}"


def exporter(template="lecture", narrow=None):
    config = Config()
    config.HTMLExporter.preprocessors = []
    made = HTMLExporter(template_name=template, extra_template_basedirs=[str(templates)], config=config)
    pictures = Pictures(narrow)
    made.register_filter("lecture_markdown", markdown)
    made.register_filter("lecture_code", code)
    made.register_filter("lecture_fold", fold)
    made.register_filter("lecture_svg", pictures.figure)
    made.register_filter("lecture_html", pictures.html)
    return made


def put_in_place(part, folder, tries=20):
    """Moves `part` to where `folder` is. Another run may do the same at the same moment: the later one wins."""
    for left in reversed(range(tries)):
        old = folder.with_name(f"{part.name}.old")
        try:
            folder.rename(old)
        except FileNotFoundError:
            pass
        shutil.rmtree(old, ignore_errors=True)
        try:
            part.rename(folder)
            return
        except OSError:
            if left == 0:
                raise
            time.sleep(0.05)


def sweep(folder):
    """Takes away what runs that were killed have left beside `folder`: its name, their process and `.part`."""
    for path in folder.parent.glob(f"{folder.name}.*.part*"):
        pid = path.name.removeprefix(f"{folder.name}.").split(".")[0]
        if pid.isdigit() and not runs(int(pid)):
            shutil.rmtree(path, ignore_errors=True)


def runs(pid):
    if os.name == "nt" or pid == os.getpid():
        return pid != os.getpid()  # Windows has no harmless signal to ask with
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def replaced(folder):
    """A new folder to write into, which takes the place of `folder` once it is whole.

    Whoever is interrupted leaves the old one.
    """
    sweep(folder)
    part = folder.with_name(f"{folder.name}.{os.getpid()}.part")
    part.mkdir(parents=True)
    try:
        yield part
        put_in_place(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def export_site(results, folder, narrow=None):
    """Writes one page for each (path, executed notebook) and an index.html into `folder`, which is replaced.

    `narrow` has charts as a phone gets them, by their words; without it they are drawn anew, from the lectures' code.
    """
    with replaced(folder) as new:
        write_site(results, new, narrow)


def write_site(results, folder, narrow=None):
    lectures = [
        {
            "file": f"{path.stem}.html",
            "title": title_of(notebook),
            "summary": markdown(summary_of(notebook)),
            "aims": markdown(aims_of(notebook)),
            "minutes": minutes_of(notebook),
            "exercises": exercises_of(notebook),
        }
        for path, notebook in results
    ]
    css = styles(["print.css"])
    for i, (path, notebook) in enumerate(results):
        around = {
            "title": lectures[i]["title"],
            "css": css,
            "policy": live.policy,
            "contents": listed,
            "live": live.scripts(path.stem, notebook),
            "previous": lectures[i - 1] if i else None,
            "next": lectures[i + 1] if i + 1 < len(lectures) else None,
        }
        notebook = nbformat.from_dict(notebook)
        notebook.cells = [cell for cell in notebook.cells if not is_note(cell)]
        drawn = live.narrow_charts(notebook) if narrow is None else narrow
        write_page(folder / lectures[i]["file"], notebook, around, drawn)
    around = {"title": "Ridgepoint", "css": css, "policy": live.policy, "lectures": lectures}
    write_page(folder / "index.html", nbformat.v4.new_notebook(), {**around, "lead": lead(results, lectures)})
    write_glossary_page(folder, css, glossary(results))
    write_explorer(folder, css)


def write_glossary_page(folder, css, terms):
    """The terms of all lectures on one page, each with a link to where it is defined."""
    source = "\n".join(["# Glossary", "", *(f"- {entry(term, 'html')}" for term in terms)])
    page = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(source)])
    write_page(folder / "glossary.html", page, {"title": "Glossary", "css": css, "policy": live.policy})


def write_explorer(folder, css):
    own = (templates / "explore" / "explore.css").read_text("utf8")
    around = {"css": f"{css}\n{own}", "policy": live.policy, "live": live.explorer()}
    page, _ = exporter("explore").from_notebook_node(nbformat.v4.new_notebook(), resources={"lecture": around})
    (folder / "explore.html").write_text(live.with_policy(page), "utf8")


def write_page(path, notebook, around, narrow=None):
    page, _ = exporter(narrow=narrow).from_notebook_node(notebook, resources={"lecture": around})
    path.write_text(live.with_policy(page.replace(listed, contents(page), 1)), "utf8")


def lead(results, lectures):
    """What the first page begins with: a layer on a roofline to move, from the lecture that shows one."""
    for lecture, (_, notebook) in zip(lectures, results):
        markup = explorable_of(notebook, "layerExplorer(")
        if markup:
            return {"html": Pictures().html(markup), "file": lecture["file"], "title": lecture["title"]}
    return None


def export_slides(results, folder):
    """Writes one deck for each (path, notebook with outputs) into `folder`, which is replaced."""
    with replaced(folder) as new:
        write_slides(results, new)


def write_slides(results, folder):
    own = (templates / "deck" / "deck.css").read_text("utf8")
    css = f"{(reveal / 'reveal.css').read_text('utf8')}\n{styles()}\n{own}"
    script = "\n".join(
        (reveal / name).read_text("utf8").replace("</script", "<\\/script") for name in ("reveal.js", "plugin/notes.js")
    )
    for path, notebook in results:
        for column in deal(notebook.cells):
            for number, slide in enumerate(column, 1):
                for cell in slide:
                    place = {"before": "", "after": ""}
                    cell.metadata["deck"] = {**place, "instead": gives_way(cell), "note": is_note(cell)}
                opened, closed = "<section><div class='fit'>", "</div></section>"
                slide[0].metadata["deck"]["before"] = f"<section>{opened}" if number == 1 else opened
                slide[-1].metadata["deck"]["after"] = f"{closed}</section>" if number == len(column) else closed
        notebook.cells = [cell for cell in notebook.cells if "deck" in cell.metadata]
        page, _ = exporter("deck").from_notebook_node(
            notebook, resources={"lecture": {"title": title_of(notebook), "css": css, "script": script, "tag": "div"}}
        )
        (folder / f"{path.stem}.html").write_text(page, "utf8")
