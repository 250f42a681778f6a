package api

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"pingyi/api/auth"
	"pingyi/ballot"
)

// Limits are how much is answered. Zero is no bound.
type Limits struct {
	Users   float64 // requests a second of one user, and twice as many at once
	Others  float64 // requests a second of one address by those who are not signed in, and twice as many at once
	SignIns int     // attempts to sign in from new browsers of one address at once; then one every ten seconds
}

// DefaultLimits are far over what people and their programs need.
func DefaultLimits() Limits { return Limits{Users: 600, Others: 50, SignIns: 40} }

// known is who makes the request, at a rate that is bounded, by a session or a token; a token's scopes are never nil.
func (s *server) known(ctx huma.Context) (user auth.User, scopes []string, err error) {
	if token, ok := strings.CutPrefix(ctx.Header("Authorization"), "Bearer "); ok {
		user, scopes, err = s.sessions.Bearer(ctx.Context(), token)
	} else {
		user, err = s.sessions.Current(ctx.Context())
	}
	if ballot.CodeOf(err) == ballot.CodeUnauthenticated {
		if slow := s.unknown(ctx); slow != nil {
			err = slow
		}
	}
	if err == nil {
		err = tooMany(s.users.Wait(user.Name, s.Now()))
	}
	return user, scopes, err
}

// unknown bounds the requests of those who are not signed in; health checks are nobody's.
func (s *server) unknown(ctx huma.Context) error {
	if id := ctx.Operation().OperationID; id == "health" || id == "ready" {
		return nil
	}
	return tooMany(s.others.Wait(addressOf(ctx.Context()), s.Now()))
}

func tooMany(wait time.Duration) error {
	if wait == 0 {
		return nil
	}
	return &auth.WaitError{Wait: wait, Code: auth.CodeRequests}
}

type addressKey struct{}

// withAddress leaves the client's address in the context.
func (s *server) withAddress(ctx huma.Context) huma.Context {
	return huma.WithValue(ctx, addressKey{}, clientAddress(humagin.Unwrap(ctx).Request, s.Proxies))
}

// addressOf is the client's address, as attempts and requests are counted by.
func addressOf(ctx context.Context) string {
	a, _ := ctx.Value(addressKey{}).(string)
	return a
}

// clientAddress is that of the peer, or what trusted proxies say of theirs: the last address of X-Forwarded-For that is
// none of them. What others write there is ignored. Of IPv6 the network counts: a client has 2^64 addresses.
func clientAddress(r *http.Request, trusted []netip.Prefix) string {
	peer, ok := parseAddress(r.RemoteAddr)
	if !ok {
		return ""
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && isTrusted(peer, trusted); i-- {
		hop, ok := parseAddress(strings.TrimSpace(hops[i]))
		if !ok {
			break
		}
		peer = hop
	}
	if peer.Is6() {
		if net, err := peer.Prefix(64); err == nil {
			return net.String()
		}
	}
	return peer.String()
}

func parseAddress(text string) (netip.Addr, bool) {
	if host, _, err := net.SplitHostPort(text); err == nil {
		text = host
	}
	a, err := netip.ParseAddr(text)
	return a.Unmap().WithZone(""), err == nil
}

func isTrusted(a netip.Addr, trusted []netip.Prefix) bool {
	return slices.ContainsFunc(trusted, func(p netip.Prefix) bool { return p.Contains(a) })
}

// ParseProxies reads addresses and networks, separated by commas.
func ParseProxies(list string) (out []netip.Prefix, err error) {
	for _, text := range strings.Split(list, ",") {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		p, err := netip.ParsePrefix(text)
		if a, wrong := netip.ParseAddr(text); err != nil && wrong == nil {
			p, err = a.Prefix(a.BitLen())
		}
		if err != nil {
			return nil, ballot.Errorf(ballot.CodeInvalid, "代理地址“%s”不正确", "%q is no address or network of a proxy", text)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}
