"""Writers of the bundle; nothing above the pipeline sees files."""
