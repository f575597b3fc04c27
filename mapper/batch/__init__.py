"""Many exports: a bundle each, one ontology over all of them, an index, and a pool that outlives its workers."""
