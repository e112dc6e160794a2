package eval

import (
	"fmt"
	"runtime/metrics"

	"github.com/nixlint/nixlint/loader/source"
)

// Limits bound an evaluation. What goes over them is unknown, and the run says so.
type Limits struct {
	Steps  int // calls, forced thunks, elements
	Depth  int // nested calls, as Nix' max-call-depth
	Nested int // nested evaluations of any kind, a few of which make a call; it bounds Go's stack
	Memory int // bytes of the heap of the process
	Output int // bytes of one printed value, and of one string
}

// DefaultLimits allow what a fleet of hosts needs, and end within seconds.
var DefaultLimits = Limits{Steps: 30_000_000, Depth: 10_000, Nested: 150_000, Memory: 1 << 30, Output: 64 << 20}

const (
	tickSteps = 1024     // steps between looks at the clock of the run
	tickBytes = 64 << 20 // bytes of large values between looks at the heap
	stepItems = 16       // elements or attributes that are copied in the time of a step
	stepBytes = 1024     // bytes of a string, likewise
)

// step counts work, and ends it when there was too much of it or the run was cancelled.
func (in *Interp) step() error {
	if in.fuel--; in.fuel > 0 {
		return nil
	}
	return in.tick()
}

// enter is step for what nests: each enter needs its in.nested--, also after an error.
func (in *Interp) enter() error {
	if in.nested++; in.nested > in.limits.Nested {
		return in.limit("evaluation nested more than %d deep", in.limits.Nested)
	}
	if in.fuel--; in.fuel > 0 {
		return nil
	}
	return in.tick()
}

// descend is enter for what walks into values. It counts as a call, as in Nix; each needs its ascend, also after an error.
func (in *Interp) descend() error {
	if in.calls++; in.calls > in.limits.Depth {
		in.nested++
		return in.limit("values nested more than %d deep", in.limits.Depth)
	}
	return in.enter()
}

func (in *Interp) ascend() {
	in.calls--
	in.nested--
}

// maxUndecided bounds how deep undecided conditions nest: a recursion that ends on one would not end.
const maxUndecided = 24

// undecided is enter for evaluating what depends on a condition that is not decided; each needs its decided.
func (in *Interp) undecided() error {
	if in.open++; in.open > maxUndecided {
		in.nested++
		return fail(Limit, source.Span{}, "limit reached: undecided conditions nested more than %d deep", maxUndecided)
	}
	return in.enter()
}

func (in *Interp) decided() {
	in.open--
	in.nested--
}

func (in *Interp) tick() error {
	if err := in.ctx.Err(); err != nil {
		return fmt.Errorf("evaluation: %w", err)
	}
	if in.steps >= in.limits.Steps {
		return in.limit("more than %d evaluation steps", in.limits.Steps)
	}
	in.steps += tickSteps
	in.fuel = min(tickSteps, in.limits.Steps-in.steps+tickSteps)
	if in.steps%(tickSteps*64) == 0 {
		return in.weigh()
	}
	return nil
}

// work is step for many at once.
func (in *Interp) work(n int) error {
	if n > in.limits.Steps {
		return in.limit("more than %d evaluation steps", in.limits.Steps)
	}
	for ; n >= in.fuel; n -= tickSteps {
		in.fuel = 0
		if err := in.tick(); err != nil {
			return err
		}
	}
	in.fuel -= n
	return nil
}

// copying says that n elements or attributes, each of a size in bytes, are about to be copied.
func (in *Interp) copying(n, size int) error {
	if err := in.work(n / stepItems); err != nil {
		return err
	}
	return in.grow(n * size)
}

// grow says that n bytes are about to be taken.
func (in *Interp) grow(n int) error {
	if n > in.limits.Memory {
		return in.limit("more than %d MiB of memory", in.limits.Memory>>20)
	}
	in.taken += n
	if in.taken < tickBytes {
		return nil
	}
	in.taken = 0
	return in.weigh()
}

const heapBytes = "/memory/classes/heap/objects:bytes"

// weigh looks at the heap.
func (in *Interp) weigh() error {
	sample := []metrics.Sample{{Name: heapBytes}}
	metrics.Read(sample)
	if sample[0].Value.Kind() == metrics.KindUint64 && sample[0].Value.Uint64() > uint64(in.limits.Memory) { //nolint:gosec // not negative
		return in.limit("more than %d MiB of memory", in.limits.Memory>>20)
	}
	return nil
}

// limit is the error of a limit of the run. It is kept, because what it stops may turn into an unknown value that nobody asks for.
func (in *Interp) limit(format string, args ...any) error {
	err := fail(Limit, source.Span{}, "limit reached: "+format, args...)
	if in.reached == nil {
		in.reached = err
	}
	return err
}

// Reached is the first limit of the run that was reached: nil when all could be evaluated.
func (in *Interp) Reached() error { return in.reached }

// maxLeft bounds the notices of one run about what is outside of the root.
const maxLeft = 100

// outside is the unknown value of something that is not read because it is outside of the root. It is said, too: the value
// may not be asked for.
func (in *Interp) outside(why string, at source.Span) *Unknown {
	if len(in.left) < maxLeft {
		in.left = append(in.left, source.Problem{Severity: source.Notice, Span: at, Message: why + ": not read"})
	}
	return NewUnknown(why, at)
}

// Outside are notices of what was not read because it is outside of the root.
func (in *Interp) Outside() []source.Problem { return in.left }
