"""What editors decide: pins and blocks, read from a file or from the metadata of articles, and what they mean.

A pin puts an article at a position of another's list. A block keeps one out: of one list, of each other's (a pair), or
of every list (everywhere). What beats what, from the strongest:

1. a block everywhere, whoever says it;
2. of the rules for one article in one list, that of the file beats that of metadata; within one of them a pin and a
   block that contradict each other are an error, and of rules made in code the block holds;
3. a pin: it stands even where an automatic rule (floor, language, filter, copy, ...) would leave the article out;
4. the automatic rules.

Rules name articles by id, so they survive a build in which rows change; `resolve` gives the rows.
"""

from recommender.editors.files import read_editor_rules
from recommender.editors.metadata_rules import METADATA_KEYS, rules_of_metadata
from recommender.editors.placing import placed
from recommender.editors.resolving import Resolved, resolve
from recommender.editors.rule import MAX_POSITION, Block, Pin
from recommender.editors.rules import EditorRules

__all__ = [
    "MAX_POSITION",
    "METADATA_KEYS",
    "Block",
    "EditorRules",
    "Pin",
    "Resolved",
    "placed",
    "read_editor_rules",
    "resolve",
    "rules_of_metadata",
]
