package queue

import (
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/tc0lab/tc0/internal/scratch"
)

// Limits of the server.
const (
	mostMessage = 1 << 20
	mostLinks   = 4096
	// begins is how long a server may take to begin, which reads all that is in its folder.
	begins = 60 * time.Second
)

// Files in the folder of a server.
const (
	tokenFile   = "token"
	addressFile = "address"
)

// Server is a JetStream server in this process.
type Server struct {
	Address string // HOST:PORT
	Token   string // that a client needs
	nats    *server.Server
	release func() // the folder
}

// Serving says how a server serves. The zero value but for its folder serves this machine only.
type Serving struct {
	Store string // the folder that keeps the queue, the token and the address; made if it is not there
	// Listen is HOST:PORT; "" for the port that the folder has from before on 127.0.0.1, or else any that is free.
	Listen string
	// Cert and Key are files in PEM form. Off this machine they are needed, unless it is Clear.
	Cert, Key string
	Clear     bool // the token may be sent in clear text over a network
	Alone     bool // for [Server.Inside] only: it does not listen, and the folder keeps its address
}

// Serve starts a server. Whoever has its token, which is in the file token of the folder, for its owner only, can use
// it.
//
// Errors: a folder that is no place for a server; *InUseError, except on Windows; an address that cannot be had, and
// one off this machine without encryption.
func Serve(s Serving) (*Server, error) {
	if err := os.MkdirAll(s.Store, 0o700); err != nil {
		return nil, err
	}
	host, port, err := "", 0, error(nil)
	if !s.Alone {
		host, port, err = s.address()
	}
	if err != nil {
		return nil, err
	}
	token, err := keptToken(filepath.Join(s.Store, tokenFile))
	if err != nil {
		return nil, err
	}
	release, err := hold(s.Store)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, s.inUse()
	}
	if err != nil {
		return nil, err
	}
	n, err := s.begin(host, port, token)
	if err != nil {
		release()
		return nil, err
	}
	at := "in-process:1" // a link has some address
	if !s.Alone {
		at = n.Addr().String()
		if err := write(filepath.Join(s.Store, addressFile), at, 0o600); err != nil {
			n.Shutdown()
			release()
			return nil, err
		}
	}
	return &Server{at, token, n, release}, nil
}

// InUseError is that another process serves from a folder.
type InUseError struct{ Store, Address string }

func (e *InUseError) Error() string {
	return fmt.Sprintf("%s is in use by another tc0-queue run: %s gives its server this job, too; --store names another folder",
		e.Store, Shell("--nats", "nats://"+e.Address, "--token-file", filepath.Join(e.Store, tokenFile)))
}

// inUse is the error of that.
func (s *Serving) inUse() error {
	e := &InUseError{s.Store, "HOST:PORT"}
	if text, err := os.ReadFile(filepath.Join(s.Store, addressFile)); err == nil {
		e.Address = strings.TrimSpace(string(text))
	}
	return e
}

// begin begins the server itself.
func (s *Serving) begin(host string, port int, token string) (*server.Server, error) {
	options := &server.Options{
		ServerName: "tc0", Host: host, Port: port, Authorization: token, NoLog: true, NoSigs: true,
		JetStream: true, StoreDir: filepath.Join(s.Store, "jetstream"), DisableJetStreamBanner: true,
		MaxPayload: mostMessage, MaxConn: mostLinks, AuthTimeout: 2,
		PingInterval: 10 * time.Second, MaxPingsOut: 3, // a worker whose link is cut is noticed
		DontListen: s.Alone,
	}
	if s.Cert != "" || s.Key != "" {
		pair, err := tls.LoadX509KeyPair(s.Cert, s.Key)
		if err != nil {
			return nil, fmt.Errorf("the certificate %s with the key %s: %w", s.Cert, s.Key, err)
		}
		options.TLS, options.TLSTimeout = true, 5
		options.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	}
	// The library says of an address in use only that it is not ready.
	if !s.Alone {
		free, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(max(port, 0))))
		if err != nil {
			return nil, fmt.Errorf("--listen: %w; --listen 127.0.0.1:0 takes a port that is free", err)
		}
		free.Close()
	}
	n, err := server.NewServer(options)
	if err != nil {
		return nil, err
	}
	n.Start()
	if !n.ReadyForConnections(begins) || !n.JetStreamEnabled() {
		n.Shutdown()
		return nil, fmt.Errorf("the server in the folder %s did not begin in %v", s.Store, begins)
	}
	return n, nil
}

// address is where to listen: port −1 for any.
func (s *Serving) address() (host string, port int, err error) {
	listen := s.Listen
	if listen == "" {
		listen = "127.0.0.1:0"
		if text, err := os.ReadFile(filepath.Join(s.Store, addressFile)); err == nil {
			listen = strings.TrimSpace(string(text))
			if host, port, err := net.SplitHostPort(listen); err == nil && !net.ParseIP(host).IsLoopback() {
				listen = net.JoinHostPort("127.0.0.1", port) // as it was told to listen once
			}
		}
	}
	host, text, err := net.SplitHostPort(listen)
	if err != nil {
		return "", 0, fmt.Errorf("--listen=%s: it is no HOST:PORT: %w", listen, err)
	}
	number, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return "", 0, fmt.Errorf("--listen=%s: the port %q is not from 0 to 65535", listen, text)
	}
	ip := net.ParseIP(host)
	if host == "localhost" {
		host, ip = "127.0.0.1", net.IPv4(127, 0, 0, 1)
	}
	if (ip == nil || !ip.IsLoopback()) && s.Cert == "" && !s.Clear {
		return "", 0, fmt.Errorf("--listen=%s: other machines can read what is sent there, the token, too; "+
			"--tls-cert and --tls-key encrypt it, and --clear says that nobody listens", listen)
	}
	if port = int(number); port == 0 {
		port = server.RANDOM_PORT
	}
	return host, port, nil
}

// keptToken reads the token in a file, or makes one.
func keptToken(path string) (string, error) {
	token, err := ReadToken(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return token, err
	}
	token = rand.Text() + rand.Text()
	return token, write(path, token, 0o600)
}

// ReadToken reads a token that only its owner can read.
func ReadToken(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if !owned(info) {
		return "", fmt.Errorf("%s: others can read the token; chmod 600 %s, or remove it for a new one", path, path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	token := strings.TrimSpace(string(text))
	if len(token) < 16 || len(token) > 256 || !plainText.MatchString(token) {
		return "", fmt.Errorf("%s: it holds no token: 16 to 256 characters", path)
	}
	return token, nil
}

// write writes a line to a file, whole or not at all.
func write(path, line string, mode os.FileMode) error {
	f, err := scratch.Create(path, mode)
	if err != nil {
		return err
	}
	if _, err := f.WriteString(line + "\n"); err != nil {
		f.Drop()
		return err
	}
	return f.Keep()
}

// Close ends the server. What is in its folder stays.
func (s *Server) Close() {
	s.nats.Shutdown()
	s.nats.WaitForShutdown()
	s.release()
}
