"""`recommender serve` as it is typed: where it listens, and how its options and settings reach the service."""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import socket
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from recommender.cli import main
from recommender.service import ServiceSettings

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "service.md").read_text(encoding="utf-8")

Started = tuple[str, int, int, dict[str, Any]]


@pytest.fixture
def start(site_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what a line of options starts: host, port, workers and settings. Nothing listens."""
    for name in ("RECOMMENDER_SITE", "RECOMMENDER_SERVICE", "RECOMMENDER_SUPERVISOR"):
        monkeypatch.setenv(name, "")
    monkeypatch.chdir(tmp_path)
    found: list[Started] = []

    def run(host: str, port: int, workers: int) -> None:
        found.append((host, port, workers, json.loads(os.environ["RECOMMENDER_SERVICE"])))
        assert Path(os.environ["RECOMMENDER_SITE"]) == site_path

    monkeypatch.setattr("recommender.cli.serve.free_address", lambda *address: address)  # others may use 8000
    for server in ("granian", "uvicorn"):
        monkeypatch.setattr(f"recommender.cli.serve._run_{server}", run)

    def started(*options: str) -> Started:
        done = CliRunner().invoke(main, ["serve", str(site_path), *options])
        assert done.exit_code == 0, done.output
        return found.pop()

    return started


@pytest.mark.parametrize("server", ["granian", "uvicorn"])
def test_it_listens_on_this_machine_alone_unless_told(start: Any, server: str) -> None:
    host, port, workers, settings = start("--server", server)
    assert (host, port, workers) == ("127.0.0.1", 8000, 1)
    assert ServiceSettings.from_dict(settings | {"run_folder": None}) == ServiceSettings()
    assert start("--host", "0.0.0.0", "--port", "9", "--workers", "3")[:3] == ("0.0.0.0", 9, 3)


def test_a_port_that_is_taken_and_a_host_that_is_not_there_are_told(site_path: Path) -> None:
    """Granian would share the port, and each of two services would get some of the requests."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as Granian does
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        for options, code, says in (
            (("--port", port), 1, f"127.0.0.1 port {port}: Address already in use; give another --port"),
            (("--host", "203.0.113.7"), 1, "203.0.113.7 port 8000: "),
            (("--host", "no such host"), 2, "there is no host 'no such host'"),
        ):
            done = CliRunner().invoke(main, ["serve", str(site_path), *options])
            assert done.exit_code == code, done.output
            assert says in done.output
            assert "is served at" not in done.output


def test_every_option_reaches_the_setting_that_it_names(start: Any) -> None:
    options = {
        "--cors": ("https://a.example", "cors", ["https://a.example"]), "--filter": ("kind", "filters", ["kind"]),
        "--max-age": ("7", "max_age_s", 7), "--stale": ("8", "stale_s", 8), "--max-k": ("9", "max_k", 9),
        "--max-body": ("0.5", "max_body_bytes", 2**19), "--max-batch": ("11", "max_batch", 11),
        "--timeout": ("1.5", "timeout_s", 1.5), "--write-wait": ("2.5", "write_wait_s", 2.5),
        "--write-timeout": ("3.5", "write_timeout_s", 3.5), "--prepared": ("2", "prepared_bytes", 2 * 2**20),
        "--log": ("errors", "log", "errors"),
    }  # fmt: skip
    words = [word for name, (value, *_) in options.items() for word in (name, value)]
    settings = start(*words, "--no-compact")[-1]
    assert {name: settings[name] for _, name, _ in options.values()} == {
        name: value for _, name, value in options.values()
    }
    assert settings["compacts"] is False


def test_settings_stand_in_the_file_of_the_folder_as_the_page_shows_it(start: Any, tmp_path: Path) -> None:
    (tmp_path / "recommender.toml").write_text(block("toml"))
    _, port, workers, settings = start()
    assert (port, workers, settings["cors"]) == (8080, 2, ["https://example.org"])
    assert settings["clicks"]["folder"] == str(tmp_path / "clicks")
    assert start("--port", "9")[1] == 9, "what is typed goes first"


def block(kind: str) -> str:
    found = re.search(rf"```{kind}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def test_the_unit_and_the_compose_file_start_the_service(start: Any) -> None:
    """Their lines are parsed by the command itself, so that an option that is gone is noticed."""
    unit = configparser.ConfigParser()
    unit.optionxform = str  # type: ignore[method-assign, assignment]
    unit.read_string(block("ini"))
    program, command, site, *options = shlex.split(unit["Service"]["ExecStart"])
    assert (Path(program).name, command, site) == ("recommender", "serve", "/var/lib/recommender/site.rec")
    assert start(*options)[:3] == ("127.0.0.1", 8000, 2)
    assert unit["Service"]["ReadWritePaths"] == str(Path(site).parent)

    service = yaml.safe_load(block("yaml"))["services"]["related"]
    shell, flag, script = shlex.split(service["command"])
    assert (shell, flag) == ("sh", "-c")
    program, command, site, *options = shlex.split(script.partition("exec ")[2])
    assert (program, command, site) == ("recommender", "serve", "/site/site.rec")
    host, port, *_ = start(*options)
    assert host == "0.0.0.0"
    assert service["ports"] == [f"127.0.0.1:{port}:{port}"]
    compile(service["healthcheck"]["test"][-1], "healthcheck", "exec")
    assert {each.partition(":")[2] for each in service["volumes"]} == {"/recommender", "/site"}
