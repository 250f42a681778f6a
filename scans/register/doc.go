// Package register finds a printed page in a scan: which of the known page sizes it is, which way up it
// lies, and where every point of the form (mm) falls in the picture (pixels).
//
// It works in two steps. Find looks for the solid square marks on a reduced picture, tries which
// arrangement of marks under which quarter turn explains them, and fits a homography. Refine then
// follows the printed rules of the table row by row, so that stretch inside the page cannot shift a row.
package register
