# METADATA
# description: What sshd's filter of system calls lets it do.
package nixlint.lib.sshd

import future.keywords.not

# The groups of systemd that hold chroot, and itself.
_holders := {"@known", "@mount", "@privileged", "chroot"}

# no_chroot: the last word that speaks of chroot denies it; without one, a list that starts by allowing allows nothing else.
no_chroot(texts) if {
	spoken := [word | some text in texts; word := split(text, ":")[0]; trim_left(word, "~") in _holders]
	startswith(spoken[count(spoken) - 1], "~")
}

no_chroot(texts) if {
	not startswith(texts[0], "~")
	every text in texts {
		not trim_left(split(text, ":")[0], "~") in _holders
	}
}
