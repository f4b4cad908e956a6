"""The library: documents with revisions that are written, approved, read and looked at again."""
