package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tc0lab/tc0/internal/child"
	"github.com/tc0lab/tc0/internal/tooltest"
)

// clusterRuns are those that a cluster does in its tests: each verb that goes over a set of its own.
var clusterRuns = []string{
	"sweep mlp --n 2..9",
	"verify attention:n=3 --inputs 5000",
	"restrict parity:n=16 --trials 5 --free 0.1,0.5",
	"run digits --count 9",
}

// The tasks of a Slurm array give the bytes of one process. What is missing is what gather names, and tasks
// of these numbers bring it back.
func TestSlurm(t *testing.T) {
	script, err := filepath.Abs(filepath.Join("..", "..", "docs", "cluster", "slurm.sbatch"))
	if err != nil {
		t.Fatal(err)
	}
	s := startSlurm(t)
	t.Chdir(s.folder)
	submit := func(array string, i int) {
		args := []string{"--parsable", array, script, "7"}
		args = append(args, strings.Fields(clusterRuns[i])...)
		s.must(t, "sbatch", append(args, "--into", fmt.Sprint("parts", i))...)
	}
	gather := func(i int) (status int, text, notes string) {
		return try(t, "gather", fmt.Sprint("parts", i), "--deterministic")
	}
	compare := func(i int) {
		t.Helper()
		_, want, _ := try(t, append(strings.Fields(clusterRuns[i]), "--deterministic")...)
		if status, text, notes := gather(i); status != 0 || text != want {
			t.Errorf("%s: status %d, %s\n%s\nwant\n%s\n%s", clusterRuns[i], status, notes, text, want, s.logs(t))
		}
	}
	for i := range clusterRuns {
		submit("--array=1-7", i)
	}
	s.wait(t)
	for i := range clusterRuns {
		compare(i)
	}
	for _, k := range []int{3, 6} {
		if err := os.Remove(filepath.Join("parts0", fmt.Sprintf("%04d-of-0007.jsonl", k))); err != nil {
			t.Fatal(err)
		}
	}
	status, _, notes := gather(0)
	array := regexp.MustCompile(`--array=\S+`).FindString(notes)
	if status != 2 || array != "--array=3,6" {
		t.Fatalf("status %d, %s", status, notes)
	}
	submit(array, 0)
	s.wait(t)
	compare(0)
	if logs, _ := filepath.Glob("slurm-*.out"); len(logs) != 7*len(clusterRuns)+2 {
		t.Errorf("%d tasks ran: %v", len(logs), logs)
	}
}

// slurm is a cluster of one node, this computer, with daemons and a key of its own.
type slurm struct {
	folder string
	env    []string // of its commands
	ended  chan string
}

// startSlurm starts a cluster, and ends it with the test. Where that is not possible it skips, and says why.
func startSlurm(t *testing.T) *slurm {
	t.Helper()
	for _, tool := range []string{"munged", "slurmctld", "slurmd", "sbatch", "squeue", "sinfo", "scancel", "scontrol"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed: it is of Debian's packages slurm-wlm and munge", tool)
		}
	}
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := &slurm{folder: t.TempDir(), ended: make(chan string, 3)}
	for _, pair := range os.Environ() { // this test may itself be a task of Slurm
		if name, _, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "SLURM_") || strings.HasPrefix(name, "SBATCH_") {
			t.Setenv(name, "") // so that it comes back
			os.Unsetenv(name)
		}
	}
	s.env = []string{"SLURM_CONF=" + s.at("slurm.conf"), beTC0 + "=1", "TC0=" + binary, "TC0_FULL=0"}
	s.configure(t)
	ctx, stop := context.WithCancel(context.Background())
	var daemons sync.WaitGroup
	start := func(tool string, args ...string) {
		daemons.Go(func() {
			r, err := child.Run(ctx, child.Command{Name: tool, Args: args, Dir: s.folder, Env: s.env})
			s.ended <- fmt.Sprintf("%s has ended: %v\n%s%s", tool, err, r.Out, r.Err)
		})
	}
	t.Cleanup(func() {
		stop()
		daemons.Wait()
	})
	start("munged", "--foreground", "--force", "--key-file="+s.at("key"), "--socket="+s.at("munge"),
		"--pid-file="+s.at("munged.pid"), "--log-file="+s.at("munged.log"), "--seed-file="+s.at("seed"))
	s.until(t, "munged makes its socket", func() bool { _, err := os.Stat(s.at("munge")); return err == nil })
	start("slurmctld", "-D")
	start("slurmd", "-D", "-N", "node")
	s.until(t, "the node is idle", func() bool {
		text, err := s.run(t.Context(), "sinfo", "--noheader", "--format=%T")
		return err == nil && strings.TrimSpace(text) == "idle"
	})
	t.Cleanup(func() { s.end(t) })
	return s
}

// end ends the tasks, which are in sessions of their own, and the daemons, as far as they can be asked to.
func (s *slurm) end(t *testing.T) {
	const patience = 20 * time.Second
	ctx, stop := context.WithTimeout(context.Background(), patience)
	defer stop()
	_, _ = s.run(ctx, "scancel", "--full", "--user="+me(t))
	for ctx.Err() == nil { // a task has a socket while it is there
		if sockets, _ := filepath.Glob(s.at("spool/node_*")); len(sockets) == 0 {
			break
		}
		time.Sleep(pause)
	}
	if _, err := s.run(ctx, "scontrol", "shutdown"); err != nil {
		return
	}
	for range 2 { // slurmctld and slurmd
		select {
		case <-s.ended:
		case <-ctx.Done():
		}
	}
}

// pause is the time between two looks at what a cluster does.
const pause = 100 * time.Millisecond

func (s *slurm) at(name string) string { return filepath.Join(s.folder, name) }

// configure writes what the daemons read. They listen on this computer only, and ask for messages that were
// signed with the key.
func (s *slurm) configure(t *testing.T) {
	t.Helper()
	key := make([]byte, 128)
	rand.Read(key)
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	host, _, _ = strings.Cut(host, ".")
	conf := strings.Join([]string{
		"ClusterName=test", "AuthType=auth/munge", "CredType=cred/munge", "AuthInfo=socket=" + s.at("munge"),
		"SlurmctldHost=" + host + "(127.0.0.1)", "CommunicationParameters=NoCtldInAddrAny,NoInAddrAny",
		"SlurmUser=" + me(t), "SlurmdUser=" + me(t),
		fmt.Sprint("SlurmctldPort=", freePort(t)), fmt.Sprint("SlurmdPort=", freePort(t)),
		"SlurmctldPidFile=" + s.at("slurmctld.pid"), "SlurmdPidFile=" + s.at("slurmd.pid"),
		"StateSaveLocation=" + s.at("state"), "SlurmdSpoolDir=" + s.at("spool"),
		"ProctrackType=proctrack/linuxproc", "TaskPlugin=task/none", "JobAcctGatherType=jobacct_gather/none",
		"AccountingStorageType=accounting_storage/none", "MpiDefault=none", "ReturnToService=2",
		"SchedulerType=sched/builtin", "SchedulerParameters=batch_sched_delay=0,sched_min_interval=0",
		"SelectType=select/cons_tres", "SelectTypeParameters=CR_Core", "SlurmdParameters=config_overrides",
		"NodeName=node NodeHostname=" + host + " NodeAddr=127.0.0.1 CPUs=4", // whatever there are
		"PartitionName=all Nodes=node Default=YES", "",
	}, "\n")
	for name, text := range map[string][]byte{"key": key, "slurm.conf": []byte(conf)} {
		if err := os.WriteFile(s.at(name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"state", "spool"} {
		if err := os.Mkdir(s.at(name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

// until waits, and skips the test if a daemon ends before, or no machine takes that long.
func (s *slurm) until(t *testing.T, what string, yes func() bool) {
	t.Helper()
	end := time.Now().Add(min(2*time.Minute, tooltest.Limit(t)))
	for !yes() {
		select {
		case text := <-s.ended:
			t.Skipf("Slurm does not start here: before %s, %s", what, text)
		case <-time.After(pause):
		}
		if time.Now().After(end) {
			t.Skipf("Slurm does not start here: it is too long until %s", what)
		}
	}
}

// wait waits until no task is there that runs or is going to.
func (s *slurm) wait(t *testing.T) {
	t.Helper()
	ctx := tooltest.Context(t)
	for {
		text, err := s.run(ctx, "squeue", "--noheader")
		switch {
		case ctx.Err() != nil:
			tooltest.SkipIf(t, true, "slurm")
		case err != nil:
			t.Fatal(err, text)
		case text == "":
			return
		}
		time.Sleep(pause)
	}
}

// run runs a command of Slurm and returns what it prints.
func (s *slurm) run(ctx context.Context, tool string, args ...string) (string, error) {
	r, err := child.Run(ctx, child.Command{Name: tool, Args: args, Env: s.env, Time: time.Minute})
	if err == nil {
		err = r.Failed
	}
	return string(r.Out) + string(r.Err), err
}

func (s *slurm) must(t *testing.T, tool string, args ...string) {
	t.Helper()
	if text, err := s.run(t.Context(), tool, args...); err != nil {
		t.Fatalf("%s %s: %v: %s", tool, strings.Join(args, " "), err, text)
	}
}

// logs returns what the tasks printed.
func (s *slurm) logs(t *testing.T) string {
	t.Helper()
	names, err := filepath.Glob(s.at("slurm-*.out"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	var b strings.Builder
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s: %s", filepath.Base(name), text)
	}
	return b.String()
}

func me(t *testing.T) string {
	t.Helper()
	u, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	return u.Username
}

// freePort returns a port of this computer that nobody listens on.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
