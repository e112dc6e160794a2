// Package planner makes programs of rules: OPA's planner makes statements of them (https://www.openpolicyagent.org/docs/ir), and this package
// what package vm runs. It is for go generate and for tests; the command does not link it.
package planner

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/bundle"
	"github.com/open-policy-agent/opa/v1/compile"
	"github.com/open-policy-agent/opa/v1/ir"

	"github.com/nixlint/nixlint/checks/policy/vm"
)

// Make compiles the texts of modules, by the path of their file, into a program. Its named functions are the values of rules: of
// data.nixlint.rules.access.docker_socket.report, say, under the name access/docker-socket.
func Make(modules, rules map[string]string) ([]byte, error) {
	planned, err := planned(modules, rules)
	if err != nil {
		return nil, err
	}
	image, err := lower(planned, rules)
	if err != nil {
		return nil, err
	}
	program, err := image.Encode()
	if err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	return program, nil
}

// planned is what OPA makes of the modules.
func planned(modules, rules map[string]string) (*ir.Policy, error) {
	b := &bundle.Bundle{Data: map[string]any{}}
	for file, text := range modules {
		m, err := ast.ParseModuleWithOpts(file, text, ast.ParserOptions{RegoVersion: ast.RegoV1})
		if err != nil {
			return nil, fmt.Errorf("plan: %w", err)
		}
		b.Modules = append(b.Modules, bundle.ModuleFile{URL: file, Path: file, Parsed: m, Raw: []byte(text)})
	}
	slices.SortFunc(b.Modules, func(x, y bundle.ModuleFile) int { return strings.Compare(x.Path, y.Path) })
	var entrypoints []string
	for _, value := range rules {
		entrypoints = append(entrypoints, strings.ReplaceAll(strings.TrimPrefix(value, "data."), ".", "/"))
	}
	slices.Sort(entrypoints)
	c := compile.New().WithTarget(compile.TargetPlan).WithEntrypoints(entrypoints...).WithBundle(b).WithRegoVersion(ast.RegoV1)
	if err := c.Build(context.Background()); err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	if len(c.Bundle().PlanModules) != 1 {
		return nil, errors.New("plan: want one plan")
	}
	var p ir.Policy
	if err := json.Unmarshal(c.Bundle().PlanModules[0].Raw, &p); err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	return &p, nil
}

// lower makes the program of a plan. What it does not know is an error.
func lower(p *ir.Policy, rules map[string]string) (*vm.Image, error) {
	l := &lowering{policy: p, numbers: map[string]int{}, constants: map[string]int32{}, builtins: map[string]int32{}}
	names := map[string]string{} // of functions that are asked for, by what OPA calls them
	for name, value := range rules {
		names["g0."+value] = name
	}
	for i, f := range p.Funcs.Funcs {
		l.numbers[f.Name] = i
	}
	l.image.Functions = make([]vm.Function, len(p.Funcs.Funcs))
	for i, f := range p.Funcs.Funcs {
		if err := l.function(f, &l.image.Functions[i]); err != nil {
			return nil, fmt.Errorf("plan: %s: %w", f.Name, err)
		}
		l.image.Functions[i].Name = names[f.Name]
		delete(names, f.Name)
	}
	for value := range names {
		return nil, fmt.Errorf("plan: there is no rule %s", strings.TrimPrefix(value, "g0."))
	}
	mark(&l.image)
	prune(&l.image)
	return &l.image, nil
}

type lowering struct {
	policy    *ir.Policy
	image     vm.Image
	numbers   map[string]int   // of functions, by name
	constants map[string]int32 // by their text
	builtins  map[string]int32 // by name

	out    *vm.Function
	result ir.Local // of the function
	only   bool     // whatever body of the function holds, its value is the same
	bodies map[ir.Local]int
	levels []level
	known  map[ir.Local]int32 // what locals are: constants, or other locals
}

// level is a nested block: where a break out of it goes.
type level struct {
	to      int32   // of a loop; -1 is the end of the block
	fix     []int   // the statements that go to its end
	restore []int32 // the local that holds the input, for a block in which that is another
	not     bool    // to leave it is to say that it does not hold
}

const none = -1

// own is how many arguments every function has: the input and the data.
const own = 2

func (l *lowering) function(f *ir.Func, out *vm.Function) error {
	if len(f.Params) < own || f.Params[0] != ir.Input || f.Params[1] != ir.Data {
		return errors.New("it takes no input and data")
	}
	l.out, l.known, l.bodies = out, map[ir.Local]int32{}, map[ir.Local]int{}
	l.result, l.only = f.Return, oneValue(f)
	for _, p := range f.Params[own:] {
		out.Params = append(out.Params, local(p))
	}
	out.Locals = locals(f)
	if err := l.blocks(f.Blocks); err != nil {
		return err
	}
	l.emit(vm.Statement{Op: vm.OpEnd})
	clean(out)
	return nil
}

// blocks are run one after another, whatever becomes of each.
func (l *lowering) blocks(blocks []*ir.Block) error {
	for _, b := range blocks {
		if err := l.inside(level{to: none}, b, nil); err != nil {
			return err
		}
		l.forget(b)
	}
	return nil
}

// inside lowers a block; end, if there is one, is done at its end, before the place where its breaks go. What is known of locals when it
// begins is known in it, and what becomes known there is forgotten.
func (l *lowering) inside(c level, b *ir.Block, end func()) error {
	before := l.known
	l.known = maps.Clone(before)
	l.levels = append(l.levels, c)
	err := l.block(b)
	if end != nil {
		end()
	}
	l.known = before
	l.leaveLevel()
	return err
}

// leaveLevel brings the breaks of the innermost block to what comes next.
func (l *lowering) leaveLevel() {
	last := len(l.levels) - 1
	for _, at := range l.levels[last].fix {
		l.out.Statements[at].To = l.here()
	}
	l.levels = l.levels[:last]
}

func (l *lowering) here() int32 { return int32(len(l.out.Statements)) } //nolint:gosec // a function of more would not load

func (l *lowering) emit(s vm.Statement) { l.out.Statements = append(l.out.Statements, s) }

// unless emits a statement that goes out of its block when it does not hold.
func (l *lowering) unless(s vm.Statement) { l.leave(s, 0) }

// leave emits a statement that goes out of some blocks.
func (l *lowering) leave(s vm.Statement, levels int) {
	i := len(l.levels) - 1 - levels
	c := &l.levels[i]
	if c.to >= 0 {
		s.To = c.to
	} else {
		c.fix = append(c.fix, len(l.out.Statements))
	}
	l.emit(s)
}

func (l *lowering) block(b *ir.Block) error {
	if v, ok := bodyOf(b); ok {
		l.bodies[v] = len(l.levels) - 1
		defer delete(l.bodies, v)
	}
	for _, s := range b.Stmts {
		if err := l.statement(s); err != nil {
			return err
		}
	}
	return nil
}

func local(i ir.Local) int32 { return int32(i) } //nolint:gosec // a function of more would not load

// operand is what a statement works on, or what that is known to be.
func (l *lowering) operand(o ir.Operand) int32 {
	switch v := o.Value.(type) {
	case *ir.Local:
		return l.is(*v)
	case *ir.StringIndex:
		return l.constant(l.policy.Static.Strings[*v].Value)
	case *ir.Bool:
		return l.constant(bool(*v))
	}
	panic(fmt.Sprintf("operand %T", o.Value)) // OPA has no other
}

func (l *lowering) is(v ir.Local) int32 {
	if k, ok := l.known[v]; ok {
		return k
	}
	return local(v)
}

// constant is the operand of a constant.
func (l *lowering) constant(v vm.Value) int32 {
	key := fmt.Sprintf("%T %s", v, vm.Text(v))
	i, ok := l.constants[key]
	if !ok {
		i = int32(len(l.image.Constants)) //nolint:gosec // few
		l.constants[key] = i
		l.image.Constants = append(l.image.Constants, v)
	}
	return ^i
}

// value is what a local is known to be, nil if it is no constant.
func (l *lowering) value(o int32) vm.Value {
	if o < 0 {
		return l.image.Constants[^o]
	}
	return nil
}

// set notes that a local is what an operand is now.
func (l *lowering) set(target ir.Local, operand int32) {
	l.drop(target)
	if operand != local(target) {
		l.known[target] = operand
	}
}

func (l *lowering) drop(target ir.Local) {
	delete(l.known, target)
	for k, v := range l.known {
		if v == local(target) {
			delete(l.known, k)
		}
	}
}

// forget drops what is known of all that a block changes.
func (l *lowering) forget(b *ir.Block) {
	for _, target := range changed(b) {
		l.drop(target)
	}
}

func (l *lowering) statement(s ir.Stmt) error {
	switch s := s.(type) {
	case *ir.NopStmt:
	case *ir.ReturnLocalStmt:
		l.emit(vm.Statement{Op: vm.OpReturn, A: local(s.Source)})
	case *ir.BlockStmt:
		return l.blocks(s.Blocks)
	case *ir.BreakStmt:
		return l.breakOut(int(s.Index))
	case *ir.ScanStmt:
		return l.scan(s)
	case *ir.NotStmt:
		return l.not(s)
	case *ir.WithStmt:
		return l.with(s)
	case *ir.CallStmt:
		return l.call(s)
	case *ir.DotStmt:
		l.unless(vm.Statement{Op: vm.OpDot, A: l.operand(s.Source), B: l.operand(s.Key), C: local(s.Target)})
		l.drop(s.Target)
	case *ir.LenStmt:
		l.emit(vm.Statement{Op: vm.OpCount, A: l.operand(s.Source), C: local(s.Target)})
		l.drop(s.Target)
	case *ir.EqualStmt:
		l.unless(vm.Statement{Op: vm.OpEqual, A: l.operand(s.A), B: l.operand(s.B)})
	case *ir.NotEqualStmt:
		l.unless(vm.Statement{Op: vm.OpNotEqual, A: l.operand(s.A), B: l.operand(s.B)})
	case *ir.IsDefinedStmt:
		l.unless(vm.Statement{Op: vm.OpDefined, A: local(s.Source)})
	case *ir.IsUndefinedStmt:
		l.unless(vm.Statement{Op: vm.OpUndefined, A: local(s.Source)})
	case *ir.IsArrayStmt:
		l.unless(vm.Statement{Op: vm.OpIsArray, A: l.operand(s.Source)})
	case *ir.IsObjectStmt:
		l.unless(vm.Statement{Op: vm.OpIsObject, A: l.operand(s.Source)})
	case *ir.IsSetStmt:
		l.unless(vm.Statement{Op: vm.OpIsSet, A: l.operand(s.Source)})
	default:
		return l.assignment(s)
	}
	return nil
}

// assignment lowers the statements that only change a local.
func (l *lowering) assignment(s ir.Stmt) error {
	switch s := s.(type) {
	case *ir.AssignVarStmt:
		l.move(s.Target, l.operand(s.Source))
	case *ir.AssignIntStmt:
		l.move(s.Target, l.constant(int(s.Value)))
	case *ir.MakeNullStmt:
		l.move(s.Target, l.constant(vm.Null{}))
	case *ir.MakeNumberIntStmt:
		l.move(s.Target, l.constant(int(s.Value)))
	case *ir.MakeNumberRefStmt:
		text := l.policy.Static.Strings[s.Index].Value
		n, err := vm.Number(text)
		if err != nil {
			return fmt.Errorf("the number %s: %w", text, err)
		}
		l.move(s.Target, l.constant(n))
	case *ir.AssignVarOnceStmt:
		return l.once(s)
	case *ir.ResetLocalStmt:
		l.emit(vm.Statement{Op: vm.OpReset, C: local(s.Target)})
		l.drop(s.Target)
	case *ir.MakeArrayStmt:
		l.emit(vm.Statement{Op: vm.OpArray, A: s.Capacity, C: local(s.Target)})
		l.set(s.Target, l.constant(vm.NewArray()))
	case *ir.MakeObjectStmt:
		l.emit(vm.Statement{Op: vm.OpObject, C: local(s.Target)})
		l.set(s.Target, l.constant(vm.NewObject(0)))
	case *ir.MakeSetStmt:
		l.emit(vm.Statement{Op: vm.OpSet, C: local(s.Target)})
		l.set(s.Target, l.constant(vm.NewSet()))
	case *ir.ArrayAppendStmt:
		l.extend(vm.Statement{Op: vm.OpAppend, A: l.operand(s.Value), C: local(s.Array)})
	case *ir.SetAddStmt:
		l.extend(vm.Statement{Op: vm.OpAdd, A: l.operand(s.Value), C: local(s.Set)})
	case *ir.ObjectInsertStmt:
		l.extend(vm.Statement{Op: vm.OpInsert, A: l.operand(s.Key), B: l.operand(s.Value), C: local(s.Object)})
	case *ir.ObjectInsertOnceStmt:
		l.extend(vm.Statement{Op: vm.OpInsertOnce, A: l.operand(s.Key), B: l.operand(s.Value), C: local(s.Object)})
	default:
		return fmt.Errorf("a statement %T is not known", s)
	}
	return nil
}

// once gives a body its value. A body whose value is a constant needs no other way to hold, as OPA's early exit knows.
func (l *lowering) once(s *ir.AssignVarOnceStmt) error {
	value := l.operand(s.Source)
	body, ofBody := l.bodies[s.Target]
	if l.only && ofBody {
		l.emit(vm.Statement{Op: vm.OpMove, A: value, C: local(l.result)})
		l.emit(vm.Statement{Op: vm.OpReturn, A: local(l.result)})
		return nil
	}
	l.emit(vm.Statement{Op: vm.OpOnce, A: value, C: local(s.Target)})
	l.drop(s.Target)
	if value >= 0 || !ofBody || slices.ContainsFunc(l.levels[body+1:], func(c level) bool { return c.not }) {
		return nil
	}
	return l.breakOut(len(l.levels) - 1 - body)
}

// bodyOf is the local that gets the value of a body: its block begins by clearing or by asking it, and has one statement that sets it.
func bodyOf(b *ir.Block) (ir.Local, bool) {
	if len(b.Stmts) == 0 {
		return 0, false
	}
	var v ir.Local
	switch s := b.Stmts[0].(type) {
	case *ir.ResetLocalStmt:
		v = s.Target
	case *ir.IsUndefinedStmt:
		v = s.Source
	default:
		return 0, false
	}
	sets := 0
	each(b, func(s ir.Stmt) {
		if s, ok := s.(*ir.AssignVarOnceStmt); ok && s.Target == v {
			sets++
		}
	})
	return v, sets == 1
}

// oneValue reports whether all bodies of a function have the same constant as their value.
func oneValue(f *ir.Func) bool {
	values := map[string]bool{}
	for _, b := range f.Blocks {
		each(b, func(s ir.Stmt) {
			if s, ok := s.(*ir.AssignVarOnceStmt); ok && s.Target != f.Return {
				if _, varies := s.Source.Value.(*ir.Local); varies {
					values["a local"] = true
				}
				values[s.Source.Value.String()] = true
			}
		})
	}
	return len(values) == 1
}

func (l *lowering) move(target ir.Local, operand int32) {
	l.emit(vm.Statement{Op: vm.OpMove, A: operand, C: local(target)})
	l.set(target, operand)
}

// extend adds to a collection. One of constants is a constant as long as only constants are added.
func (l *lowering) extend(s vm.Statement) {
	l.emit(s)
	target := ir.Local(s.C)
	collection := l.value(l.is(target))
	l.drop(target)
	a, b := l.value(s.A), l.value(s.B)
	switch c := collection.(type) {
	case *vm.Array:
		if a != nil {
			l.known[target] = l.constant(vm.NewArray(append(slices.Clone(c.Items()), a)...))
		}
	case *vm.Set:
		if a != nil {
			l.known[target] = l.constant(vm.NewSet(append(slices.Clone(c.Items()), a)...))
		}
	case *vm.Object:
		if a != nil && b != nil && s.Op == vm.OpInsert {
			larger := vm.NewObject(c.Len() + 1)
			c.Fields(func(k, v vm.Value) { larger.Put(k, v) })
			larger.Put(a, b)
			l.known[target] = l.constant(larger)
		}
	}
}

// breakOut goes out of a block and of some around it, and gives the input back where a block had another.
func (l *lowering) breakOut(levels int) error {
	if levels >= len(l.levels) {
		return errors.New("a break leaves the function")
	}
	for i := len(l.levels) - 1; i > len(l.levels)-1-levels; i-- {
		l.restore(l.levels[i])
	}
	l.leave(vm.Statement{Op: vm.OpJump}, levels)
	return nil
}

func (l *lowering) restore(c level) {
	for _, saved := range c.restore {
		l.emit(vm.Statement{Op: vm.OpMove, A: saved, C: local(ir.Input)})
	}
}

// scan is a loop in a block: a break out of the inner one is the next round.
func (l *lowering) scan(s *ir.ScanStmt) error {
	at := int32(l.out.Scans) //nolint:gosec // few
	l.out.Scans++
	l.emit(vm.Statement{Op: vm.OpScan, A: l.is(s.Source), B: at})
	l.forget(s.Block)
	l.drop(s.Key)
	l.drop(s.Value)
	loop := l.here()
	l.levels = append(l.levels, level{to: none})
	l.leave(vm.Statement{Op: vm.OpNext, A: local(s.Key), B: at, C: local(s.Value)}, 0)
	err := l.inside(level{to: loop}, s.Block, nil)
	l.emit(vm.Statement{Op: vm.OpJump, To: loop})
	l.leaveLevel()
	return err
}

// not goes on when its block does not come to its end.
func (l *lowering) not(s *ir.NotStmt) error {
	if err := l.inside(level{to: none, not: true}, s.Block, func() { l.leave(vm.Statement{Op: vm.OpJump}, 1) }); err != nil {
		return err
	}
	l.forget(s.Block)
	return nil
}

// with runs a block with another input.
func (l *lowering) with(s *ir.WithStmt) error {
	if s.Local != ir.Input || len(s.Path) > 0 {
		return errors.New("with replaces something else than the whole input")
	}
	saved := int32(l.out.Locals) //nolint:gosec // few
	l.out.Locals++
	l.emit(vm.Statement{Op: vm.OpMove, A: local(ir.Input), C: saved})
	l.emit(vm.Statement{Op: vm.OpMove, A: l.operand(s.Value), C: local(ir.Input)})
	l.forget(s.Block)
	l.drop(ir.Input)
	c := level{to: none, restore: []int32{saved}}
	var held int
	err := l.inside(c, s.Block, func() {
		l.restore(c)
		held = len(l.out.Statements)
		l.emit(vm.Statement{Op: vm.OpJump})
	})
	l.restore(c)
	l.unless(vm.Statement{Op: vm.OpJump})
	l.out.Statements[held].To = l.here()
	return err
}

func (l *lowering) call(s *ir.CallStmt) error {
	args := make([]int32, len(s.Args))
	for i, a := range s.Args {
		args[i] = l.operand(a)
	}
	number, ok := l.numbers[s.Func]
	op := vm.OpCall
	if !ok {
		var err error
		if number, err = l.builtin(s.Func); err != nil {
			return err
		}
		op = vm.OpBuiltin
	} else {
		if len(args) < own || args[0] != local(ir.Input) || args[1] != local(ir.Data) {
			return fmt.Errorf("a call of %s hands on another input or data", s.Func)
		}
		args = args[own:]
	}
	const most = 255
	if len(args) > most {
		return fmt.Errorf("a call of %s has %d arguments", s.Func, len(args))
	}
	l.unless(vm.Statement{
		Op: op, N: uint8(len(args)), A: int32(len(l.out.Args)), B: int32(number), C: local(s.Result), //nolint:gosec // few
	})
	l.out.Args = append(l.out.Args, args...)
	l.drop(s.Result)
	return nil
}

func (l *lowering) builtin(name string) (int, error) {
	i, ok := l.builtins[name]
	if !ok {
		if !slices.Contains(vm.Builtins(), name) {
			return 0, fmt.Errorf("the builtin %s is none of those that package vm has: %s", name, strings.Join(vm.Builtins(), ", "))
		}
		i = int32(len(l.image.Builtins)) //nolint:gosec // few
		l.builtins[name] = i
		l.image.Builtins = append(l.image.Builtins, name)
	}
	return int(i), nil
}
