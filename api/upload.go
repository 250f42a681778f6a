package api

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"pingyi/ballot"
)

// Multipart gives an input type the files of a multipart body, read as they come in: nothing is held in
// memory or put on disk here. A part is a file where it has a file name; other parts are skipped.
type Multipart struct {
	writer  http.ResponseWriter
	request *http.Request
}

// Resolve keeps the request; huma calls it before the handler.
func (m *Multipart) Resolve(ctx huma.Context) []error {
	c := humagin.Unwrap(ctx)
	m.writer, m.request = c.Writer, c.Request
	return nil
}

// each calls take for every file, in order; the whole body has at most limit bytes. No file at all is
// an error.
func (m *Multipart) each(limit int64, take func(name string, content io.Reader) error) error {
	kind, params, err := mime.ParseMediaType(m.request.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return ballot.Errorf(codeNotRead, "请以 multipart/form-data 上传文件", "upload the file as multipart/form-data")
	}
	parts := multipart.NewReader(http.MaxBytesReader(m.writer, m.request.Body, limit), params["boundary"])
	for files := 0; ; {
		part, err := parts.NextPart()
		if err == io.EOF && files > 0 { // exactly EOF: a wrapped one is a body that broke off
			return nil
		}
		if err == io.EOF {
			return ballot.Errorf(codeNotRead, "没有收到文件", "no file in the body")
		}
		if err != nil { // malformed, however it came to be
			return bodyError(errors.Join(err, io.ErrUnexpectedEOF))
		}
		if part.FileName() == "" {
			continue
		}
		files++
		if err := take(part.FileName(), part); err != nil {
			return bodyError(err)
		}
	}
}

// parsed reads the only file of a body, of at most maxFile bytes.
func parsed[T any](m *Multipart, parse func(name string, data []byte) (T, error)) (out T, err error) {
	taken := false
	err = m.each(maxFile, func(name string, content io.Reader) error {
		if taken {
			return ballot.Errorf(codeNotRead, "一次只能上传一个文件", "upload one file at a time")
		}
		taken = true
		data, err := io.ReadAll(content)
		if err == nil {
			out, err = parse(name, data)
		}
		return err
	})
	return out, err
}

// bodyError names a body that is too long, cut off or malformed, instead of calling it a fault of ours.
func bodyError(err error) error {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return ballot.Errorf(ballot.CodeTooLarge, "上传内容超过上限 %d 字节", "the upload is over the limit of %d bytes", tooLarge.Limit)
	case ballot.CodeOf(err) != "":
		return err
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		return ballot.Errorf(codeNotRead, "上传中断，文件不完整；请重新上传", "the upload broke off: upload it again")
	}
	return err
}

// addUpload adds an operation whose body is files. The body is described after huma has registered the
// operation: huma would read, and hold in memory, a body that it knows of before.
func addUpload[I, O any](s *server, op huma.Operation, many bool, handle func(context.Context, *I) (*O, error)) {
	add(s, op, handle)
	file := &huma.Schema{Type: "string", Format: "binary"}
	schema := &huma.Schema{Type: "object", Properties: map[string]*huma.Schema{"file": file}, Required: []string{"file"}}
	if many {
		schema.Properties["file"] = &huma.Schema{Type: "array", Items: file}
	}
	s.huma.OpenAPI().Paths[op.Path].Post.RequestBody = &huma.RequestBody{Required: true,
		Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: schema}}}
}
