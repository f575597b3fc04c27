"""Packs: sharing specs. References are resolved, pinned by digests and fetched; only what is named so uses the network."""
