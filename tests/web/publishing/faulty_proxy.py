"""A proxy before the S3 server that does harm: cuts, answers 503 and 500, is slow, damages what passes through."""

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

Fault = Callable[[int, str, str], str]
"""(how many requests came before, method, path) -> what goes wrong: "", cut, 503, 500, slow, damaged, wrong-etag."""

REFUSAL = b'<?xml version="1.0"?><Error><Code>%s</Code><Message>on purpose</Message></Error>'
CODES = {"503": b"SlowDown", "500": b"InternalError"}


class Proxy(BaseHTTPRequestHandler):
    """One request after the other, as the server's ``fault`` says."""

    protocol_version = "HTTP/1.1"
    server: "Harm"

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        wrong = self.server.next_fault(self.command, self.path)
        if wrong == "cut":
            self.connection.close()
            self.close_connection = True
        elif wrong in CODES:
            self.reply(int(wrong), {"Content-Type": "application/xml"}, REFUSAL % CODES[wrong])
        else:
            time.sleep(1 if wrong == "slow" else 0)
            self.forward(bytes([body[0] ^ 1]) + body[1:] if wrong == "damaged" and body else body, wrong)

    def forward(self, body: bytes, wrong: str) -> None:
        connection = http.client.HTTPConnection(self.server.behind, timeout=30)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("expect", "connection")}
        connection.request(self.command, self.path, body=body or None, headers=headers)
        answer = connection.getresponse()
        content, said = answer.read(), {name.lower(): value for name, value in answer.getheaders()}
        connection.close()
        if wrong == "wrong-etag" and "etag" in said:
            said["etag"] = '"0123456789abcdef0123456789abcdef"'
        self.reply(answer.status, said, content)

    def reply(self, status: int, said: dict[str, str], content: bytes) -> None:
        self.send_response_only(status)
        for name, value in said.items():
            if name not in ("connection", "transfer-encoding", "content-length"):
                self.send_header(name, value)
        length = said.get("content-length", "0") if self.command == "HEAD" else str(len(content))
        self.send_header("Content-Length", length)
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else content)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = answer  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Harm(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, behind: str, fault: Fault) -> None:
        super().__init__(("127.0.0.1", 0), Proxy)
        self.behind, self._fault, self._seen, self._counting = behind, fault, 0, threading.Lock()

    def next_fault(self, method: str, path: str) -> str:
        with self._counting:
            number, self._seen = self._seen, self._seen + 1
        return self._fault(number, method, path)


@contextmanager
def faulty(server: str, fault: Fault) -> Iterator[str]:
    """The proxy's address."""
    proxy = Harm(urlsplit(server).netloc, fault)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{proxy.server_address[1]}"
    finally:
        proxy.shutdown()
        proxy.server_close()
