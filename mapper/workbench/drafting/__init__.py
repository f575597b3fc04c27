"""Drafts a spec from an export: every decision in sight, those that are a person's left open."""
