package evidence

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint says what the whole log is: who keeps it, its number of entries and the root over them. Whoever has
// one can tell later whether any entry up to it was changed.
type Checkpoint struct {
	Origin string
	Size   int64
	Root   tlog.Hash
}

// Text is what is signed.
func (c Checkpoint) Text() string { return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, c.Root) }

// Sign makes the signed note.
func (c Checkpoint) Sign(k *Key) (string, error) { return k.Sign(c.Text()) }

// Parse reads the text of a checkpoint; lines after the third are for others.
func Parse(text string) (Checkpoint, error) {
	lines := strings.SplitN(text, "\n", 4)
	if len(lines) < 4 {
		return Checkpoint{}, errors.New("a checkpoint has three lines")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 {
		return Checkpoint{}, fmt.Errorf("a checkpoint's second line is its number of entries, not %q", lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return Checkpoint{}, fmt.Errorf("a checkpoint's third line is its root: %w", err)
	}
	return Checkpoint{lines[0], size, root}, nil
}

// Open checks a note's signature and reads its checkpoint.
func Open(signed, verifier string) (Checkpoint, error) {
	text, err := OpenNote(signed, verifier)
	if err != nil {
		return Checkpoint{}, err
	}
	return Parse(text)
}

// OpenNote checks a note's signature and gives its text. It takes one spelling only, as the note was made: of the signature,
// whose last letter has bits that stand for nothing, and of the note, which would be as good with lines of others' signatures
// below. Either would be a change that nobody sees.
func OpenNote(signed, verifier string) (string, error) {
	v, err := note.NewVerifier(verifier)
	if err != nil {
		return "", fmt.Errorf("verifier key: %w", err)
	}
	n, err := note.Open([]byte(signed), note.VerifierList(v))
	if err != nil {
		return "", err
	}
	own := n.Sigs[0] // there is one, or the note is not open
	if _, err := base64.StdEncoding.Strict().DecodeString(own.Base64); err != nil || signed != fmt.Sprintf("%s\n— %s %s\n", n.Text, own.Name, own.Base64) {
		return "", errors.New("the note is not spelt as it was signed")
	}
	return n.Text, nil
}

// codeBytes of a digest make a code: 80 bits, so that nobody finds another log with the same code.
const codeBytes = 10

// letters leaves out those that are taken for digits (Crockford's).
var letters = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

// Code is what people copy by hand instead of the note: the number of entries and part of a digest.
func (c Checkpoint) Code() string {
	sum := sha256.Sum256([]byte(c.Text()))
	s := letters.EncodeToString(sum[:codeBytes])
	return fmt.Sprintf("%d-%s-%s-%s-%s", c.Size, s[:4], s[4:8], s[8:12], s[12:])
}

// CodeSize reads the number of entries out of a code and gives the code as Code writes it, whatever people made of
// its letters; ok is false where it is no code.
func CodeSize(code string) (size int64, tidy string, ok bool) {
	tidy = strings.NewReplacer(" ", "", "　", "", "－", "-", "—", "-", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(strings.TrimSpace(code)))
	parts := strings.Split(tidy, "-")
	if len(parts) != 5 {
		return 0, "", false
	}
	for _, p := range parts[1:] {
		if len(p) != 4 || strings.Trim(p, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") != "" {
			return 0, "", false
		}
	}
	size, err := strconv.ParseInt(parts[0], 10, 64)
	return size, tidy, err == nil && size >= 0
}
