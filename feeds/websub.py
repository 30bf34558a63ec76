"""The feeds' addresses -> a WebSub hub, which tells those who asked it to. Off unless audiobook.toml names a hub.

Source: WebSub (W3C Recommendation 2018), 7; the request is the one that public hubs take.
"""

import urllib.error
import urllib.parse
import urllib.request

from audiobook.addresses import Addresses
from audiobook.errors import HubRefused
from audiobook.library import Shelf
from feeds.rss import stored_feeds

_PATIENCE_S = 15


def ping(shelf: Shelf) -> int:
    """Tell the hub of every feed; how many there were, 0 where no hub is set.

    Raises:
        HubRefused: it does not answer, or refuses; the feeds themselves are as they were.
    """
    bulletin = shelf.bulletin()
    hub, feeds = bulletin.podcast.hub, [Addresses(bulletin.site.base_url).of(feed) for feed in stored_feeds(shelf)]
    if not hub:
        return 0
    for feed in feeds:
        form = urllib.parse.urlencode({"hub.mode": "publish", "hub.topic": feed, "hub.url": feed}).encode()
        asked = urllib.request.Request(hub, data=form, headers={"User-Agent": "ban-tin-noi"})  # noqa: S310 (settings allow http and https alone)
        try:
            urllib.request.urlopen(asked, timeout=_PATIENCE_S).close()  # noqa: S310
        except OSError as error:
            reason = f"HTTP {error.code}" if isinstance(error, urllib.error.HTTPError) else str(error)
            advice = "Nguồn podcast vẫn tốt, ứng dụng vẫn tự hỏi; báo lại sau bằng: audiobook feed ping"
            raise HubRefused("trung tâm WebSub không nhận tin.", thing=hub, place=reason, advice=advice) from error
    return len(feeds)
