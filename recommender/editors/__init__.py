"""Editors' rules: pins and blocks, read from a file or from the metadata of articles.

A pin puts an article at a position in another article's list. A block excludes an article from one list, from
every list (everywhere), or two articles from each other's lists (a pair). Precedence, strongest first:

1. a block everywhere, from any source;
2. for one article in one list, a rule of the file overrides a rule of metadata. Within one source, a pin and a block
   that contradict each other are an error; among rules made in code, the block applies;
3. a pin, even if an automatic rule (floor, language, filter, copy, ...) excludes the article;
4. the automatic rules.

Rules name articles by id, so they remain valid when a build changes the rows. `resolve` maps ids to rows.
"""

from recommender.editors.deciding import check_revision, decided, revision_of, undone, withdrawn
from recommender.editors.decision import DESK, Decision
from recommender.editors.files import read_editor_rules
from recommender.editors.metadata_rules import METADATA_KEYS, rules_of_metadata
from recommender.editors.placing import placed
from recommender.editors.resolving import Resolved, resolve
from recommender.editors.rule import MAX_POSITION, Block, Pin
from recommender.editors.rules import EditorRules
from recommender.editors.writing import rules_as_table, rules_as_yaml

__all__ = [
    "DESK",
    "MAX_POSITION",
    "METADATA_KEYS",
    "Block",
    "Decision",
    "EditorRules",
    "Pin",
    "Resolved",
    "check_revision",
    "decided",
    "placed",
    "read_editor_rules",
    "resolve",
    "revision_of",
    "rules_as_table",
    "rules_as_yaml",
    "rules_of_metadata",
    "undone",
    "withdrawn",
]
