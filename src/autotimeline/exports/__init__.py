"""What `autotimeline export` writes a snapshot as, one file a format."""
