package api

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"pingyi/ballot"
)

// part is a part of a draft that is replaced as a whole. Its tag lets two people who edit it at the same time
// notice each other.
type part[T any] struct {
	ETag string `header:"ETag" doc:"of the part as it stands; send it as If-Match to replace only that"`
	Body T
}

func partAnswer[T any](v T, err error) (*part[T], error) {
	if err != nil {
		return nil, err
	}
	return &part[T]{tagOf(v), v}, nil
}

// tagOf is the same for what is the same: maps are written in the order of their keys.
func tagOf(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain values only: cannot fail
	}
	sum := sha256.Sum256(raw)
	return `"` + hex.EncodeToString(sum[:8]) + `"`
}

// UnlessChanged is a condition that whoever replaces a part may set.
type UnlessChanged struct {
	IfMatch string `header:"If-Match" doc:"refuse with conflict unless the part still has this ETag"`
}

// check refuses to write over what somebody else has saved in between; current is the part as it stands.
func (u UnlessChanged) check(current any) error {
	if u.IfMatch == "" || u.IfMatch == tagOf(current) {
		return nil
	}
	return ballot.Errorf(ballot.CodeConflict, "您打开之后，别人已经改过这一部分；您填的内容还在页面上，没有保存",
		"somebody else has changed this part since you opened it: what you typed is still on your page, and was not saved")
}
