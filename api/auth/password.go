package auth

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"pingyi/ballot"
)

// Cost is how much work one argon2id hash takes.
type Cost struct {
	Time    uint32 // passes
	Memory  uint32 // KiB
	Threads uint8
}

// DefaultCost is the second recommended option of RFC 9106, section 4: for machines where 2 GiB a
// hash is too much.
func DefaultCost() Cost { return Cost{Time: 3, Memory: 64 * 1024, Threads: 4} }

// Bounds of what is accepted. The upper bounds of a cost keep a damaged row from taking all memory.
const (
	minPassword = 8   // characters, as NIST SP 800-63B asks
	maxPassword = 256 // bytes
	saltBytes   = 16
	keyBytes    = 32
	maxTime     = 16
	maxMemory   = 1 << 20 // KiB
)

// commonest are the passwords of at least minPassword characters that guessers try first, in lower case. The list is
// short on purpose: guesses are few where each failure makes the next one wait, so only the first ones matter.
var commonest = strings.Fields(`12345678 123456789 1234567890 0123456789 87654321 987654321 0987654321 11111111 00000000
	88888888 66666666 99999999 12341234 11223344 12344321 123123123 147258369 123456abc 1234abcd a1234567 a12345678
	a123456789 aa123456 aa12345678 abc12345 abc123456 abcd1234 abcdefgh 1qaz2wsx 1q2w3e4r 1q2w3e4r5t qwertyui qwertyuiop
	qwer1234 qwerty123 asdfghjk asdfghjkl zxcvbnm123 password password1 password12 password123 passw0rd p@ssw0rd p@ssword
	admin123 admin1234 admin123456 administrator root1234 test1234 iloveyou woaini1314 woaini520 5201314520 pingyi123`)

// CheckPassword refuses a new password that is too short, too long, the user's own name, or one of the commonest.
func CheckPassword(user, password string) error {
	switch {
	case utf8.RuneCountInString(password) < minPassword:
		return ballot.Errorf(CodePassword, "密码至少 %d 个字符", "a password has at least %d characters", minPassword)
	case len(password) > maxPassword:
		return ballot.Errorf(CodePassword, "密码过长（最多 %d 字节）", "a password has at most %d bytes", maxPassword)
	case strings.EqualFold(user, password):
		return ballot.Errorf(CodePassword, "密码不能与用户名相同", "the password must differ from the user name")
	case slices.Contains(commonest, strings.ToLower(password)):
		return ballot.Errorf(CodePassword, "这个密码太常见，别人一猜就中，请另换一个", "this password is among the first that anybody guesses: choose another")
	}
	return nil
}

// HashPassword hashes with a new random salt and encodes the cost beside it, in the usual form
// $argon2id$v=19$m=…,t=…,p=…$salt$key, so that a later change of cost leaves old hashes readable.
func HashPassword(password string, cost Cost) string {
	salt := make([]byte, saltBytes)
	rand.Read(salt) // never fails: crypto/rand ends the program instead
	return encode(cost, salt, derive(password, cost, salt))
}

// decoy is a hash that no password makes: checking against it takes the time of any other, and making it takes none.
func decoy(cost Cost) string {
	random := make([]byte, saltBytes+keyBytes)
	rand.Read(random)
	return encode(cost, random[:saltBytes], random[saltBytes:])
}

func derive(password string, cost Cost, salt []byte) []byte {
	return argon2.IDKey([]byte(password), salt, cost.Time, cost.Memory, cost.Threads, keyBytes)
}

func encode(cost Cost, salt, key []byte) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, cost.Memory, cost.Time, cost.Threads, b64(salt), b64(key))
}

// decode is the inverse of encode; anything else is an error.
func decode(hash string) (cost Cost, salt, key []byte, err error) {
	parts := strings.Split(hash, "$")
	bad := func(what string) (Cost, []byte, []byte, error) {
		return Cost{}, nil, nil, fmt.Errorf("password hash: bad %s", what)
	}
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return bad("scheme")
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &cost.Memory, &cost.Time, &cost.Threads); err != nil ||
		cost.Time < 1 || cost.Time > maxTime || cost.Memory < 8 || cost.Memory > maxMemory || cost.Threads < 1 {
		return bad("cost")
	}
	salt, err = base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil || len(salt) < 8 {
		return bad("salt")
	}
	key, err = base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(key) != keyBytes {
		return bad("key")
	}
	return cost, salt, key, nil
}

// VerifyPassword tells whether password made hash, in time that does not depend on where they differ.
// A hash that cannot be read is an error.
func VerifyPassword(hash, password string) (bool, error) {
	cost, salt, key, err := decode(hash)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(derive(password, cost, salt), key) == 1, nil
}
