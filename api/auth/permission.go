package auth

import (
	"slices"

	"pingyi/ballot"
)

// Access says who may perform an operation.
type Access struct {
	public bool
	roles  []ballot.Role
}

// Public operations need no session.
func (a Access) Public() bool { return a.public }

// Roles that may perform the operation; nil for public ones.
func (a Access) Roles() []ballot.Role { return a.roles }

func only(roles ...ballot.Role) Access { return Access{roles: roles} }

var (
	public   = Access{public: true}
	everyone = only(ballot.Roles()...)
	admin    = only(ballot.RoleAdmin)
	printing = only(ballot.RolePrinting)
	scanning = only(ballot.RoleScanning)
	teller   = only(ballot.RoleScrutineer)
	bureau   = only(ballot.RoleCommittee)
	// floor are the people who count paper by hand: printing what is issued, scanning what comes back.
	// Scrutineers may be the second person for either.
	floor = only(ballot.RolePrinting, ballot.RoleScanning)
)

// table is every operation of the API with the roles that may perform it: the admin sets up and never
// marks, decides or certifies; figures of a count are for scrutineers (from balanced) and the committee
// (from released). An operation that is not here may be performed by nobody.
var table = map[string]Access{
	"health": public, "ready": public, "version": public,

	"login": public, "logout": everyone, "me": everyone, "change-password": everyone,
	"list-sessions": everyone, "end-session": everyone, // one's own; the admin everybody's
	"list-users": admin, "create-user": admin, "update-user": admin,

	"list-meetings": everyone, "get-meeting": everyone,
	"create-meeting": admin, "update-meeting": admin,
	"get-roster": everyone, "put-roster": admin, "upload-roster": admin, "upload-roll": admin,
	"read-roster": admin, "order-roster": admin, "preview-form": admin,
	"roster-template": admin, "roll-template": admin,
	"get-groups": everyone, "put-groups": admin, "get-venues": everyone, "put-venues": admin,
	"get-rules": everyone, "put-rules": admin, "check-meeting": admin,
	"list-blanks": admin, "get-blank": admin, "blank-picture": admin, "upload-blank": admin, "settle-blank": admin, "confirm-blank": admin, "remove-blank": admin,
	"seal": admin, "unseal": admin, "open-meeting": admin,
	// A trial run counts nothing and keeps nothing: whoever sets up, prints or scans may make one.
	"print-trial": only(ballot.RoleAdmin, ballot.RolePrinting, ballot.RoleScanning), "read-trial": only(ballot.RoleAdmin, ballot.RolePrinting, ballot.RoleScanning),
	"get-forms": everyone, "print-master": printing, "print-copies": printing, "record-copies": printing, "sign-in-sheet": printing,

	"get-ledger":   only(ballot.RoleAdmin, ballot.RolePrinting, ballot.RoleScanning, ballot.RoleScrutineer),
	"enter-ledger": floor, "confirm-ledger": only(ballot.RolePrinting, ballot.RoleScanning, ballot.RoleScrutineer),

	"list-batches": only(ballot.RoleScanning, ballot.RoleScrutineer), "get-batch": only(ballot.RoleScanning, ballot.RoleScrutineer),
	"open-batch": scanning, "upload-scans": scanning, "batch-events": only(ballot.RoleScanning, ballot.RoleScrutineer),
	"list-batch-pages": scanning, "batch-page-picture": scanning, "dispose-page": scanning,
	"close-batch": scanning, "discard-batch": scanning, "pause-batch": scanning, "watch-folder": scanning,

	"list-pages": teller, "get-page": teller, "page-picture": teller, "row-picture": teller, "writing-picture": teller,
	"adjudication-queue": teller, "list-decisions": teller, "decide": teller, "set-aside": teller,
	// Handwriting is for those who count, and for nobody who is appraised or decides about them.
	"list-comments": teller, "comment-picture": teller, "type-comment": teller,
	"balance": teller, "back-to-open": teller, "certify": teller, "reopen": teller,

	"release": bureau, "archive": bureau,
	"results":   only(ballot.RoleScrutineer, ballot.RoleCommittee),
	"statement": only(ballot.RoleScrutineer, ballot.RoleCommittee),
	"summary":   only(ballot.RoleScrutineer, ballot.RoleCommittee),

	// What the committee concludes stands beside the count, and is nobody else's.
	"conclude": bureau, "set-overall-cap": bureau, "feedback": bureau,

	"acts":     only(ballot.RoleAdmin, ballot.RoleScrutineer, ballot.RoleCommittee),
	"all-acts": admin, "system-status": admin,
	"metrics": admin,
}

// ledgerFields is which of the two counting roles types which number: printing counts what goes out,
// scanning what comes back.
var ledgerFields = map[ballot.LedgerField]ballot.Role{
	ballot.Present: ballot.RolePrinting, ballot.Issued: ballot.RolePrinting, ballot.Spoiled: ballot.RolePrinting,
	ballot.NotReturned: ballot.RoleScanning, ballot.Returned: ballot.RoleScanning,
}

// Lookup finds an operation's entry in the table.
func Lookup(operation string) (Access, bool) {
	a, ok := table[operation]
	return a, ok
}

// Operations lists what a role may do, sorted.
func Operations(role ballot.Role) []string {
	out := []string{}
	for op, a := range table {
		if a.public || slices.Contains(a.roles, role) {
			out = append(out, op)
		}
	}
	slices.Sort(out)
	return out
}

// All lists every operation of the table, sorted.
func All() []string {
	out := make([]string, 0, len(table))
	for op := range table {
		out = append(out, op)
	}
	slices.Sort(out)
	return out
}

// Allow checks that user (the zero User is nobody) may perform an operation.
func Allow(operation string, user User) error {
	a, ok := table[operation]
	if ok && a.public {
		return nil
	}
	if user.Name == "" {
		return ballot.Errorf(ballot.CodeUnauthenticated, "请先登录", "sign in first")
	}
	if !ok || !slices.Contains(a.roles, user.Role) {
		return ballot.Errorf(ballot.CodeForbidden, "您的角色（%s）不能进行该操作", "the role %s may not do this", user.Role)
	}
	return nil
}

// AllowField checks that user, who may enter or confirm numbers at all, may do so with this field.
func AllowField(field ballot.LedgerField, user User) error {
	role, ok := ledgerFields[field]
	if !ok {
		return ballot.Errorf(ballot.CodeInvalid, "台账没有“%s”一项", "the ledger has no field %q", string(field))
	}
	if role != user.Role && user.Role != ballot.RoleScrutineer {
		return ballot.Errorf(ballot.CodeForbidden, "“%[1]s”一项由 %[2]s 角色录入", "field %[1]s is entered by the role %[2]s", string(field), string(role))
	}
	return nil
}
