package api

import (
	"context"
	"net"
	"net/http"
	"time"
)

// NewServer makes a server for the handler with limits on slow clients. Bodies and answers have no
// limit in time: a stack of scans takes minutes over a slow line, and events last as long as a batch.
// Shutdown ends streams of events, which would hold it up, and lets every other request finish.
func NewServer(address string, handler http.Handler) *http.Server {
	stop, end := context.WithCancel(context.Background())
	server := &http.Server{Addr: address, Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, BaseContext: func(net.Listener) context.Context {
			return context.WithValue(context.Background(), stoppingKey{}, stop.Done())
		}}
	server.RegisterOnShutdown(end)
	return server
}

type stoppingKey struct{}

// stopping is closed when the server of a request shuts down; nil, which never is, under other servers.
func stopping(ctx context.Context) <-chan struct{} {
	c, _ := ctx.Value(stoppingKey{}).(<-chan struct{})
	return c
}
