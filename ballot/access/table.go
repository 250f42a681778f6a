package access

import "pingyi/ballot"

var (
	public   = Access{public: true}
	everyone = only(ballot.Roles()...)
	admin    = only(ballot.RoleAdmin)
	printing = only(ballot.RolePrinting)
	scanning = only(ballot.RoleScanning)
	teller   = only(ballot.RoleScrutineer)
	bureau   = only(ballot.RoleCommittee)
	auditor  = only(ballot.RoleAuditor)
	// floor are the people who count paper by hand: printing what is issued, scanning what comes back.
	// Scrutineers may be the second person for either.
	floor    = only(ballot.RolePrinting, ballot.RoleScanning)
	watching = only(ballot.RoleScanning, ballot.RoleScrutineer)
	// A trial run counts nothing and keeps nothing: whoever sets up, prints or scans may make one.
	trial = only(ballot.RoleAdmin, ballot.RolePrinting, ballot.RoleScanning).while(ballot.Draft, ballot.Sealed, ballot.Open)
	// figures are for scrutineers from balanced on, so that they can check what they certify, and for the committee
	// and auditors once they are released; for nobody else, ever.
	figures = teller.while(ballot.Balanced, ballot.Certified, ballot.Released, ballot.Archived).
		or(bureau.while(ballot.Released, ballot.Archived)).or(auditor.while(ballot.Released, ballot.Archived)).refusedAs(ballot.CodeNotReleased)

	drafting   = admin.while(ballot.Draft)
	issuing    = printing.while(ballot.Sealed, ballot.Open)
	feeding    = scanning.while(ballot.Open)
	typing     = teller.while(ballot.Balanced)
	concluding = bureau.while(ballot.Released)
	ending     = only(ballot.RoleAdmin, ballot.RoleCommittee)
)

// table is every operation of the API with the roles that may perform it and, where it is of a meeting, the states
// in which each of them may: the admin sets up and never marks, decides or certifies. An operation that is not here
// may be performed by nobody. The service asks before it looks at a request, and the store asks again within the
// transaction that changes anything.
var table = map[string]Access{
	"health": public, "ready": public, "version": public,
	"checkpoint": everyone, "checkpoints": everyone, // they vouch for the record and tell nothing of it

	"login": public, "first-admin": public, "first-open": public, "logout": everyone, "me": everyone, "change-password": everyone,
	"list-sessions": everyone, "end-session": everyone, // one's own; the admin everybody's
	"list-users": admin, "create-user": admin, "update-user": admin,
	"new-factor": admin, "confirm-factor": admin, "reset-factor": admin,
	"list-tokens": everyone, "create-token": everyone, "revoke-token": everyone, // as sessions

	"list-meetings": everyone, "get-meeting": everyone,
	"create-meeting": admin, "update-meeting": drafting,
	"get-roster": everyone, "put-roster": drafting, "upload-roster": drafting, "upload-roll": drafting,
	"read-roster": admin, "order-roster": admin, "preview-form": admin,
	"roster-template": admin, "roll-template": admin,
	"get-groups": everyone, "put-groups": drafting, "get-venues": everyone, "put-venues": drafting,
	"get-rules": everyone, "put-rules": drafting, "check-meeting": admin,
	"list-blanks": admin, "get-blank": admin, "blank-picture": admin,
	"upload-blank": drafting, "settle-blank": drafting, "confirm-blank": drafting, "remove-blank": drafting,
	"seal": drafting, "unseal": admin.while(ballot.Sealed), "open-meeting": admin.while(ballot.Sealed),
	"print-trial": trial, "read-trial": trial,
	"get-forms": everyone, "print-master": issuing, "print-copies": issuing, "record-copies": issuing,
	"sign-in-sheet": printing,

	"get-ledger":   only(ballot.RoleAdmin, ballot.RolePrinting, ballot.RoleScanning, ballot.RoleScrutineer),
	"enter-ledger": floor.while(ballot.Open), "confirm-ledger": only(ballot.RolePrinting, ballot.RoleScanning, ballot.RoleScrutineer).while(ballot.Open),

	"list-batches": watching, "get-batch": watching,
	"open-batch": feeding, "upload-scans": feeding, "batch-events": watching,
	"list-batch-pages": scanning, "batch-page-picture": scanning, "dispose-page": feeding,
	"close-batch": feeding, "discard-batch": feeding, "pause-batch": feeding, "watch-folder": feeding,

	"list-pages": teller, "get-page": teller, "page-picture": teller, "row-picture": teller, "writing-picture": teller,
	"adjudication-queue": teller, "list-decisions": teller, "decide": teller.while(ballot.Open), "set-aside": teller.while(ballot.Open),
	// Handwriting is for those who count, and for nobody who is appraised or decides about them.
	"list-comments": typing, "comment-picture": typing, "type-comment": typing,
	"balance": teller.while(ballot.Open), "back-to-open": teller.while(ballot.Balanced), "certify": teller.while(ballot.Balanced), "reopen": teller.while(ballot.Certified),

	// Before certifying, scrutineers count paper by hand; what came of it goes with the result.
	"get-audit":       teller.or(bureau.while(ballot.Released, ballot.Archived)),
	"make-audit-code": teller.while(ballot.Sealed, ballot.Open),
	"commit-audit":    teller.while(ballot.Balanced), "enter-dice": teller.while(ballot.Balanced), "count-bundle": teller.while(ballot.Balanced),
	"compare-audit": teller.while(ballot.Balanced), "accept-audit": teller.while(ballot.Balanced),

	"signatures": only(ballot.RoleScrutineer, ballot.RoleCommittee),
	"release":    bureau.while(ballot.Certified),
	"results":    figures,
	"statement":  figures,
	"summary":    figures,

	// What the committee concludes stands beside the count, and is nobody else's.
	"conclude": concluding, "set-overall-cap": concluding, "feedback": bureau.while(ballot.Released, ballot.Archived).refusedAs(ballot.CodeNotReleased),

	// The committee ends a meeting. Once the set day has come the admin may destroy its ballots, too, or the service does.
	"get-archive": ending, "export-records": bureau.while(ballot.Released), "download-records": bureau.while(ballot.Released), "archive": bureau.while(ballot.Released),
	"postpone-destruction": bureau.while(ballot.Archived), "destroy-ballots": ending.while(ballot.Archived),

	// Single ballots leave the house by auditors alone, two together, where service and rules allow it.
	"get-cvr": auditor, "export-cvr": auditor.while(ballot.Released), "download-cvr": auditor.while(ballot.Released),

	"acts":     only(ballot.RoleAdmin, ballot.RoleScrutineer, ballot.RoleCommittee),
	"all-acts": admin, "system-status": admin,
	"metrics": admin,
}
