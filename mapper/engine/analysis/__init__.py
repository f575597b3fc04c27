"""Exact analysis of a spec before any data: which rule takes which cell of a label schema, and what two specs do differently."""
