# METADATA
# description: Files that show or test what the repository makes, and run on no machine of it.
package nixlint.lib.trial

import future.keywords.not

# file: it stands below such a folder.
file(path) if regex.match(`(?:^|/)(?:demos?|examples?|tests?)/`, path)
