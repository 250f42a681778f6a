package access

import (
	"slices"

	"pingyi/ballot"
)

// scopes are what a token may be given, as operations: a program reads, or feeds scans. Nothing that a person vouches for
// is in any scope: no token types counts, decides, balances, signs, ends a meeting or touches accounts; nor is a batch with void
// leaves, for which a scrutineer vouches in the same request, closed by one.
var scopes = map[string][]string{
	"meetings:read": {"list-meetings", "get-meeting", "get-roster", "get-groups", "get-venues", "get-rules", "get-forms"},
	"ledger:read":   {"get-ledger"},
	"results:read":  {"results", "statement", "summary", "feedback"},
	"record:read":   {"acts", "all-acts", "checkpoint", "checkpoints", "signatures"},
	"system:read":   {"system-status", "metrics"},
	"scans:write":   {"list-batches", "get-batch", "open-batch", "upload-scans", "batch-events", "list-batch-pages", "close-batch"},
}

// Scopes are those of which a role may perform some operation, sorted.
func Scopes(role ballot.Role) []string {
	out := []string{}
	for scope, operations := range scopes {
		if slices.ContainsFunc(operations, func(op string) bool { return Allow(op, role) == nil }) {
			out = append(out, scope)
		}
	}
	slices.Sort(out)
	return out
}

// ScopeOf is the scope that holds an operation; "" where no token may perform it.
func ScopeOf(operation string) string {
	for scope, operations := range scopes {
		if slices.Contains(operations, operation) {
			return scope
		}
	}
	return ""
}

// AllowScoped checks that a token with some scopes may perform an operation that its owner's role may.
func AllowScoped(operation string, given []string) error {
	if scope := ScopeOf(operation); scope != "" && slices.Contains(given, scope) {
		return nil
	}
	return ballot.Errorf(ballot.CodeForbidden, "令牌没有该权限", "the token's scopes do not hold this")
}
