"""Changes of a store: what is written, tried as a whole before it is, and can be taken back."""
