"""Recognise the pages that a site must have and nobody reads on: privacy, imprint, terms, contact."""

from __future__ import annotations

import re

__all__ = ["is_formal", "is_formal_name"]

_FORMAL = re.compile(
    r"privacy-?(?:policy|notice|statement)|cookies?-?(?:policy|notice|statement)|terms-?(?:of-?(?:use|service|sale)s?"
    r"|(?:and|&)-?conditions)|legal-(?:notice|information|disclaimer)|impressum|imprint"
    r"|datenschutz(?:-?(?:erkl(?:ae|ä)rung|hinweise?))?|mentions-?l[eé]gales|politique-(?:de-)?(?:confidentialit[eé]|cookies)"
    r"|aviso-?legal|(?:politica|política)-de-(?:privacidade?|privacitat|cookies)|informativa-(?:sulla-)?privacy|note-legali"
    r"|privacy-?(?:verklaring|beleid)|cookie-?(?:verklaring|beleid)|polityka-prywatno[sś]ci|personvern(?:erkl(?:ae|æ)ring)?"
    r"|integritetspolicy|tietosuojaseloste|gizlilik-politikasi|politika-konfidentsialnosti|contact-(?:us|me)|contactez-nous"
)
_MAYBE = re.compile(
    r"privacy|legal|disclaimer|tos|contacts?|kontakt|contacto|contatti|contato|yhteystiedot|iletisim|thank-you"
)
"""Names that an article of a documentation may have too."""

_AMBIGUOUS = re.compile(r"terms|cookies")
"""Names that the documentation of a framework has at its top. They are formal in a folder of such pages."""
_FOLDERS = frozenset(("pages", "_pages", "legal", "policies"))

_PLACES = re.compile(
    r"contents?|src|source|_?pages?|public|site|website|web|www|html|legal|about(?:-us)?|info|policies|company|routes|app"
    r"|\(\w{1,30}\)|[a-z]{2}(?:[-_][a-z]{2,4})?"
)
_DOCUMENTATIONS = frozenset(("docs", "doc", "documentation"))


def is_formal(folders: list[str], stem: str) -> bool:
    """Return whether a page is one of those by its path, in lower case and without suffix and language.

    It lies at the top of a site, of a language or of a folder of pages. ``docs/contact`` may be about contacts.

    Examples
    --------
    >>> is_formal(["src", "pages"], "privacy-policy"), is_formal(["de"], "kontakt"), is_formal(["api"], "contact")
    (True, True, False)
    >>> is_formal(["core", "src", "pages"], "privacy"), is_formal(["core", "src", "guide"], "privacy")
    (True, False)
    """
    parts = folders if stem in ("index", "page") and folders else [*folders, stem]
    if not parts:
        return False
    above = [part for part in parts[:-1] if part not in _DOCUMENTATIONS]
    if "src" in above:  # of one of several packages of a repository
        above = above[above.index("src") :]
    if not all(map(_PLACES.fullmatch, above)):
        return False
    name = parts[-1].replace("_", "-")
    if _AMBIGUOUS.fullmatch(name):
        return above[-1:] == parts[-2:-1] and not _FOLDERS.isdisjoint(above[-1:])
    return _FORMAL.fullmatch(name) is not None or (
        _DOCUMENTATIONS.isdisjoint(parts[:-1]) and _MAYBE.fullmatch(name) is not None
    )


def is_formal_name(name: str) -> bool:
    """Return whether a page of a content management system is one of those by the last part of its address.

    Examples
    --------
    >>> is_formal_name("privacy-policy"), is_formal_name("privacy-in-the-cloud")
    (True, False)
    """
    return is_formal([], name.lower())
