package queue

import (
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/tc0lab/tc0/internal/tooltest"
)

// proxy is a link to a server that can be cut: what is sent then is lost, and nobody is told.
type proxy struct {
	net.Listener
	lock sync.Mutex
	open []net.Conn
	down bool
}

func startProxy(t *testing.T, to string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{Listener: l}
	t.Cleanup(func() { l.Close(); p.drop() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			p.link(in, to)
		}
	}()
	return p
}

// link forwards, or holds a client that gets no answer.
func (p *proxy) link(in net.Conn, to string) {
	p.lock.Lock()
	defer p.lock.Unlock()
	p.open = append(p.open, in)
	if p.down {
		return
	}
	out, err := net.Dial("tcp", to)
	if err != nil {
		in.Close()
		return
	}
	p.open = append(p.open, out)
	for _, way := range [][2]net.Conn{{in, out}, {out, in}} {
		go func() {
			b := make([]byte, 4096)
			for {
				n, err := way[0].Read(b)
				if err != nil {
					p.lock.Lock()
					if !p.down {
						way[1].Close()
					}
					p.lock.Unlock()
					return
				}
				p.lock.Lock()
				down := p.down
				p.lock.Unlock()
				if !down {
					_, _ = way[1].Write(b[:n]) // an error comes back as one of reading
				}
			}
		}()
	}
}

// cut loses all from now on.
func (p *proxy) cut() {
	p.lock.Lock()
	defer p.lock.Unlock()
	p.down = true
}

// heal lets new links through. Those that were cut have lost something, and end.
func (p *proxy) heal() {
	p.lock.Lock()
	p.down = false
	p.lock.Unlock()
	p.drop()
}

// drop ends all links.
func (p *proxy) drop() {
	p.lock.Lock()
	defer p.lock.Unlock()
	for _, c := range p.open {
		c.Close()
	}
	p.open = nil
}

// What a worker has in work whose link is cut goes to another worker. When the link is there again, its result is no
// harm, and it takes shards again.
func TestCutLink(t *testing.T) {
	s := serve(t, t.TempDir())
	p := startProxy(t, s.Address)
	cut := s.Link()
	cut.URL = "nats://" + p.Addr().String()
	gate := filepath.Join(t.TempDir(), "gate")
	j, into := sweepJob(30), t.TempDir()
	done := make(chan error)
	go func() { done <- coordinate(t, s.Link(), j, into) }()
	var far, near team
	behind := program(t, "wait=all")
	behind.Env = append(behind.Env, fakeVar+"_FILE="+gate)
	far.start(t, cut, behind)
	running(t, s.Link(), 1)
	p.cut()
	near.start(t, s.Link(), program(t, "slow=all"))
	until(t, func() bool {
		status, err := Ask(t.Context(), s.Link())
		return err == nil && len(status.Jobs) == 1 && status.Jobs[0].Done > 5
	})
	if err := os.WriteFile(gate, nil, 0o666); err != nil { // its program ends, and it can tell nobody
		t.Fatal(err)
	}
	time.Sleep(retry)
	p.heal()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	expect(t, j, into, nil)
	near.stop()
	again, into := sweepJob(3), t.TempDir()
	again.Args = []string{"--n=2..3"}
	c := &Coordinator{Read: readFake, Job: again, Into: into, Link: s.Link()}
	if err := c.Run(tooltest.Context(t)); err != nil {
		t.Fatal(err)
	}
	expect(t, again, into, nil)
}
