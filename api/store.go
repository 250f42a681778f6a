package api

// Store is everything that the API asks of the database, by concept; each part is described where it is
// used.
type Store interface {
	UserStore
	TokenStore
	MeetingStore
	SealStore
	BlankStore
	PrintStore
	LedgerStore
	PageStore
	AdjudicationStore
	CommentStore
	CountStore
	ResultStore
	ConclusionStore
	ArchiveStore
	AuditStore
	CVRStore
	ActStore
	HealthStore
	EvidenceStore
}
