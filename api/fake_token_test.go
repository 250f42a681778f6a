package api

import (
	"context"

	"pingyi/api/auth"
	"pingyi/ballot"
)

func (f *fakeStore) Token(_ context.Context, digest string) (auth.Token, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	t, ok := f.tokens[digest]
	if !ok {
		return t, ballot.Errorf(ballot.CodeNotFound, "没有该令牌", "no such token")
	}
	return t, nil
}

func (f *fakeStore) UsedToken(_ context.Context, digest, day string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	t := f.tokens[digest]
	t.Used = day
	f.tokens[digest] = t
	return nil
}

func (f *fakeStore) Tokens(_ context.Context, owner string) (out []auth.Token, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, t := range f.tokens {
		if owner == "" || t.Owner == owner {
			out = append(out, t)
		}
	}
	return out, nil
}

func (f *fakeStore) CreateToken(_ context.Context, t auth.Token) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tokens[t.Digest] = t
	return nil
}

func (f *fakeStore) RevokeToken(_ context.Context, _, digest, owner string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if t, ok := f.tokens[digest]; !ok || owner != "" && t.Owner != owner {
		return ballot.Errorf(ballot.CodeNotFound, "没有该令牌", "no such token")
	}
	delete(f.tokens, digest)
	return nil
}
