package api

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/draw"
	_ "image/jpeg" // pictures are kept as JPEG or PNG
	"image/png"
	"io"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"pingyi/ballot"
)

// PageStore has the pages of closed batches: no order, time, batch or venue. While a batch may still come it gives those
// alone that people have to look at; the others are as pages that do not exist.
type PageStore interface {
	Pages(ctx context.Context, meeting string, filter PageFilter) (PageList, error)
	Page(ctx context.Context, meeting, page string) (Page, error)
}

// Pictures has the images of pages of closed batches: upright, on the form's own geometry where the page
// was read.
type Pictures interface {
	Picture(ctx context.Context, meeting, page string) (io.ReadCloser, error)
}

// PageFilter says which pages are wanted; empty fields do not filter. After is the id that the list
// before ended with.
type PageFilter struct {
	Group string
	State ballot.PageState
	After string
	Limit int
	// Flagged leaves out pages that nothing is said about: neither a flag nor a word of a person.
	Flagged bool
}

// PageList is a part of the pages, by id: ids are random, so their order says nothing.
type PageList struct {
	Pages    []PageSummary `json:"pages" nullable:"false"`
	Total    int           `json:"total" doc:"pages that the filter lets through"`
	Next     string        `json:"next,omitempty" doc:"give it as after to go on"`
	HeldBack bool          `json:"held_back,omitempty" doc:"a batch may still come: pages with no row that people decide and no flag of their own are left out, as if they did not exist, until all that was returned is scanned"`
}

// PageSummary is a page in a list.
type PageSummary struct {
	ID       string              `json:"id"`
	Group    string              `json:"group"`
	Form     string              `json:"form,omitempty"`
	FormPage int                 `json:"form_page,omitempty"`
	State    ballot.PageState    `json:"state"`
	Reason   ballot.RejectReason `json:"reason,omitempty"`
	Unclear  int                 `json:"unclear" doc:"rows that still wait for a person"`
	Aside    bool                `json:"aside_asked,omitempty" doc:"people must yet say whether the leaf counts: somebody set it aside and another person must agree, or it bears writing that would make it invalid"`
	Differ   bool                `json:"differ,omitempty" doc:"people differ about whether the leaf counts: another person is asked"`
	Flags    []string            `json:"flags,omitempty"`
	Said     []AsideWord         `json:"said,omitempty" doc:"what people last said of the leaf; while it waits, only what the person who asks said, unless that differs from what others did"`
}

// AsideWord is what a person said of a leaf.
type AsideWord struct {
	By     string `json:"by"`
	Aside  bool   `json:"aside" doc:"the leaf is an invalid ballot; false: it counts"`
	Reason string `json:"reason"`
}

// independent leaves out what others said of a leaf about which people must yet agree; those who differ are told.
func independent(p PageSummary, person string) PageSummary {
	others := func(w AsideWord) bool { return w.By != person }
	spoke := slices.ContainsFunc(p.Said, func(w AsideWord) bool { return !others(w) })
	if p.Aside && !(p.Differ && spoke) {
		p.Said = slices.DeleteFunc(slices.Clone(p.Said), others)
	}
	return p
}

// Page is one side of a leaf with its rows.
type Page struct {
	PageSummary
	Rows    []PageRow     `json:"rows" nullable:"false"`
	Writing []ballot.Rect `json:"writing,omitempty" doc:"mm on the page: writing outside targets and comment box, which the flag identifying_writing is about"`
	Also    []string      `json:"also,omitempty" doc:"other pages of the leaf that bear writing: what is said of the leaf is said of them too"`
}

// PageRow is one row: what was measured, what the machine made of it, what people decided, what counts.
type PageRow struct {
	Subject   int                `json:"subject"`
	Scores    []ballot.MarkScore `json:"scores" nullable:"false"`
	Machine   ballot.Verdict     `json:"machine"`
	Decisions []ballot.Decision  `json:"decisions" nullable:"false"`
	Verdict   *ballot.Verdict    `json:"verdict,omitempty" doc:"what counts; absent while the row waits"`
}

// pictureKinds are the formats that pictures are kept in.
var pictureKinds = []string{"image/jpeg", "image/png"}

// InPage is the path of a page.
type InPage struct {
	InMeeting
	Page string `path:"page" maxLength:"64" doc:"page id"`
}

func (s *server) registerPages() {
	const one = "/meetings/{meeting}/pages/{page}"
	add(s, route("GET", "/meetings/{meeting}/pages", "list-pages", "pages", "票面列表 pages of closed batches"), s.listPages)
	add(s, route("GET", one, "get-page", "pages", "票面 a page with its rows"), s.getPage)
	add(s, fileAnswer(route("GET", one+"/picture", "page-picture", "pages", "票面图片 the whole picture"), pictureKinds...), s.pagePicture)
	add(s, fileAnswer(route("GET", one+"/rows/{subject}/picture", "row-picture", "pages", "一行的图片 one row of the picture"), "image/png"), s.rowPicture)
	add(s, fileAnswer(route("GET", one+"/writing/{index}/picture", "writing-picture", "pages", "表外字迹的图片 one piece of writing outside the targets"), "image/png"), s.writingPicture)
}

type listPagesInput struct {
	InMeeting
	Group   string           `query:"group" maxLength:"1"`
	State   ballot.PageState `query:"state" enum:"read,rejected,adjudicated,accepted,set_aside"`
	Flagged bool             `query:"flagged" doc:"only pages with a flag, of their own or of their leaf, or about which somebody has said whether the leaf counts"`
	After   string           `query:"after" maxLength:"64"`
	Limit   int              `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

func (s *server) listPages(ctx context.Context, in *listPagesInput) (*body[PageList], error) {
	list, err := s.Store.Pages(ctx, in.Meeting, PageFilter{in.Group, in.State, in.After, in.Limit, in.Flagged})
	if list.Pages == nil {
		list.Pages = []PageSummary{}
	}
	for i, p := range list.Pages {
		list.Pages[i] = independent(p, actor(ctx))
	}
	return answer(list, err)
}

// getPage leaves out what others decided about a row that still waits: two people decide independently.
func (s *server) getPage(ctx context.Context, in *InPage) (*body[Page], error) {
	page, err := s.Store.Page(ctx, in.Meeting, in.Page)
	page.Rows = append([]PageRow{}, page.Rows...)
	page.PageSummary = independent(page.PageSummary, actor(ctx))
	for i := range page.Rows {
		if row := &page.Rows[i]; row.Verdict == nil {
			row.Decisions = slices.DeleteFunc(slices.Clone(row.Decisions), func(d ballot.Decision) bool { return d.By != actor(ctx) })
		}
	}
	return answer(page, err)
}

func (s *server) pagePicture(ctx context.Context, in *InPage) (*huma.StreamResponse, error) {
	picture, err := s.Pictures.Picture(ctx, in.Meeting, in.Page)
	if err != nil {
		return nil, err
	}
	return sendPicture(picture), nil
}

// sendPicture answers with the bytes as they are kept.
func sendPicture(picture io.ReadCloser) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		defer picture.Close()
		head := make([]byte, 512)
		n, _ := io.ReadFull(picture, head) // a short picture is still sent, and its kind still found
		ctx.SetHeader("Content-Type", http.DetectContentType(head[:n]))
		ctx.SetStatus(http.StatusOK)
		_, _ = io.Copy(ctx.BodyWriter(), io.MultiReader(bytes.NewReader(head[:n]), picture)) // the client may be gone
	}}
}

// InRow addresses one row of a page.
type InRow struct {
	InPage
	Subject int `path:"subject" minimum:"1" doc:"roster number"`
}

func (s *server) rowPicture(ctx context.Context, in *InRow) (*huma.StreamResponse, error) {
	page, err := s.Store.Page(ctx, in.Meeting, in.Page)
	if err != nil {
		return nil, err
	}
	forms, err := s.Store.Forms(ctx, in.Meeting)
	if err != nil {
		return nil, err
	}
	paper, row, err := findRow(forms, page, in.Subject)
	if err != nil {
		return nil, err
	}
	return s.sendCrop(ctx, in.InPage, paper, row)
}

// InWriting addresses one place of a page that has writing where none belongs.
type InWriting struct {
	InPage
	Index int `path:"index" minimum:"0" doc:"in the page's list of writing, from 0"`
}

func (s *server) writingPicture(ctx context.Context, in *InWriting) (*huma.StreamResponse, error) {
	page, err := s.Store.Page(ctx, in.Meeting, in.Page)
	if err != nil {
		return nil, err
	}
	forms, err := s.Store.Forms(ctx, in.Meeting)
	if err != nil {
		return nil, err
	}
	paper := findPaper(forms, page)
	if paper == nil || in.Index >= len(page.Writing) {
		return nil, ballot.Errorf(ballot.CodeNotFound, "该票面没有第 %d 处表外字迹", "the page has no piece of writing %d", in.Index)
	}
	return s.sendCrop(ctx, in.InPage, paper, page.Writing[in.Index])
}

// sendCrop answers with a rectangle of a page's picture.
func (s *server) sendCrop(ctx context.Context, in InPage, paper *ballot.FormPage, mm ballot.Rect) (*huma.StreamResponse, error) {
	picture, err := s.Pictures.Picture(ctx, in.Meeting, in.Page)
	if err != nil {
		return nil, err
	}
	defer picture.Close()
	whole, _, err := image.Decode(picture)
	if err != nil {
		return nil, fmt.Errorf("decode picture: %w", err)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, crop(whole, paper, mm)); err != nil {
		return nil, err
	}
	return sendPicture(io.NopCloser(&out)), nil
}

// findRow is the geometry of a subject's row on a page.
func findRow(forms []ballot.Form, page Page, subject int) (*ballot.FormPage, ballot.Rect, error) {
	if p := findPaper(forms, page); p != nil {
		for _, r := range p.Rows {
			if r.Subject == subject {
				return p, r.Rect, nil
			}
		}
	}
	return nil, ballot.Rect{}, ballot.Errorf(ballot.CodeNotFound, "该票面没有 %d 号一行", "the page has no row of subject %d", subject)
}

// findPaper is the page of the form that a page is; nil where there is none.
func findPaper(forms []ballot.Form, page Page) *ballot.FormPage {
	for i := range forms {
		if forms[i].ID == page.Form {
			if p, ok := forms[i].PageOf(page.FormPage); ok {
				return p
			}
		}
	}
	return nil
}

// rowMargin around a row or writing shows what lies over its edges, in mm.
const rowMargin = 3

// croppedTo is the part of the page that the crop of a rectangle shows, in mm.
func croppedTo(paper *ballot.FormPage, mm ballot.Rect) ballot.Rect {
	r := mm.Inset(-rowMargin)
	x, y := max(0, r.X), max(0, r.Y)
	return ballot.Rect{X: x, Y: y, W: min(paper.Width, r.Right()) - x, H: min(paper.Height, r.Bottom()) - y}
}

// crop cuts a rectangle in mm out of a picture of the whole page.
func crop(whole image.Image, paper *ballot.FormPage, mm ballot.Rect) image.Image {
	b := whole.Bounds()
	sx, sy := float64(b.Dx())/paper.Width, float64(b.Dy())/paper.Height
	r := croppedTo(paper, mm)
	cut := image.Rect(int(r.X*sx), int(r.Y*sy), int(r.Right()*sx+0.5), int(r.Bottom()*sy+0.5)).Add(b.Min).Intersect(b)
	out := image.NewGray(image.Rect(0, 0, cut.Dx(), cut.Dy()))
	draw.Draw(out, out.Bounds(), whole, cut.Min, draw.Src)
	return out
}
