"""Media files: which file belongs to which image of an export."""
