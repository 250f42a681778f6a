package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// A browser in which somebody has signed in before is known by a cookie of its own. Strangers who guess at a name slow
// down each other and every browser that is new, but not the one its owner uses: so nobody can lock an office out.
// It opens nothing by itself, and is known until the service starts again.
const (
	browserNonce = 16
	browsersKept = 8 // names that one computer is remembered for
)

// browsers makes and checks what such a cookie holds: a nonce and its MAC under the name, for each name.
type browsers struct{ key []byte }

func newBrowsers() browsers {
	b := browsers{make([]byte, 32)}
	rand.Read(b.key)
	return b
}

func (b browsers) mac(name, nonce string) string {
	h := hmac.New(sha256.New, b.key)
	h.Write([]byte(name + "\x00" + nonce))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// known gives the nonce by which the browser is known for a name; "" where it is not.
func (b browsers) known(cookie, name string) string {
	for i, entry := range strings.Split(cookie, "~") {
		nonce, mac, ok := strings.Cut(entry, ".")
		if ok && i < browsersKept && hmac.Equal([]byte(mac), []byte(b.mac(name, nonce))) {
			return nonce
		}
	}
	return ""
}

// remember adds a name to a cookie.
func (b browsers) remember(cookie, name string) string {
	if b.known(cookie, name) != "" {
		return cookie
	}
	var raw [browserNonce]byte
	rand.Read(raw[:])
	nonce := base64.RawURLEncoding.EncodeToString(raw[:])
	entries := []string{nonce + "." + b.mac(name, nonce)}
	for _, entry := range strings.Split(cookie, "~") {
		if entry != "" && len(entry) < 128 && len(entries) < browsersKept {
			entries = append(entries, entry)
		}
	}
	return strings.Join(entries, "~")
}
