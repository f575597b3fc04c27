"""Where exports are read and bundles are put: folders of this machine and object stores, by one door to the library fsspec."""
