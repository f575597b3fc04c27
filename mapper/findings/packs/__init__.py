"""Issues of packs: pinned sources, what a pack holds, fetching; PCK601 to PCK639."""
