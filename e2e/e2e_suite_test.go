// Package e2e_test tells whole stories: the built program on the repositories of fixtures/, and the units that it derives given
// to the real systemd-analyze. It knows nothing of how a finding is made.
package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

func TestStories(t *testing.T) {
	t.Parallel()
	RegisterFailHandler(Fail)
	suite, reporter := GinkgoConfiguration()
	suite.FailOnEmpty = true // a filter that matches nothing has tested nothing
	RunSpecs(t, "nixlint", suite, reporter)
}

// TestAFilterThatMatchesNothingFails runs this suite again with such a filter.
func TestAFilterThatMatchesNothingFails(t *testing.T) {
	t.Parallel()
	command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestStories$", "-ginkgo.label-filter=no-such-label", "-ginkgo.no-color")
	out, err := command.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || !strings.Contains(string(out), "no specs ran") {
		t.Errorf("%v\n%s", err, out)
	}
}

// repository is where the program runs, so that fixtures/ is a path of its command line.
const repository = ".."

// nixlint is the built program.
var nixlint string

var _ = BeforeSuite(func(ctx SpecContext) {
	nixlint = filepath.Join(GinkgoT().TempDir(), "nixlint")
	build := exec.CommandContext(ctx, "go", "build", "-o", nixlint, "./cmd/nixlint")
	build.Dir = repository
	out, err := build.CombinedOutput()
	Expect(err).NotTo(HaveOccurred(), "%s", out)
})

// result is what a run of the program left.
type result struct {
	status         int
	stdout, stderr string
}

func run(ctx context.Context, args ...string) result {
	GinkgoHelper()
	return runIn(ctx, repository, args...)
}

// runIn runs the program in a folder.
func runIn(ctx context.Context, dir string, args ...string) result {
	GinkgoHelper()
	command := exec.CommandContext(ctx, nixlint, args...)
	command.Dir = dir
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		Fail(err.Error())
	}
	return result{command.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// decode reads the standard output as JSON.
func (r result) decode(into any) {
	GinkgoHelper()
	Expect(json.Unmarshal([]byte(r.stdout), into)).To(Succeed(), "%s\n%s", r.stdout, r.stderr)
}
