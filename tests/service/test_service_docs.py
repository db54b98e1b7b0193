"""docs/service.md names every request and metric, and its files can be read by what they are for."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

import yaml
from served_app import Client

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "service.md").read_text(encoding="utf-8")
DESK_PAGE = (Path(__file__).resolve().parents[2] / "docs" / "desk.md").read_text(encoding="utf-8")


def block(kind: str) -> str:
    found = re.search(rf"```{kind}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def test_every_request_and_metric_is_told(client: Client) -> None:
    pages = PAGE + DESK_PAGE  # which has the requests for rules
    told = pages.replace("{id}", "{article_id}").replace("{other}", "{other_id}")
    for path, methods in client.get("/openapi.json").json()["paths"].items():
        assert f"{path}`" in told or f"{path}?" in told, path
        assert all(method.upper() in told for method in methods)
    for name in re.findall(r"^# TYPE (\w+)", client.get("/metrics").text, re.MULTILINE):
        assert f"`{name}`" in PAGE, name


def test_the_unit_and_the_compose_file_start_the_service() -> None:
    unit = configparser.ConfigParser()
    unit.optionxform = str  # type: ignore[method-assign, assignment]
    unit.read_string(block("ini"))
    assert "recommender serve" in unit["Service"]["ExecStart"]
    service = yaml.safe_load(block("yaml"))["services"]["related"]
    assert "recommender serve" in service["command"]
