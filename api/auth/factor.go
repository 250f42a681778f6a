package auth

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"strings"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"pingyi/ballot"
)

// The second factor is a code that an app on somebody's phone makes of a secret and the time (RFC 6238, as all such
// apps do: SHA-1, six digits, 30 seconds). The secret is stored nowhere: it is made of what the database has and of a
// key that it has not.
const (
	period        = 30 // seconds
	recoveryCodes = 8
)

// Factors changes second factors.
type Factors interface {
	// SetFactor raises SetAt where the actor is not the owner.
	SetFactor(ctx context.Context, actor string, u User) error
	// TakeStep refuses with ballot.CodeConflict a step that is not later than all that were taken.
	TakeStep(ctx context.Context, name string, step int64) error
	// TakeRecovery refuses with ballot.CodeNotFound a digest that is not there.
	TakeRecovery(ctx context.Context, name, digest string) error
}

func (s *Sessions) secret(name, factor string) ([]byte, error) {
	key, err := s.factorKey()
	if err != nil {
		return nil, err
	}
	h := hmac.New(sha256.New, key)
	h.Write([]byte(name + "\x00" + factor))
	return h.Sum(nil)[:20], nil
}

const keyFactor = "factor" // of a session: the second factor that is being set up

// NewFactor begins to set up another second factor for the session's user, whose password must be confirmed before:
// the key to be shown. It is in force once its first code is given.
func (s *Sessions) NewFactor(ctx context.Context, user User) (*otp.Key, error) {
	nonce := make([]byte, 16)
	rand.Read(nonce)
	factor := hex.EncodeToString(nonce)
	s.scs.Put(ctx, keyFactor, factor)
	secret, err := s.secret(user.Name, factor)
	if err != nil {
		return nil, err
	}
	return totp.Generate(totp.GenerateOpts{Issuer: "Pingyi", AccountName: user.Name, Secret: secret})
}

// ConfirmFactor puts the second factor in force by its first code, and gives the recovery codes, of which digests alone
// are kept.
func (s *Sessions) ConfirmFactor(ctx context.Context, user User, code string) (recovery []string, err error) {
	if wait := s.backoff.Begin("factor\x00"+user.Name, s.now()); wait > 0 {
		return nil, &WaitError{Wait: wait}
	}
	user.Factor, user.FactorStep = s.scs.GetString(ctx, keyFactor), 0
	user.FactorStep, err = s.matches(user, code)
	if err != nil {
		return nil, err
	}
	if user.Factor == "" || user.FactorStep == 0 {
		return nil, wrongCode()
	}
	var digests []string
	for range recoveryCodes {
		c := rand.Text()[:16]
		recovery, digests = append(recovery, strings.Join([]string{c[:4], c[4:8], c[8:12], c[12:]}, "-")), append(digests, Digest(c))
	}
	user.Recovery = strings.Join(digests, " ")
	if err := s.factors.SetFactor(ctx, user.Name, user); err != nil {
		return nil, err
	}
	s.scs.Remove(ctx, keyFactor)
	s.backoff.Succeed("factor\x00" + user.Name)
	return recovery, nil
}

func wrongCode() error {
	return ballot.Errorf(CodeWrongCode, "验证码不正确或已用过", "the code is wrong or was used before")
}

// asLetters reads digits that recovery codes never have as the letters that they look like.
var asLetters = strings.NewReplacer("0", "O", "1", "I")

// takeCode asks for the second factor of a user who has one; each code is taken once. Wrong ones are counted by the name
// alone, whatever browser they come from: who has signed in from many browsers has no more guesses than others.
func (s *Sessions) takeCode(ctx context.Context, user User, code string) error {
	if user.Factor == "" {
		return nil
	}
	code = strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(code))
	if code == "" {
		return ballot.Errorf(CodeNeedsCode, "请输入手机上的验证码，或一个恢复码", "give the code of your phone's app, or a recovery code")
	}
	key := "code\x00" + user.Name
	if wait := s.backoff.Begin(key, s.now()); wait > 0 {
		return &WaitError{Wait: wait}
	}
	step, err := s.matches(user, code)
	if err != nil {
		return err
	}
	if step > 0 {
		err = s.factors.TakeStep(ctx, user.Name, step)
	} else {
		err = s.factors.TakeRecovery(ctx, user.Name, Digest(asLetters.Replace(code)))
	}
	if c := ballot.CodeOf(err); c == ballot.CodeConflict || c == ballot.CodeNotFound {
		return wrongCode()
	}
	if err == nil {
		s.backoff.Succeed(key)
	}
	return err
}

// matches gives the step that a code is of, now or one before or after, which must be later than all that were taken;
// else 0.
func (s *Sessions) matches(user User, code string) (int64, error) {
	secret, err := s.secret(user.Name, user.Factor)
	if err != nil {
		return 0, err
	}
	text := base32.StdEncoding.EncodeToString(secret)
	now := s.now().Unix() / period
	for step := max(now-1, user.FactorStep+1); step <= now+1; step++ {
		ok, err := hotp.ValidateCustom(code, uint64(step), text, hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}) //nolint:gosec // of a time after 1970
		if ok && err == nil {
			return step, nil
		}
	}
	return 0, nil
}

// Digest is what is kept of a random token of 80 bits or more in its place.
func Digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
