package figure_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

const childVariable = "TC0_DRAW_CHILD"

// TestLayoutCacheIsTheUsersOwn starts this test binary anew: the layout engine must
// leave the folder for temporary files alone, with a cache folder of the user's and
// without one, and the program must find TMPDIR as it was.
func TestLayoutCacheIsTheUsersOwn(t *testing.T) {
	if os.Getenv(childVariable) != "" {
		t.Logf("TMPDIR=%s;", os.Getenv("TMPDIR"))
		return
	}
	for _, cache := range []string{t.TempDir(), "/dev/null/none", ""} {
		temp := t.TempDir()
		cmd := exec.Command(os.Args[0], "-test.run=^TestLayoutCacheIsTheUsersOwn$", "-test.v")
		for _, v := range os.Environ() {
			if name, _, _ := strings.Cut(v, "="); name != "HOME" && name != "XDG_CACHE_HOME" && name != "TMPDIR" {
				cmd.Env = append(cmd.Env, v)
			}
		}
		cmd.Env = append(cmd.Env, childVariable+"=1", "TMPDIR="+temp)
		if cache != "" {
			cmd.Env = append(cmd.Env, "XDG_CACHE_HOME="+cache)
		}
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("cache %q: %v\n%s", cache, err, out)
		}
		if !strings.Contains(string(out), "TMPDIR="+temp+";") {
			t.Errorf("cache %q: TMPDIR was not put back:\n%s", cache, out)
		}
		if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
			t.Errorf("cache %q: %v is left in the folder for temporary files (%v)", cache, left, err)
		}
	}
}
