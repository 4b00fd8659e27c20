"""Log lines without the secrets of links."""

import logging
import re

SECRET_IN_PATH = re.compile(r"/(b|c|q|r|hall|code)/[a-z0-9]{26}")


class HideSecrets(logging.Filter):
    """`/b/<secret>/` becomes `/b/…/` in every line."""

    def filter(self, record: logging.LogRecord) -> bool:
        line = record.getMessage()
        if SECRET_IN_PATH.search(line):
            record.msg, record.args = SECRET_IN_PATH.sub(r"/\1/…", line), ()
        return True
