"""The composition root: one export, one bundle."""

from mapper.pipeline.options import Options, Result
from mapper.pipeline.run import run

__all__ = ["Options", "Result", "run"]
