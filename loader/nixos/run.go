package nixos

import (
	"runtime"
	"slices"
	"sync"

	"github.com/nixlint/nixlint/loader/eval"
	"github.com/nixlint/nixlint/loader/inventory"
)

// chunks is in how many parts the hosts of a flake are evaluated. A part has an interpreter of its own, which evaluates the flake again, so their number is
// bounded; it does not depend on the machine, so neither does what is found.
const chunks = 16

// task is a part of a run that touches nothing but the repository that it is given.
type task func(*repository)

// each runs tasks on the cores there are, and joins what they found in the order of the tasks.
func (r *repository) each(tasks []task) {
	parts := make([]*repository, len(tasks))
	next := make(chan int)
	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(tasks)) {
		group.Go(func() {
			for i := range next {
				tasks[i](parts[i])
			}
		})
	}
	for i := range tasks {
		parts[i] = r.fork()
		next <- i
	}
	close(next)
	group.Wait()
	for _, part := range parts {
		r.join(part)
	}
}

// fork is a repository that what a task finds goes to.
func (r *repository) fork() *repository {
	return &repository{
		ctx: r.ctx, program: r.program, given: r.given, libs: map[libOf]eval.Value{}, overlaid: map[string]bool{},
		scripts: map[*eval.Derivation]eval.Value{}, placed: map[*eval.Derivation]eval.Value{}, hosts: map[string][]string{}, modules: map[string]bool{},
		options: map[string]inventory.Option{}, inv: &inventory.Inventory{},
	}
}

func (r *repository) join(part *repository) {
	r.problems = append(r.problems, part.problems...)
	r.imported = append(r.imported, part.imported...)
	r.inv.Hosts = append(r.inv.Hosts, part.inv.Hosts...)
	for name := range part.modules {
		r.modules[name] = true
	}
	for name, hosts := range part.hosts {
		for _, host := range hosts {
			if !slices.Contains(r.hosts[name], host) {
				r.hosts[name] = append(r.hosts[name], host)
			}
		}
	}
	for path, o := range part.options {
		if _, ok := r.options[path]; !ok {
			r.options[path] = o
		}
	}
}

// found is a way to the candidates of a file, each time with values of another interpreter.
type finder func(r *repository, in *eval.Interp) ([]candidate, []inventory.Missing)

// hostsOf are the tasks that evaluate the hosts of files: the candidates are found first, then evaluated in parts.
func (r *repository) hostsOf(files []string, find func(file string) finder) {
	counts := make([]int, len(files))
	tasks := make([]task, len(files))
	for i, file := range files {
		tasks[i] = func(r *repository) {
			in := r.interp()
			list, missing := find(file)(r, in)
			counts[i] = len(list)
			r.judgeAll(in, list[:min(chunk(len(list)), len(list))], missing)
			r.limited(in, r.start(file))
		}
	}
	r.each(tasks)
	var more []task
	for i, file := range files {
		for from := chunk(counts[i]); from < counts[i]; from += chunk(counts[i]) {
			more = append(more, func(r *repository) {
				in := r.interp()
				list, missing := find(file)(r, in)
				r.problems = nil // said with the first part
				if to := min(from+chunk(counts[i]), len(list)); from < to {
					r.judgeAll(in, list[from:to], missing)
				}
				r.limited(in, r.start(file))
			})
		}
	}
	r.each(more)
}

// chunk is how many of n hosts one part evaluates.
func chunk(n int) int { return max(1, (n+chunks-1)/chunks) }

func (r *repository) judgeAll(in *eval.Interp, list []candidate, missing []inventory.Missing) {
	for _, c := range list {
		if r.ctx.Err() != nil {
			return
		}
		r.judge(in, c, missing)
	}
}
