package api

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"net/http"

	"github.com/gin-gonic/gin"
	lru "github.com/hashicorp/golang-lru/v2"
)

// packed are the answers that are large and alike in themselves: figures of a meeting of 72 subjects are 145 KB, of
// which 10 go over the wire, and the meeting itself of 5,000 subjects 442 KB. Nothing that a request brings stands in
// them, so that their size tells nothing.
var packed = map[string]bool{"/api/v1/meetings/:meeting": true, "/api/v1/meetings/:meeting/results": true}

// packedKept is how many answers are held packed: when results are released, hundreds ask for the same.
const packedKept = 64

// newPacker compresses those for browsers that read gzip. The same text is packed once.
func newPacker() gin.HandlerFunc {
	known, _ := lru.New[[sha256.Size]byte, []byte](packedKept) // fails only for a size of none
	return func(c *gin.Context) {
		if c.Request.Method != http.MethodGet || !packed[c.FullPath()] || !takesGzip(c.Request) {
			return
		}
		to := c.Writer
		c.Header("Content-Encoding", "gzip")
		c.Header("Vary", "Accept-Encoding")
		w := &packedWriter{ResponseWriter: to}
		c.Writer = w
		c.Next()
		sum := sha256.Sum256(w.text.Bytes())
		body, ok := known.Get(sum)
		if !ok {
			body = pack(w.text.Bytes())
			known.Add(sum, body)
		}
		_, _ = to.Write(body) // the client may be gone
	}
}

func pack(text []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(text) // a buffer takes everything
	_ = w.Close()
	return out.Bytes()
}

// packedWriter keeps an answer until it is whole.
type packedWriter struct {
	gin.ResponseWriter
	text bytes.Buffer
}

func (w *packedWriter) Write(b []byte) (int, error) { return w.text.Write(b) }

func (w *packedWriter) WriteString(s string) (int, error) { return w.text.WriteString(s) }
