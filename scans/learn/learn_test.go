package learn_test

import (
	"fmt"
	"testing"

	"pingyi/ballot"
)

// Names that OCR cannot tell for certain are listed; no row may be given to another subject. Every form of testdata
// is learned but that on which words are circled.
func TestLearn(t *testing.T) {
	e := engine(t)
	numbers := 0
	for i, want := range forms {
		t.Run(want.name, func(t *testing.T) { numbers += checkPrinted(t, confirmed(t, i, e), want.first) })
	}
	if *only == "" && numbers < 50 {
		t.Errorf("only %d printed numbers were read", numbers)
	}
}

// checkPrinted holds the numbers that were read beside rows against the rows: settling trusts them.
func checkPrinted(t *testing.T, f *ballot.Form, no int) int {
	t.Helper()
	rows := 0
	for i := range f.Pages {
		for j := range f.Pages[i].Rows {
			if n, read := f.Learned.Printed[fmt.Sprintf("row %d.%d", i+1, j+1)]; read && n != no {
				t.Errorf("row %d.%d prints %d, read as %d", i+1, j+1, no, n)
			}
			no++
			rows++
		}
	}
	t.Logf("%d of %d numbers read", len(f.Learned.Printed), rows)
	return len(f.Learned.Printed)
}
