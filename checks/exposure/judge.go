package exposure

// row is a row of the assessment. Its judge returns the badness, of 0 to scale.
type row struct {
	field, name   string
	weight, scale int
	when          when
	judge         func(f *facts, arg uint64) int
	arg           uint64
	reads         []directive // the first is the one to set
}

// when says to which units a row applies.
type when uint8

const (
	always       when = iota
	ordered           // those with DefaultDependencies=
	unprivileged      // those that do not run as root
)

// facts are what the settings of a unit amount to, as far as rows read them.
type facts struct {
	model *model
	user  bool // it is a unit of a user's manager
	of    [directives]state
}

func (f *facts) on(d directive) bool { return f.of[d].bits != no }

func (f *facts) applies(w when) bool {
	switch w {
	case ordered:
		return !f.of[defaultDependencies].stated || f.on(defaultDependencies)
	case unprivileged:
		return !f.privileged()
	default:
		return true
	}
}

func (f *facts) privileged() bool {
	switch f.of[user].bits {
	case userUnset:
		return !f.on(dynamicUser)
	case userRoot:
		return true
	}
	return false
}

func bad(b bool) int {
	if b {
		return 1
	}
	return 0
}

// off judges directives that are good unless they are off, as they are when not set.
func off(f *facts, arg uint64) int { return bad(!f.on(directive(arg))) } //nolint:gosec // a directive

// offUnlessDynamic judges those that DynamicUser= turns on.
func offUnlessDynamic(f *facts, arg uint64) int {
	return bad(!f.on(directive(arg)) && !f.on(dynamicUser)) //nolint:gosec // a directive
}

// keeps judges whether one of some capabilities is left.
func keeps(f *facts, arg uint64) int {
	s := f.of[capabilityBoundingSet]
	left := s.bits
	if !s.stated {
		left = firstCapabilities(capabilityBoundingSet)
	}
	for _, i := range taking {
		if f.on(i.by) {
			left &^= i.bits
		}
	}
	return bad(left&arg != 0)
}

// taking are the directives that take capabilities away.
var taking = [...]struct {
	by   directive
	bits uint64
}{
	{privateDevices, 1<<27 | 1<<17}, // CAP_MKNOD, CAP_SYS_RAWIO
	{protectKernelModules, 1 << 16}, // CAP_SYS_MODULE
	{protectKernelLogs, 1 << 34},    // CAP_SYSLOG
	{protectClock, 1<<25 | 1<<35},   // CAP_SYS_TIME, CAP_WAKE_ALARM
}

func judgeAmbientCapabilities(f *facts, _ uint64) int {
	return bad(f.of[ambientCapabilities].bits != 0)
}

func judgeDelegate(f *facts, _ uint64) int { return bad(f.on(delegate)) }

// judgeDeviceAllow judges the devices that a unit may use. Other directives close the list, or add devices to it.
func judgeDeviceAllow(f *facts, _ uint64) int {
	if f.of[devicePolicy].bits == policyAuto && !f.on(privateDevices) {
		return 10
	}
	images := f.of[rootImage].stated || f.on(mountImages)
	sealed := f.model.version < 262 && (f.on(loadCredentialEncrypted) || f.on(setCredentialEncrypted))
	if f.on(deviceAllow) || f.on(protectClock) || images || sealed {
		return 5
	}
	return 0
}

func judgeIPAddressDeny(f *facts, _ uint64) int {
	allowed := f.of[ipAddressAllow].bits
	switch {
	case f.on(ipIngressFilterPath), f.on(ipEgressFilterPath):
		return 0
	case f.of[ipAddressDeny].bits&(all4|all6) != all4|all6:
		return 10
	case allowed&elsewhere != 0:
		return 5
	case allowed != 0:
		return 2
	}
	return 0
}

func judgeKeyringMode(f *facts, _ uint64) int {
	if s := f.of[keyringMode]; s.stated {
		return bad(s.bits != keyringPrivate)
	}
	return bad(f.user)
}

func judgeNotifyAccess(f *facts, _ uint64) int { return bad(f.of[notifyAccess].bits == notifyAll) }

// judgePrivateMounts: from 254 on the setting has a third state, which counts as on.
func judgePrivateMounts(f *facts, _ uint64) int {
	if s := f.of[privateMounts]; !s.stated {
		return bad(f.model.version < 254)
	}
	return bad(!f.on(privateMounts))
}

func judgeProcSubset(f *facts, _ uint64) int { return bad(f.of[procSubset].bits != subsetPID) }

func judgeProtectProc(f *facts, _ uint64) int {
	switch f.of[protectProc].bits {
	case procDefault:
		return 3
	case procNoAccess:
		return 1
	}
	return 0
}

func judgeProtectHome(f *facts, _ uint64) int {
	switch f.of[protectHome].bits {
	case yes:
		return 0
	case homeTmpfs:
		return 1
	case homeReadOnly:
		return 5
	}
	if f.on(dynamicUser) {
		return 5
	}
	return 10
}

func judgeProtectSystem(f *facts, _ uint64) int {
	switch s := f.of[protectSystem].bits; {
	case s == systemStrict || f.on(dynamicUser):
		return 0
	case s == systemFull:
		return 3
	case s == yes:
		return 5
	}
	return 10
}

// speaks judges whether sockets of one of some address families may be made.
func speaks(f *facts, arg uint64) int {
	s := f.of[restrictAddressFamilies]
	return bad((s.bits&arg != 0) == s.allows)
}

// creates judges whether a kind of namespace may be made.
func creates(f *facts, arg uint64) int {
	s := f.of[restrictNamespaces]
	return bad(!s.stated || s.bits&arg != 0)
}

func judgeRootDirectoryOrRootImage(f *facts, _ uint64) int {
	return bad(!f.on(rootDirectory) && !f.on(rootImage))
}

func judgeSupplementaryGroups(f *facts, _ uint64) int { return bad(f.on(supplementaryGroups)) }

func judgeSystemCallArchitectures(f *facts, _ uint64) int {
	switch f.of[systemCallArchitectures].bits {
	case 0:
		return 10
	case native:
		return 0
	}
	return 8
}

// calls judges whether a call of a group is left: a filter that allows is better than none even so.
func calls(f *facts, arg uint64) int {
	s, group := f.of[systemCallFilter], f.model.groups[arg]
	switch {
	case !s.allows && s.bits != filtering:
		return 10 // even a group that the architecture has no call of
	case s.allows && s.calls.meets(group):
		return 9
	case !s.allows && group.without(s.calls) != callSet{}:
		return 10
	}
	return 0
}

func judgeUMask(f *facts, _ uint64) int {
	mask := f.of[uMask].bits
	if !f.of[uMask].stated {
		mask = defaultMask
	}
	for _, m := range [...]struct {
		bit     uint64
		badness int
	}{{0o002, 10}, {0o004, 5}, {0o020, 2}, {0o040, 1}} {
		if mask&m.bit == 0 {
			return m.badness
		}
	}
	return 0
}

func judgeUserOrDynamicUser(f *facts, _ uint64) int {
	switch f.of[user].bits {
	case userNobody:
		return 9
	case userRoot:
		return 10
	case userUnset:
		if !f.on(dynamicUser) {
			return 10
		}
	}
	return 0
}
