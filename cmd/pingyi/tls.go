package main

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
)

// secure tells whether browsers reach the service by HTTPS alone.
func (c config) secure() bool { return c.tlsCert != "" || len(c.proxies) > 0 }

func (c config) scheme() string {
	if c.tlsCert != "" {
		return "https"
	}
	return "http"
}

func (c config) certificate() (tls.Certificate, error) {
	pair, err := tls.LoadX509KeyPair(c.tlsCert, c.tlsKey)
	if err != nil {
		return pair, usageError{fmt.Errorf("--tls-cert and --tls-key: %w", err)}
	}
	return pair, nil
}

// withTLS serves HTTPS by the certificate of the configuration; where there is none the listener stays as it is.
func (c config) withTLS(plain net.Listener) (net.Listener, error) {
	if c.tlsCert == "" && c.tlsKey == "" {
		return plain, nil
	}
	pair, err := c.certificate()
	if err != nil {
		return nil, errors.Join(err, plain.Close())
	}
	return tls.NewListener(plain, &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}, NextProtos: []string{"http/1.1"}}), nil
}

// localClient asks the service on this machine. Its certificate is for another name, so it must be the very one.
func (c config) localClient() (*http.Client, error) {
	if c.tlsCert == "" {
		return http.DefaultClient, nil
	}
	pair, err := c.certificate()
	if err != nil {
		return nil, err
	}
	verify := func(state tls.ConnectionState) error {
		if !bytes.Equal(pair.Certificate[0], state.PeerCertificates[0].Raw) {
			return errors.New("the service has another certificate than --tls-cert")
		}
		return nil
	}
	//nolint:gosec // InsecureSkipVerify leaves the check to VerifyConnection
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: true, VerifyConnection: verify}}}, nil
}
