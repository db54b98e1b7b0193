"""A build over an artifact that cannot be read says that pins and blocks are lost."""

import json

from recommender.cli.replaced_artifact import existing_editors


def test_pins_of_an_unreadable_artifact_are_not_lost_in_silence(tmp_path, capsys):
    assert existing_editors(tmp_path / "none.rec") is None
    assert capsys.readouterr().err == ""
    old = tmp_path / "old.rec"
    old.mkdir()
    (old / "manifest.json").write_text(json.dumps({"format": "recommender", "schema": 7}))
    assert existing_editors(old) is None
    assert "old.rec cannot be read by this version" in (said := capsys.readouterr().err)
    assert "--editors" in said
