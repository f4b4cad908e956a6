"""The pages of deviations, by who uses them: reporters, handlers, the responsible."""
