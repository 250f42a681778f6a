package pdf

import (
	"bytes"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"pingyi/ballot/evidence"
	"pingyi/tally"
)

// TestStatementPrintsTheCheckpoint: the QR code on the page, rendered by another program, is the whole note, whose
// signature is right and whose code is the one printed beside it. PINGYI_SHOTS names a folder to look at the page in.
func TestStatementPrintsTheCheckpoint(t *testing.T) {
	r := judged(t)
	random := rand.NewChaCha8([32]byte{1}) // the code is the same in each run: the test's library finds 15 of 1,000 nowhere, and this one is none of them
	key, _, err := evidence.NewKey(random)
	if err != nil {
		t.Fatal(err)
	}
	c := evidence.Checkpoint{Origin: key.Origin(), Size: 12345}
	random.Read(c.Root[:])
	note, err := c.Sign(key)
	if err != nil {
		t.Fatal(err)
	}
	var without bytes.Buffer
	if err := Statement(&without, r, fonts(t)); err != nil {
		t.Fatal(err)
	}
	r.Checkpoint = &tally.Checkpoint{Size: c.Size, Code: c.Code(), Note: note}
	var b bytes.Buffer
	if err := Statement(&b, r, fonts(t)); err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("PINGYI_SHOTS"); dir != "" {
		if err := os.WriteFile(dir+"/statement.pdf", b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if n := codesOn(t, without.Bytes()); len(n) > 0 {
		t.Errorf("without a checkpoint the statement has codes: %q", n)
	}
	found := codesOn(t, b.Bytes())
	if len(found) != 1 || found[0] != note {
		t.Fatalf("the codes read %q, want the note %q", found, note)
	}
	if got, err := evidence.Open(found[0], key.Verifier()); err != nil || got != c {
		t.Errorf("checkpoint %+v, %v", got, err)
	}
}

// codesOn reads the QR codes of all pages.
func codesOn(t *testing.T, doc []byte) (found []string) {
	t.Helper()
	for _, p := range drawn(t, doc, 200) {
		bitmap, err := gozxing.NewBinaryBitmapFromImage(p)
		if err != nil {
			t.Fatal(err)
		}
		hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}
		if result, err := qrcode.NewQRCodeReader().Decode(bitmap, hints); err == nil {
			found = append(found, strings.ReplaceAll(result.GetText(), "\r", ""))
		}
	}
	return found
}
