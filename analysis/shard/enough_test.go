package shard_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis/shard"
)

// search looks for a number among n, after a stage that is needed whole if one of two is.
func search(ctx context.Context, n, number int, two bool) (string, error) {
	if two {
		square := func(_ context.Context, i int) (int, error) { return i * i, nil }
		if _, err := shard.Each(ctx, "squares", 2, square); err != nil {
			return "", err
		}
	}
	parts, err := shard.OverUntil(ctx, "search", n, func(_ context.Context, u shard.Units) (list []bool, err error) {
		for k := range u.Len {
			list = append(list, u.At(k) == number)
		}
		return list, nil
	}, func(list []bool) bool { return slices.Contains(list, true) })
	for _, p := range parts {
		if k := slices.Index(p.Result, true); k >= 0 {
			return fmt.Sprint("it is ", p.At(k)), err
		}
	}
	return "nowhere", err
}

// A shard that decides the whole can be gathered alone, and another one that begins later is not needed.
func TestEnough(t *testing.T) {
	for _, two := range []bool{false, true} {
		folder, unit := t.TempDir(), 6
		if two {
			unit = 4
		}
		do := func(i int) {
			j, err := shard.Begin(header(i, 4))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := search(shard.With(t.Context(), j), 10, unit, two); err != nil {
				t.Fatal(err)
			}
			if _, err := j.Write(folder); err != nil {
				t.Fatal(err)
			}
		}
		gather := func() (string, error) {
			j, _, err := shard.Folder(folder)
			if err != nil {
				return "", err
			}
			text, err := search(shard.With(t.Context(), j), 10, unit, two)
			return text, errors.Join(err, j.Unread())
		}
		holder := 0 // of the unit
		var missing *shard.MissingError
		for i := 1; i <= 4 && holder == 0; i++ {
			if _, err := gather(); i > 1 && !errors.As(err, &missing) {
				t.Errorf("without the shard that has it: %v", err)
			}
			do(i)
			path, err := shard.Decided(folder, header(1, 4))
			if err != nil {
				t.Fatal(err)
			}
			if path != "" {
				holder = i
				if want := filepath.Join(folder, shard.Name(i, 4)); path != want {
					t.Errorf("%s decides, not %s", path, want)
				}
			}
		}
		other := header(1, 4)
		other.Args = []string{"other"}
		if path, err := shard.Decided(folder, other); path != "" || err != nil {
			t.Errorf("another job: %s, %v", path, err)
		}
		got, err := gather()
		if two { // its first stage is not decided by the second
			if !errors.As(err, &missing) || slices.Contains(missing.Missing, holder) {
				t.Errorf("%q, %v", got, err)
			}
			for i := range 4 {
				do(i + 1)
			}
			got, err = gather()
		}
		if err != nil || got != fmt.Sprint("it is ", unit) {
			t.Errorf("%q, %v", got, err)
		}
	}
}

// A file is not believed that says that it decides what cannot be decided, or what it does not decide.
func TestFalselyEnough(t *testing.T) {
	forge := func(t *testing.T, folder string, i int) {
		path := filepath.Join(folder, shard.Name(i, 2))
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		body, _, _ := strings.Cut(string(text), "{\"sha256\"")
		head, lines, _ := strings.Cut(body, "\n")
		body = head + "\n" + strings.ReplaceAll(lines, "}\n", ",\"enough\":true}\n")
		sealed := fmt.Appendf(nil, "%s{\"sha256\":\"%x\"}\n", body, sha256.Sum256([]byte(body)))
		if err := os.WriteFile(path, sealed, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	folder := t.TempDir()
	do(t, folder, header(1, 2), 7, "", 0)
	forge(t, folder, 1)
	var mixed *shard.MixedError
	if text, err := gathered(t, folder, 7, ""); !errors.As(err, &mixed) || filepath.Base(mixed.Path) != shard.Name(1, 2) {
		t.Errorf("%q, %v", text, err)
	}

	folder = t.TempDir()
	for i := 1; i <= 2; i++ {
		j, err := shard.Begin(header(i, 2))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := search(shard.With(t.Context(), j), 10, 3, false); err != nil {
			t.Fatal(err)
		}
		path, err := j.Write(folder)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "true,") && !strings.Contains(string(text), "true]") {
			forge(t, folder, i) // the shard that has not found it
		}
	}
	j, _, err := shard.Folder(folder)
	if err != nil {
		t.Fatal(err)
	}
	text, err := search(shard.With(t.Context(), j), 10, 3, false)
	if !errors.As(err, &mixed) || !strings.Contains(err.Error(), "remove it") {
		t.Errorf("%q, %v", text, err)
	}
}
