"""Deviations: reported by everyone, handled by the responsible leader, followed by the reporter."""
