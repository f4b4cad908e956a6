"""Brings Havnsund kommune to life through the same actions as the pages use. Never commits."""
