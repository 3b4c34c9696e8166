// Command tc0 turns trained neural networks into TC0 threshold circuits, checks them
// bit for bit and measures them.
//
//	tc0 report SUBJECT      the whole story on one page
//	tc0 list                the families, problems, models and file formats there are
//	tc0 stat SUBJECT        depth, size, wires, weights, ledger by stage
//	tc0 build SUBJECT       the circuit in a file
//	tc0 convert SUBJECT F   the circuit in another format, and what that costs
//	tc0 equiv A B           whether two circuits compute the same
//	tc0 optimise SUBJECT    a smaller circuit that computes the same
//	tc0 eval SUBJECT        the circuit on inputs
//	tc0 verify SUBJECT      the circuit against the integer reference
//	tc0 prove SUBJECT       depth and size for every n, and a verdict
//	tc0 check PROOF         a proof, checked
//	tc0 sweep SUBJECT       a family measured over n
//	tc0 unroll SUBJECT      depth of every step and of the whole
//	tc0 recurrence NETWORK  what serial steps cost when they are trained
//	tc0 fourier SUBJECT     an output as a Boolean function
//	tc0 restrict SUBJECT    what random restrictions leave
//	tc0 speedup SUBJECT     time and speed-up on P processors
//	tc0 amplify MODEL       a diffusion model cut, with draws wired in and a vote
//	tc0 sudoku              rounds of propagation as a circuit
//	tc0 frontier SUBJECT    depth against size over strategies
//	tc0 draw SUBJECT        a figure
//	tc0 run MODEL           use a trained model through its circuit
//
// A SUBJECT is a family with parameters (attention:n=8,d=4), a problem (parity:n=8), a
// shipped model (digits), a model folder, or a circuit file (head.tc0). A text with a
// separator of folders or the extension of a circuit file is a path. Every verb has --help.
//
// The exit status is 0 if all that was checked holds, 1 if a check found a mismatch
// or a claim is false, 2 for bad use or bad input, and 130 after an interrupt.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// grace is how long an interrupted command may take to end by itself.
const grace = 600 * time.Millisecond

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	a := &app{ctx: ctx, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}
	status := make(chan int, 1)
	go func() { status <- a.main(os.Args[1:]) }()
	select {
	case s := <-status:
		os.Exit(s)
	case <-ctx.Done():
	}
	stop() // a second interrupt ends the program at once
	select {
	case s := <-status:
		os.Exit(s)
	case <-time.After(grace): // in the middle of something that cannot be stopped
		a.cutOff()
		a.removeUnfinished()
		fmt.Fprintln(os.Stderr, "tc0: interrupted")
		os.Exit(statusInterrupted)
	}
}
