package store

import (
	"errors"

	"github.com/mattn/go-sqlite3"
	"gorm.io/driver/sqlite"

	"pingyi/ballot"
)

// OfMachine names a failure of the database that is the machine's: no room, no right to write, held by somebody else,
// damaged. Others stay as they are.
func OfMachine(err error) error {
	var failed sqlite3.Error
	if ballot.CodeOf(err) != "" || !errors.As(err, &failed) {
		return ballot.OfMachine(err)
	}
	if named := ballot.OfMachine(failed.SystemErrno); failed.SystemErrno != 0 && ballot.CodeOf(named) != "" {
		return ballot.NewMachineError(ballot.CodeOf(named), err)
	}
	switch failed.Code {
	case sqlite3.ErrFull:
		return ballot.NewMachineError(ballot.CodeDiskFull, err)
	case sqlite3.ErrReadonly, sqlite3.ErrCantOpen, sqlite3.ErrPerm:
		return ballot.NewMachineError(ballot.CodeReadOnly, err)
	case sqlite3.ErrBusy, sqlite3.ErrLocked, sqlite3.ErrProtocol:
		return ballot.NewMachineError(ballot.CodeBusy, err)
	case sqlite3.ErrIoErr, sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		return ballot.NewMachineError(ballot.CodeDiskFailed, err)
	}
	return err
}

// naming is the dialect whose errors have their names already: not every statement runs in InTx.
type naming struct{ *sqlite.Dialector }

// Translate is called by gorm for every error.
func (d naming) Translate(err error) error { return OfMachine(d.Dialector.Translate(err)) }
