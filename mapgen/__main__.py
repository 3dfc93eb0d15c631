"""Run the command line as ``python -m mapgen``."""

from __future__ import annotations

from mapgen.cli import main

if __name__ == "__main__":
    main()
