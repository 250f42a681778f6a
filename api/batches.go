package api

import (
	"bytes"
	"context"
	"io"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"pingyi/ballot"
	"pingyi/ballot/access"
)

// Batches is paper on its way: from the scanner to the closed batch. While a batch is open its pages
// have an order and can be looked at by those who feed the scanner; closing destroys all of that.
type Batches interface {
	OpenBatch(ctx context.Context, actor, meeting, group string, venues []string) (Batch, error)
	ListBatches(ctx context.Context, meeting string) ([]Batch, error)
	Batch(ctx context.Context, meeting, batch string) (Batch, error)
	// Upload takes one file and queues its pages. Bytes that were uploaded before are refused with
	// ballot.CodeDuplicate.
	Upload(ctx context.Context, actor, meeting, batch, name string, file io.Reader) (Upload, error)
	BatchPages(ctx context.Context, meeting, batch string) ([]BatchPage, error)
	BatchPicture(ctx context.Context, meeting, batch, page string) (io.ReadCloser, error)
	// Dispose is ballot.CodeConflict where shown is given and the facts of the page are others.
	Dispose(ctx context.Context, actor, meeting, batch, page string, how ballot.Disposal, shown *string) error
	// CloseBatch wants a scrutineer's word for void leaves, else it is ballot.CodeSecondPerson.
	CloseBatch(ctx context.Context, actor, meeting, batch string, word ballot.Vouching) (Batch, error)
	DiscardBatch(ctx context.Context, actor, meeting, batch string) error
	// PauseBatch stops the reading of a batch between two pages, or lets it go on.
	PauseBatch(ctx context.Context, meeting, batch string, paused bool) error
	// WatchFolder has a batch take the files of the scanner's folder. Files that lie there already are refused with
	// ballot.CodeConflict unless takeOld says that they are this batch's.
	WatchFolder(ctx context.Context, actor, meeting, batch string, on, takeOld bool) error
}

// Batch is one stack of paper of one group, from one venue or pooled from several.
type Batch struct {
	ID      string            `json:"id"`
	Group   string            `json:"group"`
	Venues  []string          `json:"venues" nullable:"false"`
	State   ballot.BatchState `json:"state" enum:"open,closed"`
	Uploads []Upload          `json:"uploads" nullable:"false"`
	Pages   BatchCount        `json:"pages"`
	Leaves  int               `json:"leaves" doc:"sheets of paper that count; final once closed"`
	Void    int               `json:"void,omitempty" doc:"of them, while the batch is open, those that are to count as void: to close it, a scrutineer vouches for them"`
	Pile    string            `json:"pile,omitempty" doc:"what to write on its paper where that is audited, once closed"`
	Paused  bool              `json:"paused,omitempty" doc:"reading is paused"`
	Trouble ballot.Code       `json:"trouble,omitempty" doc:"what keeps pages from being read, as disk_full; reading goes on by itself when it has cleared"`
	Folder  *ScannerFolder    `json:"folder,omitempty" doc:"the scanner's folder, where the service has one and the batch is open"`
}

// ScannerFolder is the folder that a scanner writes to (serve --watch).
type ScannerFolder struct {
	On      bool   `json:"on" doc:"this batch takes its files"`
	Waiting int    `json:"waiting" doc:"files in it that are not taken yet"`
	Known   int    `json:"known" doc:"files that the meeting had already, and that were not taken twice"`
	Problem string `json:"problem,omitempty" doc:"why files are not taken"`
}

// BatchCount is the progress of a batch, in pages. Pages = Waiting + Read + Rejected.
type BatchCount struct {
	Pages    int `json:"pages"`
	Waiting  int `json:"waiting" doc:"not yet read"`
	Read     int `json:"read"`
	Rejected int `json:"rejected"`
	Open     int `json:"open" doc:"rejected pages that nobody has disposed of yet"`
}

// Upload is one file that was taken in. A closed batch has none: files have an order.
type Upload struct {
	Name   string `json:"name" doc:"as uploaded"`
	Digest string `json:"digest" doc:"SHA-256 of the file, in hexadecimal"`
	Bytes  int64  `json:"bytes"`
	Pages  int    `json:"pages" doc:"images in the file; -1 until it was taken apart"`
	Error  string `json:"error,omitempty" doc:"why the file, or a part of it, could not be opened"`
}

// BatchPage is one image of an open batch.
type BatchPage struct {
	ID       string              `json:"id"`
	Upload   int                 `json:"upload" doc:"which of the batch's uploads it came with, from 1"`
	State    ballot.PageState    `json:"state"`
	FormPage int                 `json:"form_page,omitempty"`
	Reason   ballot.RejectReason `json:"reason,omitempty"`
	Facts    string              `json:"facts,omitempty"`
	Disposal ballot.Disposal     `json:"disposal,omitempty" enum:"rescanned,void,distinct"`
	Like     string              `json:"like,omitempty" doc:"id of the earlier image of this batch that a sheet held as scanned twice is like"`
}

// BatchList is all batches of a meeting.
type BatchList struct {
	Batches []Batch `json:"batches" nullable:"false"`
}

// BatchPageList is the images of an open batch.
type BatchPageList struct {
	Pages []BatchPage `json:"pages" nullable:"false"`
}

// InBatch is the path of everything inside a batch.
type InBatch struct {
	InMeeting
	Batch string `path:"batch" maxLength:"64" doc:"batch id"`
}

// InBatchPage is the path of one image of an open batch.
type InBatchPage struct {
	InBatch
	Page string `path:"page" maxLength:"64" doc:"image id, while the batch is open"`
}

func (s *server) registerBatches() {
	const one = "/meetings/{meeting}/batches/{batch}"
	add(s, route("GET", "/meetings/{meeting}/batches", "list-batches", "batches", "批次列表 list batches"), s.listBatches)
	add(s, route("POST", "/meetings/{meeting}/batches", "open-batch", "batches", "开批 open a batch of one group"), s.openBatch)
	add(s, route("GET", one, "get-batch", "batches", "批次 a batch and its progress"), s.getBatch)
	upload := route("POST", one+"/uploads", "upload-scans", "batches", "上传扫描件 upload scans: JPEG, PNG, TIFF, PDF or ZIP of these")
	addUpload(s, upload, true, s.uploadScans)
	s.registerEvents(one)
	add(s, route("GET", one+"/pages", "list-batch-pages", "batches", "批内图像 images of an open batch, with reasons"), s.listBatchPages)
	add(s, fileAnswer(route("GET", one+"/pages/{page}/picture", "batch-page-picture", "batches", "批内图像的图片 picture of an image of an open batch"), pictureKinds...), s.batchPagePicture)
	add(s, route("POST", one+"/pages/{page}/disposal", "dispose-page", "batches", "处理退回的票面 say what became of a rejected page"), s.disposePage)
	add(s, route("POST", one+"/pause", "pause-batch", "batches", "暂停或继续识读 pause the reading, or go on"), s.pauseBatch)
	add(s, route("POST", one+"/folder", "watch-folder", "batches", "取扫描仪文件夹里的文件 take the files of the scanner's folder, or stop"), s.watchFolder)
	closing := route("POST", one+"/close", "close-batch", "batches", "关闭批次 close: shuffled, order and times destroyed")
	closing.SkipValidateBody = true // programs that know of no void leaves may send null or {}
	add(s, closing, s.closeBatch)
	add(s, route("DELETE", one, "discard-batch", "batches", "作废批次 discard an open batch with all its images"), s.discardBatch)
}

func (s *server) listBatches(ctx context.Context, in *InMeeting) (*body[BatchList], error) {
	list, err := s.Batches.ListBatches(ctx, in.Meeting)
	return answer(BatchList{append([]Batch{}, list...)}, err)
}

type openBatchInput struct {
	InMeeting
	Body struct {
		Group  string   `json:"group" maxLength:"60" doc:"code, name or category of a voter group"`
		Venues []string `json:"venues" minItems:"1" maxItems:"50" nullable:"false" doc:"several where small stacks were pooled before feeding"`
	}
}

func (s *server) openBatch(ctx context.Context, in *openBatchInput) (*body[Batch], error) {
	m, err := s.Store.Meeting(ctx, in.Meeting)
	if err != nil {
		return nil, err
	}
	g, err := m.Group(in.Body.Group)
	if err != nil {
		return nil, err
	}
	for _, v := range in.Body.Venues {
		if _, err := m.Venue(v); err != nil {
			return nil, err
		}
	}
	return answer(s.Batches.OpenBatch(ctx, actor(ctx), in.Meeting, g.Code, in.Body.Venues))
}

func (s *server) getBatch(ctx context.Context, in *InBatch) (*body[Batch], error) {
	return answer(s.Batches.Batch(ctx, in.Meeting, in.Batch))
}

type uploadInput struct {
	InBatch
	Multipart
}

// Uploaded is the files of one upload that were taken in.
type Uploaded struct {
	Uploads []Upload `json:"uploads" nullable:"false"`
}

// uploadScans hands each file on as it comes in. Files before a refused one stay taken in; the digest
// keeps them from counting twice when the upload is repeated.
func (s *server) uploadScans(ctx context.Context, in *uploadInput) (*body[Uploaded], error) {
	out := Uploaded{Uploads: []Upload{}}
	err := in.each(s.MaxUpload, func(name string, file io.Reader) error {
		u, err := s.Batches.Upload(ctx, actor(ctx), in.Meeting, in.Batch, name, file)
		out.Uploads = append(out.Uploads, u)
		return err
	})
	return answer(out, err)
}

func (s *server) listBatchPages(ctx context.Context, in *InBatch) (*body[BatchPageList], error) {
	pages, err := s.Batches.BatchPages(ctx, in.Meeting, in.Batch)
	return answer(BatchPageList{append([]BatchPage{}, pages...)}, err)
}

type batchPictureInput struct {
	InBatchPage
	Width int `query:"width" minimum:"40" maximum:"1200" doc:"in pixels, for a smaller picture; without it the picture as it is"`
}

func (s *server) batchPagePicture(ctx context.Context, in *batchPictureInput) (*huma.StreamResponse, error) {
	picture, err := s.Batches.BatchPicture(ctx, in.Meeting, in.Batch, in.Page)
	if err != nil {
		return nil, err
	}
	if in.Width == 0 {
		return sendPicture(picture), nil
	}
	defer picture.Close()
	small, err := smaller(picture, in.Width)
	if err != nil {
		return nil, err
	}
	return sendPicture(io.NopCloser(bytes.NewReader(small))), nil
}

type pauseInput struct {
	InBatch
	Body struct {
		Paused bool `json:"paused"`
	}
}

func (s *server) pauseBatch(ctx context.Context, in *pauseInput) (*body[Batch], error) {
	if err := s.Batches.PauseBatch(ctx, in.Meeting, in.Batch, in.Body.Paused); err != nil {
		return nil, err
	}
	return answer(s.Batches.Batch(ctx, in.Meeting, in.Batch))
}

type folderInput struct {
	InBatch
	Body struct {
		On      bool `json:"on"`
		TakeOld bool `json:"take_old,omitempty" doc:"the files that lie in the folder already are this batch's"`
	}
}

func (s *server) watchFolder(ctx context.Context, in *folderInput) (*body[Batch], error) {
	if err := s.Batches.WatchFolder(ctx, actor(ctx), in.Meeting, in.Batch, in.Body.On, in.Body.TakeOld); err != nil {
		return nil, err
	}
	return answer(s.Batches.Batch(ctx, in.Meeting, in.Batch))
}

type disposeInput struct {
	InBatchPage
	Body struct {
		Disposal ballot.Disposal `json:"disposal" enum:"rescanned,void,distinct" doc:"scanned again or the same paper; an invalid ballot; another sheet, of one held as scanned twice. Said of one page rejected as lost_side, it is said of all of its upload"`
		Facts    *string         `json:"facts,omitempty" maxLength:"20000" doc:"of the page as it was looked at; refused (409) where they are others by now. Absent: not compared"`
	}
}

func (s *server) disposePage(ctx context.Context, in *disposeInput) (*none, error) {
	return done(s.Batches.Dispose(ctx, actor(ctx), in.Meeting, in.Batch, in.Page, in.Body.Disposal, in.Body.Facts))
}

// Vouching is a scrutineer's word for the void leaves of a batch, given where it is closed: scrutineers have no view of
// their own of open batches, in which they would see the order of feeding.
type Vouching struct {
	Images     []string `json:"images" minItems:"1" nullable:"false" doc:"ids of the images that the scrutineer was shown: all that are void"`
	Scrutineer string   `json:"scrutineer" maxLength:"60" doc:"user name"`
	Signing
}

// validate checks what the specification asks for.
func (v Vouching) validate() error {
	reason := utf8.RuneCountInString(strings.TrimSpace(v.Reason))
	if len(v.Images) < 1 || reason < 1 || reason > 200 || len(v.Password) > 256 {
		return ballot.Errorf(ballot.CodeInvalid, "签认废票须列出看过的图像（至少 1 幅）和理由（200 字以内）", "vouching takes the ids of the images looked at (1 at least) and a reason (200 characters at most)")
	}
	return nil
}

type closeBatchInput struct {
	InBatch
	Body *Vouching `doc:"where leaves of the batch are void; never by a token"`
}

func (s *server) closeBatch(ctx context.Context, in *closeBatchInput) (*body[Batch], error) {
	var word ballot.Vouching
	if v := in.Body; v != nil && !reflect.ValueOf(*v).IsZero() {
		if byToken(ctx) {
			return nil, ballot.Errorf(ballot.CodeForbidden, "令牌不能签认废票：请监票人在扫描台的网页上看过图像再签认", "no token vouches for void ballots: a scrutineer looks at them on the page where the batch is closed")
		}
		if err := v.validate(); err != nil {
			return nil, err
		}
		by, err := s.sessions.Beside(ctx, v.Scrutineer, v.Password)
		if err != nil {
			return nil, retryAfter(err)
		}
		if access.Allow("set-aside", by.Role) != nil {
			return nil, ballot.Errorf(ballot.CodeForbidden, "“%s”不是监票人，不能签认废票", "%q is no scrutineer and cannot vouch for void ballots", by.Name)
		}
		if err := s.sessions.MayVouch(by, s.SignAfter); err != nil {
			return nil, err
		}
		word = ballot.Vouching{By: by.Name, Images: v.Images, Reason: strings.TrimSpace(v.Reason)}
	}
	return answer(s.Batches.CloseBatch(ctx, actor(ctx), in.Meeting, in.Batch, word))
}

func (s *server) discardBatch(ctx context.Context, in *InBatch) (*none, error) {
	return done(s.Batches.DiscardBatch(ctx, actor(ctx), in.Meeting, in.Batch))
}
