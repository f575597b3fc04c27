"""What CVAT fills in between the keyframes of a track, exactly as its server does it. Pure functions.

``moments``: what a track is made of, in CVAT's stored numbers; ``linear`` and ``paths``: the geometry between two
keyframes; ``tracks``: which frames a track has and what holds there; ``between``: the same for two entries of an XML track.
"""
