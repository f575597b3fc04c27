"""CVAT's side: the model of an export, and the readers of its formats."""
