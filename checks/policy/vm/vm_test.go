package vm_test

import (
	"errors"
	"sync/atomic"
	"testing"

	"github.com/nixlint/nixlint/checks/policy/vm"
)

// count adds up how often it goes round: it scans its input and calls itself "element" for each.
func image() *vm.Image {
	return &vm.Image{
		Constants: []vm.Value{"name", 1, vm.NewArray("a", vm.NewSet(1.5, true), vm.Null{})},
		Builtins:  []string{"count"},
		Functions: []vm.Function{
			{
				// {count(x) | x := input[_]}
				Name: "counts", Locals: 6, Scans: 1, Args: []int32{4},
				Statements: []vm.Statement{
					{Op: vm.OpSet, C: 5},
					{Op: vm.OpScan, A: 0, B: 0},
					{Op: vm.OpNext, A: 3, B: 0, C: 4, To: 6},
					{Op: vm.OpBuiltin, N: 1, A: 0, B: 0, C: 3, To: 2},
					{Op: vm.OpAdd, A: 3, C: 5},
					{Op: vm.OpJump, To: 2},
					{Op: vm.OpReturn, A: 5},
					{Op: vm.OpEnd},
				},
			},
			{Name: "constant", Locals: 3, Fixed: true, Statements: []vm.Statement{{Op: vm.OpMove, A: ^2, C: 2}, {Op: vm.OpReturn, A: 2}, {Op: vm.OpEnd}}},
			{Name: "nothing", Locals: 3, Statements: []vm.Statement{{Op: vm.OpDot, A: 0, B: ^0, C: 2, To: 1}, {Op: vm.OpEnd}}},
		},
	}
}

func encoded(t *testing.T, i *vm.Image) string {
	t.Helper()
	text, err := i.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func call(t *testing.T, text, function string, input vm.Value, stop bool) (vm.Value, error) {
	t.Helper()
	p, err := vm.Read(text)
	if err != nil {
		return nil, err
	}
	m := vm.New(p, vm.NewObject(0))
	f, ok := m.Function(function)
	if !ok {
		return nil, vm.ErrDamaged
	}
	var flag atomic.Bool
	flag.Store(stop)
	return m.Run().Call(f, input, &flag)
}

func TestProgramRuns(t *testing.T) {
	text := encoded(t, image())
	input := vm.NewArray("ab", vm.NewArray("x"), vm.NewSet(), "é")
	for function, want := range map[string]string{"counts": "{0, 1, 2}", "constant": `["a", {true, 1.5}, null]`, "nothing": "undefined"} {
		if got, err := call(t, text, function, input, false); err != nil || vm.Text(got) != want {
			t.Errorf("%s: got %s %v, want %s", function, vm.Text(got), err, want)
		}
	}
	if _, err := call(t, text, "counts", vm.NewArray(1), false); err == nil {
		t.Error("the error of a builtin is lost")
	}
	if _, err := call(t, text, "counts", input, true); !errors.Is(err, vm.ErrStopped) {
		t.Errorf("stopped: got %v", err)
	}
}

// Whatever is wrong with a program is an error, not a panic and not another program with a hole.
func TestDamagedProgramIsAnError(t *testing.T) {
	text := encoded(t, image())
	for n := range len(text) {
		if _, err := vm.Read(text[:n]); err == nil {
			t.Fatalf("the first %d bytes of %d are accepted", n, len(text))
		}
		for _, bits := range []byte{0xff, 1, 0x80} {
			damaged := []byte(text)
			damaged[n] ^= bits
			for _, function := range []string{"counts", "constant", "nothing"} {
				// It may still be a program, and even one that does not end.
				_, _ = call(t, string(damaged), function, vm.NewArray("x"), true)
			}
		}
	}
}

// A call that was stopped leaves nothing behind.
func TestStoppedRunStartsAnew(t *testing.T) {
	p, err := vm.Read(encoded(t, image()))
	if err != nil {
		t.Fatal(err)
	}
	m := vm.New(p, vm.NewObject(0))
	r, input := m.Run(), vm.NewArray("a")
	f, _ := m.Function("counts")
	var stop atomic.Bool
	stop.Store(true)
	if _, err := r.Call(f, input, &stop); !errors.Is(err, vm.ErrStopped) {
		t.Fatalf("got %v", err)
	}
	if got, err := r.Call(f, input, new(atomic.Bool)); err != nil || vm.Text(got) != "{1}" {
		t.Errorf("got %s %v, want {1}", vm.Text(got), err)
	}
}

// What is kept of one input is not given for another.
func TestRunForgetsTheInputBefore(t *testing.T) {
	p, err := vm.Read(encoded(t, image()))
	if err != nil {
		t.Fatal(err)
	}
	m := vm.New(p, vm.NewObject(0))
	r := m.Run()
	f, _ := m.Function("counts")
	for _, c := range []struct {
		input vm.Value
		want  string
	}{{vm.NewArray("a"), "{1}"}, {vm.NewArray("ab"), "{2}"}, {vm.NewArray("a"), "{1}"}, {nil, "set()"}} {
		if got, err := r.Call(f, c.input, new(atomic.Bool)); err != nil || vm.Text(got) != c.want {
			t.Errorf("got %s %v, want %s", vm.Text(got), err, c.want)
		}
	}
}
