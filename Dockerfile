# The emulator as an image. `docker build -t fauxgen .` and `docker run -p 4600:4600 fauxgen`.
# NODE_IMAGE and BASE_IMAGE must share their C library; BASE_IMAGE holds nothing but what Node.js itself needs.
ARG NODE_IMAGE=docker.io/library/node:24-bookworm-slim
ARG BASE_IMAGE=docker.io/library/debian:bookworm-slim

FROM ${NODE_IMAGE} AS build
# Which of the driver's eight binaries is kept: linux-x64 or linux-arm64 (the latter is built the same way, and not verified).
ARG SQLITE_BINARY=linux-x64
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# Nothing needs an install script: the database driver carries its binaries, and the image brings its own Node.js.
RUN npm ci --ignore-scripts
COPY tsconfig.json rolldown.config.js ./
COPY src src
COPY docker/prune-modules.sh docker/
RUN npm run build && npm prune --omit=dev --ignore-scripts && sh docker/prune-modules.sh "${SQLITE_BINARY}"
COPY fixtures fixtures
# A volume that is mounted there takes its owner: `--tls --tls-authority /authority/ca.pem` can write into it.
RUN mkdir authority

FROM ${BASE_IMAGE}
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="fauxgen" \
      org.opencontainers.image.description="Emulates four vendors of asynchronous AI media generation" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /usr/local/bin/node /usr/local/bin/node
WORKDIR /app
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/dist dist
COPY --from=build /build/fixtures fixtures
COPY --from=build --chown=1000:1000 /build/authority /authority
# The host and port are environment, not arguments: whoever passes arguments keeps them.
ENV NODE_ENV=production \
    FAUXGEN_HOST=0.0.0.0 \
    FAUXGEN_PORT=4600
USER 1000:1000
EXPOSE 4600
HEALTHCHECK --interval=2s --timeout=3s --start-period=10s --retries=5 CMD ["node", "/app/dist/cli.js", "healthcheck"]
ENTRYPOINT ["node", "/app/dist/cli.js"]
