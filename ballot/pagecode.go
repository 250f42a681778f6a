package ballot

import (
	"io"
	"strings"
)

// PageCode is what a printed page says of itself. It is the same on every copy: it names the form and
// the page, never the sheet.
type PageCode struct {
	Form  string // 8 characters, random at sealing
	Group string // one letter A–Z
	Page  int    // 1…32767, the page of the form
}

const (
	codePrefix   = "PY1" // product and version of this layout of characters
	formIDLength = 8
	pageDigits   = 3
	checkDigits  = 4
	codeLength   = len(codePrefix) + formIDLength + 1 + pageDigits + checkDigits

	// checkPrime is the largest prime below 32^4. Any single altered character, and any two characters
	// exchanged, change the payload by a non-zero multiple that is never divisible by it, so four check
	// digits catch all of them; other damage passes with a chance of about one in a million.
	checkPrime = 1048573

	// alphabet is Crockford's base 32 (no I, L, O, U), so that a clerk can read a code aloud.
	alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	maxPage  = 1<<15 - 1
)

// NewFormID draws a form id from random (crypto/rand outside tests). Ids of trial forms are drawn again.
func NewFormID(random io.Reader) (string, error) {
	for {
		var raw [formIDLength]byte
		if _, err := io.ReadFull(random, raw[:]); err != nil {
			return "", err
		}
		var b strings.Builder
		for _, c := range raw {
			b.WriteByte(alphabet[c&31])
		}
		if id := b.String(); !IsTrialForm(id) {
			return id, nil
		}
	}
}

// String prints the code's 19 characters, check digits last.
func (c PageCode) String() string {
	payload := codePrefix + c.Form + c.Group + base32(c.Page, pageDigits)
	return payload + base32(checkOf(payload), checkDigits)
}

// ParsePageCode reads a code's characters. White space is dropped; anything else that is not exactly a
// code with matching check digits is an error with CodePageCode.
func ParsePageCode(s string) (PageCode, error) {
	s = strings.Join(strings.Fields(s), "")
	if len(s) != codeLength || !strings.HasPrefix(s, codePrefix) {
		return PageCode{}, badCode("不是评议票页码", "not a Pingyi page code")
	}
	payload, check := s[:codeLength-checkDigits], s[codeLength-checkDigits:]
	for i := 0; i < len(s); i++ {
		isGroup := i == len(codePrefix)+formIDLength
		if isGroup && (s[i] < 'A' || s[i] > 'Z') || !isGroup && i >= len(codePrefix) && strings.IndexByte(alphabet, s[i]) < 0 {
			return PageCode{}, badCode("页码含有非法字符", "the page code has a character that no code has")
		}
	}
	if base32(checkOf(payload), checkDigits) != check {
		return PageCode{}, badCode("页码校验位不符", "the page code's check digits do not match")
	}
	rest := payload[len(codePrefix):]
	c := PageCode{Form: rest[:formIDLength], Group: rest[formIDLength : formIDLength+1], Page: parseBase32(rest[formIDLength+1:])}
	if c.Page == 0 {
		return PageCode{}, badCode("页码的页数为零", "the page code names page 0")
	}
	return c, nil
}

func badCode(zh, en string) error { return Errorf(CodePageCode, zh, en) }

func base32(n, digits int) string {
	b := make([]byte, digits)
	for i := digits - 1; i >= 0; i-- {
		b[i] = alphabet[n&31]
		n >>= 5
	}
	return string(b)
}

func parseBase32(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		n = n<<5 | strings.IndexByte(alphabet, s[i])
	}
	return n
}

// checkOf takes the payload as a number in base 64 (so that all letters, also those outside the
// alphabet, count) modulo checkPrime.
func checkOf(payload string) int {
	n := 0
	for i := 0; i < len(payload); i++ {
		n = (n*64 + int(payload[i]-'0')) % checkPrime
	}
	return n
}
