package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"pingyi/api/auth"
	"pingyi/ballot"
	"pingyi/ballot/store"
)

//go:embed demo
var demoFiles embed.FS

// demoPassword opens every demo user's account. The demo's data folder is made for the demo and refused
// where it exists, so no real account ever has it.
const demoPassword = "pingyi-demo-2026"

func demoCommand() *cobra.Command {
	var seed uint64
	c := &cobra.Command{Use: "demo", Short: "演示：整场会议从名册到结果 (run three whole meetings on synthetic paper)", Args: cobra.NoArgs,
		Long: `Runs the source meeting (72 secretaries, groups A, B, C), a short meeting of single forms and one whose ballot the
office made itself through a service of its own, over REST, with ballots printed, marked and scanned synthetically, and compares every
total with the truth. Any difference fails it. The data folder must not exist.`}
	read := bind(c, "data", "workers", "font", "ocr", "names")
	c.Flags().Uint64Var(&seed, "seed", 20260115, "seed of votes, hands and damage")
	c.RunE = func(c *cobra.Command, _ []string) error {
		conf, err := read()
		if err != nil {
			return err
		}
		return runDemo(c.Context(), conf, seed, c.OutOrStdout(), c.ErrOrStderr())
	}
	return c
}

// demo is one run: the service, its users, and what it saw.
type demo struct {
	ctx   context.Context
	app   *app
	out   io.Writer
	seed  uint64
	users map[string]*client
	stats demoStats
}

type demoStats struct {
	pages, rows, unclear, rejected int
	reading                        time.Duration
}

func runDemo(ctx context.Context, conf config, seed uint64, out, errOut io.Writer) error {
	if _, err := os.Stat(conf.data); err == nil {
		return usageError{fmt.Errorf("data folder %s exists: the demo makes its own; name another or delete it", conf.data)}
	}
	return playDemo(ctx, conf, seed, out, errOut, (*demo).run)
}

// playDemo lets play work with a service of its own and a user of each role.
func playDemo(ctx context.Context, conf config, seed uint64, out, errOut io.Writer, play func(*demo) error) (err error) {
	conf.workers = max(1, conf.workers)
	a, err := openApp(ctx, conf, slog.New(slog.NewJSONHandler(errOut, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	if err := a.jobs.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	handler, err := a.handler("")
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- serveOn(serving, listener, handler) }()
	d := &demo{ctx: ctx, app: a, out: out, seed: seed, users: map[string]*client{}}
	if err = d.makeUsers("http://" + listener.Addr().String()); err == nil {
		err = play(d)
	}
	stop()
	return errors.Join(err, <-ended)
}

func (d *demo) run() error {
	if err := d.sourceMeeting(); err != nil {
		return fmt.Errorf("source meeting: %w", err)
	}
	if err := d.singleMeeting(); err != nil {
		return fmt.Errorf("single meeting: %w", err)
	}
	if err := d.blankMeeting(); err != nil {
		return fmt.Errorf("meeting with a blank of the office's own: %w", err)
	}
	s := d.stats
	d.say("")
	d.say("合计 total: %d pages, %d rows, %d unclear (%.2f %%), %d rejected, %.1f pages a second",
		s.pages, s.rows, s.unclear, 100*float64(s.unclear)/float64(s.rows), s.rejected, float64(s.pages)/s.reading.Seconds())
	d.say("所有合计与真值一致 all totals equal the truth")
	return nil
}

func (d *demo) say(format string, args ...any) { fmt.Fprintf(d.out, format+"\n", args...) }

// makeUsers adds one user a role, and the second persons that rules ask for.
func (d *demo) makeUsers(base string) error {
	hash := auth.HashPassword(demoPassword, d.app.config.passwords())
	for name, role := range map[string]ballot.Role{"admin": ballot.RoleAdmin, "printing": ballot.RolePrinting, "scanning": ballot.RoleScanning,
		"scrutineer1": ballot.RoleScrutineer, "scrutineer2": ballot.RoleScrutineer, "committee1": ballot.RoleCommittee, "committee2": ballot.RoleCommittee} {
		if err := d.app.store.CreateUser(d.ctx, "demo", store.User{Name: name, Role: role, Hash: hash, Own: true}); err != nil {
			return err
		}
		c, err := signIn(d.ctx, base, name)
		if err != nil {
			return err
		}
		d.users[name] = c
	}
	return nil
}

// do is one call that must succeed.
func (d *demo) do(user, method, path string, in, out any) error {
	if err := d.users[user].call(d.ctx, method, path, in, out); err != nil {
		return fmt.Errorf("%s: %s %s: %w", user, method, path, err)
	}
	return nil
}

// refused is one call that must be refused with a code; the refusal is shown.
func (d *demo) refused(code ballot.Code, user, method, path string, in any) error {
	err := d.users[user].call(d.ctx, method, path, in, nil)
	var p *problem
	if !errors.As(err, &p) || p.Code != string(code) {
		return fmt.Errorf("%s %s should be refused as %s, but: %w", method, path, code, err)
	}
	d.say("  ✗ 拒绝 refused: %v", p)
	return nil
}

// file writes what a user would download.
func (d *demo) file(name string, user, path string) error {
	data, err := d.users[user].send(d.ctx, "GET", path, "", nil)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	to := filepath.Join(d.app.config.data, "documents", name)
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	d.say("  → %s (%d bytes)", to, len(data))
	return os.WriteFile(to, data, 0o600)
}
