"""Function words of common languages.

They are not removed. On a site of a few articles, where counts do not separate 'the' from a topic, they get
the low weight that they would have on a large site.
"""

from __future__ import annotations

__all__ = ["FUNCTION_WORDS"]

_BY_LANGUAGE = {
    "English": """
        a about after all also an and any are as at be because been before but by can could did do does
        for from had has have he her his how i if in into is it its just may more most new no not of on
        one only or other our out over said she should so some such than that the their them then there
        these they this to two under up was we were what when where which while who will with would
        year you your
    """,
    "German": """
        aber als am an auch auf aus bei bis das dass dem den der des die durch ein eine einem einen
        einer eines er es für hat haben ich im in ist kein mit nach nicht noch nur oder sich sie sind
        so über um und unter vom von vor war was wenn wer werden wie wird wir zu zum zur
    """,
    "French": """
        au aux avec ce ces cette dans de des du elle en est et il ils je la le les leur mais ne nous on
        ont ou où par pas plus pour qu que qui sa se ses son sont sur un une vous
    """,
    "Spanish": """
        al como con de del el ella en entre es esta este ha han hasta la las lo los más no o para pero
        por que se ser sin sobre son su sus también un una y ya
    """,
    "Italian, Portuguese": """
        anche che ci con da dal dalla degli dei del della di e gli ha i il in la le ma nel nella non
        per più si sono su una ao as com da das do dos em foi mais na nas no nos não os ou para pela
        pelo que se sua um uma
    """,
    "Dutch, Swedish": """
        aan bij dat de die door een en er het hij in is met naar niet nog of om onder op te uit van
        voor was werd zijn att av den det ett för från har inte med och om på som till är
    """,
}

FUNCTION_WORDS: tuple[str, ...] = tuple(
    sorted({word for words in _BY_LANGUAGE.values() for word in words.split()})
)
