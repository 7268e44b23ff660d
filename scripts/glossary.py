"""The terms of the lectures: each marked ***bold italic*** in the sentence that defines it, where it is first used.

As a script: writes docs/glossary.md.
"""

import re
from pathlib import Path

from about import title_of

mark = re.compile(r"\*\*\*([^*\n]+)\*\*\*")
emphasis = re.compile(r"(?<!\*)\*([^*\n]+)\*(?!\*)")


def sentence_around(text, start, end):
    """The sentence of `text` that holds the places from `start` to `end`; a list item and a paragraph end one, too."""
    ends = [found.end() for found in re.finditer(r"(?<=[.!?:])\s+(?=[\"'(*A-Z])|\n\s*\n|\n(?=[-*>|#] ?)", text)]
    before = max((place for place in ends if place <= start), default=0)
    after = min((place for place in ends if place >= end), default=len(text))
    sentence = re.sub(r"\s+", " ", text[before:after]).strip()
    return re.sub(r"^(?:[-*>] )+", "", sentence)


def anchor(heading):
    """The id that the page gives this heading."""
    return re.sub(r"[`*]", "", heading).strip().replace(" ", "-")


def terms_of(path, notebook):
    """Every definition of a lecture: the term, its sentence, and where it stands."""
    heading = title_of(notebook)
    found = []
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            continue
        for piece in re.split(r"^(#{1,3} .+)$", cell.source, flags=re.M):
            title = re.match(r"#{1,3} (.+)$", piece)
            if title:
                heading = title.group(1).strip()
                continue
            for term in mark.finditer(piece):
                sentence = sentence_around(piece, term.start(), term.end())
                place = {"file": path.stem, "lecture": title_of(notebook), "heading": heading}
                found.append({"term": term.group(1), "sentence": sentence, **place})
    return found


def glossary(results):
    """All terms of (path, notebook) pairs, by name."""
    terms = [term for path, notebook in results for term in terms_of(path, notebook)]
    return sorted(terms, key=lambda term: term["term"].lower())


def entry(term, extension):
    """A term as markdown: its sentence, and a link to where it is defined."""
    place = f"{term['file']}.{extension}"
    link = f"{place}#{anchor(term['heading'])}" if extension == "html" else f"../notebooks/{place}"
    where = term["lecture"].split(":")[0]
    sentence = emphasis.sub(r"_\1_", mark.sub(r"_\1_", term["sentence"]))
    return f"**{term['term']}**: {sentence} [{where}, {term['heading']}]({link})"


def as_markdown(terms):
    """docs/glossary.md."""
    lines = [
        "# Glossary",
        "",
        "Terms of the lectures, each in the sentence that defines it. Made from the notebooks by `npm run notebooks`.",
    ]
    entries = [f"- {entry(term, 'ipynb')}" for term in terms]
    return "\n".join([*lines, *([""] if entries else []), *entries]) + "\n"


def write_glossary(results, root):
    (Path(root) / "docs" / "glossary.md").write_text(as_markdown(glossary(results)), "utf8")


if __name__ == "__main__":
    from lectures import read, root

    write_glossary([(path, read(path)) for path in sorted((root / "notebooks").glob("*.ipynb"))], root)
