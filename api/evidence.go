package api

import (
	"context"

	"pingyi/tally"
)

// EvidenceStore gives signed checkpoints of the log of all acts. They tell of no ballot and of no decision.
type EvidenceStore interface {
	Checkpoint(ctx context.Context) (Checkpoint, error)
	Checkpoints(ctx context.Context, meeting string) ([]Checkpoint, error)
}

// Checkpoint is a signed statement of what the whole log is.
type Checkpoint struct {
	tally.Checkpoint
	Verifier string `json:"verifier" doc:"the public key by which the note is checked"`
	Meeting  string `json:"meeting,omitempty" doc:"at whose change of state it was kept"`
}

// CheckpointList is checkpoints, the latest first.
type CheckpointList struct {
	Checkpoints []Checkpoint `json:"checkpoints" nullable:"false"`
}

func (s *server) registerEvidence() {
	add(s, route("GET", "/checkpoint", "checkpoint", "acts", "存证校验点 a signed checkpoint of the log as it is"), func(ctx context.Context, _ *struct{}) (*body[Checkpoint], error) {
		return answer(s.Store.Checkpoint(ctx))
	})
	add(s, route("GET", "/meetings/{meeting}/checkpoints", "checkpoints", "acts", "会议的存证校验点 those kept whenever the meeting changed its state"), func(ctx context.Context, in *InMeeting) (*body[CheckpointList], error) {
		list, err := s.Store.Checkpoints(ctx, in.Meeting)
		return answer(CheckpointList{append([]Checkpoint{}, list...)}, err)
	})
}
