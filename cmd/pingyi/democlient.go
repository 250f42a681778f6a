package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
)

// client is one signed-in user of a running service, over REST like any other program.
type client struct {
	base string
	http *http.Client
	user string
}

// problem is an answer that refuses (RFC 9457).
type problem struct {
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Code   string `json:"code"`
	Errors []struct {
		Message string `json:"message"`
		Detail  string `json:"detail"`
	} `json:"errors"`
}

func (p *problem) Error() string {
	text := fmt.Sprintf("%s (%s, HTTP %d)", p.Detail, p.Code, p.Status)
	for _, e := range p.Errors {
		text += "；" + e.Message + e.Detail
	}
	return text
}

// signIn opens a session of one of the demo's users.
func signIn(ctx context.Context, base, user string) (*client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	c := &client{base, &http.Client{Jar: jar}, user}
	return c, c.call(ctx, "POST", "/session", map[string]string{"user": user, "password": demoPassword}, nil)
}

// call sends JSON and decodes the answer into out (nil: ignored). A refusal is a *problem.
func (c *client) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(data)
	}
	data, err := c.send(ctx, method, path, "application/json", body)
	if err != nil || out == nil {
		return err
	}
	return json.Unmarshal(data, out)
}

// upload sends one file as multipart/form-data.
func (c *client) upload(ctx context.Context, path, name string, data []byte, out any) error {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		return err
	}
	if _, err := part.Write(data); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	answer, err := c.send(ctx, "POST", path, w.FormDataContentType(), &b)
	if err != nil || out == nil {
		return err
	}
	return json.Unmarshal(answer, out)
}

// send makes one request and gives the whole answer.
func (c *client) send(ctx context.Context, method, path, kind string, body io.Reader) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, c.base+"/api/v1"+path, body)
	if err != nil {
		return nil, err
	}
	if body != nil {
		r.Header.Set("Content-Type", kind)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode >= 400 {
		p := &problem{Status: answer.StatusCode}
		if err := json.Unmarshal(data, p); err != nil {
			return nil, fmt.Errorf("%s %s: HTTP %d", method, path, answer.StatusCode)
		}
		return nil, p
	}
	return data, nil
}

func escape(s string) string { return url.QueryEscape(s) }
