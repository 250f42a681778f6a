package keys

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"pingyi/ballot"
)

func TestFactorsKeyIsMadeOnce(t *testing.T) {
	f := Folder(filepath.Join(t.TempDir(), "keys"))
	made, err := f.Factors(rand.Reader)
	if err != nil || len(made) != 32 {
		t.Fatal(made, err)
	}
	if again, err := f.Factors(rand.Reader); err != nil || string(again) != string(made) {
		t.Errorf("made again: %v", err)
	}
	path := filepath.Join(string(f), "factors.key")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode: %v, %v", info, err)
	}
	if err := os.WriteFile(path, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Factors(rand.Reader); err == nil {
		t.Error("a damaged key is taken")
	}
}

func TestKeysAreKeptAndForgotten(t *testing.T) {
	f := Folder(filepath.Join(t.TempDir(), "keys"))
	if _, err := f.Of("0a1b"); ballot.CodeOf(err) != ballot.CodeNotFound {
		t.Fatalf("no keys yet: %v", err)
	}
	made, err := f.Make("0a1b", rand.Reader)
	if err != nil || made == (ballot.SerialKeys{}) || made.MAC == made.Name {
		t.Fatal(made, err)
	}
	if again, err := f.Make("0a1b", rand.Reader); err != nil || again != made {
		t.Errorf("made again: %v", err)
	}
	if other, err := f.Make("0a1c", rand.Reader); err != nil || other == made {
		t.Errorf("another meeting's: %v", err)
	}
	for path, mode := range map[string]os.FileMode{string(f): 0o700, filepath.Join(string(f), "serial-0a1b.key"): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s has mode %v, %v", path, info.Mode().Perm(), err)
		}
	}
	if err := f.Forget("0a1b"); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Of("0a1b"); ballot.CodeOf(err) != ballot.CodeNotFound {
		t.Errorf("forgotten: %v", err)
	}
	if err := f.Forget("0a1b"); err != nil {
		t.Errorf("forgotten twice: %v", err)
	}
	if files, _ := os.ReadDir(string(f)); len(files) != 1 {
		t.Errorf("%d files are left, want the other meeting's", len(files))
	}
}

// Two processes that print the first copies at once print with the same keys.
func TestKeysAreMadeOnce(t *testing.T) {
	f := Folder(t.TempDir())
	var wg sync.WaitGroup
	made := make([]ballot.SerialKeys, 16)
	for i := range made {
		wg.Go(func() {
			var err error
			if made[i], err = f.Make("aa", rand.Reader); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, k := range made {
		if k != made[0] {
			t.Fatal("keys differ")
		}
	}
}

func TestOnlyMeetingsHaveKeys(t *testing.T) {
	f := Folder(t.TempDir())
	for _, id := range []string{"", "..", "../aa", "a/b", "AA", "a.b", "aa\x00"} {
		_, of := f.Of(id)
		_, made := f.Make(id, rand.Reader)
		if of == nil || made == nil || f.Forget(id) == nil || ballot.CodeOf(of) != "" {
			t.Errorf("%q has keys", id)
		}
	}
}

func TestDamagedKeysAreRefused(t *testing.T) {
	f := Folder(t.TempDir())
	if err := os.WriteFile(filepath.Join(string(f), "serial-aa.key"), []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Make("aa", rand.Reader); err == nil || ballot.CodeOf(err) != "" {
		t.Errorf("made anew over damaged ones: %v", err)
	}
}
