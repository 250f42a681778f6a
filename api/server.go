package api

import (
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"pingyi/api/auth"
	"pingyi/ballot"
)

// base is the path that versioned routes begin with.
const base = "/api/v1"

// Config is everything that the API stands on. All fields are needed but those said to be optional.
type Config struct {
	Store     Store     // people, meetings, the ledger, pages, results
	Trials    Trials    // scans of trial runs, which are not kept
	Batches   Batches   // paper between the scanner and the closed batch
	Pictures  Pictures  // images of closed pages
	Printer   Printer   // ballots and sign-in sheets as PDF
	Reports   Reports   // statement and summary
	Learner   Learner   // forms for blanks of the office's own
	Destroyer Destroyer // ends ballots of archived meetings
	Sheets    Sheets    // rosters and rolls as spreadsheets

	Sessions  auth.Store // rows of sessions
	System    System     // disk, database, workers
	Passwords auth.Cost  // of one password hash
	Web       fs.FS      // built browser application; index.html answers every page route
	Metrics   *prometheus.Registry
	Log       *slog.Logger
	Now       func() time.Time
	Random    io.Reader // form ids; crypto/rand outside tests
	Version   string
	CVR       bool                   // optional: auditors may export single ballots
	FactorKey func() ([]byte, error) // of which, with what the store has, secrets of second factors are made; it seals sessions, too
	SignAfter time.Duration          // optional: how long an account that somebody else changed vouches for nothing
	Secure    bool                   // optional: the site is reached by HTTPS alone
	Proxies   []netip.Prefix         // optional: proxies that are believed about addresses
	Limits    Limits                 // optional
	First     string                 // optional, while there is no administrator: digest of the token by which the first is made
	MaxUpload int64                  // optional: bytes of one upload of scans; 0 = DefaultMaxUpload
}

// DefaultMaxUpload holds 1,000 colour pages of 300 dpi with room to spare.
const DefaultMaxUpload = 4 << 30

// Limits of other bodies, in bytes. A roster of 5,000 subjects is about 1 MB as JSON.
const (
	maxJSON = 8 << 20
	maxFile = 16 << 20
)

// server holds what handlers need.
type server struct {
	Config
	huma     huma.API
	sessions *auth.Sessions
	ids      []string // of registered operations, in order
	claims   *claims
	users    *auth.Rates // requests of those who are signed in, by their name
	others   *auth.Rates // requests of others, by address
}

// New builds the handler of the whole service.
func New(c Config) (http.Handler, error) {
	if c.Store == nil || c.Batches == nil || c.Trials == nil || c.Pictures == nil || c.Sheets == nil || c.Printer == nil || c.Reports == nil || c.Learner == nil || c.Destroyer == nil || c.System == nil ||
		c.Sessions == nil || c.Web == nil || c.Metrics == nil || c.Log == nil || c.Now == nil || c.Random == nil || c.FactorKey == nil {
		return nil, errors.New("api: incomplete configuration")
	}
	if c.MaxUpload == 0 {
		c.MaxUpload = DefaultMaxUpload
	}
	s := &server{Config: c, claims: newClaims(), users: auth.NewRates(c.Limits.Users, int(2*c.Limits.Users)), others: auth.NewRates(c.Limits.Others, int(2*c.Limits.Others))}
	var err error
	s.sessions, err = auth.NewSessions(auth.Config{Users: c.Store, Store: c.Sessions, Cost: c.Passwords, Now: c.Now,
		Secure: c.Secure, SignIns: c.Limits.SignIns, Factors: c.Store, Tokens: c.Store, Key: c.FactorKey})
	if err != nil {
		return nil, err
	}
	engine, err := s.engine()
	if err != nil {
		return nil, err
	}
	return s.wrap(engine), nil
}

// engine is gin with huma's routes, the page to try them on, and the browser application.
func (s *server) engine() (*gin.Engine, error) {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.Use(s.observe(newMeters(s.Metrics)), newPacker(), s.recoverPanics)
	s.huma = humagin.New(engine, humaConfig(s.Version))
	s.register()
	docsRoutes(engine)
	engine.NoMethod(func(c *gin.Context) {
		writeProblem(c.Writer, c.Request, ballot.Errorf(codeNotRead, "该路径不支持 %s 方法", "this path does not take %s", c.Request.Method))
	})
	pages, err := webHandler(s.Web)
	if err != nil {
		return nil, err
	}
	engine.NoRoute(gin.WrapH(pages))
	return engine, nil
}

func humaConfig(version string) huma.Config {
	c := huma.DefaultConfig("评议 Pingyi", version)
	c.Info.Description = "述职评议会的表样、印票、扫描、复核、平账、计票与结果。Errors are RFC 9457 problems; the field code is stable."
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	c.Tags = tags()
	c.OpenAPIPath = base + "/openapi"
	c.DocsPath = ""     // huma's page loads from another host; docs.go has ours
	c.SchemasPath = ""  // schemas are in the OpenAPI document
	c.CreateHooks = nil // no $schema in bodies: they are ballot's JSON and nothing else
	c.RejectUnknownQueryParameters = true
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: "pingyi_session"},
		"token":   {Type: "http", Scheme: "bearer"},
	}
	return c
}

// wrap puts around the routes, from the outside in: headers, refusal of cross-site requests, sessions.
func (s *server) wrap(engine http.Handler) http.Handler {
	withSession := s.sessions.Middleware(flushing(engine), func(w http.ResponseWriter, r *http.Request, err error) {
		s.Log.Error("session store", "err", err)
		writeProblem(w, r, err)
	})
	routes := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, base+"/") || r.URL.Path == metricsPath {
			withSession.ServeHTTP(w, r)
			return
		}
		engine.ServeHTTP(w, r) // files and health checks have no session
	})
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		writeProblem(w, r, ballot.Errorf(codeCrossSite, "拒绝来自其他网站的请求", "requests from other sites are refused"))
	}))
	return secureHeaders(s.Secure, origin.Handler(routes))
}

// secureHeaders lets pages load from this host alone and be framed by nobody.
func secureHeaders(https bool, next http.Handler) http.Handler {
	const policy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; " +
		"img-src 'self' data: blob:; frame-src 'self' blob:; worker-src 'self' blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		if https {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if strings.HasPrefix(r.URL.Path, "/api/") {
			h.Set("Cache-Control", "no-store") // results and pictures of ballots stay out of caches
		}
		next.ServeHTTP(w, r)
	})
}

// flushing gives gin the http.Flusher that the session's writer hides: gin flushes by it, and events
// must not wait in a buffer.
func flushing(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(flushWriter{w}, r)
	})
}

type flushWriter struct{ http.ResponseWriter }

// Flush sends what is written so far.
func (w flushWriter) Flush() {
	http.NewResponseController(w.ResponseWriter).Flush() // not supported: then it is sent at the end
}

// Unwrap lets http.ResponseController find deadlines.
func (w flushWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
