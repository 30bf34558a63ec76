"""A request for an address where the site was before -> sent on to where it is now, for good (301)."""

from collections.abc import Callable
from urllib.parse import quote, urlsplit

from flask import Flask, Response, request

from audiobook.addresses import Addresses
from audiobook.model.publication import Site


def send_on(app: Flask, site: Callable[[], Site]) -> None:
    """Answer for the previous hosts; the way there comes from the settings, never from the request."""

    @app.before_request
    def moved() -> Response | None:
        target = new_address(site(), request.environ.get("HTTP_HOST", ""), request.path)
        if not target:
            return None
        query = request.environ.get("QUERY_STRING", "")
        return Response(status=301, headers={"Location": f"{target}?{query}" if query else target})


def new_address(site: Site, host: str, path: str) -> str:
    """Where a path of a previous address is now; "" where the host is none of them.

    >>> site = Site(base_url="https://moi.vn/loa", previous_urls=("https://cu.vn/bantin",))
    >>> new_address(site, "cu.vn", "/bantin/so/2023-03"), new_address(site, "moi.vn", "/loa/")
    ('https://moi.vn/loa/so/2023-03', '')
    """
    here = host.lower()
    if here == urlsplit(site.base_url).netloc.lower():
        return ""
    for previous in site.previous_urls:
        old = urlsplit(previous)
        if here == old.netloc.lower():
            rest = path.removeprefix(old.path.rstrip("/")).lstrip("/")
            return Addresses(site.base_url).of(quote(rest))
    return ""
