"""Encord's side: ontology, label rows, hashes, shapes, and the writers of the bundle."""
