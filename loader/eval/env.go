package eval

// env is a frame of variables: of a call, of a let or rec, or, with the set as its one slot, of a with.
type env struct {
	up    *env
	slots []Value
}

// newEnv makes a frame; a small one in one allocation.
func newEnv(up *env, n int) *env {
	switch n {
	case 1:
		f := &struct {
			env
			a [1]Value
		}{}
		f.up, f.slots = up, f.a[:]
		return &f.env
	case 2:
		f := &struct {
			env
			a [2]Value
		}{}
		f.up, f.slots = up, f.a[:]
		return &f.env
	case 3:
		f := &struct {
			env
			a [3]Value
		}{}
		f.up, f.slots = up, f.a[:]
		return &f.env
	case 4:
		f := &struct {
			env
			a [4]Value
		}{}
		f.up, f.slots = up, f.a[:]
		return &f.env
	case 5, 6:
		f := &struct {
			env
			a [6]Value
		}{}
		f.up, f.slots = up, f.a[:n]
		return &f.env
	}
	return &env{up: up, slots: make([]Value, n)}
}

// newEnv2 makes the frames of two functions right inside one another.
func newEnv2(up *env, a, b Value) *env {
	f := &struct {
		inner, outer env
		a            [2]Value
	}{}
	f.a[0], f.a[1] = a, b
	f.outer.up, f.outer.slots = up, f.a[:1]
	f.inner.up, f.inner.slots = &f.outer, f.a[1:]
	return &f.inner
}
