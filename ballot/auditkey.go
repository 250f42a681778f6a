package ballot

import (
	"bytes"
	"crypto/ecdh"
	"crypto/hpke"
	"crypto/sha256"
	"io"
	"strings"
)

// Counts of bundles lie sealed between closing and comparing: a bundle's counts over all subjects are an equation for
// each outcome, and whoever has the ballots' rows too could solve them for the ballots that are in it. Two scrutineers
// each have a code on paper; it takes both to open what is sealed, and no machine keeps either.
const (
	AuditKeyHolders = 2
	codeLetters     = 20 // of 5 bits
)

// NewAuditCode draws a code of 100 bits, in groups of four, and the public key that goes with it.
func NewAuditCode(random io.Reader) (code string, public []byte, err error) {
	raw := make([]byte, codeLetters)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", nil, err
	}
	for i, b := range raw {
		if i > 0 && i%4 == 0 {
			code += "-"
		}
		code += alphabet[b&31 : b&31+1]
	}
	k, err := auditKey(code)
	if err != nil {
		return "", nil, err
	}
	return code, k.PublicKey().Bytes(), nil
}

func auditKEM() hpke.KEM { return hpke.DHKEM(ecdh.X25519()) }

// auditKey derives the private key of a code, whatever people made of its letters.
func auditKey(code string) (hpke.PrivateKey, error) {
	tidy := strings.NewReplacer(" ", "", "　", "", "-", "", "－", "", "—", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(strings.TrimSpace(code)))
	if len(tidy) != codeLetters {
		return nil, Errorf(CodeInvalid, "复点口令须为 %d 个字符", "an audit code has %d characters", codeLetters).In("codes")
	}
	sum := sha256.Sum256([]byte("pingyi audit code\n" + tidy))
	return auditKEM().DeriveKeyPair(sum[:])
}

// SealForAudit seals text for all holders of keys together, one seal about the other; what names it is no secret and
// must be the same to open it.
func SealForAudit(publics [][]byte, what string, text []byte) (sealed []byte, err error) {
	sealed = text
	for _, public := range publics {
		k, err := auditKEM().NewPublicKey(public)
		if err != nil {
			return nil, err
		}
		if sealed, err = hpke.Seal(k, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(what), sealed); err != nil {
			return nil, err
		}
	}
	return sealed, nil
}

// AuditKeys open what was sealed.
type AuditKeys []hpke.PrivateKey

// OpenAuditKeys takes the codes of all holders, in any order, and refuses others.
func OpenAuditKeys(publics [][]byte, codes []string) (AuditKeys, error) {
	keys := make(AuditKeys, len(publics))
	for _, code := range codes {
		k, err := auditKey(code)
		if err != nil {
			return nil, err
		}
		for i, public := range publics {
			if bytes.Equal(k.PublicKey().Bytes(), public) {
				keys[i] = k
			}
		}
	}
	for _, k := range keys {
		if k == nil || len(keys) < AuditKeyHolders {
			return nil, Errorf(CodeInvalid, "复点口令不对：须由领取口令的两人各录入自己的一个", "wrong audit codes: both who were given one enter their own").In("codes")
		}
	}
	return keys, nil
}

// Open opens what SealForAudit sealed.
func (keys AuditKeys) Open(what string, sealed []byte) (text []byte, err error) {
	text = sealed
	for i := len(keys) - 1; i >= 0; i-- {
		if text, err = hpke.Open(keys[i], hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(what), text); err != nil {
			return nil, err
		}
	}
	return text, nil
}
