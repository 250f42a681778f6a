package auth

import (
	"context"

	"pingyi/ballot"
)

// The codes that signing in adds to the domain's.
const (
	CodeCredentials ballot.Code = "bad_credentials"   // user name and password do not go together
	CodeRequests    ballot.Code = "too_many_requests" // of one address or session
	CodeAttempts    ballot.Code = "too_many_attempts" // wait before the next attempt
	CodeNeedsCode   ballot.Code = "code_needed"       // the password is right; the second factor is asked for
	CodeWrongCode   ballot.Code = "bad_code"          // of the second factor
	CodePassword    ballot.Code = "weak_password"     // a new password is too short or too long
	CodeNotOwn      ballot.Code = "password_not_own"  // the password is the one that somebody else set
	CodeTooFresh    ballot.Code = "account_too_fresh" // somebody else changed the account a short time ago
)

// User is an account. One user has one role.
type User struct {
	Name     string
	Role     ballot.Role
	Hash     string // as HashPassword makes it
	Disabled bool
	// Own says that the owner chose the password; one that somebody else set is known to two people.
	Own bool
	// SetAt is when somebody else last made or changed the account, in seconds since 1970.
	SetAt int64

	Factor     string // of which, with a key, the second factor's secret is made; "" = none
	FactorStep int64  // the last step of 30 seconds since 1970 whose code was taken
	Recovery   string // digests of recovery codes that are left, with spaces between
}

// Users finds an account by its exact name; an unknown name is an error with ballot.CodeNotFound.
type Users interface {
	User(ctx context.Context, name string) (User, error)
}
