"""Settings from ``pyproject.toml`` or ``mapper.toml``: found, read with places, checked against the options of all commands."""
