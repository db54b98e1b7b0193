"""`recommender rules`: shows the pins and blocks of a site, with who decided them and when."""

from __future__ import annotations

from pathlib import Path

import click

from recommender.cli.options import artifact_argument, example, json_option
from recommender.cli.terminal import plural, print_json, print_lines, say
from recommender.editors import Block, EditorRules, Pin, read_editor_rules, rules_as_table, rules_as_yaml
from recommender.errors import InputError

__all__ = ["command"]

_WRITERS = {".yaml": rules_as_yaml, ".yml": rules_as_yaml, ".csv": rules_as_table}


@click.command(
    "rules",
    epilog=example(
        "recommender rules site.rec",
        "recommender rules site.rec some-article-id",
        "recommender rules site.rec -o editors.yaml",
    ),
)
@artifact_argument
@click.argument("article_id", metavar="[ID]", required=False)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False),
    help="File .yaml or .csv to write, which --editors reads.",
)  # fmt: skip
@json_option
def command(artifact: Path, article_id: str | None, output: Path | None, as_json: bool) -> None:
    """Show the pins and blocks of ARTIFACT, or those that name the article ID, strongest first.

    Those in the metadata of articles are not shown: they belong to the articles.
    """
    from recommender.engine import Recommender
    from recommender.export.atomic_write import atomic_write

    if output is not None and output.suffix.lower() not in _WRITERS:
        raise click.BadParameter(f"{output}; give a file .yaml or .csv", param_hint="--output")
    rules = Recommender.load(artifact).editors
    if article_id is not None:
        rules = EditorRules(
            tuple(pin for pin in rules.pins if article_id in pin.ids),
            tuple(block for block in rules.blocks if article_id in block.ids),
            tuple(each for each in rules.log if each.concerns(article_id)),
        )
    if output is not None:
        with atomic_write(output, _is_rules) as partial:
            partial.write_text(_WRITERS[output.suffix.lower()](rules), encoding="utf-8")
        say(f"{plural(len(rules.pins), 'pin')} and {plural(len(rules.blocks), 'block')} written to {output}")
    elif as_json:
        print_json(rules.to_dict())
    else:
        print_lines([_line(rule) for rule in rules.by_strength()] or ["no pins and no blocks"])


def _is_rules(path: Path) -> bool:
    """Return whether a file holds pins and blocks, and so may be replaced by others."""
    try:
        read_editor_rules(path)
    except InputError:
        return False
    return True


def _line(rule: Pin | Block) -> str:
    if isinstance(rule, Pin):
        what = f"pin {rule.show} on {rule.on}" + (f" at {rule.position}" if rule.position else "")
    elif rule.on is None:
        what = f"block {rule.hide} everywhere"
    else:
        what = (
            f"block {rule.on} and {rule.hide} in both lists"
            if rule.pair
            else f"block {rule.hide} on {rule.on}"
        )
    who = ", ".join(each for each in (rule.by, rule.at[:16].replace("T", " "), rule.place) if each)
    return f"{what}  ({who})" if who else what
