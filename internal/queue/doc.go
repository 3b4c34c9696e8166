// Package queue hands out the numbered shards of one job to workers on any host, and gathers what they make.
//
// The engine is NATS JetStream, in a server of our own ([Serve]) or in one that runs already ([Link]). There are
//
//	stream TC0_WORK            a work queue: tc0.work.JOB.SHARD, one message for each shard that is to be done
//	consumer job-JOB           of all workers: a shard is one worker's until it acknowledges, gives back or is silent
//	stream TC0_RESULT_JOB      tc0.result.JOB.SHARD.done, at most one message, the first that comes;
//	                           tc0.result.JOB.SHARD.fail.DELIVERY, one for each time that the shard failed;
//	                           tc0.result.JOB.SHARD.back.DELIVERY, one for each time that a worker gave it back
//	bucket tc0-JOB             the files of shards that are too large for one message
//	bucket tc0-workers         what each worker does, for a few seconds
//
// A [Coordinator] feeds the shards and writes the files that come back. A [Worker] takes one shard at a time and runs
// it as a child process, the program tc0 with --shard I/N --into FOLDER. It stores the file and then acknowledges, so
// that a shard of a worker which dies is delivered again; what is delivered twice counts once. A shard that fails
// three times is set aside, and the rest goes on. A worker passes over jobs that it cannot do.
//
// A worker decodes nothing but a [Task], which names a verb, subjects and flags of a list: never code, a program or a
// file that is to be written. The package knows no circuit.
package queue
