# METADATA
# description: |
#   How a service shows that it uses a GPU.
package nixlint.lib.gpu

import data.nixlint.lib
import data.nixlint.lib.command

import future.keywords.not

# Most services have nothing of the kind, and one look at all their text tells.
_suspect if {
	some word in ["CUDA", "HIP_", "HSA_", "NVIDIA", "ROCR", "/dev/nvidia", "gpu-layers", "-ngl"]
	contains(input.text, word)
}

# evidence is what shows it, with the path and whether it is sure.
evidence contains {"path": assignment.path, "what": text, "verdict": "fail"} if {
	_suspect
	some assignment in lib.stated("Service", "Environment")
	text := trim(assignment.text, `"'`)
	regex.match(`^(?:CUDA_VISIBLE_DEVICES|CUDA_HOME|CUDA_PATH|CUDA_CACHE_PATH|HIP_[A-Z_]+|ROCR_VISIBLE_DEVICES|HSA_[A-Z_]+|NVIDIA_VISIBLE_DEVICES)=`, text)
	not regex.match(`=(?:|-1|none|void|NoDevFiles)$`, text)
}

evidence contains {"path": found.path, "what": device, "verdict": "fail"} if {
	_suspect
	some found in command.texts
	some device in regex.find_n(`/dev/nvidia[a-z0-9-]*`, found.text, 1)
}

evidence contains {"path": found.path, "what": given.match, "verdict": _layers(given.value)} if {
	_suspect
	some found in command.texts
	some flag in ["--gpu-layers", "--n-gpu-layers", "-ngl"]
	some given in command.values(found.text, flag)
	_layers(given.value) != "pass"
}

_layers(value) := "unknown" if {
	contains(value, "<unknown")
} else := "pass" if {
	value in {"", "0"}
} else := "fail"
