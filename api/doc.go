// Package api is Pingyi over HTTP: the routes under /api/v1 with their request and response types,
// sign-in, errors as problem documents, the events of a batch, and the files of the browser application.
//
// It decides nothing about votes. What it needs from elsewhere it asks for by the small interfaces in
// each file, put together in Config. Every operation is registered with an id that auth's permission
// table knows; no log line holds a body, a path with identifiers, or a name.
package api
