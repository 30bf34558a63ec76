"""Read a feed with castero's own classes, download its newest episode, and print what a listener would see as JSON.

    python castero_reader.py ADDRESS

Runs in castero's own environment: it pins nothing, and its versions are not ours.
"""

import json
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

from castero.feed import Feed

feed = Feed(url=sys.argv[1])
episodes = feed.parse_episodes()
queue = SimpleNamespace(next=lambda: None, start=lambda: None)
episodes[0]._ep_id = 1
episodes[0].download(queue)
for thread in threading.enumerate():
    if thread is not threading.current_thread():
        thread.join(timeout=30)
print(
    json.dumps(
        {
            "title": feed.title,
            "link": feed.link,
            "description": feed.description,
            "built": feed.last_build_date,
            "episodes": [
                {"title": each.title, "sound": each.enclosure, "date": each.pubdate, "text": each.description}
                for each in episodes
            ],
            "downloaded": Path(episodes[0].get_playable()).read_bytes().hex()[:64],
            "size": Path(episodes[0].get_playable()).stat().st_size,
        }
    )
)
