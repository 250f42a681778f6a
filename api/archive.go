package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/danielgtaylor/huma/v2"

	"pingyi/ballot"
)

// ArchiveStore takes a meeting from release to the end of its ballots. ExportRecords needs two persons: the first
// asks and says why, the second confirms; then both may download for some days, until the meeting is archived.
type ArchiveStore interface {
	Archiving(ctx context.Context, meeting string) (ballot.Archiving, error)
	ExportRecords(ctx context.Context, actor, meeting, reason string) (Signed, error)
	// MayDownload refuses who did not sign, and an export that is old; it gives the certified result as it is kept.
	MayDownload(ctx context.Context, actor, meeting string) (e ballot.RecordsExport, certified []byte, number int, err error)
	Downloaded(ctx context.Context, actor, meeting, digest string, bytes int64) error
	// Archive and PostponeDestruction set the day from which on ballots are destroyed, YYYY-MM-DD.
	Archive(ctx context.Context, actor, meeting, destroyOn string) (ballot.Meeting, error)
	PostponeDestruction(ctx context.Context, actor, meeting, destroyOn, reason string) error
}

// Destroyer destroys the ballots of an archived meeting, wherever they are kept. Before the day it refuses.
type Destroyer interface {
	Destroy(ctx context.Context, actor, meeting string) error
}

func (s *server) registerArchive() {
	const one = "/meetings/{meeting}"
	add(s, route("GET", one+"/archive", "get-archive", "archive", "归档情况 where export, archiving and destruction stand"), s.getArchive)
	add(s, route("POST", one+"/records", "export-records", "archive", "导出记录 sign the export of a released meeting's records, two of the committee and a reason"), s.exportRecords)
	add(s, fileAnswer(route("GET", one+"/records", "download-records", "archive", "下载记录 the records as a ZIP, for the two who signed"), zipKind), s.downloadRecords)
	add(s, route("POST", one+"/archive", "archive", "archive", "归档 archive a released meeting whose records were exported, and set when its ballots are destroyed"), s.archive)
	add(s, route("PUT", one+"/archive/destruction", "postpone-destruction", "archive", "推迟销毁 put off the date of destruction"), s.postponeDestruction)
	add(s, route("POST", one+"/archive/destruction", "destroy-ballots", "archive", "销毁 destroy the ballots of an archived meeting, once the date has come"), s.destroyBallots)
}

const zipKind = "application/zip"

func (s *server) getArchive(ctx context.Context, in *InMeeting) (*body[ballot.Archiving], error) {
	return answer(s.Store.Archiving(ctx, in.Meeting))
}

func (s *server) exportRecords(ctx context.Context, in *signInput) (*body[Signed], error) {
	return s.sign(ctx, in, s.Store.ExportRecords)
}

func (s *server) downloadRecords(ctx context.Context, in *InMeeting) (*huma.StreamResponse, error) {
	export, certified, number, err := s.Store.MayDownload(ctx, actor(ctx), in.Meeting)
	if err != nil {
		return nil, err
	}
	files, err := s.records(ctx, in.Meeting, export, certified, number)
	if err != nil {
		return nil, err
	}
	doc, err := recorded(ctx, in.Meeting, func(w io.Writer) error { return writeRecords(w, files) }, s.Store.Downloaded)
	if err != nil {
		return nil, err
	}
	return doc.send(zipKind, fmt.Sprintf("records-%s.zip", in.Meeting)), nil
}

// recorded makes the whole of a file before the first byte is sent; then it is recorded, with the digest of what is sent,
// and only what is recorded is sent.
func recorded(ctx context.Context, meeting string, write func(io.Writer) error, record func(ctx context.Context, actor, meeting, digest string, bytes int64) error) (*document, error) {
	sum := sha256.New()
	doc, err := newDocument(func(w io.Writer) error { return write(io.MultiWriter(w, sum)) })
	if err != nil {
		return nil, err
	}
	if err := record(ctx, actor(ctx), meeting, hex.EncodeToString(sum.Sum(nil)), doc.size); err != nil {
		doc.Close()
		return nil, err
	}
	return doc, nil
}

type archiveInput struct {
	InMeeting
	Body struct {
		DestroyOn string `json:"destroy_on" maxLength:"10" doc:"the day from which on ballots are destroyed, YYYY-MM-DD, within the terms of get-archive"`
	}
}

func (s *server) archive(ctx context.Context, in *archiveInput) (*body[ballot.Meeting], error) {
	return meetingAnswer(s.Store.Archive(ctx, actor(ctx), in.Meeting, in.Body.DestroyOn))
}

type postponeInput struct {
	InMeeting
	Body struct {
		DestroyOn string `json:"destroy_on" maxLength:"10" doc:"YYYY-MM-DD, later than the day that is set"`
		Reason    string `json:"reason" minLength:"1" maxLength:"200"`
	}
}

func (s *server) postponeDestruction(ctx context.Context, in *postponeInput) (*body[ballot.Archiving], error) {
	if err := s.Store.PostponeDestruction(ctx, actor(ctx), in.Meeting, in.Body.DestroyOn, in.Body.Reason); err != nil {
		return nil, err
	}
	return s.getArchive(ctx, &in.InMeeting)
}

func (s *server) destroyBallots(ctx context.Context, in *InMeeting) (*body[ballot.Archiving], error) {
	if err := s.Destroyer.Destroy(ctx, actor(ctx), in.Meeting); err != nil {
		return nil, err
	}
	return s.getArchive(ctx, in)
}
