package queue

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Link says where a server is, and what to show it.
type Link struct {
	URL   string // nats:// or tls:// HOST:PORT, or several with commas between
	Token string // of a server of [Serve]
	Creds string // a file of credentials, as nsc writes it
	// CA, Cert and Key are files in PEM form: whom to trust, and the certificate of this client.
	CA, Cert, Key string

	inside nats.InProcessConnProvider // the server, if it is in this process
}

// Here is the link to the server whose folder is on this machine.
func Here(store string) (Link, error) {
	token, err := ReadToken(filepath.Join(store, tokenFile))
	if err != nil {
		return Link{}, err
	}
	address, err := os.ReadFile(filepath.Join(store, addressFile))
	if err != nil {
		return Link{}, err
	}
	return Link{URL: "nats://" + strings.TrimSpace(string(address)), Token: token}, nil
}

// Link is the link to the server.
func (s *Server) Link() Link { return Link{URL: "nats://" + s.Address, Token: s.Token} }

// Inside is the link to the server for its own process, which goes over no network.
func (s *Server) Inside() Link {
	return Link{URL: "nats://" + s.Address, Token: s.Token, inside: s.nats}
}

// retry is how long after a failure the next try comes.
const retry = 500 * time.Millisecond

// Check says how the URL is none of a server.
func (l *Link) Check() error {
	for one := range strings.SplitSeq(l.URL, ",") {
		u, err := url.Parse(strings.TrimSpace(one))
		if err == nil && u.Scheme != "nats" && u.Scheme != "tls" || err != nil || u.Hostname() == "" || u.Opaque != "" {
			return fmt.Errorf("%.80q is no address of a server: nats://HOST:PORT or tls://HOST:PORT", one)
		}
		if port, err := strconv.ParseUint(u.Port(), 10, 16); u.Port() != "" && (err != nil || port == 0) {
			return fmt.Errorf("%.80q: the port is not from 1 to 65535", one)
		}
	}
	return nil
}

// dial waits for the server, but not for one that does not let this client in.
func (l *Link) dial(ctx context.Context, name string) (*nats.Conn, jetstream.JetStream, error) {
	return l.reach(ctx, name, func(error) error { return nil })
}

// reach is dial, which calls silent each time that no server answers; an error of it ends the waiting.
func (l *Link) reach(ctx context.Context, name string, silent func(error) error) (
	*nats.Conn, jetstream.JetStream, error,
) {
	if err := l.Check(); err != nil {
		return nil, nil, err
	}
	options := []nats.Option{
		nats.Name(name), nats.MaxReconnects(-1), nats.ReconnectWait(retry), nats.ReconnectJitter(retry, retry),
		nats.PingInterval(5 * time.Second), nats.MaxPingsOutstanding(2), nats.Timeout(5 * time.Second),
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}), // else it prints
	}
	if l.Token != "" {
		options = append(options, nats.Token(l.Token))
	}
	if l.Creds != "" {
		options = append(options, nats.UserCredentials(l.Creds))
	}
	if l.CA != "" {
		options = append(options, nats.RootCAs(l.CA))
	}
	if l.Cert != "" || l.Key != "" {
		options = append(options, nats.ClientCert(l.Cert, l.Key))
	}
	if l.inside != nil {
		options = append(options, nats.InProcessServer(l.inside))
	}
	for {
		conn, err := nats.Connect(l.URL, options...)
		if err == nil {
			js, err := jetstream.New(conn)
			if err != nil {
				conn.Close()
			}
			return conn, js, err
		}
		switch {
		case errors.Is(err, nats.ErrAuthorization) && l.Creds == "":
			return nil, nil, fmt.Errorf("%s: %w: --token-file has to name a copy of the file token in the folder of its queue", l.URL, err)
		case !absent(err):
			return nil, nil, fmt.Errorf("%s: %w", l.URL, err)
		}
		if err = silent(err); err == nil {
			err = pause(ctx, retry)
		}
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", l.URL, err)
		}
	}
}

// absent reports whether an error is that nobody answers, so that a later try may find a server.
func absent(err error) bool {
	var network interface{ Timeout() bool }
	return errors.Is(err, nats.ErrNoServers) || errors.Is(err, nats.ErrTimeout) || errors.As(err, &network)
}

// pause waits, and returns the cause if the context ends.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d):
		return nil
	}
}
