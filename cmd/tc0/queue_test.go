package main

import (
	"slices"
	"testing"

	"github.com/tc0lab/tc0/internal/queue"
)

// The queue knows each flag of a verb that has shards, and hands to workers those that say what the work is. It
// has no flag that there is not.
func TestQueueKnowsFlags(t *testing.T) {
	parser, err := (&app{}).parser(&grammar{})
	if err != nil {
		t.Fatal(err)
	}
	// What builds nothing, prints something else or makes a shard is for a person.
	personal := []string{"help", "version", "estimate", "shard", "into", "json-schema"}
	for _, verb := range parser.Model.Children {
		if _, ok := verb.Target.Addr().Interface().(sharded); !ok {
			continue
		}
		work, shown := queue.Flags(verb.Name)
		for _, f := range slices.Concat(parser.Model.Flags, verb.Flags) {
			takes, ofWork := work[f.Name]
			takesToo, ofShow := shown[f.Name]
			delete(work, f.Name)
			delete(shown, f.Name)
			switch written := slices.Contains(afterwards, f.Name) && f.PlaceHolder != "NAME"; {
			case slices.Contains(personal, f.Name):
				if ofWork || ofShow {
					t.Errorf("tc0-queue takes --%s of tc0 %s", f.Name, verb.Name)
				}
			case !ofWork && !ofShow:
				t.Errorf("tc0-queue does not know --%s of tc0 %s", f.Name, verb.Name)
			case ofWork && written:
				t.Errorf("tc0-queue hands --%s of tc0 %s to workers", f.Name, verb.Name)
			case !ofWork && !written && !slices.Contains(unshared, f.Name):
				t.Errorf("tc0-queue hands --%s of tc0 %s to no worker", f.Name, verb.Name)
			case (takes || takesToo) == f.IsBool():
				t.Errorf("tc0-queue takes --%s of tc0 %s with a value: %v", f.Name, verb.Name, takes || takesToo)
			}
		}
		for name := range work {
			t.Errorf("tc0-queue knows --%s of tc0 %s, and there is none", name, verb.Name)
		}
		for name := range shown {
			t.Errorf("tc0-queue knows --%s of tc0 %s, and there is none", name, verb.Name)
		}
	}
}
