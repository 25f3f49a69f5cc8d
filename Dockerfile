# Two images from one build: `service` (the service and the `provision` command) and `lab` (the simulated city).
# Checked by eye and by docker-compose config only: the build machines have no container engine.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet restore ProvisionSvc.sln --locked-mode \
 && dotnet publish src/ProvisionSvc -c Release --no-restore -o /app/service \
 && dotnet publish src/ProvisionSvc.Cli -c Release --no-restore -o /app/command \
 && dotnet publish src/ProvisionSvc.DeviceLab -c Release --no-restore -o /app/lab

FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS service
COPY --from=build /app/service /app/service
COPY --from=build /app/command /app/command
COPY device-templates /app/device-templates
RUN ln -s /app/command/provision /usr/local/bin/provision \
 && install -d -o app -g app -m 700 /var/lib/provisionsvc
USER app
ENV Provision__StateDirectory=/var/lib/provisionsvc \
    PROVISION_TOKEN_FILE=/var/lib/provisionsvc/admin.token
VOLUME /var/lib/provisionsvc
ENTRYPOINT ["dotnet", "/app/service/ProvisionSvc.dll"]

FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS lab
# sshd is started by the lab itself, on loopback; the image's own is never started.
RUN apt-get update \
 && apt-get install -y --no-install-recommends openssh-server openssh-client socat \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -m 755 /run/sshd
COPY --from=build /app/lab /app/lab
VOLUME /lab
ENTRYPOINT ["dotnet", "/app/lab/devicelab.dll", "run", "--state", "/lab/state", "--write-inventory", "/lab/inventory"]
