package queue

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// What a killed worker leaves goes when the next one begins, and what is in use stays.
func TestSweep(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("nothing is swept there")
	}
	dir := t.TempDir()
	for _, name := range []string{shardFolder + "left", shardFolder + "held", "other"} {
		if err := os.MkdirAll(filepath.Join(dir, name, "into"), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	release, err := hold(filepath.Join(dir, shardFolder+"held"))
	if err != nil {
		t.Fatal(err)
	}
	exists := func(name string) bool {
		_, err := os.Stat(filepath.Join(dir, name))
		return err == nil
	}
	sweep(dir)
	if exists(shardFolder+"left") || !exists(shardFolder+"held") || !exists("other") {
		t.Errorf("left: %v, held: %v, other: %v", exists(shardFolder+"left"), exists(shardFolder+"held"), exists("other"))
	}
	release()
	sweep(dir)
	if exists(shardFolder + "held") {
		t.Error("what is held no more is still there")
	}
}
