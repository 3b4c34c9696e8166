#!/bin/sh
# All shards of a job of tc0 by GNU parallel, one at a time on each core:
#
#   sh parallel.sh 7 sweep mlp --n 2..40
#
# The first argument is the number of shards, the others are those of tc0. Shard 3 writes shards/0003-of-0007.jsonl.
# Call it again for those that are missing: a shard is done once. The exit status is the number of shards that
# failed. GNU parallel takes options of its own from the variable PARALLEL, such as PARALLEL='--jobs 4 --memfree 2G'.
set -eu
count=${1:?the number of shards comes first, then the arguments of tc0}
shift
# Each process on one core; else each would take all.
export GOMAXPROCS="${GOMAXPROCS:-1}"
# TC0 is the path of the program, if it is not on yours.
seq "$count" | parallel --quote "${TC0:-tc0}" "$@" --shard "{}/$count"
