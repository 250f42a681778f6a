package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"pingyi/api"
	"pingyi/ballot/store"
)

// TestStatusTellsNoVoid: pictures of a meeting are not counted while batches may still be closed, and sizes of all together
// are told roughly: who looks before and after a closing does not see whether a leaf more is kept.
func TestStatusTellsNoVoid(t *testing.T) {
	ctx := context.Background()
	data, id := balancedMeeting(t)
	s := storeOf(t, data, 0)
	defer s.Close()
	folder := filepath.Join(data, "pages", id)
	must[int](t)(0, os.MkdirAll(folder, 0o700))
	must[int](t)(0, os.WriteFile(filepath.Join(folder, "a.jpg"), make([]byte, 1000), 0o600))
	look := func() api.SystemStatus {
		return must[api.SystemStatus](t)(machine{&app{config: config{data: data}, store: s}}.Status(ctx))
	}
	before := look()
	if one := before.Meetings[0]; one.Pictures != 0 || one.Bytes != 0 || before.Database != grain || before.DiskFree%grain != 0 {
		t.Errorf("told before certifying: %+v", before)
	}
	signers(t, s)
	for _, who := range []string{"one", "two"} {
		must[store.Signed](t)(s.Certify(ctx, who, id, "无误"))
	}
	if one := look().Meetings[0]; one.Pictures != 1 || one.Bytes != 1000 {
		t.Errorf("told after it: %+v", one)
	}
}
