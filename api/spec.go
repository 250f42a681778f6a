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
	s.registerMeetings()
	s.registerSetup()
	s.registerRoll()
	s.registerSeal()
	s.registerPrint()
	s.registerLedger()
	s.registerBatches()
	s.registerPages()
	s.registerAdjudication()
	s.registerCount()
	s.registerResults()
	s.registerActs()
	s.registerSystem()
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
