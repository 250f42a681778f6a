FROM debian:12-slim AS web
RUN apt-get update -q && apt-get install -y -q --no-install-recommends nodejs npm ca-certificates
WORKDIR /src/api/web
COPY api/web/package.json api/web/package-lock.json api/web/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY api/web ./
RUN npm run build

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY .setup .setup
RUN .setup/apt.sh
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=web /src/api/web/dist api/web/dist
RUN go build -trimpath -o /pingyi ./cmd/pingyi

FROM debian:12-slim
COPY .setup /setup
RUN /setup/apt.sh run && useradd --system --create-home --home-dir /var/lib/pingyi pingyi
COPY --from=build /pingyi /usr/local/bin/pingyi
USER pingyi
VOLUME /var/lib/pingyi
ENV PINGYI_DATA=/var/lib/pingyi PINGYI_LISTEN=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s CMD ["pingyi", "health"]
ENTRYPOINT ["pingyi"]
CMD ["serve"]
