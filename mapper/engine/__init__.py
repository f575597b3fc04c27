"""The engine: a spec compiled to callables, run over an export, with a ledger of everything that was read."""
