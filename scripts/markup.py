"""A notebook's parts as markup of a page: markdown with formulas, notes and boxes; code; pictures; folded cells."""

import base64
import re
from html import escape, unescape
from urllib.parse import quote, unquote

from latex2mathml.converter import convert as to_mathml
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import TypeScriptLexer

import live

# Lines of code from which a cell that draws shows its picture first, and its code on demand.
longest_open = 8


class LectureRenderer(IPythonRenderer):
    """Markdown whose formulas become MathML, and whose links to notebooks become links to pages.

    A link with a title, `[Horowitz, ISSCC 2014](https://… "Computing's Energy Problem")`, which JupyterLab shows under
    the pointer, has the title as a note beside its paragraph.
    """

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.notes = []

    def block_math(self, body):
        return f'<div class="math">{to_mathml(body.strip(), display="block")}</div>\n'

    def multiline_math(self, text):
        return self.block_math(text)

    def inline_math(self, body):
        return to_mathml(body.strip())

    def link(self, text, url, title=None):
        if title:
            self.notes.append(f'<p><a href="{escape(url)}">{text}</a>: {escape(unescape(title))}</p>')
        return super().link(text, re.sub(r"^(?:\./)?([\w-]+)\.ipynb", r"\1.html", url))

    def paragraph(self, text):
        page = super().paragraph(text)
        if not self.notes:
            return page
        notes, self.notes = "".join(self.notes), []
        return f'<div class="noted">{page}<div role="note" class="notes" aria-label="Source">{notes}</div></div>\n'

    def block_quote(self, text):
        """A quotation that begins with a bold "Takeaway" is what a section comes to."""
        page = super().block_quote(text)
        if not re.match(r"\s*<p><strong>Takeaway\b", text):
            return page
        return page.replace("<blockquote>", '<div role="note" class="takeaway" aria-label="Takeaway">', 1).replace(
            "</blockquote>", "</div>"
        )


def markdown(source):
    page = MarkdownWithMath(renderer=LectureRenderer(escape=False, anchor_link_text="#")).render(source)
    page = page.replace('<a class="anchor-link"', '<a class="anchor-link" aria-label="Link to this heading"')
    # nbconvert encodes ids as it does addresses; an address is decoded before it is looked for.
    page = re.sub(r'(?<=<h[1-6] id=")[^"]+', lambda found: escape(unquote(found.group())), page)
    # Tables scroll in a box of their own; they come from a plug-in of the parser, which no method of the renderer can
    # wrap.
    # A column without a name has no header that could be read aloud.
    page = page.replace("<th></th>", "<td></td>")
    return page.replace("<table>", '<div class="wide"><table>').replace("</table>", "</table></div>")


def code(source):
    return highlight(source, TypeScriptLexer(), HtmlFormatter())


def code_styles():
    light, dark = (HtmlFormatter(style=style).get_style_defs(".highlight") for style in ("default", "github-dark"))
    # Comments, template holes and operators in words, which the style draws a little too faint for our grey box.
    light = light.replace("#3D7B7B", "#356B6B").replace("#A45A77", "#94506B").replace("#A2F", "#81C")
    return f"{light}\n@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}\n"


def unlabelled(markup):
    """Pictures whose marks have no names: each picture is one image with a title, a mark no more than a part of it.

    In an explorable they stand in a script too, with their brackets escaped.
    """
    return re.sub(r'((?:<|\\u003c)(?:g|rect|path|line|text)\b[^<>]*?) aria-label=', r"\1 data-mark=", markup)


class Pictures:
    """The pictures of one page, each part of it, their ids told apart from those of the same picture elsewhere."""

    def __init__(self, narrow=None):
        self.place = 0
        self.narrow = narrow or {}

    def inline(self, svg):
        self.place += 1
        svg = unlabelled(re.sub(r"^\s*<\?xml[^>]*\?>\s*", "", svg))
        for name in sorted(set(re.findall(r' id="([^"]+)"', svg)), key=len, reverse=True):
            svg = (
                svg.replace(f' id="{name}"', f' id="{name}-{self.place}"')
                .replace(f"url(#{name})", f"url(#{name}-{self.place})")
                .replace(f'href="#{name}"', f'href="#{name}-{self.place}"')
            )
        return svg

    def figure(self, svg):
        """A chart, and the same one drawn for a phone where there is one; the page's style shows one of them."""
        narrow = self.narrow.get(live.words(svg))
        small = self.inline(narrow).replace("<svg ", '<svg class="narrow" ', 1) if narrow else ""
        return f'<figure class="chart">{self.inline(svg)}{small}</figure>'

    def html(self, markup):
        """Markup of the library's own. An explorable's first pictures, images, become part of the page.

        So they follow the page's colours before a script runs, too.
        """
        image = r'<img [^>]*src="data:image/svg\+xml;base64,([^"]+)"[^>]*>'
        inline = re.sub(image, lambda found: self.inline(base64.b64decode(found.group(1)).decode("utf8")), markup)
        return unlabelled(inline)


def draws(cell):
    """Whether a cell's point is a picture: it shows a chart or an explorable, and is no exercise."""
    shown = [output.get("data", {}) for output in cell.get("outputs", [])]
    pictures = any("image/svg+xml" in data or 'role="group"' in data.get("text/html", "") for data in shown)
    return pictures and not re.search(r"\bcheck\(", cell.source)


def fold(markup, cell):
    """A cell whose point is its picture has that first, and its code, where it is long, folded below.

    So has one that imports names and does nothing else.
    """
    lines = len(cell.source.splitlines())
    mark = '<div class="outputs">'
    if lines <= longest_open:
        return markup
    if mark not in markup and re.fullmatch(r"(\s*import\b[^;]*;)+\s*", cell.source):
        return details(f"Imports, {lines} lines", markup)
    if mark not in markup or not draws(cell):
        return markup
    source, outputs = markup.split(mark, 1)
    return f"{mark}{outputs.rstrip()}\n{details(f'Code, {lines} lines', source)}"


def details(summary, markup):
    return f'<details class="fold"><summary>{summary}</summary>{markup}</details>'


def contents(page):
    """The list of a page's headings of the second and third level, as links."""
    listed = ""
    headings = re.findall(r'<h([23]) id="([^"]+)">(.*?)<a [^>]*class="anchor-link"', page, re.S)
    for place, (level, name, text) in enumerate(headings):
        before = headings[place - 1][0] if place else None
        after = headings[place + 1][0] if place + 1 < len(headings) else None
        listed += "<ol>" if level == "3" and before == "2" else ""
        listed += f'<li><a href="#{quote(unescape(name))}">{text}</a>'
        listed += "" if level == "2" and after == "3" else "</li>"
        listed += "</ol></li>" if level == "3" and after != "3" else ""
    return f"<ol>{listed}</ol>"
