"""Recognise titles of error pages and redirect pages in many languages."""

from __future__ import annotations

import re

__all__ = ["is_error_title", "is_redirect_title"]

_WORD = re.compile(r"\w+")
_AROUND = """
error errors http status code 1 oops ooops whoops oh no uh sorry fehler erreur errore erro fout fel feil fejl błąd chyba
ошибка помилка hata virhe 错误 エラー 오류 ой упс ups hoppla désolé
"""
_CODES = "400 401 403 404 405 408 410 418 429 451 500 501 502 503 504 4xx 5xx"
_PHRASES = """
not found; page not found; this page was not found; the page was not found; file not found;
content not found; post not found; article not found; document not found; url not found; resource not found;
nothing found; nothing was found; nothing found here; page does not exist;
this page does not exist; page doesn t exist; this page doesn t exist; page could not be found;
the page could not be found; this page could not be found; page can t be found; that page can t be found;
page cannot be found; the page you requested was not found; the page you requested could not be found;
the page you are looking for was not found; page not available; page unavailable; page missing;
missing page; no such page; page no longer exists; page has been removed; this page isn t available;
not available; forbidden; access denied; unauthorized; bad request; bad gateway; server error;
internal server error; internal server; service unavailable; gateway timeout; offline; you are offline; seite nicht gefunden;
die seite wurde nicht gefunden; diese seite wurde nicht gefunden; seite wurde nicht gefunden;
nicht gefunden; seite konnte nicht gefunden werden; diese seite existiert nicht; seite existiert nicht;
zugriff verweigert; page non trouvée; page introuvable; page inexistante; cette page est introuvable;
cette page n existe pas; non trouvé; introuvable; la page est introuvable; la page n existe pas;
accès refusé; accès interdit; página no encontrada; pagina no encontrada; no encontrado; no encontrada;
página no existe; la página no existe; no se encuentra; página não encontrada; pagina nao encontrada;
não encontrado; não encontrada; pagina non trovata; non trovato; non trovata; pàgina no trobada;
pagina niet gevonden; niet gevonden; deze pagina bestaat niet; siden ble ikke funnet; siden finnes ikke;
side ikke funnet; siden blev ikke fundet; siden findes ikke; side ikke fundet; sidan hittades inte;
sidan kunde inte hittas; sidan finns inte; sivua ei löydy; sivua ei löytynyt; síða fannst ekki;
síðan fannst ekki; strona nie znaleziona; nie znaleziono; nie znaleziono strony;
strona nie została znaleziona; strona nie istnieje; stránka nenalezena; stránka nebyla nalezena;
stránka sa nenašla; az oldal nem található; oldal nem található; pagina nu a fost găsită; pagină negăsită;
stranica nije pronađena; strani ni mogoče najti; sayfa bulunamadı; страница не найдена;
страница не существует; не найдено; сторінку не знайдено; страницата не е намерена; η σελίδα δεν βρέθηκε;
الصفحة غير موجودة; הדף לא נמצא; העמוד לא נמצא; صفحه یافت نشد; पृष्ठ नहीं मिला; không tìm thấy trang;
không tìm thấy; halaman tidak ditemukan; tidak ditemukan; ไม่พบหน้า; ページが見つかりません;
ページが見つかりませんでした; お探しのページは見つかりませんでした; 見つかりません;
페이지를 찾을 수 없습니다; 页面未找到; 页面不存在; 页面没有找到; 找不到页面; 未找到页面; 未找到;
您访问的页面不存在; 網頁不存在; 頁面不存在; 找不到頁面; 找不到網頁; 找不到此頁
"""
_KNOWN_PHRASES = frozenset(" ".join(_WORD.findall(phrase)) for phrase in _PHRASES.split(";"))
_KNOWN_CODES = frozenset(_CODES.split())
_IGNORED = frozenset(_AROUND.split()) | _KNOWN_CODES
_LONGEST = 300  # characters
_MOVED = re.compile(
    r"(?:redirect(?:ing|ion|ed)?|page redirection|moved permanently|object moved"
    r"|(?:this |the )?(?:page|site|document) (?:has )?moved|weiterleitung|umleitung|redirection en cours"
    r"|redirigiendo|redireccionando|redirecionando|reindirizzamento"
    r"|doorverwijzen|przekierowanie|omdirigerar|перенаправление|リダイレクト|重定向|跳转中|页面跳转)(?P<more> .*)?"
)


def is_error_title(title: str) -> bool:
    """Return whether a title, or a part of one, consists only of an error message such as "page not found".

    Examples
    --------
    >>> titles = "404 - Page not found!", "Seite nicht gefunden (Fehler 404)", "404", "404 ways to bake bread"
    >>> [is_error_title(title) for title in titles]
    [True, True, True, False]
    """
    words = _WORD.findall(title[:_LONGEST].casefold())
    has_code = not _KNOWN_CODES.isdisjoint(words)
    while words and words[0] in _IGNORED:
        del words[0]
    while words and words[-1] in _IGNORED:
        del words[-1]
    return " ".join(words) in _KNOWN_PHRASES if words else has_code


def is_redirect_title(title: str, leads_away: bool) -> bool:
    """Return whether a title marks a page that only redirects to another page.

    Parameters
    ----------
    leads_away : bool
        Whether the canonical address is another page. If so, more words may follow the phrase.

    Examples
    --------
    >>> is_redirect_title("Redirecting…", False), is_redirect_title("Redirecting rivers", False)
    (True, False)
    """
    found = _MOVED.fullmatch(" ".join(_WORD.findall(title[:_LONGEST].casefold())))
    return found is not None and (leads_away or not found["more"])
