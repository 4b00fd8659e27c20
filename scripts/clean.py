"""make clean: remove what can be made again. The data in var/ stays: only its owner deletes that."""

import shutil

from scripts.shell import ROOT, say

MADE = (".venv", "staticfiles", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis")


def main() -> None:
    for name in MADE:
        shutil.rmtree(ROOT / name, ignore_errors=True)
    for folder in ROOT.rglob("__pycache__"):
        shutil.rmtree(folder, ignore_errors=True)
    if any((ROOT / "var").glob("*")):
        say("Kept: var/ with the data and keys. To start from nothing, remove that folder yourself.")


if __name__ == "__main__":
    main()
