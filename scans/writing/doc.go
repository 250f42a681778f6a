// Package writing finds handwriting where the form asks for nothing: in the margins, between the printed
// blocks and over the printed text. It looks at what is left of the page when targets, comment box, code,
// marks, rules and printed text are taken away by their places on the form, and tells writing from folds,
// streaks, stains and long tails of marks by its turns: a line, a blot or an edge is met once by whatever
// crosses it, writing several times. What it finds is for a person to look at; it changes no verdict.
package writing
