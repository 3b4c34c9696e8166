package queue

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tc0lab/tc0/internal/longtest"
	"github.com/tc0lab/tc0/internal/tooltest"
)

// coordinatorVar makes the test binary a server, whose folder it names, with a coordinator.
const coordinatorVar = "TC0_QUEUE_TEST_COORDINATOR"

// soakAddress is in a network of its own.
const soakAddress = "10.77.0.1:7422"

// soakShards is how many the job has.
const soakShards = 1000

func soakSize(shard int) int {
	if shard%100 == 0 {
		return 15_000 // 1.2 MB: more than one message has
	}
	return 10 + shard%500
}

func soakCoordinator(store string) int {
	s, err := Serve(Serving{Store: store, Listen: soakAddress, Clear: true})
	if err == nil {
		c := &Coordinator{Read: readFake, Job: sweepJob(soakShards), Into: filepath.Join(store, "into"), Link: s.Inside()}
		c.Silence = 5 * time.Second
		err = c.Run(context.Background())
		s.Close()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// network makes four networks: of the server, and one for each of three workers, with a cable between.
type network struct {
	t    *testing.T
	name string
}

func (n *network) ip(args ...string) {
	n.t.Helper()
	if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
		n.t.Fatalf("ip %s: %v: %s", strings.Join(args, " "), err, out)
	}
}

func (n *network) of(i int) string { return fmt.Sprintf("%s-%d", n.name, i) }

func startNetwork(t *testing.T) *network {
	if runtime.GOOS != "linux" || os.Geteuid() != 0 {
		t.Skip("networks of its own need Linux and root")
	}
	n := &network{t, fmt.Sprintf("tc0q%d", os.Getpid())}
	if err := exec.Command("ip", "netns", "add", n.of(0)).Run(); err != nil {
		t.Skipf("ip netns: %v", err)
	}
	t.Cleanup(func() {
		for i := range 4 {
			_ = exec.Command("ip", "netns", "del", n.of(i)).Run()
		}
	})
	n.ip("-n", n.of(0), "link", "set", "lo", "up")
	n.ip("-n", n.of(0), "link", "add", "bridge", "type", "bridge")
	n.ip("-n", n.of(0), "addr", "add", "10.77.0.1/24", "dev", "bridge")
	n.ip("-n", n.of(0), "link", "set", "bridge", "up")
	for i := 1; i <= 3; i++ {
		port := fmt.Sprint("port", i)
		n.ip("netns", "add", n.of(i))
		n.ip("-n", n.of(0), "link", "add", port, "type", "veth", "peer", "name", "cable", "netns", n.of(i))
		n.ip("-n", n.of(0), "link", "set", port, "master", "bridge")
		n.ip("-n", n.of(0), "link", "set", port, "up")
		n.ip("-n", n.of(i), "addr", "add", fmt.Sprintf("10.77.0.%d/24", i+1), "dev", "cable")
		n.ip("-n", n.of(i), "link", "set", "cable", "up")
	}
	return n
}

// start starts the test binary in one of the networks.
func (n *network) start(i int, env ...string) *exec.Cmd {
	n.t.Helper()
	self, err := os.Executable()
	if err != nil {
		n.t.Fatal(err)
	}
	cmd := exec.CommandContext(tooltest.Context(n.t), "ip", "netns", "exec", n.of(i), self) // which becomes it
	cmd.Env, cmd.Stderr = append(os.Environ(), env...), os.Stderr
	if err := cmd.Start(); err != nil {
		n.t.Fatal(err)
	}
	return cmd
}

// A thousand shards, three workers in networks of their own, of which one is killed each second, a server that is
// killed twice, a link that is cut for 30 s, a worker whose disk is full for as long: nothing is lost, nothing is there
// twice, and the bytes are those of one process.
func TestLongSoak(t *testing.T) {
	longtest.Need(t)
	n := startNetwork(t)
	store, log, said := t.TempDir(), filepath.Join(t.TempDir(), "log"), filepath.Join(t.TempDir(), "said")
	disk := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=4m", "none", disk).CombinedOutput(); err != nil {
		t.Skipf("a small disk cannot be mounted: %v: %s", err, out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", "-l", disk).Run() })
	filler := filepath.Join(disk, "filler")
	_ = os.WriteFile(filler, make([]byte, 8<<20), 0o600) // it ends early: the disk is full
	start := time.Now()
	var lock sync.Mutex
	workers := map[int]*exec.Cmd{}
	run := func(i int) {
		tmp := t.TempDir()
		if i == 3 {
			tmp = disk
		}
		env := []string{
			workerVar + "=" + store, workerVar + "_SAY=" + said, fakeVar + "=soak=all,slow=all,log=all", fakeVar + "_FILE=" + log,
			"TMPDIR=" + tmp,
		}
		lock.Lock()
		defer lock.Unlock()
		workers[i] = n.start(i, env...)
	}
	kill := func(i int) {
		lock.Lock()
		cmd := workers[i]
		lock.Unlock()
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // killed
	}
	server := n.start(0, coordinatorVar+"="+store)
	for { // its token and address are there
		if _, err := Here(store); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	for i := 1; i <= 3; i++ {
		run(i)
	}
	ended := make(chan error, 1)
	wait := func(cmd *exec.Cmd) { ended <- cmd.Wait() }
	go wait(server)
	kills, restarts := 0, 0
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	var err error
	for second, going := 0, true; going; {
		select {
		case err = <-ended:
			going = false
			continue
		case <-tick.C:
			second++
		}
		i := 1 + rand.IntN(3)
		kill(i)
		run(i)
		kills++
		switch second {
		case 5, 45:
			_ = server.Process.Kill()
			<-ended
			time.Sleep(2 * time.Second)
			server = n.start(0, coordinatorVar+"="+store)
			go wait(server)
			restarts++
		case 10:
			n.ip("-n", n.of(0), "link", "set", "port2", "down")
		case 30:
			if err := os.Remove(filler); err != nil {
				t.Error(err)
			}
		case 40:
			n.ip("-n", n.of(0), "link", "set", "port2", "up")
		}
	}
	took := time.Since(start)
	for i := 1; i <= 3; i++ {
		kill(i)
	}
	if err != nil {
		t.Errorf("the coordinator: %v", err)
	}
	expect(t, sweepJob(soakShards), filepath.Join(store, "into"), soakSize)
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	begun := strings.Count(string(text), "\n")
	troubles, err := os.ReadFile(said)
	if err != nil || !strings.Contains(string(troubles), "no space left on device") {
		t.Errorf("no worker had a full disk: %s, %v", troubles, err)
	}
	full := strings.Count(string(troubles), "no space left on device")
	if took < 46*time.Second || restarts < 2 {
		t.Errorf("it ended in %v, before all was broken that was to be", took)
	}
	t.Logf("%d shards in %.0f s with %d kills, %d restarts, %d times a full disk; %d were begun, so %d again", soakShards,
		took.Seconds(), kills, restarts, full, begun, begun-soakShards)
}

// BenchmarkShard is what the queue costs: a shard with one worker, and the program alone.
func BenchmarkShard(b *testing.B) {
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	p := Program{Path: self, Env: []string{fakeVar + "=ok"}, Time: time.Hour, Dir: b.TempDir()}
	b.Run("alone", func(b *testing.B) {
		for i := range b.N {
			task := Task{sweepJob(b.N), i + 1}
			if err := p.do(b.Context(), &task, nil, func(string) error { return nil }); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, workers := range []int{1, 3} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			s, err := Serve(Serving{Store: b.TempDir()})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			ctx, stop := context.WithCancel(b.Context())
			var wait sync.WaitGroup
			for range workers {
				wait.Go(func() {
					w := &Worker{Link: s.Link(), Program: p}
					if err := w.Run(ctx); !errors.Is(err, context.Canceled) {
						b.Error(err)
					}
				})
			}
			b.ResetTimer()
			c := &Coordinator{Read: readFake, Job: sweepJob(b.N), Into: b.TempDir(), Link: s.Link()}
			if err := c.Run(ctx); err != nil {
				b.Error(err)
			}
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "shards/s")
			stop()
			wait.Wait()
		})
	}
}
