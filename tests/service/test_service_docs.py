"""docs/service.md names every request and metric."""

from __future__ import annotations

import re
from pathlib import Path

from served_app import Client

PAGE, DESK = (
    (Path(__file__).resolve().parents[2] / "docs" / name).read_text(encoding="utf-8")
    for name in ("service.md", "desk.md")
)


def test_every_request_and_metric_is_told(client: Client) -> None:
    told = f"{PAGE}{DESK}".replace("{id}", "{article_id}").replace("{other}", "{other_id}")
    for path, methods in client.get("/openapi.json").json()["paths"].items():
        assert f"{path}`" in told or f"{path}?" in told, path
        assert all(method.upper() in told for method in methods)
    for name in re.findall(r"^# TYPE (\w+)", client.get("/metrics").text, re.MULTILINE):
        assert f"`{name}`" in PAGE, name
