"""The letters' own words, in bokmål and nynorsk: data that is the same whoever writes."""
