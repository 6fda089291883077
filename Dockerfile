FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
# The projects before the sources: packages are restored again only when they change.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/KlCore/KlCore.csproj src/KlCore/packages.lock.json src/KlCore/
COPY src/KlApi/KlApi.csproj src/KlApi/packages.lock.json src/KlApi/
RUN dotnet restore src/KlApi/KlApi.csproj --locked-mode
COPY .editorconfig ./
COPY src src
RUN dotnet publish src/KlApi/KlApi.csproj --no-restore -c Release -p:UseAppHost=false -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app ./
# The only place that is written to; everything else may be mounted read-only (with a tmpfs on /tmp).
RUN mkdir /data && chown $APP_UID:$APP_UID /data
VOLUME /data
# No diagnostic pipes: they would be the one other thing written. The base image sets ASPNETCORE_HTTP_PORTS=8080.
ENV DOTNET_EnableDiagnostics=0 \
    KlService__DataDirectory=/data
USER $APP_UID
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 CMD ["dotnet", "KlApi.dll", "--probe"]
ENTRYPOINT ["dotnet", "KlApi.dll"]
