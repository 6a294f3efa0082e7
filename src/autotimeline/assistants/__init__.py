"""A server of the Model Context Protocol: assistants query a store, cite it, and propose events."""
