package api

import (
	"embed"
	"net/http"

	"github.com/gin-gonic/gin"
)

//go:embed docs.html docs.js docs.css
var docsFiles embed.FS

// docsRoutes serves the page to try the operations on. It is built from the OpenAPI document in the
// browser and loads nothing from any other host.
func docsRoutes(engine *gin.Engine) {
	for path, file := range map[string][2]string{
		"/api/docs":          {"docs.html", "text/html; charset=utf-8"},
		"/api/docs/docs.js":  {"docs.js", "text/javascript; charset=utf-8"},
		"/api/docs/docs.css": {"docs.css", "text/css; charset=utf-8"},
	} {
		engine.GET(path, func(c *gin.Context) {
			content, err := docsFiles.ReadFile(file[0])
			if err != nil {
				writeProblem(c.Writer, c.Request, err)
				return
			}
			c.Data(http.StatusOK, file[1], content)
		})
	}
}
