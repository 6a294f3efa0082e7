"""Complete command lines in shells."""
