package policy

import (
	"context"
	_ "embed" // the compiled rules
	"errors"
	"fmt"
	"sync"

	"github.com/nixlint/nixlint/checks/policy/vm"
)

// The built-in rules, compiled; see Link. What is known of them without running them is beside them for review, in linked/profiles.txt.
var (
	//go:embed linked/program.bin
	programText string
	//go:embed linked/profiles.bin
	profilesData []byte
)

var (
	builtinProgram  = sync.OnceValues(func() (*vm.Program, error) { return vm.Read(programText) })
	builtinProfiles = sync.OnceValues(func() (map[string]profile, error) { return decodeProfiles(profilesData) })
)

// linked are rules that Link has compiled.
type linked struct {
	program  func() (*vm.Program, error)
	profiles func() (map[string]profile, error)
	once     sync.Once
	machine  *vm.Machine
	err      error
	runs     sync.Pool
}

func (l *linked) profile(rule string, _ int) (profile, error) {
	profiles, err := l.profiles()
	if err != nil {
		return profile{}, err
	}
	p, ok := profiles[rule]
	if !ok { // one that reads nothing would say the same of every unit
		return profile{}, fmt.Errorf("rule %s: %w", rule, errCompact)
	}
	return p, nil
}

// open makes the machine, for the site of the judge that has these rules.
func (l *linked) open(site vm.Value) error {
	l.once.Do(func() {
		var p *vm.Program
		if p, l.err = l.program(); l.err == nil {
			data := vm.NewObject(1)
			data.Put("site", site)
			l.machine = vm.New(p, data)
		}
	})
	return l.err
}

func (l *linked) ask(_ context.Context, r *run, rules []string, input vm.Value) ([][]verdict, error) {
	if err := l.open(r.site); err != nil {
		return nil, err
	}
	at, ok := l.runs.Get().(*vm.Run)
	if !ok {
		at = l.machine.Run()
	}
	defer l.runs.Put(at)
	outs := make([][]verdict, len(rules))
	for i, rule := range rules {
		function, ok := l.machine.Function(rule)
		if !ok {
			return nil, fmt.Errorf("rule %s: %w", rule, vm.ErrDamaged)
		}
		done := r.busy.begin(rule)
		v, err := at.Call(function, input, &r.stop)
		done()
		if errors.Is(err, vm.ErrStopped) {
			return nil, err //nolint:wrapcheck // it says why
		}
		if err != nil {
			return nil, fmt.Errorf("rule %s: %w", rule, err)
		}
		if outs[i], err = readVerdicts(rule, v); err != nil {
			return nil, err
		}
	}
	return outs, nil
}
