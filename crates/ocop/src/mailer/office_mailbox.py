"""A mail server for the tests: keeps letters in a folder and refuses some readers.

As a handler of aiosmtpd it takes letters; as a program it prints those in a folder as JSON, read by Python's own parser.
"""

import json
import sys
from email import message_from_binary_file, policy
from pathlib import Path

from aiosmtpd.handlers import Mailbox


class Office(Mailbox):
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 No such mailbox"
        if address.startswith("later@"):
            return "451 4.3.0 Come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"


def letters(folder):
    for file in sorted(Path(folder, "new").iterdir()):
        with file.open("rb") as opened:
            letter = message_from_binary_file(opened, policy=policy.default)
        heads = {name.lower(): str(value) for name, value in letter.items()}
        yield {**heads, "body": letter.get_content()}


if __name__ == "__main__":
    print(json.dumps(list(letters(sys.argv[1]))))
