"""How CVAT makes one task of several jobs that share frames: what stands twice is found by overlap and kept once."""
