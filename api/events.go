package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"pingyi/ballot"
)

// How a batch is watched: its progress is read this often, since workers may be other processes, but
// watching takes at most a watchShare-th of the time; a comment keeps proxies from cutting a quiet stream.
const (
	watchEvery = 400 * time.Millisecond
	watchShare = 10
	quietLimit = 15 * time.Second
)

func (s *server) registerEvents(path string) {
	op := route("GET", path+"/events", "batch-events", "batches",
		"批次进度 server-sent events: `progress` with the batch whenever it changes, `end` when it is closed or gone")
	schema := s.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Batch](), true, "")
	op.Responses = map[string]*huma.Response{"200": {Description: "event: progress, data: a Batch",
		Content: map[string]*huma.MediaType{"text/event-stream": {Schema: schema}}}}
	add(s, op, s.batchEvents)
}

func (s *server) batchEvents(ctx context.Context, in *InBatch) (*huma.StreamResponse, error) {
	first, err := s.Batches.Batch(ctx, in.Meeting, in.Batch)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", "text/event-stream")
		hc.SetHeader("X-Accel-Buffering", "no") // nginx would hold events back
		hc.SetStatus(http.StatusOK)
		out := &eventWriter{w: hc.BodyWriter(), flush: humagin.Unwrap(hc).Writer.Flush}
		s.watch(hc, in, first, out)
	}}, nil
}

// watch sends a batch whenever it changes, until it is closed, gone, or the client is, or may not watch any more.
func (s *server) watch(hc huma.Context, in *InBatch, batch Batch, out *eventWriter) {
	ctx := hc.Context()
	out.send("progress", batch)
	wait, sent := watchEvery, s.Now()
	for out.err == nil && batch.State != ballot.BatchClosed {
		select {
		case <-ctx.Done():
			return
		case <-stopping(ctx):
			return // without an end: the browser connects again
		case <-time.After(wait):
		}
		asked := s.Now()
		next, err := s.Batches.Batch(ctx, in.Meeting, in.Batch)
		if s.again(hc) != nil { // asked after the batch: what came once they may not watch any more is not told
			return // without an end, too: the browser is told why when it connects again
		}
		if err != nil {
			if ballot.CodeOf(err) == "" && ctx.Err() == nil {
				s.Log.Error("batch events", "err", withoutIDs(err, in))
			}
			break
		}
		wait = max(watchEvery, watchShare*s.Now().Sub(asked))
		switch {
		case !reflect.DeepEqual(next, batch):
			out.send("progress", next)
			batch, sent = next, s.Now()
		case s.Now().Sub(sent) >= quietLimit:
			out.comment()
			sent = s.Now()
		}
	}
	out.send("end", struct{}{})
}

// eventWriter writes server-sent events and keeps the first error.
type eventWriter struct {
	w     io.Writer
	flush func()
	err   error
}

func (e *eventWriter) send(event string, data any) {
	raw, err := json.Marshal(data)
	if err != nil {
		e.err = err
		return
	}
	e.print("event: %s\ndata: %s\n\n", event, raw)
}

func (e *eventWriter) comment() { e.print(":\n\n") }

func (e *eventWriter) print(format string, args ...any) {
	if e.err != nil {
		return
	}
	if _, e.err = fmt.Fprintf(e.w, format, args...); e.err == nil {
		e.flush()
	}
}
