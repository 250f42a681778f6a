// Package scans reads scanned ballots: it takes the bytes of a scanner's files apart into page pictures
// and conducts each picture through the stages decode, register, code, mark and OCR cross-check, one
// visible call a stage. A page that cannot be trusted is rejected with a named reason and the facts;
// that is a result for a person, not an error. Only this package and those below it know pixels.
package scans
