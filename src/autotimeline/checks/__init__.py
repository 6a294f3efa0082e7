"""The rules of `autotimeline check`, one file each."""
