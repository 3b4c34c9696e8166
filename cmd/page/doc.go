// Package page is the page on which a circuit is looked at in a browser: its text, style and program, a server for
// them on this machine, and one file that has all of it. What the page shows, it asks of a [Session]: in the server by
// a request, in the file of the same code as WebAssembly.
//
// The program is src/*.js with the libraries of package.json, in one file each: page.js, and worker.js for the
// WebAssembly. go generate makes both; npm brings the libraries, and esbuild is a Go module.
//
//	go generate ./cmd/page
//
// The server answers only who knows the token in its address, under the name it listens by, from its own pages.
package page

//go:generate go run ./bundle
