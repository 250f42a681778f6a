package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"golang.org/x/text/language"

	"pingyi/api/auth"
	"pingyi/ballot"
)

// Problem is an error as RFC 9457 writes it, with the domain's code and, for files, the row.
type Problem struct {
	Type   string      `json:"type" doc:"always about:blank; code tells problems apart"`
	Title  string      `json:"title" doc:"the HTTP status in words"`
	Status int         `json:"status"`
	Code   ballot.Code `json:"code" doc:"stable name of the kind of failure"`
	Detail string      `json:"detail" doc:"what is wrong and what to do; Chinese unless Accept-Language prefers English"`
	Row    int         `json:"row,omitempty" doc:"row of the input file, 1 = the first line"`
	// Location stands here too where there is one failure alone.
	Location string        `json:"location,omitempty" doc:"field at fault, as rules.scores or subjects[3].name"`
	Errors   []ProblemItem `json:"errors,omitempty" doc:"every single failure where there are several, or where a field is at fault"`
}

// ProblemItem is one of several failures that were found together.
type ProblemItem struct {
	Code     ballot.Code `json:"code"`
	Detail   string      `json:"detail"`
	Row      int         `json:"row,omitempty"`
	Location string      `json:"location,omitempty" doc:"field at fault, as rules.scores or subjects[3].name; of the request as body.title"`
}

// Codes that requests add to the domain's.
const (
	codeInternal  ballot.Code = "internal"
	codeNotRead   ballot.Code = "bad_request" // the request is not what the operation takes
	codeCrossSite ballot.Code = "cross_site"
)

// Error gives the detail.
func (p *Problem) Error() string { return p.Detail }

// GetStatus is the HTTP status; huma asks for it.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType names the media type of RFC 9457; huma asks for it.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// statuses maps codes to HTTP statuses. A code that is not here is the client's to put right: 422.
var statuses = map[ballot.Code]int{
	ballot.CodeNotFound:        http.StatusNotFound,
	ballot.CodeConflict:        http.StatusConflict,
	ballot.CodeState:           http.StatusConflict,
	ballot.CodeUnbalanced:      http.StatusConflict,
	ballot.CodeUnresolved:      http.StatusConflict,
	ballot.CodeSecondPerson:    http.StatusConflict,
	ballot.CodeDuplicate:       http.StatusConflict,
	ballot.CodeSmallBatch:      http.StatusConflict,
	ballot.CodeNotReleased:     http.StatusForbidden,
	ballot.CodeForbidden:       http.StatusForbidden,
	codeCrossSite:              http.StatusForbidden,
	ballot.CodeUnauthenticated: http.StatusUnauthorized,
	auth.CodeCredentials:       http.StatusUnauthorized,
	auth.CodeNeedsCode:         http.StatusUnauthorized,
	auth.CodeWrongCode:         http.StatusUnauthorized,
	auth.CodeNotOwn:            http.StatusConflict,
	auth.CodeTooFresh:          http.StatusConflict,
	auth.CodeRequests:          http.StatusTooManyRequests,
	auth.CodeAttempts:          http.StatusTooManyRequests,
	ballot.CodeTooLarge:        http.StatusRequestEntityTooLarge,
	ballot.CodeDiskFull:        http.StatusInsufficientStorage,
	ballot.CodeReadOnly:        http.StatusServiceUnavailable,
	ballot.CodeBusy:            http.StatusServiceUnavailable,
	ballot.CodeDiskFailed:      http.StatusInternalServerError,
	ballot.CodeTooEarly:        http.StatusConflict,
	ballot.CodeDestroyed:       http.StatusGone,
	codeInternal:               http.StatusInternalServerError,
	codeNotRead:                http.StatusBadRequest,
}

func statusOf(code ballot.Code) int {
	if s, ok := statuses[code]; ok {
		return s
	}
	return http.StatusUnprocessableEntity
}

var languages = language.NewMatcher([]language.Tag{language.SimplifiedChinese, language.English})

// english tells whether an Accept-Language header prefers English to Chinese.
func english(header string) bool {
	_, i := language.MatchStrings(languages, header)
	return i == 1
}

func text(e *ballot.Error, inEnglish bool) string {
	if inEnglish {
		return e.English
	}
	return e.Chinese
}

// problemOf makes a problem of any error. What is no ballot.Error is a fault of ours: its text is for
// the log, not for the reply.
func problemOf(err error, inEnglish bool) *Problem {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		err = ballot.Errorf(ballot.CodeTooLarge, "内容超过上限 %d 字节", "the body is over the limit of %d bytes", tooLarge.Limit)
	}
	all := ballot.Errors(ballot.OfMachine(err))
	if len(all) == 0 {
		if first := new(ballot.Error); errors.As(err, &first) {
			all = []*ballot.Error{first}
		} else {
			all = []*ballot.Error{ballot.Errorf(codeInternal, "系统内部错误，操作未完成；请查看服务日志", "internal error, nothing was done: see the service's log")}
		}
	}
	p := newProblem(all[0], inEnglish)
	if len(all) == 1 {
		return p
	}
	p.Location = "" // each failure has its own
	for _, e := range all {
		p.Errors = append(p.Errors, item(e, inEnglish))
	}
	count := ballot.Errorf("", "%[1]s（共 %[2]d 处）", "%[1]s (%[2]d in all)", p.Detail, len(all))
	p.Detail = text(count, inEnglish)
	return p
}

func newProblem(e *ballot.Error, inEnglish bool) *Problem {
	status := statusOf(e.Code)
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: e.Code, Detail: text(e, inEnglish), Row: e.Row, Location: e.Location}
}

func item(e *ballot.Error, inEnglish bool) ProblemItem {
	return ProblemItem{Code: e.Code, Detail: text(e, inEnglish), Row: e.Row, Location: e.Location}
}

// huma makes its errors by package variables; this is the one place that sets them.
func init() {
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError { // also describes errors in OpenAPI
		return requestProblem(status, msg, errs, false)
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
		inEnglish := ctx != nil && english(ctx.Header("Accept-Language"))
		if status == http.StatusInternalServerError && len(errs) == 1 {
			return problemOf(errs[0], inEnglish)
		}
		return requestProblem(status, msg, errs, inEnglish)
	}
}

// requestProblem is about a request that does not fit the operation's description: huma found it.
func requestProblem(status int, msg string, errs []error, inEnglish bool) *Problem {
	code := codeNotRead
	switch {
	case status == http.StatusUnprocessableEntity:
		code = ballot.CodeInvalid
	case status == http.StatusRequestEntityTooLarge:
		code = ballot.CodeTooLarge
	case status >= http.StatusInternalServerError:
		code = codeInternal
	}
	p := newProblem(ballot.Errorf(code, "请求不符合接口要求：%s", "the request does not fit the operation: %s", msg), inEnglish)
	p.Status, p.Title = status, http.StatusText(status)
	for _, err := range errs {
		item := ProblemItem{Code: code, Detail: err.Error()}
		var d huma.ErrorDetailer
		if errors.As(err, &d) {
			item.Detail, item.Location = d.ErrorDetail().Message, d.ErrorDetail().Location
		}
		p.Errors = append(p.Errors, item)
	}
	if len(p.Errors) > 0 {
		p.Detail += fmt.Sprintf(" (%s %s)", p.Errors[0].Location, p.Errors[0].Detail)
	}
	return p
}

// writeProblem answers a request outside huma's routes.
func writeProblem(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err, english(r.Header.Get("Accept-Language")))
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the client may be gone: nothing to be done about it
}
