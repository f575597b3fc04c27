"""``python -m mapper`` is ``mapper``."""

from __future__ import annotations

from mapper.cli import main

if __name__ == "__main__":
    main()
