// Package shard splits the work of a command into numbered shards, which many processes do, and joins
// their results to those of one process.
//
// The work is made of stages, and a stage of units with numbers: the members of a sweep, the tiles of
// input vectors, the trials of a restriction. A unit is a pure function of the job and of its number: its
// seed comes from these, and never from the shard that it falls into. So the results are the same whatever
// the number of shards.
//
// A command goes through its stages with [Over], [List] or [Each]. What these do is up to the [Job] of the context:
//
//	none      all units, in this process
//	Begin     the units of one shard; their results go into a file, in the end
//	Folder    none: all results are those in the files of a folder
//
// So one text of a command serves all three, and what it prints from the results of files it would print
// from its own.
//
// # Files
//
// The results of a shard are JSON lines, in a file such as 0003-of-0007.jsonl: a [Header], then a line for
// each stage, in order, and a last line with the SHA-256 sum of all before it. It is written under another
// name and renamed, so that a file of this name is whole.
package shard
