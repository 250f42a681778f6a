package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/prometheus/client_golang/prometheus/promhttp"
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
