package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"pingyi/ballot"
)

// SetFactor gives an account the second factor of u, or takes it away where that is none. Where somebody else than the owner
// does so, sessions and tokens of before end, as with every change by others.
func (s *Store) SetFactor(ctx context.Context, actor string, u User) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if err := tx.look(""); err != nil {
			return err
		}
		old, err := one[userRow](tx.db, "user", "name = ?", u.Name)
		if err != nil {
			return err
		}
		operation, row := "confirm-factor", userRow(u)
		row.SetAt = old.SetAt
		if actor != u.Name {
			operation, row.SetAt = "reset-factor", max(s.now().Unix(), old.SetAt+1) // never the same twice
		}
		if err := tx.may(actor, operation, ""); err != nil {
			return err
		}
		if err := tx.db.Model(&row).Select("factor", "factor_step", "recovery", "set_at").Updates(&row).Error; err != nil {
			return err
		}
		if u.Factor == "" {
			return tx.log(actor, "", "reset_factor", u.Name)
		}
		return tx.log(actor, "", "set_factor", u.Name)
	})
}

// TakeStep takes the code of a step of an account's second factor. Where that one, or a later one, was taken before,
// the error is ballot.CodeConflict.
func (s *Store) TakeStep(ctx context.Context, name string, step int64) error {
	taken := s.writes.WithContext(ctx).Model(&userRow{}).Where("name = ? AND factor_step < ?", name, step).Update("factor_step", step)
	if taken.Error == nil && taken.RowsAffected == 0 {
		return ballot.Errorf(ballot.CodeConflict, "该验证码已用过", "this code was used before")
	}
	return taken.Error
}

// TakeRecovery takes a recovery code by its digest. One that is not there, or not any more, is ballot.CodeNotFound.
func (s *Store) TakeRecovery(ctx context.Context, name, digest string) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if err := tx.look(""); err != nil {
			return err
		}
		row, err := one[userRow](tx.db, "user", "name = ?", name)
		if err != nil {
			return err
		}
		left := strings.Fields(row.Recovery)
		i := slices.Index(left, digest)
		if i < 0 {
			return ballot.Errorf(ballot.CodeNotFound, "没有这个恢复码", "no such recovery code")
		}
		left = slices.Delete(left, i, i+1)
		if err := tx.db.Model(&row).Update("recovery", strings.Join(left, " ")).Error; err != nil {
			return err
		}
		return tx.log(name, "", "use_recovery_code", fmt.Sprintf("%d left", len(left)))
	})
}
