package shard_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
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
	job := shard.Of(ctx)
	all, err := shard.Each(ctx, "search", n, func(_ context.Context, i int) (bool, error) {
		if i == number {
			job.Enough()
		}
		return i == number, nil
	})
	for i, r := range all {
		if r != nil && *r {
			return fmt.Sprint("it is ", i), err
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
