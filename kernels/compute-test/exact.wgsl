// How compare judges words that must be equal.

fn judge(_at: u32, got: u32, want: u32) -> u32 { return select(RIGHT, WRONG, got != want); }
