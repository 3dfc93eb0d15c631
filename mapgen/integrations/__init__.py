"""Show maps in the documents of other tools: Sphinx with MyST, and MkDocs. Each has a small module of its own."""
