package raster

import "testing"

// Every reason why a file cannot be opened has words for people.
func TestCodesHaveWords(t *testing.T) {
	for _, c := range []Code{CodeEmpty, CodeUnknown, CodeTruncated, CodeCorrupt, CodeEncrypted, CodeTooLarge, CodeTooMany, CodeUnsafeName, CodeNested, CodeUnsupported, CodeTimeout} {
		if c.Chinese() == "" {
			t.Errorf("%s has none", c)
		}
	}
}
