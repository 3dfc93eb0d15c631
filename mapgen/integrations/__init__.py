"""Show maps in the documents of other tools, each by a small module of its own: Sphinx, MyST, MkDocs."""
