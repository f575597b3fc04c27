"""The spec language: located documents, models, expressions, checks; it never sees an export."""
