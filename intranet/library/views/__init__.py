"""The pages of the library, by who uses them: readers, writers, approvers."""
