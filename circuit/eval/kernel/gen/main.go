// Command gen writes the kernels of package kernel: the assembly, by avo, and the logic in portable Go. It is a module
// of its own, so that only it needs avo.
package main

import (
	"flag"
	"log"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
)

func main() {
	log.SetFlags(0)
	path := flag.String("portable", "logic.go", "file of the logic in portable Go")
	flag.Parse()
	if err := portable(*path); err != nil {
		log.Fatal(err)
	}
	build.ConstraintExpr("amd64,!purego")
	masks := build.GLOBL("masks", attr.RODATA|attr.NOPTR)
	kernels(masks)
	build.Generate()
}
