// What compare finds of a word.

const RIGHT = 0u;
const WRONG = 1u;
const NOT_A_NUMBER = 2u;
