package policy

import (
	"context"
	"fmt"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"time"
)

// LimitError says that the rules took more than they may.
type LimitError struct{ text string }

func (e *LimitError) Error() string { return e.text }

// during says which rules were at work the longest when the limit was reached. They are asked together, so there may be several.
func (e *LimitError) during(rules []string) *LimitError {
	const most = 3
	switch n := len(rules); {
	case n == 0:
		return e
	case n == 1:
		return &LimitError{e.text + ": rule " + rules[0] + " was at work"}
	case n <= most:
		return &LimitError{e.text + ": one of the rules " + strings.Join(rules, ", ") + " was at work"}
	default:
		return &LimitError{fmt.Sprintf("%s: one of the rules %s and %d more was at work", e.text, strings.Join(rules[:most], ", "), n-most)}
	}
}

// atWork are the evaluations that are going on, in the order in which they began.
type atWork struct {
	mu  sync.Mutex
	now []*[]string
}

// begin notes an evaluation of rules; the function that it returns ends that.
func (w *atWork) begin(rules ...string) func() {
	w.mu.Lock()
	defer w.mu.Unlock()
	mine := &rules
	w.now = append(w.now, mine)
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		i := slices.Index(w.now, mine)
		w.now = slices.Delete(w.now, i, i+1)
	}
}

// oldest are the rules of the evaluation that has gone on for the longest.
func (w *atWork) oldest() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.now) == 0 {
		return nil
	}
	return *w.now[0]
}

// limited is a context that ends with the time or the memory that rules may take.
func limited(ctx context.Context, limit time.Duration, memory uint64) (context.Context, func()) {
	ctx, stopTime := context.WithTimeoutCause(ctx, limit, &LimitError{fmt.Sprintf("the rules took longer than %s", limit)})
	ctx, end := context.WithCancelCause(ctx)
	go watch(ctx, end, memory)
	return ctx, func() { end(context.Canceled); stopTime() }
}

// watch ends a run whose heap grows by more than memory.
func watch(ctx context.Context, end context.CancelCauseFunc, memory uint64) {
	first := heap()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if heap() > first+memory {
				end(&LimitError{fmt.Sprintf("the rules took more than %d MiB of memory", memory>>20)})
				return
			}
		}
	}
}

func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// grace is how long an evaluation has to notice that it was stopped.
const grace = time.Second

// patiently returns what do returns. One call of OPA cannot be interrupted: when it goes on after its context has ended, it is left
// alone, and the run ends without it.
func patiently[T any](ctx context.Context, do func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := do()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
	}
	select {
	case r := <-done:
		return r.value, r.err
	case <-time.After(grace):
		var none T
		return none, fmt.Errorf("rules: %w", context.Cause(ctx))
	}
}
