package api

import (
	"fmt"
	"net/http"
	"regexp"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
)

// meters count requests by route pattern and usual method: there are no more series than those and their statuses.
type meters struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

func newMeters(registry *prometheus.Registry) *meters {
	m := &meters{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "pingyi_http_requests_total", Help: "Requests by route, method and status."},
			[]string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "pingyi_http_request_seconds", Help: "Time until the answer was written.",
			Buckets: []float64{.001, .005, .02, .1, .5, 2, 10, 60}}, []string{"method", "route"}),
	}
	registry.MustRegister(m.requests, m.seconds)
	return m
}

// ofBallots are the routes of images, rows, comments and what people decide of them.
var ofBallots = regexp.MustCompile(`/(pages|adjudication|decisions|comments)(/|$)`)

// observe counts and logs requests by the pattern of their route. The path itself, which may hold the id of a page, the
// query, the body, the user and the address are left out, and requests about ballots altogether: when one was shown or
// decided, in which order, and before or after which closing, tells its place and batch. So does the size of an answer,
// which names a picture.
func (s *server) observe(m *meters) gin.HandlerFunc {
	return func(c *gin.Context) {
		start := s.Now()
		c.Next()
		route := c.FullPath()
		if route == "" {
			route = "other" // files of the browser application, and paths that do not exist
		}
		if ofBallots.MatchString(route) && c.Writer.Status() < http.StatusInternalServerError {
			return
		}
		method, took := usualMethod(c.Request.Method), s.Now().Sub(start)
		m.requests.WithLabelValues(method, route, strconv.Itoa(c.Writer.Status())).Inc()
		m.seconds.WithLabelValues(method, route).Observe(took.Seconds())
		s.Log.Info("request", "method", method, "route", route, "status", c.Writer.Status(), "ms", took.Round(time.Millisecond).Milliseconds())
	}
}

// usualMethod is "other" for what strangers invent: HTTP takes any word as a method.
func usualMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}

// recoverPanics turns a panic into a problem and a log line with the stack, but without the request,
// which gin's own recovery would print.
func (s *server) recoverPanics(c *gin.Context) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		what := fmt.Sprintf("%T", p) // other values than the runtime's own may hold what must not be logged
		if e, ok := p.(runtime.Error); ok {
			what = e.Error()
		}
		s.Log.Error("panic", "route", c.FullPath(), "what", what, "stack", string(debug.Stack()))
		c.Abort()
		if !c.Writer.Written() {
			writeProblem(c.Writer, c.Request, fmt.Errorf("panic"))
		}
	}()
	c.Next()
}
