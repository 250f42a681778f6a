package auth

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"github.com/alexedwards/scs/v2"

	"pingyi/ballot"
)

// Store keeps sessions and lists them. What it lists them by is a hash of the cookie, and opens none of them.
type Store interface {
	scs.Store
	scs.IterableStore
}

// Active is a session somebody is signed in by. Its id names it to people and opens nothing.
type Active struct {
	ID      string
	User    User
	Since   time.Time
	Expires time.Time
	Current bool // the session of this request
}

// Active lists the sessions that are good now, the newest first: those of one user, or of all where name is "".
// Sessions from before a change of password or role, and those of disabled users, are good no more.
func (s *Sessions) Active(ctx context.Context, name string) ([]Active, error) {
	all, err := s.store.All()
	if err != nil {
		return nil, err
	}
	mine := idOf(storeKey(s.scs.Token(ctx)))
	out := []Active{}
	for key, raw := range all {
		deadline, values, err := s.scs.Codec.Decode(raw)
		if err != nil {
			return nil, err
		}
		who, _ := values[keyUser].(string)
		if who == "" || name != "" && who != name || !deadline.After(s.now()) {
			continue
		}
		user, err := s.users.User(ctx, who)
		if ballot.CodeOf(err) == ballot.CodeNotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		if mark, _ := values[keyStamp].(string); user.Disabled || mark != stamp(user) {
			continue
		}
		id := idOf(key)
		out = append(out, Active{id, user, deadline.Add(-lifetime), deadline, id == mine})
	}
	slices.SortFunc(out, func(a, b Active) int { return cmp.Or(b.Since.Compare(a.Since), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}

// End ends the session of that id, one of the user's own, or any where name is "", and says whose it was.
func (s *Sessions) End(ctx context.Context, id, name string) (whose string, err error) {
	list, err := s.Active(ctx, name)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(list, func(a Active) bool { return a.ID == id })
	if at < 0 {
		return "", ballot.Errorf(ballot.CodeNotFound, "没有该登录，可能已经退出", "no such session; it may have ended")
	}
	all, err := s.store.All()
	if err != nil {
		return "", err
	}
	var faults []error
	for key := range all {
		if idOf(key) == id {
			faults = append(faults, s.store.Delete(key))
		}
	}
	return list[at].User.Name, errors.Join(faults...)
}

// idOf is a short name for what the store keeps a session by.
func idOf(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:8])
}

// storeKey is what scs keeps a session by, as HashTokenInStore makes it of the cookie's token.
func storeKey(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
