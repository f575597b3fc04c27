"""Geometry in pixels: shapes as plain tuples and pure functions on them; it knows neither CVAT nor Encord."""
