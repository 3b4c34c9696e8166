package main

import (
	"os"
	"path/filepath"
	"testing"
)

// writeNet writes net.json to a folder: the weights of a perceptron, which tc0 import reads.
func writeNet(t *testing.T, dir string) {
	t.Helper()
	const weights = `{"0.weight": [[1, 2], [3, -4]], "0.bias": [0, 1], "2.weight": [[1, 0], [0, 1]], "2.bias": [0, 0]}`
	if err := os.WriteFile(filepath.Join(dir, "net.json"), []byte(weights), 0o666); err != nil {
		t.Fatal(err)
	}
}
