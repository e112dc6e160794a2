package eval_test

import (
	"context"
	"time"
)

// testContext ends what should have ended long before.
func testContext(d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	context.AfterFunc(ctx, cancel)
	return ctx
}
