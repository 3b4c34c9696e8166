// Command licences writes THIRD_PARTY.md: every module that the command tc0 is made of, on any of the systems that it
// is built for, with its version, its licence and the texts that have to go with it. It reads them where go build does.
//
//	go generate .      in the root of the project
package main

import (
	"fmt"
	"os"
)

// written is the file, in the root of the project.
const written = "THIRD_PARTY.md"

func main() {
	text, err := page(".")
	if err == nil {
		err = os.WriteFile(written, []byte(text), 0o666)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}
