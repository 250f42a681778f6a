package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"pingyi/ballot"
)

// HealthStore tells whether the database answers.
type HealthStore interface {
	Ping(ctx context.Context) error
}

const (
	metricsID   = "metrics"
	metricsPath = "/metrics"
)

// Health is the answer of the health checks.
type Health struct {
	Status string `json:"status" enum:"ok"`
}

// System knows the machine that the service runs on.
type System interface {
	Status(ctx context.Context) (SystemStatus, error)
}

// SystemStatus is what the admin watches. Sizes are bytes.
type SystemStatus struct {
	Version   string    `json:"version"`
	DiskFree  int64     `json:"disk_free" doc:"of the disk with the data folder, rounded"`
	DiskTotal int64     `json:"disk_total"`
	Database  int64     `json:"database" doc:"the database with its write-ahead log, rounded"`
	OCR       bool      `json:"ocr" doc:"whether OCR is installed and used"`
	Workers   int       `json:"workers" doc:"pages read at once by this process; 0 where another one reads"`
	Meetings  []Storage `json:"meetings" nullable:"false"`
}

// Storage is the space that pictures of a meeting's closed pages take.
type Storage struct {
	Meeting   string         `json:"meeting"`
	Title     string         `json:"title"`
	Pictures  int            `json:"pictures,omitempty" doc:"not told before the result is certified"`
	Bytes     int64          `json:"bytes,omitempty" doc:"as pictures"`
	State     ballot.State   `json:"state"`
	Keeping   ballot.Keeping `json:"keeping" doc:"whether the ballots are kept, being destroyed, or destroyed"`
	DestroyOn string         `json:"destroy_on,omitempty" doc:"the day from which on ballots are destroyed, YYYY-MM-DD"`
}

// Version says what is running.
type Version struct {
	Version string `json:"version"`
}

func (s *server) registerSystem() {
	health := route("GET", "", "health", "system", "存活检查 the process answers")
	health.Path = "/healthz"
	add(s, health, func(context.Context, *struct{}) (*body[Health], error) { return answer(Health{"ok"}, nil) })
	ready := route("GET", "", "ready", "system", "就绪检查 the database answers too")
	ready.Path = "/readyz"
	add(s, ready, func(ctx context.Context, _ *struct{}) (*body[Health], error) {
		return answer(Health{"ok"}, s.Store.Ping(ctx))
	})
	add(s, route("GET", "/version", "version", "system", "版本 version"), func(context.Context, *struct{}) (*body[Version], error) {
		return answer(Version{s.Version}, nil)
	})
	add(s, route("GET", "/system", "system-status", "system", "运行状况 disk, database, OCR, readers, and the space that each meeting takes"), func(ctx context.Context, _ *struct{}) (*body[SystemStatus], error) {
		return answer(s.System.Status(ctx))
	})
	metrics := route("GET", "", metricsID, "system", "运行指标 Prometheus metrics: for the admin, or from this machine itself")
	metrics.Path = metricsPath
	add(s, fileAnswer(metrics, "text/plain"), s.metrics)
}

func (s *server) metrics(context.Context, *struct{}) (*huma.StreamResponse, error) {
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		c := humagin.Unwrap(ctx)
		c.Status(http.StatusOK)
		promhttp.HandlerFor(s.Metrics, promhttp.HandlerOpts{}).ServeHTTP(c.Writer, c.Request)
	}}, nil
}
