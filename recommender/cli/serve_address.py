"""Where `serve` listens: an address of this machine and a port that nobody else has."""

from __future__ import annotations

import socket
from errno import EADDRINUSE

import click

from recommender.errors import RecommenderError

__all__ = ["free_address"]


def free_address(host: str, port: int) -> tuple[str, int]:
    """Return the address and the port to listen on, in numbers. A port of 0 becomes one that is free.

    The server would share a port with whoever listens there already, and each would get some of the requests.

    Raises
    ------
    click.BadParameter
        If there is no such host.
    RecommenderError
        If the port is taken, or this machine has no such address.

    Examples
    --------
    >>> host, port = free_address("localhost", 0)
    >>> host, port > 0
    ('127.0.0.1', True)
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise click.BadParameter(
            f"there is no host {host!r}; give an address of this machine, such as 127.0.0.1",
            param_hint="'--host'",
        ) from error
    family, _, _, _, address = min(found, key=lambda each: each[0] != socket.AF_INET)  # as most clients do
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # a port that was left a moment ago is free
        try:
            probe.bind(address)
        except OSError as error:
            move = "give another --port" if error.errno == EADDRINUSE else "give another --host or --port"
            raise RecommenderError(f"{host} port {port}: {error.strerror or error}; {move}") from error
        return str(address[0]), int(probe.getsockname()[1])
