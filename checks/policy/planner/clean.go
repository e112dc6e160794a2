package planner

import (
	"reflect"
	"slices"

	"github.com/open-policy-agent/opa/v1/ir"

	"github.com/nixlint/nixlint/checks/policy/vm"
)

// changed are the locals that a block changes. The fields of a statement that are locals are what it changes, unless they are read only.
func changed(b *ir.Block) []ir.Local {
	var out []ir.Local
	each(b, func(s ir.Stmt) {
		localsOf(s, func(field string, v ir.Local) {
			if field != "Source" {
				out = append(out, v)
			}
		})
	})
	return out
}

// locals is how many locals a function has.
func locals(f *ir.Func) int {
	most := max(ir.Data, f.Return)
	for _, p := range f.Params {
		most = max(most, p)
	}
	for _, b := range f.Blocks {
		each(b, func(s ir.Stmt) { localsOf(s, func(_ string, v ir.Local) { most = max(most, v) }) })
	}
	return int(most) + 1
}

func localsOf(s ir.Stmt, do func(field string, v ir.Local)) {
	v := reflect.ValueOf(s).Elem()
	for i := range v.NumField() {
		if local, ok := reflect.TypeAssert[ir.Local](v.Field(i)); ok {
			do(v.Type().Field(i).Name, local)
		}
	}
}

// each calls do with all statements of a block and of those in it.
func each(b *ir.Block, do func(ir.Stmt)) {
	for _, s := range b.Stmts {
		do(s)
		switch s := s.(type) {
		case *ir.BlockStmt:
			for _, in := range s.Blocks {
				each(in, do)
			}
		case *ir.ScanStmt:
			each(s.Block, do)
		case *ir.NotStmt:
			each(s.Block, do)
		case *ir.WithStmt:
			each(s.Block, do)
		}
	}
}

// clean takes out what has no effect: what a local gets that nobody reads after, and jumps to the next statement.
func clean(f *vm.Function) {
	for {
		live := liveness(f)
		var drop []bool
		dropped := false
		for i, s := range f.Statements {
			dead := s.Pure() && !live[i][s.C] && !others(f, i) || s.Op == vm.OpJump && int(s.To) == i+1
			drop = append(drop, dead)
			dropped = dropped || dead
		}
		if !dropped {
			return
		}
		f.Statements = without(f.Statements, drop)
	}
}

// others reports whether a collection that a statement adds to may be known by another name: it is not when it was made just before.
func others(f *vm.Function, at int) bool {
	s := f.Statements[at]
	if !s.Extends() {
		return false
	}
	for i := at; i > 0; i-- {
		if slices.ContainsFunc(f.Statements, func(x vm.Statement) bool { return x.Jumps() && int(x.To) == i }) {
			return true
		}
		switch before := f.Statements[i-1]; {
		case before.Sets(s.C):
			return !before.Makes()
		case before.Extends() && before.C == s.C:
			if slices.Contains(f.Operands(&before), s.C) {
				return true
			}
		case slices.Contains(f.Reads(&before), s.C):
			return true
		}
	}
	return true
}

// without takes statements out, and brings the jumps over them to what follows.
func without(statements []vm.Statement, drop []bool) []vm.Statement {
	at := make([]int32, len(statements)) // the new place of each
	n := int32(0)
	for i := range statements {
		at[i] = n
		if !drop[i] {
			n++
		}
	}
	var out []vm.Statement
	for i, s := range statements {
		if !drop[i] {
			s.To = at[s.To]
			out = append(out, s)
		}
	}
	return out
}

// liveness are the locals that may be read after each statement.
func liveness(f *vm.Function) []map[int32]bool {
	before, after := make([]map[int32]bool, len(f.Statements)), make([]map[int32]bool, len(f.Statements))
	for i := range before {
		before[i], after[i] = map[int32]bool{}, map[int32]bool{}
	}
	for more := true; more; {
		more = false
		for i, s := range slices.Backward(f.Statements) {
			out := after[i]
			for _, next := range s.Next(int32(i)) { //nolint:gosec // few
				for v := range before[next] {
					out[v] = true
				}
			}
			in := before[i]
			n := len(in)
			for v := range out {
				if !s.Sets(v) {
					in[v] = true
				}
			}
			if !s.Pure() || out[s.C] {
				for _, v := range f.Reads(&s) {
					in[v] = true
				}
			}
			more = more || len(in) > n
		}
	}
	return after
}

// mark finds the functions whose values do not depend on the input, and those whose values are worth being kept.
func mark(image *vm.Image) {
	reading, slow := make([]bool, len(image.Functions)), make([]bool, len(image.Functions))
	for more := true; more; {
		more = false
		for i := range image.Functions {
			f := &image.Functions[i]
			for k := range f.Statements {
				s := &f.Statements[k]
				reads, takes := slices.Contains(f.Reads(s), int32(ir.Input)) || s.Op == vm.OpMove && s.C == int32(ir.Input), s.Op == vm.OpScan
				switch s.Op {
				case vm.OpCall:
					reads, takes = slices.Contains(f.Operands(s), int32(ir.Input)) || reading[s.B], slow[s.B]
				case vm.OpBuiltin:
					takes = slices.Contains(slowBuiltins, image.Builtins[s.B])
				default:
				}
				if reads && !reading[i] || takes && !slow[i] {
					more = true
					reading[i], slow[i] = reading[i] || reads, slow[i] || takes
				}
			}
		}
	}
	for i := range image.Functions {
		f := &image.Functions[i]
		f.Fixed = len(f.Params) == 0 && !reading[i]
		f.Kept = len(f.Params) > 0 && len(f.Params) <= vm.MaxKept && slow[i]
	}
}

// slowBuiltins take longer than it takes to find a value that was kept.
var slowBuiltins = []string{
	"regex.match", "regex.replace", "regex.split", "regex.find_n", "regex.find_all_string_submatch_n", "graph.reachable", "sort",
}

// prune takes out the constants that nothing names: the parts of others, for the most.
func prune(image *vm.Image) {
	at := map[int32]int32{}
	var kept []vm.Value
	keep := func(o *int32) {
		if *o >= 0 {
			return
		}
		to, ok := at[*o]
		if !ok {
			to = ^int32(len(kept)) //nolint:gosec // few
			kept = append(kept, image.Constants[^*o])
			at[*o] = to
		}
		*o = to
	}
	for i := range image.Functions {
		f := &image.Functions[i]
		for k := range f.Args {
			keep(&f.Args[k])
		}
		for k := range f.Statements {
			keep(&f.Statements[k].A)
			keep(&f.Statements[k].B)
		}
	}
	image.Constants = kept
}
