// Package words takes printed words out of the cells for marks, so that what is left can be measured as on any other
// form: on ballots made elsewhere grades may be printed where they are marked, to be ringed or ticked there. Where the
// words stand is known from the blank's print; what they look like in this picture, from the same word of the other
// rows of the page.
package words
