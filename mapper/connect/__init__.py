"""Everything that meets the world outside: checking a bundle with Encord's official SDK, and what builds on it."""
