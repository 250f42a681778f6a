package jobs

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// TestOldSaltsAreGone: the log of acts has a salted digest of a meeting's pages as they were after each closing. Who had the
// salt of the first could try which of the pages that are there now give that digest, and so part the batches; for two of
// five sheets that is 252 trials. No byte of it may be left once the second batch is closed.
func TestOldSaltsAreGone(t *testing.T) {
	const n = 5
	template, meeting := attackedTemplate(t, n)
	a := newAttacked(t, template, meeting, attackIn(t), n, 1)
	defer a.gone()
	salt := func() (salt []byte) {
		a.must(a.store.DB().QueryRow("SELECT salt FROM commitments WHERE meeting = ? AND kind = 'pages'", meeting).Scan(&salt))
		return salt
	}
	a.must(a.house.close(a.feed(0)))
	first := salt()
	if len(first) < 16 || !a.holds(first) {
		t.Fatalf("the search does not find a salt of %d bytes where it is", len(first))
	}
	a.must(a.house.close(a.feed(1)))
	if a.holds(first) {
		t.Error("the salt of the first closing is still in the data folder")
	}
	if bytes.Equal(first, salt()) {
		t.Error("both closings have one salt")
	}
}

// holds tells whether bytes stand in any file of the data folder.
func (a *attacked) holds(secret []byte) (found bool) {
	a.must(filepath.WalkDir(a.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		found = found || bytes.Contains(data, secret)
		return err
	}))
	return found
}
