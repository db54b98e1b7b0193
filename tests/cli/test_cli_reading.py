"""Messages of `build` on reading, and unusual ids in every command."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

TEXTS = (
    "The harbour board met on Tuesday to talk about the herring quota, the ice plant and the price of diesel for boats.",
    "Skippers of small boats fear the herring quota will be cut again. The harbour board wants the ice plant mended.",
)


def _site(folder: Path) -> Path:
    pages = {
        "herring.md": "---\ntitle: Herring\n---\n" + TEXTS[0],
        "boats.md": "---\ntitle: Boats\ndate: some day\n---\n" + TEXTS[1],
        "secret.md": "---\ntitle: Secret\ndraft: true\n---\n" + TEXTS[0],
        "next.md": "---\ntitle: Next\ndate: 2999-01-01\n---\n" + TEXTS[1],
    }
    content = folder / "content"
    content.mkdir()
    for name, text in pages.items():
        (content / name).write_text(text)
    return content


def test_rows_left_out_are_counted_and_listed_on_request(tmp_path: Path, invoke) -> None:
    content, site = _site(tmp_path), tmp_path / "s.rec"
    done = invoke("build", content, "-o", site)
    assert "left out: draft 1, future 1 (--verbose lists them, --keep REASON keeps them)" in done.stdout
    assert "secret.md" not in done.stderr
    assert "Warning: " in done.stderr
    assert f"{content}/boats.md: a date that cannot be read, got 'some day'" in done.stderr
    assert "left out   draft 1, future 1" in invoke("inspect", site).stdout
    loud = invoke("build", content, "-o", site, "--verbose")
    assert f"{content}/secret.md: left out as draft (drafts)" in loud.stderr
    assert f"{content}/next.md: left out as future (dated in the future)" in loud.stderr
    assert loud.stderr.count("a date that cannot be read") == 1
    kept = invoke("build", content, "-o", site, "--keep", "draft", "--now", "3000-01-01", "--json")
    facts = json.loads(kept.stdout)
    # 2999-01-01 is in the future by default, and too late for a date
    assert (facts["articles"], facts["left_out"], facts["warnings"]) == (4, {}, 2)


def test_an_invalid_moment_is_a_usage_error(tmp_path: Path, invoke) -> None:
    done = invoke("build", _site(tmp_path), "-o", tmp_path / "s.rec", "--now", "soon", code=2)
    assert "Invalid value for --now: 'soon' is not a date; give ISO 8601" in done.stderr


def test_other_names_of_fields_are_reported_once(tmp_path: Path, invoke) -> None:
    rows = [{"id": n, "title": f"T{n}", "html": text, "lang": "en"} for n, text in enumerate(TEXTS)]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    done = invoke("build", path, "-o", tmp_path / "s.rec")
    assert done.stderr.count("fields are read under other names: text from 'html', language from 'lang'") == 1


@pytest.mark.parametrize("article_id", ["-1", "--why", "a b", "it's", "-", "$HOME", "*"])
def test_the_suggested_next_command_works_for_any_id(article_id: str, tmp_path: Path, invoke) -> None:
    path, site = tmp_path / "a.jsonl", tmp_path / "s.rec"
    rows = [
        {"id": article_id, "title": "Herring", "text": TEXTS[0]},
        {"id": "z", "title": "Boats", "text": TEXTS[1]},
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    done = invoke("build", path, "-o", site)
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("next: ")]
    program, *arguments = shlex.split(line.removeprefix("next: "))
    assert program == "recommender"
    assert "Boats" in invoke(*arguments).stdout


def test_the_error_for_an_id_that_looks_like_an_option_explains_the_syntax(tmp_path: Path, invoke) -> None:
    done = invoke("related", tmp_path / "s.rec", "-1", code=2)
    assert "Put -- before an id that starts with a hyphen" in done.stderr


def test_the_command_takes_them(tmp_path: Path, invoke) -> None:
    (file := tmp_path / "a.csv").write_text("Nr;Kopf;Leib\n1;Regen im Mai;Es regnete.\n2;Otter;Am Fluss.\n")
    done = invoke(
        "build", file, "-o", tmp_path / "s.rec", "--id", "Nr", "--field", "title=Kopf", "--field", "text=Leib"
    )
    assert "2 articles" in done.stdout + done.stderr
    assert "Regen im Mai" in invoke("related", tmp_path / "s.rec", "1").stdout
    wrong = invoke("build", file, "-o", tmp_path / "t.rec", "--field", "Kopf", code=2)
    assert "wanted NAME=FIELD, got 'Kopf'" in wrong.stderr
    wrong = invoke("build", file, "-o", tmp_path / "t.rec", "--field", "id=Nr", code=2)
    assert "--id names the field of ids" in wrong.stderr
