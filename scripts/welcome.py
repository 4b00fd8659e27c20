"""What stands on the terminal once the system answers: where to go, and as whom."""

import sys
from pathlib import Path

import qrcode

from scripts.shell import say


def welcome(public: str, accounts: str, authority: Path | None) -> None:
    code = qrcode.QRCode(border=2)
    code.add_data(f"{public}/")
    # On a terminal with colours of its own, for not every phone reads light on dark.
    code.print_ascii(tty=sys.stdout.isatty(), invert=True)
    say(f"\nEnterprises   {public}/")
    say(f"Staff         {public}/console/")
    if authority:
        say(f"\nA phone trusts this address once it trusts the authority in {authority}")
    if accounts.strip():
        say(f"\n{accounts.strip()}")
    say("\nCtrl-C stops everything; the data stays in var/.")
