"""Adapters for frameworks, each imported by its name; none is needed by the package itself."""
