package child

import (
	"fmt"
	"syscall"
)

// Priority is the nice value of children that do long work: people's requests come first.
const Priority = 10

// LowPriority is called by a child at its start. It lowers the priority of the group, since on Linux the priority
// of a process is that of its calling thread. A service that runs at a lower one already keeps it.
func LowPriority() error {
	// The kernel gives 20 minus the priority, so that no answer is below zero.
	if raw, err := syscall.Getpriority(syscall.PRIO_PGRP, 0); err == nil && 20-raw >= Priority {
		return nil
	}
	if err := syscall.Setpriority(syscall.PRIO_PGRP, 0, Priority); err != nil {
		return fmt.Errorf("child: priority: %w", err)
	}
	return nil
}

// LimitMemory bounds the data, in bytes, that the kernel gives this process and those that it starts: Go's heap, C's
// and the threads' stacks. An allocation beyond it ends the process at once, with no time in which a machine could
// start swapping. RLIMIT_AS would count the hundreds of gigabytes of addresses that Go and WebAssembly reserve and
// never use; files are mapped, and not counted.
func LimitMemory(bytes int64) error {
	limit := uint64(max(0, bytes)) //nolint:gosec // not negative
	if err := syscall.Setrlimit(syscall.RLIMIT_DATA, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
		return fmt.Errorf("child: memory limit: %w", err)
	}
	return nil
}

// LimitProcessor bounds the processor time, in seconds, of this process and of each that it starts: what runs on
// after its parent was killed ends by itself.
func LimitProcessor(seconds uint64) error {
	if err := syscall.Setrlimit(syscall.RLIMIT_CPU, &syscall.Rlimit{Cur: seconds, Max: seconds}); err != nil {
		return fmt.Errorf("child: processor limit: %w", err)
	}
	return nil
}
