// The words that shared modules compute with are a chain's vectors.
alias Word = T;
