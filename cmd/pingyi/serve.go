package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"pingyi/api"
	"pingyi/api/auth"
	"pingyi/ballot"
	"pingyi/ballot/store"
	"pingyi/scans"
	"pingyi/scans/worker"
)

func serveCommand() *cobra.Command {
	c := &cobra.Command{Use: "serve", Short: "启动服务：网页、接口与识读 (serve pages and API, and read scans)", Args: cobra.NoArgs}
	read := bind(c, "data", "listen", "workers", "font", "ocr", "names", "watch", "sign-after", "cvr", "tls-cert", "tls-key", "behind-proxy", "sign-ins")
	c.RunE = func(c *cobra.Command, _ []string) error {
		conf, err := read()
		if err != nil {
			return err
		}
		if v, set := os.LookupEnv("PINGYI_SECURE"); set {
			return usageError{fmt.Errorf("PINGYI_SECURE=%s means nothing any more: take it away, and give --tls-cert and --tls-key, or --behind-proxy", v)}
		}
		return serve(c.Context(), conf, c.OutOrStdout(), c.ErrOrStderr())
	}
	return c
}

// serve runs until ctx ends, then lets requests and jobs finish what they must.
func serve(ctx context.Context, conf config, out, errOut io.Writer) (err error) {
	a, err := openApp(ctx, conf, slog.New(slog.NewJSONHandler(errOut, nil)))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	if err := a.store.Scrub(ctx); err != nil { // what a kill left of rows that were deleted before it
		a.log.Warn("old traces stay in the database", "err", err)
	}
	if conf.workers > 0 {
		if err := a.jobs.Start(context.WithoutCancel(ctx)); err != nil {
			return err
		}
	}
	if err := a.missFactors(ctx); err != nil {
		return err
	}
	token, digest, err := a.first(ctx)
	if err != nil {
		return err
	}
	handler, err := a.handler(digest)
	if err != nil {
		return err
	}
	defer a.keepDestroying(ctx)()
	listener, err := net.Listen("tcp", conf.listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		err = fmt.Errorf("%s 已被别的程序占用：请用 --listen 换一个端口，或先停止它（演示用 make demo-stop） (another program listens there: give another --listen, or end it): %w", conf.listen, err)
	}
	if err != nil {
		return err
	}
	if listener, err = conf.withTLS(listener); err != nil {
		return err
	}
	if here, ok := listener.Addr().(*net.TCPAddr); ok && !here.IP.IsLoopback() && !conf.secure() {
		a.log.Warn("passwords and results travel in the clear: give --tls-cert and --tls-key, or --behind-proxy", "address", here.String())
	}
	fmt.Fprintf(out, "评议 Pingyi: %s://%s\n", conf.scheme(), listener.Addr())
	if token != "" {
		fmt.Fprintf(out, "还没有管理员，请在浏览器打开此链接建立（只能用一次） there is no administrator yet, open this once:\n%s://%s/first#%s\n", conf.scheme(), strings.Replace(listener.Addr().String(), "[::]", "localhost", 1), token)
	}
	return serveOn(ctx, listener, handler)
}

// missFactors says where the key is gone of which the codes on administrators' phones are made: another one, made when
// first needed, would only call their codes wrong.
func (a *app) missFactors(ctx context.Context) error {
	users, err := a.store.Users(ctx)
	if err != nil || !slices.ContainsFunc(users, func(u store.User) bool { return u.Factor != "" }) || a.config.keys().HasFactors() {
		return err
	}
	a.log.Warn("factors.key is missing: administrators with a second factor can sign in by recovery codes alone; put the key back, or use pingyi user reset-factor")
	return nil
}

// first draws the token of a link by which the first administrator is made, where there is none, and what is kept of it.
// It stands after # in the link: what follows never leaves the browser as part of an address.
func (a *app) first(ctx context.Context) (token, digest string, err error) {
	has, err := a.store.HasAdmin(ctx)
	if err != nil || has {
		return "", "", err
	}
	token = rand.Text()
	return token, auth.Digest(token), nil
}

// keepDestroying looks now and every hour for archived meetings whose day has come; the function that it returns
// ends that.
func (a *app) keepDestroying(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	tick, ended := time.NewTicker(time.Hour), make(chan struct{})
	go func() {
		defer close(ended)
		a.jobs.KeepDestroying(ctx, tick.C)
	}()
	return func() {
		cancel()
		tick.Stop()
		<-ended
	}
}

func serveOn(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := api.NewServer(listener.Addr().String(), handler)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err := server.Shutdown(grace)
	if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}

func workCommand() *cobra.Command {
	c := &cobra.Command{Use: "work", Short: "只做识读任务，不提供网页 (read scans, without serving)", Args: cobra.NoArgs}
	read := bind(c, "data", "workers", "font", "ocr", "names")
	c.RunE = func(c *cobra.Command, _ []string) (err error) {
		conf, err := read()
		if err != nil {
			return err
		}
		a, err := openApp(c.Context(), conf, slog.New(slog.NewJSONHandler(c.ErrOrStderr(), nil)))
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, a.close()) }()
		if err := a.jobs.Start(context.WithoutCancel(c.Context())); err != nil {
			return err
		}
		<-c.Context().Done()
		return nil
	}
	return c
}

// readWorkerCommand is the child process that reads pages; people never call it. It has an OCR process of its
// own, which ends with it.
func readWorkerCommand() *cobra.Command {
	c := &cobra.Command{Use: "read-worker", Hidden: true, Args: cobra.NoArgs}
	names, font, trace := nameShare(0), "", ""
	c.Flags().Var(&names, "names", namesUsage)
	c.Flags().StringVar(&font, "font", "", "the office's own font")
	c.Flags().StringVar(&trace, "trace", "", "folder for pictures of the stages")
	c.RunE = func(c *cobra.Command, _ []string) error {
		client, err := newOCR()
		if err != nil {
			return err
		}
		defer client.Close()
		return worker.Serve(c.InOrStdin(), c.OutOrStdout(), func(forms []ballot.Form, withOCR bool) (worker.Reader, error) {
			o, err := readerOptions(client, withOCR, names, font)
			if err == nil && trace != "" {
				o.Trace, err = newTracer(trace)
			}
			if err != nil {
				return nil, err
			}
			return scans.NewReader(forms, o)
		})
	}
	return c
}

func healthCommand() *cobra.Command {
	c := &cobra.Command{Use: "health", Short: "检查服务是否就绪 (ask a running service whether it is ready)", Args: cobra.NoArgs}
	read := bind(c, "listen", "tls-cert", "tls-key")
	c.RunE = func(c *cobra.Command, _ []string) error {
		conf, err := read()
		if err != nil {
			return err
		}
		host, port, err := net.SplitHostPort(conf.listen)
		if err != nil {
			return usageError{err}
		}
		if host == "" || host == "0.0.0.0" || host == "::" {
			host = "127.0.0.1"
		}
		ctx, cancel := context.WithTimeout(c.Context(), 4*time.Second)
		defer cancel()
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, conf.scheme()+"://"+net.JoinHostPort(host, port)+"/readyz", nil)
		if err != nil {
			return err
		}
		client, err := conf.localClient()
		if err != nil {
			return err
		}
		answer, err := client.Do(request)
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			return fmt.Errorf("the service answers %s", answer.Status)
		}
		_, err = fmt.Fprintln(c.OutOrStdout(), "ok")
		return err
	}
	return c
}
