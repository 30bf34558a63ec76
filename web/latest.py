"""Catalogue -> what systems fetch at set times: the newest issue's sessions and schedule, at addresses that never change.

A commune's smart loudspeakers are given one address, once. It is answered with the file itself and no redirection, for such
devices may follow none; and is never kept by anybody for longer than a few minutes.
"""

from collections.abc import Mapping

from audiobook.addresses import LATEST_SCHEDULE, latest_session_path, media_path
from audiobook.model.publication import Edition, Publication
from web.catalogue import Catalogue, Medium


def latest(catalogue: Catalogue) -> Mapping[str, Medium]:
    """Fixed path -> the file that it stands for now; empty where no issue has sessions."""
    planned = next((each for each in catalogue.publications if each.loudspeaker and _sessions(each)), None)
    if planned is None:
        return {}
    found = {latest_session_path(number): edition for number, edition in _sessions(planned).items()}
    if schedule := planned.edition("loudspeaker-schedule"):
        found[LATEST_SCHEDULE] = schedule
    return {path: catalogue.media[media_path(edition)] for path, edition in found.items()}


def _sessions(publication: Publication) -> dict[int, Edition]:
    plan = publication.loudspeaker[0]
    by_part = {edition.part: edition for edition in publication.editions if edition.kind == "loudspeaker-mp3"}
    return {each.number: by_part[plan.part(each)] for each in plan.sessions if plan.part(each) in by_part}
