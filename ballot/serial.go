package ballot

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
)

// In serial mode every leaf has a random id. Each of its sides carries, behind the page code, that id and a
// MAC over meeting, form, page and id, so that nobody without the meeting's keys can make a code that is
// accepted, and the sides of one leaf know each other. Of an id that was printed the database keeps a
// pseudonym by another key: whoever has the database alone cannot tell which paper it stands for.

// SerialID is the random id of one leaf.
type SerialID [16]byte

// SerialMAC binds an id to its meeting, form and page: HMAC-SHA-256, its first 96 bits.
type SerialMAC [12]byte

// SerialCode is what a page says of itself in serial mode.
type SerialCode struct {
	PageCode
	ID  SerialID
	MAC SerialMAC
}

// serialLength is 28 bytes in characters of five bits; of the last character one bit is over, and zero.
const serialLength = 45

// SerialCodeLength is the number of characters of a SerialCode, all that a QR code of version 5 holds with
// error correction H.
const SerialCodeLength = codeLength + serialLength

// String prints the 64 characters: the page code, then id and MAC.
func (c SerialCode) String() string {
	return c.PageCode.String() + base32Of(append(c.ID[:], c.MAC[:]...))
}

// ParseSerialCode reads what String prints, and nothing else: one code has one spelling. Errors have
// CodePageCode, and repeat nothing of the id.
func ParseSerialCode(s string) (c SerialCode, err error) {
	if len(s) != SerialCodeLength {
		return c, badCode("不是带流水号的页码", "not a page code with a serial")
	}
	if c.PageCode, err = ParsePageCode(s[:codeLength]); err != nil {
		return c, err
	}
	raw, ok := bytesOf(s[codeLength:])
	if !ok || c.PageCode.String() != s[:codeLength] {
		return c, badCode("流水号含有非法字符", "the serial has a character that no serial has")
	}
	copy(c.ID[:], raw)
	copy(c.MAC[:], raw[len(c.ID):])
	return c, nil
}

// base32Of writes bytes in the alphabet of page codes, five bits a character, the last ones filled up with zeros.
func base32Of(raw []byte) string {
	var b strings.Builder
	n, bits := 0, 0
	for _, c := range raw {
		n, bits = n<<8|int(c), bits+8
		for bits >= 5 {
			bits -= 5
			b.WriteByte(alphabet[n>>bits&31])
		}
		n &= 1<<bits - 1
	}
	if bits > 0 {
		b.WriteByte(alphabet[n<<(5-bits)&31])
	}
	return b.String()
}

// bytesOf is the way back; not ok where a character is not of the alphabet or a bit that is over is set.
func bytesOf(s string) (raw []byte, ok bool) {
	n, bits := 0, 0
	for i := 0; i < len(s); i++ {
		at := strings.IndexByte(alphabet, s[i])
		if at < 0 {
			return nil, false
		}
		if n, bits = n<<5|at, bits+5; bits >= 8 {
			bits -= 8
			raw = append(raw, byte(n>>bits)) //nolint:gosec // below 256: what was taken is masked off
		}
		n &= 1<<bits - 1
	}
	return raw, n == 0
}

// Pseudonym is what stands for a printed id in the database: 128 bits of an HMAC, hexadecimal. "" = none.
type Pseudonym string

// SerialKeys are the keys of one meeting, kept apart from its database.
type SerialKeys struct {
	MAC  [32]byte // signs what is printed
	Name [32]byte // makes pseudonyms
}

// NewSerialKeys draws keys from random (crypto/rand outside tests).
func NewSerialKeys(random io.Reader) (k SerialKeys, err error) {
	for _, key := range [][]byte{k.MAC[:], k.Name[:]} {
		if _, err = io.ReadFull(random, key); err != nil {
			return SerialKeys{}, err
		}
	}
	return k, nil
}

// Code is the code of one side of a leaf with an id.
func (k *SerialKeys) Code(meeting string, page PageCode, id SerialID) SerialCode {
	c := SerialCode{PageCode: page, ID: id}
	copy(c.MAC[:], keyed(k.MAC, "pingyi serial mac", meeting, page.Form, page.Page, id))
	return c
}

// Pseudonym is the one of a leaf of a form. Sides of one leaf have the same; the same id has another one on
// another leaf or form.
func (k *SerialKeys) Pseudonym(f *Form, page int, id SerialID) Pseudonym {
	return Pseudonym(hex.EncodeToString(keyed(k.Name, "pingyi serial pseudonym", f.Meeting, f.ID, f.LeafOf(page), id)[:16]))
}

// keyed is HMAC-SHA-256 over values each of which says how long it is.
func keyed(key [32]byte, purpose, meeting, form string, n int, id SerialID) []byte {
	mac := hmac.New(sha256.New, key[:])
	for _, part := range []string{purpose, meeting, form} {
		mac.Write(binary.BigEndian.AppendUint32(nil, uint32(len(part)))) //nolint:gosec // a few bytes
		mac.Write([]byte(part))
	}
	mac.Write(binary.BigEndian.AppendUint32(nil, uint32(n))) //nolint:gosec // a leaf or page, from 1
	mac.Write(id[:])
	return mac.Sum(nil)
}

// Check holds a code that was read on a page of the form against the keys. It returns the pseudonym of the
// leaf, or why the code is refused; the facts repeat nothing of the id.
func (k *SerialKeys) Check(f *Form, page int, text string) (Pseudonym, *Rejection) {
	forged := func(format string, args ...any) (Pseudonym, *Rejection) {
		return "", &Rejection{Reason: RejectSerialForged, Facts: fmt.Sprintf(format, args...)}
	}
	c, err := ParseSerialCode(text)
	if err != nil {
		return forged("the code is none that Pingyi prints in this meeting: %v", err)
	}
	if c.Form != f.ID || c.Group != f.Group || c.Page != page {
		return forged("the code names form %s group %s page %d, the page is form %s group %s page %d", c.Form, c.Group, c.Page, f.ID, f.Group, page)
	}
	if string(c.ID[:]) == specimenID {
		return forged("the code is that of a specimen")
	}
	if want := k.Code(f.Meeting, c.PageCode, c.ID); !hmac.Equal(want.MAC[:], c.MAC[:]) {
		return forged("the code was not made with the keys of this meeting: it was made up, altered or taken from other paper")
	}
	return k.Pseudonym(f, page, c.ID), nil
}

// What specimens and test ballots carry; nothing is ever issued with it.
const specimenID, specimenMAC = "PINGYI SPECIMEN.", "NEVER COUNTS"

// SpecimenCode is the code of a page of a specimen or test ballot: it reads like any other, and every
// check refuses it.
func (p *FormPage) SpecimenCode() (string, error) {
	c, err := ParsePageCode(p.CodeText)
	return SerialCode{c, SerialID([]byte(specimenID)), SerialMAC([]byte(specimenMAC))}.String(), err
}

// Issue is the ids of a run of copies. It exists while they are printed, and is written down nowhere.
type Issue struct {
	form *Form
	keys SerialKeys
	ids  [][]SerialID // by copy and leaf
}

// NewIssue draws ids from random (crypto/rand outside tests) for copies of a form. Each leaf of a copy has one
// of its own: what one voter fills in cannot be put together again.
func NewIssue(f *Form, keys SerialKeys, copies int, random io.Reader) (*Issue, error) {
	i := &Issue{form: f, keys: keys, ids: make([][]SerialID, copies)}
	for n := range i.ids {
		i.ids[n] = make([]SerialID, f.Leaves())
		for leaf := range i.ids[n] {
			if _, err := io.ReadFull(random, i.ids[n][leaf][:]); err != nil {
				return nil, err
			}
		}
	}
	return i, nil
}

// Copies is how many there are.
func (i *Issue) Copies() int { return len(i.ids) }

// Code is the text of the code on a page (from 1) of a copy (from 0).
func (i *Issue) Code(copy, page int) string {
	c := PageCode{Form: i.form.ID, Group: i.form.Group, Page: page}
	return i.keys.Code(i.form.Meeting, c, i.ids[copy][i.form.LeafOf(page)-1]).String()
}

// Pseudonyms are those of all leaves, sorted: their order says nothing.
func (i *Issue) Pseudonyms() []Pseudonym {
	var out []Pseudonym
	for _, leaves := range i.ids {
		for n, id := range leaves {
			out = append(out, i.keys.Pseudonym(i.form, i.form.firstPageOf(n+1), id))
		}
	}
	slices.Sort(out)
	return out
}

// NoMaster is why serial mode has no master.
func NoMaster() *Error {
	return Errorf(CodeState, "流水号模式下每张票都不同，不能印底稿去复印：复印件流水号相同，只有一张能计。请直接印够份数",
		"in serial mode every ballot differs: there is no master to copy from, since of copies with one serial only one would count; print as many as are needed")
}
