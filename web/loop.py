"""Requests -> threads; or an answer from waitress's event loop itself, where it is at hand.

To wake a thread for 64 KB of sound, which then fights with the loop for Python's lock, costs three times what the answer
costs. The loop may answer what needs no waiting: it reads files in any case, whenever a listener can take more of one.
"""

from collections.abc import Callable
from typing import Any

import waitress
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer
from waitress.task import ThreadedTaskDispatcher

AtHand = Callable[[str, str], bool]


def create_server(application: object, *, at_hand: AtHand, threads: int, **settings: Any) -> Any:
    """A waitress server; ``at_hand`` tells by method and path what its event loop shall answer itself."""
    sockets: dict[int, object] = {}
    dispatcher = _Dispatcher(at_hand)
    dispatcher.set_thread_count(threads)
    server = waitress.create_server(application, map=sockets, _dispatcher=dispatcher, **settings)
    for each in sockets.values():
        if isinstance(each, BaseWSGIServer):  # one for each address of the host
            each.channel_class = _Channel
    return server


class _Dispatcher(ThreadedTaskDispatcher):  # type: ignore[misc]
    def __init__(self, at_hand: AtHand) -> None:
        super().__init__()
        self._at_hand = at_hand

    def add_task(self, task: "_Channel") -> None:
        """Nothing yet: the channel holds its lock, and goes on reading."""

    def begin(self, channel: "_Channel") -> None:
        request = channel.requests[0]
        if not request.error and self._at_hand(request.command, request.path):
            channel.service()
        else:
            super().add_task(channel)


class _Channel(HTTPChannel):  # type: ignore[misc]
    def handle_read(self) -> None:
        """Read; waitress asks for this only while no request of the connection is being answered."""
        super().handle_read()
        if len(self.requests) > 1:
            self._drop_all_but_the_first()
        if self.requests:
            self.server.task_dispatcher.begin(self)

    def _drop_all_but_the_first(self) -> None:
        """Who asks for more before the answer must be ready to ask again (RFC 9112, 9.3.2).

        Waitress would hold a thread, for ever, until a client has read the first answers: eight clients held them all.
        """
        for request in self.requests[1:]:
            request.close()
        del self.requests[1:]
        self.requests[0].headers["CONNECTION"] = "close"
