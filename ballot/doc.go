// Package ballot is the domain of the appraisal meeting: who is appraised, who votes, by which rules,
// on which form, and what a mark on that form means.
//
// It imports nothing but the standard library, does no input or output, and takes time and randomness
// as arguments, so every rule in it can be tested as a pure function. Lengths are millimetres from the
// top left of the upright page; shares are between 0 and 1; counts and weights are integers.
package ballot
