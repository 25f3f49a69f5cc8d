#!/usr/bin/env bash
# Runs one benchmark or campaign. Its last line is "bench=NAME key=value …"; docs/benchmarks.md says which machine the figures there are from.
#   eng/bench.sh NAME [options of the benchmark]      eng/bench.sh lists the names
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
name=${1:-}
script=eng/bench/$name.sh
if [ -z "$name" ] || [ ! -f "$script" ]; then
    printf 'usage: eng/bench.sh NAME\n' >&2
    for file in eng/bench/*.sh; do printf '  %-12s %s\n' "$(basename "$file" .sh)" "$(sed -n '2s/^# //p' "$file")" >&2; done
    exit 2
fi
shift
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1
exec bash "$script" "$@"
