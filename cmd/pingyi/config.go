package main

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"pingyi/api"
	"pingyi/api/auth"
	"pingyi/ballot/keys"
)

// config is what every command that touches the data folder is set up by: flags, else the environment,
// else the default. docker-compose.yml names the same variables; a test compares them.
type config struct {
	data      string
	listen    string
	workers   int
	font      string
	ocr       bool
	names     nameShare
	limits    api.Limits
	tlsCert   string
	tlsKey    string
	proxies   []netip.Prefix
	watch     string
	signAfter time.Duration
	cvr       bool
	hashing   auth.Cost // of new passwords; the zero value is auth.DefaultCost, and no setting changes it
}

func (c config) passwords() auth.Cost {
	if c.hashing == (auth.Cost{}) {
		return auth.DefaultCost()
	}
	return c.hashing
}

// setting is one entry of the configuration.
type setting struct {
	env, flag, usage string
	set              func(c *config, value string) error
	initial          string
}

func settings() []setting {
	text := func(field func(*config) *string) func(*config, string) error {
		return func(c *config, v string) error { *field(c) = v; return nil }
	}
	truth := func(field func(*config) *bool) func(*config, string) error {
		return func(c *config, v string) (err error) { *field(c), err = strconv.ParseBool(v); return err }
	}
	return []setting{
		{"PINGYI_DATA", "data", "folder of the database, pictures and spool", text(func(c *config) *string { return &c.data }), "data"},
		{"PINGYI_LISTEN", "listen", "address to listen on", text(func(c *config) *string { return &c.listen }), "127.0.0.1:8080"},
		{"PINGYI_WORKERS", "workers", "pages read at once; 0 leaves reading to `pingyi work`",
			func(c *config, v string) (err error) { c.workers, err = strconv.Atoi(v); return err }, strconv.Itoa(runtime.NumCPU())},
		{"PINGYI_WATCH", "watch", "folder that the scanner writes to; open batches take its files when asked to", text(func(c *config) *string { return &c.watch }), ""},
		{"PINGYI_FONT", "font", "the office's own TrueType font, tried first", text(func(c *config) *string { return &c.font }), ""},
		{"PINGYI_OCR", "ocr", "cross-check the printed identity line by OCR", truth(func(c *config) *bool { return &c.ocr }), "true"},
		{"PINGYI_NAMES", "names", namesUsage, func(c *config, v string) error { return c.names.Set(v) }, "sample"},
		{"PINGYI_SIGN_AFTER", "sign-after", "how long an account that an administrator made or changed cannot decide, confirm counts, balance or sign",
			func(c *config, v string) (err error) { c.signAfter, err = time.ParseDuration(v); return err }, "30m"},
		{"PINGYI_CVR", "cvr", "let two auditors export single ballots of meetings whose rules allow it", truth(func(c *config) *bool { return &c.cvr }), "false"},
		{"PINGYI_TLS_CERT", "tls-cert", "certificate (PEM), to serve HTTPS", text(func(c *config) *string { return &c.tlsCert }), ""},
		{"PINGYI_TLS_KEY", "tls-key", "private key of the certificate (PEM)", text(func(c *config) *string { return &c.tlsKey }), ""},
		{"PINGYI_BEHIND_PROXY", "behind-proxy", "addresses or networks of the proxies that serve HTTPS before this one, by commas: they are believed about addresses, and cookies are for HTTPS alone",
			func(c *config, v string) (err error) { c.proxies, err = api.ParseProxies(v); return err }, ""},
		{"PINGYI_SIGN_INS", "sign-ins", "attempts to sign in from new browsers of one address at once (then one every 10 s); 0 = no bound",
			func(c *config, v string) (err error) { c.limits.SignIns, err = strconv.Atoi(v); return err }, strconv.Itoa(api.DefaultLimits().SignIns)},
	}
}

// bind adds flags for the settings to a command; the returned function reads them once it runs.
func bind(c *cobra.Command, names ...string) func() (config, error) {
	values := map[string]*string{}
	for _, s := range settings() {
		initial := s.initial
		if v, ok := os.LookupEnv(s.env); ok {
			initial = v
		}
		v := initial
		values[s.flag] = &v
		for _, n := range names {
			if n == s.flag {
				c.Flags().StringVar(&v, s.flag, initial, s.usage+" ($"+s.env+")")
			}
		}
	}
	return func() (config, error) {
		out := config{limits: api.DefaultLimits()}
		var faults []error
		for _, s := range settings() {
			if err := s.set(&out, *values[s.flag]); err != nil {
				faults = append(faults, usageError{fmt.Errorf("--%s or %s: %w", s.flag, s.env, err)})
			}
		}
		return out, errors.Join(faults...)
	}
}

func (c config) database() string { return filepath.Join(c.data, "pingyi.db") }

// keys are those of meetings in serial mode.
func (c config) keys() keys.Folder { return keys.Folder(c.data) }
