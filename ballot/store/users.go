package store

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"pingyi/ballot"
	"pingyi/ballot/access"
)

// User is an account. Its fields are those of the API's, so that one converts to the other.
type User struct {
	Name     string
	Role     ballot.Role
	Hash     string
	Disabled bool
	Own      bool
	SetAt    int64

	Factor     string
	FactorStep int64
	Recovery   string
}

type userRow struct {
	Name     string `gorm:"primaryKey"`
	Role     ballot.Role
	Hash     string
	Disabled bool
	Own      bool
	SetAt    int64

	Factor     string
	FactorStep int64
	Recovery   string
}

func (userRow) TableName() string { return "users" }

// User finds an account by its exact name.
func (s *Store) User(ctx context.Context, name string) (User, error) {
	row, err := one[userRow](s.reads.WithContext(ctx), "user", "name = ?", name)
	return User(row), err
}

// Users lists all accounts by name.
func (s *Store) Users(ctx context.Context) ([]User, error) {
	var rows []userRow
	err := s.reads.WithContext(ctx).Order("name").Find(&rows).Error
	out := make([]User, len(rows))
	for i, r := range rows {
		out[i] = User(r)
	}
	return out, err
}

// CreateUser adds an account; a name that is taken is ballot.CodeConflict.
func (s *Store) CreateUser(ctx context.Context, actor string, u User) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if err := tx.may(actor, "create-user", ""); err != nil {
			return err
		}
		return tx.createUser(actor, u)
	})
}

func (t *Tx) createUser(actor string, u User) error {
	if strings.ContainsFunc(u.Name, unicode.IsSpace) { // as those of the machine itself are, see may
		return ballot.Errorf(ballot.CodeInvalid, "用户名不能有空格", "the name of a user has no spaces")
	}
	if err := t.look(""); err != nil {
		return err
	}
	row := userRow(u)
	err := t.db.Create(&row).Error
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return ballot.Errorf(ballot.CodeConflict, "用户“%s”已存在", "user %q exists already", u.Name)
	}
	if err != nil {
		return err
	}
	return t.log(actor, "", "create_user", u.Name+" "+string(u.Role))
}

// HasAdmin tells whether anybody can administer the service.
func (s *Store) HasAdmin(ctx context.Context) (bool, error) {
	return hasAdmin(s.reads.WithContext(ctx))
}

func hasAdmin(db *gorm.DB) (bool, error) {
	row, err := found[userRow](db, "role = ? AND NOT disabled", ballot.RoleAdmin)
	return row != nil, err
}

// MakeFirst makes an administrator where there is none; where there is one it is ballot.CodeNotFound.
func (s *Store) MakeFirst(ctx context.Context, u User) error {
	return s.InTx(ctx, func(tx *Tx) error {
		has, err := hasAdmin(tx.db)
		if err != nil {
			return err
		}
		if has {
			return ballot.Errorf(ballot.CodeNotFound, "已有管理员，链接作废", "there is an administrator: the link is void")
		}
		return tx.createUser(u.Name, u)
	})
}

// UpdateUser changes role, password or whether the account is disabled. Read is the account as the change was made of:
// where somebody else has changed it since, nothing is, and the error is ballot.CodeConflict.
func (s *Store) UpdateUser(ctx context.Context, actor string, read, u User) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if err := tx.look(""); err != nil {
			return err
		}
		operation := "update-user"
		if actor == u.Name {
			operation = "change-password"
		}
		if err := tx.may(actor, operation, ""); err != nil {
			return err
		}
		old, err := one[userRow](tx.db, "user", "name = ?", u.Name)
		if err != nil {
			return err
		}
		if old.Role != read.Role || old.Hash != read.Hash || old.Disabled != read.Disabled || old.Own != read.Own || old.SetAt != read.SetAt {
			return ballot.Errorf(ballot.CodeConflict, "该账号刚被他人修改，请刷新后重试", "somebody else changed the account: load it again")
		}
		row := userRow(u)
		if err := tx.db.Model(&row).Select("role", "hash", "disabled", "own", "set_at").Updates(&row).Error; err != nil {
			return err
		}
		detail := u.Name + " " + string(u.Role)
		if u.Hash != old.Hash {
			detail += ", new password"
		}
		if u.Disabled {
			detail += ", disabled"
		}
		return tx.log(actor, "", "update_user", detail)
	})
}

// may asks the table of access in the transaction of an act, since meeting and account may have changed after the request
// was let in: may this be done while the meeting is in the state ("" = it is of none), and by the actor? A name without
// an account is a job's or the command line's: no account is ever deleted, and none has their names, which have spaces.
func (t *Tx) may(actor, operation string, state ballot.State) error {
	err := t.mayDo(actor, operation)
	if ballot.CodeOf(err) == ballot.CodeNotFound {
		err = nil
	}
	return errors.Join(access.In(operation, state), err)
}

// acting loads a meeting for an act on it that may be done now.
func (t *Tx) acting(actor, operation, meeting string) (ballot.Meeting, error) {
	m, err := t.meeting(meeting)
	if err == nil {
		err = t.may(actor, operation, m.State)
	}
	return m, err
}

// mayDo refuses an operation to who has no account, or one that by now is closed or of another role.
func (t *Tx) mayDo(name, operation string) error {
	u, err := one[userRow](t.db, "user", "name = ?", name)
	if err != nil {
		return err
	}
	if u.Disabled {
		return ballot.Errorf(ballot.CodeForbidden, "该账号已停用", "the account is disabled")
	}
	return access.Allow(operation, u.Role)
}

// EndedSession records that somebody ended a session by hand: their own, or another user's.
func (s *Store) EndedSession(ctx context.Context, actor, user string) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if err := tx.look(""); err != nil {
			return err
		}
		return tx.log(actor, "", "end_session", user)
	})
}

type sessionRow struct {
	Token  string `gorm:"primaryKey"`
	Data   []byte
	Expiry int64
}

func (sessionRow) TableName() string { return "sessions" }

// Sessions keeps sessions as scs wants them; tokens come hashed.
type Sessions struct{ s *Store }

// Sessions is the store of sessions.
func (s *Store) Sessions() Sessions { return Sessions{s} }

// Find gives a session's data; an expired one is not found.
func (k Sessions) Find(token string) ([]byte, bool, error) {
	row, err := found[sessionRow](k.s.reads, "token = ? AND expiry > ?", token, k.s.now().Unix())
	if row == nil || err != nil {
		return nil, false, err
	}
	return row.Data, true, nil
}

// Commit saves a session and sweeps expired ones.
func (k Sessions) Commit(token string, data []byte, expiry time.Time) error {
	if err := k.s.writes.Where("expiry <= ?", k.s.now().Unix()).Delete(&sessionRow{}).Error; err != nil {
		return err
	}
	row := sessionRow{token, data, expiry.Unix()}
	return k.s.writes.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
}

// Delete removes a session.
func (k Sessions) Delete(token string) error {
	return k.s.writes.Where("token = ?", token).Delete(&sessionRow{}).Error
}

// All gives the data of every session that has not expired, by its hashed token.
func (k Sessions) All() (map[string][]byte, error) {
	var rows []sessionRow
	err := k.s.reads.Where("expiry > ?", k.s.now().Unix()).Find(&rows).Error
	out := map[string][]byte{}
	for _, r := range rows {
		out[r.Token] = r.Data
	}
	return out, err
}
