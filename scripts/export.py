"""Executed notebooks to pages and slides that need nothing else: nbconvert with the templates in template/."""

import os
import re
import shutil
import time
from contextlib import contextmanager
from pathlib import Path

import nbformat
from latex2mathml.converter import convert as to_mathml
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import TypeScriptLexer
from traitlets.config import Config

import live

here = Path(__file__).resolve().parent
templates = here / "template"
reveal = here.parent / "node_modules" / "reveal.js" / "dist"


class LectureRenderer(IPythonRenderer):
    """Markdown whose formulas become MathML, and whose links to notebooks become links to pages."""

    def block_math(self, body):
        return f'<div class="math">{to_mathml(body.strip(), display="block")}</div>\n'

    def multiline_math(self, text):
        return self.block_math(text)

    def inline_math(self, body):
        return to_mathml(body.strip())

    def link(self, text, url, title=None):
        return super().link(text, re.sub(r"^(?:\./)?([\w-]+)\.ipynb", r"\1.html", url), title)


def markdown(source):
    page = MarkdownWithMath(renderer=LectureRenderer(escape=False, anchor_link_text="")).render(source)
    # Tables scroll in a box of their own; they come from a plug-in of the parser, which no method of the renderer can
    # wrap.
    # A column without a name has no header that could be read aloud.
    page = page.replace("<th></th>", "<td></td>")
    return page.replace("<table>", '<div class="wide"><table>').replace("</table>", "</table></div>")


def unlabelled(markup):
    """Pictures whose marks have no names: each picture is one image with a title, a mark no more than a part of it.

    In an explorable they stand in a script too, with their quotes and brackets escaped.
    """
    return re.sub(r'((?:<|\\u003c)(?:g|rect|path|line|text)\b[^<>]*?) aria-label=(\\?")[^"\\]*\2', r"\1", markup)


def inline_svg(svg, place):
    """The picture as part of the page, its ids told apart from those of the same picture elsewhere on it."""
    svg = unlabelled(re.sub(r"^\s*<\?xml[^>]*\?>\s*", "", svg))
    for name in sorted(set(re.findall(r' id="([^"]+)"', svg)), key=len, reverse=True):
        svg = (
            svg.replace(f' id="{name}"', f' id="{name}-{place}"')
            .replace(f"url(#{name})", f"url(#{name}-{place})")
            .replace(f'href="#{name}"', f'href="#{name}-{place}"')
        )
    return svg


def styles():
    light, dark = (HtmlFormatter(style=style).get_style_defs(".highlight") for style in ("default", "github-dark"))
    # Comments and template holes, which the style draws a little too faint for our grey box.
    light = light.replace("#3D7B7B", "#356B6B").replace("#A45A77", "#94506B")
    names = ("lecture.css", "live.css", "explorer.css", "media.css")
    own = "\n".join((templates / "lecture" / name).read_text("utf8") for name in names)
    return f"{own}\n{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n"


def title_of(notebook):
    for cell in notebook.cells:
        title = re.search(r"^# (.+)$", cell.source, re.M)
        if cell.cell_type == "markdown" and title:
            return title.group(1).strip()
    return "Untitled"


def summary_of(notebook):
    """The first paragraph below the title."""
    paragraphs = [p.strip() for cell in notebook.cells[:1] for p in cell.source.split("\n\n")]
    return next((p for p in paragraphs if p and not p.startswith(("#", "-", "*"))), "")


def exporter(template="lecture"):
    config = Config()
    config.HTMLExporter.preprocessors = []
    made = HTMLExporter(template_name=template, extra_template_basedirs=[str(templates)], config=config)
    counter = iter(range(1, 10**6))
    made.register_filter("lecture_markdown", markdown)
    made.register_filter("lecture_code", lambda source: highlight(source, TypeScriptLexer(), HtmlFormatter()))
    made.register_filter("lecture_html", unlabelled)
    made.register_filter("lecture_svg", lambda svg: inline_svg(svg, next(counter)))
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


def export_site(results, folder):
    """Writes one page for each (path, executed notebook) and an index.html into `folder`, which is replaced."""
    with replaced(folder) as new:
        write_site(results, new)


def write_site(results, folder):
    lectures = [
        {"file": f"{path.stem}.html", "title": title_of(notebook), "summary": markdown(summary_of(notebook))}
        for path, notebook in results
    ]
    css = styles()
    for i, (path, notebook) in enumerate(results):
        around = {
            "title": lectures[i]["title"],
            "css": css,
            "policy": live.policy,
            "live": live.scripts(path.stem, notebook),
            "previous": lectures[i - 1] if i else None,
            "next": lectures[i + 1] if i + 1 < len(lectures) else None,
        }
        page, _ = exporter().from_notebook_node(nbformat.from_dict(notebook), resources={"lecture": around})
        (folder / lectures[i]["file"]).write_text(live.with_policy(page), "utf8")
    index = nbformat.v4.new_notebook()
    page, _ = exporter().from_notebook_node(
        index,
        resources={
            "lecture": {
                "title": "Ridgepoint",
                "css": css,
                "policy": live.policy,
                "lectures": lectures,
                "previous": None,
                "next": None,
            }
        },
    )
    (folder / "index.html").write_text(live.with_policy(page), "utf8")
    write_explorer(folder, css)


def write_explorer(folder, css):
    own = (templates / "explore" / "explore.css").read_text("utf8")
    around = {"css": f"{css}\n{own}", "policy": live.policy, "live": live.explorer()}
    page, _ = exporter("explore").from_notebook_node(nbformat.v4.new_notebook(), resources={"lecture": around})
    (folder / "explore.html").write_text(live.with_policy(page), "utf8")


def deal(cells):
    """Cells as columns of slides: a `slide` opens a column; a `subslide` and what follows a code cell open a slide."""
    columns = []
    for cell in cells:
        kind = cell.metadata.get("slideshow", {}).get("slide_type", "-")
        if kind == "skip":
            continue
        if not columns or kind == "slide":
            columns.append([[]])
        elif kind == "subslide" or columns[-1][-1][-1].cell_type == "code":
            columns[-1].append([])
        columns[-1][-1].append(cell)
    return columns


def export_slides(results, folder):
    """Writes one deck for each (path, notebook with outputs) into `folder`, which is replaced."""
    with replaced(folder) as new:
        write_slides(results, new)


def write_slides(results, folder):
    own = (templates / "deck" / "deck.css").read_text("utf8")
    css = f"{(reveal / 'reveal.css').read_text('utf8')}\n{styles()}\n{own}"
    script = (reveal / "reveal.js").read_text("utf8").replace("</script", "<\\/script")
    for path, notebook in results:
        for column in deal(notebook.cells):
            for number, slide in enumerate(column, 1):
                for cell in slide:
                    cell.metadata["deck"] = {"before": "", "after": ""}
                slide[0].metadata["deck"]["before"] = "<section><section>" if number == 1 else "<section>"
                slide[-1].metadata["deck"]["after"] = "</section></section>" if number == len(column) else "</section>"
        notebook.cells = [cell for cell in notebook.cells if "deck" in cell.metadata]
        page, _ = exporter("deck").from_notebook_node(
            notebook, resources={"lecture": {"title": title_of(notebook), "css": css, "script": script, "tag": "div"}}
        )
        (folder / f"{path.stem}.html").write_text(page, "utf8")
