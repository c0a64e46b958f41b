"""`make bench`: every measurement, or the ones named: `make bench ARGS=audit`."""

import sys
from importlib import import_module
from pathlib import Path

# `survive` measures no ratio and takes a quarter of an hour: `make survive`. `flat` takes an hour: only by name.
KEEPERS = {"__init__", "__main__", "ground", "company", "survive", "flat", "web"}


def main(names: list[str]) -> int:
    """1 when a ratio is above its limit."""
    every = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in KEEPERS)
    kept = []
    for name in names or every:
        print(f"\n{name}")
        kept.append(import_module(f"bench.{name}").main())
    return 0 if all(kept) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
