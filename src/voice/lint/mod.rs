//! One rule a file: what only the whole voice shows.
