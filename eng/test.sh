#!/usr/bin/env bash
# Sets up what the tests need, builds once, runs every test project. The last line is always the true
# total: "N passed, N failed" (", N skipped" when there are any); the exit code is 0 only without a failure.
#   eng/test.sh [--fast] [options of the test programs, e.g. --filter-class '*Ber*']
#   --fast             the unit tests only; needs no packages
# Environment: CONFIGURATION (Release), PROVISION_REQUIRE_ALL=1 (a skip for want of something is a failure),
# PROVISION_TEST_TIMEOUT (45m, per test project).
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1
configuration=${CONFIGURATION:-Release}
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1

passed=0 failed=0 skipped=0
work=$(mktemp -d)

finish() {
    local status=$?
    trap - EXIT
    rm -rf "$work"
    [ "$failed" -eq 0 ] && [ "$status" -ne 0 ] && failed=1
    local total="$passed passed, $failed failed"
    [ "$skipped" -gt 0 ] && total+=", $skipped skipped"
    printf '%s\n' "$total"
    [ "$failed" -eq 0 ] || exit 1
    exit 0
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

plain=()
[ -t 1 ] || plain=(--no-ansi)

say() { printf 'test: %s\n' "$*"; }

# Everything below reads no input: a test run must not hang on a question.
exec </dev/null

fast=
filters=()
for argument in "$@"; do
    if [ "$argument" = --fast ]; then fast=1; else filters+=("$argument"); fi
done

if [ -n "$fast" ]; then
    projects=(tests/ProvisionSvc.Tests)
else
    projects=(tests/ProvisionSvc.Tests tests/ProvisionSvc.IntegrationTests)
    eng/setup.sh test || { say "eng/setup.sh test failed"; exit 1; }
fi

build() {
    # One build at a time in this clone; a second run waits, then finds everything built.
    mkdir -p artifacts
    exec 8>artifacts/build.lock
    flock 8
    local target=ProvisionSvc.sln
    [ -n "$fast" ] && target=tests/ProvisionSvc.Tests/ProvisionSvc.Tests.csproj
    if ! dotnet restore "$target" --locked-mode -v q >"$work/restore.log" 2>&1 8>&-; then
        grep -E -m5 'error|NU1' "$work/restore.log"
        say "a packages.lock.json does not fit: restoring without the lock; commit the changed lock files"
        dotnet restore "$target" --force-evaluate -v q 8>&- || return 1
    fi
    dotnet build "$target" -c "$configuration" --no-restore -v q -clp:NoSummary -warnaserror 8>&- || return 1
    flock -u 8
}

say "building ($configuration)"
build || { say "the build failed"; exit 1; }

# The counts of one project, from its own report: attributes of the <assembly> element.
count() { sed -n "s/.*<assembly [^>]* $2=\"\([0-9]*\)\".*/\1/p;/<assembly /q" "$1" 2>/dev/null | head -n 1; }

run() {
    local project=$1 name report status p f e s
    name=$(basename "$project")
    report=$work/$name.xml
    say "$name"
    "$project/bin/$configuration/net10.0/$name" --report-xunit-xml --report-xunit-xml-filename "$name.xml" \
        --results-directory "$work" --timeout "${PROVISION_TEST_TIMEOUT:-45m}" --progress off "${plain[@]}" "${filters[@]}"
    status=$?
    # With a filter a project may have nothing to run (8); without one that is a fault.
    [ "$status" -eq 8 ] && [ ${#filters[@]} -gt 0 ] && return 0

    p=$(count "$report" passed) f=$(count "$report" failed) e=$(count "$report" errors) s=$(count "$report" skipped)
    passed=$((passed + ${p:-0}))
    skipped=$((skipped + ${s:-0}))
    if [ -z "$p" ]; then
        say "$name ended with code $status and left no report: counted as one failure"
        failed=$((failed + 1))
    elif [ "$status" -ne 0 ] && [ "$((f + e))" -eq 0 ]; then
        say "$name ended with code $status though no test failed: counted as one failure"
        failed=$((failed + 1))
    else
        failed=$((failed + f + e))
    fi
}

for project in "${projects[@]}"; do run "$project"; done
