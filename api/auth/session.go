package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/alexedwards/scs/v2"

	"pingyi/ballot"
)

// lifetime of a session: one long working day.
const lifetime = 12 * time.Hour

// hashesAtOnce bounds the memory that signing in may take: each hash needs Cost.Memory.
const hashesAtOnce = 2

// Sessions signs people in and out and remembers who they are, by a cookie that no script can read and
// no other site can make a browser send.
type Sessions struct {
	scs     *scs.SessionManager
	store   Store
	users   Users
	factors Factors
	tokens  Tokens
	cost    Cost
	backoff *Backoff
	places  *Rates // attempts of unknown browsers to sign in, by address
	browser browsers
	now     func() time.Time
	hashing chan struct{}
	decoy   string // hash that an unknown user's password is compared with

	factorKey func() ([]byte, error)
}

// Config is what NewSessions needs.
type Config struct {
	Users   Users
	Store   Store
	Cost    Cost
	Now     func() time.Time
	Secure  bool // restricts cookies to HTTPS
	Factors Factors
	Tokens  Tokens
	Key     func() ([]byte, error) // of which secrets of second factors are made, and the key of sessions
	SignIns int                    // attempts of unknown browsers of one address, at once; one more every ten seconds; 0 = no bound
}

// NewSessions sets the cookie's attributes and the store. Sessions outlast a restart with the same key.
func NewSessions(c Config) (*Sessions, error) {
	key, err := c.Key()
	if err != nil {
		return nil, err
	}
	store, err := newSealed(c.Store, key)
	if err != nil {
		return nil, err
	}
	m := scs.New()
	m.Store = store
	m.Lifetime = lifetime
	m.HashTokenInStore = true // a copy of the database opens no session
	m.Cookie.Name = "pingyi_session"
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteStrictMode
	m.Cookie.Secure = c.Secure
	m.Cookie.Persist = false
	return &Sessions{scs: m, store: store, users: c.Users, factors: c.Factors, tokens: c.Tokens, factorKey: c.Key, cost: c.Cost, backoff: NewBackoff(),
		places: NewRates(0.1, c.SignIns), browser: newBrowsers(), now: c.Now,
		hashing: make(chan struct{}, hashesAtOnce), decoy: decoy(c.Cost)}, nil
}

// Middleware loads and saves the session around next; fail answers where the store is broken.
func (s *Sessions) Middleware(next http.Handler, fail func(http.ResponseWriter, *http.Request, error)) http.Handler {
	s.scs.ErrorFunc = fail
	return s.scs.LoadAndSave(next)
}

// Keys of a session's values.
const (
	keyUser  = "user"
	keyStamp = "stamp"
)

// Caller is where an attempt to sign in comes from.
type Caller struct {
	Address string
	Browser string // the cookie by which a browser is known
}

// attempt counts an attempt to sign in: of a known browser under its own key, of others under the name and under the
// address that they come from. Where it comes too fast, the wait is the error.
func (s *Sessions) attempt(name string, from Caller) (key string, err error) {
	now := s.now()
	if nonce := s.browser.known(from.Browser, name); nonce != "" {
		key = "browser\x00" + name + "\x00" + nonce
	} else {
		key = "name\x00" + name
		if wait := s.places.Wait(from.Address, now); wait > 0 {
			return "", &WaitError{Wait: wait}
		}
	}
	if wait := s.backoff.Begin(key, now); wait > 0 {
		return "", &WaitError{Wait: wait}
	}
	return key, nil
}

// SignIn checks the password, starts a new session and gives the cookie by which the browser is known from now on.
// A wait is part of the error where attempts come too fast. A user who has a second factor is asked for its code once
// the password is right.
func (s *Sessions) SignIn(ctx context.Context, name, password, code string, from Caller) (User, string, error) {
	key, err := s.attempt(name, from)
	if err != nil {
		return User{}, "", err
	}
	user, err := s.account(ctx, name, password)
	if err != nil {
		return User{}, "", err
	}
	if err := s.takeCode(ctx, user, code); err != nil {
		return User{}, "", err
	}
	s.backoff.Succeed(key)
	return user, s.browser.remember(from.Browser, name), s.start(ctx, user)
}

// account is the open account that has this name and password. Unknown and closed ones take the same work and get the
// same answer as wrong passwords.
func (s *Sessions) account(ctx context.Context, name, password string) (User, error) {
	user, err := s.users.User(ctx, name)
	unknown := ballot.CodeOf(err) == ballot.CodeNotFound
	if err != nil && !unknown {
		return User{}, err
	}
	hash := user.Hash
	if unknown || user.Disabled {
		hash = s.decoy
	}
	ok, err := s.verify(ctx, hash, password)
	if err != nil {
		return User{}, err
	}
	if !ok || unknown || user.Disabled {
		return User{}, ballot.Errorf(CodeCredentials, "用户名或密码不正确", "user name or password is wrong")
	}
	return user, nil
}

func (s *Sessions) start(ctx context.Context, user User) error {
	if err := s.scs.RenewToken(ctx); err != nil {
		return err
	}
	s.scs.SetDeadline(ctx, s.now().Add(lifetime))
	s.scs.Put(ctx, keyUser, user.Name)
	s.scs.Put(ctx, keyStamp, stamp(user))
	return nil
}

func (s *Sessions) verify(ctx context.Context, hash, password string) (bool, error) {
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	return VerifyPassword(hash, password)
}

// SignOut ends the session.
func (s *Sessions) SignOut(ctx context.Context) error { return s.scs.Destroy(ctx) }

// Current is the user of the session. Nobody, a disabled user, and a session from before a change of
// password or role are errors with ballot.CodeUnauthenticated. So is one past the end that its seal says, whatever the store does.
func (s *Sessions) Current(ctx context.Context) (User, error) {
	name := s.scs.GetString(ctx, keyUser)
	if name == "" || !s.scs.Deadline(ctx).After(s.now()) {
		return User{}, nobody()
	}
	user, good, err := s.holder(ctx, name, s.scs.GetString(ctx, keyStamp))
	if err == nil && !good {
		err = nobody()
	}
	if err != nil {
		return User{}, err
	}
	return user, nil
}

// holder is the account that a session or token was given to, and whether it is open and still has the stamp that it had.
func (s *Sessions) holder(ctx context.Context, name, given string) (u User, good bool, err error) {
	u, err = s.users.User(ctx, name)
	if ballot.CodeOf(err) == ballot.CodeNotFound {
		return User{}, false, nil
	}
	return u, err == nil && !u.Disabled && given == stamp(u), err
}

func nobody() error {
	return ballot.Errorf(ballot.CodeUnauthenticated, "请先登录", "sign in first")
}

// Lasts refuses where the session of a request was ended, or expired, since the request came; one by a token has none.
func (s *Sessions) Lasts(ctx context.Context) error {
	token := s.scs.Token(ctx)
	if token == "" {
		return nil
	}
	_, found, err := s.store.Find(storeKey(token))
	if err == nil && !found {
		err = nobody()
	}
	return err
}

// Confirm checks the password of the session's user again, who is at the keyboard now. Guesses are counted apart from
// those of signing in: whoever tries names from outside keeps nobody who is signed in from signing.
func (s *Sessions) Confirm(ctx context.Context, user User, password string) error {
	key := "confirm\x00" + user.Name
	if wait := s.backoff.Begin(key, s.now()); wait > 0 {
		return &WaitError{Wait: wait}
	}
	ok, err := s.verify(ctx, user.Hash, password)
	if err != nil {
		return err
	}
	if !ok {
		return ballot.Errorf(CodeCredentials, "密码不正确", "the password is wrong")
	}
	s.backoff.Succeed(key)
	return nil
}

// Beside checks name and password of somebody who stands beside the session's user and vouches for what they do. Guesses
// are counted apart, as those of Confirm are, so that whoever guesses here keeps nobody from signing.
func (s *Sessions) Beside(ctx context.Context, name, password string) (User, error) {
	key := "beside\x00" + name
	if wait := s.backoff.Begin(key, s.now()); wait > 0 {
		return User{}, &WaitError{Wait: wait}
	}
	user, err := s.account(ctx, name, password)
	if err == nil {
		s.backoff.Succeed(key)
	}
	return user, err
}

// MayVouch refuses an account that somebody else may hold: its password was set by somebody else, or somebody else made or
// changed the account less than fresh ago. One administrator with two accounts would be two persons.
func (s *Sessions) MayVouch(user User, fresh time.Duration) error {
	if !user.Own {
		return ballot.Errorf(CodeNotOwn, "现在的密码是别人设的，或是升级前设的，不能办由本人负责的事：请先在“我的账号”改成只有自己知道的密码",
			"your password was set by somebody else, or before an upgrade, and vouches for nothing: change it on your account page to one that only you know first")
	}
	if wait := time.Unix(user.SetAt, 0).Add(fresh).Sub(s.now()); wait > 0 {
		return ballot.Errorf(CodeTooFresh, "该账号刚由管理员新建或修改，再过 %d 分钟才能办这件由本人负责的事；也可以请另一人办",
			"an administrator made or changed this account just now: it can do this in %d minutes, as a person vouches for it; another person may do it now", int(wait.Minutes())+1)
	}
	return nil
}

// NewPassword checks the old password of the session's user and returns the hash of the new one.
func (s *Sessions) NewPassword(ctx context.Context, user User, old, password string) (string, error) {
	if err := s.Confirm(ctx, user, old); err != nil {
		return "", err
	}
	if old == password {
		return "", ballot.Errorf(CodePassword, "新密码不能与原密码相同", "the new password must differ from the old one")
	}
	return s.Hash(user.Name, password)
}

// Hash checks a new password and hashes it.
func (s *Sessions) Hash(user, password string) (string, error) {
	if err := CheckPassword(user, password); err != nil {
		return "", err
	}
	return HashPassword(password, s.cost), nil
}

// Restart gives the user of this request a new session, after their password changed.
func (s *Sessions) Restart(ctx context.Context, user User) error { return s.start(ctx, user) }

// stamp changes with the password, and whenever somebody else changes the account, and with it every older session and
// token ends: for good, also where the account becomes again what it was.
func stamp(u User) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d", u.Hash, u.Role, u.SetAt))
	return hex.EncodeToString(sum[:8])
}

// WaitError says that attempts or requests come too fast and how long to wait.
type WaitError struct {
	Wait time.Duration
	Code ballot.Code // "" = CodeAttempts
}

func (e *WaitError) seconds() int { return int((e.Wait + time.Second - 1) / time.Second) }

// RetryAfter is the wait as HTTP writes it: seconds, rounded up.
func (e *WaitError) RetryAfter() string { return strconv.Itoa(e.seconds()) }

// Error is the English text.
func (e *WaitError) Error() string { return e.Unwrap().Error() }

// Unwrap gives the domain error, with its code.
func (e *WaitError) Unwrap() error {
	if e.Code == CodeRequests {
		return ballot.Errorf(CodeRequests, "请求过多，请 %d 秒后再试", "too many requests: try again in %d seconds", e.seconds())
	}
	return ballot.Errorf(CodeAttempts, "登录尝试过多，请 %d 秒后再试", "too many attempts: try again in %d seconds", e.seconds())
}

type userKey struct{}

// With puts the signed-in user into a context.
func With(ctx context.Context, u User) context.Context { return context.WithValue(ctx, userKey{}, u) }

// From takes the signed-in user out of a context; the zero User is nobody.
func From(ctx context.Context) User {
	u, _ := ctx.Value(userKey{}).(User)
	return u
}
