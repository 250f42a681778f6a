package api

import (
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// register adds every operation.
func (s *server) register() {
	s.registerSession()
	s.registerUsers()
	s.registerFactor()
	s.registerTokens()
	s.registerMeetings()
	s.registerSetup()
	s.registerRoster()
	s.registerPreview()
	s.registerRoll()
	s.registerBlanks()
	s.registerSeal()
	s.registerPrint()
	s.registerTrial()
	s.registerLedger()
	s.registerBatches()
	s.registerPages()
	s.registerAdjudication()
	s.registerComments()
	s.registerCount()
	s.registerResults()
	s.registerConclusions()
	s.registerArchive()
	s.registerAudit()
	s.registerCVR()
	s.registerActs()
	s.registerEvidence()
	s.registerSystem()
}

// tags are the parts of the API in the order of the work; the page to try it on lists them so.
func tags() []*huma.Tag {
	return []*huma.Tag{
		{Name: "session", Description: "登录"}, {Name: "users", Description: "用户"}, {Name: "meetings", Description: "会议"},
		{Name: "setup", Description: "名册、票种、会场与规则"}, {Name: "printing", Description: "印票"}, {Name: "trial", Description: "试打"}, {Name: "ledger", Description: "台账"},
		{Name: "batches", Description: "扫描批次"}, {Name: "pages", Description: "票面"}, {Name: "adjudication", Description: "复核"},
		{Name: "comments", Description: "意见"},
		{Name: "count", Description: "平账、确认与发布"}, {Name: "audit", Description: "纸票复点"}, {Name: "results", Description: "结果"}, {Name: "cvr", Description: "逐票记录"}, {Name: "archive", Description: "归档"}, {Name: "acts", Description: "操作记录"},
		{Name: "system", Description: "运行"},
	}
}

// Spec is the OpenAPI 3.1 document as JSON, without a running service: client types are made from it.
func Spec(version string) ([]byte, error) {
	s := &server{Config: Config{Version: version}}
	s.huma = huma.NewAPI(humaConfig(version), noRoutes{})
	s.register()
	return json.MarshalIndent(s.huma.OpenAPI(), "", "  ")
}

// noRoutes is a router that only lets operations be described.
type noRoutes struct{}

func (noRoutes) Handle(*huma.Operation, func(huma.Context))   {}
func (noRoutes) ServeHTTP(http.ResponseWriter, *http.Request) {}
