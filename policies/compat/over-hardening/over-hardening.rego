# METADATA
# title: A protection leaves a service what it needs
# description: |
#   A runtime that compiles while it runs (Node.js, Java, .NET, Deno, Bun) needs memory that is writable and executable: with
#   MemoryDenyWriteExecute it crashes at its start. A service that listens on a port cannot be reached with PrivateNetwork.
# related_resources:
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#MemoryDenyWriteExecute=
#   - https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#PrivateNetwork=
# custom:
#   kind: unit
#   severity: error
#   precision: high
#   tags: [compat, hardening]
#   fix: |2
#         serviceConfig.MemoryDenyWriteExecute = false; # V8 compiles while it runs
#         serviceConfig.PrivateNetwork = false; # RestrictAddressFamilies and IPAddressAllow narrow it instead
package nixlint.rules.compat.over_hardening

import data.nixlint.lib
import data.nixlint.lib.command
import future.keywords.not

report contains found if {
	input.kind == "service"
	lib.may("Service", "MemoryDenyWriteExecute", {"yes"})
	some text in command.texts
	not contains(text.text, "--jitless") # V8 interprets then
	runtime := regex.find_n(_compiles, text.text, 1)[0]
	denied := lib.forbidden("Service", "MemoryDenyWriteExecute", ["yes"])
	found := lib.decided(
		_sure(denied, text.sure), lib.at("Service", "MemoryDenyWriteExecute"),
		sprintf("MemoryDenyWriteExecute, and %s compiles while it runs: it crashes at its start", [trim(runtime, " \t\n\"'")]),
		"MemoryDenyWriteExecute or the command is not decided",
	)
}

report contains found if {
	input.kind == "service"
	lib.may("Service", "PrivateNetwork", {"yes"})
	not input.effective.Service.Sockets
	not input.effective.Unit.JoinsNamespaceOf
	some text in command.texts
	some flag in ["--port", "--listen", "--http-port", "--listen-address"]
	some given in command.values(text.text, flag)
	regex.match(`(?:^|:)[0-9]{2,5}$`, given.value)
	private := lib.forbidden("Service", "PrivateNetwork", ["yes"])
	found := lib.decided(
		_sure(private, text.sure), lib.at("Service", "PrivateNetwork"),
		sprintf("PrivateNetwork, and the service listens (%s): nobody can reach it", [given.match]),
		"PrivateNetwork or the command is not decided",
	)
}

_compiles := concat("", [
	`(?:^|[\s"'])<pkgs\.(?:nodejs|jdk|jre|openjdk|temurin|zulu|dotnet|deno|bun)[A-Za-z0-9._-]*>`,
	`/bin/(?:node|npm|npx|java|dotnet|deno|bun)(?:[\s"']|$)`,
])

_sure("fail", true) := "fail"

_sure("fail", false) := "unknown"

_sure("unknown", _) := "unknown"
