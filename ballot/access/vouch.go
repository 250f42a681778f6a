package access

import "slices"

// vouched are the operations that count because a certain person, or a second one, does them: signatures, and all by which
// people decide what is counted. Whoever does one must hold the account alone, by a password of their own, and nobody else
// may have made or changed it just now: else an administrator would be as many persons as there are accounts.
var vouched = []string{
	"decide", "set-aside", "confirm-ledger", "balance",
	"make-audit-code", "enter-dice", "count-bundle", "compare-audit", "accept-audit",
	"certify", "reopen", "release", "export-records", "export-cvr", "download-cvr",
}

// Vouched tells whether an operation counts because of the person who does it.
func Vouched(operation string) bool { return slices.Contains(vouched, operation) }
