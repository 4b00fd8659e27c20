"""A mail server: as much of SMTP as a client needs, and the ways in which it fails."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from email.policy import default

OK, SILENT, DROPS = "ok", "silent", "drops"


class MailServer(socketserver.ThreadingTCPServer):
    """`answers` gives another reply to a command than 250: {"RCPT": "550 no such user"}.

    `mode`: OK, SILENT (takes the text and never confirms it), DROPS (hangs up at MAIL).
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.mode = OK
        self.answers: dict[str, str] = {}
        self.accepted: list[Message] = []
        self.released = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def say(self, reply: str) -> None:
        self.wfile.write(f"{reply}\r\n".encode())

    def handle(self) -> None:
        self.say(self.server.answers.get("greeting", "220 mail.example.cn"))
        while line := self.rfile.readline().decode().strip():
            command = line[:4].upper()
            if command == "MAIL" and self.server.mode == DROPS:
                return
            if command == "DATA":
                self.say("354 go on")
                self.take_text()
            elif command == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say(self.server.answers.get(command, "250 fine"))

    def take_text(self) -> None:
        text = b""
        while (line := self.rfile.readline()) != b".\r\n":
            text += line[1:] if line.startswith(b"..") else line
        reply = self.server.answers.get("text", "250 taken")
        if reply.startswith("250"):
            self.server.accepted.append(message_from_bytes(text, policy=default))
        if self.server.mode == SILENT:
            self.server.released.wait(5)
            return
        self.say(reply)


@contextmanager
def running() -> Iterator[MailServer]:
    server = MailServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
