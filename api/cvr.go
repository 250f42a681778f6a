package api

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"pingyi/ballot"
)

// CVRStore lets two auditors take the single ballots of a released meeting away, where its rules allow it.
type CVRStore interface {
	CVRExport(ctx context.Context, meeting string) (ballot.CVRExport, error)
	ExportCVR(ctx context.Context, actor, meeting, reason string) (Signed, error)
	// CastVotes refuses who did not sign; ballots come in an order drawn anew, by groups as counted and without ids.
	CastVotes(ctx context.Context, actor, meeting string) (m ballot.Meeting, votes []ballot.Leaf, err error)
	CVRDownloaded(ctx context.Context, actor, meeting, digest string, bytes int64) error
}

func (s *server) registerCVR() {
	const one = "/meetings/{meeting}/cvr"
	add(s, route("GET", one+"/export", "get-cvr", "cvr", "逐票记录导出情况 where the export of single ballots stands, and what it gives away"), s.getCVR)
	add(s, route("POST", one+"/export", "export-cvr", "cvr", "签认导出逐票记录 sign the export of single ballots, two auditors and a reason"), s.exportCVR)
	add(s, fileAnswer(route("GET", one, "download-cvr", "cvr", "下载逐票记录 single ballots as NIST SP 1500-103 JSON, in no order, for the two who signed"), cvrKind), s.downloadCVR)
}

const cvrKind = "application/json"

// cvrOff refuses where the service was not started with leave to let single ballots go.
func (s *server) cvrOff() error {
	if s.CVR {
		return nil
	}
	return ballot.Errorf(ballot.CodeRules, "本服务没有开启逐票记录导出（serve --cvr true）", "this service lets no single ballots go (serve --cvr true)")
}

func (s *server) getCVR(ctx context.Context, in *InMeeting) (*body[ballot.CVRExport], error) {
	if !s.CVR {
		return answer(ballot.CVRExport{}, nil)
	}
	return answer(s.Store.CVRExport(ctx, in.Meeting))
}

func (s *server) exportCVR(ctx context.Context, in *signInput) (*body[Signed], error) {
	if err := s.cvrOff(); err != nil {
		return nil, err
	}
	return s.sign(ctx, in, s.Store.ExportCVR)
}

func (s *server) downloadCVR(ctx context.Context, in *InMeeting) (*huma.StreamResponse, error) {
	if err := s.cvrOff(); err != nil {
		return nil, err
	}
	m, votes, err := s.Store.CastVotes(ctx, actor(ctx), in.Meeting)
	if err != nil {
		return nil, err
	}
	write := func(w io.Writer) error { return s.Reports.CVR(w, m, votes, s.Now().Format(time.DateOnly)) }
	doc, err := recorded(ctx, in.Meeting, write, s.Store.CVRDownloaded)
	if err != nil {
		return nil, err
	}
	return doc.send(cvrKind, fmt.Sprintf("cvr-%s.json", in.Meeting)), nil
}
