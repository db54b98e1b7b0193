"""Small sites of HTML pages for the tests of weaving."""

from pathlib import Path

SUBJECTS = {
    "ferry": "The ferry Margit sails from the harbour of Skerry to the outer islands with freight and passengers. "
    "The shipping office changes the timetable of the ferry in winter, and the pilots rest between two sailings.",
    "rye": "Rye grows again in the fields of Hallow, and the bakery on Mill Lane bakes a dark loaf of island rye. "
    "The farmer harvested eleven tonnes of rye in August, and the mill grinds the grain for the bakery.",
    "lighthouse": "The lamp of the lighthouse shines again after a hundred years, and the keeper polishes its lens. "
    "The lighthouse stands on the northern cliff, and its lamp was lit with oil before the war.",
}


def page(title, subject, number=1, *, head="", before="", after="", around="<article>{}</article>"):
    """Return a page with a text of four paragraphs on a subject."""
    paragraphs = "\n".join(
        f"<p>{SUBJECTS[subject]} Report {number} of the {subject}, paragraph {at}: {word} people came to see it.</p>"
        for at, word in enumerate(("few", "many", "some", "no"), number)
    )
    body = around.format(f"<h1>{title}</h1>\n{paragraphs}{after}")
    return (
        f'<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{title}</title>{head}</head>\n'
        f"<body>\n<nav><a href='/'>Home</a></nav>{before}\n{body}\n<footer>Skerry Post</footer>\n</body>\n</html>\n"
    )


def write_site(folder, pages):
    """Write pages by their paths, as text or bytes."""
    for path, content in pages.items():
        file = Path(folder, path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Path(folder)


def small_site(n=3):
    """Return pages on three subjects, `n` on each."""
    return {
        f"{subject}/{number}/index.html": page(f"The {subject}, part {number}", subject, number)
        for subject in SUBJECTS
        for number in range(1, n + 1)
    }


def contents(folder):
    """Return the bytes of all files of a folder by their paths."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in Path(folder).rglob("*")
        if path.is_file()
    }
