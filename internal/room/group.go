package room

import (
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// controlGroup returns the least limit of the control groups that the process is in, in version 1 or 2. There are such
// groups on Linux only. The root is where the files of the system are: "/".
func controlGroup(root string) (limit Limit, ok bool) {
	text, err := os.ReadFile(filepath.Join(root, "proc/self/cgroup"))
	if err != nil {
		return limit, false
	}
	for line := range strings.Lines(string(text)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) < 3 {
			continue
		}
		folder, file := "sys/fs/cgroup", "memory.max" // version 2
		if parts[1] == "memory" {
			folder, file = "sys/fs/cgroup/memory", "memory.limit_in_bytes"
		} else if parts[1] != "" {
			continue
		}
		for group := path.Clean("/" + parts[2]); ; group = path.Dir(group) { // the groups around limit it, too
			content, err := os.ReadFile(filepath.Join(root, folder, group, file))
			if err == nil {
				n, err := strconv.ParseInt(strings.TrimSpace(string(content)), 10, 64) // not "max"
				if err == nil && (!ok || n < limit.Bytes) {
					limit, ok = Limit{n, "the control group"}, true
				}
			}
			if group == "/" {
				break
			}
		}
	}
	return limit, ok
}
