// Package auth says who is at the other end of a request and what that person may do: passwords,
// sessions, a brake on guessing, and the one permission table of role by operation.
//
// It knows no routes and no storage: users come through the Users interface, session rows through
// scs.Store.
package auth
