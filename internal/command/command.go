// Package command has what the commands of the project have in common: how an interrupt ends them, and what
// version they are.
package command

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/tc0lab/tc0/internal/scratch"
)

// Interrupted is the exit status after an interrupt.
const Interrupted = 130

// Main runs a command and ends the program with its exit status. After an interrupt the command has some time to
// end by itself; then cut is called and the program ends. A second interrupt ends it at once.
func Main(name string, grace time.Duration, run func(ctx context.Context) int, cut func()) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	status := make(chan int, 1)
	go func() { status <- run(ctx) }()
	select {
	case s := <-status:
		os.Exit(s)
	case <-ctx.Done():
	}
	stop()
	select {
	case s := <-status:
		os.Exit(s)
	case <-time.After(grace): // in the middle of something that cannot be stopped
		cut()
		scratch.Clear()
		fmt.Fprintln(os.Stderr, name+": interrupted")
		os.Exit(Interrupted)
	}
}

// Version is that of this program, by a name: its tag, or else the revision that it was built from.
func Version(name string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return name + " (" + development + ")"
	}
	return versionOf(name, info)
}

const (
	development = "development version"
	changed     = ", changed" // since the revision
)

func versionOf(name string, info *debug.BuildInfo) string {
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return name + " " + v
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	revision := settings["vcs.revision"]
	if revision == "" {
		return name + " (" + development + ")"
	}
	if settings["vcs.modified"] == "true" {
		revision += changed
	}
	return name + " (" + development + " " + revision + ")"
}

// Exact is a version that has the digest of the program behind it, of 16 digits, where it does not say which source
// the program was built from.
func Exact(version, path string) (string, error) {
	if !strings.HasSuffix(version, "("+development+")") && !strings.Contains(version, "dirty") &&
		!strings.Contains(version, changed) {
		return version, nil
	}
	digest, err := Digest(path)
	if err != nil {
		return "", err
	}
	return version + " " + digest[:16], nil
}

// Digest is the SHA-256 of a file, in hexadecimal digits.
func Digest(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	all := sha256.New()
	_, err = io.Copy(all, f)
	return hex.EncodeToString(all.Sum(nil)), err
}
