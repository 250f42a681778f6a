package learn_test

import (
	"testing"
)

// Names that OCR cannot tell for certain are listed; no row may be given to another subject. Every form of testdata
// is learned but that on which words are circled.
func TestLearn(t *testing.T) {
	e := engine(t)
	for i, want := range forms {
		t.Run(want.name, func(t *testing.T) { confirmed(t, i, e) })
	}
}
