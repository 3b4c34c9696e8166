package room

import "syscall"

// physical returns the memory of the machine.
func physical() Limit {
	var info syscall.Sysinfo_t
	if err := syscall.Sysinfo(&info); err != nil {
		return assumed
	}
	return Limit{int64(uint64(info.Totalram) * uint64(info.Unit)), "the machine"}
}
