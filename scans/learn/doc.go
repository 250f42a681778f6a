// Package learn proposes a ballot.Form for a blank ballot that somebody else made: it finds the tables by their
// rules, reads the heads of the columns and the names by OCR, and matches them with the scales of grades and
// the roster. What it cannot tell for certain it lists; a person settles that and confirms the form.
package learn
