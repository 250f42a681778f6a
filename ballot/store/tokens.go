package store

import (
	"context"
	"errors"
	"time"
)

// Token lets a program act for its owner. Its fields are those of the API's, so that one converts to the other.
type Token struct {
	Digest  string
	Owner   string
	Label   string
	Scopes  string
	Stamp   string
	Expires int64
	Used    string
}

type tokenRow struct {
	Digest  string `gorm:"primaryKey"`
	Owner   string
	Label   string
	Scopes  string
	Stamp   string
	Expires int64
	Used    string
}

func (tokenRow) TableName() string { return "tokens" }

// Token finds a token by its digest, also one that has expired.
func (s *Store) Token(ctx context.Context, digest string) (Token, error) {
	row, err := one[tokenRow](s.reads.WithContext(ctx), "token", "digest = ?", digest)
	return Token(row), err
}

// Tokens lists the tokens of an owner, or of all where owner is "", also those that have expired.
func (s *Store) Tokens(ctx context.Context, owner string) ([]Token, error) {
	var rows []tokenRow
	err := s.reads.WithContext(ctx).Where("?1 = '' OR owner = ?1", owner).Order("owner, label, digest").Find(&rows).Error
	out := make([]Token, len(rows))
	for i, r := range rows {
		out[i] = Token(r)
	}
	return out, err
}

// CreateToken keeps a new token of its owner.
func (s *Store) CreateToken(ctx context.Context, t Token) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if err := errors.Join(tx.look(""), tx.may(t.Owner, "create-token", "")); err != nil {
			return err
		}
		row := tokenRow(t)
		if err := tx.db.Create(&row).Error; err != nil {
			return err
		}
		return tx.log(t.Owner, "", "create_token", t.Label+" "+t.Scopes+", "+time.Unix(t.Expires, 0).UTC().Format(time.DateOnly))
	})
}

// RevokeToken deletes a token of an owner, or anybody's where owner is "".
func (s *Store) RevokeToken(ctx context.Context, actor, digest, owner string) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if err := errors.Join(tx.look(""), tx.may(actor, "revoke-token", "")); err != nil {
			return err
		}
		row, err := one[tokenRow](tx.db, "token", "digest = ?1 AND (?2 = '' OR owner = ?2)", digest, owner)
		if err != nil {
			return err
		}
		if err := tx.db.Delete(&row).Error; err != nil {
			return err
		}
		return tx.log(actor, "", "revoke_token", row.Owner+" "+row.Label)
	})
}

// UsedToken notes the day on which a token was used.
func (s *Store) UsedToken(ctx context.Context, digest, day string) error {
	return s.writes.WithContext(ctx).Model(&tokenRow{}).Where("digest = ?", digest).Update("used", day).Error
}
