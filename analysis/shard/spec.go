package shard

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Most is the greatest number of shards of a job.
const Most = 100_000

// SpecError says what is wrong with the text that names a shard.
type SpecError struct{ Text, What string }

func (e *SpecError) Error() string { return fmt.Sprintf("shard %q: %s", e.Text, e.What) }

// The variables by which those that start many processes tell each its number.
const (
	slurmIndex  = "SLURM_ARRAY_TASK_ID"
	slurmCount  = "SLURM_ARRAY_TASK_COUNT"
	slurmFirst  = "SLURM_ARRAY_TASK_MIN"
	slurmLast   = "SLURM_ARRAY_TASK_MAX"
	kubernetes  = "JOB_COMPLETION_INDEX" // from 0
	gnuParallel = "PARALLEL_SEQ"         // {#}
)

// Parse reads which shard of how many a text names, both counted from 1:
//
//	3/7       shard 3 of 7
//	auto/7    the number comes from SLURM_ARRAY_TASK_ID, from JOB_COMPLETION_INDEX, which counts from 0, or
//	          from PARALLEL_SEQ, whichever is set
//	auto      the count, too, comes from Slurm: of an array that is 1-N as a whole
//
// The error is a [*SpecError].
func Parse(text string, env func(string) string) (index, count int, err error) {
	bad := func(format string, args ...any) (int, int, error) {
		return 0, 0, &SpecError{text, fmt.Sprintf(format, args...)}
	}
	which, of, counted := strings.Cut(text, "/")
	if counted {
		if count, err = strconv.Atoi(of); err != nil || count < 1 || count > Most {
			return bad("%q is no number of shards; it is 1 to %d, as in 3/7", of, Most)
		}
	}
	if which != "auto" {
		if !counted {
			return bad("it is I/N, such as 3/7, or auto/N, or auto in a Slurm array")
		}
		if index, err = strconv.Atoi(which); err != nil || index < 1 || index > count {
			return bad("%q is no shard of %d; they are 1 to %d", which, count, count)
		}
		return index, count, nil
	}
	var set []string
	for _, name := range []string{slurmIndex, kubernetes, gnuParallel} {
		if env(name) != "" {
			set = append(set, name)
		}
	}
	switch len(set) {
	case 0:
		return bad("none of %s, %s and %s is set", slurmIndex, kubernetes, gnuParallel)
	case 1:
	default:
		return bad("%s are set, and do not say which of them counts; give the number, as in 3/7", strings.Join(set, " and "))
	}
	name := set[0]
	if index, err = strconv.Atoi(env(name)); err != nil {
		return bad("%s=%q is no number", name, env(name))
	}
	if name == kubernetes { // from 0
		if counted && (index < 0 || index >= count) {
			return bad("%s=%d is none of the %d shards, which Kubernetes counts from 0 to %d", name, index, count, count-1)
		}
		index++
	}
	if !counted {
		if name != slurmIndex {
			return bad("only a Slurm array says how many there are; say auto/N")
		}
		if count, err = strconv.Atoi(env(slurmCount)); err != nil || count < 1 || count > Most {
			return bad("%s=%q is no number of shards", slurmCount, env(slurmCount))
		}
		if env(slurmFirst) != "1" || env(slurmLast) != env(slurmCount) {
			return bad("the array is %s-%s and has %d tasks: it is no whole job 1-N; say auto/N", env(slurmFirst),
				env(slurmLast), count)
		}
	}
	if index < 1 || index > count {
		return bad("%s=%s is no shard of %d; they are 1 to %d", name, env(name), count, count)
	}
	return index, count, nil
}

// ParseHere is [Parse] with the environment of the process.
func ParseHere(text string) (index, count int, err error) { return Parse(text, os.Getenv) }

// Array writes numbers in increasing order as Slurm's --array reads them: 3,17-20.
func Array(numbers []int) string {
	var b strings.Builder
	for i := 0; i < len(numbers); {
		j := i
		for j+1 < len(numbers) && numbers[j+1] == numbers[j]+1 {
			j++
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(numbers[i]))
		if j > i {
			b.WriteString("-" + strconv.Itoa(numbers[j]))
		}
		i = j + 1
	}
	return b.String()
}
