#!/usr/bin/env bash
# Writes docs/openapi.json as the service says it. Look at the difference and commit it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1
project=tests/ProvisionSvc.IntegrationTests
dotnet build "$project" -c "${CONFIGURATION:-Release}" -v q -clp:NoSummary
PROVISION_REQUIRE_ALL=1 PROVISION_UPDATE_OPENAPI=1 "$project/bin/${CONFIGURATION:-Release}/net10.0/ProvisionSvc.IntegrationTests" \
    --filter-method '*.OpenApiTests.The_committed_document_is_what_the_service_says' --progress off --no-ansi
git --no-pager diff --stat -- docs/openapi.json 2>/dev/null || true
