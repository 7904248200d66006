"""Law by date against what was read by hand (`eval/bench/law_dates.py` prints the same)."""

from __future__ import annotations

from functools import cache
from importlib import resources

import pytest
from realdata import missing, real

from eval.lawgold import Followed, follow, gold_days, gold_laws, in_force
from indexes.amend import with_amended
from indexes.china_law import package_statutes
from ingestion.lawfolder import folder_statutes
from ingestion.statutes import Statute

SUITES = resources.files("eval") / "suites"
needs_folder = pytest.mark.skipif(real("laws") is None, reason=missing("laws"))


@cache
def statutes(folder: bool) -> tuple[Statute, ...]:
    found = tuple(with_amended(package_statutes()))
    laws = real("laws") if folder else None
    return found + tuple(one for one in (folder_statutes(laws) if laws else ()) if isinstance(one, Statute))


def followed(folder: bool) -> list[Followed]:
    laws = [one for one in gold_laws(SUITES) if folder or one.texts != "folder"]
    return [one for law in laws for one in follow(law, statutes(folder))]


def test_sixty_articles_and_forty_days_were_read_by_hand():
    assert sum(len(law.articles) for law in gold_laws(SUITES)) == 60
    assert len(gold_days(SUITES)) >= 40


def test_articles_are_followed_to_where_their_rules_stand_now():
    found = followed(folder=False)
    assert len(found) == 45
    assert [(one.law, one.old) for one in found if not one.chief] == []
    assert sum(one.whole for one in found) >= 42


def test_the_text_in_force_on_a_day_is_the_one_looked_up():
    days = [day for day in gold_days(SUITES) if day.texts == "package"]
    assert [(day.law, day.day, version) for day, version in in_force(days, statutes(False)) if version != day.version] == []


@needs_folder
def test_articles_of_older_texts_that_a_folder_holds_are_followed_as_well():
    found = followed(folder=True)
    assert (len(found), sum(one.chief for one in found)) == (60, 60)
    assert sum(one.whole for one in found) >= 58


@needs_folder
def test_the_text_in_force_on_a_day_is_right_with_older_texts_loaded():
    told = in_force(gold_days(SUITES), statutes(True))
    assert [(day.law, day.day, version) for day, version in told if version != day.version] == []
