// Package pdf draws what is printed: ballots, cover sheets, sign-in sheets and the result statement.
//
// A ballot is drawn exactly as its ballot.Form says, in millimetres; this package decides fonts and the
// fitting of text, never geometry. Nothing in a file tells when or in which copy it was made.
package pdf
